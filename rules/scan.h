/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * scan.h - reading search text from left to right: blanks, words, quoted strings, options.
 *
 * All functions skip blanks first. Those that return bool and can fail have set the error of the
 * compilation, with the place in the original text, when they return false.
 */
#ifndef AUGER_RULES_SCAN_H
#define AUGER_RULES_SCAN_H

#include <stdbool.h>

#include "base/text.h"

struct compile;

struct scan {
	struct compile *c;
	const char     *at, *end; /* inside the expanded text */
};

void scan_blank(struct scan *s);
bool scan_done(struct scan *s);
bool scan_at(struct scan *s, char c);     /* is it next? */
bool scan_take(struct scan *s, char c);   /* the same, and steps over it */
void scan_commas(struct scan *s);         /* steps over commas between items */

/* A whole word, letter case ignored; steps over it. */
bool scan_keyword(struct scan *s, const char *word);
bool scan_at_keyword(struct scan *s, const char *word);

/* The run of characters up to a blank or one of STOP; may be empty. */
struct text scan_run(struct scan *s, const char *stop);
/* A quoted string, its escapes resolved (\\ and \" only). */
bool scan_string(struct scan *s, struct text *out);
/* A quoted string, or a bare run up to blank, comma, parenthesis or '=', with the argument in
 * parentheses that columns of aggregates have: values(user). WHAT is expected. */
bool scan_name(struct scan *s, struct text *out, const char *what);
/* A quoted string, or a bare run up to a blank, comma or parenthesis. */
bool scan_value(struct scan *s, struct text *out, const char *what);
/* A whole number that stands by itself, if that is what comes next; otherwise nothing is read. */
bool scan_count(struct scan *s, uint64_t *out);
/* name=value, if that is what comes next; otherwise nothing is read. Values as scan_value. */
bool scan_option(struct scan *s, struct text *name, struct text *value);
/* Would scan_option read one here? */
bool scan_at_option(const struct scan *s);
/* "[ ... ]": INNER becomes what lies between. */
bool scan_brackets(struct scan *s, struct scan *inner);
/* "( ... )": the same for parentheses. */
bool scan_parentheses(struct scan *s, struct scan *inner);

/* Number of an option, a whole number of at least MIN. */
bool scan_to_count(struct scan *s, struct text name, struct text value, uint64_t min,
		   uint64_t *out);
bool scan_to_bool(struct scan *s, struct text name, struct text value, bool *out);

/* Errors at a byte of the text; always false. */
bool scan_fail(const struct scan *s, const char *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* "expected WHAT, found ..." at what comes next. */
bool scan_expected(struct scan *s, const char *what);
/* "unknown option ..." */
bool scan_bad_option(struct scan *s, struct text name);
/* Fails unless all has been read. */
bool scan_finish(struct scan *s);

/* Behind what begins at P: a quoted string, an escaped byte, or the byte itself; NULL: a string
 * that does not close. */
const char *scan_step(const struct scan *s, const char *p);
/* The first pass over backslashes; BARE: outside quotes, where \| is a bar. */
struct text scan_unescape(struct compile *c, struct text t, bool bare);

#endif
