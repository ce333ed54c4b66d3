/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list of thousands of findings: its rows are read when they are shown, all of them by the worker. */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "tests/tui_driver.h"

#define MADE 2600

static struct finding
made(struct arena *keep, int i)
{
	struct risk_object *o = arena_new(keep, struct risk_object, 1);

	*o = (struct risk_object){ arena_printf(keep, "WS-%02d", i % 40), RISK_SYSTEM, i % 9,
				   .message = TEXT("") };
	return (struct finding){
		.key = arena_printf(keep, "made|%d", i),
		.rule_id = TEXT("made"),
		.rule = arena_printf(keep, "Made %d", i % 7),
		.type = TEXT("TTP"),
		.first_ns = T0 + i * WHEN_SECOND,
		.last_ns = T0 + i * WHEN_SECOND,
		.host = i % 3 ? o->value : TEXT_NONE,
		.message = arena_printf(keep, "Thing number %04d", i),
		.risk_score = i % 9,
		.count = 1,
		.objects = o,
		.n_objects = i % 9 > 0,
	};
}

static void
add_many(const struct screen_case *c)
{
	struct arena     keep = arena_open((size_t)1 << 26);
	struct casefile *cf;
	struct err       err = { 0 };
	bool good = casefile_open(&cf, c->file.path, CASEFILE_WORK, 0, &err) && findings_begin(cf, &err);

	for (int i = 0; good && i < MADE; i++) {
		struct finding f = made(&keep, i);

		good = findings_add(cf, &f, &err);
	}
	if (!good || !findings_end(cf, &err))
		printf("# %s: %s\n", err.where, err.what);
	casefile_close(cf);
	arena_close(&keep);
}

/* Keys, and no waiting for what they begin. */
static void
press(struct app *app, const char *keys)
{
	struct text script = text_of(keys);
	uint32_t    one;
	struct err  err = { 0 };

	while (script.n && keys_next(&script, &one, &err))
		app_press(app, one);
	app_draw(app);
}

static void
stop(struct app *app)
{
	worker_cancel(app->worker);
	while (app_results(app))
		worker_wait(app->worker);
	app_draw(app);
}

static const struct table *
table_of(struct app *app)
{
	return &app_view(app)->list.table;
}

static bool
message_is(struct app *app, const char *what)
{
	const struct table_row *row = list_row(&app_view(app)->list);

	return row && text_eq(row->values[13].text, text_of(what));
}

static void
rows_are_read_where_one_goes(struct app *app)
{
	size_t n;

	type(app, "2");
	n = table_of(app)->n_rows;
	ok(n > MADE && rows_shown(app) == n && !table_of(app)->rows, "all are listed, none is kept (%zu)",
	   n);
	ok(message_is(app, "Thing number 2599") && shows(app, "Made 2"), "the newest stands first");
	type(app, "<PageDown><PageDown><PageUp>j");
	ok(list_row(&app_view(app)->list)->id == app_view(app)->list.id, "the cursor has its row");
	type(app, "Gkkg");
	ok(message_is(app, "Thing number 2599"), "from the end back to the first");
}

/* Its texts were read to a page that others are read to now. */
static void
the_preview_stays_of_its_row(struct app *app)
{
	type(app, "gjjjjj");
	ok(shows(app, "Thing number 2594"), "the row under the cursor, below the list");
	type(app, "/94");
	type(app, "<Backspace>");
	type(app, "4");
	ok(message_is(app, "Thing number 2594") && shows(app, "Thing number 2594"),
	   "so it is when the list is another around it");
	type(app, "<Esc>");
}

static void
what_the_narrowing_no_longer_lets_pass_goes(struct app *app)
{
	size_t  n;
	int64_t here;

	type(app, "/open<Enter>gjj");
	n = rows_shown(app);
	here = list_row(&app_view(app)->list)->id;
	type(app, "t");
	ok(n >= MADE && rows_shown(app) == n - 1 && table_place(table_of(app), here) == TEXT_NOWHERE &&
	       message_is(app, "Thing number 2596"),
	   "a true positive is no longer open, and the cursor is on the next row");
	type(app, "u");
	ok(rows_shown(app) == n && list_row(&app_view(app)->list)->id == here, "taken back, it is there");
	type(app, "<Esc>");
}

static void
a_narrowing_that_goes_on_is_exported_whole(struct app *app)
{
	press(app, "/thing<Enter>e<Ctrl-U>long-part.csv<Enter>");
	ok(strstr(app->message, "2,600 rows written") != NULL,
	   "not only what was found by then (%s)", app->message);
	type(app, "<Esc>");
	unlink("long-part.csv");
}

static void
all_are_looked_through_for_what_is_typed(struct app *app)
{
	size_t n = table_of(app)->n_rows;

	type(app, "/number 0042");
	ok(rows_shown(app) == 1 && message_is(app, "Thing number 0042"),
	   "a row far from the first is found, letter by letter");
	type(app, "<Backspace>");
	ok(rows_shown(app) == 10 && message_is(app, "Thing number 0049"), "a letter less shows more");
	type(app, "<Enter>jj>");
	ok(rows_shown(app) == 10 && message_is(app, "Thing number 0047"),
	   "another order of what was found keeps that, and the cursor on its row");
	type(app, "<Esc>");
	ok(rows_shown(app) == n && message_is(app, "Thing number 0047"), "then all are shown again");
}

/* Whether it was stopped in time or not. */
static void
a_stopped_narrowing_is_done_by_the_next_key(struct app *app)
{
	size_t n = table_of(app)->n_rows;

	press(app, "/thing");
	stop(app);
	ok(rows_shown(app) <= MADE, "what was found is shown");
	type(app, " number 1");
	ok(rows_shown(app) == 1000, "the next letters find all (%zu)", rows_shown(app));
	type(app, "<Esc>");
	ok(rows_shown(app) == n && !app_view(app)->cut.kind, "and it is no longer said to be stopped");
}

static void
a_narrowing_whose_worker_was_taken_goes_on(struct app *app)
{
	press(app, "/thing number<Enter>");
	type(app, "3/4624<Enter>");
	type(app, "2");
	ok(rows_shown(app) == MADE, "it is whole when one comes back (%zu)", rows_shown(app));
	type(app, "<Esc>");
}

/* By RISK: numbers ascend or descend; findings of the small case have more than eight. */
static bool
is_by_risk(struct app *app, bool descending)
{
	const struct table *t = table_of(app);
	double              before = descending ? 1e9 : -1;
	bool                sorted = true;

	for (size_t i = 0; i < t->shown; i++) {
		double risk = table_shown(t, i)->values[10].number;

		sorted = sorted && (descending ? risk <= before : risk >= before);
		before = risk;
	}
	return sorted && t->sort_column == 10 && t->descending == descending;
}

static void
rows_sort_beside_the_screen(struct app *app)
{
	int64_t here;

	type(app, "gjjj");
	here = app_view(app)->list.id;
	for (int i = 0; i < 12 && table_of(app)->sort_column != 10; i++)
		type(app, ">");
	ok(is_by_risk(app, true), "the highest first");
	ok(app_view(app)->list.id == here && table_id(table_of(app), app_view(app)->list.place) == here,
	   "the cursor is where its row has gone");
	type(app, "r");
	ok(is_by_risk(app, false), "and the other way round");
	press(app, "r");
	stop(app);
	ok(is_by_risk(app, table_of(app)->descending), "stopped, it is said to be what it is");
	type(app, "t");
	ok(text_eq(list_row(&app_view(app)->list)->values[15].text, TEXT("true positive")),
	   "a verdict is shown at its row");
	ok(app_view(app)->list.id == here && is_by_risk(app, table_of(app)->descending),
	   "which stays where it is");
}

/* Of all that a file has: in a list of risk events the score is column 11, SUM the last. */
static void
risk_events_are_read_where_one_goes(struct app *app)
{
	const struct table *t;
	double              sum = 0, first;
	int64_t             here;
	bool                sums = true;

	open_evidence(app, TEXT("DC01/PowerShell.evtx"));
	type(app, "3T");
	t = table_of(app);
	first = t->shown ? table_shown(t, 0)->values[13].number : 0;
	ok(t->n_rows > 2000 && !t->rows, "all are listed, none is kept (%zu)", t->n_rows);
	for (size_t i = t->shown; i > 0; i--) {
		const struct table_row *row = table_shown(t, i - 1);

		sum += row->values[11].number;
		sums = sums && row->values[13].number == sum;
	}
	ok(sums && sum == first, "sums run up from the oldest");
	type(app, "/Thing<Enter>");
	ok(t->shown == 0, "risk events have their own message");
	type(app, "<Esc>jj>");
	here = app_view(app)->list.id;
	sum = 1e9;
	for (size_t i = 0; i < t->shown && t->sort_column == 11; i++) {
		sums = sums && table_shown(t, i)->values[11].number <= sum;
		sum = table_shown(t, i)->values[11].number;
	}
	ok(t->sort_column == 11 && t->descending && sums && sum < first, "sorted by score");
	ok(app_view(app)->list.id == here && table_id(t, app_view(app)->list.place) == here,
	   "the cursor is where its row has gone");
	type(app, "q");
}

static bool
count_id(void *ctx, int64_t id)
{
	(void)id;
	(*(size_t *)ctx)++;
	return true;
}

static void
every_order_has_all_of_them(struct app *app)
{
	struct case_filter all = CASE_FILTER_ALL;
	struct err         err = { 0 };
	bool               good = true;

	for (int order = 0; order < FINDING_ORDERS * 2; order++) {
		size_t n = 0;

		good = query_finding_ids(app->cf, &all, (enum finding_order)(order / 2), order % 2,
					 count_id, &n, &err) &&
		       n == table_of(app)->n_rows && good;
	}
	ok(good, "whatever they are sorted by");
}

int
main(void)
{
	struct screen_case c;
	struct tui_setup   setup = small_case(&c);
	struct app         app;

	add_many(&c);
	app = open_case(&c, &setup);
	rows_are_read_where_one_goes(&app);
	the_preview_stays_of_its_row(&app);
	what_the_narrowing_no_longer_lets_pass_goes(&app);
	a_narrowing_that_goes_on_is_exported_whole(&app);
	all_are_looked_through_for_what_is_typed(&app);
	a_stopped_narrowing_is_done_by_the_next_key(&app);
	a_narrowing_whose_worker_was_taken_goes_on(&app);
	rows_sort_beside_the_screen(&app);
	every_order_has_all_of_them(&app);
	risk_events_are_read_where_one_goes(&app);
	app_close(&app);
	screen_case_done(&c);
	return done_testing();
}
