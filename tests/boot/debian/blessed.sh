# On trial until the timer has come. Later kpatch.service is disabled, and the power goes at once.
. /test/common.sh
sysctls() { cat /proc/sys/kernel/panic /proc/sys/kernel/panic_on_oops | tr '\n' ' '; }
is_patched
was_early
has "$status" '^guard=trying$' "the set is on trial"
journalctl -b -1 -u kpatch-early-withdraw.service --no-pager >/tmp/journal
has /tmp/journal "kpatch-early.*: this boot ends in order before it was blessed: its try is taken back" \
	"the boot before took its try back"
while [ -z "$(systemctl show -p ExecMainExitTimestamp --value kpatch-early-bless.service)" ]; do sleep 1; done
journalctl -b -u kpatch-early-bless.service --no-pager >/tmp/journal
has /tmp/journal "kpatch-early.*: the set of patches is proven" "the timer's unit has blessed it"
is "$(sysctls)" "0 0 " "a crash would not any more"
is "$(systemctl is-active boot-complete.target)" active "boot-complete.target was reached"
kpatch-early bless >/tmp/said
has /tmp/said "the set of patches is proven already" "bless says so"
cp "$status" /tmp/verdict
kpatch-early apply >/tmp/said 2>&1
ok $? "kpatch-early apply, by hand"
cmp -s "$status" /tmp/verdict
ok $? "the boot's verdict stays"
kpatch-early status --quiet
ok $? "kpatch.service may load as before"
systemctl disable kpatch.service 2>/tmp/said
noticed "systemctl disable kpatch.service"
until kpatch-early enable | grep -q "^kpatch.service is disabled"; do sleep 1; done
ok 0 "the boot guard's record has it"
sane
sync
done_testing
echo b >/proc/sysrq-trigger
