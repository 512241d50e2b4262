# A patch replaces what comes before it, which is required and not part of it. What comes behind it stays in force.
. /test/real.sh
init_ran
state failed
for name in real_loadavg real_uptime; do
	outcome $name failed inactive "replaced by real_replacing, so its function ${name#real_}_proc_show is open again"
	$name original
done
applied real_replacing real_version
no_oops
done_testing
