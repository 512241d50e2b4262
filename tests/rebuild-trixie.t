#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# rebuild, by the dracut, lsinitrd and kernel-install of trixie: dracut 106.
# Only with --long.
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/.."
exec tests/rebuild/in-root "$(images/debootstrapped trixie)" "$(images/kernel amd64)" layouts.sh
