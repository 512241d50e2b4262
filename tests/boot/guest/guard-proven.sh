# A steady boot writes nothing.
. /test/guard.sh
state applied
guard proven
patched_version
patched_loadavg
says 0 "is proven already" kpatch-early bless
is "$(sequence)" 6 "nothing was written at this boot"
no_oops
done_testing
