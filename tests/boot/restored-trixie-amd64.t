#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Restored guests of the kernel trixie-amd64.
# Only with --long.
. "$(dirname "$0")/restore.sh"
. "$(dirname "$0")/questions.sh"
questions trixie-amd64 amd64
