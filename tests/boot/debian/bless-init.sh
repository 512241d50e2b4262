# The guard begins; and the timer waits five seconds instead of two minutes.
. /test/common.sh
is_patched
was_early
has "$status" '^guard=none$' "the boot guard remembers nothing yet"
kpatch-early bless --init >/tmp/said 2>&1
ok $? "kpatch-early bless --init"
has /tmp/said "^the boot guard keeps its record in /sys/firmware/efi/efivars/KpatchEarly-" "it says where"
mkdir -p /etc/systemd/system/kpatch-early-bless.timer.d
printf '%s\n' '[Timer]' OnActiveSec= OnActiveSec=5s AccuracySec=1s >/etc/systemd/system/kpatch-early-bless.timer.d/soon.conf
sane
done_testing
