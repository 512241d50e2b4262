#!/usr/bin/env bash
# The image of docs/mkosi, by the mkosi of the next Debian (25), in a machine of its own, booted: patched, and with the switch
# not.
# Only with --long.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/mkosi.sh"
suite=trixie
use $suite-amd64

# there COMMAND...: in the machine, in the example's folder
there() {
	# shellcheck disable=SC2016 # the inner shell expands it
	images/debootstrapped $suite --fresh "$work/machine" --bind "$work/example" \
		env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
		sh -c 'cd "$0" && exec "$@"' "$work/example" "$@"
}

example
build() {
	there apt-get -qq update &&
		there apt-get -qqy install --no-install-recommends mkosi &&
		there mkosi --format=directory --kernel-modules-initrd=no --release=$suite --local-mirror="$(images/mirror)"
}
status=0
build >"$work/log" 2>&1 || status=$?
[[ $status -eq 0 ]] || tail -n 60 "$work/log" >&2
check $status "mkosi builds the image"
boot_image "$work/example/image" "$work/example/image.vmlinuz" "$work/example/image.initrd"
done_booting
