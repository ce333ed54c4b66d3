/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Going in and coming out, and what narrows: pins, filters, ticks, undo. */
#include "config.h"

#include "tests/tui_driver.h"

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
	type(&app, "X1hlll+");
	ok(has_chip(&app, "technique=T1047"), "+ on techniques takes the first");
	type(&app, "X");
	ok(!app_filtered(&app), "X clears all");
	app_close(&app);
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
	type(&app, "2");
	was = app_view(&app)->list.table.sort_column;
	type(&app, ">1<Enter>1>>");
	ok(strcmp(here(&app), "findings") == 0 && app.n_levels == 2, "the findings of a host, sorted twice");
	type(&app, "q2u");
	ok(app_view(&app)->list.table.sort_column == was,
	   "and closed: u is about the order of the list that is still there");
	app_close(&app);
}

static void
a_key_without_use_here_says_where_it_has_one(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, "t");
	ok(shows(&app, "does nothing here; in Findings: verdict, in Processes: tree"),
	   "t in the list of hosts");
	type(&app, "&");
	ok(shows(&app, "; ? shows the keys that do"), "a key without use anywhere leads to help");
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
the_timeline_obeys_the_whole_filter(const struct screen_case *c, const struct tui_setup *setup)
{
	static const char *const filters[] = { "EventCode=4104", "bookmark=yes",
					       "technique=T1047" };
	struct app               app = open_case(c, setup);

	type(&app, "3*1");
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
		const char *keys = arena_printf(&app.keep, "X:filter %s<Enter>3", filters[i]).p;
		uint64_t    events;

		type(&app, keys);
		events = app_view(&app)->list.table.total;
		type(&app, "4");
		for (int k = 0; k < 100; k++)
			type(&app, "<Left>");
		type(&app, "m");
		for (int k = 0; k < 100; k++)
			type(&app, "<Right>");
		ok(events && shows(&app, arena_printf(&app.keep, "events %llu,",
						      (unsigned long long)events).p),
		   "%s: the bars of the timeline count the events of the list", filters[i]);
		type(&app, "m");
	}
	app_close(&app);
}

/* The chip that WORD makes, or what the status line says of it. */
static bool
filter_says(const struct screen_case *c, const struct tui_setup *setup, const char *word, const char *says)
{
	struct app app = open_case(c, setup);
	char       keys[200];
	bool       good;

	snprintf(keys, sizeof(keys), ":filter %s<Enter>", word);
	type(&app, keys);
	good = text_eq(chips(&app), text_of(says)) || strstr(app.message, says);
	if (!good)
		printf("# %s" TEXT_FMT "\n", app.message, TEXT_ARG(chips(&app)));
	app_close(&app);
	return good;
}

static void
times_are_meant_as_they_are_written(const struct screen_case *c, const struct tui_setup *setup)
{
	static const struct {
		const char *word, *says;
	} cases[] = {
		{ "time=2023-03-20", "time=2023-03-20T00:00:00Z..2023-03-21T00:00:00Z\n" },
		{ "time!=2023-03-20", "not time=2023-03-20T00:00:00Z..2023-03-21T00:00:00Z\n" },
		{ "time=2023-03-20 14:30", "time=2023-03-20T14:30:00Z..2023-03-20T14:31:00Z\n" },
		{ "time=2023-03-20T14:30Z", "time=2023-03-20T14:30:00Z..2023-03-20T14:31:00Z\n" },
		{ "time=2023-03-20T14:30:05Z", "time=2023-03-20T14:30:05Z..2023-03-20T14:30:06Z\n" },
		{ "time=2023-03-20T14:30:05.1Z", "time=2023-03-20T14:30:05.100000Z..2023-03-20T14:30:05.200000Z\n" },
		{ "time=2023-03-20..2023-03-21", "time=2023-03-20T00:00:00Z..2023-03-22T00:00:00Z\n" },
		{ "time=2023-03-20..", "time=2023-03-20T00:00:00Z..\n" },
		{ "time>2023-03-20", "time=2023-03-21T00:00:00Z..\n" },
		{ "time>=2023-03-20", "time=2023-03-20T00:00:00Z..\n" },
		{ "earliest=2023-03-20", "time=2023-03-20T00:00:00Z..\n" },
		{ "time<lt>2023-03-20", "time=..2023-03-20T00:00:00Z\n" },
		{ "earliest>=2023-03-20", "time=2023-03-20T00:00:00Z..\n" },
		{ "latest<lt>=2023-03-20", "time=..2023-03-21T00:00:00Z\n" },
		{ "earliest<lt>2023-03-20", "earliest is from when on" },
		{ "latest=2023-03-20", "time=..2023-03-20T00:00:00Z\n" },
		{ "time<lt>=2023-03-20", "time=..2023-03-21T00:00:00Z\n" },
		{ "time>-24h", "time=24h\n" },
		{ "earliest=-7d", "time=7d\n" },
		{ "time=-36h..now", "time=36h\n" },
		{ "time=2023-03-21..2023-03-20", "2023-03-21..2023-03-20 ends before it begins" },
		{ "time=yesterday", "yesterday is no time: 2020-09-21 is that day" },
		{ "time=2023-03", "2023-03 is no time: 2020-09-21 is that day" },
		{ "time=2023..2024", "2023 is no time" },
		{ "risk<lt>50", "not risk=50\n" },
		{ "risk>50", "write risk>=50 or risk<50" },
		{ "host>WS", "host is only compared with = and !=" },
		{ "field LogonType>3", "LogonType is only compared with = and !=" },
		{ "hsot=WS", "no filter is called hsot: did you mean host?" },
	};
	struct app app = open_case(c, setup);

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ok(filter_says(c, setup, cases[i].word, cases[i].says), "%s", cases[i].word);
	type(&app, ":anchor 2023-03-20T12:00:00Z<Enter>:filter earliest=-1d@d<Enter>");
	ok(has_chip(&app, "time=2023-03-19T00:00:00Z.."), "what is cut to a day counts from the case clock");
	type(&app, ":filter latest=-2h<Enter>");
	ok(has_chip(&app, "time=2023-03-19T00:00:00Z..\ntime=..2023-03-20T10:00:00Z"),
	   "from when and up to when hold together");
	type(&app, ":anchor last-event<Enter>");
	app_close(&app);
}

int
main(void)
{
	struct screen_case c;
	struct tui_setup   setup = small_case(&c);

	going_in_and_coming_out(&c, &setup);
	moving_between_hosts_from_inside(&c, &setup);
	one_key_pins_a_computer_everywhere(&c, &setup);
	a_value_under_the_cursor_becomes_a_filter(&c, &setup);
	a_value_is_taken_out(&c, &setup);
	any_field_of_an_event_becomes_a_filter(&c, &setup);
	computers_are_ticked(&c, &setup);
	undo_knows_the_order_too(&c, &setup);
	a_key_without_use_here_says_where_it_has_one(&c, &setup);
	what_was_followed_goes_with_the_place(&c, &setup);
	the_timeline_obeys_the_whole_filter(&c, &setup);
	times_are_meant_as_they_are_written(&c, &setup);
	screen_case_done(&c);
	return done_testing();
}
