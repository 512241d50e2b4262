#!/usr/bin/env -S bats --tap
# Completion of the command line in bash and zsh.

load helpers

setup() {
	fake_root
	make -s -C "$top" install DESTDIR="$root"
	patch "$store/6.1.0-x/lp-a.ko" 6.1.0-x
	patch "$store/$release/lp_b.ko"
	mkdir -p "$root/lib/modules/6.2.0-y"
}

# bash_offers WORD...: what bash offers for the last word, which may be empty, of this command line
bash_offers() {
	_kpe_root=$root bash -c '
		. "$_kpe_root/usr/share/bash-completion/completions/kpatch-early"
		compopt() { echo "and no blank"; }
		COMP_WORDS=(kpatch-early "$@") COMP_CWORD=$#
		_kpatch_early kpatch-early "${!#}" "${COMP_WORDS[$# - 1]}"
		printf "%s\n" "${COMPREPLY[@]}"' bash "$@"
}

# zsh_offers WORD...: the same of zsh, which itself leaves out what does not begin as the last word does
zsh_offers() {
	_kpe_root=$root zsh -fc '
		compadd() { [[ $1 != -S ]] || shift 2; print -l -- ${@[2,-1]}; }
		_files() { print FILES; }
		words=(kpatch-early "$@") CURRENT=$#words
		. $_kpe_root/usr/share/zsh/vendor-completions/_kpatch-early' zsh "$@"
}

@test "each verb of the program is offered, and each option of its help, and no other verb" {
	diff <(bash_offers "" | sort) <({ sed -n 's/^\t{ "\([a-z]*\)", [a-z]*_verb, .*/\1/p' "$top/host/main.c"; printf '%s\n' --help --version; } | sort)
	while read -r verb; do
		options=$("$program" "$verb" --help | grep -oE -- '(--[a-z-]+|\[?-[ko] )' | tr -d '[ ' | sort -u)
		for option in $options; do
			bash_offers "$verb" "" | grep -qxE -- "$option=?" || { echo "$verb lacks $option"; return 1; }
			zsh_offers "$verb" "" | grep -qxE -- "$option=?"
		done
		# What is offered is taken: no option is unknown to the program.
		for option in $(bash_offers "$verb" - | grep '^--'); do
			run setpriv --reuid 65534 --clear-groups "$program" "$verb" "${option%=}" --help
			[ "$status" -eq 0 ]
		done
	done < <(bash_offers "" | grep '^[a-z]')
}

@test "releases, patches and words are offered where they may stand, else files" {
	[ "$(bash_offers stat)" = status ]
	[ "$(bash_offers status --j)" = --json ]
	[[ $(bash_offers install -k 6.) == *"6.1.0-x"* ]]
	[ "$(bash_offers bake -k 6.2)" = 6.2.0-y ]
	[ "$(bash_offers uninstall lp)" = $'lp-a\nlp_b' ]
	[ "$(bash_offers info lp)" = lp_b ]
	[ "$(bash_offers overlay --compress z)" = zstd ]
	[ "$(bash_offers overlay --compr)" = $'and no blank\n--compress=' ]
	[ -z "$(bash_offers install /some/fi)" ]
	[ -z "$(bash_offers bake --root "")" ]
	[ "$(zsh_offers "" | head -n 1)" = apply ]
	[ "$(zsh_offers bake -k "" | grep 6.2)" = 6.2.0-y ]
	[ "$(zsh_offers uninstall "" | head -n 2)" = $'lp-a\nlp_b' ]
	[ "$(zsh_offers install "" | tail -n 1)" = FILES ]
	[ "$(zsh_offers bake --root "")" = FILES ]
	[[ $(zsh_offers "") != *FILES* ]]
}

@test "zsh finds it by itself, and both say that it is for kpatch-early" {
	[ "$(zsh -fc 'autoload -U compinit; fpath=('"$root"'/usr/share/zsh/vendor-completions $fpath); compinit -D -u; print $_comps[kpatch-early]')" = _kpatch-early ]
	run bash -c "_kpe_root=$root . '$root/usr/share/bash-completion/completions/kpatch-early' && complete -p kpatch-early"
	[ "$output" = "complete -o bashdefault -o default -F _kpatch_early kpatch-early" ]
}
