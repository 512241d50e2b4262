# SPDX-License-Identifier: GPL-2.0-or-later
# Whether the kernel is locked down as kpe.lockdown= says.
mount -t securityfs securityfs /sys/kernel/security 2>/dev/null
lockdown=none
[ "$(word lockdown)" != yes ] || lockdown=integrity
has /sys/kernel/security/lockdown "\[$lockdown\]" "lockdown: $lockdown"
