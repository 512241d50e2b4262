#!/usr/bin/env -S bats --tap
# The Debian package, and what it does in a root of few things: the real dpkg, maintainer scripts,
# rebuild and program, with stand-ins for dracut, lsinitrd and systemctl, which keep a log.

load helpers

setup_file() {
	cd "$(realpath "$BATS_TEST_DIRNAME/../..")"
	# Boot tests build them too; this one has its own copy.
	exec 8>"${BUILD:-build}/deb.lock"
	flock 8
	make -s sample-patch-deb >"$BATS_FILE_TMPDIR/sample" 2>/dev/null
	make -s deb >"$BATS_FILE_TMPDIR/deb"
	cp "${BUILD:-build}"/deb/kpatch-* "$BATS_FILE_TMPDIR/"
	flock -u 8
	base_root "$BATS_FILE_TMPDIR/base"
}

setup() {
	cd "$top"
	deb=$BATS_FILE_TMPDIR/$(basename "$(tail -n 1 "$BATS_FILE_TMPDIR/deb")")
	sample=$BATS_FILE_TMPDIR/$(basename "$(tail -n 1 "$BATS_FILE_TMPDIR/sample")")
	t=$BATS_TEST_TMPDIR
	root=$t/root
}

# base_root FOLDER: what the scripts run on. A plain file does for /dev/null.
base_root() {
	mkdir -p "$1"/{usr/{bin,sbin,lib,lib64},boot,dev,proc,run/systemd/system,tmp,var/lib/dpkg/{info,updates}}
	ln -s -t "$1" usr/{bin,sbin,lib,lib64}
	: >"$1/var/lib/dpkg/status"
	dpkg -L dash coreutils findutils sed grep tar mawk util-linux perl-base init-system-helpers libc6 libcrypt1 \
		libacl1 libattr1 libselinux1 libpcre2-8-0 libgmp10 libssl3t64 zlib1g libzstd1 2>/dev/null |
		grep -vE '/share/(doc|man|locale|i18n|bash-completion|lintian)' | sort -u |
		tar -c -C / --no-recursion -T - --ignore-failed-read 2>/dev/null |
		tar -x -C "$1" --keep-directory-symlink
	ln -sf mawk "$1/usr/bin/awk"
	stand_ins "$1/usr/sbin"
}

# An image is an archive of what dracut's module puts into it. deb-systemd-helper makes its links
# itself where it finds no /usr/bin/systemctl.
stand_ins() {
	cat >"$1/dracut" <<-'END'
		#!/bin/sh
		echo "dracut $*" >>/log
		module=/usr/lib/dracut/modules.d/50kpatch-early tree=$(mktemp -d)
		[ "${KPATCH_EARLY_REBUILDS-}" != without ] || module=/none
		while [ $# -gt 2 ]; do shift; done
		[ ! -e /dracut-fails ] || { echo half >"$1"; exit 1; }
		mkdir -p "$tree/usr/lib/dracut"
		echo >"$tree/usr/lib/dracut/build-parameter.txt"
		[ ! -d $module ] || {
			kpatch-early bake -k "$2" --output "$tree" >/dev/null
			cp /etc/kpatch-early/kpatch-early.conf "$tree/etc/kpatch-early/"
			cp -r "$tree/etc/kpatch-early" "$tree/usr/lib/dracut/"
			cat /etc/kpatch-early/keys/*.pub >"$tree/usr/lib/dracut/kpatch-early/keys" 2>/dev/null
		}
		tar -cf "$1" -C "$tree" .
	END
	cat >"$1/lsinitrd" <<-'END'
		#!/bin/sh
		[ "$1" = -f ] || exec tar -tf "$1"
		tar -tf "$3" >/dev/null || exit
		tar -xOf "$3" "./$2" 2>/dev/null || :
	END
	cat >"$1/systemctl" <<-'END'
		#!/bin/sh
		echo "systemctl $*" >>/log
		case $* in
		*is-enabled*-rebuild.service) echo static ;;
		*is-enabled*) echo enabled ;;
		esac
	END
	chmod 755 "$1"/{dracut,lsinitrd,systemctl}
}

# machine: $root, with the sample's kernel and an image that dracut made before
machine() {
	release=$(basename "${sample%_*_amd64.deb}")
	release=${release#kpatch-patch-}
	image=$root/boot/initrd.img-$release
	cp -a "$BATS_FILE_TMPDIR/base" "$root"
	mkdir -p "$root/lib/modules/$release"
	chroot "$root" dracut "/boot/initrd.img-$release" "$release"
	: >"$root/log"
}

# on_it ACTION [ARGUMENT...]: dpkg in the machine; its words are in $output, what it ran in $log
on_it() {
	: >"$root/log"
	# bake reads through /proc; the mount is gone with the process.
	run unshare -m sh -c 'mount --bind /proc "$0/proc" && exec dpkg --root="$0" --log=/dev/null "$@"' \
		"$root" "$@"
	log=$(<"$root/log")
	[ "$status" -eq 0 ] || { echo "$output"; return 1; }
}

# dracut_without FILE: somebody made this image without our module
dracut_without() { KPATCH_EARLY_REBUILDS=without chroot "$root" dracut "$1" "$release"; }

run_hook() {
	run unshare -m sh -c 'mount --bind /proc "$0/proc" && exec chroot "$0" "$@"' "$root" "$@"
	[ "$status" -eq 0 ] || { echo "$output"; return 1; }
}

# in_image NUMBER: the image holds so many patches. (A negated command would fail no test.)
in_image() { [ "$(tar -tf "$image" | grep -c '/usr/lib/kpatch-early/patches/.*\.ko$')" -eq "$1" ]; }

log_has() {
	[[ $log == *"$1"* ]] || {
		echo "log: $log"
		return 1
	}
}

log_lacks() {
	[[ $log != *"$1"* ]] || {
		echo "log: $log"
		return 1
	}
}

control_file() { dpkg-deb --ctrl-tarfile "$deb" | tar -xO "./$1"; }

@test "make deb and make sample-patch-deb end with the path of what they built" {
	[ "$(basename "$deb")" = "kpatch-early_$(sed -n 's/^VERSION := //p' Makefile)_amd64.deb" ]
	[ "$(dpkg-deb -f "$deb" Package)" = kpatch-early ]
	[ "$(dpkg-deb -f "$sample" Package)" = "kpatch-patch-$(<"${BUILD:-build}/kernel/amd64/release")" ]
}

@test "lintian is content with package, source and sample" {
	run lintian --allow-root --fail-on error,warning,pedantic "${deb%.deb}.changes" "$sample"
	[ "$status" -eq 0 ] || { echo "$output"; false; }
}

@test "the versions of changelog, Makefile and package agree" {
	version=$(sed -n 's/^VERSION := //p' Makefile)
	[ "$(dpkg-parsechangelog -S Version)" = "$version" ]
	[ "$(dpkg-deb -f "$deb" Version)" = "$version" ]
}

@test "in the package is what make install installs, and two folders for drop-ins" {
	units=$(pkg-config --variable=systemdsystemunitdir systemd || echo /usr/lib/systemd/system)
	make -s install DESTDIR="$t/want" UNITDIR="$units"
	mkdir -p "$t"/want/{etc,usr/lib}/kpatch-early/manifest.d
	dpkg-deb -x "$deb" "$t/got"
	rm -r "$t"/got/usr/share/{doc,lintian}
	gunzip "$t"/got/usr/share/man/man[578]/*.gz
	diff -r "$t/want" "$t/got"
	diff <(cd "$t/want" && find . -type f -printf '%M %p\n' | sort) \
		<(cd "$t/got" && find . -type f -printf '%M %p\n' | sort)
	diff <(cd "$t/want" && find . | sort) <(cd "$t/got" && find . | sort)
}

@test "the documents are those that should be in it" {
	dpkg-deb -x "$deb" "$t/got"
	cd "$t/got/usr/share/doc/kpatch-early"
	# Long ones are compressed.
	diff <(find . -type f | sed 's/\.gz$//' | sort) - <<-END
		./NEWS.md
		./README.md
		./SECURITY.md
		./changelog
		./copyright
		./docs/building.md
		./docs/debian.md
		./docs/decisions.md
		./docs/finished-image.md
		./docs/fleets.md
		./docs/guard.md
		./docs/how-it-works.md
		./docs/minimal.md
		./docs/mkosi/README.md
		./docs/mkosi/mkosi.conf
		./docs/mkosi/mkosi.finalize
		./docs/netboot.md
		./docs/off.md
		./docs/other-initramfs.md
		./docs/secure-boot.md
		./docs/testing.md
		./docs/why-not.md
		./examples/boot/grub-bless.conf
		./examples/boot/grub-counting.cfg
		./examples/boot/grub.cfg
		./examples/boot/kpatch-early.ipxe
		./examples/boot/nginx.conf
		./examples/boot/systemd-boot-bless.conf
		./examples/boot/systemd-boot-off.conf
		./examples/boot/systemd-boot.conf
		./examples/manifest.example.conf
		./examples/monitoring/kpatch-early.rules.yml
	END
}

@test "a patch, or a drop-in, that comes or goes triggers" {
	diff <(control_file triggers | grep -v '^#' | sort) - <<-END
		interest-noawait /etc/kpatch-early/manifest.d
		interest-noawait /usr/lib/kpatch-early/manifest.d
		interest-noawait /var/lib/kpatch
	END
}

@test "what is in /etc is a conffile" {
	diff <(control_file conffiles | sort) - <<-END
		/etc/kernel/postinst.d/zz-kpatch-early
		/etc/kpatch-early/kpatch-early.conf
	END
}

@test "nothing is needed, and apt has no reason to exchange the initramfs generator" {
	[ -z "$(dpkg-deb -f "$deb" Depends Pre-Depends Conflicts Breaks)" ]
	[ "$(dpkg-deb -f "$deb" Recommends)" = "dracut-core | initramfs-tools" ]
}

@test "without git, the same package is built, and BUILD may be elsewhere" {
	mkdir -p "$t/copy" "$t/elsewhere"
	images/sources | tar -c --null -T - | tar -x -C "$t/copy"
	mkdir "$t/copy/build"
	echo leftover >"$t/copy/build/leftover"
	ln -s "$(realpath build/sources)" "$t/elsewhere/sources"
	cp -r build/lib "$t/elsewhere/"
	run make -s -C "$t/copy" deb BUILD="$t/elsewhere"
	[ "$status" -eq 0 ] || { echo "$output"; false; }
	cmp "$deb" "${lines[-1]}"
	cmp "${deb%_amd64.deb}.tar.xz" "$t/elsewhere/deb/$(basename "${deb%_amd64.deb}").tar.xz"
}

@test "a package with a patch has it built into the initramfs, and out again" {
	machine
	on_it -i "$deb"
	log_lacks dracut
	on_it -i "$sample"
	log_has "dracut --quiet --force --no-uefi /boot/.initrd.img-$release.kpatch-early $release"
	in_image 1
	on_it -r "kpatch-patch-$release"
	log_has "dracut --quiet --force"
	in_image 0
}

@test "a drop-in of a package's is heeded" {
	machine
	on_it -i "$deb" "$sample"
	in_image 1
	mkdir -p "$t/drop-in/usr/lib/kpatch-early/manifest.d" "$t/drop-in/DEBIAN"
	echo "$release lp_version.ko disabled" >"$t/drop-in/usr/lib/kpatch-early/manifest.d/10.conf"
	printf '%s\n' 'Package: drop-in' 'Version: 1' 'Architecture: all' 'Maintainer: x <x@x.invalid>' \
		'Description: x' >"$t/drop-in/DEBIAN/control"
	dpkg-deb --root-owner-group -b "$t/drop-in" "$t" >/dev/null
	on_it -i "$t/drop-in_1_all.deb"
	in_image 0
	on_it -r drop-in
	in_image 1
}

@test "an upgrade builds images with patches anew, for the new program, and those alone" {
	machine
	mkdir -p "$root/lib/modules/6.1.0-other"
	cp "$image" "$root/boot/initrd.img-6.1.0-other"
	on_it -i "$sample" "$deb"
	on_it -i "$deb"
	[ "$(grep -c ^dracut <<<"$log")" -eq 1 ]
	log_has "/boot/.initrd.img-$release.kpatch-early $release"
}

@test "the units are enabled and started, left alone by an upgrade, stopped by a removal" {
	machine
	on_it -i "$sample" "$deb"
	[ -L "$root/etc/systemd/system/paths.target.wants/kpatch-early-rebuild.path" ]
	[ -L "$root/etc/systemd/system/multi-user.target.wants/kpatch-early-shutdown.service" ]
	log_has " start kpatch-early-bless.timer kpatch-early-rebuild.path kpatch-early-shutdown.service"
	log_lacks "start kpatch-early-rebuild.service"
	on_it -i "$deb"
	log_lacks " stop "
	log_lacks " restart "
	on_it -r kpatch-early
	# Before dracut: else they would build the patches in again.
	[[ $log == *" stop kpatch-early-bless.timer kpatch-early-rebuild.path kpatch-early-shutdown.service"*" stop kpatch-early-rebuild.service"*dracut* ]] ||
		log_has "stop, and then dracut"
	on_it -P kpatch-early
	[ -z "$(find "$root/etc/systemd" "$root/var/lib/systemd" -name '*kpatch*')" ]
}

@test "a removal builds images without patches first, and a purge leaves what is not ours" {
	machine
	on_it -i "$sample" "$deb"
	in_image 1
	on_it -r kpatch-early
	log_has "dracut --quiet --force --no-uefi /boot/.initrd.img-$release.kpatch-early $release"
	in_image 0
	[ ! -e "$root/usr/lib/kpatch-early" ]
	[ -e "$root/etc/kpatch-early/kpatch-early.conf" ]
	# as of "kpatch-early bake -k RELEASE", and of the administrator
	mkdir -p "$root/etc/kpatch-early/keys" "$root/usr/lib/kpatch-early/patches/$release"
	touch "$root"/etc/kpatch-early/{manifest,manifest.sig,keys/mine} "$root/usr/lib/kpatch-early/patches/$release/lp_version.ko"
	on_it -P kpatch-early
	[ "$(cd "$root" && find etc usr -path '*kpatch-early*' ! -type d)" = etc/kpatch-early/keys/mine ]
	[ -s "$root/var/lib/kpatch/$release/lp_version.ko" ]
}

@test "a purge leaves no folder of ours" {
	machine
	on_it -i "$deb"
	on_it -P kpatch-early
	[ -z "$(find "$root/etc" "$root/usr" -name '*kpatch*')" ]
}

@test "the hooks for a new kernel put patches into an initramfs that has none, and fail no kernel" {
	machine
	on_it -i "$deb" "$sample"
	for hook in "/etc/kernel/postinst.d/zz-kpatch-early $release" \
		"/usr/lib/kernel/install.d/95-kpatch-early.install add $release"; do
		dracut_without "/boot/initrd.img-$release"
		in_image 0
		run_hook $hook
		in_image 1
		: >"$root/log"
		run_hook $hook
		[ "$(grep -c ^dracut "$root/log")" -eq 0 ]
	done
	dracut_without "/boot/initrd.img-$release"
	run_hook /usr/lib/kernel/install.d/95-kpatch-early.install remove "$release"
	in_image 0
	touch "$root/dracut-fails"
	run_hook /etc/kernel/postinst.d/zz-kpatch-early "$release"
	output_has "could not be rebuilt"
	in_image 0
}

rebuild() {
	: >"$root/log"
	run unshare -m sh -c 'mount --bind /proc "$0/proc" && exec chroot "$0" /usr/lib/kpatch-early/rebuild "$@"' "$root" "$@"
	log=$(<"$root/log")
}

@test "rebuild is quiet and builds nothing when nothing is due" {
	machine
	on_it -i "$deb" "$sample"
	rebuild
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	log_lacks dracut
	rm -rf "$root"/var/lib/kpatch
	rebuild "$release"
	in_image 0
	rebuild
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	log_lacks dracut
}

@test "rebuild follows the settings, and a disabled kpatch.service even past a wrong drop-in" {
	machine
	on_it -i "$deb" "$sample"
	echo transition_timeout=9 >>"$root/etc/kpatch-early/kpatch-early.conf"
	rebuild
	log_has dracut
	echo "$release lp_version.ko optional" >"$root/etc/kpatch-early/manifest.d/10.conf"
	rebuild
	[ "$status" -eq 1 ]
	output_has "10.conf line 1: unknown option"
	output_has "they stay as they are"
	log_lacks dracut
	in_image 1
	for off in 's/echo enabled/echo disabled/' 's/echo disabled/echo masked/'; do
		sed -i "$off" "$root/usr/sbin/systemctl"
		rebuild
		[ "$status" -eq 0 ]
		in_image 0
		mv "$root/etc/kpatch-early/manifest.d/10.conf" "$root/10.conf"
		sed -i 's/echo \(disabled\|masked\)/echo enabled/' "$root/usr/sbin/systemctl"
		rebuild
		in_image 1
		mv "$root/10.conf" "$root/etc/kpatch-early/manifest.d/10.conf"
		sed -i 's/echo enabled/echo disabled/' "$root/usr/sbin/systemctl"
	done
	sed -i 's/echo disabled/echo enabled/' "$root/usr/sbin/systemctl"
	echo enabled=no >>"$root/etc/kpatch-early/kpatch-early.conf"
	rebuild
	in_image 0
	# What is not in the store any more goes too.
	sed -i '/^enabled/d' "$root/etc/kpatch-early/kpatch-early.conf"
	mv "$root/etc/kpatch-early/manifest.d/10.conf" "$root/10.conf"
	rebuild
	in_image 1
	mv "$root/10.conf" "$root/etc/kpatch-early/manifest.d/10.conf"
	rm "$root/var/lib/kpatch/$release/lp_version.ko"
	rebuild
	in_image 0
}

@test "rebuild follows the keys" {
	machine
	on_it -i "$deb" "$sample"
	mkdir "$root/etc/kpatch-early/keys"
	rebuild
	log_lacks dracut
	for change in 'echo one >a.pub' 'echo two >b.pub' 'echo other >a.pub' 'rm a.pub' 'rm b.pub'; do
		(cd "$root/etc/kpatch-early/keys" && eval "$change")
		rebuild
		[ "$status" -eq 0 ]
		log_has dracut
		rebuild
		log_lacks dracut
	done
	# Settings that are gone are a change like another.
	rm "$root/etc/kpatch-early/kpatch-early.conf"
	sed -i 's/^.*cp .*kpatch-early.conf.*$//' "$root/usr/sbin/dracut"
	rebuild
	log_has dracut
}

@test "rebuild says what it could not put in, and that in its exit status" {
	machine
	on_it -i "$deb" "$sample"
	echo "$release lp_version.ko required sha256=$(printf '%064d' 0)" >"$root/etc/kpatch-early/manifest.d/10.conf"
	for _ in 1 2; do
		rebuild
		[ "$status" -eq 1 ]
		output_has "not the one pinned in a drop-in; it is not baked"
		in_image 0
	done
	log_lacks dracut
	rebuild 9.9-typo
	[ "$status" -eq 1 ]
	output_has "there is no kernel 9.9-typo here: no modules, and no patches"
	rebuild --wihtout
	[ "$status" -eq 2 ]
	output_has "usage: rebuild"
	mv "$root/usr/sbin/kpatch-early" "$root/kpatch-early"
	cp "$image" "$t/before"
	rebuild
	[ "$status" -eq 1 ]
	output_has "they stay as they are"
	cmp "$image" "$t/before"
}

@test "rebuild leaves what it must: another's image, a link, a newer image, half a file of a killed run" {
	machine
	on_it -i "$deb"
	mkdir "$t/foreign" && tar -cf "$image" -C "$t/foreign" .
	rebuild
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	mkdir -p "$root/var/lib/kpatch/$release"
	dpkg-deb -x "$sample" "$t/sample"
	cp "$t/sample/var/lib/kpatch/$release/lp_version.ko" "$root/var/lib/kpatch/$release/"
	rebuild
	[ "$status" -eq 1 ]
	output_has "was made neither by dracut nor by initramfs-tools; it stays as it is; \
kpatch-early overlay -k $release -o FILE makes what the boot loader can load after it"
	echo garbage >"$image"
	rebuild
	[ "$status" -eq 1 ]
	output_has "cannot be read; it stays as it is"
	[ "$(<"$image")" = garbage ]
	# A link stays one.
	dracut_without "/boot/real.img"
	ln -sf real.img "$image"
	touch "$root/boot/.real.img.kpatch-early"
	rebuild
	[ "$status" -eq 0 ]
	[ -L "$image" ]
	in_image 1
	[ ! -e "$root/boot/.real.img.kpatch-early" ]
}

@test "rebuild gives way to somebody who renews the image meanwhile" {
	machine
	on_it -i "$deb" "$sample"
	dracut_without "/boot/initrd.img-$release"
	# While the first build runs, another dracut finishes.
	mv "$root/usr/sbin/dracut" "$root/usr/sbin/dracut.real"
	cat >"$root/usr/sbin/dracut" <<-'END'
		#!/bin/sh
		for last in "$@"; do release=$last; done
		[ -e /renewed ] || { echo renewed >/renewed; dracut.real "/boot/initrd.img-$release" "$release"; echo >>"/boot/initrd.img-$release"; }
		exec dracut.real "$@"
	END
	chmod 755 "$root/usr/sbin/dracut"
	rebuild
	[ "$status" -eq 0 ]
	output_has "was renewed by another meanwhile"
	[ "$(tail -c 1 "$image" | od -An -c | tr -d ' ')" = '\n' ]
	in_image 1
}

@test "rebuild does not build again and again what building does not mend" {
	machine
	on_it -i "$deb" "$sample"
	dracut_without "/boot/initrd.img-$release"
	sed -i 's|^module=.*|module=/none tree=$(mktemp -d)|; s|module=/usr/lib/dracut[^ ]*|module=/none|' "$root/usr/sbin/dracut"
	rebuild
	[ "$status" -eq 1 ]
	output_has "a new one does not hold what it is to hold"
	[ "$(grep -c ^dracut <<<"$log")" -eq 1 ]
	rebuild
	[ "$status" -eq 1 ]
	log_lacks dracut
}

@test "a rebuild that is killed leaves no half image" {
	machine
	on_it -i "$deb" "$sample"
	dracut_without "/boot/initrd.img-$release"
	cp "$image" "$t/before"
	printf '#!/bin/sh\nfor a in "$@"; do case $a in /boot/*) echo half >$a ;; esac; done\ntouch /building\nsleep 600\n' >"$root/usr/sbin/dracut"
	setsid unshare -m sh -c 'mount --bind /proc "$0/proc" && exec chroot "$0" /usr/lib/kpatch-early/rebuild' "$root" 3>&- 2>/dev/null &
	until_true test -e "$root/building"
	kill -TERM -- "-$(pgrep -f -n 'kpatch-early/rebuild')" || kill -TERM -- -$!
	scratch_is_gone() { [ -z "$(find "$root/tmp" -maxdepth 1 -name 'kpatch-early.*')" ]; }
	until_true scratch_is_gone
	cmp "$image" "$t/before"
	[ "$(ls -A "$root/boot")" = "initrd.img-$release" ]
}

@test "a rebuild that fails is said, fails no installation and no removal, and the old image stays" {
	machine
	on_it -i "$sample"
	touch "$root/dracut-fails"
	cp "$image" "$t/before"
	on_it -i "$deb"
	output_has "could not be rebuilt"
	output_has "not every initramfs is as it should be"
	cmp "$image" "$t/before"
	rm "$root/dracut-fails"
	on_it -i "$deb"
	in_image 1
	touch "$root/dracut-fails"
	cp "$image" "$t/before"
	on_it -r kpatch-early
	output_has "an initramfs may still have live patches in it"
	cmp "$image" "$t/before"
	[ "$(ls -A "$root/boot")" = "initrd.img-$release" ]
}

@test "where nothing is installed that makes an initramfs, a package with a patch says so, and nothing fails" {
	machine
	rm "$root"/usr/sbin/{dracut,lsinitrd}
	on_it -i "$deb"
	[[ $output != *"kpatch-early: "* ]] || { echo "$output"; false; }
	on_it -i "$sample"
	output_has "rebuild: $release has live patches, and neither dracut nor initramfs-tools is installed; they are in no boot of it, but by an overlay"
	output_has "kpatch-early: not every initramfs is as it should be, see above"
	rebuild
	[ "$status" -eq 1 ]
	on_it -r "kpatch-patch-$release"
	[[ $output != *"kpatch-early: "* ]] || { echo "$output"; false; }
	on_it -r kpatch-early
	[[ $output != *"kpatch-early: "* ]] || { echo "$output"; false; }
}
