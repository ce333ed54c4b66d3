/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/lookups.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "rules/folder.h"

#define LOOKUPS_ARENA_MAX ((size_t)8 << 30)
#define CSV_FILE_MAX      ((size_t)256 << 20)
#define CSV_COLUMNS_MAX   1000

struct definition {
	struct lookup table;
	struct text   path; /* absent: text or computed */
	bool          read;
	char          digest[DIGEST_HEX + 1]; /* of all that decides what it gives; "": not made yet */
};

struct store {
	pthread_mutex_t     lock;
	struct arena        keep;
	struct definition **items; /* by name */
	struct text        *names;
	size_t              n, cap, names_cap;
};

struct lookups {
	struct store *store;
};

static struct definition *definition_put(struct store *s, struct text name);

struct lookups *
lookups_new(void)
{
	struct arena      keep = arena_open(LOOKUPS_ARENA_MAX);
	struct lookups   *l = arena_new(&keep, struct lookups, 1);
	static const char *const entropy[] = { "word", "ut_shannon" };
	struct text      *columns;

	l->store = arena_new(&keep, struct store, 1);
	l->store->keep = keep;
	pthread_mutex_init(&l->store->lock, NULL);
	columns = arena_new(&l->store->keep, struct text, 2);
	for (size_t i = 0; i < 2; i++)
		columns[i] = text_of(entropy[i]);
	struct definition *d = definition_put(l->store, TEXT("ut_shannon_lookup"));

	d->read = true;
	d->table.is_entropy = true;
	d->table.columns = columns;
	d->table.n_columns = 2;
	return l;
}

void
lookups_free(struct lookups *l)
{
	struct arena keep;

	if (!l)
		return;
	pthread_mutex_destroy(&l->store->lock);
	keep = l->store->keep;
	arena_close(&keep);
}

static size_t
definition_seek(const struct store *s, struct text name)
{
	size_t low = 0, high = s->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (text_cmp(s->names[mid], name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct definition *
definition_put(struct store *s, struct text name)
{
	size_t             at = definition_seek(s, name);
	struct definition *d = arena_new(&s->keep, struct definition, 1);

	d->table.name = arena_copy(&s->keep, name);
	if (at < s->n && text_eq(s->names[at], name)) {
		s->items[at] = d;
		return d;
	}
	arena_grow(&s->keep, s->items, s->n, &s->cap);
	arena_grow(&s->keep, s->names, s->n, &s->names_cap);
	memmove(s->items + at + 1, s->items + at, (s->n - at) * sizeof(*s->items));
	memmove(s->names + at + 1, s->names + at, (s->n - at) * sizeof(*s->names));
	s->items[at] = d;
	s->names[at] = d->table.name;
	s->n++;
	return d;
}

static struct text *
texts_keep(struct arena *keep, const struct text *items, uint32_t n)
{
	struct text *copy = arena_new(keep, struct text, n);

	for (uint32_t i = 0; i < n; i++)
		copy[i] = arena_copy(keep, items[i]);
	return copy;
}

static void
options_keep(struct lookup_options *out, const struct lookup_options *options, struct arena *keep)
{
	*out = *options;
	out->wildcards = texts_keep(keep, options->wildcards, options->n_wildcards);
	out->networks = texts_keep(keep, options->networks, options->n_networks);
	out->default_match = arena_copy(keep, options->default_match);
}

void
lookups_add(struct lookups *l, struct text name, struct text csv_path,
	    const struct lookup_options *options)
{
	struct definition *d = definition_put(l->store, name);

	options_keep(&d->table.options, options, &l->store->keep);
	d->path = arena_copy(&l->store->keep, csv_path);
}

void
lookups_add_empty(struct lookups *l, struct text name, const struct text *columns, uint32_t n)
{
	struct definition *d = definition_put(l->store, name);

	d->read = true;
	d->table.is_empty_store = true;
	d->table.columns = texts_keep(&l->store->keep, columns, n);
	d->table.n_columns = n;
}

/* --- CSV (RFC 4180) --- */

/* One cell; *MORE says whether the row goes on. Returns false at the end of the file. */
static bool
csv_cell_read(struct text *rest, struct arena *keep, struct text *cell, bool *more)
{
	char  *p;
	size_t n = 0, i = 0;

	if (text_absent(*rest) || rest->n == 0)
		return false;
	if (rest->p[0] == '"') {
		p = arena_new(keep, char, 1);
		size_t close = 1;

		while (close < rest->n && !(rest->p[close] == '"' &&
					    !(close + 1 < rest->n && rest->p[close + 1] == '"')))
			close += rest->p[close] == '"' ? 2 : 1;
		p = arena_new(keep, char, close + 1);
		for (i = 1; i < close && i < rest->n; i++) {
			p[n++] = rest->p[i];
			i += rest->p[i] == '"';
		}
		i = close < rest->n ? close + 1 : rest->n;
		*cell = (struct text){ p, n };
		/* What stands between the quote and the comma is no part of the cell. */
		while (i < rest->n && rest->p[i] != ',' && rest->p[i] != '\n')
			i++;
	} else {
		while (i < rest->n && rest->p[i] != ',' && rest->p[i] != '\n')
			i++;
		*cell = text_head(*rest, i);
		if (cell->n && cell->p[cell->n - 1] == '\r')
			cell->n--;
	}
	*more = i < rest->n && rest->p[i] == ',';
	*rest = text_from(*rest, i + 1);
	return true;
}

/* A row that ends in a comma has one more, empty, cell. */
static size_t
csv_row_read(struct text *rest, struct arena *keep, struct text *cells, size_t cap)
{
	size_t n = 0;
	bool   more = true;

	while (more) {
		struct text cell = TEXT("");

		if (!csv_cell_read(rest, keep, &cell, &more)) {
			if (n == 0)
				return 0;
			more = false;
		}
		if (n < cap)
			cells[n] = cell;
		n++;
	}
	return n < cap ? n : cap;
}

static bool
table_parse(struct store *s, struct lookup *t, struct text csv)
{
	struct arena *keep = &s->keep;
	struct text  *row = arena_new(keep, struct text, CSV_COLUMNS_MAX), *cells = NULL;
	size_t        n, cap = 0, used = 0;

	if (text_starts(csv, TEXT("\xef\xbb\xbf")))
		csv = text_from(csv, 3);
	n = csv_row_read(&csv, keep, row, CSV_COLUMNS_MAX);
	if (n == 0)
		return false;
	for (size_t i = 0; i < n; i++)
		row[i] = text_trim(row[i]);
	t->columns = row;
	t->n_columns = (uint32_t)n;
	struct text *line = arena_new(keep, struct text, n);

	for (;;) {
		size_t got = csv_row_read(&csv, keep, line, n);

		if (got == 0)
			break;
		/* An empty line is no row. */
		if (got == 1 && n > 1 && line[0].n == 0)
			continue;
		for (size_t i = 0; i < n; i++) {
			arena_grow(keep, cells, used, &cap);
			cells[used++] = i < got ? line[i] : TEXT("");
		}
		t->n_rows++;
	}
	t->cells = cells;
	return true;
}

/* False without an error: there is no such file. */
static bool
file_read(struct store *s, struct text path, struct text *out, struct err *err)
{
	struct err  why = { 0 };
	struct stat st;
	bool        there = stat(arena_cstr(&s->keep, path), &st) == 0;

	if (!there && errno == ENOENT)
		return false;
	if (there && (uintmax_t)st.st_size > CSV_FILE_MAX)
		return err_set(err, ERR_INPUT,
			       "the lookup file " TEXT_FMT " is larger than %zu MiB",
			       TEXT_ARG(path), CSV_FILE_MAX >> 20);
	return folder_read(path, CSV_FILE_MAX, &s->keep, out, &why) ||
	       err_set(err, ERR_INPUT, "the lookup file " TEXT_FMT " cannot be read: %s", TEXT_ARG(path),
		       why.what);
}

/* Under the lock; as lookups_find. */
static struct definition *
definition_find(struct store *s, struct text name, struct err *err)
{
	struct definition *d;
	struct text        csv;
	size_t             at = definition_seek(s, name);

	if ((at == s->n || !text_eq(s->names[at], name)) && text_iends(name, TEXT(".csv"))) {
		name = text_head(name, name.n - 4);
		at = definition_seek(s, name);
	}
	if (at == s->n || !text_eq(s->names[at], name))
		return NULL;
	d = s->items[at];
	if (!d->read && !text_absent(d->path) && file_read(s, d->path, &csv, err)) {
		d->read = table_parse(s, &d->table, csv);
		if (!d->read)
			err_set(err, ERR_INPUT, "the lookup file " TEXT_FMT " has no header",
				TEXT_ARG(d->path));
	}
	if (!d->read && text_absent(d->path))
		err_set(err, ERR_INPUT, "the lookup \"" TEXT_FMT "\" has no table", TEXT_ARG(name));
	return d->read ? d : NULL;
}

const struct lookup *
lookups_find(const struct lookups *l, struct text name, struct err *err)
{
	const struct definition *d;

	if (!l)
		return NULL;
	pthread_mutex_lock(&l->store->lock);
	d = definition_find(l->store, name, err);
	pthread_mutex_unlock(&l->store->lock);
	return d ? &d->table : NULL;
}

static void
add_number(struct digest *d, uint64_t n)
{
	digest_add(d, &n, sizeof(n));
}

static void
add_texts(struct digest *d, const struct text *items, size_t n)
{
	add_number(d, n);
	for (size_t i = 0; i < n; i++) {
		add_number(d, text_absent(items[i]) ? UINT64_MAX : items[i].n);
		digest_add(d, items[i].p, items[i].n);
	}
}

static void
digest_table(const struct lookup *t, char hex[DIGEST_HEX + 1])
{
	const struct lookup_options *o = &t->options;
	struct digest               *d = digest_new();

	add_number(d, o->ignore_case);
	add_number(d, o->min_matches);
	add_number(d, o->max_matches);
	add_number(d, t->is_empty_store);
	add_number(d, t->is_entropy);
	add_texts(d, o->wildcards, o->n_wildcards);
	add_texts(d, o->networks, o->n_networks);
	add_texts(d, &o->default_match, 1);
	add_texts(d, t->columns, t->n_columns);
	add_texts(d, t->cells, t->n_rows * t->n_columns);
	digest_finish(d, hex);
}

void
lookups_digest(const struct lookups *l, struct text name, struct digest *d)
{
	struct definition *found = NULL;
	struct err         problem = { 0 };

	if (l) {
		pthread_mutex_lock(&l->store->lock);
		found = definition_find(l->store, name, &problem);
		if (found && !found->digest[0])
			digest_table(&found->table, found->digest);
		pthread_mutex_unlock(&l->store->lock);
	}
	add_texts(d, &name, 1);
	if (found)
		digest_add(d, found->digest, DIGEST_HEX);
	else
		digest_add(d, problem.what, strlen(problem.what));
}

size_t
lookups_names(const struct lookups *l, const struct text **out)
{
	*out = l ? l->store->names : NULL;
	return l ? l->store->n : 0;
}

size_t
lookup_column(const struct lookup *t, struct text name)
{
	for (uint32_t i = 0; i < t->n_columns; i++)
		if (text_eq(t->columns[i], name))
			return i;
	return TEXT_NOWHERE;
}
