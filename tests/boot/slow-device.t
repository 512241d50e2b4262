#!/usr/bin/env bash
# A device that udev is busy with until the root is there, and an initramfs with systemd: the boot does not wait for it.
. "$(dirname "$0")/lib.sh"
use amd64
base systemd lp_version
mkdir -p "$tree/etc/udev/rules.d"
cat >"$tree/etc/udev/rules.d/99-slow.rules" <<'END'
ACTION=="add", KERNEL=="null", RUN+="/bin/sh -c 'until [ -e /run/kpatch-early/units ]; do sleep 1; done'"
END
hook pre-pivot <<'END'
systemctl is-active dracut-initqueue.service kpatch-early-rollback.service > /run/kpatch-early/units
END
boot slow-device
