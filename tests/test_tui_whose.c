/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of whom the screens speak: the place that one came from, and the people behind identifiers. */
#include "config.h"

#include "tests/finding_cases.h"
#include "tests/tui_driver.h"

#define SID "S-1-5-21-1004336348-1177238915-682003330-1161"

/* A logon that names SID beside CORP\ann. */
static void
add_logon(struct test_case *t)
{
	struct event ev = event_new(&t->arena, "WS-07", "Security", 4624, 1, 0);

	event_with(&ev, &t->arena, "TargetUserSid", TEXT(SID));
	event_with(&ev, &t->arena, "TargetUserName", TEXT("ann"));
	event_with(&ev, &t->arena, "TargetDomainName", TEXT("CORP"));
	batch_add(t->batch, &ev, NULL, 0);
	ev = event_new(&t->arena, "ws-08", "Security", 1102, 2, 1);
	batch_add(t->batch, &ev, NULL, 0);
}

/* One finding with risk for two hosts and a user. */
static struct finding
widespread(struct test_case *t)
{
	struct finding      f = finding_of(t, "k1", "r1", "ws-08", RISK_SYSTEM, 25);
	struct risk_object *o = arena_new(&t->arena, struct risk_object, 3);

	o[0] = f.objects[0];
	o[1] = (struct risk_object){ TEXT("WS-07"), RISK_SYSTEM, 40, .message = TEXT("m") };
	o[2] = (struct risk_object){ TEXT(SID), RISK_USER, 200, .message = TEXT("m") };
	f.objects = o;
	f.n_objects = 3;
	f.user = TEXT(SID);
	return f;
}

static void
make_case(struct test_case *t)
{
	struct finding f;

	case_new(t);
	case_open(t, CASEFILE_IMPORT);
	case_file(t, "a", NULL);
	add_logon(t);
	case_commit(t);
	import_finish(t->cf, NULL, NULL, &t->err);
	case_open(t, CASEFILE_WORK);
	f = widespread(t);
	if (!findings_begin(t->cf, &t->err) || !findings_add(t->cf, &f, &t->err) ||
	    !findings_end(t->cf, &t->err))
		printf("# %s\n", t->err.what);
	casefile_close(t->cf);
	t->cf = NULL;
}

static void
the_risk_of_a_host_is_that_of_the_host_alone(const struct tui_setup *setup)
{
	struct app app = open_case(NULL, setup);

	type(&app, "/ws-07<Enter><Enter>");
	ok(shows(&app, "[host=WS-07]"), "in a host");
	type(&app, "2");
	ok(shows(&app, "risk 40 ") && shows(&app, "count 1 "), "the sum is that of the list of hosts");
	type(&app, "q<Esc>/ws-08<Enter><Enter>2");
	ok(shows(&app, "risk 25 ") && shows(&app, "count 1 "), "also where the finding is its own");
	ok(shows(&app, "2 risk events of others left out"),
	   "and what is left out is counted");
	type(&app, "q:users<Enter><Enter>2");
	ok(shows(&app, "risk 200 ") && shows(&app, "count 1 "), "the same for a user");
	app_close(&app);
}

static void
an_incident_opens_what_it_was_counted_from(const struct tui_setup *setup)
{
	struct app app = open_case(NULL, setup);

	type(&app, "9");
	ok(shows(&app, " 200 "), "an incident of the user");
	type(&app, "<Enter>");
	ok(shows(&app, "risk 200 ") && shows(&app, "count 1 "), "opens these and no others");
	app_close(&app);
}

static void
a_finding_speaks_of_the_host_one_came_from(const struct tui_setup *setup)
{
	struct app app = open_case(NULL, setup);

	type(&app, "/ws-07<Enter><Enter>");
	ok(shows(&app, "WS-07 and 1 more"), "the preview names it, and that there is another");
	ok(shows(&app, "40 to WS-07 and others"), "as is its score, which is not its alone");
	type(&app, "<Enter>");
	ok(shows(&app, "WS-07 and 1 more"), "so does the finding");
	ok(shows(&app, "40, rank 1 of 2 hosts: WS-07"), "the rank is that of the host one came from");
	app_close(&app);
	app = open_case(NULL, setup);
	type(&app, "2<Enter>");
	ok(shows(&app, "ws-08 and 1 more"), "elsewhere its own comes first");
	ok(shows(&app, "25, rank 2 of 2 hosts: ws-08"), "else that of the finding's own");
	type(&app, "]");
	ok(shows(&app, "4624  WS-07  ") && shows(&app, "1102  ws-08  "),
	   "each of its events names its computer when they are of several");
	app_close(&app);
}

static void
its_events_begin_at_the_host_one_came_from(const struct tui_setup *setup)
{
	struct app app = open_case(NULL, setup);

	type(&app, "/ws-07<Enter><Enter><Enter><Enter><Enter>");
	ok(shows(&app, "Event 1 "), "at its first event");
	app_close(&app);
	app = open_case(NULL, setup);
	type(&app, "/ws-08<Enter><Enter><Enter><Enter><Enter>");
	ok(shows(&app, "Event 2 "), "also when others have earlier ones");
	app_close(&app);
}

/* A second finding of the rule, whose events have no time. */
static void
add_timeless(struct test_case *t)
{
	struct finding f = widespread(t), g = finding_of(t, "k2", "r1", "ws-08", RISK_SYSTEM, 25);

	g.first_ns = g.last_ns = WHEN_NONE;
	case_open(t, CASEFILE_WORK);
	if (!findings_begin(t->cf, &t->err) || !findings_add(t->cf, &f, &t->err) ||
	    !findings_add(t->cf, &g, &t->err) || !findings_end(t->cf, &t->err))
		printf("# %s\n", t->err.what);
	casefile_close(t->cf);
	t->cf = NULL;
}

static const struct table_value *
value_of(const struct table *t, const char *row, const char *column)
{
	for (size_t i = 0; i < t->n_rows; i++)
		for (uint32_t k = 0; k < t->n_columns; k++)
			if (text_eq(t->rows[i].values[0].text, text_of(row)) && t->columns[k].name &&
			    strcmp(t->columns[k].name, column) == 0)
				return &t->rows[i].values[k];
	return NULL;
}

static void
a_technique_has_its_own_tactics_and_all_hosts(const struct tui_setup *setup)
{
	struct app          app = open_case(NULL, setup);
	const struct table *t;

	type(&app, "8");
	t = &app_view(&app)->list.table;
	is(value_of(t, "T1047", "tactics")->text, TEXT("Execution"), "not those of its neighbour");
	is(value_of(t, "T1021.006", "tactics")->text, TEXT("Lateral Movement"), "nor the other way");
	ok(value_of(t, "T1047", "findings")->number == 2 && value_of(t, "T1047", "hosts")->number == 2,
	   "hosts that a finding has risk for are all counted");
	ok(value_of(t, "T1047", "first_time")->time_ns == T0,
	   "a finding without a time does not take away when it began");
	app_close(&app);
}

static void
an_identifier_is_shown_with_its_user(const struct tui_setup *setup)
{
	struct app app = open_case(NULL, setup);

	type(&app, "2");
	ok(shows(&app, "user corp\\ann"), "the preview names the user");
	type(&app, "<Enter>");
	ok(shows(&app, SID) && shows(&app, "= corp\\ann"), "the finding both");
	app_close(&app);
}

static void
one_goes_to_hosts_of_the_case_only(const struct tui_setup *setup)
{
	struct app app = open_case(NULL, setup);

	type(&app, ":host WS-99<Enter>");
	ok(shows(&app, "no computer of this case is called WS-99") && app.n_levels == 1,
	   "a computer that is not there is no place");
	type(&app, ":host ws-07<Enter>");
	ok(shows(&app, "[host=ws-07]") && app.n_levels == 2, "one that is there is, in any letter case");
	app_close(&app);
}

static void
p_says_why_there_is_no_preview(const struct tui_setup *setup)
{
	struct app app = open_case(NULL, setup);

	type(&app, "p");
	ok(shows(&app, "no room for a preview of Hosts") && !app.preview_off, "too small a screen");
	type(&app, "8p");
	ok(shows(&app, "ATT&CK has no preview"), "a list without one");
	type(&app, "2p");
	ok(app.preview_off, "off where there is one");
	app_close(&app);
}

static void
sorting_goes_by_columns_that_are_seen(const struct tui_setup *setup)
{
	struct app  app = open_case(NULL, setup);
	bool        seen = true, descending;

	type(&app, "2");
	for (int i = 0; i < 12; i++) {
		const char *by;

		type(&app, ">");
		by = list_sorted_by(&app_view(&app)->list, &descending);
		seen &= by && shows(&app, by) && strcmp(by, "VERDICT") != 0;
	}
	ok(seen, "a column that has no place is passed over");
	app_close(&app);
}

int
main(void)
{
	struct test_case t = { 0 };
	struct tui_setup setup = { .case_path = "case.auger", .script = "" };

	make_case(&t);
	setup.case_path = t.path;
	the_risk_of_a_host_is_that_of_the_host_alone(&setup);
	an_incident_opens_what_it_was_counted_from(&setup);
	a_finding_speaks_of_the_host_one_came_from(&setup);
	its_events_begin_at_the_host_one_came_from(&setup);
	an_identifier_is_shown_with_its_user(&setup);
	one_goes_to_hosts_of_the_case_only(&setup);
	p_says_why_there_is_no_preview(&setup);
	sorting_goes_by_columns_that_are_seen(&setup);
	add_timeless(&t);
	a_technique_has_its_own_tactics_and_all_hosts(&setup);
	case_done(&t);
	return done_testing();
}
