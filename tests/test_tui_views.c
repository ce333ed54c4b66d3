/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the views show: leads, scripts, records, process trees, times, messages. */
#include "config.h"

#include "tests/tui_driver.h"
#include "tui/leads.h"

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

/* Its file could not be read this time, or was not given. */
static void
a_rule_that_is_not_there_is_missed(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	app.rules = NULL;
	type(&app, "2jd");
	ok(strcmp(here(&app), "drilldowns") == 0 && shows(&app, "not known: the rule is not among"),
	   "drilldowns of a rule that is not loaded are missed, in words");
	type(&app, "<Enter>");
	ok(strcmp(here(&app), "drilldowns") == 0 && shows(&app, "this drilldown cannot run"),
	   "and lead nowhere");
	app_close(&app);
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
a_user_leads_to_logons(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, ":users<Enter>/svc_backup<Enter>d");
	ok(strcmp(here(&app), "drilldowns") == 0, "d on a user");
	type(&app, "/logged on<Enter><Enter>");
	ok(strcmp(here(&app), "rows") == 0 && rows_shown(&app) == 3 && shows(&app, "PRINT-01"),
	   "leads to the computers that they logged on to");
	app_close(&app);
}

/* Sessions are numbered as what Sysmon and the kernel tell is. */
static void
only_logons_are_led_to(void)
{
	static const char *const told[][2] = {
		{ "RDP-01", "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational" },
		{ "WMI-01", "Microsoft-Windows-Sysmon/Operational" },
	};
	struct screen_case c;
	struct tui_setup   setup = { .script = "" };
	struct app         app;

	screen_case_begin(&c, "logons");
	case_file(&c.file, "forwarded.evtx", NULL);
	screen_script(&c, "RDP-01", 1, "CORP\\anna", "b1", 1, 1,
		      TEXT("Invoke-WmiExec -Target 10.2.0.9 -Username adm -Hash 00"));
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		struct event ev = screen_new(&c, told[i][0], told[i][1], 21, 2, NULL);

		event_with(&ev, &c.file.arena, "User", TEXT("CORP\\anna"));
		screen_event(&c, &ev);
	}
	screen_case_end(&c);
	setup.case_path = c.file.path;
	setup.rules = c.rules;
	app = open_case(&c, &setup);
	type(&app, ":users<Enter>d/logged on<Enter><Enter>");
	ok(strcmp(here(&app), "rows") == 0 && rows_shown(&app) == 1 && shows(&app, "RDP-01"),
	   "what has the number of a logon and is none is not led to");
	app_close(&app);
	screen_case_done(&c);
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

/* One item may have thousands of lines: a script, or the message that quotes it. */
static void
every_place_in_a_long_text_is_found(void)
{
	struct arena  keep = arena_open((size_t)16 << 20);
	struct screen screen = { 0 };
	struct doc    d = { 0 };
	char          text[100 * 160];
	static char   lines[30000];
	size_t        n = 0, at, of;

	memset(lines, '\n', sizeof(lines));
	memset(text, 'x', sizeof(text));
	for (size_t i = 0; i < 100; i++)
		memcpy(text + i * 160 + 80, "Needle", 6);
	screen_resize(&screen, 24, 80);
	doc_reset(&d, &keep);
	doc_plain(&d, (struct text){ text, sizeof(text) });
	doc_draw(&d, &screen, (struct area){ 0, 0, 24, 80 }, false);
	doc_seek(&d, TEXT("needle"));
	while (n <= 100 && doc_next_match(&d, 1))
		n++;
	ok(n == 100, "n goes to each of a hundred places in one text");
	ok(doc_match_count(&d, &at, &of) && at == 100 && of == 100, "which are counted");
	doc_reset(&d, &keep);
	doc_code(&d, (struct text){ lines, sizeof(lines) }, NULL, 0);
	doc_draw(&d, &screen, (struct area){ 0, 0, 24, 80 }, false);
	ok(!doc_match_count(&d, &at, &of), "of a text too long to count that is said, not that there are none");
	screen_free(&screen);
	arena_close(&keep);
}

static bool
has_head(struct app *app, const char *head)
{
	const struct list *l = &app_view(app)->list;

	for (unsigned i = 0; i < l->n_columns; i++)
		if (strcmp(l->columns[i].head, head) == 0)
			return true;
	return false;
}

static void
bars_of_risk_are_about_a_time_with_risk(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, ":anchor 2021-01-01<Enter>");
	ok(has_head(&app, "RISK, ALL TIME"),
	   "without risk in the last seven days the bars are about the whole case");
	type(&app, ":anchor last-event<Enter>");
	ok(has_head(&app, "RISK 7d"), "with some, about those");
	type(&app, ":anchor 2021-01-01<Enter><Enter>2");
	ok(app_view(&app)->list.table.shown > 0 && shows(&app, "none in the last 7 days"),
	   "the risk of a host is of the whole case, too, and it says why");
	type(&app, "T");
	ok(!app_view(&app)->list.table.shown && shows(&app, "T shows the whole case"),
	   "T: the seven days all the same");
	app_close(&app);
}

/* The screen, to be freed. */
static char *
drawn(struct app *app)
{
	char  *text = NULL;
	size_t n = 0;
	FILE  *out = open_memstream(&text, &n);

	app_draw(app);
	screen_dump(&app->screen, out);
	fclose(out);
	return text;
}

static void
what_is_open_fits_a_screen_that_changes(const struct screen_case *c, const struct tui_setup *setup)
{
	static const char *const places[] = { "2<Enter>", "3<Enter>", "2<Enter>3jd" };

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		struct app app = open_case(c, setup), wide = open_case(c, setup);
		char      *before, *after;

		type(&app, places[i]);
		app_resize(&app, 40, 160);
		after = drawn(&app);
		app_resize(&wide, 40, 160);
		type(&wide, places[i]);
		before = drawn(&wide);
		ok(strcmp(before, after) == 0, "a screen that was made larger is as one opened large (%s)",
		   places[i]);
		free(before);
		free(after);
		app_close(&app);
		app_close(&wide);
	}
}

static void
what_leaves_the_last_days_out_is_no_window(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, ":hosts<Enter>T");
	ok(has_chip(&app, "time=7d") && shows(&app, "risk window 7d to"), "T: the last 7 days");
	type(&app, "f!<Esc>");
	ok(has_chip(&app, "not time=7d") && !shows(&app, "risk window"),
	   "all but these are no window of 7 days");
	type(&app, ":window all<Enter>");
	ok(has_chip(&app, "not time=7d"), "and not for :window to take away");
	app_close(&app);
}

static void
long_names_of_computers_cost_no_column(void)
{
	struct screen_case c;
	struct tui_setup   setup = { .script = "" };
	struct app         app;
	char              *narrow;
	struct text        heads;

	screen_case_begin(&c, "names");
	case_file(&c.file, "forwarded.evtx", NULL);
	screen_script(&c, "ABCDEFGHIJKLMNO.corp.example", 1, "S-1-5-18", "b1", 1, 1,
		      TEXT("Invoke-WmiExec -Target 10.2.0.9 -Username adm -Hash 00"));
	screen_case_end(&c);
	setup.case_path = c.file.path;
	setup.rules = c.rules;
	app = open_case(&c, &setup);
	type(&app, ":findings<Enter>");
	ok(shows(&app, "ABCDEFGHIJKLMNO"), "15 letters are whole on 80 columns");
	app_resize(&app, 24, 66);
	narrow = drawn(&app);
	heads = text_of(narrow);
	heads = text_from(heads, text_find(heads, TEXT("COMPUTER")));
	heads = text_head(heads, text_find_byte(heads, '\n'));
	ok(text_find(heads, TEXT("LAST")) != TEXT_NOWHERE, "on 66 they are cut before the time is left out");
	free(narrow);
	app_close(&app);
	screen_case_done(&c);
}

static void
a_long_script_is_shown_once(void)
{
	struct screen_case c;
	struct tui_setup   setup = { .script = "" };
	struct app         app;
	struct arena       keep = arena_open((size_t)1 << 24);
	struct text        script = TEXT("");

	for (int i = 0; i < 200; i++)
		script = arena_printf(&keep, TEXT_FMT "Write-Output 'number %d of many'\n",
				      TEXT_ARG(script), i);
	screen_case_begin(&c, "long");
	case_file(&c.file, "long.evtx", NULL);
	screen_script(&c, "WS-1", 1, "S-1-5-18", "b1", 1, 1, script);
	screen_case_end(&c);
	setup.case_path = c.file.path;
	setup.rules = c.rules;
	app = open_case(&c, &setup);
	type(&app, "3<Enter>/built from the<Enter>");
	ok(shows(&app, "bytes, under ScriptBlockText)"), "the message names the script");
	ok(doc_line_count(&app_view(&app)->doc) < 300, "and does not repeat it");
	app_close(&app);
	screen_case_done(&c);
	arena_close(&keep);
}

int
main(void)
{
	struct screen_case c;
	struct tui_setup   setup = small_case(&c);

	the_other_computer_is_read_off_commands();
	a_range_of_the_timeline_is_opened(&c, &setup);
	a_process_tree_folds(&c, &setup);
	scripts_are_told_apart_without_changing_them();
	an_event_is_shown_as_a_record(&c, &setup);
	a_rule_that_is_not_there_is_missed(&c, &setup);
	an_event_leads_on(&c, &setup);
	a_user_leads_to_logons(&c, &setup);
	only_logons_are_led_to();
	times_are_shown_in_the_zone_asked_for(&c, &setup);
	what_was_said_can_be_read_again(&c, &setup);
	a_verdict_is_seen_where_its_column_has_no_room(&c, &setup);
	bars_of_risk_are_about_a_time_with_risk(&c, &setup);
	every_place_in_a_long_text_is_found();
	what_is_open_fits_a_screen_that_changes(&c, &setup);
	what_leaves_the_last_days_out_is_no_window(&c, &setup);
	long_names_of_computers_cost_no_column();
	a_long_script_is_shown_once();
	screen_case_done(&c);
	return done_testing();
}
