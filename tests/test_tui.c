/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the user can rely on: going back, pinning, undo, exports that overwrite nothing.
 */
#include "config.h"

#include <sys/stat.h>

#include "rules/search.h"
#include "store/work.h"
#include "tests/screen_cases.h"
#include "tui/app.h"
#include "tui/filter.h"
#include "tui/late.h"
#include "tui/leads.h"
#include "tui/trial.h"

static struct app
open_case(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app;
	struct err err = { 0 };

	(void)c;
	if (!app_open(&app, setup, &err)) {
		printf("# %s\n", err.what);
		abort();
	}
	screen_resize(&app.screen, 24, 80);
	app_draw(&app);
	return app;
}

static void
type(struct app *app, const char *keys)
{
	struct text script = text_of(keys);
	uint32_t    press;
	struct err  err = { 0 };

	while (script.n && keys_next(&script, &press, &err)) {
		app_press(app, press);
		app_draw(app); /* reads what has not been read yet */
		while (app_results(app))
			worker_wait(app->worker);
		for (trial_step(app, true); trial_results(app); trial_step(app, true))
			trial_wait(app);
		app_draw(app);
	}
}

static const char *
here(const struct app *app)
{
	return app_view(app)->kind->name;
}

static void
going_in_and_coming_out(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	ok(strcmp(here(&app), "hosts") == 0, "it begins with hosts by risk");
	type(&app, "<Enter>");
	ok(strcmp(here(&app), "findings") == 0 && app.n_levels == 2, "Enter opens the host");
	type(&app, "<Enter>");
	ok(strcmp(here(&app), "finding") == 0, "Enter opens the finding");
	type(&app, "<Enter>");
	ok(strcmp(here(&app), "event") == 0, "Enter opens its event");
	type(&app, "q<Esc>q");
	ok(strcmp(here(&app), "hosts") == 0, "q and Esc come out the same way");
	type(&app, "<Esc><Esc>");
	ok(!app.quit, "Esc never quits");
	type(&app, "q");
	ok(!app.quit && app.message[0], "the first q at the root asks");
	type(&app, "jq");
	ok(!app.quit, "and forgets it when something else is pressed");
	type(&app, "q");
	ok(app.quit, "the second quits");
	app_close(&app);
}

static void
moving_between_hosts_from_inside(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, "<Enter>3]");
	ok(text_starts(app_level(&app)->host, TEXT("WS-0142")) && strcmp(here(&app), "events") == 0,
	   "] goes to the next host and stays in its tab");
	type(&app, "[");
	ok(text_starts(app_level(&app)->host, TEXT("WIN-DC01")), "[ goes back to the one before");
	type(&app, "[");
	ok(text_starts(app_level(&app)->host, TEXT("WIN-DC01")) && app.message[0],
	   "at the first it says so");
	app_close(&app);
}

/* The chips as words: "host=WS-07\n". */
static struct text
chips(struct app *app)
{
	return filter_words(app, &app->keep);
}

static bool
has_chip(struct app *app, const char *head)
{
	return text_starts(chips(app), text_of(head));
}

static void
one_key_pins_a_computer_everywhere(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, "2jjc");
	ok(has_chip(&app, "host=WS-0142"), "c in findings pins the finding's host");
	type(&app, "1");
	ok(app_view(&app)->list.table.shown == 1, "hosts show it alone");
	type(&app, "3");
	ok(app_view(&app)->list.table.total == 47, "events are its own");
	type(&app, "sEventCode=4104 | stats count<Enter>");
	ok(strcmp(here(&app), "rows") == 0 &&
	       text_eq(app_view(&app)->list.table.rows[0].values[0].text, TEXT("2")),
	   "a search obeys it");
	type(&app, "c");
	ok(!chips(&app).n, "c again lets it go");
	type(&app, "u");
	ok(has_chip(&app, "host="), "u brings it back");
	type(&app, "<Ctrl-R>");
	ok(!chips(&app).n, "Ctrl-R takes it off again");
	app_close(&app);
}

static void
a_value_under_the_cursor_becomes_a_filter(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, "2ll+");
	ok(has_chip(&app, "rule=Remote Process Instantiation via WMI") &&
	       app_view(&app)->list.table.shown == 1,
	   "+ on a rule leaves its findings");
	type(&app, "X1hlllll+");
	ok(has_chip(&app, "technique=T1047"), "+ on techniques takes the first");
	type(&app, "X");
	ok(!app_filtered(&app), "X clears all");
	app_close(&app);
}

static size_t
rows_shown(struct app *app)
{
	return app_view(app)->list.table.shown;
}

static void
a_value_is_taken_out(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);
	size_t     all;

	type(&app, "2");
	all = rows_shown(&app);
	type(&app, "lll-");
	ok(has_chip(&app, "not host=") && rows_shown(&app) < all, "- on a computer takes it out");
	type(&app, "-");
	ok(app.n_chips == 1 && rows_shown(&app) == 0, "a second one joins the chip");
	type(&app, "f!");
	ok(has_chip(&app, "host=") && rows_shown(&app) == all, "f and ! turn it round");
	type(&app, "<Space>");
	ok(has_chip(&app, "off host=") && rows_shown(&app) == all && !app_filtered(&app),
	   "Space switches it off");
	type(&app, "<Space>!q");
	ok(!app.bar_open && app.n_levels == 1 && !app.quit_asked, "q leaves the bar");
	type(&app, "f<Right>d");
	ok(app.n_chips == 0 && rows_shown(&app) == all, "d takes the chip off");
	type(&app, "u");
	ok(app.n_chips == 1, "u brings it back");
	type(&app, "X:filter EventCode=abc<Enter>");
	ok(app.message_bad && app.n_chips == 0, "what is no event id is refused");
	app_close(&app);
}

static void
any_field_of_an_event_becomes_a_filter(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, ":filter field LogonType=3<Enter>3");
	ok(rows_shown(&app) == 110, "events with that field");
	type(&app, "f!q");
	ok(rows_shown(&app) == 10, "events without it, and those that have no such field");
	type(&app, "X2jj<Enter>n");
	app_close(&app);
}

static void
computers_are_ticked(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, "Cws-<Space><Enter>");
	ok(has_chip(&app, "host=WS-0142") && rows_shown(&app) == 1, "typed, ticked, applied");
	type(&app, "C<Space>!<Enter>");
	ok(has_chip(&app, "not host=") && rows_shown(&app) == 1, "and all but the ticked");
	type(&app, "Cnobody<Enter>");
	ok(has_chip(&app, "not host="), "a name that is not there changes nothing");
	type(&app, "C<Esc>");
	ok(!app.picker && app.n_chips == 1, "Esc leaves it as it was");
	app_close(&app);
}

static void
undo_knows_the_order_too(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);
	uint32_t   was;
	int        changes;

	type(&app, "2");
	was = app_view(&app)->list.table.sort_column;
	type(&app, ">c");
	ok(app_view(&app)->list.table.sort_column != was, "another order");
	type(&app, "u");
	ok(!chips(&app).n && app_view(&app)->list.table.sort_column != was, "the chip goes first");
	type(&app, "u");
	ok(app_view(&app)->list.table.sort_column == was, "then the order");
	type(&app, "<Ctrl-R><Ctrl-R>");
	ok(chips(&app).n && app_view(&app)->list.table.sort_column != was, "and both come again");
	type(&app, "X3r");
	ok(app_view(&app)->mode == 1, "events the other way round");
	type(&app, "u");
	ok(app_view(&app)->mode == 0, "and back");
	type(&app, "X");
	changes = app.at_undo;
	type(&app, "1c<Enter>2>");
	ok(app.at_undo == changes + 2, "a filter, then the order of a list inside of a host");
	type(&app, "qu");
	ok(!chips(&app).n, "u passes over the order of a list that is closed");
	app_close(&app);
}

static void
what_was_followed_goes_with_the_place(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, "8<Enter>");
	ok(app.n_levels == 2 && app_level(&app)->n_conditions == 1 && app.n_chips == 0,
	   "a technique opens a place of its own");
	type(&app, "q");
	ok(app.n_levels == 1 && strcmp(here(&app), "attack") == 0 && !app_filtered(&app),
	   "q comes back to it, nothing is filtered");
	app_close(&app);
}

static void
the_other_computer_is_read_off_commands(void)
{
	static const struct {
		const char *command;
		size_t      n;
		const char *first;
	} cases[] = {
		{ "Invoke-Command -ComputerName WS-0142 -ScriptBlock { whoami }", 1, "WS-0142" },
		{ "Invoke-WmiMethod -CN 'a1',\"b2.corp\" , c3 -Class Win32_Process", 3, "a1" },
		{ "wmic /node:\"10.2.0.9\" process call create cmd", 1, "10.2.0.9" },
		{ "wmic /NODE:SRV1,SRV2 os get caption", 2, "SRV1" },
		{ "New-CimSession -ComputerName $t -Credential $c", 0, NULL },
		{ "Get-CimInstance -ComputerName localhost", 0, NULL },
		{ "Get-Thing -CNx WS-1; a -ComputerName:WS-2", 1, "WS-2" },
		{ "-ComputerName", 0, NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct text out[8];
		size_t      n = leads_targets(text_of(cases[i].command), out, 8);

		ok(n == cases[i].n && (!n || text_eq(out[0], text_of(cases[i].first))),
		   "%s: %zu computers", cases[i].command, n);
	}
}

static void
an_event_leads_on(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);
	int64_t    half;

	type(&app, "2jd");
	ok(strcmp(here(&app), "drilldowns") == 0 && rows_shown(&app) >= 4,
	   "documented drilldowns, and more");
	type(&app, "q3");
	type(&app, "sEventCode=4688 process=*Invoke-WmiMethod*<Enter><Enter>d");
	ok(strcmp(here(&app), "drilldowns") == 0, "d on an event");
	type(&app, "/ws-0001<Enter><Enter>");
	ok(strcmp(here(&app), "events") == 0 && text_eq(app_level(&app)->host, TEXT("WS-0001")),
	   "leads to the computer that its command names");
	half = app.around_half_ns;
	type(&app, "T2h<Enter>");
	ok(app.around_half_ns == 2 * WHEN_HOUR && half == 300 * WHEN_SECOND, "T: two hours around");
	type(&app, "Tnonsense<Enter>");
	ok(app.message_bad && app.around_half_ns == 2 * WHEN_HOUR, "what is no time is refused");
	app_close(&app);
}

static void
scripts_are_told_apart_without_changing_them(void)
{
	struct arena        keep = arena_open(1 << 20);
	struct text         script = TEXT("# say it\n$a = 'x;y' ; Invoke-Thing \"a`\"b\" | foreach { $_ }"
					  " <# two\nlines #> @\"\nhere \"x\"\n\"@ 'never closed");
	struct syntax_span *spans;
	size_t              n = syntax_spans(script, &keep, &spans), end = 0, sound = 0;

	for (size_t i = 0; i < n; i++) {
		sound += spans[i].start >= end && spans[i].n > 0;
		end = spans[i].start + spans[i].n;
	}
	ok(sound == n && end <= script.n, "spans ascend and lie in the text");
	ok(n == 8 && spans[0].kind == SYNTAX_COMMENT && spans[0].n == 8 &&
	       spans[1].kind == SYNTAX_STRING && spans[2].kind == SYNTAX_COMMAND,
	   "comment, string, command: %zu", n);
	script = TEXT("'a;b' ; c");
	n = syntax_spans(script, &keep, &spans);
	ok(syntax_break(script, 0, spans, n, 4) == 7, "a line is broken behind ';', not in a string");
	arena_close(&keep);
}

static void
an_event_is_shown_as_a_record(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app        app = open_case(c, setup);
	const struct doc *d;
	bool              xml = false;

	type(&app, "2<Enter><Enter>xx");
	d = &app_view(&app)->doc;
	for (size_t i = 0; i < d->n; i++)
		xml |= text_eq(text_trim(d->items[i].text), TEXT("<EventID>4104</EventID>"));
	ok(xml, "x: as XML, where no evidence can be read");
	ok(d->n >= 2 && text_starts(d->items[0].label, TEXT("File")),
	   "x: where the record is; what is not there any more is said");
	type(&app, "x");
	ok(text_eq(d->items[0].label, TEXT("Time")), "x: the fields again");
	app_close(&app);
}

static void
a_process_tree_folds(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);
	int64_t    first, child;

	type(&app, ":host WS-0142<Enter>5g");
	first = app_view(&app)->list.id;
	ok(rows_shown(&app) == 5, "five starts");
	type(&app, "h");
	ok(rows_shown(&app) == 1 && app_view(&app)->list.id == first, "h folds what it started");
	type(&app, "l");
	ok(rows_shown(&app) == 5 && app_view(&app)->list.id == first, "l shows it again");
	type(&app, "l");
	child = app_view(&app)->list.id;
	ok(child != first, "and goes on to the first child");
	type(&app, "jhh");
	ok(app_view(&app)->list.id == child, "h leads from a leaf to its parent, which folds");
	type(&app, "th");
	ok(rows_shown(&app) == 5 && app.message[0], "a list by time has nothing to fold");
	type(&app, "t}");
	ok(list_row(&app_view(&app)->list)->flagged || app.message[0], "} finds what is flagged");
	app_close(&app);
}

static void
a_range_of_the_timeline_is_opened(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app  app = open_case(c, setup);
	struct view *v;
	uint64_t    one, range;
	int         row, left = 10;

	type(&app, "4h<Enter>");
	ok(strcmp(here(&app), "events") == 0 && app_level(&app)->n_conditions == 1,
	   "Enter opens the events of a bar");
	one = app_view(&app)->list.table.total;
	type(&app, "qhhhhmll<Enter>");
	range = app_view(&app)->list.table.total;
	ok(app_level(&app)->n_conditions == 1 && range >= one, "m, and Enter opens a range");
	type(&app, "q");
	v = app_view(&app);
	ok(v->marked, "which is still marked on the way back");
	row = app.screen.rows / 2;
	app_click(&app, row, left + 1);
	ok(!v->marked, "a click lets it go");
	app_release(&app, row, left + 40);
	ok(v->marked && v->mark_ns < v->anchor_ns, "a drag marks another");
	type(&app, "z");
	ok(!v->marked && v->n_zooms == 1, "z looks at that only");
	type(&app, "ZZZZZZZZ");
	ok(!v->n_zooms, "Z comes out to all of it");
	app_click(&app, 0, 0);
	app_click(&app, 23, 79);
	app_close(&app);
}

static void
a_wrong_search_keeps_its_text(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, "sEventCode=4104 | stast count<Enter>");
	ok(app.prompt.open && app.message_bad && strstr(app.message, "column 18"),
	   "the error names the column, the prompt stays open");
	ok(app.prompt.n == 28 && app.n_levels == 1, "with what was typed");
	type(&app, "<Esc>");
	ok(!app.prompt.open, "one Esc leaves");
	app_close(&app);
}

static size_t
file_size(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? (size_t)st.st_size : 0;
}

static void
an_export_overwrites_nothing(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);
	size_t     size;

	type(&app, "<Enter>e<Ctrl-U>x.csv<Enter>");
	size = file_size("x.csv");
	ok(size > 0 && strstr(app.message, "3 rows"), "e writes the rows shown");
	type(&app, "qe<Ctrl-U>x.csv<Enter>");
	ok(app.prompt.open && strstr(app.prompt.label, "replace"), "a file that is there is asked about");
	type(&app, "<Enter>");
	ok(file_size("x.csv") == size && strstr(app.message, "nothing was written") &&
	       !app.prompt.open,
	   "without a yes it stays");
	type(&app, "e<Ctrl-U>x.csv<Enter>yes<Enter>");
	ok(file_size("x.csv~") == size && file_size("x.csv") > 0,
	   "with one it is replaced, and kept beside");
	type(&app, "e<Ctrl-U>x.csv<Enter>yes<Enter>");
	ok(file_size("x.csv~") == size && file_size("x.csv~2") > 0,
	   "what was kept is not lost either");
	type(&app, "e<Ctrl-U>y.jsonl<Enter>");
	ok(file_size("y.jsonl") > 0, "another name does, and its ending is the form");
	type(&app, "3e<Ctrl-U>z.csv<Enter>");
	ok(file_size("z.csv") > 4000 && strstr(app.message, "120 events"),
	   "all events, not one window");
	type(&app, "/get-childitem<Enter>e<Ctrl-U>w.csv<Enter>");
	ok(strstr(app.message, "1 row ") != NULL, "narrowed, only those");
	app_close(&app);
	for (const char *const *f =
		 (const char *const[]){ "x.csv", "x.csv~", "x.csv~2", "y.jsonl", "z.csv", "w.csv",
					NULL };
	     *f; f++)
		unlink(*f);
}

static void
verdicts_and_notes_are_kept(const struct screen_case *c, const struct tui_setup *setup)
{
	struct tui_setup look = *setup;
	struct app       app = open_case(c, setup);

	type(&app, "2tafound it<Enter>");
	app_close(&app);
	app = open_case(c, setup);
	type(&app, "2");
	ok(text_eq(list_row(&app_view(&app)->list)->values[15].text, TEXT("true positive")) &&
	       text_eq(list_row(&app_view(&app)->list)->values[16].text, TEXT("found it")),
	   "they are there when the case is opened again");
	type(&app, "ttta<Ctrl-U><Enter>");
	app_close(&app);
	look.read_only = true;
	app = open_case(c, &look);
	type(&app, "2t");
	ok(app.message_bad, "read-only, nothing is written and it says so");
	app_close(&app);
}

static void
a_verdict_goes_to_all_marked_rows(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app          app = open_case(c, setup);
	const struct table *t;
	size_t              set = 0;

	type(&app, "2mmkt");
	t = &app_view(&app)->list.table;
	for (size_t i = 0; i < t->shown; i++)
		set += text_eq(table_shown(t, i)->values[15].text, TEXT("true positive"));
	ok(set == 2 && app_view(&app)->list.n_marks == 2, "two marked, two set");
	type(&app, "ttt<Esc>");
	ok(app_view(&app)->list.n_marks == 0 && app.n_levels == 1, "Esc takes the marks off");
	app_close(&app);
}

static void
the_session_comes_back(const struct screen_case *c, const struct tui_setup *setup)
{
	struct tui_setup at_terminal = *setup;
	struct app       app;

	at_terminal.script = NULL;
	app = open_case(c, &at_terminal);
	type(&app, "csEventCode=4104<Enter>q5");
	app_close(&app);
	app = open_case(c, &at_terminal);
	ok(strcmp(here(&app), "rules") == 0 && has_chip(&app, "host=WIN-DC01"),
	   "view and filter are as they were left");
	type(&app, "s<Up>");
	ok(text_eq((struct text){ app.prompt.text, app.prompt.n }, TEXT("EventCode=4104")),
	   "Up finds the earlier search");
	type(&app, "<Esc>X1");
	app_close(&app);
}

static struct text
typed(const struct app *app)
{
	return (struct text){ app->prompt.text, app->prompt.n };
}

static void
suggestions_answer_to_tab_only(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, "sEventCo");
	ok(text_eq(typed(&app), TEXT("EventCo")), "typing takes no suggestion");
	type(&app, "<Tab>");
	ok(text_eq(typed(&app), TEXT("EventCode")), "Tab takes the first");
	type(&app, "=4104 | stast<Enter>");
	ok(app.prompt.open && app.message_bad && app.n_levels == 1,
	   "Enter runs the line as it is: a wrong one stays, to be put right");
	type(&app, "<Esc>");
	ok(!app.prompt.open && app.n_levels == 1, "one Esc closes prompt and suggestions");
	type(&app, ":r");
	type(&app, "<Tab>");
	ok(text_starts(typed(&app), TEXT("r")) && typed(&app).n > 1, "so in the palette");
	type(&app, "<Tab>x");
	ok(app.prompt.open && text_iends(typed(&app), TEXT("x")),
	   "Tab again takes the next; typing goes on behind it");
	app_close(&app);
}

static bool
shows(struct app *app, const char *what)
{
	char  *text = NULL;
	size_t n = 0;
	FILE  *out = open_memstream(&text, &n);
	bool   found;

	app_draw(app);
	screen_dump(&app->screen, out);
	fclose(out);
	found = text_find((struct text){ text, n }, text_of(what)) != TEXT_NOWHERE;
	free(text);
	return found;
}

static void
what_is_typed_is_tried(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, "sEventCode=4104");
	ok(shows(&app, "first rows") && shows(&app, "5 rows"), "before Enter its first rows are shown");
	ok(app.n_levels == 1, "and no place is entered");
	type(&app, " | stats count by Com");
	ok(shows(&app, "No rows") || shows(&app, "1 row"), "a change is tried anew");
	type(&app, "<Ctrl-U>EventCode=4104 | sta");
	ok(shows(&app, "first rows of EventCode=4104") && shows(&app, "5 rows"),
	   "of what is no search yet its beginning is tried");
	app_press(&app, 't');
	ok(trial_waits(&app) && shows(&app, "5 rows"), "while one types nothing is run, and nothing flickers");
	type(&app, "<Ctrl-U>\"a b");
	ok(!shows(&app, "first rows") && shows(&app, "EXAMPLES"), "of no search at all nothing is tried");
	type(&app, "<Ctrl-U>nowhere-to-be-found");
	ok(shows(&app, "No rows, as it stands"), "that nothing matches is said");
	type(&app, "<Esc>");
	ok(!trial_waits(&app) && trial_due_ms(&app) < 0, "Esc ends it");
	app_close(&app);
}

static void
the_next_key_gives_up_what_is_tried(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, "s");
	app_press(&app, '4');
	ok(trial_due_ms(&app) > 0, "it waits for a pause in typing");
	trial_step(&app, true);
	ok(trial_descriptor(&app) >= 0, "then it runs");
	app_press(&app, '1');
	ok(trial_waits(&app), "another key: what runs is given up");
	while (trial_results(&app))
		trial_wait(&app);
	ok(!shows(&app, "first rows"), "its rows are no answer to what stands there now");
	trial_step(&app, true);
	while (trial_results(&app))
		trial_wait(&app);
	ok(shows(&app, "first rows"), "the new text's are");
	app_close(&app);
}

static void
earlier_searches_are_found_again(const struct screen_case *c, const struct tui_setup *setup)
{
	struct tui_setup at_terminal = *setup;
	struct app       app;
	struct err       err = { 0 };

	at_terminal.script = NULL;
	app = open_case(c, &at_terminal);
	casefile_set(app.cf, "tui.searches", TEXT("EventCode=1\n"), &err);
	app_close(&app);
	app = open_case(c, &at_terminal);
	type(&app, "s<Esc>sEventCode=4104<Enter>qsEventCode=4624 | stats count by Computer<Enter>q");
	app_close(&app);
	app = open_case(c, &at_terminal);
	type(&app, "s");
	ok(shows(&app, "5 rows   EventCode=4104") && shows(&app, "  EventCode=1\n"),
	   "they are in the case, with the rows they gave; those kept by older versions, too");
	type(&app, "4104<Ctrl-R>");
	ok(text_eq(typed(&app), TEXT("EventCode=4104")), "Ctrl-R finds the one with what was typed in it");
	type(&app, "<Ctrl-R>");
	ok(app.message[0] && text_eq(typed(&app), TEXT("EventCode=4104")), "there is one only, and it says so");
	type(&app, "<Down>");
	ok(text_eq(typed(&app), TEXT("4104")), "Down comes back to what was typed");
	type(&app, "nix<Up>");
	ok(app.message[0] && text_eq(typed(&app), TEXT("4104nix")), "none: the line stays, and it says so");
	type(&app, "<Ctrl-U><Up><Up><Ctrl-X>");
	ok(text_eq(typed(&app), TEXT("EventCode=4104")), "Ctrl-X forgets one; the line still has it");
	app_close(&app);
	app = open_case(c, &at_terminal);
	type(&app, "s");
	ok(!shows(&app, "EventCode=4104\n") && shows(&app, "stats count by Computer"), "it is forgotten in the case");
	type(&app, "<Up><Ctrl-X><Up>");
	ok(text_eq(typed(&app), TEXT("EventCode=1")), "behind the latest, forgotten, Up goes on");
	app_close(&app);
}

static void
times_are_shown_in_the_zone_asked_for(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app;

	setenv("TZ", "IST-5:30", 1);
	app = open_case(c, setup);
	ok(shows(&app, "09-13 12:36") && shows(&app, "UTC"), "at first times are UTC");
	type(&app, "U");
	ok(shows(&app, "09-13 18:06") && shows(&app, "local +05:30"),
	   "U shows local time and says so");
	type(&app, ":tz -03:30<Enter>");
	ok(shows(&app, "09-13 09:06") && shows(&app, "UTC-03:30"), ":tz takes an offset");
	type(&app, ":tz Mars/Olympus<Enter>");
	ok(app.message_bad && shows(&app, "09-13 09:06"), "an unknown zone is said, nothing changes");
	type(&app, "U");
	ok(shows(&app, "09-13 12:36"), "U comes round to UTC");
	type(&app, "UU");
	ok(shows(&app, "09-13 09:06"), "the zone that was chosen is one of the round");
	app_close(&app);
	unsetenv("TZ");
}

static void
what_was_said_can_be_read_again(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, ":nonsense<Enter>jjk:messages<Enter>");
	ok(shows(&app, "no command is called nonsense"), ":messages keeps errors after other keys");
	app_close(&app);
}

/* What is said of the event under the cursor. */
static struct work_state
said_of_row(struct app *app)
{
	struct work_state said;

	work_state(app->cf, 0, list_row(&app_view(app)->list)->id, &app->frame, &said);
	return said;
}

static void
events_are_bookmarked_and_noted(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, "3*");
	ok(said_of_row(&app).bookmark && shows(&app, "\n▸★ 2020"), "* bookmarks an event");
	type(&app, "alook at this<Enter>");
	is(said_of_row(&app).note, TEXT("look at this"), "a writes a note to it");
	ok(shows(&app, "\n▸N 2020"), "the list shows both");
	type(&app, "<Enter>");
	ok(shows(&app, "Bookmark") && shows(&app, "look at this"), "so does the event");
	type(&app, "*");
	ok(!shows(&app, "Bookmark"), "where * takes it off");
	type(&app, "uq");
	ok(said_of_row(&app).bookmark, "and u puts it back");
	app_close(&app);
	app = open_case(c, setup);
	type(&app, "3");
	ok(shows(&app, "\n▸N 2020"), "when the case is opened again it is there");
	type(&app, "0");
	ok(shows(&app, "Notes 1") && shows(&app, "look at this"), "the notes list it");
	type(&app, "<Enter>");
	ok(shows(&app, "Event ") && app.n_levels == 2, "Enter opens the event");
	type(&app, "q:filter bookmark=yes<Enter>3");
	ok(shows(&app, "[bookmarked]") && app_view(&app)->list.table.shown == 1,
	   "a chip leaves what is bookmarked");
	type(&app, "*");
	ok(app_view(&app)->list.table.shown == 0, "which goes when it is not any more");
	type(&app, "uX0ta<Ctrl-U><Enter>*");
	ok(app_view(&app)->list.table.shown == 0, "taken back, nothing is said of it");
	app_close(&app);
}

static void
a_bookmark_goes_to_all_marked_events(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app      app = open_case(c, setup);
	struct case_filter all = CASE_FILTER_ALL;
	struct condition yes = { .part = FILTER_BOOKMARK, .values = &(struct text)TEXT_INIT("yes"),
				 .n_values = 1 };
	uint64_t        n = 0;
	bool            exact;

	all.conditions = &yes;
	all.n_conditions = 1;
	type(&app, "3jm<PgDn><PgDn>M*");
	ok(query_count_events(app.cf, &all, &n, &exact, &app_view(&app)->problem) && exact &&
	       n == app_view(&app)->list.n_marks && n > 20,
	   "M marks a range, * bookmarks all of it");
	type(&app, "u");
	ok(query_count_events(app.cf, &all, &n, &exact, &app_view(&app)->problem) && n == 0,
	   "u takes all of it back at once");
	type(&app, "<Esc>sEventCode=4104<Enter>");
	type(&app, "jmm*");
	ok(query_count_events(app.cf, &all, &n, &exact, &app_view(&app)->problem) && n == 2 &&
	       app_view(&app)->list.table.shown > 2 && shows(&app, "★"),
	   "rows of a search that are events are bookmarked, and the search stays");
	type(&app, "u<Esc>s* | stats count<Enter>");
	type(&app, "*");
	ok(app.message_bad && shows(&app, "no finding and no event"), "a row of statistics is none");
	app_close(&app);
}

static void
a_verdict_is_seen_where_its_column_has_no_room(const struct screen_case *c,
						const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, "2jtk");
	ok(shows(&app, "\n  T  "), "a letter before the finding says true positive");
	type(&app, "jttk");
	ok(shows(&app, "\n  F  "), "another one false positive");
	type(&app, "jtk");
	ok(!shows(&app, "\n  F  ") && !shows(&app, "\n  T  "), "open has none");
	app_close(&app);
}

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
	    !work_set_macro(cf, &macro, &err))
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

int
main(void)
{
	struct screen_case c;
	struct tui_setup   setup;

	a_long_case_is_counted_beside_the_screen();
	screen_case_begin(&c, "small");
	make_small(&c);
	screen_case_end(&c);
	if (chdir(c.file.folder) != 0)
		return 1;
	setup = (struct tui_setup){ .case_path = "small.auger", .rules = c.rules, .script = "" };
	going_in_and_coming_out(&c, &setup);
	moving_between_hosts_from_inside(&c, &setup);
	one_key_pins_a_computer_everywhere(&c, &setup);
	a_value_under_the_cursor_becomes_a_filter(&c, &setup);
	a_value_is_taken_out(&c, &setup);
	any_field_of_an_event_becomes_a_filter(&c, &setup);
	computers_are_ticked(&c, &setup);
	undo_knows_the_order_too(&c, &setup);
	what_was_followed_goes_with_the_place(&c, &setup);
	the_other_computer_is_read_off_commands();
	a_range_of_the_timeline_is_opened(&c, &setup);
	a_process_tree_folds(&c, &setup);
	scripts_are_told_apart_without_changing_them();
	an_event_is_shown_as_a_record(&c, &setup);
	an_event_leads_on(&c, &setup);
	a_wrong_search_keeps_its_text(&c, &setup);
	an_export_overwrites_nothing(&c, &setup);
	verdicts_and_notes_are_kept(&c, &setup);
	a_verdict_goes_to_all_marked_rows(&c, &setup);
	events_are_bookmarked_and_noted(&c, &setup);
	a_bookmark_goes_to_all_marked_events(&c, &setup);
	suggestions_answer_to_tab_only(&c, &setup);
	the_session_comes_back(&c, &setup);
	what_is_typed_is_tried(&c, &setup);
	the_next_key_gives_up_what_is_tried(&c, &setup);
	earlier_searches_are_found_again(&c, &setup);
	times_are_shown_in_the_zone_asked_for(&c, &setup);
	what_was_said_can_be_read_again(&c, &setup);
	a_verdict_is_seen_where_its_column_has_no_room(&c, &setup);
	rules_that_come_late_have_the_filters_of_the_case(&c);
	nothing_moves_under_the_cursor_while_the_case_grows(&c, &setup);
	screen_case_done(&c);
	return done_testing();
}
