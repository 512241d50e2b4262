#!/usr/bin/env bash
# What builds and runs here does so on the next Debian too, as a fresh machine of it: its compiler, C library, kmod, dracut,
# QEMU and kernel. The sources are of "make dist", so without git. About ten minutes, two of them for packages.
# Only with --long.
set -uo pipefail
cd "$(dirname "$(realpath "$0")")/.." || exit
export BUILD=${BUILD:-$PWD/build}
BUILD=$(realpath -m "$BUILD")
suite=trixie
work=$(mktemp -d "$BUILD/debian-13.XXXXXX")
trap 'rm -rf "$work"' EXIT
count=0

# check TEXT COMMAND...: one test; what the command prints is shown when it fails, and else how many tests it had
check() {
	local text=$1 output
	shift
	count=$((count + 1))
	if output=$("$@" 2>&1); then
		echo "ok $count - $text"
		sed -n 's/^Files=/# &/p' <<<"$output"
	else
		echo "not ok $count - $text"
		grep -e '^not ok' -e '^Files=' <<<"$output" | sed 's/^/# /'
		tail -n 60 <<<"$output" | sed 's/^/# /'
	fi
}

# there COMMAND...: runs it in the machine, in the folder of the sources
# shellcheck disable=SC2016 # the inner shell expands it
there() {
	images/debootstrapped $suite --fresh "$work/machine" --bind "$work/sources" \
		env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 sh -c 'cd "$0" && exec "$@"' "$work/sources" "$@"
}

unpack() {
	make -s dist && mkdir "$work/sources" &&
		tar -xf "$BUILD/kpatch-early-$(sed -n 's/^VERSION := //p' Makefile).tar.gz" -C "$work/sources" --strip-components=1
}

images/debootstrapped $suite >/dev/null || exit
check "make dist gives a tarball" unpack
check "images/packages build is enough" there images/packages build
check "make builds both programs, static and small" there make -s
check "they are of the suite's own kmod" test -e "$work/sources/build/sources/kmod_34.2.orig.tar.xz"
check "they run" there build/kpatch-early --version
check "make install and make uninstall" there make -s install uninstall DESTDIR=/tmp/d
check "make demo boots the suite's own kernel: without a patch, with it, switched off" there make -s demo
check "tests/run --quick" there tests/run --quick
echo "1..$count"
