# Procedure 3: kpatch.service is disabled.
. /test/common.sh
is_patched
was_early
systemctl disable kpatch.service 2>/tmp/said
ok $? "systemctl disable kpatch.service"
is_patched
has /tmp/notices "lp_version is in the initramfs but kpatch.service is disabled" "the list tells that the initramfs has it"
sane
done_testing
