# After two boots that panicked: unpatched, and it says why.
. /test/slots.sh
state quarantined
guard quarantined
has "$status" '^reason="2 boots loaded it, and none was blessed' "the status file says why"
all_original
not_loaded lp_panic
is "$(states)" 13 "the slots hold the second try and the quarantine"
says 0 "not blessed" bless
no_oops
done_testing
