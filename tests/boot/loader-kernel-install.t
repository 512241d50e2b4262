#!/usr/bin/env bash
# Debian 13 with systemd-boot: a package with a patch is installed, and what kernel-install made boots patched; the package is
# removed, and it doesn't. Nobody there has made the initramfs. Once by an entry of the boot loader, once by a unified kernel
# image.
# Only with --long.
. "$(dirname "$0")/lib.sh"
use amd64
# The base's own init runs the program, where there is one.
base_by_hand
# shellcheck disable=SC2016 # the guest expands it
sed -i '2i for fs in proc:/proc sysfs:/sys tmpfs:/run; do /bin/busybox mkdir -p ${fs#*:}; /bin/busybox mount -t ${fs%:*} ${fs%:*} ${fs#*:}; done' \
	"$work/hand/init"
sed -i 's,^! \[ -d /run.*,! [ -x /usr/sbin/kpatch-early ] || /usr/sbin/kpatch-early apply\n&,' "$work/hand/init"
(cd "$work/hand" && find . | cpio -o -H newc --quiet | gzip -1n) >"$initramfs"
share=$work/share esp=$work/share/esp
mkdir -p "$esp" "$work/machine"

# there COMMAND...: in the machine, where $esp is mounted
# shellcheck disable=SC2016 # the inner shell expands it
there() {
	local status=0
	images/debootstrapped trixie --fresh "$work/machine" --bind "$share" \
		env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 \
		sh -c 'mkdir -p /boot/efi && mount --bind "$0" /boot/efi && exec "$@"' "$esp" "$@" >"$work/there" 2>&1 || status=$?
	check $status "in the machine: ${*//$work/}"
	[[ $status -eq 0 ]] || tail -n 40 "$work/there" | sed 's/^/# /'
}

# kernel_words NAME: what the next entry has on its command line
kernel_words() { bash -c '. images/machine.sh && words "$1"' sh "$1" >"$share/cmdline"; }

# boot_machine TITLE NAME
boot_machine() {
	next_log
	report "$1" images/boot-esp "$esp" "$2" "$log"
}

furnish() {
	cp "$(images/deb | tail -n 1)" "$share/kpatch-early.deb"
	cp "$(images/sample-patch-deb 2>/dev/null | tail -n 1)" "$share/patch.deb"
	cp "$kernel/vmlinuz" "$share/"
	cp "$initramfs" "$share/initrd"
	cat >"$share/furnish" <<-END
		set -e
		apt-get -q update
		apt-get -qy install --no-install-recommends systemd-boot
		mkdir -p /boot/efi/loader/entries /boot/efi/EFI/BOOT /boot/efi/EFI/Linux /lib/modules/$release /etc/kernel
		cp /usr/lib/systemd/boot/efi/systemd-bootx64.efi /boot/efi/EFI/BOOT/BOOTX64.EFI
		echo timeout 0 >/boot/efi/loader/loader.conf
		cp $share/vmlinuz /boot/vmlinuz-$release
		ln -sf $share/cmdline /etc/kernel/cmdline
		dpkg -i --force-depends $share/kpatch-early.deb
	END
}

furnish
there sh "$share/furnish"
for layout in bls uki; do
	kernel_words addon-ignored
	there sh -c "printf '%s\n' BOOT_ROOT=/boot/efi layout=$layout uki_generator=ukify >/etc/kernel/install.conf"
	# The copy of an image has to be beside the kernel, an entry's is found.
	[[ $layout == bls ]] || there sh -c "rm -r /boot/efi/loader/entries; cp $share/initrd /boot/initrd.img-$release"
	there kernel-install add "$release" "/boot/vmlinuz-$release" "$share/initrd"
	boot_machine "$layout, before" addon-ignored
	kernel_words addon-patched
	there dpkg -i "$share/patch.deb"
	boot_machine "$layout, with the package" addon-patched
	kernel_words addon-ignored
	there dpkg -r "kpatch-patch-$release"
	boot_machine "$layout, without it" addon-ignored
done
done_booting
