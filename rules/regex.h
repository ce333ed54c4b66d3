/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * regex.h - regular expressions of searches: PCRE2, unanchored, letter case counts, with limits.
 *
 * Unknown escapes of letters are literal letters, as in the PCRE that Splunk has; *LITERAL of
 * regex_make says that there was one, since its author likely meant a backslash.
 * A compiled expression lives in an arena and may be used by several threads.
 */
#ifndef AUGER_RULES_REGEX_H
#define AUGER_RULES_REGEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

#define REGEX_GROUPS_MAX 64

struct regex;

/* NULL, and a message in *WHAT, when the pattern does not compile. */
struct regex *regex_make(struct arena *keep, struct text pattern, struct text *what, bool *literal);

/* Makes it fast, where the system allows: for what is written in a search, and will be asked of
 * many rows. The machine code stays until the program ends. Not while another thread uses it. */
void regex_speed_up(struct regex *re);

struct regex_match {
	size_t   start[REGEX_GROUPS_MAX], end[REGEX_GROUPS_MAX]; /* bytes; TEXT_NOWHERE: unset */
	uint32_t n; /* groups, the whole match being number 0 */
};

enum regex_result { REGEX_NO, REGEX_YES, REGEX_GAVE_UP /* a limit was reached */ };

/*
 * First match at or behind byte FROM. GAVE_UP: texts of the same run that were given up before. Such
 * a text costs some 10 ms; behind REGEX_PATIENCE of them each gets a hundredth of the steps, so that
 * hostile evidence by the hundred thousand costs minutes, not hours.
 */
#define REGEX_PATIENCE 256
enum regex_result regex_find(const struct regex *re, struct text subject, size_t from,
			     uint64_t gave_up, struct regex_match *m);
/* Where to look for the next match: never at the same place again. */
size_t regex_next(struct text subject, const struct regex_match *m);

/* Named groups: name and number of each, in the order of their numbers. */
size_t regex_names(const struct regex *re, const struct text **names, const uint32_t **numbers);

#endif
