# On trial, and the watchdog ran only while the patches were loaded.
. /test/slots.sh
state applied
guard trying
patched_version
patched_loadavg
is "$(cat /sys/class/watchdog/watchdog0/state)" inactive "the watchdog has stopped again"
is "$(sequence)" 2 "a write for each try"
done_testing
