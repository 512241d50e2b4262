# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the scripts that fetch kernels and compile for them: the table of the kernels that tests use.

# A row is the suite of Debian that has the kernel, the end of its packages' names (linux-image-NAME), and the
# suite whose compiler it needs. "own" is the machine's own suite; another suite's compiler runs in
# images/debootstrapped.
declare -A kernels=(
	# series           suite               name        compiler
	[5.10-amd64]="     bullseye            amd64       own"
	[amd64]="          own                 amd64       own"
	[rt-amd64]="       own                 rt-amd64    own"
	[6.12-amd64]="     own                 6.12-amd64  own"
	[trixie-amd64]="   trixie              amd64       trixie"
	[7-amd64]="        trixie-backports    amd64       trixie"
)

# kernel_row SERIES: sets $suite, $name and $compiler. Another series is a name of the machine's own suite.
kernel_row() { read -r suite name compiler <<<"${kernels[$1]:-own $1 own}"; }
