# The fourth: kpatch.disable=1 in the boot entry. Nothing early, nothing late.
. /test/common.sh
is_unpatched "lp_version ($release)"
state disabled
has "$status" '^reason="kpatch.disable on the kernel command line"$' "the status says why"
unit "left out by its condition" inactive dead exec-condition
systemctl start kpatch.service
is_unpatched "lp_version ($release)"
sane
done_testing
