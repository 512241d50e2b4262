#!/usr/bin/env bash
# Every kind of wrong patch between good ones.
. "$(dirname "$0")/lib.sh"
use 6.12-amd64
other=$patches
use amd64
line lp_version.ko

# sample AS: a good patch under another file name
sample() { install -D -m 644 "$patches/lp_loadavg.ko" "$baked/$1"; }
sum() { sha256sum <"$1" | cut -d' ' -f1; }
good=$(sum "$patches/lp_loadavg.ko")
zeros=$(printf '%064d' 0)

sample digest.ko
raw_line digest.ko "$zeros"
sample truncated.ko
truncate -s 3000 "$baked/truncated.ko"
raw_line truncated.ko "$(sum "$baked/truncated.ko")"
: >"$baked/empty.ko"
raw_line empty.ko "$(sum "$baked/empty.ko")"
raw_line missing.ko "$good"
ln -s lp_version.ko "$baked/link.ko"
raw_line link.ko "$good"
mkfifo "$baked/fifo.ko"
raw_line fifo.ko "$good"
sample writable.ko
chmod 666 "$baked/writable.ko"
raw_line writable.ko "$good"
sample foreign.ko
chown 1000 "$baked/foreign.ko"
raw_line foreign.ko "$good"
install -m 644 "$other/lp_replace.ko" "$baked/lp_replace.ko"
raw_line lp_replace.ko "$(sum "$other/lp_replace.ko")"
line lp_loadavg.ko
for name in not_a_patch lp_unknown_symbol lp_unknown_function lp_init_fails lp_init_returns_one; do
	line "$name.ko"
done
raw_line build.ko "$good" buildid=0123456789abcdef
line lp-execdomains.ko
base hook lp_version lp_loadavg lp-execdomains
boot faults
