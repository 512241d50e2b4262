/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs of the early program, which the host program has too. As in verbs.h. */
#ifndef EARLY_VERBS_H
#define EARLY_VERBS_H

int apply_verb(int argc, char **argv);
int rollback_verb(int argc, char **argv);

#endif
