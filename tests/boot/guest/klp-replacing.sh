# A patch by klp-build that replaces one before it, which is required and not part of it.
. /test/real.sh
klp_replacing() { real_replacing "$1"; }
state failed
outcome klp_beside failed inactive \
	"replaced by klp_replacing, so its functions version_proc_show, loadavg_proc_show, bm_status_read are open again"
insmod "/test/$(uname -r)/binfmt_misc.ko"
ok $? "the module binfmt_misc loads"
real_version original
real_loadavg original
real_binfmt_misc original
applied klp_replacing
no_oops
done_testing
