#!/usr/bin/env -S bats --tap
# info: what a patch says of itself, and what this machine knows of it.

load helpers

setup() {
	fake_root
	mkdir -p "$root/usr/sbin" "$root/proc/self/fd" "$root/sys/kernel/livepatch" "$(dirname "$file")"
	cp "$top/build/kpatch-early" "$root/usr/sbin/"
	ko=$BATS_TEST_TMPDIR/lp_a.ko
}

# tables BODY: by-hand, kpatch-build or kpatch-build-0.3, the functions that a patch replaces
tables() {
	cat <<-'END'
		.text
		new: .zero 64
		.section .rodata.str1.1,"aMS",@progbits,1
		version: .string "version_proc_show"
		loadavg: .string "loadavg_proc_show"
		kvm: .string "kvm"
		run: .string "vcpu_run"
		vmlinux: .string "vmlinux"
		.section .gnu.linkonce.this_module,"aw"
		.globl __this_module
		__this_module: .zero 64
	END
	case $1 in
	by-hand) cat <<-'END' ;;
		.data
		patch: .quad __this_module, objs, 0
		objs: .quad 0, funcs, 0, 0, 0, 0, kvm, funcs_kvm, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
		.type objs, @object
		.size objs, .-objs
		funcs: .quad version, new, 0, 0, loadavg, new + 16, 0, 0, 0, 0, 0, 0
		.type funcs, @object
		.size funcs, .-funcs
		funcs_kvm: .quad run, new + 32, 0, 0, 0, 0, 0, 0
		.type funcs_kvm, @object
		.size funcs_kvm, .-funcs_kvm
	END
	kpatch-build) cat <<-'END' ;;
		.section .kpatch.funcs, "a"
		.quad new, 16, 0, 16, 1, version, vmlinux
		.quad new + 16, 16, 0, 16, 1, run, kvm
		.quad new + 32, 16, 0, 16, 1, loadavg, vmlinux
	END
	kpatch-build-0.3) cat <<-'END' ;;
		.section .kpatch.funcs, "a"
		.quad new, 16, 0, 16, version, vmlinux
		.quad new + 16, 16, 0, 16, run, kvm
		.quad new + 32, 16, 0, 16, loadavg, vmlinux
	END
	esac
}

# patch_of FILE TABLES [FIELD...]: a live patch with a build id, tables and .modinfo
patch_of() {
	local file=$1
	module "$file.modinfo" "name=$(basename "$file" .ko | tr - _)" livepatch=Y license=GPL \
		"vermagic=$release SMP " "${@:3}"
	tables "$2" | as -o "$file.tables" -
	ld -r -o "$file" "$file.modinfo" "$file.tables"
	rm "$file.modinfo" "$file.tables"
}

# klp_build_object FILE PREFIX OBJECT FUNCTION...: what klp-build makes of one object's changes, for the linker. The names of
# its sections begin with PREFIX: .init.klp, or __klp in its first release. vmlinux has no name.
klp_build_object() {
	local file=$1 prefix=$2 name
	[[ $3 == vmlinux ]] && name=0 || name="\"$3\""
	{
		cat <<-'END'
			struct func { const char *old_name; void (*new_func)(void); unsigned long sympos; };
			struct object {
				const char *name;
				const struct func *funcs;
				struct { void *functions[4]; _Bool post_unpatch_enabled; } callbacks;
				unsigned int nr_funcs;
			};
		END
		printf 'static void new_%s(void) {}\n' "${@:4}"
		echo "static const struct func funcs[] __attribute__((used, section(\"${prefix}_funcs\"))) = {"
		printf '{ "%s", new_%s, 1 },\n' $(printf '%s\n' "${@:4}" | sed p)
		echo "};"
		echo "static const struct object object __attribute__((used, section(\"${prefix}_objects\"))) = {"
		echo "$name, funcs, { { 0 }, 0 }, sizeof(funcs) / sizeof(*funcs) };"
	} | gcc -c -Os -fno-pie -xc -o "$file" -
}

# inside ARGUMENT: info in the chroot, whose /proc leads to $store/$release/$1 or what it links to
inside() {
	local number target=/var/lib/kpatch/$release/${2:-lp_a.ko}
	for number in {3..30}; do ln -sfn "$target" "$root/proc/self/fd/$number"; done
	run chroot "$root" /usr/sbin/kpatch-early info "$1"
}

# inside_with_proc ARGUMENT: info in the chroot, with the real /proc
inside_with_proc() {
	run unshare --mount sh -c 'mount --bind /proc "$0/proc" && exec chroot "$0" /usr/sbin/kpatch-early info "$1"' "$root" "$1"
}

info() { run "$program" info "$@"; }

# field KEY VALUE: the output has this line, once
field() {
	[ "$(grep -c "^$1:" <<<"$output")" -eq 1 ] && grep -qxF -e "$(printf '%-16s%s' "$1:" "$2")" <<<"$output" || {
		echo "$output"
		return 1
	}
}

# sign FILE OPTION...: appends a signature as the kernel's sign-file does; options of openssl cms
sign() {
	local file=$1 message=$BATS_TEST_TMPDIR/message
	[ -e "$BATS_TEST_TMPDIR/key" ] || openssl req -x509 -newkey rsa:2048 -nodes -days 2 \
		-subj "/O=Organization/CN=Test of kpatch-early" -keyout "$BATS_TEST_TMPDIR/key" \
		-out "$BATS_TEST_TMPDIR/certificate" 2>/dev/null
	openssl cms -sign -binary -noattr -nocerts -md sha256 -outform DER -in "$file" -out "$message" \
		-signer "$BATS_TEST_TMPDIR/certificate" -inkey "$BATS_TEST_TMPDIR/key" "${@:2}"
	append "$file" "$message"
}

# append FILE MESSAGE: the message, its struct module_signature and the last line
append() {
	local size
	size=$(stat -c %s "$2")
	cat "$2" >>"$1"
	perl -e 'print pack("C8 N", 0, 0, 2, 0, 0, 0, 0, 0, $ARGV[0]), "~Module signature appended~\n"' "$size" >>"$1"
}

@test "info prints what modinfo prints, to the byte, then five things more" {
	patch_of "$ko" by-hand "description=Fehler $(printf '\303\274ber')	all" "author=A <a@b>" \
		"parm=one:the first" "parmtype=one:int" "parmtype=two:bool" "parm=three:no type" \
		"parm=broken" "depends=" "a_key_that_is_too_long=x" "seventeen_letters=y" "noequals" \
		"sixteen_letters_=z" "retpoline=Y"
	info "$ko"
	[ "$status" -eq 0 ]
	head -n 1 <<<"$output" | grep -qxF "Patch information for $ko:"
	modinfo "$ko" 2>/dev/null >"$BATS_TEST_TMPDIR/modinfo"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/modinfo")" -eq 16 ]
	# Behind keys of over 15 letters kmod 30 has blanks, as many as are over, and kmod 34 none.
	diff <(sed -E 's/^([a-z_]{16,}:) */\1/' "$BATS_TEST_TMPDIR/modinfo") \
		<(tail -n +2 <<<"$output" | head -n -6 | sed -E 's/^([a-z_]{16,}:) */\1/')
	tail -n 6 <<<"$output" | grep -v "^baked:" | diff - <(
		echo "patches:        vmlinux: version_proc_show, loadavg_proc_show"
		echo "patches:        kvm: vcpu_run"
		echo "loaded:         no"
		echo "signed by:      not signed"
		echo "sha256:         $(sum "$ko")"
	)
}

@test "of a compressed file it is the module in it that counts, by its path and by the name" {
	patch_of "$ko" by-hand
	digest=$(sum "$ko")
	for program_of in gzip:gz xz:xz zstd:zst; do
		"${program_of%:*}" -qc "$ko" >"$ko.${program_of#*:}"
		info "$ko.${program_of#*:}"
		[ "$status" -eq 0 ]
		field filename "$ko.${program_of#*:}"
		field sha256 "$digest"
	done
	mkdir -p "$root/bin" "$store/$release"
	cp /bin/busybox "$root/bin/gzip"
	mv "$ko.gz" "$store/$release/other-name.ko.gz"
	for name in lp_a other-name other-name.ko; do
		inside_with_proc "$name"
		[ "$status" -eq 0 ]
		field sha256 "$digest"
	done
	rm "$root/bin/gzip"
	inside_with_proc other-name
	[ "$status" -eq 1 ]
	output_has "the program to unpack it is not installed"
	head -c 100 "$ko.xz" >"$ko.half.ko.xz"
	info "$ko.half.ko.xz"
	[ "$status" -eq 1 ]
	output_has "it cannot be read or unpacked: it is damaged"
}

@test "info tells what the drop-ins say that this very file fixes" {
	patch_of "$ko" by-hand
	mkdir -p "$root/etc/kpatch-early/manifest.d" "$store/$release"
	cp "$ko" "$store/$release/lp-a.ko"
	inside_with_proc lp_a
	[ "$status" -eq 0 ]
	[[ $output != *fixes:* ]]
	echo "$release lp-a.ko fixes=CVE-2026-0001,CVE-2026-0002" >"$root/etc/kpatch-early/manifest.d/10.conf"
	inside_with_proc lp_a
	field fixes CVE-2026-0001,CVE-2026-0002
	echo "$release lp-a.ko sha256=$(sum "$ko") fixes=CVE-2026-0003" >"$root/etc/kpatch-early/manifest.d/10.conf"
	inside_with_proc lp_a
	field fixes CVE-2026-0003
	echo "$release lp-a.ko sha256=$(printf '0%.0s' {1..64}) fixes=CVE-2026-0003" >"$root/etc/kpatch-early/manifest.d/10.conf"
	inside_with_proc lp_a
	[ "$status" -eq 0 ]
	[[ $output != *fixes:* ]]
}

@test "a file given by a relative path is shown with its absolute one, as modinfo does" {
	patch_of "$ko" by-hand
	cd "$BATS_TEST_TMPDIR"
	info ./lp_a.ko
	[ "$status" -eq 0 ]
	field filename "$(modinfo -F filename ./lp_a.ko)"
	output_has "Patch information for ./lp_a.ko:"
}

@test "a control character in a field forges no line and reaches no terminal" {
	patch_of "$ko" by-hand 'description=x\nloaded:         yes, enabled' 'author=\033[2Jx'
	info "$ko"
	field description "x?loaded:         yes, enabled"
	field author "?[2Jx"
	field loaded no
}

@test "the sample patches, compiled for both kernels, show what their sources patch" {
	local source patch count=0
	# Left out are those without an own init, and those whose names are longer than the kernel takes.
	for source in $(grep -LE '^#define SAMPLE_INIT|than the kernel takes' "$top"/images/patches/lp*.c); do
		for patch in "${BUILD:-$top/build}"/kernel/*/patches/"$(basename "$source" .c).ko"; do
			[ -e "$patch" ] || skip "images/prepare has not compiled $(basename "$source")"
			info "$patch"
			[ "$status" -eq 0 ]
			diff <(modinfo "$patch") <(sed -n '/^filename/,/^patches/p' <<<"$output" | head -n -1)
			field patches "$(sed -n 's/, [a-z_]*, SAMPLE_FUNCTION("\([a-z_]*\)".*/, \1", /
				s/^SAMPLE_PATCH(NULL, "\(.*\)",.*/vmlinux: \1/p
				s/^SAMPLE_PATCH("\(.*\)", "\(.*\)",.*/\1: \2/p' "$source" | tr -d '"')"
			field "signed by" "not signed"
			count=$((count + 1))
		done
	done
	[ $count -ge 10 ]
}

@test "functions of a patch of kpatch-build, also before 0.3.2, are grouped by object" {
	for tables in kpatch-build kpatch-build-0.3; do
		patch_of "$ko" $tables
		info "$ko"
		[ "$status" -eq 0 ]
		[ "$(grep ^patches <<<"$output")" = "patches:        vmlinux: version_proc_show, loadavg_proc_show
patches:        kvm: vcpu_run" ]
	done
}

@test "what a patch for arm64 patches is read on this machine" {
	for tables in by-hand kpatch-build; do
		PATH=$arm64:$PATH patch_of "$ko" $tables
		[ "$(readelf -h "$ko" | sed -n 's/.*Machine: *//p')" = AArch64 ]
		info "$ko"
		[ "$status" -eq 0 ]
		[ "$(grep ^patches <<<"$output")" = "patches:        vmlinux: version_proc_show, loadavg_proc_show
patches:        kvm: vcpu_run" ]
	done
}

@test "functions of a patch of klp-build are read by the number of each object, in both its forms" {
	for prefix in .init.klp __klp; do
		module "$ko.modinfo" name=lp_a livepatch=Y license=GPL "vermagic=$release SMP "
		klp_build_object "$ko.kvm" $prefix kvm vcpu_run
		klp_build_object "$ko.vmlinux" $prefix vmlinux version_proc_show loadavg_proc_show
		ld -r -o "$ko" "$ko.modinfo" "$ko.kvm" "$ko.vmlinux"
		readelf -SW "$ko" | grep -F " .rela${prefix}_objects "
		for strip in true "strip --strip-debug" "strip --strip-unneeded"; do
			$strip "$ko"
			info "$ko"
			[ "$status" -eq 0 ]
			[ "$(grep ^patches <<<"$output")" = "patches:        kvm: vcpu_run
patches:        vmlinux: version_proc_show, loadavg_proc_show" ]
		done
	done
}

@test "strip does not change what a patch is seen to patch" {
	patch_of "$ko" by-hand
	strip --strip-unneeded "$ko"
	[ -z "$(readelf -sW "$ko" | grep funcs_kvm)" ]
	info "$ko"
	[ "$(grep ^patches <<<"$output")" = "patches:        vmlinux: version_proc_show, loadavg_proc_show
patches:        kvm: vcpu_run" ]
}

@test "what a file does not tell is read from the live patch of the same build, else said" {
	patch_of "$store/$release/lp_a.ko" none
	inside lp_a
	field patches "(cannot be read from this file)"
	enabled lp_a
	for function in vmlinux/b_show,1 vmlinux/a_show,2 ext4/read,1; do
		mkdir -p "$root/sys/kernel/livepatch/lp_a/$function"
	done
	touch "$root/sys/kernel/livepatch/lp_a/vmlinux/patched"
	inside lp_a
	field patches "(cannot be read from this file)"
	loaded lp_a "$store/$release/lp_a.ko"
	inside lp_a
	[ "$(grep ^patches <<<"$output")" = "patches:        ext4: read
patches:        vmlinux: a_show, b_show" ]
	patch_of "$store/$release/lp_a.ko" none version=2
	inside lp_a
	field patches "(cannot be read from this file)"
}

@test "a patch of the store is found by its file's and its module's name, - and _ alike" {
	patch_of "$store/$release/lp-one-two.ko" by-hand
	for name in lp-one-two.ko lp_one_two.ko lp-one-two lp_one_two lp-one_two; do
		inside $name lp-one-two.ko
		[ "$status" -eq 0 ]
		output_has "Patch information for $name:"
		field filename "/var/lib/kpatch/$release/lp-one-two.ko"
		field name lp_one_two
	done
	patch_of "$store/$release/lp_one_two.ko" by-hand
	inside lp_one_two.ko lp_one_two.ko
	field filename "/var/lib/kpatch/$release/lp_one_two.ko"
}

@test "a patch of the store is found by the name that its module gives itself, unless a file has that name" {
	module "$store/$release/renamed.ko" name=lp_original livepatch=Y license=GPL "vermagic=$release SMP "
	patch_of "$store/$release/lp_other.ko" by-hand
	for name in lp_original lp-original lp_original.ko; do
		inside_with_proc $name
		[ "$status" -eq 0 ]
		output_has "Patch information for $name:"
		field filename "/var/lib/kpatch/$release/renamed.ko"
		field name lp_original
	done
	inside_with_proc renamed
	field filename "/var/lib/kpatch/$release/renamed.ko"
	module "$store/$release/lp-original.ko" name=lp_third livepatch=Y license=GPL "vermagic=$release SMP "
	inside_with_proc lp_original
	field filename "/var/lib/kpatch/$release/lp-original.ko"
	inside_with_proc lp_nobody
	[ "$status" -eq 1 ]
	[[ $output == "kpatch-early: info: can't find lp_nobody; "* ]]
}

@test "of a patch that is in force and not in the store it is told what the kernel knows" {
	patch_of "$ko" by-hand
	loaded lp_gone "$ko"
	enabled lp_gone
	mkdir -p "$root/sys/kernel/livepatch/lp_gone/vmlinux/b_show,1" "$root/sys/kernel/livepatch/lp_gone/vmlinux/a_show,2"
	echo 1.0 >"$root/sys/module/lp_gone/version"
	echo ABCDEF >"$root/sys/module/lp_gone/srcversion"
	for name in lp_gone lp-gone lp_gone.ko; do
		inside $name
		[ "$status" -eq 0 ]
		output_has "Patch information for $name:"
		field filename "none: the store has no such patch for the running kernel; this is what the kernel knows"
		field name lp_gone
		field version 1.0
		field srcversion ABCDEF
		field "build id" "$(readelf -n "$ko" | sed -n 's/.*Build ID: //p')"
		field patches "vmlinux: a_show, b_show"
		field loaded "yes, enabled"
		field baked "unknown: apply has not run at this boot"
	done
	status_says state=applied
	echo 'patch=lp_gone outcome=applied ms=1 step=done reason=""' >>"$file"
	echo "$release lp_gone.ko sha256=$(printf '%064d' 0)" >"$manifest"
	inside lp_gone
	field baked "yes, by its name"
	# A replaced patch is no longer in /sys/kernel/livepatch, but its module has the taint of one.
	rm -r "$root/sys/kernel/livepatch/lp_gone"
	echo OEK >"$root/sys/module/lp_gone/taint"
	inside lp_gone
	field loaded "yes, disabled"
	field patches "(no longer told by the kernel)"
	# No other module passes for a patch.
	echo OE >"$root/sys/module/lp_gone/taint"
	inside lp_gone
	[ "$status" -eq 1 ]
	[[ $output == "kpatch-early: info: can't find lp_gone; "* ]]
	enabled lp_gone
	inside /lp_gone
	[ "$status" -eq 1 ]
}

@test "what can't be found is said on standard error alone, with exit status 1" {
	mkdir -p "$store/$release/folder.ko" "$store/6.0"
	touch "$store/6.0/lp_other.ko" "$store/$release/text.txt"
	for name in lp_b lp_b.ko /lp_b.ko folder.ko folder lp_other "../6.0/lp_other.ko" text.txt ""; do
		run bash -c "chroot '$root' /usr/sbin/kpatch-early info '$name' 2>&1 >/dev/null"
		[ "$status" -eq 1 ]
		[[ $output == "kpatch-early: info: can't find $name; "* ]]
		run bash -c "chroot '$root' /usr/sbin/kpatch-early info '$name' 2>/dev/null"
		[ -z "$output" ]
	done
}

@test "a file that is no module is refused before anything is printed" {
	for text in "" "no module" "$(printf '\177ELF\002\001\001')"; do
		printf '%s' "$text" >"$ko"
		run bash -c "'$program' info '$ko' 2>/dev/null"
		[ "$status" -eq 1 ]
		[ -z "$output" ]
		info "$ko"
		[ "$output" = "kpatch-early: info: $ko: it is not a whole ELF module" ]
	done
	truncate -s 65M "$ko"
	info "$ko"
	[ "$status" -eq 1 ]
	output_has "it is larger than the limit"
}

@test "a module with more parameters than the limit is refused" {
	for count in 256 257; do
		mapfile -t fields < <(seq -f 'parm=p%.0f:text' "$count")
		module "$ko" name=lp_a license=GPL "vermagic=$release SMP " "${fields[@]}"
		info "$ko"
		[ "$status" -eq $((count - 256)) ]
	done
	output_has "kpatch-early: info: $ko: it has more parameters than the limit"
}

@test "a module cut anywhere is an error or a report, never a crash" {
	patch_of "$ko" by-hand
	size=$(stat -c %s "$ko")
	for ((len = 1; len < size; len += 97)); do
		head -c $len "$ko" >"$BATS_TEST_TMPDIR/cut.ko"
		info "$BATS_TEST_TMPDIR/cut.ko"
		[ "$status" -le 1 ]
	done
}

@test "loaded tells the state of a patch, and when it is another build" {
	patch_of "$store/$release/lp_a.ko" by-hand
	inside lp_a
	field loaded no
	loaded lp_a "$store/$release/lp_a.ko"
	inside lp_a
	field loaded "yes, disabled"
	for state in "1 0 enabled" "1 1 enabling..." "0 1 disabling..." "0 0 disabled"; do
		read -r on transition word <<<"$state"
		enabled lp_a "$on" "$transition"
		inside lp_a
		field loaded "yes, $word"
	done
	enabled lp_a what
	inside lp_a
	field loaded "yes, in a state that cannot be read"
	enabled lp_a
	patch_of "$store/$release/lp_a.ko" by-hand version=2
	inside lp_a
	[ "$status" -eq 0 ]
	field loaded "yes, but another build of that name"
	rm -r "$root/sys/module/lp_a/notes"
	inside lp_a
	field loaded "yes, enabled; whether it is this build cannot be told"
}

@test "a module that is no live patch is shown as well, and said to be none" {
	module "$store/$release/driver.ko" name=driver license=GPL
	loaded driver "$store/$release/driver.ko"
	inside driver driver.ko
	[ "$status" -eq 0 ]
	field loaded "yes, but it is no live patch"
	field patches "nothing: it is no live patch (neither livepatch=Y nor depends=kpatch)"
}

status_says() { printf 'version=1\nkernel=%s\n%s\nreason=""\n' "$release" "$1" >"$file"; }

@test "baked tells whether the patch was in what booted" {
	patch_of "$store/$release/lp_a.ko" by-hand
	inside lp_a
	field baked "unknown: apply has not run at this boot"
	for state in disabled quarantined; do
		status_says state=$state
		inside lp_a
		field baked "unknown: apply was disabled at this boot"
	done
	status_says state=failed
	inside lp_a
	field baked "unknown: apply could not use its manifest"
	status_says state=nothing
	inside lp_a
	field baked no
	status_says state=applied
	echo 'patch=lp_ab outcome=applied ms=1 step=done reason=""' >>"$file"
	inside lp_a
	field baked no
	status_says state=failed
	echo 'patch=lp_ab outcome=failed ms=1 step=load reason="x"' >>"$file"
	inside lp_a
	field baked no
	echo 'patch=lp_a outcome=failed ms=1 step=load reason="x"' >>"$file"
	inside lp_a
	field baked "yes, by its name; no manifest here tells of the file"
}

@test "baked compares with the manifest of this root, where there is one" {
	patch_of "$store/$release/lp_a.ko" by-hand
	status_says state=applied
	echo 'patch=lp_a outcome=applied ms=1 step=done reason=""' >>"$file"
	other=$(printf '%064d' 0)
	echo "$release lp_a.ko sha256=$(sum "$store/$release/lp_a.ko")" >"$manifest"
	inside lp_a
	field baked yes
	echo "$release lp-a.ko sha256=$other" >"$manifest"
	inside lp_a
	field baked "another file of that name"
	for text in "6.0 lp_a.ko sha256=$other" "$release lp_b.ko sha256=$other" "wrong" ""; do
		echo "$text" >"$manifest"
		inside lp_a
		field baked "yes, by its name; no manifest here tells of the file"
	done
	status_says state=nothing
	echo "$release lp_a.ko sha256=$(sum "$store/$release/lp_a.ko")" >"$manifest"
	inside lp_a
	field baked no
}

@test "a signature's signer is named, by its certificate or its key id" {
	patch_of "$ko" by-hand
	cp "$ko" "$BATS_TEST_TMPDIR/other.ko"
	sign "$ko"
	info "$ko"
	[ "$status" -eq 0 ]
	field "signed by" "Test of kpatch-early"
	field sha256 "$(sum "$ko")"
	field sig_id "PKCS#7"
	# What libkmod could not read is left out, and not shown as empty.
	[ -z "$(grep -E '^(signer|sig_key|signature): *$|^sig_hashalgo: *unknown$' <<<"$output")" ]
	output_has "patches:        kvm: vcpu_run"
	sign "$BATS_TEST_TMPDIR/other.ko" -keyid
	info "$BATS_TEST_TMPDIR/other.ko"
	key=$(openssl x509 -in "$BATS_TEST_TMPDIR/certificate" -noout -ext subjectKeyIdentifier | tail -n 1 | tr -d ' :')
	[ ${#key} -eq 40 ]
	field "signed by" "key id ${key,,}"
}

@test "a signature that can't be understood is called one" {
	patch_of "$ko" by-hand
	echo "no DER" >"$BATS_TEST_TMPDIR/message"
	append "$ko" "$BATS_TEST_TMPDIR/message"
	info "$ko"
	[ "$status" -eq 0 ]
	field "signed by" "signed, the signer cannot be read"
}

@test "info is for everyone who can read the file" {
	patch_of "$ko" by-hand
	chmod a+rx "$BATS_RUN_TMPDIR" "$BATS_TEST_TMPDIR"
	chmod 644 "$ko"
	run setpriv --reuid 65534 --clear-groups "$program" info "$ko"
	[ "$status" -eq 0 ]
	field sha256 "$(sum "$ko")"
	chmod 600 "$ko"
	run setpriv --reuid 65534 --clear-groups "$program" info "$ko"
	[ "$status" -eq 1 ]
	[ "$output" = "kpatch-early: info: $ko: Permission denied" ]
}

@test "wrong usage is exit status 2, standard output that is full is 1" {
	patch_of "$ko" by-hand
	for words in "info" "info a b" "info --wrong" "info $ko $ko"; do
		run "$program" $words
		[ "$status" -eq 2 ]
		output_has "nothing was done"
	done
	info -- "$ko"
	[ "$status" -eq 0 ]
	run bash -c "'$program' info '$ko' 2>&1 >/dev/full"
	[ "$status" -eq 1 ]
	output_has "kpatch-early: info: $ko: "
	# The first write is lost, the last one is not.
	patch_of "$ko" by-hand "description=$(printf '%09000d')"
	run strace -qq -o "$BATS_TEST_TMPDIR/strace" -e trace=write,writev \
		-e inject=write,writev:error=ENOSPC:when=1 "$program" info "$ko"
	[ "$status" -eq 1 ]
}
