# It is remembered that the set failed.
. /test/rollback.sh
guard failed
says 0 "not blessed: an earlier boot failed: the root did not come with it" kpatch-early bless
is "$(sequence)" 8 "the record was written twice more: a try, and that it failed"
done_testing
