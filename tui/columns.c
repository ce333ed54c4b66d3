/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/columns.h"

#include "tui/app.h"
#include "tui/list_widths.h"

bool
columns_can_be_chosen(const struct view_kind *kind)
{
	return (kind->keys & KEYS_LIST) && kind != &view_search;
}

static struct text
name_of(const struct table *t, const struct list_column *c)
{
	struct text head = text_of(c->head);
	size_t      n = 0;

	if (t->columns[c->column].name)
		return text_of(t->columns[c->column].name);
	while (n < head.n && head.p[n] >= 'A' && head.p[n] <= 'Z')
		n++;
	return text_head(head, n);
}

static size_t
place_of(const struct table *t, const struct list_column *columns, unsigned n, struct text name)
{
	for (unsigned i = 0; i < n; i++)
		if (text_eq(name_of(t, &columns[i]), name))
			return i;
	return TEXT_NOWHERE;
}

size_t
columns_place(const struct view *v, const struct column_wish *wish)
{
	return place_of(&v->list.table, v->list.columns, v->list.n_columns, wish->name);
}

static const struct column_wish *
wish_for(const struct column_choice *choice, struct text name)
{
	for (unsigned i = 0; i < choice->n; i++)
		if (text_eq(choice->of[i].name, name))
			return &choice->of[i];
	return NULL;
}

static struct column_choice *
choice_for(const struct app *app, const struct view_kind *kind)
{
	struct column_choice *choice = app->columns;

	while (choice && choice->kind != kind)
		choice = choice->next;
	return choice;
}

struct column_choice *
columns_of(struct app *app, const struct view_kind *kind)
{
	struct column_choice *choice = choice_for(app, kind);

	if (choice)
		return choice;
	choice = arena_new(&app->keep, struct column_choice, 1);
	choice->kind = kind;
	choice->next = app->columns;
	app->columns = choice;
	return choice;
}

int
columns_least(const struct table *t, const struct list_column *c)
{
	if (t->columns[c->column].kind == TABLE_TIME)
		return COLUMN_MOST + 1;
	return c->right && c->look == LOOK_PLAIN ? c->width : COLUMN_LEAST;
}

/* The place of each column as built in the order of the choice. One that the choice does not know is
 * behind the one that it is built behind. */
static void
order_of(const struct view *v, const struct column_choice *choice, unsigned order[LIST_COLUMNS_MAX])
{
	const struct list *l = &v->list;
	unsigned           n = 0;

	for (unsigned i = 0; i < choice->n; i++) {
		size_t at = place_of(&l->table, v->built, l->n_columns, choice->of[i].name);

		if (at != TEXT_NOWHERE)
			order[n++] = (unsigned)at;
	}
	for (unsigned k = 0; k < l->n_columns; k++) {
		unsigned to = 0;

		if (wish_for(choice, name_of(&l->table, &v->built[k])))
			continue;
		while (k && to < n && order[to++] != k - 1)
			;
		memmove(&order[to + 1], &order[to], (n - to) * sizeof(*order));
		order[to] = k;
		n++;
	}
}

/* What tells rows from each other is built as the first column that takes what room there is. */
static unsigned
telling_column(const struct view *v)
{
	for (unsigned i = 0; i < v->list.n_columns; i++)
		if (v->built[i].flexible)
			return i;
	return 0;
}

/* The column under the cursor is one that can be seen. */
static void
leave_hidden(struct list *l)
{
	if (l->aside < l->n_columns && l->columns[l->aside].wish != LIST_HIDDEN)
		return;
	l->aside = 0;
	while (l->columns[l->aside].wish == LIST_HIDDEN)
		l->aside++;
}

static void
wear(struct app *app, struct view *v)
{
	const struct column_choice *choice = choice_for(app, v->kind);
	struct list                *l = &v->list;
	unsigned                    order[LIST_COLUMNS_MAX] = { 0 }, telling = telling_column(v);

	l->columns = v->built;
	if (!choice || !choice->n)
		return;
	if (!v->chosen)
		v->chosen = arena_new(&v->arena, struct list_column, l->n_columns);
	order_of(v, choice, order);
	for (unsigned i = 0; i < l->n_columns; i++) {
		struct list_column       *c = &v->chosen[i];
		const struct column_wish *wish;

		*c = v->built[order[i]];
		wish = wish_for(choice, name_of(&l->table, c));
		if (wish)
			c->wish = wish->wish;
		if (wish && wish->width >= columns_least(&l->table, c))
			c->wished = wish->width;
		if (order[i] == telling)
			c->wish = LIST_TELLING;
	}
	l->columns = v->chosen;
	leave_hidden(l);
}

void
columns_loaded(struct app *app, struct view *v)
{
	v->built = v->list.columns;
	v->chosen = NULL;
	wear(app, v);
	if (v->chosen)
		list_widths(&v->list, &app->screen, app->screen.columns, v->list.widths);
}

void
columns_begin(struct app *app, const struct view *v, struct column_choice *choice)
{
	struct column_choice was = *choice;
	const struct list   *l = &v->list;

	choice->n = 0;
	for (unsigned i = 0; i < l->n_columns; i++) {
		struct text               name = name_of(&l->table, &l->columns[i]);
		const struct column_wish *wish = wish_for(&was, name);

		choice->of[choice->n++] =
		    wish ? *wish : (struct column_wish){ .name = arena_copy(&app->keep, name) };
	}
	/* those that only other lists of the kind have stay behind what they were behind */
	for (unsigned i = 0; i < was.n && choice->n < LIST_COLUMNS_MAX; i++) {
		unsigned to = 0;

		if (wish_for(choice, was.of[i].name))
			continue;
		while (i && !text_eq(choice->of[to++].name, was.of[i - 1].name))
			;
		memmove(&choice->of[to + 1], &choice->of[to], (choice->n - to) * sizeof(*choice->of));
		choice->of[to] = was.of[i];
		choice->n++;
	}
}

/* What was measured of a column goes with it, and so does the cursor. Keys may come faster than
 * drawings, and depend on what is shown. */
static void
change(struct app *app, struct view *v)
{
	struct list *l = &v->list;
	uint32_t     aside = list_aside(l) ? list_aside(l)->column : 0, was[LIST_COLUMNS_MAX];
	int          needs[LIST_COLUMNS_MAX];

	memcpy(needs, l->needs, sizeof(needs));
	for (unsigned i = 0; i < l->n_columns; i++)
		was[i] = l->columns[i].column;
	wear(app, v);
	for (unsigned i = 0; i < l->n_columns; i++) {
		for (unsigned k = 0; k < l->n_columns; k++)
			if (was[k] == l->columns[i].column)
				l->needs[i] = needs[k];
		if (l->columns[i].column == aside)
			l->aside = l->aside_used ? i : 0;
	}
	leave_hidden(l);
	list_widths(l, &app->screen, app->screen.columns, l->widths);
}

void
columns_changed(struct app *app, const struct column_choice *choice)
{
	for (int i = 0; i < app->n_levels; i++)
		for (int k = 0; k < app->levels[i]->n_views; k++)
			if (app->levels[i]->views[k].kind == choice->kind && app->levels[i]->views[k].built)
				change(app, &app->levels[i]->views[k]);
}

void
columns_set(struct app *app, const struct column_choice *as)
{
	struct column_choice *choice = columns_of(app, as->kind);

	memcpy(choice->of, as->of, sizeof(choice->of));
	choice->n = as->n;
	columns_changed(app, choice);
}

bool
columns_same(const struct column_choice *a, const struct column_choice *b)
{
	for (unsigned i = 0; a->n == b->n && i < a->n; i++)
		if (!text_eq(a->of[i].name, b->of[i].name) || a->of[i].wish != b->of[i].wish ||
		    a->of[i].width != b->of[i].width)
			return false;
	return a->n == b->n;
}

void
columns_end(struct view *v, struct column_choice *choice)
{
	unsigned order[LIST_COLUMNS_MAX] = { 0 };

	for (unsigned i = 0; i < choice->n; i++)
		if (choice->of[i].wish != LIST_AS_BUILT || choice->of[i].width)
			return;
	order_of(v, choice, order);
	for (unsigned i = 0; i < v->list.n_columns; i++)
		if (order[i] != i)
			return;
	choice->n = 0;
}

/* ---- kept in the case ---- */

struct text
columns_words(const struct app *app, struct arena *keep)
{
	struct text words = TEXT("");

	for (const struct column_choice *c = app->columns; c; c = c->next) {
		if (!c->n)
			continue;
		words = arena_printf(keep, TEXT_FMT "%s", TEXT_ARG(words), c->kind->name);
		for (unsigned i = 0; i < c->n; i++) {
			const struct column_wish *w = &c->of[i];
			const char               *sign = w->wish == LIST_HIDDEN  ? "-"
							 : w->wish == LIST_SHOWN ? "+"
										 : "";

			words = arena_printf(keep, TEXT_FMT " %s" TEXT_FMT, TEXT_ARG(words), sign,
					     TEXT_ARG(w->name));
			if (w->width)
				words = arena_printf(keep, TEXT_FMT "=%d", TEXT_ARG(words), w->width);
		}
		words = arena_join(keep, words, TEXT("\n"));
	}
	return words;
}

static struct column_wish
read_wish(struct text word)
{
	struct column_wish wish = { .name = text_cut(&word, '=') };
	uint64_t           width;

	if (text_starts(wish.name, TEXT("-")))
		wish.wish = LIST_HIDDEN;
	else if (text_starts(wish.name, TEXT("+")))
		wish.wish = LIST_SHOWN;
	if (wish.wish != LIST_AS_BUILT)
		wish.name = text_from(wish.name, 1);
	if (text_to_u64(word, &width) && width >= COLUMN_LEAST && width <= COLUMN_MOST)
		wish.width = (int)width;
	return wish;
}

void
columns_restore(struct app *app, struct text words)
{
	while (words.n) {
		struct text           line = text_cut(&words, '\n'), kind = text_cut(&line, ' ');
		struct column_choice *choice = NULL;

		for (size_t i = 0; view_kinds[i]; i++)
			if (text_eq(kind, text_of(view_kinds[i]->name)) &&
			    columns_can_be_chosen(view_kinds[i]))
				choice = columns_of(app, view_kinds[i]);
		while (choice && line.n && choice->n < LIST_COLUMNS_MAX) {
			struct column_wish wish = read_wish(text_cut(&line, ' '));

			if (!wish.name.n || wish_for(choice, wish.name))
				continue;
			wish.name = arena_copy(&app->keep, wish.name);
			choice->of[choice->n++] = wish;
		}
	}
}
