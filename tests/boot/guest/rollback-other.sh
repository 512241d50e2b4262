# Another set after a rollback is tried.
. /test/guard.sh
state applied
guard trying
patched_version
patched_loadavg
done_testing
