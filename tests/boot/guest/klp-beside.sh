# A patch by klp-build, of three functions; the module of one comes later. Then it is turned off.
. /test/real.sh
klp_beside() { real_version "$1"; real_loadavg "$1"; real_binfmt_misc "$1"; }
state applied
insmod "/test/$(uname -r)/binfmt_misc.ko"
ok $? "the module binfmt_misc loads"
applied klp_beside
rolled_back klp_beside
no_oops
done_testing
