# The first try of a set is written before it is loaded.
. /test/guard.sh
state applied
guard trying
patched_version
no_variables_left
is "$(sequence)" 1 "that it is tried is written"
done_testing
