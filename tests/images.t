#!/usr/bin/env bash
# Takes finished images apart: are the patches in them those of the manifest, byte for byte?
. "$(dirname "$0")/boot/lib.sh"
set +e	# each check is told, and the plan comes last
count=0

ok() {
	count=$((count + 1))
	echo "$([[ $1 -eq 0 ]] || echo 'not ')ok $count - $2"
}

# unpack_image IMAGE FOLDER: an image that is one archive, compressed or not
unpack_image() {
	mkdir -p "$2"
	if [[ $(head -c 6 "$1") == 070701 ]]; then cat "$1"; else zstd -qdc "$1"; fi |
		(cd "$2" && cpio -idm --quiet)
}

digests_are_true() {
	local file sum
	while read -r _ file sum _; do
		echo "${sum#sha256=}  $1/usr/lib/kpatch-early/patches/$release/$file"
	done < <(grep -v '^#' "$1/etc/kpatch-early/manifest") | sha256sum --quiet -c >&2
}

use amd64
for flavour in hook systemd hostonly; do
	base "$flavour" lp_version lp_loadavg lp-execdomains
	unpack_image "$initramfs" "$work/$flavour"
	status=0
	digests_are_true "$work/$flavour" || status=$?
	ok $status "$flavour: each patch in the image has the digest of the manifest"
	[[ $(grep -c "^$release .*\.ko sha256=" "$work/$flavour/etc/kpatch-early/manifest") -eq 3 ]]
	ok $? "$flavour: the manifest lists three patches"
	[[ -z $(find "$work/$flavour/usr/lib/kpatch-early" -type f ! -perm 644) ]]
	ok $? "$flavour: their mode is 0644"
	[[ -x $work/$flavour/usr/sbin/kpatch-early ]]
	ok $? "$flavour: the program is there"
done
[[ -f $work/systemd/usr/lib/systemd/system/kpatch-early.service &&
	-L $work/systemd/etc/systemd/system/sysinit.target.wants/kpatch-early.service &&
	-z $(find "$work/systemd/" -name '*kpatch-early.sh') ]]
ok $? "systemd: the unit is wanted by sysinit.target, and there is no hook"
[[ -x $work/hook/usr/lib/dracut/hooks/pre-udev/00-kpatch-early.sh && -z $(find "$work/hook/" -name '*.service') ]]
ok $? "hook: the hook is the first at pre-udev, and there is no unit"

# dogs FOLDER: the watchdog drivers in it
dogs() { find "$1" -path '*/drivers/watchdog/*' -name '*.ko*'; }

[[ $(dogs "$work/hook" | grep -c -e i6300esb -e wdat_wdt) -eq 2 ]]
ok $? "hook: the watchdog drivers are there that a device may ask for"
[[ $(dogs "$work/hook" | grep -c -e softdog -e w83627hf_wdt -e mei_wdt) -eq 0 ]]
ok $? "hook: and none that no device asks for by then"
[[ $(dogs "$work/hostonly" | wc -l) -lt $(dogs "$work/hook" | wc -l) ]]
ok $? "hostonly: only those that this machine asks for"

printf '%s\n' "options crc-itu-t a=1" "options other b=1" >"$work/modprobe"
INITRAMFS_MODPROBE=$work/modprobe base hostonly lp_depends
unpack_image "$initramfs" "$work/depends"
[[ -n $(find "$work/depends" -name 'crc-itu-t.ko*') ]]
ok $? "hostonly: a module that a patch needs is there, whether this machine uses it or not"
[[ $(<"$work/depends/etc/modprobe.d/zz-kpatch-early.conf") == "options crc-itu-t a=1" ]]
ok $? "hostonly: with its line of modprobe.d, and no other"

base hook
unpack_image "$initramfs" "$work/none"
[[ -z $(find "$work/none" -name '*kpatch*') ]]
ok $? "without a patch nothing of ours is in the image"
echo "1..$count"
