# The crash settings stay as long as the set is on trial.
. /test/slots.sh
state applied
guard trying
patched_version
settings() { cat /proc/sys/kernel/panic /proc/sys/kernel/panic_on_oops /proc/sys/kernel/softlockup_panic | tr '\n' ' '; }
is "$(settings)" "11 2 1 " "a crash would restart the machine"
says 0 "the set of patches is proven" bless
is "$(settings)" "0 0 0 " "and does no more once the set is proven"
is "$(sequence)" 2 "one write for the try, and one that it is proven"
done_testing
