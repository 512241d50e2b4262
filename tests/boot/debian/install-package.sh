# Two packages are installed on a machine that had neither, one after the other. For the second, nothing but the
# trigger can rebuild the initramfs.
. /test/common.sh
original_version
kpatch list >/tmp/list
is "$(cat /tmp/list)" "Loaded patch modules:

Installed patch modules:" "kpatch list: nothing"
dpkg -i /packages/kpatch-early_*.deb >/tmp/dpkg 2>&1
ok $? "dpkg installs kpatch-early"
is "$(systemctl is-active kpatch-early-rebuild.path)" active "the path unit is active"
dpkg -i /packages/kpatch-patch-*.deb >/tmp/dpkg 2>&1
ok $? "dpkg installs the patch"
has /tmp/dpkg "kpatch-early: rebuild: building /boot/initrd.img-$release" "the trigger rebuilds the initramfs"
is_unpatched "lp_version ($release)"
has /tmp/notices "lp_version is installed but was not in the initramfs: rebuild it" "the list tells what is missing"
sane
done_testing
