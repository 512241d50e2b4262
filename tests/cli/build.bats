#!/usr/bin/env -S bats --tap
# What is built and installed.

load helpers

setup() {
	fake_root
	cd "$top"
	program=build/kpatch-early
}

@test "both programs are static, without a dynamic section or an executable stack, and small" {
	unset CPPFLAGS CFLAGS LDFLAGS
	make -n -B | sed -n 's/^\(common.check-binary .*\)\.new /\1 /p' >"$BATS_TEST_TMPDIR/checks"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/checks")" -eq 2 ]
	sh -e "$BATS_TEST_TMPDIR/checks"
	[ "$(musl-gcc -dumpversion)" -ne 12 ] || grep -q 'early/kpatch-early 155648$' "$BATS_TEST_TMPDIR/checks"
}

@test "the check of the program goes red: a dynamic, a fat one, one with an executable stack" {
	echo 'int main(void) { return 0; }' >"$BATS_TEST_TMPDIR/x.c"
	musl-gcc -o "$BATS_TEST_TMPDIR/dynamic" "$BATS_TEST_TMPDIR/x.c"
	run common/check-binary "$BATS_TEST_TMPDIR/dynamic" 155648
	[ "$status" -eq 1 ]
	output_has INTERP
	musl-gcc -static -z execstack -o "$BATS_TEST_TMPDIR/stack" "$BATS_TEST_TMPDIR/x.c"
	run common/check-binary "$BATS_TEST_TMPDIR/stack" 155648
	[ "$status" -eq 1 ]
	output_has "stack is executable"
	run common/check-binary build/kpatch-early 100000
	[ "$status" -eq 1 ]
	output_has "over the limit"
}

# The program of this folder is one of them. The other is of the tarball, and its libraries come of sources that are named.
@test "two builds, in two folders, give the same bytes: make dist builds without git, and with KMOD_SRC= and SODIUM_SRC= without network" {
	copy=$BATS_TEST_TMPDIR/other
	mkdir "$copy"
	make -s >&2
	make -s dist BUILD="$BATS_TEST_TMPDIR"
	tar -xf "$BATS_TEST_TMPDIR"/kpatch-early-*.tar.gz -C "$copy" --strip-components=1
	[ ! -e "$copy/.git" ]
	unset CC AR CPPFLAGS CFLAGS LDFLAGS
	KMOD_SRC=$top/build/sources/kmod SODIUM_SRC=$(echo "$top"/build/sources/libsodium_*.orig.tar.gz) \
		unshare --net make -s -C "$copy" BUILD=build >&2
	[ -s "$copy/build/lib/libkmod.a" ]
	[ -s "$copy/build/lib/libsodium.a" ]
	[ ! -e "$copy/build/apt" ]
	cmp build/kpatch-early "$copy/build/kpatch-early"
	cmp build/early/kpatch-early "$copy/build/early/kpatch-early"
}

# compiler MACHINE [SED]: one that compiles nothing, keeps its arguments in $t/said, says that it is for MACHINE, and has
# the macros that SED makes of the real one's
compiler() {
	t=$BATS_TEST_TMPDIR
	cat >"$t/cc" <<-END
		#!/bin/sh
		echo "\$*" >>$t/said
		case \$* in
		-dumpmachine) echo $1 ;;
		-dumpversion) ;;
		*-dM*) musl-gcc -dM -E -include limits.h -x c /dev/null | sed '${2-}' ;;
		*-fsyntax-only*) cat >/dev/null ;;
		*) for last; do :; done; : >"\$last" ;;
		esac
	END
	chmod 755 "$t/cc"
	rm -rf "$t/said" "$t/b"
}

# made_libs [WORD...]: the libraries' compiler has these in its environment, and WORDs on make's command line
made_libs() {
	KMOD_SRC=$top/build/sources/kmod SODIUM_SRC=$top/build/sources/libsodium \
		make -s BUILD="$t/b" CC="$t/cc" "$@" "$t/b/lib/done"
}

@test "flags of x86, and that the machine is little-endian, are only for a compiler that says so" {
	compiler x86_64-linux-gnu
	make -n -B CC="$t/cc" | grep -q -e '-malign-data=abi -mgeneral-regs-only.* -c .*text.c'
	made_libs
	[ "$(grep -c -e '-malign-data=abi.* -DNATIVE_LITTLE_ENDIAN=1 -DHAVE_TI_MODE=1.* -c' "$t/said")" -gt 50 ]
	compiler aarch64-linux-gnu
	[ "$(make -n -B CC="$t/cc" | grep -c -e -malign-data -e -mgeneral-regs-only)" -eq 0 ]
	made_libs
	[ "$(grep -c -e -malign-data -e -mgeneral-regs-only "$t/said")" -eq 0 ]
	[ "$(grep -c -e -DNATIVE_LITTLE_ENDIAN "$t/said")" -gt 50 ]
	compiler s390x-linux-gnu 's/\(__BYTE_ORDER__\) .*/\1 __ORDER_BIG_ENDIAN__/; /__SIZEOF_INT128__/d'
	made_libs
	[ "$(grep -c -e ' -c ' "$t/said")" -gt 50 ]
	[ "$(grep -c -e -DNATIVE_LITTLE_ENDIAN -e -DHAVE_TI_MODE "$t/said")" -eq 0 ]
}

@test "for arm64 the early program has at most 181 KiB" {
	compiler aarch64-linux-gnu
	make -n -B CC="$t/cc" | grep -q '^common/check-binary .*early/kpatch-early.new 185344$'
}

@test "CC=, AR=, CPPFLAGS= and CFLAGS= count for the libraries too" {
	compiler x86_64-linux-gnu
	printf '%s\n' '#!/bin/sh' "echo \"\$*\" >>$t/ar-said" 'exec ar "$@"' >"$t/ar"
	chmod 755 "$t/ar"
	made_libs AR="$t/ar" CPPFLAGS="-DONE='\"1 2\"'" CFLAGS=-O3
	[ "$(grep -c '^rcD ' "$t/ar-said")" -eq 2 ]
	[ "$(grep -c -e '-DONE="1 2" -O3 .*-Os .* -c ' "$t/said")" -eq "$(grep -c -e ' -c ' "$t/said")" ]
	CFLAGS=-O1 made_libs -B
	[ "$(grep -c -e '-O1 .*-Os .* -c ' "$t/said")" -gt 50 ]
}

@test "an exported CC counts if it compiles for musl; a CC for glibc, or none, is refused" {
	compiler x86_64-linux-gnu
	text="make -n -B BUILD=build build/obj/common/text.o"
	CC=$t/cc $text | grep -q '^musl-gcc .*text.c'
	compiler x86_64-alpine-linux-musl
	CC=$t/cc $text | grep -q "^$t/cc .*text.c"
	CC=gcc run common/libs "$t/b"
	[ "$status" -eq 1 ]
	output_has "CC=gcc compiles for glibc"
	CC=/none/gcc run common/libs "$t/b"
	[ "$status" -eq 1 ]
	output_has "there is no /none/gcc here"
}

@test "only a tarball with a pinned checksum, or a folder, is built from" {
	echo wrong >"$BATS_TEST_TMPDIR/kmod.tar.xz"
	KMOD_SRC=$BATS_TEST_TMPDIR/kmod.tar.xz run common/libs "$BATS_TEST_TMPDIR/build"
	[ "$status" -eq 1 ]
	output_has "kmod.tar.xz is not a pinned one, by its checksum; nothing is built from it. KMOD_SRC= takes a folder with them, or kmod_30+20221128.orig.tar.xz or kmod_34.2.orig.tar.xz"
	KMOD_SRC=/none run common/libs "$BATS_TEST_TMPDIR/build"
	[ "$status" -eq 1 ]
	output_has "KMOD_SRC=/none is neither a file nor a folder"
}

# repository PACKAGE VERSION TARBALL: adds to an archive of sources that apt can use
repository() {
	mkdir -p "$t/repository"
	cp "$3" "$t/repository/"
	printf '%s\n' "Package: $1" "Binary: $1" "Version: $2" "Directory: ." "Files:" \
		" $(md5sum <"$3" | cut -d ' ' -f 1) $(stat -c %s "$3") ${3##*/}" "Checksums-Sha256:" \
		" $(sum "$3") $(stat -c %s "$3") ${3##*/}" "" >>"$t/repository/Sources"
}

# libs_of_repository: common/libs, where /etc/apt names that archive alone
libs_of_repository() {
	rm -rf "$t/b"
	CC=$t/cc run unshare --mount sh -c 'mount --bind "$0" /etc/apt && exec common/libs "$1"' "$t/etc" "$t/b"
}

@test "of the versions that apt knows the pinned one is taken, whichever is newest" {
	compiler x86_64-linux-gnu
	mkdir -p "$t/etc"/{apt.conf.d,preferences.d,sources.list.d,trusted.gpg.d}
	echo "deb [trusted=yes] file:$t/repository ./" >"$t/etc/sources.list"
	echo wrong >"$t/kmod_99.orig.tar.xz"
	repository kmod 99-1 "$t/kmod_99.orig.tar.xz"
	libs_of_repository
	[ "$status" -eq 1 ]
	output_has "kmod: apt does not get any of the versions that this is built from; KMOD_SRC= names the sources: a folder with them, or kmod_30"
	for tarball in build/sources/{kmod,libsodium}_*.orig.tar.*; do
		name=${tarball##*/}
		version=${name%.orig.*}
		repository "${name%_*}" "${version#*_}-7" "$tarball"
	done
	libs_of_repository
	[ "$status" -eq 0 ]
	[ "$(ls "$t"/b/sources/*.orig.*)" = "$(ls build/sources/{kmod,libsodium}_*.orig.* | sed "s|^build|$t/b|")" ]
	# Lists are kept, but not when the entries are others.
	mv "$t/repository" "$t/moved"
	rm -r "$t/b/sources"
	echo "deb [trusted=yes] file:$t/moved ./" >"$t/etc/sources.list"
	CC=$t/cc run unshare --mount sh -c 'mount --bind "$0" /etc/apt && exec common/libs "$1"' "$t/etc" "$t/b"
	[ "$status" -eq 0 ]
}

@test "uninstall leaves nothing, folders included, but a changed configuration and what was there before" {
	d=$BATS_TEST_TMPDIR/d
	make -s install DESTDIR="$d"
	[ -x "$d/usr/sbin/kpatch-early" ]
	[ -x "$d/usr/lib/kpatch-early/kpatch-early" ]
	for page in man8/kpatch-early.8 man5/kpatch-early.conf.5 man7/kpatch-early-guard.7; do
		[ -s "$d/usr/share/man/$page" ]
	done
	make -s install uninstall DESTDIR="$d"
	[ -z "$(find "$d" -mindepth 1)" ]
	mkdir -p "$d/usr/sbin" "$d/usr/lib/kernel/install.d" "$d/usr/lib/systemd/system/kpatch.service.d"
	: >"$d/usr/lib/systemd/system/kpatch.service.d/other.conf"
	make -s install DESTDIR="$d"
	echo transition_timeout=5 >>"$d/etc/kpatch-early/kpatch-early.conf"
	make -s install uninstall DESTDIR="$d"
	diff <(cd "$d" && find . ! -type d -o -empty | sort) - <<-END
		./etc/kpatch-early/kpatch-early.conf
		./usr/lib/kernel/install.d
		./usr/lib/systemd/system/kpatch.service.d/other.conf
		./usr/sbin
	END
}

# refuses WORD SENTENCE: make install with WORD says it, and installs nothing
refuses() {
	run make -s install DESTDIR="$BATS_TEST_TMPDIR/d" "$1"
	[ "$status" -eq 2 ]
	output_has "make install: $2"
	[ ! -e "$BATS_TEST_TMPDIR/d" ]
}

@test "PREFIX=, SBINDIR= and UNITDIR= are refused where nothing would find what is installed" {
	refuses PREFIX=/usr/local "PREFIX=/usr/local cannot work: dracut takes modules from /usr/lib/dracut alone"
	refuses SBINDIR=/opt/sbin "SBINDIR=/opt/sbin cannot work: units, hooks and the dracut module start /usr/sbin/kpatch-early"
	refuses UNITDIR=/opt/units "UNITDIR=/opt/units cannot work: systemd looks in /usr/lib/systemd/system"
	d=$BATS_TEST_TMPDIR/d
	mkdir -p "$d/usr/bin"
	ln -s bin "$d/usr/sbin"
	make -s install DESTDIR="$d" SBINDIR=/usr/bin UNITDIR=/lib/systemd/system PREFIX=/usr/
	[ -x "$d/usr/sbin/kpatch-early" ]
	[ -s "$d/lib/systemd/system/kpatch-early-rebuild.path" ]
	[ ! -e "$d/usr/lib/systemd" ]
	make -s uninstall DESTDIR="$d" SBINDIR=/usr/bin UNITDIR=/lib/systemd/system PREFIX=/usr/
	[ "$(cd "$d" && find . ! -type d -o -empty | sort)" = ./usr/bin$'\n'./usr/sbin ]
	# An administrator's drop-ins are no files of ours.
	make -s install DESTDIR="$d" PREFIX=/usr/
	mkdir -p "$d/usr/lib/systemd/system/kpatch-early-rebuild.service.d"
	make -s uninstall DESTDIR="$d" PREFIX=/usr/
	[ "$(cd "$d" && find . ! -type d -o -empty | sort | xargs)" = "./usr/bin ./usr/lib/systemd/system/kpatch-early-rebuild.service.d ./usr/sbin" ]
	rm -r "$d/usr/lib"
	# What an earlier version installed where it cannot work can still be removed.
	install -D /bin/true "$d/usr/local/sbin/kpatch-early"
	make -s uninstall DESTDIR="$d" PREFIX=/usr/local
	[ ! -e "$d/usr/local/sbin/kpatch-early" ]
	for goal in install uninstall; do
		run make $goal DESTDIR="$d/my image"
		[ "$status" -eq 2 ]
		output_has "DESTDIR=$d/my image has a blank in it, which no rule here can take; nothing is done"
	done
}

# programs_in_root: both, where the dracut module looks for them
programs_in_root() {
	install -D -m 755 build/kpatch-early "$root/usr/sbin/kpatch-early"
	install -D -m 755 build/early/kpatch-early "$root/usr/lib/kpatch-early/kpatch-early"
}

# dracut_check: the module's check, with dracut's functions replaced
dracut_check() {
	mkdir -p "$BATS_TEST_TMPDIR/tmp"
	# A program that this machine has installed is not in this PATH.
	PATH=/usr/bin:/bin DRACUT_TMPDIR=$BATS_TEST_TMPDIR/tmp run bash -c '
		dinfo() { echo "$@"; }; derror() { echo "error: $@"; }; dfatal() { echo "fatal: $@"; }
		. dracut-module/50kpatch-early/module-setup.sh
		kernel=6.1.0-test dracutsysrootdir='"$root"' '"${1-}"'
		check'
	[ -z "$(ls "$BATS_TEST_TMPDIR/tmp")" ]
}

@test "the dracut module leaves itself out where there is nothing to apply, and says so" {
	for programs in : programs_in_root; do
		$programs
		dracut_check
		[ "$status" -eq 255 ]
		[ "$output" = "kpatch-early: left out: no live patch for 6.1.0-test in $store/6.1.0-test" ]
	done
}

@test "without one of the programs the dracut module leaves itself out, which is an error where there is a patch" {
	patch "$store/6.1.0-test/lp_a.ko" 6.1.0-test
	dracut_check
	[ "$status" -eq 255 ]
	[ "$output" = "error: kpatch-early: left out, with the patches in $store/6.1.0-test: no kpatch-early that runs here is installed" ]
	programs_in_root
	dracut_check
	[ "$status" -eq 0 ]
	rm "$root/usr/lib/kpatch-early/kpatch-early"
	dracut_check kpatch_early_strict=yes
	[ "$status" -eq 1 ]
	output_has "error: kpatch-early: left out, with the patches in $store/6.1.0-test: $root/usr/lib/kpatch-early/kpatch-early is not installed"
	output_has "fatal: kpatch-early: no initramfs is made, since dracut.conf says kpatch_early_strict=yes"
}

@test "the dracut module takes itself in where a drop-in requires a patch, and none is there" {
	programs_in_root
	mkdir -p "$root/etc/kpatch-early/manifest.d"
	# with DROP_IN STATUS
	with() {
		echo "$1" >"$root/etc/kpatch-early/manifest.d/10.conf"
		dracut_check
		[ "$status" -eq "$2" ]
		[ -z "${output#kpatch-early: left out: no live patch for 6.1.0-test in "$store/6.1.0-test"}" ]
	}
	for line in "" "6.1.0-test lp_a.ko" "6.1.0-test lp_a.ko required disabled" "6.2 lp_a.ko required"; do with "$line" 255; done
	with "6.1.0-test lp_a.ko required" 0
	with "6.1.0-test lp_a.ko what" 0
	echo enabled=no >"$root/etc/kpatch-early/kpatch-early.conf"
	with "6.1.0-test lp_a.ko required" 255
}

@test "the dracut module honours dracutsysrootdir, kernel and initdir" {
	patch "$store/6.1.0-test/lp_a.ko" 6.1.0-test
	programs_in_root
	mkdir "$BATS_TEST_TMPDIR/initdir"
	run bash -c '
		dinfo() { echo "$@"; }; derror() { echo "error: $@"; }
		inst_simple() { echo "inst_simple $1 $2"; }; inst_hook() { echo "inst_hook $1 $2 ${3##*/}"; }
		dracut_module_included() { return 1; }
		. dracut-module/50kpatch-early/module-setup.sh
		moddir=dracut-module/50kpatch-early
		kernel=6.1.0-test dracutsysrootdir='"$root"' initdir='"$BATS_TEST_TMPDIR/initdir"'
		check && install'
	[ "$status" -eq 0 ]
	output_has "inst_simple $root/usr/lib/kpatch-early/kpatch-early /usr/sbin/kpatch-early"
	output_has "inst_hook pre-udev 00 kpatch-early.sh"
	for point in "initqueue/timeout 99" "emergency 00" "shutdown-emergency 00"; do
		output_has "inst_hook $point kpatch-early-rollback.sh"
	done
	output_has "baked lp_a.ko for 6.1.0-test"
	grep -q '^6.1.0-test lp_a.ko sha256=' "$BATS_TEST_TMPDIR/initdir/etc/kpatch-early/manifest"
}

@test "the dracut module brings the lines of modprobe.d about the modules that it brings, and no other" {
	modules=$root/lib/modules/6.1.0-test
	for name in crc-deep crc_x nvme softdog other; do module "$modules/kernel/$name.ko" "name=${name//-/_}"; done
	module "$modules/kernel/drivers/watchdog/esb-dog.ko" name=esb_dog "alias=pci:v00008086d000025ABsv*sd*bc*sc*i*"
	printf '%s\n' "kernel/crc_x.ko: kernel/crc-deep.ko" kernel/nvme.ko: kernel/other.ko: >"$modules/modules.dep"
	printf '%s\n' "alias pci:v00008086d000025ABsv*sd*bc*sc*i* esb_dog" "alias disk-driver nvme" >"$modules/modules.alias"
	programs_in_root
	mkdir -p "$BATS_TEST_TMPDIR/initdir/lib/modules"
	ln -s "$modules" "$BATS_TEST_TMPDIR/initdir/lib/modules/"
	patch "$BATS_TEST_TMPDIR/initdir/usr/lib/kpatch-early/patches/6.1.0-test/lp_a.ko" 6.1.0-test
	module "$BATS_TEST_TMPDIR/initdir/usr/lib/kpatch-early/patches/6.1.0-test/lp_b.ko" name=lp_b livepatch=Y depends=crc_x "vermagic=6.1.0-test x"
	echo guard_modules=disk-driver >"$root/etc/kpatch-early/kpatch-early.conf"
	mkdir -p "$root"/{etc,run,usr/lib}/modprobe.d "$BATS_TEST_TMPDIR/initdir"
	printf '%s\n' "# options crc_x a=0" "options crc-x \\" " a=1" "  options other b=1" "install nvme /bin/true" >"$root/etc/modprobe.d/b b.conf"
	ln -s /dev/null "$root/etc/modprobe.d/masked.conf"
	echo "blacklist esb-dog" >"$root/run/modprobe.d/a.conf"
	echo "options crc_x masked=1" >"$root/usr/lib/modprobe.d/masked.conf"
	printf '%s\n' "options	crc_deep c=1" "blacklist softdog" "options efi-pstore pstore_disable=1" "softdep crc_x pre: other" >"$root/usr/lib/modprobe.d/c.conf"
	dracut_installkernel() {
		run bash -c '
			dinfo() { echo "$@"; }; instmods() { :; }
			. dracut-module/50kpatch-early/module-setup.sh
			kernel=6.1.0-test srcmods='"$modules"' dracutsysrootdir='"$root"' initdir='"$BATS_TEST_TMPDIR/initdir"'
			installkernel'
		[ "$status" -eq 0 ]
		[ -z "$output" ]
	}
	written=$BATS_TEST_TMPDIR/initdir/etc/modprobe.d/zz-kpatch-early.conf
	dracut_installkernel
	diff - "$written" <<-'END'
		blacklist esb-dog
		options crc-x  a=1
		install nvme /bin/true
		options	crc_deep c=1
		options efi-pstore pstore_disable=1
	END
	rm -r "$root"/{etc,run,usr/lib}/modprobe.d "$written"
	dracut_installkernel
	[ ! -e "$written" ]
}

# dracut_install WORD...: the module's install, with dracut's functions replaced and WORDs as settings
dracut_install() {
	rm -rf "$BATS_TEST_TMPDIR/initdir"
	mkdir "$BATS_TEST_TMPDIR/initdir"
	run env "$@" bash -c '
		dinfo() { echo "$@"; }; derror() { echo "error: $@"; }
		inst_simple() { :; }; inst_hook() { :; }
		dracut_module_included() { return 1; }
		. dracut-module/50kpatch-early/module-setup.sh
		moddir=dracut-module/50kpatch-early
		kernel=6.1.0-test dracutsysrootdir='"$root"' initdir='"$BATS_TEST_TMPDIR/initdir"'
		install'
	[ "$status" -eq 0 ]
}

@test "the dracut module takes the keys along, and signs or says that the boot will refuse" {
	etc=$BATS_TEST_TMPDIR/initdir/etc/kpatch-early notes=$BATS_TEST_TMPDIR/initdir/usr/lib/dracut/kpatch-early
	patch "$store/6.1.0-test/lp_a.ko" 6.1.0-test
	programs_in_root
	dracut_install
	[[ $output != *error* ]]
	[ ! -e "$etc/keys" ]
	[ ! -e "$notes/keys" ]
	mkdir "$root/etc/kpatch-early/keys"
	for name in one two; do
		signify-openbsd -G -n -p "$root/etc/kpatch-early/keys/$name.pub" -s "$BATS_TEST_TMPDIR/$name.sec"
	done
	dracut_install
	output_has "error: kpatch-early: this initramfs will refuse its manifest and load no patch"
	[ ! -e "$etc/manifest.sig" ]
	diff -r "$root/etc/kpatch-early/keys" "$etc/keys"
	cat "$root"/etc/kpatch-early/keys/*.pub | cmp - "$notes/keys"
	dracut_install kpatch_early_sign="$BATS_TEST_TMPDIR/two.sec"
	[[ $output != *error* ]]
	signify-openbsd -V -q -p "$etc/keys/two.pub" -m "$etc/manifest" -x "$etc/manifest.sig"
	diff -r "$root/etc/kpatch-early/keys" "$etc/keys"
	[ -z "$(find "$BATS_TEST_TMPDIR/initdir" -name '*.sec')" ]
	dracut_install kpatch_early_sign="$BATS_TEST_TMPDIR/three.sec"
	output_has "three.sec: signify did not sign with it"
	output_has "error: kpatch-early: not every patch for 6.1.0-test is in this initramfs"
	ln -s nowhere "$root/etc/kpatch-early/keys/three.pub"
	dracut_install
	[ -e "$etc/keys/three.pub" ]
}

@test "with keys that cannot be listed the dracut module makes an initramfs that refuses" {
	etc=$BATS_TEST_TMPDIR/initdir/etc/kpatch-early
	patch "$store/6.1.0-test/lp_a.ko" 6.1.0-test
	programs_in_root
	for keys in "ln -s nowhere" touch; do
		$keys "$root/etc/kpatch-early/keys"
		dracut_install
		output_has "error: kpatch-early: this initramfs will refuse its manifest and load no patch: $root/etc/kpatch-early/keys cannot be listed"
		cp -r "$root/proc" "$root/sys" "$BATS_TEST_TMPDIR/initdir/"
		run "$early" apply --dry-run --root "$BATS_TEST_TMPDIR/initdir"
		[ "$status" -eq 2 ]
		output_has "/etc/kpatch-early/keys cannot be read"
		rm "$root/etc/kpatch-early/keys"
	done
}

@test "the hook is POSIX, short, and leaves no name behind" {
	hook=dracut-module/50kpatch-early/kpatch-early.sh
	[ "$(wc -l <$hook)" -lt 15 ]
	[ -z "$(grep -E '^[^#]*(\<set\>|\<exit\>|\<cd\>|\<trap\>)' $hook)" ]
	# The one for the root that does not come ends a shell's service, or the shell.
	[ "$(grep -E '^[^#]*(\<set\>|\<exit\>|\<cd\>|\<trap\>)' ${hook%.sh}-rollback.sh | grep -cvE 'dracut-emergency|/\.profile')" -eq 0 ]
	before=$(dash -c 'set' | sed 's/=.*//' | sort)
	after=$(dash -c ". ./$hook; set" 2>/dev/null | sed 's/=.*//' | sort)
	[ "$before" = "$after" ]
}
