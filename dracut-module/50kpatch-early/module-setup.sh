#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# dracut module: bakes the live patches of $kernel into the initramfs.
# Settings, in dracut.conf.d: kpatch_early_root=DIR takes the early program, the patch store, the drop-ins and the
# keys from DIR instead of the root that the initramfs is made from; kpatch_early_sign=KEY signs the manifest with
# that secret key, which is needed as soon as there are keys; kpatch_early_strict=yes makes what dracut calls an
# error of this module end the build.

kpatch_early_error() {
    derror "kpatch-early: $*"
    [[ ${kpatch_early_strict-} != yes ]] || {
        dfatal "kpatch-early: no initramfs is made, since dracut.conf says kpatch_early_strict=yes"
        exit 1
    }
}

# A rescue image is for a machine whose own does not boot, and a kdump kernel only writes the dump; both are asked for
# by the name of a dracut module: 51-dracut-rescue.install of dracut, mkdumprd of kdump-utils, SUSE's and Valve's kdump.
# Nor does rebuild --without want patches.
kpatch_early_is_unwanted() {
    [[ ${KPATCH_EARLY_REBUILDS-} == without ]] ||
        [[ " ${dracutmodules-} ${add_dracutmodules-} ${force_add_dracutmodules-} " =~ [[:space:]](rescue|kdump|kdumpbase)[[:space:]] ]]
}

# kpatch_early_in ROOT PATH: prints by which path this host finds PATH of the system at ROOT. Like bake, and unlike the
# kernel, it follows the links on the way to it below ROOT alone.
kpatch_early_in() {
    local at='' rest=$2/ name links=40
    while [[ -n $rest ]]; do
        name=${rest%%/*} rest=${rest#*/}
        if [[ $name = .. ]]; then
            at=${at%/*}
        elif [[ -z $name || $name = . ]]; then
            :
        elif [[ ! -L $1$at/$name ]]; then
            at+=/$name
        elif ((links-- > 0)); then
            rest=$(readlink "$1$at/$name")/$rest
            [[ $rest != /* ]] || at=''
        else
            at=/too-many-links rest=''
        fi
    done
    printf '%s\n' "$1$at"
}

# The program that bakes is this host's: that of the root may be for another machine.
kpatch_early_bake() {
    local root=$1 program
    program=$(type -P kpatch-early) || program=$(kpatch_early_in "$root" /usr/sbin/kpatch-early)
    shift
    "$program" bake -k "$kernel" --root "$root" "$@"
}

# kpatch_early_missing ROOT: prints what is not installed, if anything
kpatch_early_missing() {
    local program early
    program=$(kpatch_early_in "$1" /usr/sbin/kpatch-early) early=$(kpatch_early_in "$1" /usr/lib/kpatch-early/kpatch-early)
    if ! type -P kpatch-early > /dev/null && ! "$program" --version &> /dev/null; then
        echo "no kpatch-early that runs here is installed"
    elif [[ ! -x $early ]]; then
        echo "$early is not installed"
    fi
}

# 255 is "not by itself": with add_dracutmodules, 1 would end the build. Only bake, by its exit status, tells whether a
# drop-in requires what is not there.
check() {
    local root=${kpatch_early_root:-${dracutsysrootdir-}} store scratch missing due=yes
    if kpatch_early_is_unwanted; then
        dinfo "kpatch-early: left out: this image is for rescue or kdump, or rebuild --without makes it"
        return 255
    fi
    store=$(kpatch_early_in "$root" "/var/lib/kpatch/$kernel")
    missing=$(kpatch_early_missing "$root")
    if ! compgen -G "$store/*.ko*" > /dev/null; then
        scratch=$(mktemp -d -p "${DRACUT_TMPDIR-}") || return 255
        [[ -z $missing ]] && ! kpatch_early_bake "$root" --output "$scratch" &> /dev/null || due=no
        rm -rf "$scratch"
        [[ $due = yes ]] || {
            dinfo "kpatch-early: left out: no live patch for $kernel in $store"
            return 255
        }
    elif [[ -n $missing ]]; then
        kpatch_early_error "left out, with the patches in $store: $missing"
        return 255
    fi
}

depends() {
    return 0
}

# kpatch_early_files MODULE...: the files of these modules, which may be aliases, and of those that they need
kpatch_early_files() {
    awk -v names="$*" '
        function name_of(path) { sub(/.*\//, "", path); sub(/\.ko.*/, "", path); gsub(/-/, "_", path); return path }
        BEGIN { count = split(names, name); for (i = 1; i <= count; i++) brought[name_of(name[i])] }
        FILENAME == ARGV[1] { if (name_of($2) in brought) brought[$3]; next }
        sub(/:$/, "", $1) && name_of($1) in brought { for (i = 1; i <= NF; i++) print $i }
    ' "$srcmods/modules.alias" "$srcmods/modules.dep" | sort -u
}

# kpatch_early_options ROOT MODULE...: the lines of modprobe.d below ROOT about these modules and those that they need.
# Like modprobe, it takes the first file of a name, and the files in the order of their names. A link to /dev/null is one.
kpatch_early_options() {
    local root=$1 folder file name files
    shift
    mapfile -t files < <(for folder in etc run usr/local/lib usr/lib lib; do
        for file in "$(kpatch_early_in "$root" "/$folder/modprobe.d")"/*.conf; do
            name=${file##*/}
            [[ ! -L $file || $(readlink "$file") = /dev/null ]] || file=$(kpatch_early_in "$root" "${file#"$root"}")
            [[ ! -e $file || -d $file ]] || printf '%s/%s\n' "$name" "$file"
        done
    done | LC_ALL=C sort -s -u -t / -k 1,1 | cut -d / -f 2-)
    awk -v names="$*" '
        function name_of(path) { sub(/.*\//, "", path); sub(/\.ko.*/, "", path); gsub(/-/, "_", path); return path }
        BEGIN { count = split(names, name); for (i = 1; i <= count; i++) brought[name_of(name[i])] }
        sub(/\\$/, "") { line = line $0; next }
        { $0 = line $0; line = "" }
        $1 ~ /^(alias|blacklist|install|options)$/ && name_of($2) in brought
    ' "${files[@]:-/dev/null}"
}

# kpatch_early_kernel_unpacks ROOT SUFFIX: whether $kernel can load a module that is compressed in this way by itself.
# CONFIG_MODULE_DECOMPRESS is there since 5.17, and knows the one way that the kernel was built for. Unknown is no.
kpatch_early_kernel_unpacks() {
    local config way tree=${srcmods%/lib/modules/*}
    case $2 in
        gz) way=GZIP ;;
        xz) way=XZ ;;
        zst) way=ZSTD ;;
    esac
    for config in "$srcmods/config" "${tree%/usr}/boot/config-$kernel" "$(kpatch_early_in "$1" "/lib/modules/$kernel/config")" \
        "$(kpatch_early_in "$1" "/boot/config-$kernel")"; do
        [[ -r $config ]] || continue
        [[ $(grep -cx "CONFIG_MODULE_DECOMPRESS=y\|CONFIG_MODULE_COMPRESS_$way=y" "$config") -eq 2 ]]
        return
    done
    return 1
}

# kpatch_early_unpack ROOT FILE...: the early program hands a module to the kernel as it is. What that cannot unpack goes,
# unpacked, to the folder that depmod prefers: another dracut module may bring the same file once more.
kpatch_early_unpack() {
    local root=$1 file suffix from to
    shift
    for file in "$@"; do
        from=$initdir/lib/modules/$kernel/$file suffix=${file##*.}
        if [[ ! -e $from || ! $suffix =~ ^(gz|xz|zst)$ ]] || kpatch_early_kernel_unpacks "$root" "$suffix"; then continue; fi
        to=$initdir/lib/modules/$kernel/updates/kpatch-early/${file##*/}
        to=${to%."$suffix"}
        mkdir -p "${to%/*}"
        if case $suffix in
            gz) gzip -dc ;;
            xz) xz -dc ;;
            zst) zstd -dqc ;;
        esac < "$from" > "$to"; then
            rm "$from"
        else
            rm -f "$to"
            kpatch_early_error "$kernel cannot unpack ${file##*/}, and it could not be unpacked here, so what needs it is not loaded"
        fi
    done
}

# kpatch_early_needs PATCH: the modules that this patch of the initramfs needs
kpatch_early_needs() { modinfo -F depends "$1" | tr , '\n'; }

# Whether the initramfs has the module: built into the kernel, as a file, as another patch, or as the core module that bake brings.
kpatch_early_has() {
    local name=${1//-/_}
    grep -q "/${name//_/[-_]}\.ko" "$srcmods/modules.builtin" 2> /dev/null ||
        [[ -n $(find "$initdir/lib/modules/$kernel/" "$initdir/usr/lib/kpatch-early/patches/$kernel" "$initdir/usr/lib/kpatch/$kernel" -name "${name//_/[-_]}.ko*" 2> /dev/null) ]]
}

# The modules that the patches and the boot guard need, from the kernel's own tree, loaded on this host or not.
installkernel() {
    local root=${kpatch_early_root:-${dracutsysrootdir-}} patch need needs=(efivarfs efi-pstore) dogs conf lines files
    if kpatch_early_is_unwanted || [[ -n $(kpatch_early_missing "$root") ]]; then return 0; fi
    # As baked they are not compressed; not each modinfo can read such.
    for patch in "$initdir/usr/lib/kpatch-early/patches/$kernel/"*.ko; do
        [[ -e $patch ]] || continue
        for need in $(kpatch_early_needs "$patch"); do
            needs+=("$need")
            hostonly='' instmods -c -s "$need" || :
            kpatch_early_has "$need" ||
                kpatch_early_error "${patch##*/} needs $need, which is no module of $kernel, so the patch is not loaded"
        done
    done
    hostonly='' instmods -c -s efivarfs efi-pstore || :
    # Of these apply loads what a device asks for by then. dracut's own module brings them unless drivers= is set; a
    # host-only image gets what this machine asks for. instmods takes names that it isn't told from its input.
    dogs=$(sed -n 's/^alias \(acpi\|pci:\|platform:\)[^ ]* //p' "$srcmods/modules.alias" 2> /dev/null | sort -u |
        grep -Fxf <(printf '%s\n' "$srcmods/kernel/drivers/watchdog/"*.ko* | sed 's|.*/||; s|\.ko.*||; y/-/_/'))
    instmods -c -s <<< "$dogs" || :
    conf=$(kpatch_early_in "$root" /etc/kpatch-early/kpatch-early.conf)
    for need in $(sed -n 's/^[[:blank:]]*guard_modules[[:blank:]]*=//p' "$conf" 2> /dev/null | tr , ' '); do
        needs+=("$need")
        hostonly='' instmods -c "$need" || dinfo "kpatch-early: guard_modules= names $need, which $kernel does not have as a module"
    done
    mapfile -t files < <(kpatch_early_files "${needs[@]}" "$dogs")
    kpatch_early_unpack "$root" "${files[@]}"
    # dracut's own module takes /etc/modprobe.d into a host-only image alone. In its order ours is the last.
    lines=$(kpatch_early_options "$root" "${needs[@]}" "$dogs" "${files[@]}")
    [[ -z $lines ]] || {
        mkdir -p "$initdir/etc/modprobe.d"
        printf '%s\n' "$lines" > "$initdir/etc/modprobe.d/zz-kpatch-early.conf"
    }
}

# kpatch_early_fill ROOT NOTES OPTION...: bakes. dracut -q shows dwarn, and dinfo not: of a bake that had its way, what it
# left out is worth that.
kpatch_early_fill() {
    local root=$1 notes=$2 line say=dwarn
    shift 2
    kpatch_early_bake "$root" --output "$initdir" "$@" > "$notes/baked" 2> "$notes/said" || say=derror
    while read -r line; do dinfo "$line"; done < "$notes/baked"
    while read -r line; do $say "$line"; done < "$notes/said"
    rm -f "$notes/baked" "$notes/said"
    [[ $say = dwarn ]] || kpatch_early_error "not every patch for $kernel is in this initramfs, for these reasons"
}

# kpatch_early_unit TARGET UNIT: $SYSTEMCTL came with dracut 052, so the link is made here
kpatch_early_unit() {
    local wants=$initdir/etc/systemd/system/$1.wants
    inst_simple "$moddir/$2" "$systemdsystemunitdir/$2"
    mkdir -p "$wants"
    ln -sfn "$systemdsystemunitdir/$2" "$wants/$2"
}

# bake writes mode 0644 outside of lib/modules: dracut strips neither.
install() {
    local root=${kpatch_early_root:-${dracutsysrootdir-}} notes=$initdir/usr/lib/dracut/kpatch-early key keys conf point sign=()
    if kpatch_early_is_unwanted || [[ -n $(kpatch_early_missing "$root") ]]; then return 0; fi
    mkdir -p "$notes"
    inst_simple "$(kpatch_early_in "$root" /usr/lib/kpatch-early/kpatch-early)" /usr/sbin/kpatch-early
    conf=$(kpatch_early_in "$root" /etc/kpatch-early/kpatch-early.conf)
    [[ ! -f $conf ]] || inst_simple "$conf" /etc/kpatch-early/kpatch-early.conf
    # Before bake, which looks at its signature with them. What cat cannot read, apply will refuse.
    keys=$(kpatch_early_in "$root" /etc/kpatch-early/keys)
    for key in "$keys/"*.pub; do
        [[ -e $key || -L $key ]] || continue
        mkdir -p "$initdir/etc/kpatch-early/keys"
        cat "$(kpatch_early_in "$root" "${key#"$root"}")" > "$initdir/etc/kpatch-early/keys/${key##*/}"
        cat "$initdir/etc/kpatch-early/keys/${key##*/}" >> "$notes/keys"
    done
    # No folder is no keys; for one that cannot be listed, something that apply cannot list either.
    if [[ -e $keys || -L $(kpatch_early_in "$root" /etc/kpatch-early)/keys ]] && ! ls "$keys/" &> /dev/null; then
        mkdir -p "$initdir/etc/kpatch-early"
        : > "$initdir/etc/kpatch-early/keys"
        kpatch_early_error "this initramfs will refuse its manifest and load no patch: $root/etc/kpatch-early/keys cannot be listed"
    fi
    if [[ -n ${kpatch_early_sign-} ]]; then
        sign=(--sign "$kpatch_early_sign")
    elif [[ -d $initdir/etc/kpatch-early/keys ]]; then
        kpatch_early_error "this initramfs will refuse its manifest and load no patch: there are keys in $keys, and no kpatch_early_sign=KEY in dracut.conf to sign it with"
    fi
    kpatch_early_fill "$root" "$notes" "${sign[@]}"
    # For whoever asks what is in here: dracut's own notes stay readable in a squash image too.
    [[ ! -f $initdir/etc/kpatch-early/manifest ]] || cat "$initdir/etc/kpatch-early/manifest" > "$notes/manifest"
    [[ ! -f $initdir/etc/kpatch-early/guarded ]] || cat "$initdir/etc/kpatch-early/guarded" > "$notes/guarded"
    [[ ! -f $conf ]] || cat "$conf" > "$notes/kpatch-early.conf"
    # Another mode, or dracut makes one file of the two, with hardlink(1); then cpio has the bytes only under the last name,
    # and lsinitrd -f shows nothing of the manifest itself.
    chmod -R u=rwX,go= "$notes"
    if dracut_module_included systemd; then
        kpatch_early_unit sysinit.target kpatch-early.service
        kpatch_early_unit initrd.target kpatch-early-rollback.service
    else
        inst_hook pre-udev 00 "$moddir/kpatch-early.sh"
    fi
    # Behind what starts arrays and volume groups that lack a disk; before who asks for help.
    inst_hook initqueue/timeout 99 "$moddir/kpatch-early-rollback.sh"
    for point in emergency shutdown-emergency; do
        inst_hook "$point" 00 "$moddir/kpatch-early-rollback.sh"
    done
}
