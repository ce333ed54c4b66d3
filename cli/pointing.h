/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pointing.h - shows the line of a search that an error is about, with a caret under the fault. */
#ifndef AUGER_CLI_POINTING_H
#define AUGER_CLI_POINTING_H

#include "base/err.h"
#include "base/text.h"

/* To standard error, when ERR's place is in FILE ("FILE:line:column"); else nothing. SOURCE is the
 * text of the file. */
void point_at(const struct err *err, struct text file, struct text source);

#endif
