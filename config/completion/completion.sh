# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What may stand at a place of the command line, for bash and zsh. A test holds it to the program's own help.

# kernels with patches, or with modules
_kpatch_early_releases() {
	find "${_kpe_root-}/var/lib/kpatch" "${_kpe_root-}/lib/modules/" -mindepth 1 -maxdepth 1 -type d 2>/dev/null |
		sed 's|.*/||' | sort -u
}

# _kpatch_early_patches [RELEASE]: names of patches that are installed
_kpatch_early_patches() {
	find "${_kpe_root-}/var/lib/kpatch" -mindepth 2 -maxdepth 2 -path "*/${1:-*}/*" -name '*.ko*' 2>/dev/null |
		sed 's|.*/||; s|\.ko.*||' | sort -u
}

# _kpatch_early_words VERB PREVIOUS: one a line; VERB is empty where a verb is to stand. None: a file's name is to stand there.
_kpatch_early_words() {
	case $1$2 in
	check--kernel | *--modules | *--initramfs) return ;;
	esac
	case $2 in
	-k | --kernel | --kernel-version) _kpatch_early_releases && return ;;
	--compress) printf '%s\n' stored none gzip xz zstd && return ;;
	-o | --output | --root | --sign | --cert | --sign-addon) return ;;
	esac
	case $1 in
	'') printf '%s\n' apply bake bless check disable enable info install list overlay reset rollback status uninstall --help --version ;;
	apply) printf '%s\n' --root --dry-run --help ;;
	bake) printf '%s\n' -k --root --output --strip --sign --no-check --help ;;
	check) printf '%s\n' -k --root --kernel --modules --initramfs --enforce --allow-jump-tables --json --help ;;
	bless) printf '%s\n' --init --remove --withdraw --root --help ;;
	disable | enable | reset | rollback) printf '%s\n' --root --help ;;
	info) _kpatch_early_patches "$(uname -r)" && echo --help ;;
	install) printf '%s\n' -k --rebuild --no-check --help ;;
	list) echo --help ;;
	overlay)
		printf '%s\n' -k -o --add --replace --first --compress= --settings --empty --addon --cmdline= --sign-addon --cert \
			--off-addon --root --sign --strip --no-check --help
		;;
	status) printf '%s\n' --check --fixes --json --metrics --quiet --help ;;
	uninstall) _kpatch_early_patches && printf '%s\n' -k --rebuild --help ;;
	esac
}
