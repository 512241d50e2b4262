#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# rebuild, by this machine's own dracut, lsinitrd and kernel-install, in a throw-away copy of it.
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/.."
exec tests/rebuild/in-root / "$(images/kernel amd64)" layouts.sh
