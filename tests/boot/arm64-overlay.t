#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# An overlay, made on this machine, and an initramfs made by hand with BusyBox, on arm64.
# Only with --long.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/arm64.sh"
base_by_hand
words=("$as_pid_1")
. "$(dirname "$0")/overlay.sh"
cut_overlay
done_booting
