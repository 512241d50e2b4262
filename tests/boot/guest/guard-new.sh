# No variable yet: the patches are loaded, and the log says once how to have one.
. /test/guard.sh
state applied
guard none
patched_version
our_log
has /tmp/log "^the boot guard has no EFI variable" "the log says that there is no variable yet"
no_variables_left
says 0 "has no memory" kpatch-early bless
mount -t tmpfs tmpfs /etc/kpatch-early
says 0 "keeps its record in $variable" kpatch-early bless --init
says 0 "no set of patches is on trial" kpatch-early bless
is "$(sequence)" 0 "the record was never written since"
has /etc/kpatch-early/guarded . "bless --init leaves its flag"
done_testing
