#!/usr/bin/env bash
# Clocks at 1970, and in 2106 where 32 bits of seconds end: a trial at the one, and a proven boot at the other.
. "$(dirname "$0")/zoo.sh"
at() { BOOT_ARGUMENTS="-rtc base=$1" boot_again power-cut-later panic=0 "kpe.guard=$2" "${words[@]}"; }
for clocks in "1970-01-01 2106-02-07T06:28:14" "2106-02-07T06:28:14 1970-01-01"; do
	new_store
	with_settings
	set_of lp_version
	at "${clocks% *}" trying
	at "${clocks#* }" proven
done
done_booting
