# Eight patches that stall, behind a good one and before another, with boot_budget=20 and transition_timeout=4.
. /test/lib.sh
init_ran

count() { grep -c "$1" "$status"; }

has "$status" '^state=partial$' "the state is partial"
has "$status" '^patch=lp_version outcome=applied ' "the one before them is in force"
is "$(cat /sys/kernel/livepatch/lp_version/enabled)" 1 "as sysfs says too"
stalled=$(count '^patch=lp_stal. outcome=failed .* step=transition reason="its transition did not end in 4 s, so it was reversed')
missed=$(count '^patch=lp_stal. outcome=failed .* step=budget reason="not reached in the 20 s of boot_budget="')
is $((stalled + missed)) 8 "each that stalls was reversed, or not reached"
is $((stalled >= 2 && missed >= 2)) 1 "some of them were, and some were not: $stalled and $missed"
has "$status" '^patch=lp_loadavg outcome=failed .* step=budget ' "the one behind them was not reached"
is "$(ls /sys/kernel/livepatch | tr '\n' ' ')" "lp_version " "none is left in the kernel"
no_oops
done_testing
