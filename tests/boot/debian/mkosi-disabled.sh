. /test/lib.sh
original_version
not_loaded lp_version
state disabled
no_oops
done_testing
