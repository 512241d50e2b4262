# Another set comes back in force, and is blessed.
. /test/guard.sh
state applied
guard trying
patched_version
patched_loadavg
no_variables_left
is "$(sequence)" 5 "that it is tried is written"
says 0 "" kpatch-early status --quiet
says 0 "the set of patches is proven" kpatch-early bless
is "$(sequence)" 6 "that it is proven is written"
says 0 "is proven already" kpatch-early bless
is "$(sequence)" 6 "and not once more"
done_testing
