#!/usr/bin/env -S bats --tap
# SPDX-License-Identifier: GPL-2.0-or-later
# Metrics, held against the distribution's own promtool, node_exporter and prometheus, which are unpacked and not installed.

load helpers

setup_file() {
	local package here
	here=$(realpath "$BATS_TEST_DIRNAME/../..")
	for package in prometheus prometheus-node-exporter; do
		fetch "$package" >&2 || return 1
	done
	# Of Debian 13 it is a package of its own.
	[[ -e $(fetch prometheus)/usr/bin/promtool ]] || fetch promtool >&2
}

fetch() { BUILD=${BUILD:-$here/build} "$here/images/foreign" "$(dpkg --print-architecture)" own "$1"; }

setup() {
	fake_root
	tools=$(realpath "${BUILD:-$top/build}")/foreign/own-$(dpkg --print-architecture)
	promtool=$(ls "$tools"/prom*/usr/bin/promtool)
	prometheus=$tools/prometheus/usr/bin/prometheus
	exporter=$tools/prometheus-node-exporter/usr/bin/prometheus-node-exporter
	folder=/var/lib/prometheus/node-exporter
	mkdir -p "$root/usr/sbin" "$root/bin" "$root$folder" "$(dirname "$file")" "$root/etc/kpatch-early/manifest.d"
	cp "$top/build/kpatch-early" "$root/usr/sbin/"
	printf '%s\n' version=1 "kernel=$release" state=partial 'reason="1 of 2 patches failed"' guard=proven \
		'patch=lp_a outcome=applied ms=1034 step=done reason="" fixes=CVE-1,CVE-2,CVE-1' \
		'patch=lp_b outcome=failed ms=3 step=load reason="it says \"no\"" fixes=CVE-3' >"$file"
	enabled lp_a
	patch "$store/$release/lp-c.ko"
}

metrics() { run chroot "$root" /usr/sbin/kpatch-early status --metrics; }

has() { grep -qxF -e "$1" <<<"$output" || { echo "no $1: $output" && false; }; }

@test "the metrics say what status says, and promtool has nothing against them" {
	metrics
	[ "$status" -eq 0 ]
	has "kpatch_early_kernel{release=\"$release\"} 1"
	has 'kpatch_early_patched 0'
	has 'kpatch_early_answer{answer="in-part"} 1'
	has 'kpatch_early_patches_in_force 1'
	has 'kpatch_early_patches_expected 3'
	has 'kpatch_early_drift 3'
	has 'kpatch_early_boot{state="partial"} 1'
	has 'kpatch_early_guard{word="proven"} 1'
	has 'kpatch_early_patch{name="lp_a",now="in-force",outcome="applied"} 1'
	has 'kpatch_early_patch{name="lp_b",now="failed",outcome="failed"} 1'
	has 'kpatch_early_patch{name="lp_c",now="not-booted",outcome=""} 1'
	has 'kpatch_early_patch_seconds{name="lp_a"} 1.034'
	has 'kpatch_early_fix{id="CVE-1",name="lp_a"} 1'
	has 'kpatch_early_fix{id="CVE-3",name="lp_b"} 0'
	[ "$(grep -c '^kpatch_early_fix{id="CVE-1"' <<<"$output")" -eq 1 ]
	[ "${lines[-1]}" = "# EOF" ]
	"$promtool" check metrics <<<"$output"
	# A machine that knows nothing has no verdict to tell.
	rm -r "$file" "$store" "$root/sys/kernel/livepatch"
	metrics
	[ "$status" -eq 0 ]
	has 'kpatch_early_answer{answer="not-installed"} 1'
	[[ $output != *kpatch_early_boot* && $output != *kpatch_early_guard* ]]
	"$promtool" check metrics <<<"$output"
}

@test "node_exporter serves what the unit of kpatch-early-metrics.timer writes" {
	local command
	for command in sh mv; do cp /bin/busybox "$root/bin/$command"; done
	command=$(sed -n "s|^ExecStart=/bin/sh -c '\(.*\)'$|\1|p" "$top/config/systemd/kpatch-early-metrics.service")
	run chroot "$root" /bin/sh -c "cd $folder && $command"
	[ "$status" -eq 0 ]
	[ "$(ls "$root$folder")" = kpatch-early.prom ]
	# shellcheck disable=SC2016 # the inner shell expands it
	run unshare --net bash -euc '
		busybox ip link set lo up
		"$1" --collector.disable-defaults --collector.textfile --collector.textfile.directory="$2" \
			--web.listen-address=127.0.0.1:9100 --log.level=error 3>&- &
		trap "kill $!" EXIT
		for ((tries = 0; tries < 2400; tries++)); do
			if busybox wget -q -O - http://127.0.0.1:9100/metrics; then break; fi
			sleep 0.05
		done' sh "$exporter" "$root$folder"
	has 'node_textfile_scrape_error 0'
	has 'kpatch_early_patch_seconds{name="lp_a"} 1.034'
	has 'kpatch_early_fix{id="CVE-3",name="lp_b"} 0'
	[[ $output == *'node_textfile_mtime_seconds{file="'*'kpatch-early.prom"}'* ]]
}

# alerts: begins what promtool tests. series SERIES VALUES...: a test. expect TIME ALERT LABELS: which are raised then
alerts() { printf '%s\n' "rule_files: [$BATS_TEST_TMPDIR/rules.yml]" tests:; }
series() { printf '  - interval: 5m\n    input_series:\n' && printf "      - {series: '%s', values: '%s'}\n" "$@"; }
expect() { printf '    alert_rule_test:\n      - {eval_time: %s, alertname: %s, exp_alerts: [%s]}\n' "$@"; }

@test "each alert is raised when it should be, and not before" {
	local all=$top/config/monitoring/kpatch-early.rules.yml rules=$BATS_TEST_TMPDIR/test.yml old
	# promtool would compare the texts, too.
	sed '/annotations:/d; /summary:/d' "$all" >"$BATS_TEST_TMPDIR/rules.yml"
	old='{severity: warning, instance: a, file: /x/kpatch-early.prom}'
	{
		alerts
		series 'kpatch_early_patched{instance="a"}' '0x400' 'kpatch_early_answer{instance="a",answer="failed"}' '1x400'
		expect 15m KpatchEarlyNotPatched '{exp_labels: {severity: critical, instance: a}}'
		series 'kpatch_early_patched{instance="a"}' '1x400' 'kpatch_early_answer{instance="a",answer="patched"}' '1x400'
		expect 25h KpatchEarlyNotPatched ''
		series 'kpatch_early_patched{instance="a"}' '0x400' 'kpatch_early_answer{instance="a",answer="off"}' '1x400'
		expect 25h KpatchEarlyNotPatched ''
		series 'kpatch_early_answer{instance="a",answer="off"}' '1x400'
		expect 23h KpatchEarlyOff ''
		series 'kpatch_early_answer{instance="a",answer="off"}' '1x400'
		expect 25h KpatchEarlyOff '{exp_labels: {severity: warning, instance: a, answer: "off"}}'
		series 'kpatch_early_answer{instance="a",answer="not-installed"}' '1x400'
		expect 25h KpatchEarlyNothingInstalled '{exp_labels: {severity: warning, instance: a, answer: not-installed}}'
		series 'kpatch_early_drift{instance="a"}' '0x400' 'kpatch_early_drift{instance="b"}' '2x400'
		expect 25h KpatchEarlyRebootNeeded '{exp_labels: {severity: warning, instance: b}}'
		series 'kpatch_early_fix{instance="a",id="CVE-1",name="lp_a"}' '1x400' 'kpatch_early_fix{instance="a",id="CVE-2",name="lp_b"}' '0x400'
		expect 25h KpatchEarlyFixMissing '{exp_labels: {severity: warning, instance: a, id: CVE-2, name: lp_b}}'
		series 'node_textfile_mtime_seconds{instance="a",file="/x/kpatch-early.prom"}' '0x400'
		expect 50m KpatchEarlyMetricsOld ''
		series 'node_textfile_mtime_seconds{instance="a",file="/x/kpatch-early.prom"}' '0x400'
		expect 2h KpatchEarlyMetricsOld "{exp_labels: $old}"
	} >"$rules"
	"$promtool" check rules "$all"
	run "$promtool" test rules "$rules"
	echo "$output"
	[ "$status" -eq 0 ]
}

# machine NAME: a machine whose node_exporter will serve what the program says now
machine() {
	mkdir -p "machines/$1"
	chroot "$root" /usr/sbin/kpatch-early status --metrics >"machines/$1/kpatch-early.prom"
}

# exporters: starts one for each machine, and prints what prometheus is to be told
exporters() {
	local name port=9100
	printf '%s\n' 'global: {scrape_interval: 1s, evaluation_interval: 1s}' 'rule_files: [rules.yml]' \
		'scrape_configs: [{job_name: node, static_configs: ['
	for name in machines/*; do
		port=$((port + 1))
		echo "{targets: ['127.0.0.1:$port'], labels: {instance: ${name#*/}}},"
		"$exporter" --collector.disable-defaults --collector.textfile --collector.textfile.directory="$name" \
			--web.listen-address="127.0.0.1:$port" --log.level=error >&2 &
	done
	echo ']}]'
}

ask() { "$promtool" query instant http://127.0.0.1:9090 "$1"; }

# answers QUERY: prometheus has something to say to it
answers() { [[ -n $(ask "$1" 2>"$BATS_TEST_TMPDIR/errors") ]]; }

# scrape: prints what is raised for which machine, once the rules were asked with all machines heard of
scrape() {
	busybox ip link set lo up
	trap 'kill $(jobs -p); wait' EXIT
	exporters >prometheus.yml
	"$prometheus" --config.file=prometheus.yml --storage.tsdb.path=series --web.listen-address=127.0.0.1:9090 --log.level=error &
	until_true answers 'ALERTS{alertname="AllAreHeardOf",alertstate="firing"}'
	ask 'count by (alertname, instance) (ALERTS{alertname=~"Kpatch.*",alertstate="firing"})' | sed 's/ =>.*//'
}

@test "prometheus scrapes the machines, and raises alerts of those that are not patched" {
	cd "$BATS_TEST_TMPDIR"
	# Ours wait for minutes or a day. The last one of a group is asked last, and raised a round later.
	sed 's/for: .*/for: 0s/' "$top/config/monitoring/kpatch-early.rules.yml" >rules.yml
	echo '      - {alert: AllAreHeardOf, expr: count(kpatch_early_patched) == 3, for: 1s}' >>rules.yml
	machine in-part
	rm -r "$store"
	printf '%s\n' version=1 "kernel=$release" state=applied 'reason=""' guard=none overlay=yes before_root=yes \
		'patch=lp_a outcome=applied ms=34 step=done reason="" fixes=CVE-1' >"$file"
	machine patched
	rm -r "$file" "$root/sys/kernel/livepatch"
	machine without-overlay
	export prometheus promtool exporter
	run timeout 600 unshare --net bash -eu 3>&- <<-END
		$(declare -f exporters ask answers until_true scrape)
		scrape
	END
	echo "$output"
	[ "$status" -eq 0 ]
	diff <(sort <<<"$output") - <<-END
		{alertname="KpatchEarlyFixMissing", instance="in-part"}
		{alertname="KpatchEarlyNotPatched", instance="in-part"}
		{alertname="KpatchEarlyNothingInstalled", instance="without-overlay"}
		{alertname="KpatchEarlyRebootNeeded", instance="in-part"}
	END
}
