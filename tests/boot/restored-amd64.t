#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Restored guests of the kernel amd64.
. "$(dirname "$0")/restore.sh"
. "$(dirname "$0")/questions.sh"
questions amd64 "$(another)"
