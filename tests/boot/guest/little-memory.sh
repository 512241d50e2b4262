. /test/lib.sh
is "$(cat /tmp/exit)" 0 "apply ends with exit status 0"
patched_version
in_force lp_version
state applied

# Then with less and less memory for the program: an answer each time, never a signal.
for kib in 4096 2048 1024 512 256 128; do
	(ulimit -v $kib && exec kpatch-early apply >/tmp/out 2>&1)
	code=$?
	[ $code -le 2 ] || [ $code -eq 126 ]
	ok $? "with $kib KiB of address space it ends orderly (exit status $code)"
done
done_testing
