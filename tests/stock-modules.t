#!/usr/bin/env bash
# Every stock module of a kernel fits it: check refuses none, and misses nothing that decides. By the rules that hold for any module.
# Only with --long.
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/.."
build=$(realpath "${BUILD:-build}")
series=(5.10-amd64 amd64 6.12-amd64 7-amd64)
work=$(mktemp -d "$build/stock.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$build/report"
count=0

ok() {
	count=$((count + 1))
	if [[ $1 -eq 0 ]]; then echo "ok $count - $2"; else echo "not ok $count - $2"; fi
}

# check_all ROOT RELEASE: what check says of all, by one call, is in $work/said
check_all() {
	find -L "$1/lib/modules/$2/kernel" -name '*.ko' -print0 >"$work/files"
	xargs -0 -s 2000000 "$build/kpatch-early" check --any-module -k "$2" --root "$1" <"$work/files" >"$work/said" || :
}

# report RELEASE SECONDS
report() {
	local all fitting
	all=$(tr -cd '\0' <"$work/files" | wc -c)
	fitting=$(grep -c " for $1: nothing against it$" "$work/said" || :)
	echo "stock-modules: $1: $all modules, refused $(grep -c " for $1: refused$" "$work/said" || :), unknown" \
		"$(grep -c " for $1: unknown$" "$work/said" || :), in $2 s" | tee -a "$build/report/figures" | sed 's/^/# /'
	ok "$([[ $all -gt 3000 && $all -eq $fitting ]]; echo $?)" "$1: $fitting of $all modules have nothing against them"
	[[ $all -eq $fitting ]] || grep -v ": nothing against it$" "$work/said" | head -n 40 | sed 's/^/# /'
}

for each in "${series[@]}"; do
	root=$work/root
	release=$(images/stock-modules "$each" "$root")
	TIMEFORMAT=%R
	seconds=$({ time check_all "$root" "$release" 2>&3; } 3>&2 2>&1)
	report "$release" "$seconds"
	rm -rf "$root"
done
echo "1..$count"
