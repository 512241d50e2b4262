# A store that is empty, and a flag file that says that it was not.
. /test/slots.sh
state applied
guard trying
patched_version
our_log
has /tmp/log "^the boot guard's record in /dev/vdb1 is lost; it is made again" "the log says so"
says 0 "is proven" bless
no_oops
done_testing
