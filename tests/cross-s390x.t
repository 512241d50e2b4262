#!/usr/bin/env bash
# Both programs for s390x, the only machine here with the other byte order, and their tests under qemu-user.
# Only with --long.
cd "$(dirname "$(realpath "$0")")/.." || exit
images/packages s390x && exec tests/cross s390x
