/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/sheet.h"

#include "base/when.h"
#include "cli/table.h"

struct sheet {
	struct print_style style;
	struct print      *print; /* NULL for people */
	const char        *section;
	bool               begun; /* the section's heading is out */
	bool               any;
	struct arena       memory;
};

#define SHEET_COLUMNS 6

static const struct print_column sheet_columns[SHEET_COLUMNS] = {
	{ TEXT_INIT("section"), COLUMN_ALWAYS },
	{ TEXT_INIT("name"), COLUMN_ALWAYS },
	{ TEXT_INIT("value"), COLUMN_ALWAYS },
	{ TEXT_INIT("origin"), COLUMN_ALWAYS },
	{ TEXT_INIT("meaning"), COLUMN_ALWAYS },
	{ TEXT_INIT("rule"), COLUMN_ALWAYS },
};

struct sheet *
sheet_begin(const struct print_style *style)
{
	struct arena  memory = arena_open((size_t)1 << 32);
	struct sheet *s = arena_new(&memory, struct sheet, 1);

	s->style = *style;
	s->section = "";
	if (style->format != PRINT_TABLE)
		s->print = print_begin(style, sheet_columns, SHEET_COLUMNS);
	s->memory = memory;
	return s;
}

void
sheet_section(struct sheet *s, const char *section)
{
	s->section = section;
	s->begun = false;
}

static void
heading(struct sheet *s)
{
	if (!s->begun)
		fprintf(s->style.out, "%s%s\n", s->any ? "\n" : "", s->section);
	s->begun = true;
	s->any = true;
}

static struct text
joined(struct text a, const char *between, struct text b, struct arena *keep)
{
	if (text_absent(a) || text_absent(b))
		return text_absent(a) ? b : a;
	return arena_printf(keep, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(a), between, TEXT_ARG(b));
}

static void
put(struct sheet *s, struct text name, struct print_cell cell, struct text shown,
    struct text origin, struct text meaning, struct text rule)
{
	const struct print_cell cells[SHEET_COLUMNS] = { cell_text(text_of(s->section)),
							 cell_text(name), cell, cell_text(origin),
							 cell_text(meaning),
							 cell_text(rule) };
	struct arena memory = s->memory;
	struct text  remark = joined(origin, ": ", meaning, &memory);

	if (s->print) {
		print_row(s->print, cells);
		return;
	}
	remark = joined(remark, "; ", rule, &memory);
	heading(s);
	table_field(&s->style, name, shown, remark, memory);
}

void
sheet_text(struct sheet *s, struct text name, struct text value, struct text origin)
{
	if (!text_absent(value))
		put(s, name, cell_text(value), value, origin, TEXT_NONE, TEXT_NONE);
}

void
sheet_field(struct sheet *s, struct text name, struct text value, struct text origin,
	    struct text meaning, struct text rule)
{
	put(s, name, cell_text(value), value, origin, meaning, rule);
}

void
sheet_time(struct sheet *s, struct text name, int64_t ns)
{
	bool        utc = !s->style.zone_s && !s->style.zone_named;
	char        when[WHEN_TEXT_MAX];
	struct text shown = { when, 0 };

	if (ns == WHEN_NONE)
		return;
	shown.n = utc ? when_to_iso(ns, when) : cell_shown_time(&s->style, ns, when);
	put(s, name, cell_time(ns), shown, utc ? TEXT_NONE : text_of(s->style.zone_name),
	    TEXT_NONE, TEXT_NONE);
}

void
sheet_count(struct sheet *s, struct text name, uint64_t n)
{
	char out[24];

	put(s, name, cell_count(n),
	    (struct text){ out, (size_t)snprintf(out, sizeof(out), "%llu", (unsigned long long)n) },
	    TEXT_NONE, TEXT_NONE, TEXT_NONE);
}

void
sheet_number(struct sheet *s, struct text name, double n)
{
	struct print_cell cell = cell_number(n);

	put(s, name, cell, cell_plain(&cell, &s->memory), TEXT_NONE, TEXT_NONE, TEXT_NONE);
}

void
sheet_end(struct sheet *s)
{
	struct arena memory = s->memory;

	if (s->print)
		print_end(s->print);
	arena_close(&memory);
}
