# What the demo's table is made of: key=value lines.
at() { dmesg | sed -n "s/^\[ *\([0-9.]*\)[0-9][0-9][0-9][0-9]\] $1.*/\1/p" | head -n 1; }
echo "answer=$(cat /proc/version)"
echo "status=$(kpatch-early status 2>/dev/null | head -n 1)"
echo "in_force=$(at "livepatch: 'lp_version': patching complete")"
echo "udev=$(at 'systemd\[1\]: Starting systemd-udevd.service')"
echo "init=$(at "kpe: the root's init runs")"
