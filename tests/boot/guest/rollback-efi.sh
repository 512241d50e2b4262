# It is remembered that the set failed.
. /test/rollback.sh
guard failed
says 0 "not blessed: an earlier boot failed: the root did not come with it" kpatch-early bless
is "$(sequence)" 9 "the record was written three times more: a try, that it failed, and that the boot is good without it"
done_testing
