#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by dracut when the root does not come, and before an emergency shell: turns the patches off and
# has what failed tried again. Once, since nothing is in force then; and not before a shell that was asked for.
if { [ -z "${hook-}" ] || ! { getarg rd.break || getarg rd.systemd.unit=; } > /dev/null; } &&
    [ -n "$(/usr/sbin/kpatch-early rollback 2> /dev/null)" ]; then
    udevadm trigger --action=add
    udevadm settle
    main_loop=0
    _emergency_action=none
    [ "${0##*/}" != dracut-emergency ] || exit 0
    [ -z "${hook-}" ] || [ -n "${DRACUT_SYSTEMD-}" ] || [ -s /.profile ] || echo 'rm /.profile; exit' > /.profile
fi
