# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests of the boot guard with two slots on a partition of a second disk, $store. After lib.sh or restore.sh.
store=$work/guard
export BOOT_SECOND_DISK=$store

# with_settings [LINE...]: the settings for the next set_of, beside where the store is, $store_name
with_settings() {
	printf '%s\n' "guard_store=PARTLABEL=${store_name:-guard}" guard_modules=virtio_pci,virtio_blk "$@" >"$work/settings"
}

# on_host VERB...: the program with the store as a file, $work/host/slots
on_host() { "$BUILD/kpatch-early" "$@" --root "$work/host"; }

# new_store: a disk whose partition has a record of nothing
new_store() {
	rm -rf "$work/host" "$store"
	mkdir -p "$work/host/etc/kpatch-early"
	echo guard_store=/slots >"$work/host/etc/kpatch-early/kpatch-early.conf"
	on_host bless --init >/dev/null
	truncate -s 4M "$store"
	sfdisk -q "$store" <<<$'label: gpt\nstart=2048, size=64, name=guard'
	dd if="$work/host/slots" of="$store" bs=512 seek=2048 conv=notrunc status=none
}

# of_store [SECTOR]: what bless would say of the store now, with this sector emptied
of_store() {
	local slots=$work/host/slots
	dd if="$store" of="$slots" bs=512 skip=2048 count=9 status=none
	[[ -z ${1:-} ]] || dd if=/dev/zero of="$slots" bs=512 seek="$1" count=1 conv=notrunc status=none
	on_host bless
}

# store_is PATTERN: what bless would say of the store now; and either slot, as the only one, is whole or empty
store_is() {
	verdict "the store: $1" grep -qE "$1" <<<"$(of_store)"
	verdict "no slot is torn" grep -qv "keeps its record" <<<"$(of_store 0) $(of_store 8)"
}
