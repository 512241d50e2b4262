# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests of patches that real tools made, after lib.sh or restore.sh: what the host's verbs do with them. The test sets
# $release, $patches, and $all, the names of the patches.
root=$work/root

# is_patched NAME WORD...: info says that NAME patches these objects and functions, in order of the alphabet
is_patched() {
	local found
	found=$("$BUILD/kpatch-early" info "$patches/$1.ko" | sed -n 's/^patches: *//; T; s/[:,] /\n/g; p' | sort | tr '\n' ' ')
	check "$([[ $found == "${*:2} " ]]; echo $?)" "info: $1 patches ${*:2}, and not: $found"
}

# install_all: all are installed, in a root of their own
install_all() {
	local status=0 name
	install -D -m 755 "$BUILD/kpatch-early" "$root/usr/sbin/kpatch-early"
	(cd "$patches" && cp "${all[@]/%/.ko}" "$root/")
	(cd "$root" && chroot . /usr/sbin/kpatch-early install -k "$release" ./*.ko >&2) || status=$?
	check $status "install takes all"
	status=0
	for name in "${all[@]}"; do
		cmp "$patches/$name.ko" "$root/var/lib/kpatch/$release/$name.ko" || status=1
	done
	check $status "and copies them as they are"
}

# in_order NAME...: a drop-in has these patches, in this order, and not the others of the store
in_order() {
	mkdir -p "$root/etc/kpatch-early/manifest.d"
	{
		printf "$release %s.ko required\n" "$@"
		printf '%s\n' "${all[@]}" | sed "$(printf '/^%s$/d; ' "$@") s/.*/$release &.ko disabled/"
	} >"$root/etc/kpatch-early/manifest.d/10.conf"
}

# baked FOLDER [OPTION...]: the store is baked, and what bake says is in FOLDER.said
baked() {
	local status=0
	"$BUILD/kpatch-early" bake -k "$release" --root "$root" --output "$work/$1" "${@:2}" >"$work/$1.said" 2>&1 || status=$?
	check $status "bake ${*:2} ends well"
	[[ $status -eq 0 ]] || sed 's/^/# /' "$work/$1.said"
}

# in_overlay [OPTION...]: the tree is an overlay of what is in order
in_overlay() {
	overlay=$work/overlay.cpio
	"$BUILD/kpatch-early" overlay -k "$release" --root "$root" -o "$overlay" "$@" >&2
	unpacked "$overlay"
}

# bytes FOLDER NAME: the size of the baked patch
bytes() { stat -c %s "$work/$1/usr/lib/kpatch-early/patches/$release/$2.ko"; }

# is_stripped NAME SHARE: in the folder "stripped" it is less than this share of what it is in the folder "whole"
is_stripped() {
	local whole stripped
	whole=$(bytes whole "$1") stripped=$(bytes stripped "$1")
	check $((stripped > whole / $2)) "$1 is stripped: $stripped bytes of $whole"
}

# is_whole NAME SECTION: strip would ruin it in this section, so it stays
is_whole() {
	check "$(($(bytes whole "$1") != $(bytes stripped "$1")))" "$1 is left whole: $(bytes stripped "$1") bytes"
	says "kpatch-early: bake: $root/var/lib/kpatch/$release/$1.ko: strip would change its section \
$2, which the kernel needs, so it is not stripped" "bake --strip" cat "$work/stripped.said"
}

# with_late FILE: the guest gets a module that comes later
with_late() { install -D -m 644 -t "$tree/test/$release" "$1"; }
