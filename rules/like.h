/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * like.h - patterns of LIKE: % is any run of characters, _ is one; a backslash is itself.
 */
#ifndef AUGER_RULES_LIKE_H
#define AUGER_RULES_LIKE_H

#include <stdbool.h>

#include "base/text.h"

/* The whole text, letter case counts. */
bool like_fits(struct text pattern, struct text t);

#endif
