#!/usr/bin/env bash
# Static analysers, and the house rules that a program can check.
set -uo pipefail
cd "$(dirname "$(realpath "$0")")/.." || exit
count=0

# check TEXT COMMAND...: one test; what the command prints is shown when it fails
check() {
	local text=$1 output
	shift
	count=$((count + 1))
	if output=$("$@" 2>&1); then
		echo "ok $count - $text"
	else
		echo "not ok $count - $text"
		head -n 60 <<<"$output" | sed 's/^/# /'
	fi
}

analyse() {
	local file status=0
	for file in "${sources[@]}"; do
		gcc "${flags[@]}" -O1 -fanalyzer -Werror -c -o /dev/null "$file" || status=1
	done
	return $status
}

# nothing COMMAND...: succeeds if the command prints nothing
nothing() {
	local output
	output=$("$@")
	[[ -z $output ]] || {
		echo "$output"
		return 1
	}
}

shell_scripts() {
	git ls-files -co --exclude-standard | while read -r file; do
		[[ -f $file ]] && head -c 64 "$file" | head -n 1 | grep -qE '^#!.*\b(ba)?sh$' && echo "$file"
	done
	ls tests/cli/helpers.bash tests/boot/*.sh images/machine.sh
}

long_functions() {
	awk 'FNR == 1 { depth = 0 }
		/^{/ { start = FNR }
		/^}/ && start { if (FNR - start > 60) print FILENAME ": line " start ": " FNR - start; start = 0 }' "${sources[@]}"
}

# Bash takes no "! command" for a failure, so it only tells as the last one of its test.
lost_negations() {
	awk 'lost != "" && !/^}/ { print lost }
		{ lost = /^\t+! / ? FILENAME ": line " FNR ": " $0 : "" }' tests/cli/*.bats
}

includes_of() { # HEADER FILE...: files other than FILEs that include HEADER
	local header=$1
	shift
	grep -rlE "#include <$header" common early host | grep -vxF "$(printf '%s\n' "$@")"
}

# forbidden_arrows: includes that no line of tests/arrows allows, and lines there that no include needs
forbidden_arrows() {
	grep -rHo '^#include "\(common\|early\|host\)/[^"]*' common early host | awk -F ':#include "' '
		function dir(file) { sub(/\/[^\/]*$/, "", file); return file }
		FNR == NR && /^[^#]/ { allowed[$0] = 1; next }
		FNR == NR || dir($1) == dir($2) { next }
		dir($1) " " dir($2) in allowed { used[dir($1) " " dir($2)] = 1; next }
		$1 " " dir($2) in allowed { used[$1 " " dir($2)] = 1; next }
		{ print $1 " may not include " $2 }
		END { for (arrow in allowed) if (!used[arrow]) print "tests/arrows: nothing needs: " arrow }' tests/arrows -
}

mapfile -t sources < <(find common early host -name '*.c' | sort)
flags=(-std=gnu11 -D_GNU_SOURCE -I. '-DVERSION="0"')
# shellcheck disable=SC2046 # one word a file is meant
check "shellcheck is content" shellcheck -x -e SC1090,SC1091,SC2034,SC2154 $(shell_scripts)
check "cppcheck is content" cppcheck --quiet --error-exitcode=1 --inline-suppr \
	--enable=warning,portability,performance --suppress=missingIncludeSystem -D_GNU_SOURCE '-DVERSION="0"' -I. common early host
# Without the analyser's checks of other languages and systems, which cost a fifth of its time.
foreign=$(printf -- '-clang-analyzer-%s*,' osx cplusplus webkit fuchsia optin.cplusplus optin.osx optin.mpi nullability)
check "clang-tidy is content" clang-tidy --quiet --checks="${foreign%,}" --warnings-as-errors='*' "${sources[@]}" -- "${flags[@]}"
check "gcc -fanalyzer is content" analyse
check "only kmod_context.h knows libkmod" nothing includes_of libkmod common/module/kmod_context.h
check "only sha256.c and signify.c know libsodium" nothing includes_of sodium common/sha256.c common/input/signify.c
check "parts include each other only as tests/arrows says" nothing forbidden_arrows
check "our code allocates nothing" nothing grep -nE '\b(malloc|calloc|realloc|strdup|asprintf)\(' "${sources[@]}"
check "no function is longer than 60 lines" nothing long_functions
check "only main.c and children exit" nothing grep -nE '[^_]exit\(' "${sources[@]}"
check "no test ends well in spite of a ! command" nothing lost_negations
check "the Makefile is under 250 lines" test "$(wc -l <Makefile)" -lt 250
check "no kernel module is ever forced" nothing grep -nE 'MODULE_INIT_IGNORE|livepatch/.*force' "${sources[@]}"
echo "1..$count"
