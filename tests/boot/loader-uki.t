#!/usr/bin/env bash
# Addons and a unified kernel image under Secure Boot. With image, addon and patch signed by one key, the patch is in force
# under lockdown. An addon that nobody signed is skipped, and the boot goes on.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/uki.sh"
secure_boot
signed_module lp_version
addon "$rdinit" "${signed[@]}" "$module"
boot_uki "all of it signed" addon-patched kpe.lockdown=yes
addon "$rdinit" "$module"
boot_uki "an addon that is not signed" addon-ignored kpe.lockdown=yes
done_booting
