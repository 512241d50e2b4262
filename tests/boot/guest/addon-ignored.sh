# The stub took nothing of the addon: neither its words nor its overlay.
. /test/lib.sh
. /test/lockdown.sh
init_ran
all_original
not_loaded lp_version
hasnt /proc/cmdline "rdinit=" "the addon's words are not on the command line"
our_log
is "$(cat /tmp/log)" "" "nothing of ours ran"
no_oops
done_testing
