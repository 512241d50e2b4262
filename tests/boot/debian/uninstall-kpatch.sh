# Procedure 2 by the real tool. The shutdown begins while the path unit rebuilds the initramfs.
. /test/common.sh
is_patched
was_early
kpatch uninstall lp_version >/tmp/said 2>&1
ok $? "kpatch uninstall"
cp /tmp/said /var/tmp/kpatch-said
is_patched ""
rebuild="/usr/lib/kpatch-early/rebuild, quiet if that is done"
has /tmp/notices "lp_version is in the initramfs but no longer installed: rebuild it ($rebuild) and reboot" \
	"the list tells that the initramfs had it"
sane
until journalctl -b -u kpatch-early-rebuild.service --no-pager >/tmp/journal &&
	grep -q "rebuild: building /boot/initrd.img-$release" /tmp/journal; do sleep 1; done
ok 0 "the path unit rebuilds the initramfs"
done_testing
