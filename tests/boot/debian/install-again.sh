# Unpatched after the uninstall. Then kpatch-early install, without a word about the initramfs.
. /test/common.sh
is_unpatched
agreed
sane
kpatch-early install /test/samples/lp_version.ko >/tmp/said 2>/tmp/said.err
ok $? "kpatch-early install"
is "$(cat /tmp/said)" "installing /test/samples/lp_version.ko ($release)" "says what kpatch says"
has /tmp/said.err "once the initramfs for $release is rebuilt" "and what comes next"
! kpatch install /test/samples/lp_version.ko >/tmp/kpatch 2>&1
ok $? "the real kpatch sees it installed"
is_unpatched "lp_version ($release)"
noticed "a patch is installed"
done_testing
