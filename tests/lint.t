#!/usr/bin/env bash
# Static analysers, and the house rules that a program can check.
set -uo pipefail
cd "$(dirname "$(realpath "$0")")/.." || exit
count=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export OBJECTS=$scratch/objects

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

# analyse: leaves the object files for house-rules, which needs -fno-pie. From gcc 13 on it would have each descriptor closed,
# standard streams and those that are passed on by their number too.
analyse() {
	local file status=0
	for file in "${sources[@]}"; do
		mkdir -p "$OBJECTS/${file%/*}"
		gcc "${flags[@]}" -O1 -fno-pie -fanalyzer -Wno-analyzer-fd-leak -Werror -c -o "$OBJECTS/$file.o" "$file" || status=1
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
	images/sources | while IFS= read -rd '' file; do
		[[ -f $file ]] && head -c 64 "$file" | head -n 1 | grep -qE '^#!.*\b(ba)?sh$' && echo "${file#./}"
	done
	ls tests/cli/helpers.bash tests/boot/*.sh images/*.sh config/hooks/*.sh config/completion/completion.sh \
		config/completion/kpatch-early
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

# write_snippet CODE: writes a file of C, or two if @@ stands between them; \n is a newline, \t a tab
write_snippet() {
	mkdir -p "$scratch/snippet"
	rm -f "$scratch"/snippet/*
	printf '%b\n' "${1%%@@*}" >"$scratch/snippet/a.c"
	[[ $1 != *@@* ]] || printf '%b\n' "${1#*@@}" >"$scratch/snippet/b.c"
}

# rules_find_snippets <TABLE: whether house-rules finds just what each line of TABLE says. Such a line has the number of the
# line of C that must be found, or 0 for none; the rule; and the C.
rules_find_snippets() {
	local line rule code found status=0
	while read -r line rule code; do
		write_snippet "$code"
		[[ $rule != object ]] || gcc -O1 -fno-pie -c -o "$scratch/snippet/a.c.o" "$scratch/snippet/a.c" || status=1
		found=$(OBJECTS=/ tests/house-rules find "$rule" "$scratch"/snippet/*.c) || status=1
		found=$(awk -F : 'NF && !seen[$2]++ { print $2 }' <<<"$found")
		[[ ${found:-0} == "$line" ]] || {
			echo "$rule: found in line ${found:-0}, not $line: $code"
			status=1
		}
	done
	return $status
}

# list_gives LIST OUTPUT: whether house-rules prints OUTPUT for two functions with five parameters, if LIST is what is allowed
list_gives() {
	local rules=$PWD/tests/house-rules output
	mkdir -p "$scratch/list/tests"
	echo "$1" >"$scratch/list/tests/still-allowed"
	printf '%s\n' 'int a(int, int, int, int, int);' 'int b(int, int, int, int, int);' >"$scratch/list/a.c"
	output=$(cd "$scratch/list" && "$rules" check parameters a.c)
	[[ $output == "$2" ]] || {
		printf 'with "%s":\n%s\n' "$1" "$output"
		return 1
	}
}

list_is_exact() {
	list_gives "parameters a.c 2" "" &&
		list_gives "" $'parameters a.c: 2 found, 0 allowed\na.c:1: a has 5 parameters\na.c:2: b has 5 parameters' &&
		list_gives "parameters a.c 3" $'parameters a.c: 2 found, 3 allowed\ntests/still-allowed: write instead: parameters a.c 2' &&
		list_gives $'parameters a.c 2\nparameters b.c 1' \
			$'parameters b.c: 0 found, 1 allowed\ntests/still-allowed: write instead: no line'
}

mapfile -t sources < <(find common early host -name '*.c' | sort)
mapfile -t code < <(find common early host -name '*.[ch]' | sort)
flags=(-std=gnu11 -D_GNU_SOURCE -I. '-DVERSION="0"')
# shellcheck disable=SC2046 # one word a file is meant
check "shellcheck is content" shellcheck -x -e SC1090,SC1091,SC2034,SC2154,SC2319 $(shell_scripts)
check "cppcheck is content" cppcheck --quiet --error-exitcode=1 --inline-suppr \
	--enable=warning,portability,performance --suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches -D_GNU_SOURCE '-DVERSION="0"' -I. common early host
# Without the analyser's checks of other languages and systems, which cost a fifth of its time.
foreign=$(printf -- '-clang-analyzer-%s*,' osx cplusplus webkit fuchsia optin.cplusplus optin.osx optin.mpi nullability)
check "clang-tidy is content" clang-tidy --quiet --checks="${foreign%,}" --warnings-as-errors='*' "${sources[@]}" -- "${flags[@]}"
check "gcc -fanalyzer is content" analyse
check "only kmod_context.h knows libkmod" nothing includes_of libkmod common/module/kmod_context.h
check "only sha256.c and signify.c know libsodium" nothing includes_of sodium common/sha256.c common/input/signify.c
check "parts include each other only as tests/arrows says" nothing forbidden_arrows
# One file is malloc itself, for the early program's libraries.
mapfile -t callers < <(printf '%s\n' "${sources[@]}" | grep -vxF early/load/malloc.c)
check "our code allocates nothing" nothing grep -nE '\b(malloc|calloc|realloc|strdup|asprintf)\(' "${callers[@]}"
check "no function is longer than 60 lines" nothing long_functions
check "only main.c and children exit" nothing grep -nE '[^_]exit\(' "${sources[@]}"
check "no line is over 90 columns" tests/house-rules check columns "${code[@]}"
check "no function has over 4 parameters" tests/house-rules check parameters "${code[@]}"
check "no ?: is inside another" tests/house-rules check conditional "${code[@]}"
check "no expression has over three && and ||" tests/house-rules check and-or "${code[@]}"
check "no object outlives its function and can be written" tests/house-rules check object "${sources[@]}"
check "no static function's name is another function's too" tests/house-rules check static-name "${code[@]}"
check "no errno is made up" tests/house-rules check errno "${code[@]}"
check "tests/still-allowed says how many there are, and no other number" list_is_exact
check "house-rules finds what it should in snippets, and nothing else" rules_find_snippets <<'EOF'
0 columns // 456789012345678901234567890123456789012345678901234567890123456789012345678901234567890
2 columns //\n// 4567890123456789012345678901234567890123456789012345678901234567890123456789012345678901
0 columns \t// 4567890123456789012345678901234567890123456789012345678901234567890123456789012
1 columns //\t12345678901234567890123456789012345678901234567890123456789012345678901234567890123
0 columns // é56789012345678901234567890123456789012345678901234567890123456789012345678901234567890
0 parameters int f(int a, int b, int c, int d);
1 parameters int f(int a, int b, int c, int d, int e);
2 parameters struct s { int a; };\nstatic int f(int a, int b, int c,\n\tint d, int e)\n{\n}
0 parameters int f(int a, int b, int c, const char *format, ...) __attribute__((format(printf, 4, 5)));
0 parameters int f(int (*g)(int, int, int, int, int), int b, int c, int d);
0 parameters struct s { int (*f)(int, int, int, int, int); };
1 parameters static __attribute__((noinline)) int f(int a, int b, int c, int d, int e);
0 parameters int f(void)\n{\n\tint a = 0;\n\n\tg(1, 2, 3, 4, 5);\n}
0 parameters int a = F(1, 2, 3, 4, 5);
0 parameters // int f(int a, int b, int c, int d, int e);
0 parameters #define F(a, b, c, d, e) \\\n\tint f(int a, int b, int c, int d, int e);
0 conditional int x = a ? b : c, y = d ? e : f;
1 conditional int x = a ? b : c ? d : e;
1 conditional int x = a ? b ? c : d : e;
1 conditional int x = (a ? b : c) == d ? e : f;
1 conditional int x = a ? f(b ? c : d) : e;
1 conditional int x = a ? f(1, b[c ? d : e]) : f;
0 conditional f(a ? b : c, d ? e : f);
0 conditional x[a ? b : c] = (d ? e : f) + (g ? h : i);
0 conditional if (a ? b : c)\n\treturn d ? e : f;
2 conditional if (a ? b : c)\n\tx = d ? e : f ? g : h;
0 conditional int x = a ? '?' : f("?\\"?"); /* ? */ // ?
0 and-or bool x = a && b || c && d;
1 and-or bool x = a && b || c && d && e;
1 and-or if (a && (b || c) && (d || e))\n\tf();
1 and-or bool x = a && f(b || c || d) && e;
3 and-or int f(void)\n{\n\treturn a && b &&\n\t\tc && d && e;\n}
1 and-or f(a && b && c && d && e, f);
0 and-or f(a && b && c, d || e || f);
0 and-or bool x[] = { a && b, c && d, e && f, g && h };
0 and-or while (a && b)\n\treturn c && d && e && f;
0 and-or for (; a && b; x[c && d] = e && f && g)\n\treturn a && b && c;
0 object extern int b;\nint *const a[] = { &b };
1 object int a;
1 object const char *a = "b";
3 object int f(void)\n{\n\tstatic int calls;\n\n\treturn ++calls;\n}
0 object int f(void)\n{\n\tstatic const int a[] = { 1, 2 };\n\n\treturn a[f()];\n}
0 static-name static int f(void);\nstatic int f(void)\n{\n}@@static int g(void)\n{\n}
2 static-name int a;\nstatic int f(void)\n{\n}@@int a;\nstatic int f(void)\n{\n}
1 static-name static int f(void)\n{\n}@@int f(void);
0 static-name int main(void)\n{\n}@@int main(void)\n{\n}
0 static-name static int (*f)(void);@@static int (*g)(void);
0 static-name static int a = f(1);@@static int f(int b)\n{\n}
2 errno int f(void)\n{ return -EIO; }
1 errno int a = b == -ENOENT ? -E2BIG : 0;
0 errno int a = b == -ENOENT || b != -EIO;
0 errno int a = b ==\n\t-ENOENT;
0 errno switch (a) {\ncase -EPERM: f();\n}
0 errno int a = -errno, b = -EFI_NONE - End, c = EIO; // -EIO
EOF
check "no test ends well in spite of a ! command" nothing lost_negations
check "the Makefile is under 250 lines" test "$(wc -l <Makefile)" -lt 250
check "the manual pages are clean mdoc, for mandoc and groff" tests/manual clean
check "no sentence of the manual has over 25 words" tests/manual sentences
check "kpatch-early(8) has at most 1500 words" tests/manual short
check "the manual has each verb, option, outcome, state, step and command line word" tests/manual words
check "the manual has each setting, its range and its default" tests/manual settings
check "the manual states the limits of the program" tests/manual limits
check "the manual has each sentence of the tables in the sources" tests/manual messages
check "each page and section that is referred to is there" tests/manual references
check "README is short, and so is each document" tests/manual documents
check "no sentence of the documents has over 25 words" tests/manual prose
check "each link of the documents leads to a file or a heading, and README or HACKING to each page" tests/manual links
check "no kernel module is ever forced" nothing grep -nE 'MODULE_INIT_IGNORE|livepatch/.*force' "${sources[@]}"
echo "1..$count"
