#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# rebuild, by the dracut, lsinitrd and kernel-install of sid: dracut 112, or what sid has since.
# Only with --long.
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/.."
exec tests/rebuild/in-root "$(images/debootstrapped sid)" "$(images/kernel amd64)" layouts.sh
