/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/chrome.h"

#include "base/counted.h"
#include "tui/column_picker.h"
#include "tui/empty.h"
#include "tui/filter.h"
#include "tui/import_prompt.h"
#include "tui/picker.h"

struct text
chrome_short(uint64_t n, struct arena *keep)
{
	if (n < 100000)
		return table_amount((double)n, keep);
	if (n < 1000000)
		return arena_printf(keep, "%.0fK", (double)n / 1e3);
	if (n < 1000000000)
		return arena_printf(keep, "%.2fM", (double)n / 1e6);
	return arena_printf(keep, "%.2fG", (double)n / 1e9);
}

static void
draw_where(struct app *app, int row)
{
	struct screen *s = &app->screen;
	struct arena  *keep = &app->frame;
	struct text    name = text_last_part(text_of(app->setup->case_path));
	struct text    right = arena_printf(keep, "case " TEXT_FMT " %s " TEXT_FMT "%s%s%s", TEXT_ARG(name),
					    s->ascii ? "-" : "·",
					    TEXT_ARG(zone_label(&s->zone, app->info.clock_ns,
								keep)),
					    app->setup->read_only ? ", read only" : "",
					    app->damage_said ? ", NOT WHOLE" : "",
					    app->info.unfinished ? ", import not finished" : "");
	const struct level *root = app->levels[0];
	int at = 1, width = screen_width(s, right), room = s->columns - 1;

	if (s->columns >= 60)
		room -= width + 2;
	at += screen_put(s, row, at, room, TEXT("auger "), ROLE_HEAD);
	for (int i = 0; i < app->n_levels; i++) {
		struct text crumb = i ? app->levels[i]->crumb
				      : text_of(root->views[root->current].kind->title);

		at += screen_put(s, row, at, room - at, screen_sign(s, SIGN_CRUMB), ROLE_DIM);
		at += screen_put(s, row, at, room - at, TEXT(" "), ROLE_DIM);
		at += screen_put(s, row, at, room - at, crumb,
				 i == app->n_levels - 1 ? ROLE_HEAD : ROLE_TEXT);
		at += screen_put(s, row, at, room - at, TEXT(" "), ROLE_DIM);
	}
	if (s->columns >= 60)
		screen_put(s, row, s->columns - width - 1, width, right, ROLE_DIM);
}

static bool
tab_count(const struct app *app, const struct view *v, uint64_t *n)
{
	if (v->kind->count && v->kind->count(app, v, n))
		return true;
	if (!v->loaded || !v->list.n_columns || v->problem.kind != ERR_NONE ||
	    (v->list.table.paged && !v->list.table.total_exact))
		return false;
	*n = v->list.table.paged ? v->list.table.total : v->list.table.n_rows;
	return true;
}

/* Tabs behind these lose the number in them before a tab loses its place. */
#define ALWAYS_COUNTED 5

/* What is written for each tab, with the number in it and without. */
struct tab_labels {
	const struct level *level;
	struct text         with[LEVEL_VIEWS_MAX], without[LEVEL_VIEWS_MAX];
};

/* "[1 Hosts 214]" */
static void
label_tabs(struct app *app, const struct level *level, struct tab_labels *out)
{
	struct arena *keep = &app->frame;

	out->level = level;
	for (int i = 0; i < level->n_views; i++) {
		bool        here = i == level->current;
		const char *title = level->views[i].kind->title, *end = here ? "]" : " ";
		uint64_t    n;

		out->without[i] = arena_printf(keep, "%c%d %s%s", here ? '[' : ' ', (i + 1) % 10,
					       title, end);
		out->with[i] = out->without[i];
		if (tab_count(app, &level->views[i], &n))
			out->with[i] = arena_printf(keep, "%c%d %s " TEXT_FMT "%s",
						    here ? '[' : ' ', (i + 1) % 10, title,
						    TEXT_ARG(chrome_short(n, keep)), end);
	}
}

/* "6-8 0 more": keys of the tabs that have no place behind the first N; empty: none. */
static struct text
tabs_left_out(const struct level *level, int n, struct arena *keep)
{
	struct text keys = TEXT("");

	for (int first = n, end; first < level->n_views; first = end) {
		int last;

		end = first + 1;
		if (first == level->current)
			continue;
		while (end < level->n_views && end != level->current)
			end++;
		last = end - 1;
		keys = first == last
			   ? arena_printf(keep, TEXT_FMT " %d", TEXT_ARG(keys), (first + 1) % 10)
			   : arena_printf(keep, TEXT_FMT " %d-%d", TEXT_ARG(keys), (first + 1) % 10,
					  (last + 1) % 10);
	}
	return keys.n ? arena_join(keep, keys, TEXT(" more")) : keys;
}

/* Of the first N tabs, the current one and the sign for the others. Titles are ASCII. */
static int
tabs_width(const struct tab_labels *tabs, int n, int counted, struct arena scratch)
{
	const struct level *level = tabs->level;
	size_t              width = 1 + tabs_left_out(level, n, &scratch).n;

	for (int i = 0; i < level->n_views; i++)
		if (i < n || i == level->current)
			width += (i < counted ? tabs->with[i] : tabs->without[i]).n;
	return (int)width;
}

static void
draw_tabs(struct app *app, int row)
{
	struct screen      *s = &app->screen;
	const struct level *level = app_level(app);
	int                 n = level->n_views, counted = n, at = 1;
	struct tab_labels   tabs;

	app->tabs_row = level->n_views > 1 ? row : -1;
	if (level->n_views == 1) {
		screen_put(s, row, 1, s->columns - 2,
			   level->heading.n ? level->heading : level->query, ROLE_HEAD);
		return;
	}
	label_tabs(app, level, &tabs);
	while (counted > ALWAYS_COUNTED && tabs_width(&tabs, n, counted, app->frame) > s->columns)
		counted--;
	if (tabs_width(&tabs, n, counted, app->frame) > s->columns)
		counted = n;
	while (n > 0 && tabs_width(&tabs, n, counted, app->frame) > s->columns)
		n--;
	for (int i = 0; i < level->n_views; i++) {
		if (i < n || i == level->current)
			at += screen_put(s, row, at, s->columns - at,
					 i < counted ? tabs.with[i] : tabs.without[i],
					 i == level->current ? ROLE_HEAD : ROLE_TEXT);
		app->tab_end[i] = at;
	}
	screen_put(s, row, at, s->columns - at, tabs_left_out(level, n, &app->frame), ROLE_DIM);
}

static struct text
list_position(struct app *app, const struct view *v, struct arena *keep)
{
	const struct table *t = &v->list.table;
	struct text at, of, sorted = TEXT_NONE;
	bool        descending;
	const char *head = list_sorted_by(&v->list, &descending);
	uint64_t    all = t->paged ? t->total : t->n_rows;

	if (!t->paged) {
		at = table_amount(t->shown ? (double)v->list.place + 1 : 0, keep);
		of = table_amount((double)t->n_rows, keep);
		if (t->shown < t->n_rows)
			of = arena_printf(keep, TEXT_FMT " (of " TEXT_FMT ")",
					  TEXT_ARG(table_amount((double)t->shown, keep)),
					  TEXT_ARG(of));
	} else {
		at = t->base_known
			 ? table_amount((double)(t->base + v->list.place + (t->shown > 0)), keep)
			 : TEXT("?");
		of = arena_printf(keep, "%s" TEXT_FMT, t->total_exact ? "" : "at most ",
				  TEXT_ARG(table_amount((double)t->total, keep)));
	}
	if (head)
		sorted = arena_printf(keep, "   sorted by %s " TEXT_FMT, head,
				      TEXT_ARG(screen_sign(&app->screen,
							   descending ? SIGN_DOWN : SIGN_UP)));
	if (v->cut.kind)
		sorted = arena_printf(keep, TEXT_FMT "   NOT ALL: %s", TEXT_ARG(sorted),
				      v->cut.kind == ERR_CANCEL ? "stopped" : "could not be read");
	if (v->list.n_marks)
		sorted =
		    arena_printf(keep, TEXT_FMT "   %s marked", TEXT_ARG(sorted),
				 counted_number(v->list.n_marks).words);
	return arena_printf(keep, TEXT_FMT " of " TEXT_FMT " %s" TEXT_FMT, TEXT_ARG(at),
			    TEXT_ARG(of), counted_noun(all, v->kind->unit).words, TEXT_ARG(sorted));
}

static struct text
doc_position(const struct view *v, struct arena *keep)
{
	size_t      at, of;
	struct text lines = arena_printf(keep, "line %s of %s",
					 counted_number(doc_cursor(&v->doc) + 1).words,
					 counted_number(doc_line_count(&v->doc)).words);

	if (!doc_match_count(&v->doc, &at, &of)) {
		if (!v->doc.n_find)
			return lines;
		return arena_printf(keep, TEXT_FMT "   n N find %.*s", TEXT_ARG(lines),
				    (int)v->doc.n_find, v->doc.find);
	}
	if (!of && v->doc.n_find)
		return arena_printf(keep, TEXT_FMT "   not in this text: %.*s", TEXT_ARG(lines),
				    (int)v->doc.n_find, v->doc.find);
	if (!of)
		return lines;
	return arena_printf(keep, TEXT_FMT "   match %s of %s", TEXT_ARG(lines),
			    counted_number(at).words, counted_number(of).words);
}

static struct text
grown_words(struct app *app)
{
	struct text unit = text_of(app_view(app)->kind->name);

	if (!app->moved)
		return TEXT("the case has grown: F5 shows it");
	return arena_printf(&app->frame, "%s " TEXT_FMT " would change rank: F5", counted_number(app->moved).words,
			    TEXT_ARG(unit));
}

static struct text
what_goes_on(struct app *app, const struct view *v)
{
	struct text busy = TEXT(""), grown;

	if (worker_owner(app->worker) == v)
		busy = v->kind == &view_report ? TEXT("writing; Ctrl-C stops")
					       : TEXT("searching; Ctrl-C stops");
	else if (importer_running(app->setup->importer))
		busy = import_words(app, &app->frame);
	if (!app->grown)
		return busy;
	grown = grown_words(app);
	return arena_printf(&app->frame, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(grown),
			    busy.n ? "   " : "", TEXT_ARG(busy));
}

/* What is wrong, with a pointer at the place in the line below. */
static bool
point_at_wrong(struct app *app, int row, const struct popup *popup)
{
	struct screen *s = &app->screen;
	int            at = popup->place == TEXT_NOWHERE ? -1
						 : prompt_column(&app->prompt, s, popup->place);
	int            width = screen_width(s, popup->verdict);
	enum role      role = popup->wrong_at == TEXT_NOWHERE ? ROLE_DIM : ROLE_FLAG;

	if (at < 0 || at >= s->columns)
		return false;
	screen_put(s, row, at, 1, screen_sign(s, SIGN_DOWN), role);
	if (at + 2 + width < s->columns || at < s->columns / 2)
		screen_put(s, row, at + 2, s->columns - at - 3, popup->verdict, role);
	else
		screen_put_right(s, row, 1, at - 2, popup->verdict, role);
	return true;
}

/* What is said of the text that is being typed, and the keys of the prompt where there is room left:
 * less of them, then none. */
static void
draw_verdict(struct app *app, int row, const struct popup *popup)
{
	struct screen *s = &app->screen;
	const char    *up = app->prompt.past ? "   Up history" : "";
	struct text    hints[] = {
		   arena_printf(&app->frame, "Tab completes   %s%s   Esc cancels", app->prompt.help, up),
		   arena_printf(&app->frame, "%s%s", app->prompt.help, up),
		   TEXT("Esc cancels"),
		   TEXT(""),
	};
	int    room = s->columns - 2, verdict = screen_width(s, popup->verdict), used;
	size_t i = 0;

	if (point_at_wrong(app, row, popup))
		return;
	while (hints[i].n && screen_width(s, hints[i]) + 3 + verdict > room)
		i++;
	used = screen_put(s, row, 1, room, hints[i], ROLE_TEXT);
	used += used ? 3 : 0;
	screen_put_right(s, row, 1 + used, room - used, popup->verdict,
			 popup->wrong_at == TEXT_NOWHERE ? ROLE_DIM : ROLE_FLAG);
}

static void
draw_status(struct app *app, int row, const struct popup *popup)
{
	struct screen *s = &app->screen;
	struct view   *v = app_view(app);
	struct text    left, right = TEXT_NONE;
	int            used;

	if (app->message[0]) {
		int at = 1;

		if (app->message_bad)
			at += screen_put(s, row, at, 2, TEXT("! "), ROLE_FLAG);
		screen_put(s, row, at, s->columns - at, text_of(app->message),
			   app->message_bad ? ROLE_FLAG : ROLE_MARK);
		return;
	}
	if (v->list.n_columns)
		left = list_position(app, v, &app->frame);
	else
		left = v->doc.n ? doc_position(v, &app->frame) : TEXT_NONE;
	if (app->prompt.open && app->prompt.suggest) {
		draw_verdict(app, row, popup);
		return;
	}
	if (app->bar_open && app->bar_at < app->n_chips)
		left = arena_printf(&app->frame, "chip %u of %u   " TEXT_FMT,
				    (unsigned)app->bar_at + 1, (unsigned)app->n_chips,
				    TEXT_ARG(app->bar_note));
	if (app->prompt.open && app->prompt.help)
		left = arena_printf(&app->frame, "%s   Esc cancels   " TEXT_FMT, app->prompt.help,
				    TEXT_ARG(left));
	used = 1 + screen_put(s, row, 1, s->columns - 2, left, ROLE_TEXT);
	right = what_goes_on(app, v);
	if (!right.n && v->kind->note)
		right = v->kind->note(app, v, &app->frame);
	if (right.n && used + 3 < s->columns - 1)
		screen_put_right(s, row, used + 2, s->columns - used - 3, right, ROLE_DIM);
}

/* "e export"; empty where the user took the key off. */
static struct text
hint(const struct app *app, const struct view *v, enum action a, struct arena *keep)
{
	struct text keys = app_keys_of(app, v, a, keep);
	struct text first = text_cut(&keys, ' ');
	const char *word = keys_line(a)->word;

	if (!first.n)
		return TEXT("");
	if (a == ACTION_BACK && app->n_levels == 1)
		word = "quit";
	else if (a == ACTION_OPEN && v->kind->opens)
		word = v->kind->opens;
	return arena_printf(keep, TEXT_FMT " %s", TEXT_ARG(first), word);
}

static const enum action bar_hints[] = { ACTION_CHIP_RIGHT, ACTION_CHIP_TOGGLE, ACTION_CHIP_EDIT,
					 ACTION_CHIP_NOT,   ACTION_CHIP_DELETE, ACTION_CHIP_ADD,
					 ACTION_CLEAR,      ACTION_NONE };

static const enum action empty_hints[] = { ACTION_IMPORT, ACTION_IMPORT_LOG, ACTION_COMMAND,
					   ACTION_NONE };

/* What there is to do about a list that a filter left empty. */
static const enum action filtered_hints[] = { ACTION_CLEAR,  ACTION_UNDO,   ACTION_FILTERS,
					      ACTION_TOGGLE, ACTION_SEARCH, ACTION_NONE };

/* Keys that are about a row are of no use where there is none. */
static bool
needs_row(const struct view *v, enum action a)
{
	if (!v->list.n_columns || v->list.table.shown || a == ACTION_SPAN || a == ACTION_ADD ||
	    (a == ACTION_NARROW && v->list.table.n_narrow))
		return false;
	return keys_line(a)->where & (KEYS_OPENS | KEYS_CELLS | KEYS_RULED | KEYS_DRILLS |
			       KEYS_FINDINGS | KEYS_NOTED | KEYS_MARKS | KEYS_AROUND | KEYS_HIDING | KEYS_SIDE |
			       KEYS_EVENTS | KEYS_LIST | KEYS_MOVES);
}

/* The keys of the view; in a case without events the ways to get some. */
static const enum action *
hinted(const struct app *app, const struct view *v)
{
	if (app->bar_open)
		return bar_hints;
	if (app->n_levels == 1 && !app->info.events && app->setup->importer &&
	    !app->setup->read_only)
		return empty_hints;
	if (v->list.n_columns && !v->list.table.shown && app_filtered(app))
		return filtered_hints;
	return v->kind->hints;
}

struct text
chrome_hints(struct app *app, const struct view *v, int columns, struct arena *keep)
{
	const char *gap = columns >= 110 ? "   " : "  ";
	struct text help = hint(app, v, ACTION_HELP, keep);
	struct text tail = arena_printf(keep, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(help), gap,
					TEXT_ARG(hint(app, v, ACTION_BACK, keep)));
	struct text line = TEXT("");

	if (tail.n > (size_t)columns)
		return help;
	for (const enum action *a = hinted(app, v); a && *a != ACTION_NONE; a++) {
		struct text one = hint(app, v, *a, keep);

		if (!one.n || needs_row(v, *a))
			continue;
		if (line.n + one.n + 3 + tail.n > (size_t)columns)
			break;
		line =
		    arena_printf(keep, TEXT_FMT TEXT_FMT "%s", TEXT_ARG(line), TEXT_ARG(one), gap);
	}
	return arena_join(keep, line, tail);
}

static void
draw_hints(struct app *app, int row)
{
	struct screen *s = &app->screen;
	struct text    line = app->picker     ? picker_hints()
			      : app->choosing ? column_picker_hints()
					      : chrome_hints(app, app_view(app), s->columns - 2, &app->frame);

	screen_put(s, row, s->columns > 10, s->columns, line, ROLE_DIM);
}

static bool
has_status(const struct app *app)
{
	return app->screen.rows >= 5 || (app->message[0] && app->screen.rows >= 3);
}

/* What the other zones leave to the view. */
static struct area
view_area(const struct app *app)
{
	int rows = app->screen.rows;
	int top = (rows >= 3) + (rows >= 7) + (rows >= 9 || (rows >= 7 && app_filtered(app)));
	int foot = rows - (rows >= 2) - has_status(app);

	return (struct area){ top, 0, foot - top, app->screen.columns };
}

static bool
preview_fits(const struct view *v, struct area a)
{
	return v->kind->preview && a.columns >= v->kind->preview_columns &&
	       a.rows >= v->kind->preview_rows + 6;
}

bool
chrome_has_preview(const struct app *app, const struct view *v)
{
	return preview_fits(v, view_area(app));
}

/* The preview sits below the list, or beside nothing when there is no room for both. */
static void
draw_list(struct app *app, struct view *v, struct area a)
{
	bool preview = preview_fits(v, a) && !app->preview_off && v->list.table.shown;

	if (!v->list.table.shown) {
		empty_draw(app, v, a);
		return;
	}
	if (preview)
		a.rows -= v->kind->preview_rows;
	list_draw(&v->list, &app->screen, a, app->frame);
	if (preview) {
		struct area below = { a.row + a.rows, a.column, v->kind->preview_rows, a.columns };
		int         row = app->screen.cursor_row, column = app->screen.cursor_column;

		if (!v->preview_valid || v->preview_id != list_row(&v->list)->id) {
			arena_reset(&v->preview_arena, 0);
			doc_reset(&v->doc, &v->preview_arena);
			doc_rewind(&v->doc);
			v->kind->preview(app, v, &v->doc);
			v->preview_id = list_row(&v->list)->id;
			v->preview_valid = true;
		}
		doc_draw_plain(&v->doc, &app->screen, below);
		app->screen.cursor_row = row;
		app->screen.cursor_column = column;
	}
}

static void
draw_view(struct app *app, struct area a)
{
	struct view *v = app_view(app);

	if (app->prompt.open && app->prompt.draw && app->prompt.draw(app, a))
		return;
	if (v->kind->draw)
		v->kind->draw(app, v, a);
	else if (v->list.n_columns)
		draw_list(app, v, a);
	else
		doc_draw(&v->doc, &app->screen, a, a.columns >= DOC_PANES_FROM && v->doc.has_right);
}

static void
draw_popup(struct app *app, const struct popup *popup, struct area area, int column)
{
	struct screen *s = &app->screen;
	int            row = s->cursor_row, at = s->cursor_column;
	size_t         taken = app->prompt.taken;

	if (app->prompt.draw && (!app->prompt.n || app->prompt.history))
		return;
	popup_draw(popup, s, area, column, taken && popup->n ? (taken - 1) % popup->n : 0);
	s->cursor_row = row;
	s->cursor_column = at;
}

void
chrome_draw(struct app *app)
{
	struct screen *s = &app->screen;
	struct area    view = view_area(app);
	int            rows = s->rows, foot = view.row + view.rows, prompt_row = rows - 1, column;
	struct popup   popup = { .place = TEXT_NOWHERE, .wrong_at = TEXT_NOWHERE };

	screen_clear(s);
	app->tabs_row = -1;
	if (view.row > 0)
		draw_where(app, 0);
	if (view.row > 1)
		draw_tabs(app, 1);
	if (view.row > 2)
		filter_draw(app, app_view(app), 2);
	draw_view(app, view);
	if (app->prompt.open)
		prompt_suggest(app, &app->prompt, &app->frame, &popup);
	if (app->picker)
		picker_draw(app, view);
	if (app->choosing)
		column_picker_draw(app, view);
	if (has_status(app)) /* says where the view has come to */
		draw_status(app, foot, &popup);
	if (rows >= 2 && !app->prompt.open)
		draw_hints(app, rows - 1);
	if (app->prompt.open) {
		screen_fill(s, (struct area){ prompt_row, 0, 1, s->columns }, ROLE_TEXT);
		prompt_draw(&app->prompt, s, prompt_row, popup.wrong_at);
		column = prompt_column(&app->prompt, s, popup.from);
		draw_popup(app, &popup, view, column);
	}
	/* on screens too small to hold it the cursor stays inside */
	s->cursor_row = s->cursor_row < 0 ? 0 : s->cursor_row < rows ? s->cursor_row : rows - 1;
	if (s->cursor_column < 0 || s->cursor_column >= s->columns)
		s->cursor_column = s->cursor_column < 0 ? 0 : s->columns - 1;
}
