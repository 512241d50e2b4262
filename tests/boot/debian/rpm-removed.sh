# After it, and the reboot.
. /test/common.sh
yum list installed 2>/tmp/said.err >/tmp/all
has /tmp/all "^kpatch-early.x86_64 " "yum list installed"
is "$(grep kpatch-patch /tmp/all)" "" "yum list installed | grep kpatch-patch prints nothing"
is_unpatched
agreed
sane
done_testing
