#!/usr/bin/env bash
# A base with a trusted key: a signed overlay is used; one that is unsigned, changed on its way, or signed
# for another manifest is refused, and the boot goes on. Whoever can append an archive can replace the keys
# as well, which the last boot shows: signatures are no protection against the boot loader's owner.
. "$(dirname "$0")/lib.sh"
use amd64
base hook
signify-openbsd -G -n -p "$work/good.pub" -s "$work/good.sec"
signify-openbsd -G -n -p "$work/other.pub" -s "$work/other.sec"

# archive TREE FILE: TREE in an archive to be appended, with its folders, which this base has as folders
archive() { (cd "$1" && find . -mindepth 1 | sort | cpio -o -H newc --quiet | gzip -1n) >"$2"; }

# changed SED: the signed overlay with its manifest changed by this program
changed() {
	rm -rf "$work/open"
	mkdir "$work/open"
	gzip -qdc "$work/signed.cpio" | (cd "$work/open" && cpio -idm --quiet)
	sed -i "$1" "$work/open/etc/kpatch-early/manifest"
	archive "$work/open" "$work/changed.cpio"
	join "$plain" "$work/changed.cpio"
}

install -D -m 644 "$work/good.pub" "$work/keys/etc/kpatch-early/keys/good.pub"
archive "$work/keys" "$work/keys.cpio"
join "$initramfs" "$work/keys.cpio"
mv "$initramfs" "$work/base.img"
plain=$work/base.img

overlay "--sign=$work/good.sec" lp_version
cp "$overlay" "$work/signed.cpio"
join "$plain" "$work/signed.cpio"
boot_again overlay-patched
overlay lp_version
join "$plain" "$overlay"
boot_again distrusted kpe_reason=manifest.sig_cannot_be_read
overlay "--sign=$work/other.sec" lp_version
join "$plain" "$overlay"
boot_again distrusted kpe_reason=by_none_of_the_keys
changed 's/$/ required/'
boot_again distrusted kpe_reason=not_of_this_manifest
# The patch, not the manifest.
changed ''
printf x >>"$work/open/usr/lib/kpatch-early/patches/$release/lp_version.ko"
archive "$work/open" "$work/changed.cpio"
join "$plain" "$work/changed.cpio"
boot_again distrusted kpe_reason=not_the_one_in_the_manifest
# Keys and all.
changed ''
signify-openbsd -S -s "$work/other.sec" -m "$work/open/etc/kpatch-early/manifest" -x "$work/open/etc/kpatch-early/manifest.sig"
cp "$work/open/etc/kpatch-early/manifest.sig" "$work/open/etc/kpatch-early/manifest.add.sig"
install -D -m 644 "$work/other.pub" "$work/open/etc/kpatch-early/keys/good.pub"
archive "$work/open" "$work/changed.cpio"
join "$plain" "$work/changed.cpio"
boot_again overlay-patched
done_booting
