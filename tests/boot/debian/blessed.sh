# On trial until the timer has come.
. /test/common.sh
sysctls() { cat /proc/sys/kernel/panic /proc/sys/kernel/panic_on_oops | tr '\n' ' '; }
is_patched
was_early
has "$status" '^guard=trying$' "the set is on trial"
while [ -z "$(systemctl show -p ExecMainExitTimestamp --value kpatch-early-bless.service)" ]; do sleep 1; done
journalctl -b -u kpatch-early-bless.service --no-pager >/tmp/journal
has /tmp/journal "kpatch-early.*: the set of patches is proven" "the timer's unit has blessed it"
is "$(sysctls)" "0 0 " "a crash would not any more"
is "$(systemctl is-active boot-complete.target)" active "boot-complete.target was reached"
kpatch-early bless >/tmp/said
has /tmp/said "the set of patches is proven already" "bless says so"
sane
done_testing
