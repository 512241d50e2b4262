# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests of addons: a base of BusyBox in a unified kernel image, and the one key of a machine with Secure Boot on.
# After arm64.sh it is an image of arm64.
image=BOOTAA64.EFI
[[ ${BOOT_ARCHITECTURE:-amd64} == arm64 ]] || {
	use amd64
	image=BOOTX64.EFI
}
base_by_hand
esp=$work/esp keys=$work/keys
beside=$esp/EFI/BOOT/$image.extra.d everywhere=$esp/loader/addons
rdinit=--cmdline=rdinit=/usr/sbin/kpatch-early
mkdir -p "$keys"

# secure_boot: the next boots are with Secure Boot, and their image is signed
secure_boot() {
	openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=kpatch-early-test -days 3650 \
		-keyout "$keys/db.key" -out "$keys/db.crt" 2>/dev/null
	openssl x509 -in "$keys/db.crt" -outform DER -out "$keys/db.der"
	images/secure-boot-vars "$keys/db.der" "$work/vars"
	export BOOT_VARS=$work/vars BOOT_SIGN=$keys
	signed=(--sign-addon "$keys/db.key" --cert "$keys/db.crt")
}

# signed_module NAME: the sample with a signature by that key, $module
signed_module() {
	local sign_file
	module=$work/$1.ko
	sign_file=$(echo "$kernel"/usr/lib/linux-kbuild-*/scripts/sign-file)
	"$sign_file" sha256 "$keys/db.key" "$keys/db.crt" "$patches/$1.ko" "$module"
}

# addon OPTION|FILE...: an addon beside the image
addon() {
	other_files=("$@")
	mkdir -p "$beside"
	"$BUILD/kpatch-early" overlay --addon "${overlay_options[@]}" -k "$release" -o "$beside/patches.addon.efi" "$@" >&2
}

# off_addon [OPTION...]: one for all images, that turns live patching off
off_addon() {
	mkdir -p "$everywhere"
	"$BUILD/kpatch-early" overlay --off-addon "${overlay_options[@]}" -o "$everywhere/off.addon.efi" "$@" >&2
}

# boot_uki TITLE NAME [WORD...]: one of several boots
boot_uki() {
	next_log
	report "$1" images/boot-uki "$kernel" "$initramfs" "$esp" "$2" "$log" "${@:3}"
}
