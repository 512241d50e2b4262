#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A tree with a trusted key and an overlay: a signed one is used; one that is unsigned, changed on its way, or
# signed for another manifest is refused, and the boot goes on. With the keys replaced as well it is used.
. "$(dirname "$0")/restore.sh"
. "$(dirname "$0")/keys.sh"
use amd64

# trusting KEY OVERLAY: a tree with both
trusting() {
	unpacked "$2"
	install -D -m 644 "$work/$1.pub" "$tree/etc/kpatch-early/keys/good.pub"
}

overlay "--sign=$work/good.sec" lp_version
mv "$overlay" "$work/signed.cpio"
overlay "--sign=$work/other.sec" lp_version
mv "$overlay" "$work/foreign.cpio"
overlay lp_version

trusting good "$work/signed.cpio"
ask overlay-patched
trusting good "$overlay"
ask distrusted kpe_reason=manifest.sig_cannot_be_read
trusting good "$work/foreign.cpio"
ask distrusted kpe_reason=by_none_of_the_keys
trusting good "$work/signed.cpio"
sed -i 's/$/ required/' "$tree/etc/kpatch-early/manifest"
ask distrusted kpe_reason=not_of_this_manifest
# The patch, not the manifest.
trusting good "$work/signed.cpio"
printf x >>"$baked/lp_version.ko"
ask distrusted kpe_reason=not_the_one_in_the_manifest
# Keys and all.
trusting other "$work/foreign.cpio"
ask overlay-patched
done_booting
