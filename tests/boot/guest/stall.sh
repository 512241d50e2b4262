# A transition that cannot end is turned back, and the next patch is applied.
. /test/lib.sh
init_ran
grep -q kpe_sleeper /proc/modules
ok $? "the module whose thread sleeps is loaded"
outcome lp_stall failed transition "its transition did not end in 4 s, so it was reversed"
not_loaded lp_stall
outcome lp_version applied done ""
patched_version
in_force lp_version
state partial
our_log
has /tmp/log "^lp_stall: failed at transition: .*the boot goes on" "the kernel log says so"
no_oops
done_testing
