/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * err.h - one error on its way up: what broke, and where.
 *
 * A function that can fail returns bool and takes struct err * last (NULL: nobody asks).
 * The first err_set and the first err_where win. Nobody prints on the way: the command line
 * prints "auger: where: what", the terminal UI shows the same words in its status line.
 */
#ifndef AUGER_BASE_ERR_H
#define AUGER_BASE_ERR_H

#include <stdbool.h>

enum err_kind {
	ERR_NONE = 0,
	ERR_USAGE,   /* the request makes no sense: exit 2 */
	ERR_INPUT,   /* a file is missing, unreadable, or not what it should be: exit 2 */
	ERR_RULE,    /* a detection or a search does not compile: exit 2 */
	ERR_LIMIT,   /* a search needs more than it may take: exit 3 */
	ERR_IO,      /* disk full, I/O error: exit 3 */
	ERR_CANCEL,  /* the user asked to stop: exit 3 */
};

struct err {
	enum err_kind kind;
	char          what[320];
	char          where[320];
};

bool err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4))); /* returns false */
bool err_where(struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 2, 3))); /* returns false */

#endif
