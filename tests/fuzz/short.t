#!/usr/bin/env bash
# A short run of each fuzzer over its kept corpus, and then over what it makes of it; four times as long with --long.
set -uo pipefail
cd "$(dirname "$(realpath "$0")")/../.." || exit
build=${BUILD:-build}
seconds=${KPE_LONG:+20}
count=0
for fuzzer in "$build"/fuzz/fuzz_*; do
	[[ -x $fuzzer && ! -d $fuzzer ]] || continue
	name=${fuzzer##*/fuzz_}
	count=$((count + 1))
	new=$(mktemp -d)
	if "$fuzzer" -seed=1 -max_len=4096 -max_total_time="${seconds:-5}" -artifact_prefix="$build/fuzz/" \
		"$new" "tests/fuzz/corpus/$name" >"$build/fuzz/$name.log" 2>&1; then
		echo "ok $count - the parser of the $name survives the fuzzer"
	else
		echo "not ok $count - the parser of the $name survives the fuzzer"
		tail -n 40 "$build/fuzz/$name.log" | sed 's/^/# /'
	fi
	rm -rf "$new"
done
echo "1..11"
