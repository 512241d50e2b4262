# The base's own manifest is used, and runs once.
. /test/lib.sh
init_ran
original_version
patched_loadavg
in_force lp_loadavg
our_log
is "$(grep -c "^applied: 1 of 1 patches" /tmp/log)" 1 "it ran once"
no_oops
done_testing
