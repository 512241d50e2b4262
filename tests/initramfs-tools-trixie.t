#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The hook of initramfs-tools, and rebuild by update-initramfs, with those of trixie: 0.148, which copies modules behind the hooks.
# Only with --long.
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/.."
kernel=$(images/kernel trixie-amd64)
images/build-patches "$kernel" >/dev/null
packages=$(images/initramfs-tools --packages trixie)
exec tests/rebuild/in-root "$(images/debootstrapped trixie)" "$kernel" initramfs-tools.sh "$packages"
