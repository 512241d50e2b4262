# Patched again without the word. Then the lists during a transition that cannot end.
. /test/common.sh
is_patched
was_early
insmod /test/samples/kpe_sleeper.ko
insmod /test/samples/lp_stall.ko
same_lists
has /tmp/list "^lp_stall \[enabling...\]$" "kpatch list shows a transition"
has /tmp/list "^Stalled processes:$" "and who holds it up"
echo 0 >/sys/kernel/livepatch/lp_stall/enabled
while [ -e /sys/kernel/livepatch/lp_stall ]; do sleep 1; done
lists "lp_version [enabled]" "lp_version ($release)"
sane
done_testing
