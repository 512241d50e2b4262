# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# For rebuild: has whoever made an image make it again. What they start may outlive them, so none of them gets the lock.

# has_room IMAGE: for one more of its size, and a tenth
has_room() {
	folder=${1%/*}
	[ -w "$folder" ] || { fail "$1 stays as it is: $folder cannot be written"; return 1; }
	size=$(stat -c %s "$1")
	needed=$((size + size / 10))
	free=$(stat -f -c '%a %S' "$folder" | awk '{ printf "%.0f", $1 * $2 }')
	[ "$free" -ge $needed ] || fail "$1 stays as it is: the new one is built beside it, and $folder has" \
		"$((free / 1048576)) MiB free, not $((needed / 1048576 + 1))"
}

state_of() { stat -c '%y %s' "$1" 2>/dev/null; }

# words_of_dracut IMAGE: those that it noted in the image, a line each, but for what removals of ours left there before 0.2. It
# puts values between single quotes, whatever is in them.
words_of_dracut() {
	sed "s/ --omit 'kpatch-early'//g" "$looked/$parameters" | xargs -r printf '%s\n' >"$work/words" 2>/dev/null ||
		fail "$1 stays as it is: what dracut noted in it about how it was made cannot be read"
}

# believes IMAGE: who can write to the EFI system partition must not choose by an image what dracut reads, runs and signs here
believes() {
	case $(stat -f -c %T "$1"):$1 in
	msdos:* | *:/efi/* | *:/boot/efi/* | */EFI/Linux/*) ;;
	*) return 0 ;;
	esac
	doubtful=$(grep '^-' "$work/words" | grep -vxE -e '-[fqHN]|--(quiet|force|uefi|no-uefi|kver|hostonly|no-hostonly)' | xargs)
	[ -z "$doubtful" ] || fail "$1 stays as it is: it was made with $doubtful, which is not believed of an image on the EFI" \
		"system partition; say it in dracut.conf instead, and run dracut once"
}

# dracut_again RELEASE FILE KIND: with all words but those that are given each time. The scripts of post-update.d are not for
# a file that has another name in the end.
dracut_again() {
	file=$2 kernel=$1 kind=$3
	set --
	while IFS= read -r word; do
		case $word in
		-q | -f | --quiet | --force | --uefi | --no-uefi) ;;
		*) set -- "$@" "$word" ;;
		esac
	done <"$work/words"
	NO_POST_UPDATE_HOOKS=1 dracut "$@" --quiet --force "$kind" "$file" "$kernel" </dev/null >&2 9>&- && sync "$file"
}

# keeps_the_rest IMAGE OLD NEW: a unified kernel image is more than the initramfs in it
keeps_the_rest() {
	case $1 in *.efi) ;; *) return 0 ;; esac
	sections "$3" >"$work/sections"
	lost=$(sections "$2" | grep -vxFf "$work/sections" | xargs)
	for name in .cmdline .uname; do
		[ "$(section "$2" $name)" = "$(section "$3" $name)" ] || lost="$lost $name"
	done
	[ -z "$lost" ] || { fail "$1 stays as it is: the new one has not the same ${lost# }; whoever made it has to make it again"; return 1; }
	! is_signed "$2" || is_signed "$3" ||
		fail "$1 stays as it is: it is signed, and the new one is not; see $maker's configuration"
}

# is_good RELEASE OLD NEW: NEW may take the place of OLD
is_good() {
	look "$1" "$3" || return 1
	[ "$has" = "$(digest <"$work/want")" ] ||
		{ fail "$2 stays as it is: a new one does not hold what it is to hold; see dracut's configuration"; return 1; }
	keeps_the_rest "$2" "$2" "$3"
}

# by_dracut RELEASE IMAGE: beside the old image, and then in its place, unless somebody else renewed that
by_dracut() {
	new=${2%/*}/.${2##*/}.kpatch-early before=$(state_of "$2") kind=--no-uefi
	case $2 in *.efi) kind=--uefi ;; esac
	words_of_dracut "$2" && believes "$2" || return 1
	if ! dracut_again "$1" "$new" "$kind"; then
		fail "$2 could not be rebuilt; the next boot has what it has in it now"
	elif [ "$(state_of "$2")" != "$before" ]; then
		rm -f "$new"
		say "$2 was renewed by another meanwhile; looking again"
		return 2
	elif is_good "$1" "$2" "$new"; then
		: >"$run/untold-$1"
		mv "$new" "$2" && sync "${2%/*}" && return
		fail "$2 stays as it is: the new one could not be given its name"
	fi
	rm -f "$new"
	return 1
}

# tell_others RELEASE: as dracut 106 and update-initramfs do by themselves, so that copies of the image are renewed. Who fails is
# told again, but not at the same run.
deaf=' '
tell_others() {
	case $deaf in *" $1 "*) return ;; esac
	if [ ! -d /etc/initramfs/post-update.d ] || [ ! -e "/boot/initrd.img-$1" ] ||
		run-parts --arg="$1" --arg="/boot/initrd.img-$1" /etc/initramfs/post-update.d </dev/null >&2 9>&-; then
		rm -f "$run/untold-$1"
		return
	fi
	deaf="$deaf$1 "
	fail "a script in /etc/initramfs/post-update.d failed for /boot/initrd.img-$1; what boots $1 may be an older copy"
}

# options_of RELEASE IMAGE: what the kernel is given with it
options_of() {
	case $2 in
	*.efi) section "$2" .cmdline ;;
	*) sed -n 's/^options[[:blank:]]*//p' "$(entry_of "$1" "$2")" ;;
	esac | xargs -d '\n'
}

# token_of RELEASE IMAGE: the entry token in its name
token_of() {
	case $2 in
	*.efi) token=${2##*/} token=${token%"-$1"*} ;;
	*) token=${2%/*/*} token=${token##*/} ;;
	esac
	echo "$token"
}

# configure RELEASE IMAGE: this machine's configuration of kernel-install, with the image's own entry token; and with its own options,
# where else those of /proc/cmdline would be taken, which may be meant for this boot alone
configure() {
	rm -rf "$work/kernel"
	mkdir "$work/kernel" || return 1
	for folder in /usr/lib/kernel /usr/local/lib/kernel /run/kernel /etc/kernel; do
		for file in install.conf install.conf.d cmdline devicetree tries uki.conf; do
			[ ! -e "$folder/$file" ] || cp -R "$folder/$file" "$work/kernel/" || return 1
		done
	done
	token_of "$1" "$2" >"$work/kernel/entry-token" || return 1
	[ -e "$work/kernel/cmdline" ] || options_of "$1" "$2" >"$work/kernel/cmdline"
}

# initrds_of RELEASE IMAGE: copies of what its entry has the boot loader give to the kernel, but for the overlay
initrds_of() {
	mkdir -p "$work/initrds" || return 1
	sed -n 's|^initrd.*/\([^/]*\)$|\1|p' "$(entry_of "$1" "$2")" | while IFS= read -r name; do
		[ "$name" = "$overlay" ] || { cp "${2%/*}/$name" "$work/initrds/" && echo "$work/initrds/$name"; }
	done
}

# keep RELEASE IMAGE: copies of the image, $kept, and of its entry, if it has one
keep() {
	new=${2%/*}/.${2##*/}.kpatch-early entry=''
	case $2 in
	*.efi) ;;
	*) entry=$(entry_of "$1" "$2") && cp -p "$entry" "$work/entry" || return 1 ;;
	esac
	cp -p "$2" "$new" && kept=$2
}

# is_whole RELEASE IMAGE: kernel-install, which takes the old one's place as it goes, has made no less
is_whole() {
	case $2 in
	*.efi) keeps_the_rest "$2" "$new" "$2" ;;
	*) [ -f "$2" ] && entry_of "$1" "$2" >/dev/null ;;
	esac
}

put_back() {
	mv "$new" "$kept"
	[ -z "$entry" ] || cp -p "$work/entry" "$entry"
}

# finish: however rebuild ends, be it within kernel-install, $kept is whole
finish() {
	[ -z "$kept" ] || put_back
	rm -rf "$work" ${new:+"$new"}
}

# by_kernel_install RELEASE IMAGE: with the initramfs beside the kernel, where there is one. Else its plugins make it, if dracut
# or a unified kernel image is what they make; what nobody here makes is given as it is, and our plugin adds the overlay.
by_kernel_install() {
	initrd=/boot/initrd.img-$1
	[ -f "$initrd" ] || initrd=''
	[ -n "$initrd" ] || [ "$made" = dracut ] || [ "${2%.efi}" != "$2" ] || initrd=$(initrds_of "$1" "$2")
	[ ! -f "${2%/*}/linux" ] || cp "${2%/*}/linux" "$work/linux"
	for kernel in "/lib/modules/$1/vmlinuz" "/boot/vmlinuz-$1" "$work/linux" ''; do
		[ ! -f "$kernel" ] || break
	done
	[ -n "$kernel" ] || { fail "$2 stays as it is: there is no kernel $1 to give to kernel-install"; return 1; }
	# shellcheck disable=SC2086 # a word each
	if ! keep "$1" "$2" || ! configure "$1" "$2"; then
		fail "$2 stays as it is: there is no room to renew it by kernel-install"
	elif KERNEL_INSTALL_CONF_ROOT=$work/kernel kernel-install add "$1" "$kernel" $initrd </dev/null >&2 9>&- && is_whole "$1" "$2"; then
		kept=''
		rm -f "$new"
		return 0
	else
		put_back
		fail "$2 could not be renewed by kernel-install; the next boot has what it has in it now"
	fi
	kept=''
	rm -f "$new"
	return 1
}

# by_initramfs_tools RELEASE IMAGE: it puts the new image in the place of the old one itself, or has reasons not to
by_initramfs_tools() {
	before=$(state_of "$2")
	update-initramfs -u -k "$1" </dev/null >&2 9>&- || {
		fail "$2 could not be rebuilt; the next boot has what it has in it now"
		return 1
	}
	[ "$(state_of "$2")" != "$before" ] || fail "$2 stays as it is: update-initramfs has renewed nothing, as it says above;" \
		"with update_initramfs=no, update-initramfs -c -k $1 does"
}

# make_again RELEASE IMAGE: by $maker. 0: it is in place; 1: it could not be made; 2: somebody else made one meanwhile
make_again() {
	case $maker in
	kernel-install) by_kernel_install "$1" "$2" ;;
	initramfs-tools) by_initramfs_tools "$1" "$2" ;;
	dracut) by_dracut "$1" "$2" ;;
	esac
}

# find_maker RELEASE IMAGE: puts into $maker who made it and can make it again
find_maker() {
	maker=$made next="kpatch-early overlay -k $1 -o FILE makes what the boot loader can load after it"
	[ -z "$without" ] || next="remove it, if nothing boots it"
	if is_kernel_installs "$1" "$2"; then
		maker="kernel-install"
		return
	fi
	case $made:$2 in
	dracut:*)
		command -v dracut >/dev/null ||
			fail "$2 was made by dracut, which is not installed; it stays as it is; install dracut, or $next"
		;;
	initramfs-tools:"/boot/initrd.img-$1")
		command -v update-initramfs >/dev/null ||
			fail "$2 was made by initramfs-tools, whose update-initramfs is not installed; it stays as it is;" \
				"install initramfs-tools, or $next"
		;;
	initramfs-tools:*)
		fail "$2 was made by initramfs-tools, whose update-initramfs makes /boot/initrd.img-$1 alone; it stays as it is;" \
			"mkinitramfs -o $2 $1 makes it, if anything boots it"
		;;
	*) fail "$2 was made neither by dracut nor by initramfs-tools; it stays as it is; $next" ;;
	esac
}
