# SPDX-License-Identifier: GPL-2.0-or-later
# Three patches in a restored guest, whose drivers were there before.
. /test/three.sh
done_testing
