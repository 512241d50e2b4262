# The same kernel with the switch: nothing is loaded, the core module neither.
. /test/lib.sh
original_version
original_loadavg
not_loaded oc_version
not_loaded kpatch
[ ! -e /sys/kernel/kpatch ]
ok $? "there is no /sys/kernel/kpatch"
state disabled
no_oops
done_testing
