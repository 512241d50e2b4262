. /test/lib.sh
init_ran
all_original
state failed
outcome lp_version failed load "ftrace or live patching has shut itself down"
outcome lp_loadavg failed load "not tried: the kernel can load no live patch any more"
outcome lp_execdomains failed load "not tried"
done_testing
