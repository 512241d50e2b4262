. /test/lib.sh
is "$(cat /tmp/exit)" 0 "apply ends with exit status 0"
patched_version
in_force lp_version
state applied

# Then with less and less memory for the program, down to what it takes to start at all: an
# answer each time, never a signal.
kib=32768
runs=0
crashes=0
while (ulimit -v $kib && exec kpatch-early --version >/dev/null 2>&1); do
	(ulimit -v $kib && exec kpatch-early apply >/tmp/out 2>&1)
	code=$?
	runs=$((runs + 1))
	[ $code -le 2 ] || crashes=$((crashes + 1))
	kib=$((kib - 32))
done
[ $runs -gt 10 ]
ok $? "it started $runs times, the last time with $((kib + 32)) KiB of address space"
is $crashes 0 "and ended orderly each time"
done_testing
