/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The prompt of searches: what is suggested, tried while it is typed, and found again. */
#include "config.h"

#include "tests/tui_driver.h"

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

static void
what_a_list_is_narrowed_to_is_found_in_its_rows(const struct screen_case *c,
						const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, "3/invoke-wmi<Enter><Enter>");
	ok(strcmp(here(&app), "event") == 0 && shows(&app, "line 1 of") && shows(&app, "match 0 of"),
	   "an event opened from a narrowed list begins at its beginning");
	type(&app, "n");
	ok(shows(&app, "match 1 of"), "n goes to the text that the list is narrowed to");
	type(&app, "nnnnnnnnnnnnnnnnnnnn");
	ok(strstr(app.message, "no match further down") != NULL, "where there is none more that is said");
	type(&app, "<Esc>");
	ok(strcmp(here(&app), "event") == 0 && !app_view(&app)->doc.n_find, "Esc lets go of it");
	type(&app, "]");
	ok(app_view(&app)->doc.n_find == 10, "the next event of the list has it again");
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

int
main(void)
{
	struct screen_case c;
	struct tui_setup   setup = small_case(&c);

	a_wrong_search_keeps_its_text(&c, &setup);
	what_a_list_is_narrowed_to_is_found_in_its_rows(&c, &setup);
	suggestions_answer_to_tab_only(&c, &setup);
	what_is_typed_is_tried(&c, &setup);
	the_next_key_gives_up_what_is_tried(&c, &setup);
	earlier_searches_are_found_again(&c, &setup);
	screen_case_done(&c);
	return done_testing();
}
