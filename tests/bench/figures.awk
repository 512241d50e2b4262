# SPDX-License-Identifier: GPL-2.0-or-later
# Reads the lines of a results file into arrays, for report.awk and draw.awk. Times are microseconds.
BEGIN {
	loaders = split("bare early insmod modprobe modules-load kpatch", loader, " ")
	label["bare"] = "the bare system calls"
	label["early"] = "kpatch-early apply"
	label["insmod"] = "busybox insmod"
	label["modprobe"] = "modprobe -a"
	label["modules-load"] = "systemd-modules-load"
	label["kpatch"] = "kpatch load --all"
}

$1 == "meta" { name = $2; $1 = $2 = ""; sub(/^ */, ""); meta[name] = $0; next }
!($1 in is_series) { is_series[$1]; series[++serieses] = $1 }
$2 == "time" && $3 != "warm" && $8 != 0 { failed[$1, $3, $4, $5]++; next }
$2 == "time" && $3 != "warm" {
	key = $1 SUBSEP $3 SUBSEP $4 SUBSEP $5
	value[key, ++values[key]] = $7
	if ($9 > peak[$1, $4, $5]) peak[$1, $4, $5] = $9
}
$2 == "calls" { calls[$1, $3, $4] = $5 }
$2 == "first" { first[$1, $3, $4] = $5 }
$2 == "idle" { key = $1 SUBSEP $3; value[key, ++values[key]] = $5 }
$2 == "load" && $3 > load { load = $3 }
$2 == "look" { looked[$1] += $3; at_first[$1] += $4 }
$2 == "look-load" && $3 > look_load[$1] { look_load[$1] = $3 }
$2 == "trouble" { troubles++ }
$2 == "boots" { boots[$1] = $3; good[$1] = $4 }
$2 == "bytes" { plain[$3] = $4; packed[$3] = $5 }
$2 == "native" { native[$3] = $4 }
$2 == "line" { moment[$3, $4] = $5 }

# The median, or 0 if it was not measured.
function median(key,   n, i, j, t, sorted) {
	n = values[key]
	if (!n) return 0
	for (i = 1; i <= n; i++) {
		t = value[key, i]
		for (j = i - 1; j && sorted[j] > t; j--) sorted[j + 1] = sorted[j]
		sorted[j + 1] = t
	}
	return n % 2 ? sorted[(n + 1) / 2] : (sorted[n / 2] + sorted[n / 2 + 1]) / 2
}

function took(s, setup, l, count) { return median(s SUBSEP setup SUBSEP l SUBSEP count) }
function idle(s, what) { return median(s SUBSEP what) }
