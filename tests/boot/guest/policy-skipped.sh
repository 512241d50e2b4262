# What the administrator skips is not missed, and a run on the running system never ends it.
. /test/lib.sh
init_ran
patched_version
state applied
outcome lp_unknown_function skipped select "kpatch.skip="
our_log
hasnt /tmp/log "on_failure" "the boot has nothing to do with on_failure="
rm "$status"
mount -t tmpfs tmpfs /etc
mkdir /etc/kpatch-early
echo on_failure=poweroff >/etc/kpatch-early/kpatch-early.conf
echo nonsense >/etc/kpatch-early/manifest
kpatch-early apply >/dev/null
is $? 2 "a bad manifest, used by hand"
our_log
has /tmp/log "^on_failure= would act at a boot: /etc/kpatch-early/manifest line 1: " "on_failure= does nothing now"
state failed
done_testing
