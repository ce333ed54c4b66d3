/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of a list are the user's: shown, hidden, moved, as wide as wished, and kept. */
#include "config.h"

#include <unistd.h>

#include "tests/tui_driver.h"

/* "RISK COMPUTER FIND": the heads that are to be seen, in their order. */
static const char *
heads(const struct app *app)
{
	static char        line[512];
	const struct list *l = &app_view(app)->list;
	size_t             n = 0;

	line[0] = '\0';
	for (unsigned i = 0; i < l->n_columns; i++)
		if (l->widths[i])
			n += (size_t)snprintf(line + n, sizeof(line) - n, "%s%s", n ? " " : "",
					      l->columns[i].head);
	return line;
}

static int
width_of(const struct app *app, const char *head)
{
	const struct list *l = &app_view(app)->list;

	for (unsigned i = 0; i < l->n_columns; i++)
		if (!strcmp(l->columns[i].head, head))
			return l->widths[i];
	return -1;
}

static bool
has_heads(const struct app *app, const char *want)
{
	if (!strcmp(heads(app), want))
		return true;
	printf("# %s\n", heads(app));
	return false;
}

#define USUAL "RISK COMPUTER FIND TECHNIQUES RISK 7d LAST SEEN"

static void
columns_are_hidden_and_come_back(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, "v<Space>");
	ok(has_heads(&app, "COMPUTER FIND TECHNIQUES RISK 7d LAST SEEN"),
	   "Space hides a column at once");
	type(&app, "j<Space>");
	ok(width_of(&app, "COMPUTER") > 0 && strstr(app.message, "stays"),
	   "what tells the rows from each other cannot be hidden");
	type(&app, "<Esc>");
	ok(has_heads(&app, USUAL) && !app.choosing && !app.columns->n, "Esc leaves the list as it was");
	type(&app, "v<Space><Enter>");
	ok(has_heads(&app, "COMPUTER FIND TECHNIQUES RISK 7d LAST SEEN"), "Enter keeps it so");
	type(&app, "<F5>");
	ok(has_heads(&app, "COMPUTER FIND TECHNIQUES RISK 7d LAST SEEN"),
	   "and so it is when the case is read again");
	type(&app, "u");
	ok(has_heads(&app, USUAL), "u takes it back");
	type(&app, "<Ctrl-R>");
	ok(has_heads(&app, "COMPUTER FIND TECHNIQUES RISK 7d LAST SEEN"), "and Ctrl-R does it again");
	type(&app, "v<Space><Enter>");
	ok(has_heads(&app, USUAL) && !app.columns->n,
	   "Space shows it again, and nothing is left of the choice");
	type(&app, "v<Space>0<Enter>");
	ok(has_heads(&app, USUAL) && !app.columns->n, "0 brings back the usual columns");
	app_close(&app);
}

static void
columns_are_moved(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, "vjj<lt><lt><Enter>");
	ok(has_heads(&app, USUAL), "a column that has no room moves unseen");
	type(&app, "v0jjj<lt><lt><lt><Enter>");
	ok(has_heads(&app, "FIND RISK COMPUTER TECHNIQUES RISK 7d LAST SEEN"), "< moves it to the left");
	type(&app, "vJKK<Enter>");
	ok(has_heads(&app, "FIND RISK COMPUTER TECHNIQUES RISK 7d LAST SEEN"),
	   "J and K move it, too, not beyond the ends");
	type(&app, "y");
	ok(text_eq(app.clipboard, TEXT("3")), "it is under the cursor as the first was");
	type(&app, "v>><Enter>");
	ok(has_heads(&app, "RISK COMPUTER FIND TECHNIQUES RISK 7d LAST SEEN"), "> moves it to the right");
	app_close(&app);
}

static void
widths_are_the_users(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);
	int        was = width_of(&app, "TECHNIQUES");

	type(&app, "vjjjjj--<Enter>");
	ok(width_of(&app, "TECHNIQUES") == was - 2, "- makes a column narrower");
	type(&app, "vjjjjj++++<Enter>");
	ok(width_of(&app, "TECHNIQUES") == was + 2, "+ makes it wider");
	type(&app, "v0jjjjjjjjjjj+");
	ok(width_of(&app, "LAST SEEN") == 11 && strstr(app.message, "as wide as it is"),
	   "a time is never cut");
	type(&app, "<Esc>");
	app_close(&app);
}

static void
what_was_asked_for_stays_in_narrow_screens(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);
	bool       stays = true;

	ok(width_of(&app, "EVENTS") == 0, "a column for wide screens");
	type(&app, "vjjjjjjjj<Space><Enter>");
	ok(width_of(&app, "EVENTS") > 0, "is shown in 80 columns when it was asked for");
	for (int columns = 200; columns >= 30; columns--) {
		int used = 0;

		app_resize(&app, 24, columns);
		app_draw(&app);
		for (unsigned i = 0; i < app_view(&app)->list.n_columns; i++) {
			int width = app_view(&app)->list.widths[i];

			used += width ? width + 2 : 0;
		}
		if (width_of(&app, "EVENTS") <= 0 || width_of(&app, "COMPUTER") <= 0 ||
		    used > columns) {
			printf("# %d columns: %s\n", columns, heads(&app));
			stays = false;
		}
	}
	ok(stays, "and in any width, beside the column that tells rows from each other");
	app_resize(&app, 10, 20);
	app_draw(&app);
	ok(width_of(&app, "COMPUTER") > 0, "which is there where there is no room for two");
	app_close(&app);
}

static void
lists_of_a_kind_have_one_choice(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, "2vjj<Space>j<Enter>");
	ok(width_of(&app, "COMPUTER") == 0 && width_of(&app, "LAST") > 0, "findings without computers");
	type(&app, "1<Enter>");
	ok(!strcmp(here(&app), "findings") && width_of(&app, "COMPUTER") == -1,
	   "findings of a host have no such column");
	type(&app, "v<Space><Enter>");
	ok(width_of(&app, "RISK") == 0 && width_of(&app, "LAST") > 0, "there the risk is hidden");
	type(&app, "q2");
	ok(width_of(&app, "RISK") == 0 && width_of(&app, "COMPUTER") == 0,
	   "and so it is in all of them, and what was hidden here still is");
	app_close(&app);
}

static void
what_a_key_is_about_is_to_be_seen(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, "3vj<Space><Enter>");
	ok(width_of(&app, "COMPUTER") == 0, "events without computers");
	type(&app, "+");
	ok(!chips(&app).n && strstr(app.message, "SUMMARY"),
	   "+ takes the first text that is to be seen, not what is hidden");
	app_close(&app);
}

static void
a_search_has_its_own_columns(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, "sEventCode=4104 | stats count by host<Enter>v");
	ok(!app.choosing && strstr(app.message, "| table"), "results of a search say how to choose");
	columns_restore(&app, TEXT("rows host count\nnothing x\nhosts +last_time=9 =5 +last_time - -risk_score "
				   "host=99999999999 events=2\n"));
	type(&app, "<F5>q1<F5>");
	ok(has_heads(&app, "LAST SEEN COMPUTER FIND TECHNIQUES RISK 7d") && width_of(&app, "LAST SEEN") == 11,
	   "of damaged words of a choice what can be read holds");
	app_close(&app);
}

static void
the_choice_is_kept_with_the_session(const struct screen_case *c, const struct tui_setup *setup)
{
	struct tui_setup at_terminal = *setup, looking = *setup;
	struct app       app;

	at_terminal.script = looking.script = NULL;
	looking.read_only = true;
	app = open_case(c, &at_terminal);
	type(&app, "v<Space>jjjjj+><Enter>");
	app_close(&app);
	app = open_case(c, &looking);
	ok(has_heads(&app, "COMPUTER FIND RISK 7d TECHNIQUES LAST SEEN") &&
	       width_of(&app, "TECHNIQUES") == 21,
	   "columns are as they were left");
	type(&app, "v0<Enter>");
	app_close(&app);
	app = open_case(c, setup);
	ok(has_heads(&app, USUAL), "a script has the usual ones");
	type(&app, "vjjj<Space><Enter>");
	app_close(&app);
	app = open_case(c, &at_terminal);
	ok(has_heads(&app, "COMPUTER FIND RISK 7d TECHNIQUES LAST SEEN"),
	   "neither it nor who may only read leaves anything behind");
	type(&app, "v0");
	app_close(&app);
	app = open_case(c, &at_terminal);
	ok(has_heads(&app, "COMPUTER FIND RISK 7d TECHNIQUES LAST SEEN"),
	   "nor does what was not yet kept when the screen ended");
	type(&app, "v0<Enter>");
	app_close(&app);
	app = open_case(c, &at_terminal);
	ok(has_heads(&app, USUAL) && !app.columns, "the usual ones come back as well");
	app_close(&app);
}

static bool
same_file(const char *a, const char *b)
{
	FILE *x = fopen(a, "r"), *y = fopen(b, "r");
	int   p = 0, q = 0;
	bool  some = false;

	while (x && y && p == q && p != EOF) {
		p = fgetc(x);
		q = fgetc(y);
		some |= p != EOF;
	}
	if (x)
		fclose(x);
	if (y)
		fclose(y);
	return some && p == q;
}

static void
exports_have_all_columns(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, "eusual.csv<Enter>v<Space>jjj<Space>><Enter>echosen.csv<Enter>");
	ok(same_file("usual.csv", "chosen.csv"), "a file has the columns that it always has");
	app_close(&app);
	unlink("usual.csv");
	unlink("chosen.csv");
}

int
main(void)
{
	struct screen_case c;
	struct tui_setup   setup = small_case(&c);

	columns_are_hidden_and_come_back(&c, &setup);
	columns_are_moved(&c, &setup);
	widths_are_the_users(&c, &setup);
	what_was_asked_for_stays_in_narrow_screens(&c, &setup);
	lists_of_a_kind_have_one_choice(&c, &setup);
	what_a_key_is_about_is_to_be_seen(&c, &setup);
	a_search_has_its_own_columns(&c, &setup);
	the_choice_is_kept_with_the_session(&c, &setup);
	exports_have_all_columns(&c, &setup);
	screen_case_done(&c);
	return done_testing();
}
