# The least that must hold.
. /test/lib.sh
init_ran
patched_version
in_force lp_version
state applied
no_oops
done_testing
