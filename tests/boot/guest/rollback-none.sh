# No memory: nothing is remembered, and the same boot comes up all the same.
. /test/rollback.sh
guard none
done_testing
