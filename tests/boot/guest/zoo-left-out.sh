# A set that has failed at an earlier boot is not tried again.
. /test/zoo.sh
state quarantined
guard failed
left_out "nothing of it came into force at an earlier boot: $cause"
done_testing
