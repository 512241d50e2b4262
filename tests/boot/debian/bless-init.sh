# The guard begins.
. /test/common.sh
is_patched
was_early
has "$status" '^guard=none$' "the boot guard remembers nothing yet"
kpatch-early bless --init >/tmp/said 2>&1
ok $? "kpatch-early bless --init"
has /tmp/said "^the boot guard keeps its record in /sys/firmware/efi/efivars/KpatchEarly-" "it says where"
mkdir -p /var/log/journal
sane
done_testing
