/* SPDX-License-Identifier: GPL-3.0-or-later */
/* multikv: a row for each line of a table in _raw, such as tools print, named by its header. */
#include "config.h"

#include "base/ascii.h"
#include "base/when.h"
#include "rules/found_fields.h"
#include "rules/pipeline.h"

/* Columns of a table; what a line has behind them is left out. */
#define PARTS_MAX 200

struct multikv_args {
	struct column raw;
	struct text  *fields; /* of the table, that are wanted; none: all */
	size_t        n_fields, fields_cap;
	struct text  *filter; /* a line needs one of them; none: nothing */
	size_t        n_filter, filter_cap;
	uint64_t      header; /* line that is the header, without empty ones; 0: which looks like one */
	bool          copy, no_header, one_table, keep_original;
};

static bool
multikv_option(struct scan *s, struct multikv_args *args, struct text name, struct text value)
{
	bool yes;

	if (text_ieq(name, TEXT("conf")))
		return scan_fail(s, name.p, "multikv by the settings of a Splunk server is not "
				 "supported: use forceheader=, or rex");
	if (text_ieq(name, TEXT("forceheader")))
		return scan_to_count(s, name, value, 1, &args->header);
	if (text_ieq(name, TEXT("copyattrs")))
		return scan_to_bool(s, name, value, &args->copy);
	if (text_ieq(name, TEXT("noheader")))
		return scan_to_bool(s, name, value, &args->no_header);
	if (!text_ieq(name, TEXT("multitable")) && !text_ieq(name, TEXT("rmorig")))
		return scan_bad_option(s, name);
	if (!scan_to_bool(s, name, value, &yes))
		return false;
	if (text_ieq(name, TEXT("rmorig")))
		args->keep_original = !yes;
	else
		args->one_table = !yes;
	return true;
}

static bool
multikv_parse(struct scan *s, struct stage *stage)
{
	struct multikv_args *args = arena_new(s->c->keep, struct multikv_args, 1);
	struct text          name, value;
	enum { NOTHING, FIELDS, FILTER } list = NOTHING;

	stage->args = args;
	args->raw = compile_column(s->c, TEXT("_raw"));
	args->copy = true;
	for (; !scan_done(s); scan_commas(s)) {
		if (scan_option(s, &name, &value)) {
			if (!multikv_option(s, args, name, value))
				return false;
		} else if (scan_keyword(s, "fields")) {
			list = FIELDS;
		} else if (scan_keyword(s, "filter")) {
			list = FILTER;
		} else if (list == NOTHING) {
			return scan_expected(s, "an option, or \"fields\" or \"filter\" and a list");
		} else if (!scan_name(s, &name, "a name")) {
			return false;
		} else if (list == FIELDS) {
			arena_grow(s->c->keep, args->fields, args->n_fields, &args->fields_cap);
			args->fields[args->n_fields++] = name;
		} else {
			arena_grow(s->c->keep, args->filter, args->n_filter, &args->filter_cap);
			args->filter[args->n_filter++] = name;
		}
	}
	return true;
}

static void
multikv_uses(const struct stage *stage, struct uses *uses)
{
	const struct multikv_args *args = stage->args;

	uses_add(uses, args->raw.name, USE_READS);
}

static void
multikv_columns(const struct stage *stage, struct columns *columns)
{
	const struct multikv_args *args = stage->args;

	if (!args->copy)
		columns_only(columns);
	columns->open = true;
}

/* What stands between blanks in a line; AT says where. */
struct part {
	struct text text;
	size_t      at;
};

struct parts {
	struct part *items;
	size_t       n;
};

/* WIDE: one blank does not part, two or a tab do. */
static struct parts
parts_of(struct text line, bool wide, struct arena *scratch)
{
	struct parts p = { 0 };
	size_t       cap = 0, i = 0;

	while (i < line.n && p.n < PARTS_MAX) {
		size_t from, to;

		while (i < line.n && ascii_blank(line.p[i]))
			i++;
		for (from = i, to = i; i < line.n; i++) {
			if (!ascii_blank(line.p[i]))
				to = i + 1;
			else if (!wide || line.p[i] == '\t' || i > to)
				break;
		}
		if (to == from)
			break;
		arena_grow(scratch, p.items, p.n, &cap);
		p.items[p.n++] = (struct part){ { line.p + from, to - from }, from };
	}
	return p;
}

/* A line below titles that has no words. */
static bool
is_ruler(struct text line)
{
	for (size_t i = 0; i < line.n; i++)
		if (!ascii_blank(line.p[i]) && text_find_byte(TEXT("-=+|_"), line.p[i]) == TEXT_NOWHERE)
			return false;
	return true;
}

/* Titles are two words at least, all begin with a capital letter, and no empty line is below them:
 * REST is what follows. */
static bool
looks_like_header(struct text line, struct text rest, struct arena *scratch)
{
	struct parts p = parts_of(line, false, scratch);

	if (text_trim(text_cut(&rest, '\n')).n == 0)
		return false;

	for (size_t i = 0; i < p.n; i++)
		if (!ascii_upper(p.items[i].text.p[0]))
			return false;
	return p.n > 1;
}

/* A table whose lines are being read. */
struct table {
	struct parts titles;
	struct text *names; /* of the fields */
	bool         begun; /* without titles they count its columns */
	bool         wide;
};

/* Two blanks part titles of several words, when they part as many values in the line below, too, or
 * when it has fewer or more words than there would be titles. */
static void
begin_table(struct table *t, struct text header, struct text next, struct arena *scratch)
{
	struct parts words = parts_of(header, false, scratch), wide = parts_of(header, true, scratch);

	t->begun = true;
	t->wide = wide.n > 1 && wide.n < words.n &&
		  (parts_of(next, true, scratch).n == wide.n ||
		   parts_of(next, false, scratch).n != words.n);
	t->titles = t->wide ? wide : words;
	t->names = arena_new(scratch, struct text, t->titles.n + 1);
	for (size_t i = 0; i < t->titles.n; i++) {
		t->names[i] = found_field_name(t->titles.items[i].text, scratch);
		if (t->names[i].n == 0)
			t->names[i] = arena_printf(scratch, "Column_%zu", i + 1);
	}
}

/* The column that begins nearest before the end of the part: titles may stand to the right. */
static size_t
column_at(const struct table *t, const struct part *p)
{
	size_t i = 0;

	while (i + 1 < t->titles.n && t->titles.items[i + 1].at < p->at + p->text.n)
		i++;
	return i;
}

/* The fields of a line: in order when there are as many as titles; the last one takes what there is
 * besides; when there are fewer, they belong to the titles that they stand below. */
static void
read_line(const struct table *t, struct text line, struct found_fields *found)
{
	struct parts p = parts_of(line, t->wide, found->scratch);
	size_t       n = t->titles.n;

	for (size_t i = 0; i < p.n; i++) {
		struct text value = p.items[i].text;

		if (n == 0) {
			found_fields_add(found,
					 arena_printf(found->scratch, "Column_%zu", i + 1), value);
		} else if (p.n < n) {
			found_fields_add(found, t->names[column_at(t, &p.items[i])], value);
		} else if (i + 1 < n || p.n == n) {
			found_fields_add(found, t->names[i], value);
		} else {
			found_fields_add(found, t->names[i], text_trim(text_from(line, p.items[i].at)));
			break;
		}
	}
}

static bool
is_wanted(const struct multikv_args *args, struct text line)
{
	bool wanted = args->n_filter == 0;

	for (size_t i = 0; i < args->n_filter; i++)
		wanted |= text_find(line, args->filter[i]) != TEXT_NOWHERE;
	return wanted;
}

static void
keep_wanted(const struct multikv_args *args, struct found_fields *found)
{
	size_t n = 0;

	for (size_t i = 0; i < found->n && args->n_fields; i++)
		for (size_t k = 0; k < args->n_fields; k++)
			if (text_eq(found->fields[i].name, args->fields[k])) {
				found->fields[n++] = found->fields[i];
				break;
			}
	if (args->n_fields)
		found->n = n;
}

static bool
emit_line(struct stage_run *sr, const struct row *row, const struct table *t, struct text line)
{
	const struct multikv_args *args = sr->stage->args;
	struct arena              *scratch = sr->run->scratch;
	struct found_fields        found = { .scratch = scratch };
	struct row one = { .time_ns = WHEN_NONE, .first_ns = WHEN_NONE, .last_ns = WHEN_NONE };

	if (!is_wanted(args, line))
		return true;
	read_line(t, line, &found);
	keep_wanted(args, &found);
	if (args->copy)
		one = row_fork(row, scratch);
	else
		row_add_events(&one, row, scratch);
	row_set(&one, args->raw.name, value_of_text(line), scratch);
	found_fields_set(&found, &one);
	return pipe_emit(sr, &one);
}

/* The next line that is not empty; absent: there is none. *GAP: empty ones were before it. */
static struct text
next_line(struct text *rest, bool *gap)
{
	*gap = false;
	while (!text_absent(*rest)) {
		struct text line = text_cut(rest, '\n');

		if (text_trim(line).n) {
			while (line.n && ascii_blank(line.p[line.n - 1]))
				line.n--;
			return line;
		}
		*gap = true;
	}
	return TEXT_NONE;
}

static struct text
line_behind(struct text rest)
{
	struct text line;
	bool        gap;

	do
		line = next_line(&rest, &gap);
	while (!text_absent(line) && is_ruler(line));
	return text_absent(line) ? TEXT("") : line;
}

/* Is it the line that gives the fields of a table their names? NUMBER: of the line, from 1. */
static bool
is_header(const struct multikv_args *args, const struct table *t, struct text line,
	  struct text rest, uint64_t number, bool gap, bool any, struct arena *scratch)
{
	if (args->no_header)
		return false;
	if (args->header)
		return number == args->header;
	if (t->begun)
		return gap && !args->one_table && looks_like_header(line, rest, scratch);
	return !any || looks_like_header(line, rest, scratch);
}

static bool
has_header(struct stage_run *sr, struct text rest)
{
	struct text line;
	bool        gap, found = false;

	while (!found && !text_absent(line = next_line(&rest, &gap))) {
		char *mark = pipe_mark(sr->run);

		found = looks_like_header(line, rest, sr->run->scratch);
		pipe_release(sr->run, mark);
	}
	return found;
}

static bool
emit_tables(struct stage_run *sr, const struct row *row, struct text rest)
{
	const struct multikv_args *args = sr->stage->args;
	struct arena              *scratch = sr->run->scratch;
	struct table               t = { .begun = args->no_header };
	struct text                line;
	uint64_t                   number = 0;
	bool                       gap, more = true, any = has_header(sr, rest);

	while (more && !text_absent(line = next_line(&rest, &gap))) {
		char *mark = pipe_mark(sr->run);

		if (is_header(args, &t, line, rest, ++number, gap, any, scratch)) {
			begin_table(&t, line, line_behind(rest), scratch);
			continue;
		}
		if (t.begun && !is_ruler(line))
			more = emit_line(sr, row, &t, line);
		pipe_release(sr->run, mark);
	}
	return more;
}

static bool
multikv_row(struct stage_run *sr, struct row *row)
{
	const struct multikv_args *args = sr->stage->args;
	char                      *mark = pipe_mark(sr->run);
	struct value               v = row_value(row, &args->raw, sr->run->scratch);
	bool                       more = true;

	if (v.kind != VALUE_NULL)
		more = emit_tables(sr, row, value_text(&v, '\n', sr->run->scratch));
	if (more && args->keep_original)
		more = pipe_emit(sr, row);
	pipe_release(sr->run, mark);
	return more;
}

const struct pipe_command pipe_multikv = {
	.name = "multikv",
	.synopsis = "multikv [fields <field> ...] [filter <text> ...] [forceheader=<n>] "
		    "[noheader=<bool>] [multitable=<bool>] [copyattrs=<bool>] [rmorig=<bool>]",
	.help = "a row for each line of a table in _raw, with fields named by its header",
	.order = ROWS_EACH,
	.parse = multikv_parse,
	.uses = multikv_uses,
	.columns = multikv_columns,
	.row = multikv_row,
};
