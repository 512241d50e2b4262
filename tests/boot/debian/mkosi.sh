# An image by mkosi, which has no kpatch.
. /test/lib.sh
patched_version
in_force lp_version
state applied
outcome lp_version applied done ""
journalctl -b -o short-monotonic --no-pager >/tmp/journal
is "$(sed -n "s/^\[ *[0-9.]*\].*\('lp_version': patching complete\|Starting systemd-udevd\.service\).*/\1/p" /tmp/journal |
	head -n 1)" "'lp_version': patching complete" "it was in force before udev started"
no_oops
done_testing
