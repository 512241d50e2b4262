# The same, in two slots.
. /test/rollback.sh
. /test/slots.sh
guard failed
says 0 "not blessed: an earlier boot failed: the root did not come with it" bless
is "$(sequence)" 3 "the record was written three times: a try, that it failed, and that the boot is good without it"
done_testing
