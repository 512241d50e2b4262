#!/usr/bin/env bash
# An initramfs without a patch: dracut leaves the module out.
. "$(dirname "$0")/lib.sh"
use amd64
base hook
boot unpatched
