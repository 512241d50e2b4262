# A cumulative patch replaces two that are required and part of it, and not the one that comes behind it.
. /test/real.sh
real_cumulative() { real_version "$1"; real_uptime "$1"; }
init_ran
state applied
for name in real_version real_uptime; do outcome $name skipped done "replaced by real_cumulative"; done
applied real_cumulative real_loadavg
rolled_back real_cumulative real_loadavg
dmesg >/tmp/dmesg
is "$(grep -c "uptime: its reads are forgotten" /tmp/dmesg)" 1 "its callback freed the shadow variable, once"
no_oops
done_testing
