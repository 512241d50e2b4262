# The kernel found an ACPI table behind an overlay, and the patch in it.
. /test/lib.sh
dmesg >/tmp/dmesg
has /tmp/dmesg "ACPI: SSDT ACPI table found in initrd \[kernel/firmware/acpi/kptest.aml\]" "the kernel found the table"
grep -l KPTEST /sys/firmware/acpi/tables/SSDT* >/tmp/tables 2>/dev/null
has /tmp/tables . "and has it among its tables"
. /test/overlay-patched.sh
