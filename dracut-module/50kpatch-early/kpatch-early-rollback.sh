#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by dracut when the root does not come, and before its emergency shell, which rd.break= has too.
if { [ -z "${hook-}" ] || ! getarg rd.break > /dev/null; } &&
    [ -n "$(/usr/sbin/kpatch-early rollback 2> /dev/null)" ]; then
    udevadm trigger --action=add
    udevadm settle
    main_loop=0
fi
