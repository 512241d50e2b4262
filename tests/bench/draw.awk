# SPDX-License-Identifier: GPL-2.0-or-later
# SVG: bars on a logarithmic scale, a panel a kernel and kind of machine, and the boot as a timeline.
# It brings its own background, for the page may be of the other colour. Reads what figures.awk collected.

function put(line) { body = body line "\n" }
function text(px, py, class, anchor, words) {
	put(sprintf("<text x=\"%.1f\" y=\"%.1f\" class=\"%s\" text-anchor=\"%s\">%s</text>", px, py, class, anchor, words))
}
function rect(px, py, w, h, class) {
	put(sprintf("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\" class=\"%s\"/>", px, py, w, h, class))
}

# Seconds to pixels: LOW is at the left edge, each decade is as wide as the others.
function x(t) { return left + (log(t / low) / log(high / low)) * wide }

function grid(top, bottom,   decade, i, t) {
	for (decade = low; decade < high * 1.01; decade *= 10)
		for (i = 1; i < 10; i++) {
			t = decade * i
			if (t > high * 1.01) break
			put(sprintf("<path d=\"M%.1f %.1fV%.1f\" class=\"%s\"/>", x(t), top, bottom, i == 1 ? "decade" : "tick"))
			if (i == 1) text(x(t), bottom + 13, "small", "middle", t " s")
		}
}

function panel(s, setup, title,   i, t, top) {
	if (!took(s, setup, "early", 8)) return
	text(16, y, "title", "start", title)
	top = y += 10
	grid(top, top + loaders * 20 + 2)
	for (i = 1; i <= loaders; i++) {
		t = took(s, setup, loader[i], 8) / 1e6
		text(left - 8, y + 15, loader[i] == "early" ? "ours" : "name", "end", label[loader[i]])
		if (t) {
			rect(left, y + 4, x(t) - left, 14, loader[i] == "early" ? "bar us" : loader[i] == "bare" ? "bar base" : "bar")
			text(x(t) + 6, y + 15, loader[i] == "early" ? "ours" : "name", "start", sprintf("%.2f s", t))
		} else
			text(left + 6, y + 15, "name", "start", "failed")
		y += 20
	}
	y += 44
}

# One line of a boot: unpatched up to the patch, patched after it, with what happens on the way.
function boot_line(who, title, last,   n, i, what, scale, px, words) {
	n = split("udev root service kpatch", what, " ")
	words["udev"] = "udev"; words["root"] = "root mounted"; words["service"] = "first service"; words["kpatch"] = "kpatch.service"
	scale = wide / last
	text(left - 8, y + 24, who == "early" ? "ours" : "name", "end", title)
	rect(left, y + 10, moment[who, "patched"] * scale, 20, "bar late")
	rect(left + moment[who, "patched"] * scale, y + 10, wide - moment[who, "patched"] * scale, 20, "bar us")
	text(left + moment[who, "patched"] * scale, y + 5, "ours", "middle", sprintf("patched at %.1f s", moment[who, "patched"]))
	for (i = 1; i <= n; i++) {
		if (!((who, what[i]) in moment)) continue
		px = left + moment[who, what[i]] * scale
		put(sprintf("<path d=\"M%.1f %.1fV%.1f\" class=\"mark\"/>", px, y + 8, y + 36))
		text(px, y + 47 + (i % 2 ? 0 : 12), "small", "middle", words[what[i]])
	}
	y += 82
}

function timeline(   key, last) {
	if (!(("late", "patched") in moment)) return
	text(16, y, "title", "start", "The boot of a full Debian, Linux " meta["kernel-6.1"] ", two CPUs: unpatched until")
	y += 18
	for (key in moment) if (moment[key] > last) last = moment[key]
	boot_line("late", "kpatch.service", last * 1.05)
	boot_line("early", "kpatch-early", last * 1.05)
}

function style() {
	print "<style>text{font:12px sans-serif;fill:#24292f}.title{font-size:14px;font-weight:bold}.ours{font-weight:bold}"
	print ".small{font-size:10px;fill:#57606a}.page{fill:#ffffff}.bar{fill:#8c959f}.base{fill:#afb8c1}.us{fill:#1a7f37}.late{fill:#cf222e}"
	print "path{stroke:#d0d7de;stroke-width:1;fill:none}.tick{stroke-opacity:.4}.mark{stroke:#24292f}"
	print "@media (prefers-color-scheme:dark){text{fill:#e6edf3}.small{fill:#9198a1}.page{fill:#0d1117}.bar{fill:#6e7681}"
	print ".base{fill:#484f58}.us{fill:#2ea043}.late{fill:#da3633}path{stroke:#30363d}.mark{stroke:#e6edf3}}</style>"
}

END {
	left = 190; wide = 560; low = .1; high = 100; y = 30
	text(16, y, "title", "start", "Eight live patches, until each is in force (logarithmic; shorter is better)")
	y += 34
	for (i = 1; i <= serieses; i++) {
		panel(series[i], "one", "Linux " meta["kernel-" series[i]] ", one CPU, a nanosecond an instruction")
		panel(series[i], "two", "Linux " meta["kernel-" series[i]] ", two CPUs, by the clock")
	}
	timeline()
	y += 8
	text(16, y, "small", "start", meta["date"] ", kpatch-early " meta["revision"] ", kpatch " meta["kpatch"] ", busybox " meta["busybox-static"] ", kmod " meta["kmod"])
	text(16, y += 14, "small", "start", "systemd " meta["systemd"] "; QEMU " meta["qemu"] ", " meta["host"])
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"840\" height=\"%d\" viewBox=\"0 0 840 %d\" role=\"img\">\n", y + 16, y + 16
	print "<title>Time to load eight live patches, by loader</title>"
	style()
	printf "<rect width=\"840\" height=\"%d\" class=\"page\"/>\n%s</svg>\n", y + 16, body
}
