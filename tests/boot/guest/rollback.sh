# The kernel refused what the root needs, for lp_veto or lp_veto_fs: all was turned off, and the same boot came up.
. /test/guard.sh
state quarantined
case $(grep -c '^patch=' "$status") in
1) turned_off="1 patch was turned off" ;;
*) turned_off="$(grep -c '^patch=' "$status") patches were turned off" ;;
esac
has "$status" "^reason=\"the root did not come, so $turned_off; the kernel says: livepatch: .*refusing to load module" \
	"the status file says why"
all_original
for name in $(sed -n 's/^patch=\([a-z_]*\) .*/\1/p' "$status"); do
	not_loaded "$name"
	outcome "$name" skipped guard "the root did not come, so it was turned off"
done
our_log
has /tmp/log "^the root did not come, so $turned_off" "the log says why"
says 1 "" kpatch-early status --quiet
is "$(cat /proc/sys/kernel/panic_on_oops)" 0 "nothing stays armed"
no_oops_but_ours
