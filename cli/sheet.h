/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sheet.h - one thing, whole: sections of named values, for show and info.
 *
 * For people: a heading per section, names to the left, values of several lines indented. For
 * programs: rows of section, name, value, origin, meaning, rule.
 */
#ifndef AUGER_CLI_SHEET_H
#define AUGER_CLI_SHEET_H

#include "cli/print.h"

struct sheet;

struct sheet *sheet_begin(const struct print_style *style);
/* SECTION must live until the sheet ends. Absent values are left out. ORIGIN may be absent. */
void sheet_section(struct sheet *s, const char *section);
void sheet_text(struct sheet *s, struct text name, struct text value, struct text origin);
/* MEANING: what a code in the value stands for. RULE: what made the value, or the id
 * of the rule that it names. Both may be absent. */
void sheet_field(struct sheet *s, struct text name, struct text value, struct text origin,
		 struct text meaning, struct text rule);
void sheet_time(struct sheet *s, struct text name, int64_t ns);
void sheet_count(struct sheet *s, struct text name, uint64_t n);
void sheet_number(struct sheet *s, struct text name, double n);
void sheet_end(struct sheet *s);

#endif
