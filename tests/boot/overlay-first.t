#!/usr/bin/env bash
# An overlay that stands first, then an ACPI table that the kernel looks for before it unpacks anything, then the base:
# the kernel finds all three.
. "$(dirname "$0")/lib.sh"
use amd64
base_by_hand

# An SSDT without code, of OEM KPTEST: an ACPI table is a header of 36 bytes, and its bytes add up to 0.
table() {
	perl -e 'my $table = pack "a4 V C C a6 a8 V a4 V", "SSDT", 36, 2, 0, "KPTEST", "KPEARLY", 1, "KPE", 1;
		substr($table, 9, 1) = chr(-unpack("%8C*", $table) & 255);
		print $table'
}

mkdir -p "$work/early/kernel/firmware/acpi"
table >"$work/early/kernel/firmware/acpi/kptest.aml"
(cd "$work/early" && find . -type f | sed 's,^\./,,' | cpio -o -H newc --quiet) >"$work/early.cpio"
overlay --first lp_version
join "$overlay" "$work/early.cpio" "$initramfs"
boot_again overlay-first rdinit=/usr/sbin/kpatch-early
done_booting
