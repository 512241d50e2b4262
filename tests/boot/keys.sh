# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests of signed overlays: two pairs of keys, of which a base knows the good one. After lib.sh or
# restore.sh.
signify-openbsd -G -n -p "$work/good.pub" -s "$work/good.sec"
signify-openbsd -G -n -p "$work/other.pub" -s "$work/other.sec"
