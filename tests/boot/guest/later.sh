# A patch for a driver that comes later, a patch that needs a stock module, and its module.
. /test/lib.sh
init_ran
state applied
in_force lp_later
in_force lp_depends
has /proc/softirqs "^patched, crc_itu_t [0-9a-f]" "the patch that needs crc-itu-t works"
[ -e /sys/module/crc_itu_t ]
ok $? "crc-itu-t was loaded for it"
[ ! -e /proc/kpe_later ]
ok $? "the driver is not there yet"
insmod "/test/$(uname -r)/kpe_later.ko"
ok $? "the driver loads"
is "$(cat /proc/kpe_later)" patched "the driver is patched from its first moment"
no_oops
done_testing
