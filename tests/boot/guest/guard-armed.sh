# The crash settings stay as long as the set is on trial.
. /test/guard.sh
state applied
guard trying
patched_version
settings() { cat /proc/sys/kernel/panic /proc/sys/kernel/panic_on_oops /proc/sys/kernel/softlockup_panic | tr '\n' ' '; }
is "$(settings)" "11 2 1 " "a crash would restart the machine"
says 0 "the set of patches is proven" kpatch-early bless
is "$(settings)" "0 0 0 " "and does no more once the set is proven"
is "$(sequence)" 4 "one write a try, and one that it is proven"
done_testing
