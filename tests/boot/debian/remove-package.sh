# 1: patched before udev. Then procedure 1 of the guide: the package is removed.
. /test/common.sh
is_patched
was_early
unit "active, without an error" active exited success
sane
dpkg -r "kpatch-patch-$release" >/tmp/dpkg 2>&1
ok $? "dpkg removes the patch package"
has /tmp/dpkg "kpatch-early: rebuild: building /boot/initrd.img-$release" "the trigger rebuilds the initramfs"
is_patched ""
has /tmp/notices "lp_version is in the initramfs but no longer installed: rebuild it (/usr/lib/kpatch-early/rebuild, quiet if that is done) and reboot" \
	"the list tells that the initramfs had it"
done_testing
