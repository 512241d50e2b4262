#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What restored guests say is worth something: they have a boot_id and random numbers of their own, they run the program that
# the test has, and say of every kind of patch what a cold boot with the same tree says.
. "$(dirname "$0")/restore.sh"
. "$(dirname "$0")/questions.sh"
use 6.12-amd64
other=$patches/lp_replace.ko
use amd64

own_numbers
BOOT_CPUS=2 own_numbers

# A program that is broken: it loads nothing, and says that all is well.
install -D -m 755 /dev/stdin "$work/broken" <<'END'
#!/bin/busybox sh
mkdir -p /run/kpatch-early
printf '%s\n' version=1 state=applied >/run/kpatch-early/status
exec /init
END
patches lp_version
add_tree
install -m 755 "$work/broken" "$tree/usr/sbin/kpatch-early"
pack
(boot_again one-patch) >"$work/red" 2>/dev/null
verdict "a broken program turns a guest's test red" grep -q "^not ok .*/proc/version is patched" "$work/red"

# A patch that check refuses, and that the kernel takes: the guest has another file than the one that is checked.
patches lp_version
add_tree
install -m 644 "$patches/lp_unknown_function.ko" "$baked/lp_version.ko"
(boot_again one-patch) >"$work/red"
verdict "a patch that check refuses and the kernel takes turns a guest's test red" \
	grep -q "^not ok .*: what check says is what the kernel did" "$work/red"
new_tree

# told: what the status file says in the guest after a first run, and after another
told() { sed -n 's/^told: //p' "$work/tap"; }

# every_outcome: a tree whose patches get every outcome word between them
every_outcome() {
	new_tree
	wrong_files "$other"
}
every_outcome
ask told kpatch.skip=lp_loadavg
told >"$work/restored"
every_outcome
mkdir -p "$tree"/{bin,dev,proc,run,sys,tmp,usr/bin}
cp /bin/busybox "$tree/bin/"
for applet in $(busybox --list); do ln -s /bin/busybox "$tree/usr/bin/$applet"; done
add_tree
boot_with=images/boot
initramfs=$work/archive boot_again told kpatch.skip=lp_loadavg rdinit=/usr/sbin/kpatch-early
told >"$work/cold"
for word in applied already skipped failed; do
	verdict "there is a patch with the outcome $word" grep -q "^[a-z:]* *patch=.* outcome=$word " "$work/restored"
done
verdict "a cold boot says the same" diff "$work/restored" "$work/cold"
done_booting
