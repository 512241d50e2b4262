# Procedure 2 by our tool. The shutdown unit rebuilds the initramfs afterwards.
. /test/common.sh
is_patched
was_early
kpatch-early info lp-version >/tmp/info
has /tmp/info "^loaded: *yes, enabled" "kpatch-early info tells that it is loaded"
kpatch-early uninstall lp-version >/tmp/said 2>/tmp/said.err
ok $? "kpatch-early uninstall"
is "$(sed s/-/_/ /tmp/said)" "$(cat /var/tmp/kpatch-said)" "says what kpatch says"
has /tmp/said.err "the running kernel stays patched by lp_version until the next boot" "and that the kernel stays patched"
is_patched ""
noticed "a patch is uninstalled"
sane
done_testing
