#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by dracut before udev starts. Whatever happens here, the boot goes on; a second run,
# by an overlay's hook or a unit, would only find that this boot has its status.
if ! [ -e /run/kpatch-early/status ]; then
    /usr/sbin/kpatch-early apply > /dev/null || :
    [ ! -e /run/kpatch-early/emergency ] ||
        emergency_shell -n kpatch-early "kpatch-early: $(cat /run/kpatch-early/emergency)"
fi
