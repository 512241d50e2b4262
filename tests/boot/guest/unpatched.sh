# No trace of a patch, and no run: the initramfs has no kpatch-early.
. /test/lib.sh
init_ran
all_original
[ ! -e "$status" ]
ok $? "there is no status file"
done_testing
