#!/usr/bin/env bash
# Overlays behind bases of each compression that Debian's kernels know, joined as cat does. All stand in one row,
# for one boot: where one is lost, so is what follows. An LZ4 base ends only at four zeros, so there is one of each
# length modulo 4. An overlay begins the row.
. "$(dirname "$0")/lib.sh"
use amd64

# archive: the plain archive of folder $work/$1, the same each time: else an LZ4 base is longer at one time than at another
archive() {
	find "$work/$1" -exec touch -d @0 {} +
	(cd "$work/$1" && find . | sort | cpio -o -H newc --quiet --reproducible)
}

# small BYTES: a plain archive with a file of so many bytes, at most 64
small() {
	mkdir -p "$work/small"
	sha256sum <<<kpatch-early | head -c "$1" >"$work/small/file"
	archive small
}

# behind NAME [COMMAND...]: adds what COMMAND makes of the archive on its input, and an overlay whose patch has this name
behind() {
	[[ $# -eq 1 ]] || "${@:2}" >>"$work/row"
	cp "$patches/lp_version.ko" "$work/$1.ko"
	"$BUILD/kpatch-early" overlay -k "$release" -o "$work/one.cpio" "$work/$1.ko" >&2
	cat "$work/one.cpio" >>"$work/row"
	bases+=("$1")
}

# behind_lz4: adds an LZ4 base for each length modulo 4
behind_lz4() {
	local bytes rest
	for ((bytes = 1; bytes <= 64; bytes++)); do
		rest=$(($(small $bytes | lz4 -l -9 -q -c | wc -c) % 4))
		[[ " ${bases[*]} " == *" lz4-$rest "* ]] || behind lz4-$rest lz4 -l -9 -q -c < <(small $bytes)
	done
	[[ $(printf '%s\n' "${bases[@]}" | grep -c lz4) -eq 4 ]] || {
		echo "Bail out! no LZ4 base of each length modulo 4: ${bases[*]}"
		exit 1
	}
}

bases=()
base_by_hand
sed -i 's,^! \[ -d /run.*,/bin/busybox ls /usr/lib/kpatch-early/patches/* >/run/kpatch-early/overlays\n&,' "$work/hand/init"
behind nothing
behind gzip gzip -1n < <(archive hand)
behind xz xz --check=crc32 < <(small 5)
behind zstd zstd -q < <(small 5)
behind_lz4
behind lzma lzma < <(small 5)
behind lzo lzop < <(small 5)
behind bzip2 bzip2 < <(small 5)
# A plain archive must begin at a multiple of 4, so boot loaders pad what is in front of it.
truncate -s %4 "$work/row"
behind none cat < <(small 5)
initramfs=$work/row
boot_again behind-bases rdinit=/usr/sbin/kpatch-early "kpe.bases=$(IFS=,; echo "${bases[*]}")"
done_booting
