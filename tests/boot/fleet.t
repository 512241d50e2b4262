#!/usr/bin/env bash
# A fleet that boots from the distribution's nginx, by config/boot/nginx.conf and config/boot/kpatch-early.ipxe: two rings with a
# set of patches each, the switch, a machine whose overlay the server lacks, and a set that goes to a ring by its link.
. "$(dirname "$0")/lib.sh"
use amd64
base_by_hand
ends_anywhere
. tests/boot/netboot.sh

# put SET NAME...: these samples become a set
put() {
	overlay "${@:2}"
	install -D -m 644 "$overlay" "$served/sets/$1/$release.cpio"
}

# What the server does, in this machine's root with nginx as it is when it was installed, in a network of its own, and in a place
# where nothing outlives it: what docs/netboot.md says.
# shellcheck disable=SC2016 # the inner shell expands it
serve='
	busybox ip link set lo up
	mount -t tmpfs tmpfs "$work/nginx"
	mkdir "$work/nginx"/{upper,scratch}
	mount -t overlay overlay -o "lowerdir=/,upperdir=$work/nginx/upper,workdir=$work/nginx/scratch" "$work/nginx"
	cd "$work/nginx"
	mount --rbind /dev dev
	cp -a "$program/usr" "$files/etc" "$files/var" .
	mkdir -p srv/boot etc/nginx/sites-enabled
	mount --bind "$served" srv/boot
	ln -sf ../sites-available/default etc/nginx/sites-enabled/default
	chroot . nginx
	cp "$OLDPWD/config/boot/nginx.conf" etc/nginx/sites-enabled/boot
	rm etc/nginx/sites-enabled/default
	chroot . nginx -s reload
	until busybox wget -q -O /dev/null http://127.0.0.1/start.ipxe; do sleep 0.1; done
	touch "$work/ready"
	exec sleep infinity'

# start_server: its process is $server
start_server() {
	local architecture program files
	architecture=$(dpkg --print-architecture)
	program=$(images/foreign "$architecture" own nginx)
	files=$(images/foreign "$architecture" own nginx-common)
	mkdir "$work/nginx"
	work=$work served=$served program=$program files=$files unshare --net --mount --pid --fork --kill-child \
		--propagation private bash -euc "$serve" 2>"$work/errors" &
	server=$!
	trap 'kill -9 "$server" || :; wait "$server" 2>/dev/null || :; rm -rf "$work"' EXIT
	until [[ -e $work/ready ]]; do
		kill -0 "$server" || {
			cat "$work/errors" >&2
			exit 1
		}
		sleep 0.1
	done
}

# member TITLE MAC ENTRY ANSWER PATCHES: one of several boots, of a machine of the fleet
member() {
	script "$3" fleet "kpe.answer=$4" "kpe.patches=$5"
	netboot "$1" "$2" "bootfile=http://10.0.2.2/start.ipxe" fleet
}

# told MAC CODE: how nginx answered the last machine that asked for its overlay
told() {
	nsenter -t "$server" -m tail -n 3 "$work/nginx/var/log/nginx/access.log" >"$work/last"
	verdict "the server's log says $2" grep -q "GET /overlay/$release.cpio?mac=${1//:/-} HTTP/1.1\" $2 " "$work/last"
}

canary=52:54:00:00:00:01 other=52:54:00:00:00:02
put 2026-11-20 lp_version
put 2026-12-01 lp_version lp_loadavg
ln -sfn ../sets/2026-11-20 "$served/ring/all"
ln -sfn ../sets/2026-12-01 "$served/ring/canary"
script patched fleet
start_server
member "ring canary" $canary patched patched lp_loadavg,lp_version
member "ring all" $other patched patched lp_version
told $other 200
member "ring all, off" $other off off ""
rm "$served/sets/2026-11-20/$release.cpio"
member "ring all, no overlay" $other patched not-installed ""
told $other 404
ln -sfn ../sets/2026-12-01 "$served/ring/all"
member "ring all, with the canary's set" $other patched patched lp_loadavg,lp_version
done_booting
