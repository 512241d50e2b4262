# After two boots that panicked: unpatched, and it says why.
. /test/slots.sh
state quarantined
guard quarantined
has "$status" '^reason="2 boots loaded it, and none was blessed' "the status file says why"
all_original
not_loaded lp_panic
says 0 "not blessed" bless
is "$(states)" "quarantined quarantined" "the quarantine, and that a boot without the set is good, each took the older slot"
no_oops
done_testing
