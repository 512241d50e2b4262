# The guide's procedure 1, word by word.
. /test/common.sh
is_patched
was_early
yum list installed 2>/tmp/said.err | grep kpatch-patch >/tmp/said
has /tmp/said "^kpatch-patch-$release.x86_64 *1-1 *@packages$" "yum list installed | grep kpatch-patch"
echo y | yum remove "kpatch-patch-$release.x86_64" >/tmp/said 2>&1
ok $? "yum remove"
has /tmp/said "kpatch-early: rebuild: building /boot/initrd.img-$release" "the file trigger rebuilds the initramfs"
is_patched ""
has /tmp/notices "lp_version is in the initramfs but no longer installed" "the list tells that the initramfs had it"
sane
done_testing
