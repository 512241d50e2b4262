# Both slots are damaged: nothing is loaded, until bless writes a new record.
. /test/slots.sh
state quarantined
has "$status" "record in /dev/vdb1 is damaged; kpatch-early bless writes a new one" "the status file says why"
original_version
says 0 "keeps its record in" bless
mkdir -p /tmp/used/etc/kpatch-early /tmp/used/dev
cp -a /dev/vda /tmp/used/dev/
echo guard_store=/dev/vda >/tmp/used/etc/kpatch-early/kpatch-early.conf
says 1 "/dev/vda: Resource busy; nothing is changed" bless --init --root /tmp/used
no_oops
done_testing
