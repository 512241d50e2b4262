# The same, in two slots.
. /test/rollback.sh
. /test/slots.sh
guard failed
says 0 "not blessed: an earlier boot failed: the root did not come with it" bless
is "$(sequence)" 2 "the record was written twice: a try, and that it failed"
done_testing
