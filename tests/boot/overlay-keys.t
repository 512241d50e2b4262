#!/usr/bin/env bash
# A base with a trusted key, and two overlays: an unsigned one is refused, and the boot goes on. Whoever can
# append an archive can replace the keys as well, so the other one is used: signatures are no protection
# against the boot loader's owner. restored-keys.t asks all else.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/keys.sh"
use amd64
base hook

# archive TREE FILE: TREE in an archive to be appended, with its folders, which this base has as folders
archive() { (cd "$1" && find . -mindepth 1 | sort | cpio -o -H newc --quiet | gzip -1n) >"$2"; }

install -D -m 644 "$work/good.pub" "$work/keys/etc/kpatch-early/keys/good.pub"
archive "$work/keys" "$work/keys.cpio"
join "$initramfs" "$work/keys.cpio"
mv "$initramfs" "$work/base.img"

overlay lp_version
join "$work/base.img" "$overlay"
boot_again distrusted kpe_reason=manifest.sig_cannot_be_read
overlay "--sign=$work/other.sec" lp_version
unpacked "$overlay"
install -D -m 644 "$work/other.pub" "$tree/etc/kpatch-early/keys/good.pub"
archive "$tree" "$work/changed.cpio"
join "$work/base.img" "$work/changed.cpio"
boot_again overlay-patched
done_booting
