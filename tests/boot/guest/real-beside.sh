# Patches that leave each other in force; the module of one comes later. Then all are turned off.
. /test/real.sh
init_ran
state applied
insmod "/test/$(uname -r)/binfmt_misc.ko"
ok $? "the module binfmt_misc loads"
applied real_version real_uptime real_loadavg real_binfmt_misc real_virtio_blk
rolled_back real_version real_uptime real_loadavg real_binfmt_misc real_virtio_blk
dmesg >/tmp/dmesg
is "$(grep -c "uptime: its reads are forgotten" /tmp/dmesg)" 1 "the callback freed the shadow variable"
no_oops
done_testing
