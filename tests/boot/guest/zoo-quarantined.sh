# After the boots that a bad patch ended: unpatched, and it says why.
. /test/zoo.sh
state quarantined
guard quarantined
left_out "$(word tries) boots* loaded it"
done_testing
