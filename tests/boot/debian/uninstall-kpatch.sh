# Procedure 2 by the real tool.
. /test/common.sh
is_patched
was_early
kpatch uninstall lp_version >/tmp/said 2>&1
ok $? "kpatch uninstall"
cp /tmp/said /var/tmp/kpatch-said
is_patched ""
has /tmp/notices "no longer installed: rebuild it" "the list tells that the initramfs has it"
sane
done_testing
