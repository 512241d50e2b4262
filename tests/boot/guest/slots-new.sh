# A partition with no record: the patches are loaded, and the log says what is missing.
. /test/slots.sh
state applied
guard none
patched_version
our_log
has /tmp/log "^the boot guard has no record in /dev/vdb1 yet" "the log names the partition"
says 0 "keeps its record in $here/dev/vdb1" bless --init
is "$(states)" "none -" "the first slot has a record of nothing"
# A device that is in use, as the root is.
mkdir -p /tmp/used/etc/kpatch-early /tmp/used/dev
cp -a /dev/vda /tmp/used/dev/
echo guard_store=/dev/vda >/tmp/used/etc/kpatch-early/kpatch-early.conf
says 1 "/dev/vda: Resource busy; nothing is changed" bless --init --root /tmp/used
done_testing
