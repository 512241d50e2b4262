# Both slots are damaged: nothing is loaded, until bless writes a new record.
. /test/slots.sh
state quarantined
has "$status" "record in /dev/vdb1 is damaged; kpatch-early bless writes a new one" "the status file says why"
original_version
says 0 "the damaged record is replaced" bless
no_oops
done_testing
