# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Of each rule of check that a kernel answers, patches that it refuses and neighbours that it takes. check is asked about them on
# the host, and the kernel by insmod in one restored guest. For questions.sh.
# Each is a copy, $file, of a sample, with a name of its own, $module, and maybe one thing that is changed.
declare -A expected=()

# copied SAMPLE [COMMAND...]: the next $file, which COMMAND changes
copied() {
	module=${1%??}$(printf '%02d' $((${#expected[@]} + 1)))
	file=$tree/rules/$module.ko
	LC_ALL=C sed "s/$1/$module/g" "$patches/$1.ko" >"$file"
	[[ $# -eq 1 ]] || "${@:2}"
}

# refused RULE SAMPLE [COMMAND...]
refused() {
	copied "${@:2}"
	expected[$module]=$1
}

# taken SAMPLE [COMMAND...]
taken() {
	copied "$@"
	expected[$module]=taken
}

bytes() { LC_ALL=C perl -0777 -pi -e "$1" "$file"; }

# text OLD NEW: another text, which is not longer
# shellcheck disable=SC2016 # perl expands it
text() { OLD=$1 NEW=$2 bytes 's/(?<![\w.])\Q$ENV{OLD}\E(?=\0)/$ENV{NEW} . "\0" x (length($ENV{OLD}) - length $ENV{NEW})/e'; }

# checksum SYMBOL: another one. An entry of __versions has 8 bytes and a name of 56.
checksum() { bytes "s/(.)(?=.{3}\\0{4}$1\\0{$((56 - ${#1}))})/\$1 ^ \"\\x01\"/se"; }

# shellcheck disable=SC2016
position() { bytes 's/\Q@{[pack "Q<", 7777]}\E/pack "Q<", 1/e'; }
stripped() { strip -s "$file"; }
weak() { objcopy --weaken-symbol kpe_wanted "$file"; }

# add SECTION TEXT: where the module has that section
add() {
	rm -f "$work/section"
	objcopy --dump-section "$1=$work/section" "$file" 2>/dev/null || :
	[[ -s $work/section ]] || return 0
	printf '%b' "$2" >>"$work/section"
	objcopy --update-section "$1=$work/section" "$file"
}

# symbol NAME: it is wanted, and the module has the kernel's checksum of it
symbol() {
	local crc zeros
	objcopy --redefine-sym "kpe_wanted=$1" "$file"
	crc=$(awk -v name="$1" '$2 == name { print substr($1, 3) }' "$kernel/headers/Module.symvers")
	printf -v zeros '\\0%.0s' $(seq $((56 - ${#1})))
	add __versions "\x${crc:6:2}\x${crc:4:2}\x${crc:2:2}\x${crc:0:2}\0\0\0\0$1$zeros"
}
relocated() { tests/klp-relocate "$file" .wanted ".klp.rela.$1" "${@:2}"; }
wants() { relocated vmlinux..wanted kpe_wanted ".klp.sym.$1"; }
unmarked() {
	symbol seq_printf
	relocated vmlinux..wanted
}

# imports NAMESPACE SYMBOL
imports() {
	symbol "$2"
	add .modinfo "import_ns=$1\0"
}

module_rules() {
	local symbol namespace
	refused 1 lp_version stripped
	refused 2 lp_version bytes 's/ SMP \K\w/x/g'
	refused 3 lp_version bytes s/livepatch=Y/livepatck=Y/
	refused 4 lp_wants
	taken lp_wants weak
	refused 5 lp_version bytes s/license=GPL/license=NOT/
	if [[ $(modinfo -F vermagic "$patches/lp_version.ko") == *" modversions "* ]]; then
		refused 2 lp_version checksum module_layout
		refused 6 lp_version checksum seq_printf
	fi
	read -r symbol namespace < <(awk '$3 == "vmlinux" && $5 && $5 !~ /:/ && !n++ { print $2, $5 }' "$kernel/headers/Module.symvers") || return 0
	refused 7 lp_wants symbol "$symbol"
	taken lp_wants imports "$namespace" "$symbol"
}

relocation_rules() {
	refused 8 lp_wants relocated .wanted kpe_wanted .klp.sym.vmlinux.linux_proc_banner,0
	refused 8 lp_wants unmarked
	refused 8 lp_wants wants vmlinux.linux_proc_banner
	refused 8 lp_wants wants vmlinux.kpe_none,0
	refused 8 lp_wants wants vmlinux.init_once,0
	refused 8 lp_wants wants vmlinux.init_once,99
	refused 8 lp_wants wants ext4.ext4_fill_super,0
	refused 8 lp_wants wants ext4.kpe_none,0
	taken lp_wants wants vmlinux.init_once,2
	taken lp_wants wants vmlinux.linux_proc_banner,0
}

function_rules() {
	local name long=kpe_0_________1_________2_________3_________4_________55
	refused 10 lp_unknown_function
	refused 10 lp_version text version_proc_show init_once
	refused 10 lp_position
	taken lp_position position
	refused 10 lp_two text loadavg_proc_show version_proc_show
	taken lp_two
	for name in vermagic start_kernel exc_page_fault asm_exc_page_fault; do
		refused 11 lp_unknown_function text kpe_no_such_function "$name"
	done
	refused 12 lp_function
	refused 12 lp_object
	taken lp_object text "$long" "${long%?}"
	expected[$module]=unknown # which module that is
}

# kpe_later stands for a driver. It is refused for one patch, and taken when that is off and another one is in force.
driver_rules() {
	refused 15 lp_later text kpe_later_show kpe_none_show
	taken lp_later
	taken lp_version
	cp "$file" "$tree/rules/lp_z_same.ko"
	expected[lp_z_same]=16
	cp "$patches/kpe_later.ko" "$tree/rules/"
}

# Those modules alone that a rule is about
tree_of_modules() {
	modules=$work/modules/lib/modules/$release
	mkdir -p "$modules"
	cp "$kernel/lib/modules/$release"/modules.{order,builtin,builtin.modinfo} "$patches/kpe_later.ko" "$modules/"
	find -L "$kernel/lib/modules/$release/kernel/fs/ext4" -name 'ext4.ko*' -exec cp {} "$modules/" \;
	depmod -b "$work/modules" "$release" 2>/dev/null
}

# What check says of each: its name, the rule, a driver that the kernel refuses in its place, the error, and what is logged
answers() {
	{ "$BUILD/kpatch-early" check --json --kernel "$kernel/vmlinux" --modules "$modules" "$tree"/rules/lp_*.ko || :; } |
		perl -MJSON::PP -0777 -ne '
			for (@{decode_json($_)->{patches}}) {
				my ($name) = $_->{file} =~ m{([^/]*)\.ko$};
				my ($found) = grep { $_->{answer} eq "refused" } @{$_->{findings}};
				my $answer = $_->{answer} eq "unknown" ? "unknown" : "taken";
				print join("|", $name, $found ? $found->{rule} : $answer,
					map { $found->{$_} // "" } qw(driver errno kernel_log)), "\n";
			}'
}

rules() {
	local name rule
	expected=()
	patches lp-execdomains
	mkdir "$tree/rules"
	module_rules
	relocation_rules
	function_rules
	driver_rules
	tree_of_modules
	answers >"$tree/rules/list"
	while IFS='|' read -r name rule _; do
		check "$([[ $rule == "${expected[$name]}" ]]; echo $?)" "check of $name says: $rule (${expected[$name]})"
	done <"$tree/rules/list"
	check "$([[ $(wc -l <"$tree/rules/list") -eq ${#expected[@]} ]]; echo $?)" "check was asked about ${#expected[@]} patches"
	echo "kpe_later|taken|||" >>"$tree/rules/list"
	other_files=("$tree"/rules/lp_*.ko)
	ask rules
	other_files=()
}
