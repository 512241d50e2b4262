# Under lockdown the kernel refuses an addon's patch that nobody signed, in its own words, and the boot goes on.
. /test/lib.sh
. /test/lockdown.sh
init_ran
all_original
not_loaded lp_version
state failed
outcome lp_version failed load "Loading of unsigned module is rejected"
no_oops_but_ours
done_testing
