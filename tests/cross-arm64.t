#!/usr/bin/env bash
# Both programs for arm64, and their tests under qemu-user.
exec "$(dirname "$(realpath "$0")")/cross" arm64
