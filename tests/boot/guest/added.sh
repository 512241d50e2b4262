# An overlay's patch beside the base's, in one run.
. /test/lib.sh
init_ran
patched_version
patched_loadavg
state applied
is "$(sed -n 's/^patch=\([^ ]*\).*/\1/p' "$status" | tr '\n' ' ')" "lp_loadavg lp_version " \
	"the base's patch comes first, then the overlay's"
is "$(dmesg | grep -c 'kpatch-early: applied: 2 of 2')" 1 "it ran once"
no_oops
done_testing
