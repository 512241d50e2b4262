# Each overlay of a row was unpacked, whatever the archive in front of it was compressed with.
. /test/lib.sh
init_ran
for base in $(word bases | tr , ' '); do
	has /run/kpatch-early/overlays "^$base.ko\$" "the overlay behind $base is there"
done
dmesg >/tmp/dmesg
hasnt /tmp/dmesg "unpacking failed" "the kernel unpacked the whole row"
patched_version
state applied
done_testing
