# For the zoo: $set is what the host says that the initramfs has, $bad the bad one of it, if any.
. /test/slots.sh
. /test/reasons.sh
set=$(word set | tr , ' ')
bad=
for name in $set; do
	case $name in lp_version | lp_loadavg) ;; *) bad=$name ;; esac
done

reason_of "$bad"

left_out() {
	all_original
	for name in $set; do
		not_loaded "$name"
		outcome "$name" skipped guard "the boot guard"
	done
	our_log
	has /tmp/log "^quarantined: 0 of $(echo $set | wc -w) patches .* $1" "the log says why"
	says 0 "$1" kpatch-early status
	says 1 "" kpatch-early status --quiet
	says 0 "not blessed: $1" bless
	no_oops
}
