#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Restored guests of the kernel amd64.
. "$(dirname "$0")/restore.sh"
. "$(dirname "$0")/questions.sh"
use 6.12-amd64
other=$release
use amd64
# Debian 13 has no other kernel of this name.
if [[ $release != "$other" ]]; then questions amd64 6.12-amd64; else questions amd64 rt-amd64; fi
