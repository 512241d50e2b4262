# A manifest for two kernels: only the running one's lines count.
. /test/lib.sh
init_ran
patched_version
original_loadavg
state applied
is "$(grep -c ^patch= "$status")" 1 "only one patch is in the status file"
outcome lp_version applied done ""
no_oops
done_testing
