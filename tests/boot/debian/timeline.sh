# For tests/bench/timeline: when what of this boot happened, in seconds since the kernel's start.
journalctl -b -o short-monotonic --no-pager >/tmp/journal
# moment NAME PATTERN [AFTER]: of the first line with PATTERN, after the first one with AFTER if it is given
moment() {
	awk -v name="$1" -v pattern="$2" -v after="${3:-}" '
		after != "" && !passed { passed = $0 ~ after; next }
		$0 ~ pattern { sub(/^\[ */, ""); print "line", name, $1 + 0; exit }' /tmp/journal
}
moment patched "livepatch: 'lp_version': patching complete"
moment udev "systemd.*: Starting systemd-udevd.service"
moment root "systemd.*: Mounted sysroot.mount"
moment service "systemd.*: (Starting|Started) .*[.]service" "Switching root"
moment kpatch "systemd.*: Starting kpatch.service"
