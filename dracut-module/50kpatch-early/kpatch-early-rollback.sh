#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The root does not come: once more, without the patches. See "The second chance" in docs/decisions.md.
if [ "${action-}" != Shutdown ] && [ -z "${_drv-}" ] && [ "${main_loop-}" != 0 ] && ! [ -e /run/initramfs/.die ] &&
    ! [ -e /run/kpatch-early/emergency ] && ! { getarg rd.break || getarg rd.rescue || getarg rd.systemd.unit=; } > /dev/null &&
    [ -n "$(/usr/sbin/kpatch-early rollback 2> /dev/null)" ] &&
    ! [ -e /run/kpatch-early/emergency ]; then
    udevadm trigger --action=add
    udevadm settle
    main_loop=0
    _emergency_action=none
    [ "${0##*/}" != dracut-emergency ] || exit 0
    [ -z "${action-}" ] || [ -n "${DRACUT_SYSTEMD-}" ] || [ -s /.profile ] || echo 'rm /.profile; exit' > /.profile
fi
