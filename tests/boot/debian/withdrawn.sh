# A boot that ends in order before the timer of two minutes; at the next one it waits five seconds.
. /test/common.sh
is_patched
was_early
has "$status" '^guard=trying$' "the set is on trial"
until [ "$(systemctl is-active kpatch-early-withdraw.service)" = active ]; do sleep 1; done
ok 0 "who takes the try back is there"
mkdir -p /etc/systemd/system/kpatch-early-bless.timer.d
printf '%s\n' '[Timer]' OnActiveSec= OnActiveSec=5s AccuracySec=1s >/etc/systemd/system/kpatch-early-bless.timer.d/soon.conf
sane
done_testing
