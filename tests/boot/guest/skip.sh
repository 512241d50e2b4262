# kpatch.skip=lp-loadavg: the other two are applied.
. /test/lib.sh
init_ran
patched_version
original_loadavg
patched_execdomains
not_loaded lp_loadavg
state applied
outcome lp_loadavg skipped select "kpatch.skip="
outcome lp_version applied done ""
our_log
has /tmp/log "^lp_loadavg: skipped" "the kernel log says that lp_loadavg was skipped"
kpatch-early status --quiet
is $? 1 "status --quiet answers no, since a patch is skipped"
no_oops
done_testing
