#!/usr/bin/env -S bats --tap
# The rpm package, and what it does in a Debian with an rpm database of its own: the real rpm, scriptlets, file triggers,
# rebuild, dracut and systemctl. The machine is an overlay of a whole Debian, in which our dracut module is the only one, so
# that a build takes a second or two. tests/boot/guide-rpm.t boots such a machine, with dnf.

load helpers

setup_file() {
	cd "$(realpath "$BATS_TEST_DIRNAME/../..")"
	export BUILD=${BUILD:-$PWD/build}
	# Not in /tmp: where that is an overlay itself it can be the upper folder of none.
	machines=$(mktemp -d "$BUILD/rpm-machines.XXXXXX")
	export machines t=$machines
	make -s sample-patch-rpm >"$t/sample" 2>/dev/null
	make -s rpm >"$t/rpm"
	images/rpm --build "$(images/rpm --systemd)" --define "_rpmdir $t" -bb tests/rpm/by-dpkg.spec
	base=$(images/debian --base)
	echo "$base" >"$t/base"
	furnish "$(images/kernel amd64)"
}

setup() {
	cd "$top"
	package=$(tail -n 1 "$machines/rpm")
	sample=$(tail -n 1 "$machines/sample")
	kernel=$BUILD/kernel/amd64
	release=$(<"$kernel/release")
	t=$machines/$BATS_TEST_NUMBER
	mkdir "$t"
}

teardown_file() { rm -rf "$machines"; }

# furnish KERNEL_FOLDER: what all machines have, in the overlay's upper folder: an image that dracut made before
furnish() {
	local upper=$t/upper
	release=$(<"$1/release")
	mkdir -p "$upper"/{boot,etc/dracut.conf.d,usr/lib/modules/"$release"}
	cp "$1/lib/modules/$release"/modules.{builtin,builtin.modinfo,order} "$upper/usr/lib/modules/$release/"
	cp "$1/boot/config-$release" "$upper/boot/"
	cp tests/rebuild/dracut.conf "$upper/etc/dracut.conf.d/test.conf"
	enter sh -e -c '
		rm -rf "$root"/usr/lib/dracut/modules.d/*
		depmod -b "$root" "$0"
		chroot "$root" dracut --quiet --force "/boot/initrd.img-$0" "$0"
		rpm --root "$root" --dbpath /var/lib/rpm --install "$1"/by-dpkg-*.rpm' "$release" "$t"
}

# enter COMMAND...: on the host, while the machine of $t is mounted as $root
enter() {
	mkdir -p "$t"/{upper,work,root}
	# shellcheck disable=SC2016 # the inner shell expands it
	root=$t/root unshare --mount --propagation private sh -e -c '
		mount -t overlay overlay -o "lowerdir=$0,upperdir=$1/upper,workdir=$1/work" "$root"
		mount -t proc proc "$root/proc"
		mount --bind /dev "$root/dev"
		shift
		exec "$@"' "$(<"$machines/base")" "$t" "$@"
}

# machine: one of the test's own. $image is its initramfs, $upper what it has changed.
machine() {
	upper=$t/upper
	image=$upper/boot/initrd.img-$release
	cp -a "$machines/upper" "$t/"
}

# on_it OPTION...: rpm on the machine; what it and its scriptlets say is in $output
on_it() {
	run enter rpm --root "$t/root" --dbpath /var/lib/rpm "$@"
	[ "$status" -eq 0 ] || { echo "$output"; return 1; }
}

# says_building TIMES: the scriptlets that just ran built the image so often
says_building() {
	[ "$(grep -cxF "kpatch-early: rebuild: building /boot/initrd.img-$release" <<<"$output")" -eq "$1" ] || {
		echo "$output"
		return 1
	}
}

# in_image NUMBER: the image holds so many patches
in_image() {
	[ "$(cpio -it --quiet <"$image" | grep -c '^usr/lib/kpatch-early/patches/.*\.ko$')" -eq "$1" ] || {
		echo "$output"
		return 1
	}
}

# drop_in FOLDER: builds $drop_in, a package whose drop-in in FOLDER turns the sample off
drop_in() {
	mkdir "$t/drop-in"
	echo "$release lp_version.ko disabled" >"$t/drop-in/10.conf"
	printf '%s\n' 'Name: drop-in' 'Version: 1' 'Release: 1' 'Summary: x' 'License: x' 'BuildArch: noarch' \
		'%description' x %install "install -D -m 644 %{_sourcedir}/10.conf %{buildroot}$1/10.conf" %files "$1/10.conf" >"$t/drop-in.spec"
	images/rpm --build "$t/drop-in" --define "_rpmdir $t" -bb "$t/drop-in.spec"
	drop_in=$(echo "$t"/drop-in-1-1.noarch.rpm)
}

# unpacked PACKAGE: what is in it is in $t/got
unpacked() { mkdir "$t/got" && (cd "$t/got" && rpm2cpio "$1" | cpio -idm --quiet); }

query() { rpm --dbpath "$t/none" -qp "$@"; }

@test "make rpm and make sample-patch-rpm end with the path of what they built" {
	[ "$(query --qf '%{name}' "$package")" = kpatch-early ]
	[ "$(query --qf '%{name}' "$sample")" = "kpatch-patch-$release" ]
	[ -e "${package%.x86_64.rpm}.src.rpm" ]
}

@test "rpmlint is content with packages and specs, but for what its exceptions explain" {
	cp rpm/kpatch-early.rpmlintrc "$t/"
	[[ $(rpmlint --version) == 2.4.* ]] || cat tests/rpm/newer.rpmlintrc >>"$t/kpatch-early.rpmlintrc"
	run rpmlint --strict --rpmlintrc "$t/kpatch-early.rpmlintrc" rpm/*.spec "$package" "${package%.x86_64.rpm}.src.rpm" "$sample"
	[ "$status" -eq 0 ] || { echo "$output"; false; }
}

@test "the versions of spec, changelog, Makefile and package agree" {
	version=$(sed -n 's/^VERSION := //p' Makefile)
	[ "$(query --qf '%{version}' "$package")" = "$version" ]
	[[ $(query --changelog "$package" | head -n 1) == *" - $version-1" ]]
}

@test "in the package is what make install installs, byte for byte, with presets and two folders for drop-ins" {
	make -s install DESTDIR="$t/want" ZSHDIR=/usr/share/zsh/site-functions
	rm -rf "$t/want/etc/kernel" "$t/want/usr/share/initramfs-tools"
	mkdir -p "$t"/want/{etc,usr/lib}/kpatch-early/manifest.d
	install -D -m 644 rpm/90-kpatch-early.preset "$t/want/usr/lib/systemd/system-preset/90-kpatch-early.preset"
	unpacked "$package"
	# Debian's rpm compresses none of them.
	find "$t/got/usr/share/man" -name '*.gz' -exec gunzip {} +
	rm -r "$t"/got/usr/share/{doc,licenses}
	diff -r "$t/want" "$t/got"
	diff <(cd "$t/want" && find . -type f -printf '%M %p\n' | sort) <(cd "$t/got" && find . -type f -printf '%M %p\n' | sort)
}

@test "the documents and licences are those that should be in it" {
	unpacked "$package"
	# Debian's rpm has the version in the folders' names.
	diff <(cd "$t/got/usr/share" && find doc licenses -type f | sed 's|kpatch-early-[0-9.]*/|kpatch-early/|' | sort) - <<-END
		doc/kpatch-early/NEWS.md
		doc/kpatch-early/README.md
		doc/kpatch-early/SECURITY.md
		doc/kpatch-early/boot/grub-bless.conf
		doc/kpatch-early/boot/grub-counting.cfg
		doc/kpatch-early/boot/grub.cfg
		doc/kpatch-early/boot/kpatch-early.ipxe
		doc/kpatch-early/boot/nginx.conf
		doc/kpatch-early/boot/systemd-boot-bless.conf
		doc/kpatch-early/boot/systemd-boot-off.conf
		doc/kpatch-early/boot/systemd-boot.conf
		doc/kpatch-early/docs/building.md
		doc/kpatch-early/docs/debian.md
		doc/kpatch-early/docs/decisions.md
		doc/kpatch-early/docs/finished-image.md
		doc/kpatch-early/docs/fleets.md
		doc/kpatch-early/docs/guard.md
		doc/kpatch-early/docs/how-it-works.md
		doc/kpatch-early/docs/minimal.md
		doc/kpatch-early/docs/mkosi/README.md
		doc/kpatch-early/docs/mkosi/mkosi.conf
		doc/kpatch-early/docs/mkosi/mkosi.finalize
		doc/kpatch-early/docs/netboot.md
		doc/kpatch-early/docs/off.md
		doc/kpatch-early/docs/other-initramfs.md
		doc/kpatch-early/docs/secure-boot.md
		doc/kpatch-early/docs/testing.md
		doc/kpatch-early/docs/why-not.md
		doc/kpatch-early/manifest.example.conf
		doc/kpatch-early/monitoring/kpatch-early.rules.yml
		licenses/kpatch-early/LICENSE
		licenses/kpatch-early/LICENSE.libkmod
		licenses/kpatch-early/LICENSE.libsodium
	END
	query --provides "$package" >"$t/provides"
	grep -q '^bundled(libkmod) = [0-9]' "$t/provides"
	grep -q '^bundled(libsodium) = [0-9]' "$t/provides"
}

@test "the settings are a configuration file that an upgrade leaves alone, and the only one" {
	diff <(query --qf '[%{filenames} %{fileflags:fflags}\n]' "$package" | grep ' .*c') - <<-END
		/etc/kpatch-early/kpatch-early.conf cn
	END
}

@test "rpm leaves the module of a patch as it was" {
	unpacked "$sample"
	cmp "$t/got/var/lib/kpatch/$release/lp_version.ko" "$kernel/patches/lp_version.ko"
}

@test "make rpm wants tarballs, and says so" {
	run make -s rpm KMOD_SRC="$t"
	[ "$status" -eq 2 ]
	output_has "rpm: KMOD_SRC=$t is a folder, and a source package is built of tarballs; nothing is built"
}

@test "a package with a patch has it built into the initramfs, and out again" {
	machine
	on_it -i "$package"
	says_building 0
	on_it -i "$sample"
	says_building 1
	in_image 1
	on_it -e "kpatch-patch-$release"
	says_building 1
	in_image 0
	[ ! -e "$upper/var/lib/kpatch" ]
}

@test "a drop-in of a package's is heeded, in either folder, when it comes and when it goes" {
	for folder in /usr/lib /etc; do
		rm -rf "$t"/*
		machine
		on_it -i "$package" "$sample"
		in_image 1
		drop_in $folder/kpatch-early/manifest.d
		on_it -i "$drop_in"
		in_image 0
		on_it -e drop-in
		in_image 1
	done
}

@test "an upgrade builds images with patches anew, for the new program, once" {
	machine
	on_it -i "$package" "$sample"
	says_building 1
	on_it -U --force "$package"
	says_building 1
	in_image 1
}

@test "the units are enabled by the preset, and disabled by a removal" {
	machine
	on_it -i "$package"
	links=$upper/etc/systemd/system
	[ -L "$links/paths.target.wants/kpatch-early-rebuild.path" ]
	[ -L "$links/multi-user.target.wants/kpatch-early-shutdown.service" ]
	[ -L "$links/multi-user.target.wants/kpatch-early-bless.timer" ]
	on_it -e kpatch-early
	[ -z "$(find "$links" -name 'kpatch-early*' ! -type c)" ]
}

@test "a removal builds images without patches first, and leaves what is not ours" {
	machine
	on_it -i "$package" "$sample"
	in_image 1
	echo transition_timeout=9 >>"$upper/etc/kpatch-early/kpatch-early.conf"
	on_it -e kpatch-early
	says_building 1
	in_image 0
	[ "$(find "$upper" -path '*kpatch*' ! -type d ! -type c -printf '%P\n' | grep -v '^var/lib/rpm\|^run\|licenses')" = \
		"$(printf '%s\n' etc/kpatch-early/kpatch-early.conf.rpmsave "var/lib/kpatch/$release/lp_version.ko")" ]
}

@test "an initramfs that can't be built anew is named, and the package is installed all the same" {
	machine
	on_it -i "$package"
	install -D -m 755 <(printf '#!/bin/sh\nexit 1\n') "$upper/usr/bin/dracut"
	on_it -i "$sample"
	output_has "/boot/initrd.img-$release could not be rebuilt"
	in_image 0
	on_it -e kpatch-early
	on_it -q "kpatch-patch-$release"
}
