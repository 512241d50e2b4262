#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The hook of initramfs-tools, and rebuild by update-initramfs, with this machine's suite's own, in a throw-away copy of the machine.
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/.."
packages=$(images/initramfs-tools --packages own)
exec tests/rebuild/in-root / "$(images/kernel amd64)" initramfs-tools.sh "$packages"
