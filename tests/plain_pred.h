/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plain_pred.h - a second, plain reading of predicates, beside the evaluator of base/pred.c. */
#ifndef AUGER_TESTS_PLAIN_PRED_H
#define AUGER_TESTS_PLAIN_PRED_H

#include "base/pred.h"

/* '*' is anything; letter case counts. */
bool plain_glob(struct text glob, struct text t);
bool plain_holds(const struct pred *p, const struct event *ev, struct arena *keep);

#endif
