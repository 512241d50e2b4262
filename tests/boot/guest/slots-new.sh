# A partition with no record: the patches are loaded, and the log says what is missing.
. /test/slots.sh
state applied
guard none
patched_version
our_log
has /tmp/log "^the boot guard has no record in /dev/vdb1 yet" "the log names the partition"
says 0 "keeps its record in $here/dev/vdb1" bless --init
is "$(states)" 00 "the first slot has a record of nothing"
done_testing
