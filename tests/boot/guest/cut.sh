# An overlay that was cut: the kernel tells, and the boot goes on unpatched.
. /test/lib.sh
init_ran
all_original
not_loaded lp_version
dmesg >/tmp/dmesg
has /tmp/dmesg "Initramfs unpacking failed" "the kernel tells that the overlay is cut"
done_testing
