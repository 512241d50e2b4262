# Each fault is refused with its own reason, the patches around them are applied, the boot goes on.
. /test/lib.sh
init_ran
patched_version
patched_loadavg
patched_execdomains
state partial
outcome lp_version applied done ""
outcome digest failed digest "its SHA-256 is [0-9a-f]*, not the one in the manifest"
outcome truncated failed modinfo "not a whole ELF module"
outcome empty failed modinfo "not a whole ELF module"
outcome missing failed open "it is missing"
outcome link failed open "it is a symbolic link"
outcome fifo failed open "not a regular file"
outcome writable failed open "can be written by others than root"
outcome foreign failed open "is owned by uid [0-9]*; it must be root"
outcome lp_replace failed modinfo "it is for kernel .*, not $(uname -r)"
outcome lp_loadavg applied done ""
outcome not_a_patch failed modinfo "it is not a live patch"
outcome lp_unknown_symbol failed load "does not know a symbol .*Unknown symbol kpe_no_such_symbol"
outcome lp_unknown_function failed load "a function to patch was not found.*kpe_no_such_function"
outcome lp_init_fails failed load "the patch's own init refused"
outcome lp_init_returns_one failed enable "its init returned without enabling it"
outcome build skipped buildid "another build of this kernel"
outcome lp_execdomains applied done ""
our_log
is "$(wc -l </tmp/log)" 8 "the kernel log holds eight records of ours, the closing one included"
has /tmp/log "^digest: failed at digest: .*the boot goes on" "the kernel log names patch, step and reason"
has /tmp/log "and [0-9]* more (see kpatch-early status)" "the kernel log counts the records left out"
kpatch-early status --json >/tmp/json
has /tmp/json '"name": "lp_unknown_symbol", "outcome": "failed"' "status --json has the failed patch"
no_oops_but_ours
done_testing
