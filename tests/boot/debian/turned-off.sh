# The boot after the cut: its initramfs has the patch, or the record would not be asked.
. /test/common.sh
is_unpatched "lp_version ($release)"
state disabled
has "$status" '^reason="kpatch.service is disabled, as the boot guard.s record says"$' "the status file says why"
systemctl enable kpatch.service 2>/tmp/said
kpatch-early disable --follow
ok $? "kpatch-early disable --follow"
is "$(kpatch-early enable)" "from the next boot on live patches are loaded" "the record follows"
sane
done_testing
