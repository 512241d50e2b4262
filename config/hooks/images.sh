# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# For rebuild: which files boot a release, who made them, and what is in them. Nothing in an image is a shell's to read, nor
# is a file beside it: whoever can write to the EFI system partition is not root yet.
notes=usr/lib/dracut/kpatch-early
parameters=usr/lib/dracut/build-parameter.txt
digests=usr/lib/kpatch-early/digest
overlay=initrd.zz-kpatch-early

# section IMAGE NAME: the words in this section of an EFI program, a line each
section() {
	: >"$work/section"
	objcopy -O binary --only-section="$2" "$1" "$work/section" 2>/dev/null
	tr -s '[:space:]\0' '\n' <"$work/section" | sed '/^$/d'
}

# sections IMAGE: their names
sections() { objdump -h "$1" 2>/dev/null | awk '$1 ~ /^[0-9]+$/ { print $2 }'; }

# is_signed IMAGE: whether its PE header names a table of certificates
is_signed() { objdump -p "$1" 2>/dev/null | grep -q '[1-9a-f][0-9a-f]* Security Directory'; }

is_machine_id() {
	case $1 in *[!0-9a-f]*) return 1 ;; esac
	[ ${#1} -eq 32 ]
}

# is_foreign TOKEN: the entry token of another machine, see kernel-install(8). Two may share an EFI system partition.
is_foreign() {
	is_machine_id "$1" && [ "$1" != "$(cat /etc/machine-id 2>/dev/null)" ] && [ "$1" != "$(cat /etc/kernel/entry-token 2>/dev/null)" ]
}

# is_of IMAGE RELEASE: a unified kernel image of this release and machine, named as kernel-install does,
# [TOKEN-]RELEASE[+TRIES].efi, or as dracut, linux-RELEASE-MACHINE[-BUILD].efi
is_of() {
	name=${1##*/} tries=''
	name=${name%.efi}
	case $name in
	"linux-$2-"*)
		token=${name#"linux-$2-"}
		token=${token%%-*}
		is_machine_id "$token" || return 1
		;;
	*"-$2" | "$2" | *"-$2+"* | "$2+"*)
		tries=${name##*"$2"} token=${name%"$2"*}
		token=${token%-}
		;;
	*) return 1 ;;
	esac
	case $tries in
	'') ;;
	+*[!0-9-]* | +) return 1 ;;
	esac
	case $(section "$1" .uname) in '' | "$2") ! is_foreign "$token" ;; *) false ;; esac
}

# candidates RELEASE: where its images may be: Debian's and dracut's names, SUSE's, the kernel's own folder, and those of
# the Boot Loader Specification, whatever the entry token is
candidates() {
	printf '%s\n' "/boot/initrd.img-$1" "/boot/initramfs-$1.img" "/boot/initrd-$1" \
		"/lib/modules/$1/initrd" "/lib/modules/$1/initramfs.img"
	for base in /efi /boot /boot/efi; do
		for folder in "$base"/*/"$1"; do
			token=${folder%/*}
			is_foreign "${token##*/}" || printf '%s\n' "$folder/initrd" "$folder/initrd.img-$1" "$folder/initrd-$1"
		done
		for image in "$base"/EFI/Linux/*.efi; do
			! is_of "$image" "$1" || printf '%s\n' "$image"
		done
	done
}

# images RELEASE: those that are there, each once
images() {
	candidates "$1" | while IFS= read -r image; do
		[ ! -f "$image" ] || echo "$(stat -L -c %d:%i "$image") $(readlink -f "$image")"
	done | awk '!seen[$1]++ { sub(/^[^ ]* /, ""); print }'
}

# facts RELEASE MANIFEST SETTINGS KEYS...: nothing without a patch, since then the others don't matter
facts() {
	[ -e "$2" ] || return 0
	awk -v release="$1" '$1 == release { print; n++ } END { exit !n }' "$2"
	case $? in 0) ;; 1) return 0 ;; *) return 1 ;; esac
	shift 2
	for file in "$@"; do [ ! -e "$file" ] || cat "$file" || return 1; done
}

# facts_of_tree RELEASE TREE ROOT: of the manifest in TREE, and of what goes with it from ROOT
facts_of_tree() {
	facts "$1" "$2/etc/kpatch-early/manifest" "$3/$settings" "$3"/etc/kpatch-early/keys/*.pub "$3/etc/kpatch-early/guarded"
}

# digest: of facts, if there are any
digest() {
	facts=$(cat)
	[ -z "$facts" ] || echo "$facts" | sha256sum | cut -d ' ' -f 1
}

# has_tools: something that looks into images is here, and whoever makes images brings it
has_tools() { command -v lsinitrd >/dev/null || command -v lsinitramfs >/dev/null; }

# list IMAGE: the names in it, each the last word of a line. lsinitramfs fails behind an archive that is not compressed.
list() { if command -v lsinitramfs >/dev/null; then lsinitramfs "$1" || :; else lsinitrd "$1"; fi; }

# take_initrd IMAGE: puts into $initrd the file that is the initramfs, or has it out of a unified kernel image. lsinitrd could do
# that, too, but writes to / where it gets no folder for it.
take_initrd() {
	initrd=$1
	[ "$(head -c 2 "$1")" = MZ ] || return 0
	initrd=$work/initrd
	: >"$initrd"
	objcopy -O binary --only-section=.initrd "$1" "$initrd" && [ -s "$initrd" ]
}

# take_note FILE: into $looked, a file a time, since lsinitrd of dracut 112 can't unpack several. What it says where it fails goes to
# standard output, too.
take_note() {
	lsinitrd -f "$1" "$initrd" >"$looked/$1" 2>/dev/null || {
		rm -f "$looked/$1"
		return 1
	}
}

# look RELEASE IMAGE: puts into $made who made the image, and into $has the digest of what is in it. An initramfs is unpacked for that
# once a run, whatever its name becomes.
look() {
	looked=$work/looked/$1_$(stat -L -c '%d %i %s %y' "$2" | tr ' ' _)
	if [ -e "$looked/told" ]; then
		{ read -r made && read -r has; } <"$looked/told"
		return
	fi
	look_into "$1" "$2" || return 1
	# Without room for that it is unpacked again.
	[ "$initrd" != "$2" ] || { printf '%s\n' "$made" "$has" >"$looked/new" && mv "$looked/new" "$looked/told"; } || :
}

# look_into RELEASE IMAGE: the same; what dracut noted is below $looked then
look_into() {
	rm -rf "$looked"
	mkdir -p "$looked/$notes" || return 1
	if ! take_initrd "$2" 2>"$work/listed"; then
		unreadable "$2"
	elif take_note $parameters && [ -s "$looked/$parameters" ]; then
		look_at_dracuts "$1" "$2"
	else
		look_at_list "$2"
	fi
}

# unreadable IMAGE: says it, behind what is in $work/listed
unreadable() {
	cat "$work/listed" >&2
	fail "$1 cannot be read; it stays as it is"
}

# look_at_dracuts RELEASE IMAGE: the copies that our dracut module makes beside dracut's own notes, since these are not packed
# away with squash images
look_at_dracuts() {
	made=dracut has=''
	for note in manifest kpatch-early.conf keys guarded; do
		take_note $notes/$note || { unreadable "$2"; return 1; }
		[ -s "$looked/$notes/manifest" ] || return 0
	done
	has=$(cd "$looked/$notes" && facts "$1" manifest kpatch-early.conf keys guarded | digest)
}

# look_at_list IMAGE: the name that our hook of initramfs-tools leaves, or whether there are patches that nobody tells of
look_at_list() {
	made=''
	if ! list "$initrd" >"$work/list" 2>"$work/listed" || [ ! -s "$work/list" ]; then
		cat "$work/list" >>"$work/listed"
		unreadable "$1"
		return
	fi
	! grep -q 'conf/initramfs\.conf$' "$work/list" || made=initramfs-tools
	! grep -q "$parameters\$" "$work/list" || made=dracut
	has=$(sed -n "s|.*$digests/||p" "$work/list")
	[ -n "$has" ] || has=$(grep -m 1 'usr/lib/kpatch-early/patches/.*\.ko$' "$work/list" || :)
}

# entry_of RELEASE IMAGE: its entry in the boot loader's menu, by kernel-install's name
entry_of() {
	base=${2%/*/*/*} token=${2%/*/*}
	token=${token##*/}
	for entry in "$base/loader/entries/$token-$1.conf" "$base/loader/entries/$token-$1+"*.conf; do
		if grep -qsF "/$1/${2##*/}" "$entry"; then
			printf '%s\n' "$entry"
			return
		fi
	done
	return 1
}

# is_kernel_installs RELEASE IMAGE: kernel-install's layout has it, and its entry in the boot loader's menu
is_kernel_installs() {
	command -v kernel-install >/dev/null || return 1
	case $2 in
	*/linux-"$1"-*.efi) false ;;
	*.efi)
		layout=$(sed -n 's/^layout=//p' /etc/kernel/install.conf /run/kernel/install.conf \
			/usr/local/lib/kernel/install.conf /usr/lib/kernel/install.conf 2>/dev/null | head -n 1)
		[ "$layout" = uki ]
		;;
	*/"$1"/initrd*) entry_of "$1" "$2" >/dev/null ;;
	*) false ;;
	esac
}

# is_overlaid RELEASE IMAGE: our plugin of kernel-install gave it an overlay, which is $overlaid or the end of it. The name has a
# header of cpio in front; the program knows it without.
is_overlaid() {
	is_kernel_installs "$1" "$2" || return 1
	case $2 in
	*.efi) overlaid=$work/initrd ;;
	*) overlaid=${2%/*}/$overlay ;;
	esac
	grep -qsaF 00000000etc/kpatch-early/overlay "$overlaid"
}

# is_wanted RELEASE: the overlay is the one that would be made now
is_wanted() {
	[ -s "$work/want" ] && [ "$force" = no ] || return 1
	kpatch-early overlay --empty --settings -k "$1" -o "$work/wanted" >/dev/null 2>&1
	tail -c "$(stat -c %s "$work/wanted")" "$overlaid" | cmp -s - "$work/wanted"
}
