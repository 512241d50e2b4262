/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The answer of answer.h as metrics, on standard output: OpenMetrics, of which only what
 * the older text format of Prometheus has too.
 */
#ifndef METRICS_H
#define METRICS_H

#include "host/answer.h"

void metrics_print(const struct answer *answer);

#endif
