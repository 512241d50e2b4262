# SPDX-License-Identifier: GPL-2.0-or-later
# Text: a table a kernel and kind of machine, and the goals. Reads what figures.awk collected.

function cell(s, setup, l, count,   t, b) {
	t = took(s, setup, l, count)
	if (failed[s, setup, l, count]) return sprintf("%18s", "FAILED")
	if (!t) return sprintf("%18s", "-")
	b = took(s, setup, "bare", count)
	return sprintf("%10.3f s %5.2f", t / 1e6, b ? t / b : 0)
}

function times(s, setup, title,   i) {
	if (!took(s, setup, "bare", 8)) return
	printf "\n%s, %s\n\n%-24s%18s%18s%18s\n", meta["kernel-" s], title, "seconds, times the bare", "1 patch", "8 patches", "32 patches"
	for (i = 1; i <= loaders; i++)
		if (took(s, setup, loader[i], 8) || failed[s, setup, loader[i], 8])
			printf "%-24s%s%s%s\n", label[loader[i]], cell(s, setup, loader[i], 1), cell(s, setup, loader[i], 8), cell(s, setup, loader[i], 32)
}

function costs(s,   i) {
	printf "\n%s: what eight patches take on one CPU (memory: of the largest process)\n\n%-24s%14s%14s%20s\n", meta["kernel-" s], "", "system calls", "peak memory", "exec to first load"
	for (i = 1; i <= loaders; i++)
		printf "%-24s%14d%10d KiB%17.2f ms\n", label[loader[i]], calls[s, loader[i], 8], peak[s, loader[i], 8], first[s, loader[i], 8] / 1e3
}

function weights(what, title) {
	if (plain[what]) printf "%-58s%12d%12d\n", title, plain[what], packed[what]
}

function looks(s) {
	if (looked[s])
		printf "\n%s: of %d patches in %d boots on two CPUs %d were in force when the kernel first looked, %.1f %%; host load up to %s\n",
			meta["kernel-" s], looked[s], boots[s], at_first[s], 100 * at_first[s] / looked[s], look_load[s]
}

function bytes() {
	printf "\nBytes added to an initramfs, patches aside\n\n%-58s%12s%12s\n", "", "plain", "zstd -15"
	weights("early", "kpatch-early: program, hook, manifest")
	weights("kpatch-on-dracut-hook", "kpatch, tools, libraries that dracut's base lacks")
	weights("kpatch-on-dracut-systemd", "the same, dracut's base with systemd")
	weights("kpatch-alone", "kpatch, shell, tools, libraries where nothing is there")
}

function at(who, what) {
	return (who, what) in moment ? sprintf("%16.2f", moment[who, what]) : sprintf("%16s", "-")
}

function timeline(   i, n, what, title) {
	if (!(("late", "patched") in moment)) return
	n = split("udev patched root service kpatch", what, " ")
	title["udev"] = "udev starts"; title["patched"] = "THE PATCH IS IN FORCE"; title["root"] = "the root is mounted"
	title["service"] = "first service of the system"; title["kpatch"] = "kpatch.service starts"
	printf "\n%s: a full Debian, two CPUs, seconds since the kernel's start\n\n%-30s%16s%16s\n", meta["kernel-6.1"], "unpatched until", "kpatch.service", "kpatch-early"
	for (i = 1; i <= n; i++) printf "%-30s%s%s\n", title[what[i]], at("late", what[i]), at("early", what[i])
}

# goal TEXT, FORMAT of the value, the VALUE, its LIMIT; below the limit if SIGN is -1, else above it
function goal(text, format, v, limit, sign) {
	printf("%-9s%-70s" format, v == "" ? "no value" : (v - limit) * sign >= 0 ? "met" : "NOT met", text, v)
	printf("  (%s " format ")\n", sign < 0 ? "at most" : "at least", limit)
}

function over(a, b) { return a && b ? a / b : "" }

function fastest_other(s,   i, t, best) {
	for (i = 3; i <= loaders; i++) {
		t = took(s, "two", loader[i], 8)
		if (t && (!best || t < best)) best = t
	}
	return best
}

# How much longer one of the patches 9 to 32 takes than one of 2 to 8.
function bend(s,   many, few) {
	many = took(s, "one", "early", 32) - took(s, "one", "early", 8)
	few = took(s, "one", "early", 8) - took(s, "one", "early", 1)
	return took(s, "one", "early", 32) && few ? many / 24 / (few / 7) : ""
}

function goals_of(s,   early) {
	early = took(s, "two", "early", 8)
	goal(s ": one CPU, 8 patches, times the bare calls", "%.3f", over(took(s, "one", "early", 8), took(s, "one", "bare", 8)), 1.05, -1)
	goal(s ": one CPU, 8 patches, times faster than kpatch load --all", "%.2f", over(took(s, "one", "kpatch", 8), took(s, "one", "early", 8)), 1.6, 1)
	goal(s ": two CPUs, 8 patches, times our own time on one", "%.2f", over(early, took(s, "wall1", "early", 8)), s == "6.12" ? 1.3 : 1.15, -1)
	goal(s ": two CPUs, 8 patches, times faster than the fastest other", "%.1f", over(fastest_other(s), early), s == "6.1" ? 20 : 2.5, 1)
	goal(s ": boots in a row without a word of trouble, of " boots[s], "%d", good[s], boots[s], 1)
	goal(s ": peak memory, KiB", "%d", peak[s, "early", 8], 2048, -1)
	goal(s ": time of patches 9 to 32, each, by that of 2 to 8", "%.2f", bend(s), 1.1, -1)
	if (peak[s, "early", 32])
		goal(s ": memory of patches 9 to 32, KiB each", "%.1f", (peak[s, "early", 32] - peak[s, "early", 8]) / 24, 8, -1)
	goal(s ": a line of another kernel, us by instruction count", "%.2f", (idle(s, "lines-8000") - idle(s, "lines-1000")) / 7000, 1, -1)
	goal(s ": exec to first load, one patch, ms", "%.2f", first[s, "early", 1] / 1e3, 1.5, -1)
	goal(s ": exec to first load, each further patch, ms", "%.2f", (first[s, "early", 8] - first[s, "early", 1]) / 7e3, 0.55, -1)
	goal(s ": a boot with nothing to do, ms", "%.2f", idle(s, "lines-0") / 1e3, 0.9, -1)
	goal(s ": a boot with kpatch.disable=1, ms", "%.2f", idle(s, "disabled") / 1e3, 3, -1)
}

END {
	printf "Live patch loaders, %s, kpatch-early %s\n", meta["date"], meta["revision"]
	printf "QEMU %s on %s; kpatch %s, busybox %s, kmod %s, systemd %s\n", meta["qemu"], meta["host"], meta["kpatch"], meta["busybox-static"], meta["kmod"], meta["systemd"]
	print "Each figure is the median of " meta["rounds"] " rounds (at most 2 by instruction count; on two CPUs 1, but for 8"
	print "patches), in one guest, the loaders in turn, until every patch is in force: enabled, and no"
	print "transition left. The runner waits for that after each loader, looking after 1 ms, then after twice"
	print "as long, up to 32 ms; so does the bare loader, which also tries EBUSY again that way. insmod,"
	print "modprobe and systemd-modules-load don't try EBUSY again: on two CPUs they get one patch a run, and"
	print "the next when that one is in force, as any user must do. kpatch and kpatch-early wait by themselves."
	for (i = 1; i <= serieses; i++) {
		times(series[i], "one", "one CPU, by instruction count (1 ns each)")
		times(series[i], "wall1", "two CPUs of which one is offline, by the clock")
		times(series[i], "two", "two CPUs, by the clock")
		costs(series[i])
		looks(series[i])
	}
	if (load > 2.5) print "\nThe host had a load of up to " load ": the figures by the clock are too long, and differ."
	bytes()
	timeline()
	print "\nGoals\n"
	for (i = 1; i <= serieses; i++) goals_of(series[i])
	goal("bytes added, compressed, by those of kpatch on dracut's base", "%.3f", over(packed["early"], packed["kpatch-on-dracut-hook"]), 0.1, -1)
	goal("bytes added, compressed, by those of kpatch where nothing is there", "%.3f", over(packed["early"], packed["kpatch-alone"]), 0.1, -1)
	if (native[8000])
		goal("a line of another kernel, us on the host's own CPU", "%.2f", (native[8000] - native[1000]) / 7000, 1, -1)
	if (troubles) print "Words of trouble in the kernel logs: " troubles
}
