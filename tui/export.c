/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/export.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/old_file.h"
#include "store/work.h"
#include "tui/long_list.h"
#include "tui/services.h"
#include "tui/sheet.h"

#define CONFIRMED work_verdicts[1]

static const char *
expand(const char *path, char out[PATH_MAX])
{
	const char *home = getenv("HOME");

	if (path[0] != '~' || path[1] != '/' || !home)
		return path;
	if (snprintf(out, PATH_MAX, "%s%s", home, path + 1) >= PATH_MAX)
		return path;
	return out;
}

FILE *
export_open(const char *path, struct err *err)
{
	char  full[PATH_MAX];
	FILE *out = fopen(expand(path, full), "wx");

	if (out)
		return out;
	if (errno == EEXIST)
		err_set(err, ERR_USAGE, "the file is there already; choose another name");
	else
		err_set(err, ERR_USAGE, "%s", strerror(errno));
	err_where(err, "%s", path);
	return NULL;
}

bool
export_close(FILE *out, const char *path, bool good, struct err *err)
{
	char full[PATH_MAX];

	if (good && (ferror(out) || fflush(out) != 0 || fsync(fileno(out)) != 0)) {
		err_set(err, ERR_IO, "%s", strerror(errno));
		good = false;
	}
	if (fclose(out) != 0 && good)
		good = err_set(err, ERR_IO, "%s", strerror(errno));
	if (!good) {
		err_where(err, "%s", path);
		unlink(expand(path, full));
	}
	return good;
}

bool
export_is_there(const char *path)
{
	char        full[PATH_MAX];
	struct stat st;

	return lstat(expand(path, full), &st) == 0;
}

const char *
export_place(const char *path, struct arena *keep)
{
	char full[PATH_MAX];

	return arena_cstr(keep, text_of(expand(path, full)));
}

struct text
export_where(const char *path, struct arena *keep)
{
	struct text whole = text_of(export_place(path, keep)), folder = TEXT(".");
	size_t      slash = text_rfind_byte(whole, '/');
	char       *real;
	struct text where = whole;

	if (slash != TEXT_NOWHERE)
		folder = text_head(whole, slash ? slash : 1);
	real = realpath(arena_cstr(keep, folder), NULL);
	if (real)
		where = arena_printf(keep, TEXT_FMT " in %s",
				     TEXT_ARG(slash == TEXT_NOWHERE ? whole : text_from(whole, slash + 1)), real);
	free(real);
	return where;
}

bool
export_put_aside(struct app *app, const char *path, struct err *err)
{
	const struct services *services = app->setup->services;
	const char            *place = export_place(path, &app->frame);
	char                   old[PATH_MAX];

	if (services && !services->may_replace(services->self, place, err))
		return false;
	if (old_file_keep(place, old) && (unlink(place) == 0 || errno == ENOENT))
		return true;
	err_set(err, ERR_USAGE, "cannot be moved: %s", strerror(errno));
	return err_where(err, "%s", path);
}

/* The number of columns: there are no verdicts in the table. */
static uint32_t
verdict_column(const struct table *t)
{
	uint32_t i = 0;

	while (i < t->n_columns && (!t->columns[i].name || strcmp(t->columns[i].name, "verdict") != 0))
		i++;
	return i;
}

enum export_rows
export_rows_of(const struct view *v, struct text path)
{
	size_t dot = text_rfind_byte(path, '.');

	if (!v->list.n_columns || dot == TEXT_NOWHERE)
		return EXPORT_SHOWN;
	path = text_head(path, dot);
	if (v->list.n_marks && text_iends(path, TEXT("-marked")))
		return EXPORT_MARKED;
	if (verdict_column(&v->list.table) < v->list.table.n_columns &&
	    text_iends(path, TEXT("-confirmed")))
		return EXPORT_CONFIRMED;
	return EXPORT_SHOWN;
}

static bool
is_asked_for(const struct view *v, const struct table_row *row, enum export_rows which)
{
	uint32_t verdict = verdict_column(&v->list.table);

	switch (which) {
	case EXPORT_SHOWN:
		return true;
	case EXPORT_MARKED:
		return list_is_marked(&v->list, row->id);
	case EXPORT_CONFIRMED:
		return verdict < v->list.table.n_columns &&
		       text_eq(row->values[verdict].text, CONFIRMED);
	}
	return false;
}

struct counting {
	const struct table *table;
	uint64_t            n;
};

static bool
count_shown(void *ctx, int64_t number)
{
	struct counting *c = ctx;

	c->n += table_place(c->table, number) != TEXT_NOWHERE;
	return true;
}

uint64_t
export_count(const struct view *v, enum export_rows which)
{
	const struct table *t = &v->list.table;
	struct counting     c = { .table = t };

	if (which == EXPORT_SHOWN)
		return t->shown;
	if (which == EXPORT_MARKED && t->paged)
		return v->list.n_marks;
	if (which == EXPORT_CONFIRMED && t->reader) {
		query_verdict_ids(t->reader->cf, CONFIRMED, count_shown, &c, NULL);
		return c.n;
	}
	for (size_t i = 0; i < t->shown; i++)
		c.n += which == EXPORT_MARKED ? list_is_marked(&v->list, table_id(t, i))
					      : is_asked_for(v, table_shown(t, i), which);
	return c.n;
}

static void
write_table(struct view *v, struct sheet *sheet, enum export_rows which, uint64_t *rows)
{
	struct table *t = &v->list.table;

	*rows = 0;
	for (size_t i = 0; i < t->shown; i++) {
		struct table_row *row = table_shown(t, i);

		if (!is_asked_for(v, row, which))
			continue;
		++*rows;
		if (!row->full && v->list.fetch)
			v->list.fetch(v->list.ctx, t, row);
		sheet_row(sheet, t, row, *t->keep);
	}
}

/* A document: a row for each of its fields. */
static void
write_doc(const struct doc *d, FILE *out, uint64_t *rows)
{
	struct csv  csv = { .out = out };
	struct text part = TEXT_NONE;

	csv_cell(&csv, TEXT("part"));
	csv_cell(&csv, TEXT("field"));
	csv_cell(&csv, TEXT("value"));
	csv_end_row(&csv);
	*rows = 0;
	for (size_t i = 0; i < d->n; i++) {
		const struct doc_item *item = &d->items[i];

		if (item->kind == DOC_RULE)
			part = item->label;
		if (item->kind == DOC_RULE || !item->text.n)
			continue;
		csv_cell(&csv, part);
		csv_cell(&csv, item->label);
		csv_cell(&csv, item->text);
		csv_end_row(&csv);
		(*rows)++;
	}
}

bool
export_table(struct view *v, const char *path, uint64_t *rows, struct err *err)
{
	struct sheet sheet;

	if (!sheet_open(&sheet, path, &v->list.table, err))
		return false;
	write_table(v, &sheet, export_rows_of(v, text_of(path)), rows);
	return export_close(sheet.csv.out, path, true, err);
}

bool
export_view(struct app *app, struct view *v, const char *path, uint64_t *rows, struct err *err)
{
	FILE *out;

	if (sheet_is_json(path) && !v->list.n_columns) {
		err_set(err, ERR_USAGE, "what is shown here is written as CSV; end the name in .csv");
		return err_where(err, "%s", path);
	}
	if (v->kind->export)
		return v->kind->export(app, v, path, rows, err);
	if (v->list.n_columns) {
		long_list_finish(app, v);
		return export_table(v, path, rows, err);
	}
	out = export_open(path, err);
	if (!out)
		return false;
	write_doc(&v->doc, out, rows);
	return export_close(out, path, true, err);
}
