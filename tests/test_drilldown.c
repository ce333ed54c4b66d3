/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a result row to messages, risk objects and drilldown searches. */
#include "config.h"

#include "base/digest.h"
#include "base/when.h"
#include "rules/detection.h"
#include "tests/tap.h"

#define RISK_STAGE                                                                              \
	"| from datamodel Risk.All_Risk | search normalized_risk_object IN (\"$Computer$\") | " \
	"stats count"

static void
set(struct row *row, const char *name, const char *value, struct arena *keep)
{
	row_set(row, text_of(name), value_of_text(text_of(value)), keep);
}

static void
set_two(struct row *row, const char *name, const char *a, const char *b, struct arena *keep)
{
	struct value *items = arena_new(keep, struct value, 2);

	items[0] = value_of_text(text_of(a));
	items[1] = value_of_text(text_of(b));
	row_set(row, text_of(name), value_of_list(items, 2), keep);
}

static bool
make(struct finding *f, const struct detection *d, const struct row *row, struct arena *keep)
{
	struct digest *digest = digest_new();
	bool           made = finding_make(f, d, row, digest, keep);

	digest_free(digest);
	return made;
}

static struct row
empty_row(void)
{
	static const int64_t event = 1;

	return (struct row){ .time_ns = WHEN_NONE, .first_ns = WHEN_NONE, .last_ns = WHEN_NONE,
			     .events = &event, .n_events = 1 };
}

static struct detection
process_detection(struct arena *keep)
{
	struct risk_setting   *risks = arena_new(keep, struct risk_setting, 2);
	struct threat_setting *threats = arena_new(keep, struct threat_setting, 1);
	struct text            message = TEXT("$process_name$ ran on $dest$ by $user$");

	risks[0] = (struct risk_setting){ TEXT("user"), RISK_USER, 56, message };
	risks[1] = (struct risk_setting){ TEXT("dest"), RISK_SYSTEM, 60, message };
	threats[0] = (struct threat_setting){ TEXT("process_name"), TEXT("process_name") };
	return (struct detection){
		.id = TEXT("1"),
		.name = TEXT("N"),
		.type = TEXT("TTP"),
		.message = message,
		.search_text = TEXT("`powershell` EventCode=4104"),
		.risks = risks,
		.n_risks = 2,
		.threats = threats,
		.n_threats = 1,
	};
}

static void
a_finding_is_of_the_host_that_logged_its_events(struct arena *keep)
{
	struct detection d = process_detection(keep);
	struct row       row = empty_row();
	struct finding   f;

	set(&row, "dest", "198.51.100.7", keep);
	set(&row, "dvc", "H1", keep);
	ok(make(&f, &d, &row, keep) && text_eq(f.host, TEXT("H1")),
	   "the other end of a connection is not where it was seen");
	row = empty_row();
	set(&row, "dest", "H2", keep);
	set(&row, "dvc", "unknown", keep);
	ok(make(&f, &d, &row, keep) && text_eq(f.host, TEXT("H2")), "where nothing else is said");
}

static void
every_value_of_a_risk_object_counts_once(struct arena *keep)
{
	struct detection d = process_detection(keep);
	struct row       row = empty_row();
	struct finding   f;

	set(&row, "dest", "H1", keep);
	set_two(&row, "user", "ann", "bob", keep);
	set(&row, "process_name", "7z.exe", keep);
	ok(make(&f, &d, &row, keep) && f.n_objects == 3, "T-R1: three risk objects");
	is(f.objects[1].value, TEXT("ann"), "ann");
	is(f.objects[2].value, TEXT("bob"), "bob");
	ok(f.objects[1].score == 56 && f.objects[2].score == 56 && f.objects[1].type == RISK_USER,
	   "56 points for each user");
	ok(f.objects[0].score == 60 && f.objects[0].type == RISK_SYSTEM,
	   "60 for the host, first, as it has the most");
	ok(f.n_threats == 1 && text_eq(f.threats[0].value, TEXT("7z.exe")), "one threat object");
	ok(f.risk_score == 60, "the finding has the highest score");
	is(f.message, TEXT("7z.exe ran on H1 by ann bob"), "several values are joined by a blank");
	is(f.host, TEXT("H1"), "host");
	is(f.user, TEXT("ann"), "user");

	set_two(&row, "user", "ann", "ann", keep);
	ok(make(&f, &d, &row, keep) && f.n_objects == 2, "an equal value counts once");
}

static void
who_is_at_risk_is_whom_it_is_about(struct arena *keep)
{
	struct detection d = process_detection(keep);
	struct row       row = empty_row();
	struct finding   f;

	d.risks[0].field = TEXT("Caller_User_Name");
	d.risks[1].field = TEXT("src");
	set(&row, "src", "WS9", keep);
	set(&row, "Caller_User_Name", "eve", keep);
	ok(make(&f, &d, &row, keep), "a row that names its host src");
	is(f.host, TEXT("WS9"), "the system at risk is the host");
	is(f.user, TEXT("eve"), "the user at risk is the user");
	set(&row, "dest", "H1", keep);
	set(&row, "user", "ann", keep);
	ok(make(&f, &d, &row, keep), "a row with dest and user");
	is(f.host, TEXT("H1"), "dest is the host, whatever else is at risk");
	is(f.user, TEXT("ann"), "user is the user");
}

static void
nobody_gets_no_risk(struct arena *keep)
{
	static const char *const nobody[] = { "", "null", "unknown", "-", "0", "NULL" };
	struct detection         d = process_detection(keep);
	struct finding           f;

	for (size_t i = 0; i < sizeof(nobody) / sizeof(nobody[0]); i++) {
		struct row row = empty_row();

		set(&row, "dest", "H1", keep);
		set(&row, "user", nobody[i], keep);
		ok(make(&f, &d, &row, keep) && f.n_objects == 1 &&
		       text_eq(f.objects[0].value, TEXT("H1")),
		   "no risk object for \"%s\"", nobody[i]);
		ok(text_find(f.remarks, TEXT("risk object user: the row names none")) !=
		       TEXT_NOWHERE,
		   "and the finding says so");
		ok(text_absent(f.user), "nor is it the user");
	}
}

static void
filled(struct arena *keep, const char *message, const char *want, const char *remark)
{
	struct row  row = empty_row();
	struct text said, got;

	set(&row, "dest", "H1", keep);
	set_two(&row, "n", "2", "3", keep);
	set(&row, "money", "$dest$", keep);
	set(&row, "annotations.a{}.b-c:d", "deep", keep);
	got = message_fill(text_of(message), &row, keep, &said);
	is(got, text_of(want), message);
	if (remark)
		ok(text_find(said, text_of(remark)) != TEXT_NOWHERE, "remark: %s", remark);
	else
		ok(text_absent(said), "no remark");
}

static void
messages_are_filled_in(struct arena *keep)
{
	filled(keep, "ran on $dest$ ($n$)", "ran on H1 (2 3)", NULL);
	filled(keep, "cost $5 on $dest$", "cost $5 on H1", NULL);
	filled(keep, "by $user$", "by $user$", "message names $user$, which the row does not have");
	filled(keep, "from $dest by WMI", "from H1 by WMI",
	       "the rule's $dest has no closing $; filled in all the same");
	filled(keep, "from $dest", "from H1",
	       "the rule's $dest has no closing $; filled in all the same");
	filled(keep, "from $nobody by WMI", "from $nobody by WMI", NULL);
	filled(keep, "from $dest, by", "from $dest, by", NULL);
	filled(keep, "$ $$ $a b$ 5$", "$ $$ $a b$ 5$", NULL);
	filled(keep, "$dest$dest$", "H1dest$", NULL);
	filled(keep, "$money$", "$dest$", NULL);
	filled(keep, "$annotations.a{}.b-c:d$", "deep", NULL);
	filled(keep, "", "", NULL);
}

static struct drilldown_search
made(struct arena *keep, const char *search, const struct finding *f)
{
	struct detection        d = process_detection(keep);
	struct drilldown        drill = { TEXT("D - \"$Computer$\""), text_of(search),
					  TEXT("$info_min_time$"), TEXT("$info_max_time$") };
	struct drilldown_search out;
	struct err              err = { 0 };

	if (!drilldown_make(&out, &d, &drill, f, (struct span){ 5, 9 }, keep, &err))
		printf("# %s\n", err.what);
	return out;
}

static struct finding
finding_with(struct arena *keep, const char *name, const char *value)
{
	struct finding_field *fields = arena_new(keep, struct finding_field, 2);
	struct risk_object   *objects = arena_new(keep, struct risk_object, 3);

	fields[0] = (struct finding_field){ text_of(name), text_of(value) };
	objects[0].value = TEXT("ann");
	objects[1].value = TEXT("bob");
	return (struct finding){ .fields = fields,
				 .n_fields = 1,
				 .objects = objects,
				 .n_objects = 2,
				 .first_ns = 10 * WHEN_DAY,
				 .last_ns = 20 * WHEN_DAY };
}

static void
searches(struct arena *keep, const struct finding *f, const char *template, const char *want,
	 const char *remark)
{
	struct drilldown_search got = made(keep, template, f);

	is(got.search, text_of(want), template);
	if (remark)
		ok(text_find(got.remark, text_of(remark)) != TEXT_NOWHERE, "remark: %s", remark);
	else
		ok(text_absent(got.remark) ||
		       text_find(got.remark, TEXT("names Computer")) != TEXT_NOWHERE,
		   "no remark but of the name");
}

static void
evidence_cannot_write_a_search(struct arena *keep)
{
	struct finding hostile = finding_with(keep, "user", "x\" | delete \\");
	struct finding path = finding_with(keep, "user", "CORP\\ann smith");
	struct finding star = finding_with(keep, "user", "a*b");
	struct finding token =
	    finding_with(keep, "user", "$info_min_time$ %original_detection_search%");

	searches(keep, &hostile, "x | search user = \"$user$\"",
		 "x | search user = \"x\\\" | delete \\\\\"", NULL);
	searches(keep, &hostile, "x | search user=$user$ a=1",
		 "x | search user = \"x\\\" | delete \\\\\" a=1", NULL);
	searches(keep, &hostile, "x | search user IN ($user$, \"fixed\")",
		 "x | search user IN (\"x\\\" | delete \\\\\", \"fixed\")", NULL);
	searches(keep, &hostile, "x | eval a=\"<$user$>\"", "x | eval a=\"<x\\\" | delete \\\\>\"",
		 NULL);
	searches(keep, &hostile, "x | head $user$", "x | head \"x\\\" | delete \\\\\"", NULL);
	searches(keep, &path, "x | search user = $user$", "x | search user = \"CORP\\\\ann smith\"",
		 NULL);
	searches(keep, &star, "x | search user = \"$user$\" a=1 | head 1",
		 "x | search user = \"a*b\" a=1  | where lower('user')=lower(\"a*b\")| head 1",
		 NULL);
	searches(keep, &token, "x | search user = \"$user$\"",
		 "x | search user = \"$info_min_time$ %original_detection_search%\"", NULL);
}

static void
several_values_are_any_of_them(struct arena *keep)
{
	struct finding f = finding_with(keep, "user", "ann\nbob");
	struct finding lines = finding_with(keep, "ScriptBlockText", "one\ntwo");

	searches(keep, &f, "x | search user = \"$user$\"",
		 "x | search (user = \"ann\" OR user = \"bob\")", NULL);
	searches(keep, &f, "x | search user != \"$user$\"",
		 "x | search (user != \"ann\" AND user != \"bob\")", NULL);
	searches(keep, &f, "x | search o IN (\"$user$\")", "x | search o IN (\"ann\", \"bob\")",
		 NULL);
	searches(keep, &lines, "x | search ScriptBlockText = \"$ScriptBlockText$\"",
		 "x | search ScriptBlockText = \"one\ntwo\"", NULL);
}

static void
a_missing_field_is_never_compared_with_its_token(struct arena *keep)
{
	struct finding dest = finding_with(keep, "dest", "H1");
	struct finding other = finding_with(keep, "user", "ann");

	searches(keep, &dest, "%original_detection_search% | search  Computer = \"$Computer$\"",
		 "`powershell` EventCode=4104 | search  dest = \"H1\"",
		 "drilldown names Computer, which the results do not have: their dest is used");
	searches(keep, &dest, RISK_STAGE,
		 "| from datamodel Risk.All_Risk | search normalized_risk_object IN (\"H1\") | "
		 "stats count",
		 "their dest is used");
	const struct risk_object named = { TEXT("H1"), RISK_SYSTEM, 1, .message = TEXT_NONE };
	const struct text        key = TEXT("h1.corp.example");
	struct finding           merged = dest;

	merged.objects = &named;
	merged.object_keys = &key;
	merged.n_objects = 1;
	searches(keep, &merged, RISK_STAGE,
		 "| from datamodel Risk.All_Risk | search normalized_risk_object IN (\"H1\", "
		 "\"h1.corp.example\") | stats count",
		 "their dest is used");
	searches(keep, &other,
		 "%original_detection_search% | search  Computer = \"$Computer$\" a=1",
		 "`powershell` EventCode=4104 | search  a=1", "that condition is left out");
	searches(keep, &other, RISK_STAGE,
		 "| from datamodel Risk.All_Risk | search * | stats count",
		 "that condition is left out");
	searches(keep, &other, "x | where dest=\"$dest$\" AND 1=1", "x | where 1=1",
		 "that condition is left out");
	searches(keep, &other, "x | search dest = \"$dest$\" user IN (\"$dest$\", \"$user$\")",
		 "x | search user IN (\"ann\")", "names dest");
}

static void
a_condition_that_is_left_out_takes_its_operator_along(struct arena *keep)
{
	struct finding f = finding_with(keep, "user", "a OR \x01");

	searches(keep, &f, "x | search NOT dest=$dest$ a=1 | table a", "x | search a=1 | table a", "dest");
	searches(keep, &f, "x | search a=1 NOT dest=$dest$ | table a", "x | search a=1 | table a", "dest");
	searches(keep, &f, "x | search user=$user$ OR dest=\"$dest$\"",
		 "x | search user = \"a OR \x01\"", "dest");
	searches(keep, &f, "x | search (dest=$dest$ OR src=$src$) b=2", "x | search b=2", "src");
	searches(keep, &f, "x | search b=2 AND NOT (dest=$dest$ OR (src IN ($src$)))",
		 "x | search b=2", "src");
	searches(keep, &f, "x | search NOT (dest=$dest$ OR c=3) b=2", "x | search NOT (c=3) b=2", "dest");
	searches(keep, &f, "x | search NOT dest=$dest$ | where not dest=$dest$ or src=$src$",
		 "x | search * | where true()", "dest");
	searches(keep, &f, "x | search c=3 dest=$dest$ | stats count", "x | search c=3 | stats count",
		 "dest");
}

static void
a_condition_that_is_left_out_heeds_what_binds_tighter(struct arena *keep)
{
	struct finding f = finding_with(keep, "user", "ann");

	searches(keep, &f, "x | search b=2 AND dest=$dest$ OR a=1", "x | search b=2 AND a=1", "dest");
	searches(keep, &f, "x | search a=1 OR dest=$dest$ AND b=2", "x | search a=1 AND b=2", "dest");
	searches(keep, &f, "x | where a=1 OR dest=$dest$ AND b=2", "x | where a=1 OR b=2", "dest");
	searches(keep, &f, "x | where b=2 and dest=$dest$ or a=1", "x | where b=2 or a=1", "dest");
	searches(keep, &f, "| tstats count from datamodel=M.D where dest=$dest$ by _time",
		 "| tstats count from datamodel=M.D where * by _time", "dest");
	searches(keep, &f, "| tstats count where a=1 dest=$dest$ by _time",
		 "| tstats count where a=1 by _time", "dest");
}

static void
a_function_keeps_what_it_works_on(struct arena *keep)
{
	struct finding f = finding_with(keep, "user", "ann");

	searches(keep, &f, "x | where if(dest=$dest$, 1, 0)=1", "x | where if(true(), 1, 0)=1", "dest");
	searches(keep, &f, "x | eval a=case(b=1, 2, NOT dest=$dest$, 3)",
		 "x | eval a=case(b=1, 2, true(), 3)", "dest");
	searches(keep, &f, "x | stats count(eval(dest=$dest$)) as n", "x | stats count(eval(true())) as n",
		 "dest");
	searches(keep, &f, "x | stats count(eval((a=1 AND dest=$dest$) OR b=2)) as n",
		 "x | stats count(eval((a=1) OR b=2)) as n", "dest");
}

static void
a_token_can_be_given_to_a_field(struct arena *keep)
{
	struct finding f = finding_with(keep, "user", "a\"b");

	searches(keep, &f, "x | eval user=$user$", "x | eval user=\"a\\\"b\"", NULL);
	searches(keep, &f, "x | eval n=len(a), who = $user$ | where user=$user$",
		 "x | eval n=len(a), who=\"a\\\"b\" | where user = \"a\\\"b\"", NULL);
	searches(keep, &f, "x | eval n=1, d=$dest$, m=if(user=$user$, 1, 0)",
		 "x | eval n=1, d=null(), m=if(user = \"a\\\"b\", 1, 0)", "dest");
	searches(keep, &f, "x | eval who=\"by $user$\"", "x | eval who=\"by a\\\"b\"", NULL);
}

static void
a_field_takes_any_number_of_values(struct arena *keep)
{
	struct text    values = TEXT("ann"), calls = TEXT("x | eval who="), list = TEXT("\"ann\"");
	struct finding f;

	for (int i = 1; i < 600; i++) {
		bool full = i % 254 == 0 || i == 599; /* a function takes 255 values */

		values = arena_join(keep, values, TEXT("\nbob"));
		list = arena_printf(keep, TEXT_FMT ", \"bob\"%s", TEXT_ARG(list), full ? ")" : "");
		if (full)
			calls = arena_join(keep, calls, TEXT("mvappend("));
	}
	f = finding_with(keep, "user", values.p);
	searches(keep, &f, "x | eval who=$user$", arena_join(keep, calls, list).p, NULL);
	f = finding_with(keep, "user", "ann\nbob");
	searches(keep, &f, "x | eval who=$user$", "x | eval who=mvappend(\"ann\", \"bob\")", NULL);
}

static void
an_exact_comparison_never_undoes_not_or_or(struct arena *keep)
{
	struct finding f = finding_with(keep, "user", "a*b");

	searches(keep, &f, "x | search user=$user$ c=1 | head 1",
		 "x | search user = \"a*b\" c=1  | where lower('user')=lower(\"a*b\")| head 1", NULL);
	searches(keep, &f, "x | search NOT user=$user$", "x | search NOT user = \"a*b\"", NULL);
	searches(keep, &f, "x | search user IN ($user$) OR c=1", "x | search user IN (\"a*b\") OR c=1",
		 NULL);
}

static void
items_of_a_list_have_tokens_among_text(struct arena *keep)
{
	struct finding f = finding_with(keep, "user", "a\" b");

	searches(keep, &f, "x | search o IN (c, \"*$user$*\")", "x | search o IN (c, \"*a\\\" b*\")",
		 NULL);
	searches(keep, &f, "x | search o IN (\"*$dest$*\") c=1", "x | search c=1", "dest");
}

static void
what_a_search_collects_are_several_values(struct arena *keep)
{
	struct finding   f = finding_with(keep, "process", "a 1\nb 2");
	struct detection d = process_detection(keep);
	struct drilldown drill = { .name = TEXT("n"),
				   .search = TEXT("x | search process IN ($process$)") };
	const struct span       all = { WHEN_NONE, WHEN_MAX };
	struct drilldown_search out;
	struct err              err = { 0 };

	d.search_text = TEXT("| tstats count VALUES(Processes.process) as process from x");
	ok(drilldown_make(&out, &d, &drill, &f, all, keep, &err), "values of a group");
	is(out.search, TEXT("x | search process IN (\"a 1\", \"b 2\")"), "are one item each");
	drill.search = TEXT("x | search o=\"*$process$*\" p!=\"$process$.\" q IN (\"$process$*\")");
	ok(drilldown_make(&out, &d, &drill, &f, all, keep, &err), "among other text");
	is(out.search,
	   TEXT("x | search (o=\"*a 1*\" OR o=\"*b 2*\") (p!=\"a 1.\" AND p!=\"b 2.\") "
		"q IN (\"a 1*\", \"b 2*\")"),
	   "each of them, too");
	drill.search = TEXT("x | search process IN ($process$)");
	d.search_text = TEXT("x | stats list(Processes.process) values(y) as z by y");
	ok(drilldown_make(&out, &d, &drill, &f, all, keep, &err), "without a name of their own");
	is(out.search, TEXT("x | search process IN (\"a 1\", \"b 2\")"), "as well");
	d.search_text = TEXT("x | stats values(y) as z by process");
	ok(drilldown_make(&out, &d, &drill, &f, all, keep, &err), "a field of two lines");
	is(out.search, TEXT("x | search process IN (\"a 1\nb 2\")"), "is one value");
}

static void
filters_of_tokens_change_nothing(struct arena *keep)
{
	struct finding f = finding_with(keep, "user", "ann smith");

	searches(keep, &f, "x | search user=$user|s$ | head 1", "x | search user = \"ann smith\" | head 1",
		 NULL);
	searches(keep, &f, "x | search user IN ($user|s$) o=\"$user|n$\"",
		 "x | search user IN (\"ann smith\") o = \"ann smith\"", NULL);
	searches(keep, &f, "x | search a=$b|stats count", "x | search a=$b|stats count", NULL);
}

static void
modifiers_count_back_from_the_finding(struct arena *keep)
{
	struct finding f = finding_with(keep, "dest", "H1");

	f.last_ns = 20 * WHEN_DAY + 377;
	searches(keep, &f, "| from datamodel Risk.All_Risk | search o=\"$dest$\" starthoursago=168 | stats count",
		 "| from datamodel Risk.All_Risk | search o = \"H1\" earliest=1123200 | stats count", NULL);
	searches(keep, &f, "x | search starthoursago = 168 endhoursago=1",
		 "x | search earliest=1123200 latest=1728001", NULL);
	searches(keep, &f, "search earliest=-1d@d latest=\"now\" x", "search earliest=1641600 latest=1728001 x",
		 NULL);
	searches(keep, &f, "search latest=+1h startdaysago=1", "search latest=1731601 earliest=1641600", NULL);
	searches(keep, &f, "search earliest=5 latest=2024-05-14 a=now", "search earliest=5 latest=2024-05-14 a=now",
		 NULL);
	searches(keep, &f, "x | eval earliest=-7 | where latest=-7", "x | eval earliest=-7 | where latest=-7",
		 NULL);
	f.last_ns = WHEN_DAY;
	searches(keep, &f, "x | search starthoursago=168", "x | search earliest=0", NULL);
	f.last_ns = -WHEN_DAY;
	searches(keep, &f, "x | search latest=now", "x | search latest=1", NULL);
	f.last_ns = WHEN_NONE;
	searches(keep, &f, "x | search starthoursago=168", "x | search starthoursago=168", NULL);
}

static void
offsets_count_back_from_the_finding(struct arena *keep)
{
	struct detection        d = process_detection(keep);
	struct finding          f = finding_with(keep, "dest", "H1");
	struct drilldown drill = {TEXT("View \"$dest$\""), TEXT("x"), TEXT("7d"), TEXT("0")};
	const struct span       all = { WHEN_NONE, WHEN_MAX };
	struct drilldown_search out;
	struct err              err = { 0 };

	ok(drilldown_make(&out, &d, &drill, &f, all, keep, &err), "7d to 0");
	ok(out.span.earliest_ns == 13 * WHEN_DAY, "seven days before the finding's last time");
	ok(out.span.latest_ns == 20 * WHEN_DAY + 1, "up to the finding, which is inside");
	is(out.name, TEXT("View \"H1\""), "the name is filled in without quoting");

	drill.earliest_offset = TEXT("$info_min_time$");
	drill.latest_offset = TEXT("$info_max_time$");
	ok(drilldown_make(&out, &d, &drill, &f, (struct span){ 5, 9 }, keep, &err) &&
	       out.span.earliest_ns == 5 && out.span.latest_ns == 9,
	   "the case's own range");
	drill.earliest_offset = TEXT("-1h");
	drill.latest_offset = TEXT("+1h");
	ok(drilldown_make(&out, &d, &drill, &f, all, keep, &err) &&
	       out.span.earliest_ns == 20 * WHEN_DAY - WHEN_HOUR &&
	       out.span.latest_ns == 20 * WHEN_DAY + WHEN_HOUR,
	   "signed offsets");
	drill.earliest_offset = TEXT("soon");
	ok(!drilldown_make(&out, &d, &drill, &f, all, keep, &err) && strstr(err.what, "soon"),
	   "what is no time is refused");
	f.last_ns = WHEN_NONE;
	drill.earliest_offset = TEXT("7d");
	ok(drilldown_make(&out, &d, &drill, &f, all, keep, &err) &&
	       out.span.earliest_ns == WHEN_NONE,
	   "a finding without time is looked for everywhere");
}

static void
a_finding_keeps_its_key_when_counts_grow(struct arena *keep)
{
	struct detection d = process_detection(keep);
	struct row       a = empty_row(), b = empty_row();
	struct finding   x, y;

	set(&a, "dest", "H1", keep);
	row_set(&a, TEXT("count"), value_of_number(1), keep);
	row_set(&a, TEXT("firstTime"), value_of_time(WHEN_DAY), keep);
	set(&b, "dest", "H1", keep);
	row_set(&b, TEXT("count"), value_of_number(7), keep);
	set(&b, "firstTime", "1970-01-03T00:00:00", keep);
	ok(make(&x, &d, &a, keep) && make(&y, &d, &b, keep), "two runs");
	ok(text_eq(x.key, y.key) && x.key.n == 64, "one key");
	ok(x.count == 1 && y.count == 7, "their own counts");
	ok(x.first_ns == WHEN_DAY && y.first_ns == 2 * WHEN_DAY, "times, also those already text");
	set(&b, "dest", "H2", keep);
	ok(make(&y, &d, &b, keep) && !text_eq(x.key, y.key), "another host, another key");
	d.id = TEXT("2");
	ok(make(&y, &d, &a, keep) && !text_eq(x.key, y.key), "another rule, another key");
}

int
main(void)
{
	struct arena keep = arena_open((size_t)1 << 28);

	a_finding_is_of_the_host_that_logged_its_events(&keep);
	every_value_of_a_risk_object_counts_once(&keep);
	who_is_at_risk_is_whom_it_is_about(&keep);
	nobody_gets_no_risk(&keep);
	messages_are_filled_in(&keep);
	evidence_cannot_write_a_search(&keep);
	several_values_are_any_of_them(&keep);
	a_missing_field_is_never_compared_with_its_token(&keep);
	a_condition_that_is_left_out_takes_its_operator_along(&keep);
	a_condition_that_is_left_out_heeds_what_binds_tighter(&keep);
	a_function_keeps_what_it_works_on(&keep);
	a_token_can_be_given_to_a_field(&keep);
	a_field_takes_any_number_of_values(&keep);
	an_exact_comparison_never_undoes_not_or_or(&keep);
	items_of_a_list_have_tokens_among_text(&keep);
	what_a_search_collects_are_several_values(&keep);
	filters_of_tokens_change_nothing(&keep);
	modifiers_count_back_from_the_finding(&keep);
	offsets_count_back_from_the_finding(&keep);
	a_finding_keeps_its_key_when_counts_grow(&keep);
	arena_close(&keep);
	return done_testing();
}
