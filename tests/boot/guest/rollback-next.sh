# The boot after a rollback: nothing is loaded, so nothing is waited for.
. /test/slots.sh
state quarantined
guard failed
has "$status" '^reason="an earlier boot failed: the root did not come with it, and it was turned off; this set is not loaded' \
	"the status file says why"
all_original
is "$(sequence)" 3 "nothing is written"
done_testing
