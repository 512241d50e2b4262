#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# dracut module: bakes the live patches of $kernel into the initramfs.
# kpatch_early_root=DIR in dracut.conf.d takes the program, the patch store, the drop-ins and the
# keys from DIR instead of the root that the initramfs is made from; kpatch_early_sign=KEY signs
# the manifest with that secret key, which is needed as soon as there are keys.

# Left out, with a line that says so, when there is nothing to apply. Only bake, by its exit status 1,
# tells whether a drop-in requires what is not there.
check() {
    local root=${kpatch_early_root:-${dracutsysrootdir-}} scratch said program
    local store=$root/var/lib/kpatch/$kernel
    [[ ${KPATCH_EARLY_REBUILDS-} != without ]] || return 255
    if ! compgen -G "$store/*.ko*" > /dev/null; then
        dinfo "kpatch-early: left out: no live patch for $kernel in $store"
        [[ -x $root/usr/sbin/kpatch-early ]] && scratch=$(mktemp -d -p "${DRACUT_TMPDIR-}") || return 1
        said=$("$root/usr/sbin/kpatch-early" bake -k "$kernel" --root "$root" --output "$scratch" 2>&1 > /dev/null) ||
            [[ $? -ne 1 ]] || derror "kpatch-early: this initramfs has no patch for $kernel: $said"
        rm -rf "$scratch"
        return 1
    fi
    for program in usr/sbin/kpatch-early usr/lib/kpatch-early/kpatch-early; do
        [[ -x $root/$program ]] || {
            dwarning "kpatch-early: left out: $root/$program is not installed"
            return 1
        }
    done
}

depends() {
    return 0
}

# kpatch_early_options ROOT MODULE...: the lines of modprobe.d below ROOT about these modules and those that they need.
# Like modprobe, it takes the first file of a name, and the files in the order of their names.
kpatch_early_options() {
    local root=$1 file files
    shift
    mapfile -t files < <(for file in "$root"/{etc,run,usr/local/lib,usr/lib,lib}/modprobe.d/*.conf; do
        [[ ! -e $file || -d $file ]] || printf '%s/%s\n' "${file##*/}" "$file"
    done | LC_ALL=C sort -s -u -t / -k 1,1 | cut -d / -f 2-)
    awk -v names="$*" '
        function name_of(path) { sub(/.*\//, "", path); sub(/\.ko.*/, "", path); gsub(/-/, "_", path); return path }
        BEGIN { count = split(names, name); for (i = 1; i <= count; i++) brought[name_of(name[i])] }
        FILENAME == ARGV[1] { if (name_of($2) in brought) brought[$3]; next }
        FILENAME == ARGV[2] { if (name_of($1) in brought) for (i = 2; i <= NF; i++) brought[name_of($i)]; next }
        sub(/\\$/, "") { line = line $0; next }
        { $0 = line $0; line = "" }
        $1 ~ /^(alias|blacklist|install|options)$/ && name_of($2) in brought
    ' "$srcmods/modules.alias" "$srcmods/modules.dep" "${files[@]}"
}

# The modules that the patches and the boot guard need, from the kernel's own tree, loaded on this host or not.
installkernel() {
    local root=${kpatch_early_root:-${dracutsysrootdir-}} patch need needs=() dogs lines
    for patch in "$root/var/lib/kpatch/$kernel/"*.ko*; do
        for need in $(modinfo -F depends "$patch" | tr , ' '); do
            needs+=("$need")
            hostonly='' instmods -c "$need" || dinfo "kpatch-early: ${patch##*/} needs $need, which $kernel does not have as a module"
        done
    done
    hostonly='' instmods -c -s efivarfs efi-pstore || :
    # Of these apply loads what a device asks for by then. dracut's own module brings them unless drivers= is set; a
    # host-only image gets what this machine asks for. instmods takes names that it isn't told from its input.
    dogs=$(sed -n 's/^alias \(acpi\|pci:\|platform:\)[^ ]* //p' "$srcmods/modules.alias" 2> /dev/null | sort -u |
        grep -Fxf <(printf '%s\n' "$srcmods/kernel/drivers/watchdog/"*.ko* | sed 's|.*/||; s|\.ko.*||; y/-/_/'))
    instmods -c -s <<< "$dogs" || :
    for need in $(sed -n 's/^[[:blank:]]*guard_modules[[:blank:]]*=//p' "$root/etc/kpatch-early/kpatch-early.conf" 2> /dev/null | tr , ' '); do
        needs+=("$need")
        hostonly='' instmods -c "$need" || dinfo "kpatch-early: guard_modules= names $need, which $kernel does not have as a module"
    done
    # dracut's own module takes /etc/modprobe.d into a host-only image alone. In its order ours is the last.
    lines=$(kpatch_early_options "$root" "${needs[@]}" efivarfs efi-pstore "$dogs")
    [[ -z $lines ]] || {
        mkdir -p "$initdir/etc/modprobe.d"
        printf '%s\n' "$lines" > "$initdir/etc/modprobe.d/zz-kpatch-early.conf"
    }
}

# bake writes mode 0644 outside of lib/modules: dracut strips neither.
install() {
    local root=${kpatch_early_root:-${dracutsysrootdir-}} notes=$initdir/usr/lib/dracut/kpatch-early key point sign=()
    local keys=$root/etc/kpatch-early/keys
    mkdir -p "$notes"
    inst_simple "$root/usr/lib/kpatch-early/kpatch-early" /usr/sbin/kpatch-early
    [[ ! -f $root/etc/kpatch-early/kpatch-early.conf ]] ||
        inst_simple "$root/etc/kpatch-early/kpatch-early.conf" /etc/kpatch-early/kpatch-early.conf
    # Before bake, which looks at its signature with them. What cat cannot read, apply will refuse.
    for key in "$keys/"*.pub; do
        [[ -e $key || -L $key ]] || continue
        mkdir -p "$initdir/etc/kpatch-early/keys"
        cat "$key" > "$initdir/etc/kpatch-early/keys/${key##*/}"
        cat "$key" >> "$notes/keys"
    done
    # No folder is no keys; for one that cannot be listed, something that apply cannot list either.
    if [[ -e $keys || -L $keys ]] && ! ls "$keys/" &> /dev/null; then
        mkdir -p "$initdir/etc/kpatch-early"
        : > "$initdir/etc/kpatch-early/keys"
        derror "kpatch-early: this initramfs will refuse its manifest and load no patch: $keys cannot be listed"
    fi
    if [[ -n ${kpatch_early_sign-} ]]; then
        sign=(--sign "$kpatch_early_sign")
    elif [[ -d $initdir/etc/kpatch-early/keys ]]; then
        derror "kpatch-early: this initramfs will refuse its manifest and load no patch: there are keys in $keys, and no kpatch_early_sign=KEY in dracut.conf to sign it with"
    fi
    "$root/usr/sbin/kpatch-early" bake -k "$kernel" --root "$root" --output "$initdir" "${sign[@]}" |&
        while read -r line; do dinfo "$line"; done
    [[ ${PIPESTATUS[0]} -eq 0 ]] || derror "kpatch-early: not every patch for $kernel is in this initramfs, see above"
    # For whoever asks what is in here: dracut's own notes stay readable in a squash image too.
    cat "$initdir/etc/kpatch-early/manifest" > "$notes/manifest"
    [[ ! -f $initdir/etc/kpatch-early/guarded ]] || cat "$initdir/etc/kpatch-early/guarded" > "$notes/guarded"
    [[ ! -f $root/etc/kpatch-early/kpatch-early.conf ]] ||
        cat "$root/etc/kpatch-early/kpatch-early.conf" > "$notes/kpatch-early.conf"
    if dracut_module_included systemd; then
        inst_simple "$moddir/kpatch-early.service" "$systemdsystemunitdir/kpatch-early.service"
        $SYSTEMCTL -q --root "$initdir" add-wants sysinit.target kpatch-early.service
        inst_simple "$moddir/kpatch-early-rollback.service" "$systemdsystemunitdir/kpatch-early-rollback.service"
        $SYSTEMCTL -q --root "$initdir" add-wants initrd.target kpatch-early-rollback.service
    else
        inst_hook pre-udev 00 "$moddir/kpatch-early.sh"
    fi
    # Behind what starts arrays and volume groups that lack a disk; before who asks for help.
    inst_hook initqueue/timeout 99 "$moddir/kpatch-early-rollback.sh"
    for point in emergency shutdown-emergency; do
        inst_hook "$point" 00 "$moddir/kpatch-early-rollback.sh"
    done
}
