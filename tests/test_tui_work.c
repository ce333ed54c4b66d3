/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the user makes is kept: exports that overwrite nothing, verdicts, notes, bookmarks, the session.
 */
#include "config.h"

#include <sys/stat.h>

#include "store/work.h"
#include "tests/tui_driver.h"

static size_t
file_size(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? (size_t)st.st_size : 0;
}

static size_t
lines_of(const char *path)
{
	FILE  *f = fopen(path, "r");
	size_t n = 0;

	for (int c; f && (c = getc(f)) != EOF;)
		n += c == '\n';
	if (f)
		fclose(f);
	return n;
}

static void
what_is_typed_replaces_the_proposed_name(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, "ea");
	ok(app.prompt.n == 1 && app.prompt.text[0] == 'a', "the first letter begins a name");
	type(&app, "b<Tab>c");
	ok(app.prompt.n > 3 && app.prompt.text[app.prompt.n - 1] == 'c', "later ones go on with what is there");
	type(&app, "<Esc>e<End>~");
	ok(shows(&app, "-hosts.csv~"), "End leaves it to be edited");
	type(&app, "<Esc>e<Backspace>x");
	ok(shows(&app, "-hosts.csx"), "so does Backspace");
	app_close(&app);
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
some_rows_are_exported_alone(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app = open_case(c, setup);

	type(&app, "2mjme");
	ok(strstr(app.prompt.help, "2 marked rows") && shows(&app, "-marked.jsonl"),
	   "marked rows are what is offered first, in both forms");
	type(&app, "<Ctrl-U>some-marked.csv");
	ok(strstr(app.prompt.help, "2 marked rows"), "the prompt says that only marked rows are written");
	type(&app, "<Enter>");
	ok(strstr(app.message, "2 rows written"), "a name that ends so gets the marked rows");
	type(&app, "<Esc>te<Ctrl-U>some-confirmed.jsonl<Enter>");
	ok(strstr(app.message, "1 row written"), "or those that are true positives");
	type(&app, "ue<Ctrl-U>some-marked.csv~<Enter>");
	ok(strstr(app.message, "5 rows written"), "other names get all that are shown");
	type(&app, "3mjjmje<Ctrl-U>some-marked.jsonl");
	ok(strstr(app.prompt.help, "2 marked rows"), "events can be marked, too");
	type(&app, "<Enter>");
	ok(strstr(app.message, "2 events written") && lines_of("some-marked.jsonl") == 2,
	   "and go out alone, as JSON lines");
	app_close(&app);
	unlink("some-marked.csv");
	unlink("some-confirmed.jsonl");
	unlink("some-marked.csv~");
	unlink("some-marked.jsonl");
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

static size_t
marked(const struct app *app)
{
	return app_view(app)->list.n_marks;
}

static void
marks_are_kept_for_who_set_them(const struct screen_case *c, const struct tui_setup *setup)
{
	struct tui_setup at_terminal = *setup, looking = *setup;
	struct app       app;

	at_terminal.script = looking.script = NULL;
	looking.read_only = true;
	setenv("AUGER_AUTHOR", "ann@lab", 1);
	app = open_case(c, &at_terminal);
	type(&app, "2jmm3jm1");
	app_close(&app);
	app = open_case(c, &at_terminal);
	type(&app, "2");
	ok(marked(&app) == 2, "marked findings are marked on the next day");
	type(&app, "3");
	ok(marked(&app) == 1, "and so are events");
	type(&app, "1<Enter>");
	ok(app.n_levels == 2 && marked(&app) == 1, "in other lists those that they have");
	type(&app, "mq2");
	ok(marked(&app) == 3, "and what is marked there is so here");
	type(&app, "1");
	app_close(&app);
	setenv("AUGER_AUTHOR", "bob@lab", 1);
	app = open_case(c, &at_terminal);
	type(&app, "2");
	ok(marked(&app) == 0, "another analyst has their own");
	type(&app, "1");
	app_close(&app);
	setenv("AUGER_AUTHOR", "ann@lab", 1);
	app = open_case(c, &looking);
	type(&app, "2jm");
	app_close(&app);
	app = open_case(c, &at_terminal);
	type(&app, "3<Esc>");
	ok(marked(&app) == 0 && strstr(app.message, "u marks them again"), "Esc lets go of them");
	type(&app, "u");
	ok(marked(&app) == 1, "u takes that back");
	type(&app, "<Ctrl-R>2<Esc>1");
	app_close(&app);
	app = open_case(c, &at_terminal);
	type(&app, "2");
	ok(marked(&app) == 0, "what was let go of stays so, and a case opened read-only keeps none");
	type(&app, "1");
	app_close(&app);
	unsetenv("AUGER_AUTHOR");
}

/* What a filter of a field leaves is known only when the events have been looked at. */
static void
marks_of_rows_that_are_not_in_the_list_are_left_alone(const struct screen_case *c,
						      const struct tui_setup *setup)
{
	struct tui_setup at_terminal = *setup;
	struct app       app;

	at_terminal.script = NULL;
	setenv("AUGER_AUTHOR", "eve@lab", 1);
	app = open_case(c, &at_terminal);
	type(&app, ":filter field LogonType=3<Enter>3mm");
	ok(marked(&app) == 2, "two events of a filter are marked");
	type(&app, "f!q");
	ok(app_view(&app)->list.table.shown == 10 && marked(&app) == 0,
	   "the filter the other way round leaves neither of them");
	type(&app, "jm");
	ok(marked(&app) == 1, "one that it leaves is marked alone");
	type(&app, ":filter field LogonType=none such<Enter>");
	ok(marked(&app) == 0, "a list without rows has no marked ones");
	type(&app, "X");
	ok(marked(&app) == 3, "without a filter all are marked");
	type(&app, "<Esc>1");
	app_close(&app);
	unsetenv("AUGER_AUTHOR");
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
	type(&app, "ja and this");
	list_move_to(&app_view(&app)->list, 2);
	type(&app, "<Enter>");
	ok(!said_of_row(&app).note.n, "another row than the one it began at gets no note");
	list_move_to(&app_view(&app)->list, 1);
	is(said_of_row(&app).note, TEXT("and this"), "the one it began at does");
	type(&app, "uk");
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

/* Closed while a note is being written, as a terminal that is lost does it. */
static void
leave_writing(const struct screen_case *c, const struct tui_setup *setup, size_t row, const char *keys)
{
	struct app app = open_case(c, setup);

	type(&app, "3");
	list_move_to(&app_view(&app)->list, row);
	type(&app, keys);
	app_close(&app);
}

static void
notes_that_were_being_written_are_all_there_again(const struct screen_case *c,
						  const struct tui_setup *setup)
{
	struct tui_setup at_terminal = *setup;
	struct app       app;

	at_terminal.script = NULL;
	leave_writing(c, &at_terminal, 4, "aone draft");
	leave_writing(c, &at_terminal, 5, "aanother");
	app = open_case(c, &at_terminal);
	ok(strstr(app.message, "2 notes were not kept") != NULL, "how many they are is said");
	type(&app, "3");
	list_move_to(&app_view(&app)->list, 4);
	type(&app, "a<Enter>");
	is(said_of_row(&app).note, TEXT("one draft"), "the first one is there");
	list_move_to(&app_view(&app)->list, 5);
	type(&app, "a<Enter>");
	is(said_of_row(&app).note, TEXT("another"), "and so is the second");
	type(&app, "uu");
	app_close(&app);
	app = open_case(c, &at_terminal);
	ok(strstr(app.message, "not kept") == NULL, "then there are none any more");
	app_close(&app);
}

/* Both began before one of them was lost. */
static void
two_screens_may_leave_the_same_note_behind(const struct screen_case *c, const struct tui_setup *setup)
{
	struct tui_setup at_terminal = *setup;
	struct app       one, other;

	at_terminal.script = NULL;
	one = open_case(c, &at_terminal);
	type(&one, "3");
	list_move_to(&app_view(&one)->list, 6);
	type(&one, "aof one");
	other = open_case(c, &at_terminal);
	type(&other, "3");
	list_move_to(&app_view(&other)->list, 6);
	type(&other, "aof the other");
	app_close(&one);
	app_close(&other);
	one = open_case(c, &at_terminal);
	type(&one, "3");
	list_move_to(&app_view(&one)->list, 6);
	type(&one, "a<Enter>");
	is(said_of_row(&one).note, TEXT("of one / of the other"), "what was typed in both is there");
	type(&one, "u");
	app_close(&one);
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

int
main(void)
{
	struct screen_case c;
	struct tui_setup   setup = small_case(&c);

	what_is_typed_replaces_the_proposed_name(&c, &setup);
	an_export_overwrites_nothing(&c, &setup);
	verdicts_and_notes_are_kept(&c, &setup);
	some_rows_are_exported_alone(&c, &setup);
	a_verdict_goes_to_all_marked_rows(&c, &setup);
	events_are_bookmarked_and_noted(&c, &setup);
	a_bookmark_goes_to_all_marked_events(&c, &setup);
	notes_that_were_being_written_are_all_there_again(&c, &setup);
	two_screens_may_leave_the_same_note_behind(&c, &setup);
	the_session_comes_back(&c, &setup);
	marks_are_kept_for_who_set_them(&c, &setup);
	marks_of_rows_that_are_not_in_the_list_are_left_alone(&c, &setup);
	screen_case_done(&c);
	return done_testing();
}
