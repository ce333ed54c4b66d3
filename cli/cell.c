/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/cell.h"

#include <time.h>

#include "base/when.h"
#include "rules/row.h"

struct print_cell
cell_time(int64_t ns)
{
	return (struct print_cell){ .kind = ns == WHEN_NONE ? CELL_NONE : CELL_TIME, .count = ns };
}

struct text
cell_plain(const struct print_cell *cell, struct arena *keep)
{
	char when[WHEN_TEXT_MAX];

	switch (cell->kind) {
	case CELL_NONE:
		return TEXT_NONE;
	case CELL_TEXT:
	case CELL_LIST:
		return cell->text;
	case CELL_NUMBER:
		return value_text(&(struct value){ .kind = VALUE_NUMBER, .number = cell->number },
				  ' ', keep);
	case CELL_COUNT:
		return arena_printf(keep, "%lld", (long long)cell->count);
	case CELL_TIME:
		return arena_copy(keep, (struct text){ when, when_to_iso(cell->count, when) });
	}
	return TEXT_NONE;
}

size_t
cell_shown_time(const struct print_style *style, int64_t ns, char *out)
{
	int32_t   offset = style->zone_s;
	struct tm local;
	time_t    seconds = (time_t)(ns / WHEN_SECOND);

	if (style->zone_named && localtime_r(&seconds, &local))
		offset = (int32_t)local.tm_gmtoff;
	return when_to_human(ns, offset, out);
}
