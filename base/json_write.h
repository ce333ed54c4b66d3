/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * json_write.h - a text out as a JSON string: quoted, hostile code points as \u escapes, bytes
 * that are not UTF-8 as U+FFFD.
 */
#ifndef AUGER_BASE_JSON_WRITE_H
#define AUGER_BASE_JSON_WRITE_H

#include <stdio.h>

#include "base/text.h"

void json_write(FILE *out, struct text t);

#endif
