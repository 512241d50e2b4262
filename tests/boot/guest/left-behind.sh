# Nothing is remembered, so nothing restarts: one load never ends, or dies, and the boot goes on without those behind it.
. /test/guard.sh
bad=$(sed -n 's/.*kpe_bad=\([a-z_]*\).*/\1/p' /proc/cmdline)
state partial
guard off
patched_version
original_loadavg
outcome lp_version applied done ""
case $bad in
lp_sleep) outcome lp_sleep failed hung "has not ended in 8 s" ;;
*) outcome "$bad" failed hung "the kernel ended the process" ;;
esac
outcome lp_loadavg failed load "not tried"
says 1 "" kpatch-early status --quiet
done_testing
