#!/usr/bin/env bash
# What becomes of addons of a unified kernel image: without Secure Boot, for another kernel, with the off switch, removed again;
# and, under lockdown, with a patch that nobody signed.
# Only with --long.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/uki.sh"
addon "$rdinit" "$patches/lp_version.ko"
boot_uki "without Secure Boot" addon-patched
off_addon
boot_uki "with the off switch too" disabled kpe_reason=kpatch.disable_on_the_kernel_command_line
rm "$everywhere"/*
other=$(images/kernel 6.12-amd64)
images/build-patches "$other" >/dev/null
release=$(<"$other/release") addon "$rdinit" "$other/patches/lp_version.ko"
boot_uki "for another kernel" addon-ignored
rm "$beside"/*
boot_uki "removed again" addon-ignored

# A base of systemd's without dracut needs no words: the overlay's unit runs the program.
initramfs=$(images/initramfs "$kernel" bare-systemd)
addon "$patches/lp_version.ko"
boot_uki "a base with systemd and no hooks" addon-patched

base_by_hand
secure_boot
addon "$rdinit" "${signed[@]}" "$patches/lp_version.ko"
boot_uki "a patch that is not signed" addon-refused kpe.lockdown=yes
# Unsigned here, signed where the key is.
signed_module lp_version
addon "$rdinit" "$module"
sbsign --key "$keys/db.key" --cert "$keys/db.crt" --output "$beside/later.addon.efi" "$beside/patches.addon.efi" 2>/dev/null
rm "$beside/patches.addon.efi"
boot_uki "signed later" addon-patched kpe.lockdown=yes
off_addon "${signed[@]}"
boot_uki "with a signed off switch" disabled kpe_reason=kpatch.disable_on_the_kernel_command_line
done_booting
