/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The question that systemd asks before it starts kpatch.service. Prints nothing. */
#ifndef MAY_LOAD_H
#define MAY_LOAD_H

#include <stdbool.h>

/* Whether kpatch.service may load the store. @text is the status file, or NULL. */
bool may_load_store(const char *text);

#endif
