#!/usr/bin/env -S bats --tap
# check: what it says of patches for the stock kernels, and that it says what these kernels say themselves.

load helpers

setup() {
	fake_root
	ko=$BATS_TEST_TMPDIR/lp_x.ko
	use amd64
}

# use SERIES: the kernel of images/kernel that is asked about
use() {
	kernel=$top/build/kernel/$1	# of x86-64
	[[ -z ${BUILD-} ]] || kernel=$BUILD/kernel/$1
	k=$(<"$kernel/release")
	samples=$kernel/patches
	modules=$kernel/lib/modules/$k
	vermagic=$(modinfo -F vermagic "$samples/lp_version.ko")
	object="" changed_symbol="" unlisted_symbol="" functions=() wanted=() fields=(name=lp_x livepatch=Y license=GPL depends= "vermagic=$vermagic")
}

# check [OPTION...] FILE...: against the kernel in use
check() { run "$program" check --kernel "$kernel/vmlinux" --modules "$modules" "$@"; } # of x86-64

# answers STATUS ANSWER [LINE...]: what the check of one patch must say, each LINE the begin of a line of it
answers() {
	local line
	if [[ $status -ne $1 || $'\n'$output$'\n' != *" for $k: $2"$'\n'* ]]; then
		echo "$k: $status, $output"
		return 1
	fi
	for line in "${@:3}"; do
		[[ $output == *$'\n'*"$line"* ]] || {
			echo "$k: no \"$line\": $output"
			return 1
		}
	done
}

# crc_of SYMBOL: the kernel's; a test may have $changed_symbol get another, and $unlisted_symbol none
crc_of() {
	[[ $1 != "$changed_symbol" ]] || echo 0x12345678
	[[ $1 == "$changed_symbol" ]] ||
		awk -v name="$1" '$2 == name { crc = $1 } END { print crc ? crc : 0 }' "$kernel/headers/Module.symvers"
}

# live_patch: assembles $ko with $fields, which wants the symbols $wanted, and replaces the $functions of $object, or of vmlinux.
# Each is "NAME" or "NAME POSITION".
live_patch() {
	local field name position i
	{
		echo '.section .gnu.linkonce.this_module,"aw"; .globl __this_module; __this_module: .zero 896'
		echo '.section .modinfo,"a"'
		for field in "${fields[@]}"; do echo ".string \"$field\""; done
		echo '.macro version name crc'
		printf '%s\n' '99: .quad \crc' '.string "\name"' '.zero 64 - (. - 99b)' .endm '.section __versions,"a"'
		for name in module_layout klp_enable_patch "${wanted[@]}"; do
			[[ $name == "$unlisted_symbol" ]] || echo "version $name $(crc_of "$name")"
		done
		echo '.section .rodata.str1.1,"aMS",@progbits,1'
		for i in "${!functions[@]}"; do echo "name_$i: .string \"${functions[i]% *}\""; done
		[[ -z $object ]] || echo "object: .string \"$object\""
		echo '.section .calls,"aw"; .quad klp_enable_patch; .section .wanted,"aw"'
		for name in "${wanted[@]}"; do echo ".quad $name"; done
		printf '%s\n' .text 'new: .zero 64' .data 'patch: .quad __this_module, objs, 0'
		echo "objs: .quad $([[ -n $object ]] && echo object || echo 0), funcs"
		printf '%s\n' '.zero 136; .zero 152' '.type objs, @object; .size objs, . - objs' funcs:
		for i in "${!functions[@]}"; do
			position=${functions[i]#* }
			[[ ${functions[i]} == *" "* ]] || position=0
			echo ".quad name_$i, new, $position; .zero 128"
		done
		printf '%s\n' '.zero 152' '.type funcs, @object; .size funcs, . - funcs'
	} | as -o "$ko" -
}

# for_each_kernel COMMAND...: stops at the first that fails
for_each_kernel() {
	local series
	for series in amd64 6.12-amd64; do
		use "$series"
		"$@" || return 1
	done
}

samples_are_taken() {
	local name
	for name in lp-execdomains lp_version lp_loadavg lp_replace lp_depends lp_init_fails lp_oops_callback; do
		check "$samples/$name.ko"
		answers 0 "nothing against it" || return 1
	done
}

@test "patches that the kernel takes have nothing against them" {
	for_each_kernel samples_are_taken
}

samples_are_refused() {
	check "$samples/lp_unknown_function.ko"
	answers 1 refused "  rule 10, refused: vmlinux has no function kpe_no_such_function" \
		"    kernel: EINVAL, \"livepatch: symbol 'kpe_no_such_function' not found in symbol table\"" || return 1
	check "$samples/lp_unknown_symbol.ko"
	answers 1 refused "  rule 4, refused: neither the kernel nor a module of depends= exports kpe_no_such_symbol" \
		'    kernel: ENOENT, "lp_unknown_symbol: Unknown symbol kpe_no_such_symbol (err -2)"' || return 1
	check "$samples/not_a_patch.ko"
	answers 1 refused "  rule 3, refused: it is no live patch"
}

@test "patches that the kernel refuses are refused with its own words" {
	for_each_kernel samples_are_refused
}

# with_samples: $modules becomes a tree that has the modules of images/patches
with_samples() {
	local tree=$BATS_TEST_TMPDIR/tree-$k
	mkdir -p "$tree/lib/modules/$k"
	cp "$samples"/kpe_{later,slow,sleeper}.ko "$tree/lib/modules/$k/"
	cp "$modules"/modules.{order,builtin,builtin.modinfo} "$tree/lib/modules/$k/"
	depmod -b "$tree" "$k"
	modules=$tree/lib/modules/$k
}

a_driver_decides() {
	check "$samples/lp_later.ko"
	answers 3 unknown "  rule 15, unknown: the module kpe_later, which it patches, is not among those of the kernel" || return 1
	check "$samples/lp_stall.ko"
	answers 3 unknown "  rule 4, unknown: kpe_sleeper_thread may be exported by kpe_sleeper of depends=" || return 1
	with_samples
	check "$samples/lp_later.ko"
	answers 0 "nothing against it" || return 1
	check "$samples/lp_stall.ko"
	answers 0 "nothing against it"
}

@test "a patch for a module that is on no disk is unknown, and known with the module" {
	for_each_kernel a_driver_decides
}

@test "a patch that would cost a driver is refused, and the initramfs says whether that counts now" {
	local initramfs=$BATS_TEST_TMPDIR/initramfs
	local file=lib/modules/$k/kernel/drivers/block/virtio_blk.ko
	check "$samples/lp_veto.ko"
	answers 1 refused "  rule 15, refused: the kernel would refuse virtio_blk: virtio_blk has no function kpe_no_such_function"
	mkdir -p "$initramfs/${file%/*}"
	check --initramfs "$initramfs" "$samples/lp_veto.ko"
	answers 1 refused "  rule 15, refused: the kernel would refuse virtio_blk: "
	# Whoever made it may have compressed the module, or not.
	for suffix in "" .xz .zst; do
		: >"$initramfs/$file$suffix"
		check --initramfs "$initramfs" "$samples/lp_veto.ko"
		answers 1 refused "  rule 15, refused: the kernel would refuse virtio_blk, which this initramfs brings: "
		rm "$initramfs/$file$suffix"
	done
	check "$samples/lp_veto_fs.ko"
	answers 1 refused "  rule 15, refused: the kernel would refuse ext4: "
	with_samples
	check "$samples/lp_veto_later.ko"
	answers 1 refused "  rule 15, refused: the kernel would refuse kpe_later: "
}

@test "a finished initramfs is listed by this machine's own tool" {
	local folder=$BATS_TEST_TMPDIR/folder image=$BATS_TEST_TMPDIR/initrd
	mkdir -p "$folder/lib/modules/$k/kernel"
	: >"$folder/lib/modules/$k/kernel/virtio_blk.ko.xz"
	(cd "$folder" && find . | cpio -oH newc --quiet | gzip >"$image")
	check --initramfs "$image" "$samples/lp_veto.ko"
	answers 1 refused "  rule 15, refused: the kernel would refuse virtio_blk, which this initramfs brings: "
	echo nonsense >"$image"
	check --initramfs "$image" "$samples/lp_veto.ko"
	answers 1 refused "  rule 15, unknown: whether $image has the module virtio_blk cannot be read"
}

# changed FROM TO: $ko is lp_version with other bytes of the same length
changed() { sed "s/$1/$2/" "$samples/lp_version.ko" >"$ko"; }

what_modinfo_says_decides() {
	changed "SMP preempt" "SMP xreempt"
	check "$ko"
	answers 1 refused "  rule 2, refused: its vermagic is \"${vermagic/preempt/xreempt}\", the kernel's \"$vermagic\"" \
		"    kernel: ENOEXEC, \"lp_version: version magic '${vermagic/preempt/xreempt}' should be '$vermagic'\"" || return 1
	changed livepatch=Y livepatck=Y
	check "$ko"
	answers 1 refused "  rule 3, refused: it lacks livepatch=Y" \
		'    kernel: EINVAL, "livepatch: module lp_version is not marked as a livepatch module"' || return 1
	changed license=GPL license=NOT
	check "$ko"
	answers 1 refused '  rule 5, refused: klp_enable_patch is exported to GPL modules only, and its license is "NOT"' \
		'    kernel: ENOENT, "lp_version: Unknown symbol klp_enable_patch (err -2)"'
}

@test "vermagic, livepatch=Y and the license are what the kernel asks for" {
	for_each_kernel what_modinfo_says_decides
}

@test "with checksums the release in vermagic is no matter, as for the kernel" {
	changed "vermagic=6." "vermagic=9."
	check "$ko"
	answers 0 "nothing against it"
}

versions_decide() {
	functions=(version_proc_show)
	wanted=(seq_printf)
	live_patch
	check "$ko"
	answers 0 "nothing against it" || return 1
	changed_symbol=seq_printf
	live_patch
	check "$ko"
	answers 1 refused "  rule 6, refused: seq_printf has the checksum 0x12345678 in it, and 0x" \
		'    kernel: EINVAL, "lp_x: disagrees about version of symbol seq_printf"' || return 1
	changed_symbol=module_layout
	live_patch
	check "$ko"
	answers 1 refused "  rule 2, refused: it was built for a kernel whose modules are laid out otherwise" \
		'    kernel: ENOEXEC, "lp_x: disagrees about version of symbol module_layout"' || return 1
}

@test "a symbol of another version is refused, and so is another layout of modules" {
	for_each_kernel versions_decide
}

a_version_is_missing() {
	functions=(version_proc_show)
	for unlisted_symbol in seq_printf module_layout; do
		wanted=(seq_printf)
		live_patch
		check "$ko"
		answers 3 unknown "  rule 6, unknown: it has no checksum of $unlisted_symbol: " || return 1
	done
}

@test "a symbol without its version is unknown, since Debian's kernels alone refuse that" {
	for_each_kernel a_version_is_missing
}

a_namespace_decides() {
	read -r _ symbol _ _ namespace < <(awk '$3 == "vmlinux" && $5' "$kernel/headers/Module.symvers")
	functions=(version_proc_show)
	wanted=("$symbol")
	live_patch
	check "$ko"
	answers 1 refused "  rule 7, refused: $symbol is of the namespace $namespace, which it does not import" \
		"    kernel: EINVAL, \"lp_x: module uses symbol ($symbol) from namespace $namespace, but does not import it.\"" || return 1
	fields+=(import_ns=OTHER "import_ns=$namespace")
	live_patch
	check "$ko"
	answers 0 "nothing against it"
}

@test "a symbol of a namespace wants its import" {
	for_each_kernel a_namespace_decides
}

@test "a symbol of a module wants it in depends=" {
	functions=(version_proc_show)
	wanted=(twofish_setkey)
	live_patch
	check "$ko"
	answers 3 unknown "  rule 4, unknown: twofish_setkey is exported by twofish_common, which depends= does not name"
	fields[3]=depends=libata,twofish_common
	live_patch
	check "$ko"
	answers 0 "nothing against it"
	# Another patch's dependencies are not this one's.
	mv "$ko" "$BATS_TEST_TMPDIR/lp_a.ko"
	fields[3]=depends=libata
	live_patch
	check "$BATS_TEST_TMPDIR/lp_a.ko" "$ko"
	[[ $output == *"lp_a.ko for $k: nothing against it"* ]]
	[[ $output == *"rule 4, unknown: twofish_setkey is exported by twofish_common, which depends= does not name"* ]]
}

functions_are_looked_up() {
	local name
	functions=(m_next)
	live_patch
	check "$ko"
	answers 1 refused "  rule 10, refused: vmlinux has several symbols m_next, and it gives no position" \
		"    kernel: EINVAL, \"livepatch: unresolvable ambiguity for symbol 'm_next' in object '(null)'\"" || return 1
	functions=("m_next 1" "m_next 2")
	live_patch
	check "$ko"
	answers 0 "nothing against it" || return 1
	functions=("m_next 99")
	live_patch
	check "$ko"
	answers 1 refused "  rule 10, refused: it patches number 99 of the symbols m_next, and vmlinux has less" \
		"    kernel: EINVAL, \"livepatch: symbol position 99 for symbol 'm_next' in object 'vmlinux' not found\"" || return 1
	functions=(version_proc_show "version_proc_show 1")
	live_patch
	check "$ko"
	answers 1 refused "  rule 10, refused: it patches version_proc_show of vmlinux twice" "    kernel: EEXIST"
}

@test "a name that several functions have wants a position" {
	for_each_kernel functions_are_looked_up
}

# cannot_be_patched FUNCTION REASON
cannot_be_patched() {
	functions=("$1")
	live_patch
	check "$ko"
	answers 1 refused "  rule 11, refused: $1 of vmlinux cannot be patched: $2" \
		"    kernel: EINVAL, \"livepatch: failed to find location for function '$1'\""
}

ftrace_decides() {
	cannot_be_patched jiffies "it is a variable" &&
		cannot_be_patched start_kernel "its memory is freed after the boot" &&
		cannot_be_patched do_syscall_64 "it is in .noinstr.text" &&
		cannot_be_patched clear_page_erms "ftrace knows no place in it"
}

@test "what ftrace cannot redirect cannot be patched, and why is said" {
	for_each_kernel ftrace_decides
}

objects_have_names() {
	functions=(version_proc_show)
	object=vmlinux
	live_patch
	check "$ko"
	answers 1 refused "  rule 12, refused: an object of it is named vmlinux" || return 1
	object=$(printf 'x%.0s' {1..56})
	live_patch
	check "$ko"
	answers 1 refused "  rule 12, refused: the name of the object $object is too long" || return 1
	object=crc32c_generic
	live_patch
	check "$ko"
	[[ $output != *"rule 12"* ]]
	for object in "" ext4; do
		functions=("$(printf 'y%.0s' {1..512})" "$(printf 'z%.0s' {1..4000})")
		live_patch
		check "$ko"
		answers 1 refused "  rule 12, refused: the name of a function of ${object:-vmlinux} is too long: yyyy" \
			"  rule 12, refused: the name of a function of ${object:-vmlinux} is too long: zzzz" "    kernel: EINVAL" || return 1
		[[ $output != *"rule 1[015]"* ]]
		functions=("$(printf 'y%.0s' {1..511})")
		live_patch
		check "$ko"
		[[ $status -eq 1 && $output == *" has no function yyyy"* && $output != *"rule 12"* ]] || return 1
	done
}

@test "objects want a name that fits" {
	for_each_kernel objects_have_names
}

@test "an object that is built in is said to be that" {
	functions=(version_proc_show)
	object=$(sed -n '1s|.*/||; 1s|\.ko$||p' "$modules/modules.builtin")
	object=${object//-/_}
	live_patch
	check "$ko"
	answers 0 "nothing against it" "  rule 15, note: $object is built into the kernel"
}

# relocated OBJECT SYMBOL: $ko has a livepatch relocation for OBJECT, to SYMBOL
relocated() {
	functions=(version_proc_show)
	[[ -z $object ]] || functions=(ext4_fill_super)
	wanted=(kpe_wanted)
	live_patch
	"$top/tests/klp-relocate" "$ko" .wanted ".klp.rela.$1..wanted" kpe_wanted "$2"
	check "$ko"
}

livepatch_symbols_are_looked_up() {
	relocated vmlinux .klp.sym.vmlinux.linux_proc_banner,0
	answers 0 "nothing against it" || return 1
	relocated vmlinux .klp.sym.vmlinux.m_next,2
	answers 0 "nothing against it" || return 1
	relocated vmlinux .klp.sym.vmlinux.kpe_none,0
	answers 1 refused "  rule 8, refused: it refers to kpe_none, which vmlinux does not have" \
		"    kernel: EINVAL, \"livepatch: symbol 'kpe_none' not found in symbol table\"" || return 1
	relocated vmlinux .klp.sym.vmlinux.m_next,0
	answers 1 refused "  rule 8, refused: it refers to m_next, of which vmlinux has several" \
		"    kernel: EINVAL, \"livepatch: unresolvable ambiguity for symbol 'm_next' in object '(null)'\"" || return 1
	relocated vmlinux .klp.sym.vmlinux.m_next,99
	answers 1 refused "  rule 8, refused: it refers to number 99 of those called m_next, and vmlinux has less" || return 1
	relocated vmlinux .klp.sym.vmlinux.m_next
	answers 1 refused "  rule 8, refused: the symbol .klp.sym.vmlinux.m_next is not named" \
		'    kernel: EINVAL, "livepatch: symbol .klp.sym.vmlinux.m_next has an incorrectly formatted name"' || return 1
	relocated "" .klp.sym.vmlinux.linux_proc_banner,0
	answers 1 refused "  rule 8, refused: the section .klp.rela...wanted is not named"
}

@test "livepatch symbols are looked up as the kernel does" {
	for_each_kernel livepatch_symbols_are_looked_up
}

# Without depends= no module is loaded by the time of the patch, and the kernel asks those that are loaded.
another_modules_symbol_wants_its_module() {
	local missing=("    kernel: EINVAL, \"livepatch: symbol 'ext4_fill_super' not found in symbol table\"") built_in
	relocated vmlinux .klp.sym.ext4.ext4_fill_super,0
	answers 1 refused "  rule 8, refused: it refers to ext4_fill_super of the module ext4, which is not loaded before it" "${missing[@]}" || return 1
	fields[3]=depends=libata,ext4
	relocated vmlinux .klp.sym.ext4.ext4_fill_super,0
	answers 0 "nothing against it" || return 1
	relocated vmlinux .klp.sym.jbd2.wait_transaction_locked,0 # ext4 needs it
	answers 0 "nothing against it" || return 1
	relocated vmlinux .klp.sym.ext4.kpe_none,0
	answers 1 refused "  rule 8, refused: it refers to kpe_none, which ext4 does not have" || return 1
	relocated vmlinux .klp.sym.ext4.init_module,0 # in memory that is freed by then
	answers 1 refused "  rule 8, refused: it refers to init_module, which ext4 does not have" || return 1
	relocated vmlinux .klp.sym.kpe_none.ext4_fill_super,0
	answers 3 unknown "  rule 8, unknown: it refers to ext4_fill_super of the module kpe_none, which is not among those of the kernel" || return 1
	built_in=$(sed -n '1s|.*/||; 1s|\.ko$||p' "$modules/modules.builtin")
	built_in=${built_in//-/_}
	relocated vmlinux ".klp.sym.$built_in.ext4_fill_super,0"
	answers 1 refused "  rule 8, refused: it refers to ext4_fill_super of the module $built_in, which is built into the kernel" "${missing[@]}"
}

@test "a symbol of another module wants it to be loaded before" {
	for_each_kernel another_modules_symbol_wants_its_module
}

drivers_come_behind_what_they_need() {
	object=ext4
	relocated ext4 .klp.sym.jbd2.wait_transaction_locked,0
	answers 0 "nothing against it" || return 1
	relocated ext4 .klp.sym.jbd2.kpe_none,0
	answers 1 refused "  rule 15, refused: the kernel would refuse ext4: it refers to kpe_none, which jbd2 does not have" || return 1
	relocated ext4 .klp.sym.virtio_blk.virtblk_probe,0
	answers 3 unknown "  rule 15, unknown: the kernel may refuse ext4: it refers to virtblk_probe of the module virtio_blk, which is another"
}

@test "a driver comes behind the modules that it needs, and others may be missing by then" {
	for_each_kernel drivers_come_behind_what_they_need
}

@test "a relocation of a livepatch section wants a livepatch symbol" {
	functions=(version_proc_show)
	wanted=(seq_printf)
	live_patch
	"$top/tests/klp-relocate" "$ko" .wanted .klp.rela.vmlinux..wanted
	check "$ko"
	answers 1 refused "  rule 8, refused: the symbol seq_printf of a livepatch relocation is no livepatch symbol" \
		'    kernel: EINVAL, "is not marked as a livepatch symbol"'
}

@test "a driver's livepatch relocations are the driver's matter" {
	object=ext4
	functions=(ext4_fill_super)
	wanted=(kpe_wanted seq_printf)
	live_patch
	"$top/tests/klp-relocate" "$ko" .wanted .klp.rela.ext4..wanted kpe_wanted .klp.sym.ext4.kpe_none,0 \
		seq_printf .klp.sym.vmlinux.seq_printf,0
	check "$ko"
	answers 1 refused "  rule 15, refused: the kernel would refuse ext4: it refers to kpe_none, which ext4 does not have" \
		"  rule 15, refused: the kernel would refuse ext4: a module's livepatch relocations refer to seq_printf, which is vmlinux's" \
		"    kernel: EINVAL, \"livepatch: invalid access to vmlinux symbol 'seq_printf' from module-specific livepatch relocation section\""
}

@test "a jump table that is relocated late is refused, unless it is allowed" {
	object=ext4
	functions=(ext4_fill_super)
	wanted=(kpe_wanted)
	live_patch
	"$top/tests/klp-relocate" "$ko" .wanted .klp.rela.ext4.__jump_table kpe_wanted .klp.sym.ext4.ext4_fill_super,0
	check "$ko"
	answers 1 refused "  rule 9, refused: .klp.rela.ext4.__jump_table would be relocated after the kernel has used it"
	check --allow-jump-tables "$ko"
	answers 0 "nothing against it" "  rule 9, note: .klp.rela.ext4.__jump_table would be relocated after"
}

@test "a file that is no module of that machine is refused" {
	printf 'no module' >"$ko"
	check "$ko"
	answers 1 refused "  rule 1, refused: it is no kernel module" "    kernel: ENOEXEC"
	cp "$samples/lp_version.ko" "$ko"
	for_machine "$ko" b7
	check "$ko"
	answers 1 refused "  rule 1, refused: it is for arm64, and the kernel for x86-64"
	head -c 4000 "$samples/lp_version.ko" >"$ko"
	check "$ko"
	answers 1 refused "  rule 1, refused: "
	strip -s -o "$ko" "$samples/lp_version.ko"
	check "$ko"
	answers 1 refused "  rule 1, refused: it has no table of symbols"
	echo '.globl f; f: nop' | as -o "$ko" -
	check "$ko"
	answers 1 refused "  rule 1, refused: it is an object file, but no module" '    kernel: ENOEXEC, "lp_x: No module found in object"'
}

@test "a file that cannot be read or unpacked is unknown" {
	echo nonsense >"$ko.xz"
	check "$ko.xz"
	answers 3 unknown "  rule 1, unknown: the file cannot be read or unpacked"
	xz -c "$samples/lp_version.ko" >"$ko.xz"
	check "$ko.xz"
	answers 0 "nothing against it"
}

@test "a drop-in's build id is compared with the kernel's" {
	local id=0123456789abcdef0123456789abcdef01234567
	mkdir -p "$store/$k" "$root/etc/kpatch-early/manifest.d"
	cp "$samples/lp_version.ko" "$store/$k/"
	echo "$k lp_version.ko buildid=$id" >"$root/etc/kpatch-early/manifest.d/a.conf"
	check -k "$k" --root "$root"
	answers 1 refused "  rule 13, refused: the kernel's build id is "
	id=$(sed "s/.*build id is \([0-9a-f]*\),.*/\1/;t;d" <<<"$output")
	echo "$k lp_version.ko buildid=$id" >"$root/etc/kpatch-early/manifest.d/a.conf"
	check -k "$k" --root "$root"
	answers 0 "nothing against it"
}

@test "the store and its drop-ins say what is checked, as for bake" {
	mkdir -p "$store/$k" "$root/etc/kpatch-early/manifest.d"
	cp "$samples"/lp_{version,loadavg,unknown_function}.ko "$store/$k/"
	echo "$k lp_unknown_function.ko disabled" >"$root/etc/kpatch-early/manifest.d/a.conf"
	check -k "$k" --root "$root"
	[ "$status" -eq 0 ]
	[ "$(grep -c "nothing against it" <<<"$output")" -eq 2 ]
	echo enabled=no >"$root/etc/kpatch-early/kpatch-early.conf"
	check -k "$k" --root "$root"
	[ "$status" -eq 0 ]
	[[ $output == *"no patch for $k: enabled=no"* ]]
	echo nonsense >"$root/etc/kpatch-early/manifest.d/a.conf"
	rm "$root/etc/kpatch-early/kpatch-early.conf"
	check -k "$k" --root "$root"
	[ "$status" -eq 2 ]
}

@test "with --enforce a patch wants a signature" {
	check --enforce "$samples/lp_version.ko"
	answers 1 refused "  rule 14, refused: it is not signed" '    kernel: EKEYREJECTED, "Loading of unsigned module is rejected"'
	check "$samples/lp_version.ko"
	answers 0 "nothing against it" "  rule 14, note: it is not signed"
}

# sign FILE KEY: as a distribution does, by the kernel's own program
sign() {
	openssl req -new -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=$2" -keyout "$BATS_TEST_TMPDIR/key" \
		-out "$BATS_TEST_TMPDIR/cert" -outform PEM 2>/dev/null
	"$kernel"/usr/lib/linux-kbuild-*/scripts/sign-file sha256 "$BATS_TEST_TMPDIR/key" "$BATS_TEST_TMPDIR/cert" "$1"
}

@test "a signer is told, and whether the kernel has the key built in" {
	cp "$samples/lp_version.ko" "$ko"
	sign "$ko" "a key of ours"
	check "$ko"
	answers 0 "nothing against it" "  rule 14, note: it is signed by a key of ours, not by a key built into this kernel"
	check --enforce "$ko"
	answers 3 unknown "  rule 14, unknown: it is signed by a key of ours, not by a key built into this kernel; db and MOK count"
	check "$modules"/kernel/fs/ext4/ext4.ko*
	[[ $output == *"rule 14, note: it says to be signed by "*", whose key is built into this kernel"* ]]
}

@test "the patches of one kernel are a set, in the order of loading" {
	check "$samples"/lp_{depends,exec_fails,replace,version}.ko
	[ "$status" -eq 0 ]
	[[ $output == *"rule 16, note: it replaces lp_exec_fails.ko, and version_proc_show of vmlinux would be open again"* ]]
	[[ $output != *"is patched by"* ]]
	check "$samples"/lp_{exec_fails,panic_later}.ko
	[ "$status" -eq 0 ]
	[[ $output == *"rule 16, note: version_proc_show of vmlinux is patched by lp_exec_fails.ko before"* ]]
	mkdir "$BATS_TEST_TMPDIR/other"
	sed 's/execdomains_proc_show/version_proc_show\x00\x00\x00\x00/' "$samples/lp_version.ko" >"$BATS_TEST_TMPDIR/other/lp_other.ko"
	check "$samples/lp_version.ko" "$BATS_TEST_TMPDIR/other/lp_other.ko"
	[ "$status" -eq 1 ]
	[[ $output == *"rule 16, refused: lp_other.ko has the same module name"* ]]
}

@test "one that is refused is none of the set" {
	check "$samples"/lp_{unknown_symbol,version}.ko
	[ "$status" -eq 1 ]
	[[ $output != *"rule 16"* ]]
}

@test "the kernel may be the file that boots" {
	run "$program" check --kernel "$kernel/vmlinuz" --modules "$modules" "$samples"/lp_{unknown_function,version}.ko
	local packed=$output
	check "$samples"/lp_{unknown_function,version}.ko
	[ "$status" -eq 1 ]
	[ "$packed" = "$output" ]
}

@test "without an option the kernel is the one that the patch was built for" {
	mkdir -p "$root/boot" "$root/lib/modules"
	ln -s "$kernel/vmlinux" "$BATS_TEST_TMPDIR/kernel"
	cp --reflink=auto "$kernel/vmlinux" "$root/boot/vmlinuz-$k"
	ln -s "$modules" "$BATS_TEST_TMPDIR/modules"
	run "$program" check --root "$root" "$samples/lp_version.ko"
	answers 0 "nothing against it"
	rm "$root/boot/vmlinuz-$k"
	run "$program" check --root "$root" "$samples/lp_version.ko"
	answers 3 unknown "  rule 0, unknown: there is no kernel to check it against: $k: no file of it is in /boot or /lib/modules"
	check -k 9.9.9-none "$samples/lp_version.ko"
	[ "$status" -eq 3 ]
	[[ $output == *"rule 0, unknown: there is no kernel to check it against: 9.9.9-none: its file is of the kernel $k"* ]]
}

@test "FILEs for several kernels are checked against their own" {
	local first=$k one=$samples
	use "$(another_kernel)"
	mkdir -p "$root/boot"
	cp --reflink=auto "$kernel/vmlinux" "$root/boot/vmlinuz-$k"
	run "$program" check --root "$root" "$one/lp_version.ko" "$samples/lp_loadavg.ko"
	[ "$status" -eq 3 ]
	[ "$(grep -c " for " <<<"$output")" -eq 2 ]
	[[ $output == *"lp_version.ko for $first: unknown"* && $output == *"lp_loadavg.ko for $k: nothing against it"* ]]
}

@test "JSON says the same" {
	check --json "$samples"/lp_{unknown_function,version}.ko
	[ "$status" -eq 1 ]
	run perl -MJSON::PP -e '
		my $all = decode_json(join "", <STDIN>);
		for (@{$all->{patches}}) { print "$_->{module} $_->{release} $_->{answer}\n";
			for (@{$_->{findings}}) { print "$_->{rule} $_->{answer} ", $_->{errno} // "-", " ", $_->{kernel_log} // "-", "\n" } }' <<<"$output"
	[ "$output" = "lp_unknown_function $k refused
10 refused EINVAL livepatch: symbol 'kpe_no_such_function' not found in symbol table
14 nothing against it - -
lp_version $k nothing against it
14 nothing against it - -" ]
}

@test "bad usage is told, and nothing is checked" {
	local words
	for words in "--kernel $BATS_TEST_TMPDIR/none" "--modules $BATS_TEST_TMPDIR/none" "--initramfs $BATS_TEST_TMPDIR/none" \
		"--root $BATS_TEST_TMPDIR/none" "--none" "-k a/b" "--kernel $kernel/vmlinux -k 1.0 -k 2.0"; do
		# shellcheck disable=SC2086 # one word a word is meant
		run "$program" check $words
		[ "$status" -eq 2 ]
		[[ $output == *"nothing was done"* ]]
	done
}

@test "all modules of a kernel fit it, but for those that need what is left out of the tree" {
	local series=(amd64)
	[[ -z ${KPE_LONG-} ]] || series+=(6.12-amd64)
	for each in "${series[@]}"; do
		use "$each"
		find -L "$modules/kernel" -name '*.ko*' -print0 |
			xargs -0 "$program" check --any-module --kernel "$kernel/vmlinux" --modules "$modules" >"$BATS_TEST_TMPDIR/all" || true
		[ "$(grep -c ': nothing against it$' "$BATS_TEST_TMPDIR/all")" -gt 1800 ]
		run grep -vE ': (nothing against it|unknown)$| rule 4, unknown: .* of depends=, which cannot be read here$' "$BATS_TEST_TMPDIR/all"
		[ -z "$output" ]
	done
}
