# SPDX-License-Identifier: GPL-2.0-or-later
# Each patch of kpe.count= was changed behind the manifest's back: refused by its digest, before the kernel is asked.
. /test/lib.sh
init_ran
state failed
is "$(grep -c '^patch=.* outcome=failed ms=[0-9]* step=digest reason="its SHA-256 is ' "$status")" "$(word count)" \
	"each is refused by its digest"
is "$(grep -c '^patch=' "$status")" "$(word count)" "and there are no others"
dmesg >/tmp/dmesg
hasnt /tmp/dmesg "livepatch: \|module verification failed\|loading out-of-tree" "the kernel was not asked"
original_version
done_testing
