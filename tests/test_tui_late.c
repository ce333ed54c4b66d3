/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What comes beside the screen: counts of a long case, rules that are still read, a case that grows.
 */
#include "config.h"

#include "rules/search.h"
#include "store/case_macros.h"
#include "tests/tui_driver.h"
#include "tui/late.h"

/* Runs last: the case has more hosts afterwards. */
static void
nothing_moves_under_the_cursor_while_the_case_grows(struct screen_case *c,
						     const struct tui_setup *setup)
{
	struct app       app = open_case(c, setup);

	type(&app, "jj");
	case_open(&c->file, CASEFILE_IMPORT);
	case_file(&c->file, "later.evtx", NULL);
	for (int i = 0; i < 3; i++) {
		struct event ev = screen_new(c, "NEW-01.corp.example", "Security", 4624, 100 + i, NULL);

		screen_event(c, &ev);
	}
	case_commit(&c->file);
	app_watch(&app);
	ok(!shows(&app, "NEW-01") && shows(&app, "F5"), "a moved cursor: the list stays, F5 is offered");
	ok(app.info.events == 123 && shows(&app, "import not finished"), "counts and state are new");
	type(&app, "<F5>");
	ok(shows(&app, "NEW-01"), "F5 shows what has come");
	type(&app, "g");
	screen_case_end(c);
	app_watch(&app);
	ok(!app.grown && !shows(&app, "import not finished"),
	   "with the cursor at the top the list follows by itself");
	app_close(&app);
}

/* As another window does it. */
static void
say_elsewhere(const struct screen_case *c, int64_t finding, const char *verdict)
{
	struct arena       keep = arena_open((size_t)1 << 20);
	struct finding_row row;
	struct casefile   *cf;
	struct err         err = { 0 };

	if (!casefile_open(&cf, c->file.path, CASEFILE_WORK, 0, &err) ||
	    !query_finding(cf, finding, &keep, &row, &err) ||
	    !work_set(cf, row.finding.key, WORK_VERDICT, text_of(verdict), &err))
		printf("# %s\n", err.what);
	casefile_close(cf);
	arena_close(&keep);
}

static void
what_others_say_is_shown_without_a_key(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);
	int64_t    finding;

	type(&app, "2jj");
	finding = app_view(&app)->list.id;
	say_elsewhere(c, finding, "false positive");
	app_watch(&app);
	app_draw(&app);
	ok(shows(&app, "▸ F ") && app_view(&app)->list.id == finding,
	   "the verdict stands at its row, and the cursor where it was");
	type(&app, "<Enter>");
	say_elsewhere(c, finding, "benign");
	app_watch(&app);
	app_draw(&app);
	ok(shows(&app, "benign") && app.n_levels == 2, "also in the finding that is open");
	say_elsewhere(c, finding, "open");
	app_close(&app);
}

/* Rules that come late: while they are read, somebody sets a filter of one of them. */
struct latecomer {
	const struct screen_case *of;
	struct ruleset           *rules;
};

#define FILTERED "PowerShell Invoke WmiExec Usage"

static void
set_filter(const struct screen_case *c, const struct detection *rule, const char *definition)
{
	const struct case_macro macro = { .name = rule->filter_macro,
					  .definition = text_of(definition),
					  .rule_id = rule->id };
	struct casefile        *cf;
	struct err              err = { 0 };

	if (!casefile_open(&cf, c->file.path, CASEFILE_WORK, 0, &err) ||
	    !case_macro_set(cf, &macro, &err))
		abort();
	casefile_close(cf);
}

static bool
come_late(void *ctx, struct ruleset **out, struct err *gone, struct err *err)
{
	struct latecomer *l = ctx;
	struct arena      keep = arena_open((size_t)1 << 20);
	const char       *top = getenv("top_srcdir");
	bool              good;

	l->rules = ruleset_new();
	good = ruleset_load(l->rules, arena_printf(&keep, "%s/rules/detections", top ? top : "."),
			    err);
	ruleset_compile(l->rules);
	arena_close(&keep);
	set_filter(l->of, ruleset_find(l->rules, TEXT(FILTERED)), "search NOT dest=BUILD01");
	err_set(gone, ERR_INPUT, "not there any more");
	err_where(gone, "mine");
	*out = l->rules;
	return good;
}

/* Whether the rule, as it is shown and as drilldowns run it, has the filter. */
static bool
filtered(struct app *app)
{
	const struct detection *d = ruleset_find(app->rules, TEXT(FILTERED));

	return text_find(search_explain(d->search, &app->keep), TEXT("BUILD01")) != TEXT_NOWHERE;
}

static void
rules_that_come_late_have_the_filters_of_the_case(const struct screen_case *c)
{
	struct latecomer late = { .of = c };
	struct tui_setup setup = { .case_path = c->file.path,
				   .load_rules = come_late,
				   .load_rules_ctx = &late,
				   .script = "" };
	struct app       app = open_case(c, &setup);

	app.late = late_start(&setup);
	type(&app, "j");
	app_take_rules(&app);
	app_draw(&app);
	ok(app.rules && filtered(&app), "a filter that was set while rules were read is theirs");
	ok(shows(&app, "mine: not there any more"), "the status line says which rules are gone");
	set_filter(c, ruleset_find(app.rules, TEXT(FILTERED)), "");
	type(&app, "<F5>");
	ok(!filtered(&app), "F5 takes over what was changed outside of the screen");
	app_close(&app);
	ruleset_free(late.rules);
}

static void
a_long_case_is_counted_beside_the_screen(void)
{
	const int64_t      years = (int64_t)15 * 365 * 24 * 60;
	struct screen_case c;
	struct tui_setup   setup;
	struct event       first, last;
	struct app         app;

	screen_case_begin(&c, "long");
	case_file(&c.file, "long.evtx", NULL);
	first = screen_new(&c, "WS-1", "Security", 4624, 0, NULL);
	screen_event(&c, &first);
	last = screen_new(&c, "WS-1", "Security", 4624, years, NULL);
	screen_event(&c, &last);
	screen_case_end(&c);
	setup = (struct tui_setup){ .case_path = c.file.path, .rules = c.rules, .script = "" };
	app = open_case(&c, &setup);
	app_press(&app, '4');
	app_draw(&app);
	ok(worker_owner(app.worker) == app_view(&app), "many hours are counted by the worker");
	type(&app, "<Enter>");
	type(&app, "q4<Enter>");
	ok(strcmp(here(&app), "events") == 0 && app_view(&app)->list.table.total == 1,
	   "the last bar opens its event");
	app_close(&app);
	screen_case_done(&c);
}

/* The worker opens the case when it is first asked: here it is not where it was. */
static void
what_the_worker_could_not_read_is_not_taken_for_nothing(const struct screen_case *c,
							const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, "3");
	if (rename("small.auger", "away.auger") != 0)
		abort();
	type(&app, "/powershell<Enter>j");
	ok(shows(&app, "Not all could be read: no such case") && !shows(&app, "Nothing contains"),
	   "an empty list says that it is empty for want of reading");
	ok(shows(&app, "NOT ALL: could not be read"), "also in the line below it");
	if (rename("away.auger", "small.auger") != 0)
		abort();
	type(&app, "<F5>");
	ok(rows_shown(&app) > 0 && !shows(&app, "NOT ALL"), "F5 reads it when it is there again");
	app_close(&app);
}

int
main(void)
{
	struct screen_case c;
	struct tui_setup   setup;

	a_long_case_is_counted_beside_the_screen();
	setup = small_case(&c);
	rules_that_come_late_have_the_filters_of_the_case(&c);
	what_others_say_is_shown_without_a_key(&c, &setup);
	what_the_worker_could_not_read_is_not_taken_for_nothing(&c, &setup);
	nothing_moves_under_the_cursor_while_the_case_grows(&c, &setup);
	screen_case_done(&c);
	return done_testing();
}
