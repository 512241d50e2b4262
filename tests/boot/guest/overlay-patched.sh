# An overlay's patch is in force, told by the kernel log: not every base carries /run over.
. /test/lib.sh
init_ran
patched_version
in_force lp_version
our_log
has /tmp/log "^applied: 1 of 1 patches" "the kernel log says so"
is "$(grep -c "^applied: " /tmp/log)" 1 "it ran once"
manifest=$(word manifest)
[ -z "$manifest" ] || {
	is "$(sed -n 2p "$status")" "verdict=\"applied: 1 of 1 patches for $(uname -r) in force\"" \
		"the second line of the status file is for people"
	is "$(sed -n 's/^overlay_manifest=//p' "$status")" "$manifest" "the status file has the digest that overlay printed"
}
no_oops
done_testing
