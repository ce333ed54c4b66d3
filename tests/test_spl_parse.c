/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Macros, comments, stages; and what an error says, and where. */
#include "config.h"

#include "rules/quoted.h"
#include "tests/array_source.h"

static struct macros *
macros_of(struct arena *keep, const struct macro *list, size_t n)
{
	struct macros *m = macros_new(keep);

	for (size_t i = 0; i < n; i++)
		macros_add(m, &list[i]);
	return m;
}

/* Compiles SPL; the error as "where: what", or "ok". */
static struct text
compiled(struct arena *keep, const char *spl, const struct search_env *env)
{
	struct err     err = { 0 };
	struct search *s;

	if (search_compile(&s, keep, text_of(spl), (struct place){TEXT("rule.yml"), 12, 9}, env,
			   &err))
		return TEXT("ok");
	return arena_printf(keep, "%s: %s", err.where, err.what);
}

static void
says(struct arena *keep, const char *spl, const char *want)
{
	is(compiled(keep, spl, NULL), text_of(want), spl);
}

static void
errors_name_the_place_and_the_text(struct arena keep)
{
	says(&keep, "a=1 | frobnicate x y",
	     "rule.yml:12:15: unknown command \"frobnicate\" (see: auger rules commands)");
	says(&keep, "a=1 | kmeans x y z",
	     "rule.yml:12:15: kmeans is not supported");
	says(&keep, "a=1 | erex x",
	     "rule.yml:12:15: erex is not supported: use rex");
	says(&keep, "a=1 | eval x=mvfilter(a>1 AND b>1)",
	     "rule.yml:12:31: the condition of mvfilter may name one field only, not \"a\" and "
	     "another one");
	says(&keep, "a=1 | eval x=mvfilter(a.b>1 OR len('a.b')<2)", "ok");
	says(&keep, "a=1 | stast count",
	     "rule.yml:12:15: unknown command \"stast\": did you mean \"stats\"? (see: auger rules "
	     "commands)");
	says(&keep, "a=1\n| stats count by\n| head 1",
	     "rule.yml:13:25: expected a field name behind \"by\", found the end of the stage");
	says(&keep, "a=1 | stats cuont by x",
	     "rule.yml:12:21: unknown aggregate \"cuont\": did you mean \"count\"?");
	says(&keep, "a=\"x", "rule.yml:12:11: the string that begins here has no closing \"");
	says(&keep, "(a=1", "rule.yml:12:13: expected \")\", found the end");
	says(&keep, "a=1)", "rule.yml:12:12: \")\" closes nothing");
	says(&keep, "a=1 | search [search b=1",
	     "rule.yml:12:22: this \"[\" has no closing \"]\"");
	says(&keep, "a=1 | | head 1", "rule.yml:12:15: expected a command behind \"|\", found \"|\"");
	says(&keep, "a=1 OR OR b=1", "rule.yml:12:16: \"OR\" needs a term on both sides");
	says(&keep, "AND b=1", "rule.yml:12:9: \"AND\" needs a term on both sides");
	says(&keep, "a=1 |", "rule.yml:12:14: expected a command behind \"|\", found the end");
	says(&keep, "", "rule.yml:12:9: expected a search, found the end");
	says(&keep, "a=1 NOT", "rule.yml:12:16: expected a search term, found the end");
	says(&keep, "a=1 | head x",
	     "rule.yml:12:20: expected a number of rows, or an expression in ( ), found \"x\"");
	says(&keep, "a=1 | stats count bye x", "rule.yml:12:27: unknown aggregate \"bye\"");
	says(&keep, "| stats count",
	     "rule.yml:12:11: \"stats\" cannot come first: it needs rows to work on");
	says(&keep, "a=1 | tstats count",
	     "rule.yml:12:15: \"tstats\" can only come first, behind a leading \"|\", or with "
	     "prestats=true append=true behind another");
	says(&keep, "a=1 | predict x", "rule.yml:12:15: predict is not supported");
	says(&keep, "| tstats count from datamodel=Nope.Nada",
	     "rule.yml:12:39: data model \"Nope.Nada\" is not supported: event logs fill Endpoint "
	     "(Processes, Registry, Filesystem, Services), Network_Traffic, Network_Resolution, "
	     "Authentication, Change, Updates and Malware; findings fill Risk");
	says(&keep, "a=1 | sort limits=5 x", "rule.yml:12:20: sort has no option \"limits\"");
}

static void
expressions_say_what_was_expected(struct arena keep)
{
	says(&keep, "a=1 | eval x=uper(y)",
	     "rule.yml:12:22: unknown function \"uper\": did you mean \"upper\"? (see: auger rules "
	     "functions)");
	says(&keep, "a=1 | eval x=if(a==1,2)",
	     "rule.yml:12:22: wrong number of arguments, expected if(<condition>, <then>, <else>)");
	says(&keep, "a=1 | eval x=match(y,\"(\")",
	     "rule.yml:12:30: missing closing parenthesis (character 2 of the regular expression)");
	says(&keep, "a=1 | where x",
	     "rule.yml:12:21: expected a condition, found a value: compare it with something");
	says(&keep, "a=1 | eval x=(a==1)",
	     "rule.yml:12:22: expected a value, found a condition: write if(<condition>, <value>, "
	     "<value>)");
	says(&keep, "a=1 | eval x=1+",
	     "rule.yml:12:24: expected a field, a value or a function, found the end");
	says(&keep, "a=1 | where !match(b, 1)",
	     "rule.yml:12:21: \"!\" only stands in !=: write NOT");
	says(&keep, "a=1 | eval =1", "rule.yml:12:20: expected a field name, found \"=1\"");
	says(&keep, "a=1 | where x=\"a\" y",
	     "rule.yml:12:27: expected the end of the stage, found \"y\"");
	says(&keep, "a=1 | eval x=if(a==1,\"b\",c==2)",
	     "rule.yml:12:34: if(...) gives a value in one case and a condition in another");
}

static void
an_error_inside_a_macro_names_it_at_its_call(struct arena keep)
{
	const struct macro list[] = {
		{ .name = TEXT_INIT("inner"), .definition = TEXT_INIT("statz count") },
		{ .name = TEXT_INIT("outer"), .definition = TEXT_INIT("head 5 | `inner`") },
		{ .name = TEXT_INIT("loop"), .definition = TEXT_INIT("x `loop`") },
	};
	struct search_env env = { .macros = macros_of(&keep, list, 3) };

	is(compiled(&keep, "a=1\n | `outer`", &env),
	   TEXT("rule.yml:13:12: unknown command \"statz\": did you mean \"stats\"? (see: auger "
		"rules "
		"commands) (in macro \"inner\")"),
	   "the place of the call, the name of the macro");
	is(compiled(&keep, "`loop`", &env),
	   TEXT("rule.yml:12:9: macro \"loop\" calls itself, or macros nest more than 32 deep (in "
		"macro \"loop\")"),
	   "a macro that calls itself");
	is(compiled(&keep, "`nope`", &env),
	   TEXT("rule.yml:12:9: no macro \"nope\" is defined (a folder macros beside the rules can)"),
	   "an unknown macro");
	is(compiled(&keep, "`outer(1)`", &env),
	   TEXT("rule.yml:12:9: macro \"outer\" takes 0 arguments, not 1"),
	   "a wrong number of arguments");
	is(compiled(&keep, "a=1 `outer", &env),
	   TEXT("rule.yml:12:13: the macro call that begins here has no closing `"),
	   "an open call");
	is(compiled(&keep, "a=1 ```` x", &env),
	   TEXT("rule.yml:12:13: four or more backticks in a row"), "too many backticks");
}

static void
macros_are_text_with_arguments(struct arena keep)
{
	struct text        one[] = { TEXT("f") }, two[] = { TEXT("f"), TEXT("v") };
	const struct macro list[] = {
		{ .name = TEXT("is"), .args = one, .n_args = 1, .definition = TEXT("$f$=1") },
		{ .name = TEXT("is"), .args = two, .n_args = 2, .definition = TEXT("$f$=\"$v$\"") },
		{ .name = TEXT("or"), .definition = TEXT("a=1 OR b=2") },
		{ .name = TEXT("list"), .definition = TEXT("1, 2") },
		{ .name = TEXT("bar"), .definition = TEXT("| head 1") },
	};
	struct array_source *a = array_source_new(&keep);
	struct search_env    env = { .macros = macros_of(&keep, list, 5) };

	array_add(a, "row a=1 b=3\nrow a=2 b=2\nrow a=\"x,y\" b=3\n");
	is(array_run_env(a, "`is(a)` | table a", &env, 0).text, TEXT("a=1"), "one argument");
	is(array_run_env(a, "`is(a, \"x,y\")` | table a", &env, 0).text, TEXT("a=x,y"),
	   "two arguments, one in quotes, with a comma");
	is(array_run_env(a, "`is(v=2, f=b)` | table a", &env, 0).text, TEXT("a=2"),
	   "arguments by name");
	is(array_run_env(a, "`or` b=2 | table a", &env, 0).text, TEXT("a=2"),
	   "no parentheses are added, and OR binds tighter");
	is(array_run_env(a, "a IN (`list`) | table a", &env, 0).text, TEXT("a=2 | a=1"),
	   "a list for IN");
	is(array_run_env(a, "* | sort a `bar` | table a", &env, 0).text, TEXT("a=1"),
	   "a stage with its bar");
	is(array_run_env(a, "a=1 | eval c=\"`or`\" | table c", &env, 0).text, TEXT("c=`or`"),
	   "nothing is expanded inside quotes");
	is(array_run_env(a, "a=1 ```why | not``` | table a", &env, 0).text, TEXT("a=1"),
	   "comments go");
	is(array_run_env(a, "a=1 | `some_rule_filter` | table a", &env, 0).text, TEXT("a=1"),
	   "a filter macro that nobody wrote keeps all");
}

static void
what_a_filter_removes_is_counted(struct arena keep)
{
	const struct macro list[] = {
	    {.name = TEXT_INIT("my_filter"), .definition = TEXT_INIT("search NOT h=x | where n>1")},
	};
	struct array_source *a = array_source_new(&keep);
	struct search_env    env = { .macros = macros_of(&keep, list, 1) };
	struct array_result  r;

	array_add(a, "row h=x\nrow h=y\nrow h=z\nrow h=z\n");
	r = array_run_env(a, "* | stats count as n by h | `my_filter`", &env, 0);
	is(r.text, TEXT("h=z n=2"), "the filter filters");
	ok(r.stats.hits == 4 && r.stats.rows == 1 && r.stats.filtered == 2,
	   "four events, one row, two rows filtered");
}

static void
what_is_read_differently_is_said(struct arena keep)
{
	struct array_source *a = array_source_new(&keep);
	struct array_result  r;

	array_add(a, "row a=1\n");
	r = array_run_env(a, "a=1 or index=main | where match(a, \"\\T\")", NULL, 0);
	ok(r.search && text_find(search_reservation(r.search),
				 TEXT("operators are written in upper case")) != TEXT_NOWHERE,
	   "a lower-case or");
	ok(text_find(search_reservation(r.search), TEXT("index= is ignored")) != TEXT_NOWHERE,
	   "index=");
	ok(text_find(search_reservation(r.search), TEXT("unknown escape")) != TEXT_NOWHERE,
	   "an unknown escape");
}

static void
explain_shows_all_of_it(struct arena keep)
{
	struct array_source *a = array_source_new(&keep);
	struct array_result r = array_run_env(
	    a, "EventCode=4104 ScriptBlockText=\"*evil*\" | stats count by Computer | `x_filter`",
	    NULL, 0);
	struct text t = search_explain(r.search, &keep);
	const char *const parts[] = {"EventCode=\"4104\"",
				     "event ids",
				     "4104",
				     "evil",
				     "stats count by Computer",
				     "(filter macro)",
				     "any: the result does not depend on it",
				     "Computer, count",
				     "256 MiB"};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		ok(text_find(t, text_of(parts[i])) != TEXT_NOWHERE, "explain shows %s", parts[i]);
}

static void
columns_are_known_before_it_runs(struct arena keep)
{
	static const struct {
		const char *spl, *columns;
	} cases[] = {
	    {"* | stats count min(_time) as first by a b", "a b count first"},
	    {"* | stats count by a | rename a as x, count as n | eval z=1", "x n z"},
	    {"* | table a _time c", "a _time c"},
	    {"| tstats count from datamodel=Endpoint.Processes by Processes.dest Processes.user | "
	     "`drop_dm_object_name(Processes)`",
	     "dest user count"},
	    {"* | stats count by a b | fields - b", "a count"},
	    {"a=1", ""},
	};
	struct array_source *a = array_source_new(&keep);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct array_result r = array_run_env(a, cases[i].spl, NULL, 0);
		const struct text  *names;
		size_t              n = search_output_columns(r.search, &names);
		struct text         got = TEXT("");

		for (size_t k = 0; k < n; k++)
			got = arena_printf(&keep, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(got),
					   k ? " " : "", TEXT_ARG(names[k]));
		is(got, text_of(cases[i].columns), cases[i].spl);
	}
}

static void
nesting_is_limited(struct arena keep)
{
	char *p = arena_new(&keep, char, 60000);

	memset(p, '(', 20000);
	ok(text_find(compiled(&keep, p, NULL), TEXT("nest more than")) != TEXT_NOWHERE,
	   "parentheses of search");
	memcpy(p, "a=1 | where ", 12);
	ok(text_find(compiled(&keep, p, NULL), TEXT("nests more than")) != TEXT_NOWHERE,
	   "parentheses of where");
	memset(p, '[', 20000);
	ok(text_find(compiled(&keep, p, NULL), TEXT("no closing")) != TEXT_NOWHERE,
	   "open brackets");
	memset(p + 20000, ']', 20000);
	ok(!text_eq(compiled(&keep, p, NULL), TEXT("ok")), "subsearches");
	memset(p, '-', 40000);
	memcpy(p, "a=1 | eval x=", 13);
	ok(text_find(compiled(&keep, p, NULL), TEXT("nests more than")) != TEXT_NOWHERE, "signs");
	for (size_t i = 13; i + 1 < 40000; i += 2)
		memcpy(p + i, "1+", 2);
	ok(text_find(compiled(&keep, p, NULL), TEXT("operators in a row")) != TEXT_NOWHERE,
	   "long sums");
}

static void
leaves_are_where_events_are_read(struct arena keep)
{
	struct array_source *a = array_source_new(&keep);
	struct array_result r =
	    array_run_env(a, "x=1 | join h [search y=2] | append [| makeresults]", NULL, 0);

	ok(search_leaves(r.search) == 2, "the main search and the one of join");
	is(pred_print(search_leaf_pred(r.search, 0), &keep), TEXT("x=\"1\""),
	   "the main one is number 0");
	is(pred_print(search_leaf_pred(r.search, 1), &keep), TEXT("y=\"2\""), "then those inside");
	r = array_run_env(a, "x=1 | search z=3 | where a=1 | search b=2", NULL, 0);
	is(pred_print(search_leaf_pred(r.search, 0), &keep), TEXT("x=\"1\" z=\"3\""),
	   "a search right behind is part of what the source is asked for");
	r = array_run_env(a, "x=1 NOT [search y=2 | fields h]", NULL, 0);
	is(pred_print(search_leaf_pred(r.search, 0), &keep), TEXT("x=\"1\" NOT NOT ()"),
	   "a subsearch that is not known yet lets everything through");
	r = array_run_env(a, "x=1 | map search=\"search y=$y$ z=3\"", NULL, 0);
	is(pred_print(search_leaf_pred(r.search, 1), &keep), TEXT("y=\"*\" z=\"3\""),
	   "map reads any value");
}

int
main(void)
{
	struct arena keep = arena_open((size_t)1 << 30);

	errors_name_the_place_and_the_text(keep);
	expressions_say_what_was_expected(keep);
	an_error_inside_a_macro_names_it_at_its_call(keep);
	macros_are_text_with_arguments(keep);
	what_a_filter_removes_is_counted(keep);
	what_is_read_differently_is_said(keep);
	explain_shows_all_of_it(keep);
	columns_are_known_before_it_runs(keep);
	nesting_is_limited(keep);
	leaves_are_where_events_are_read(keep);
	is(spl_quote(TEXT("a\"b\\c"), &keep), TEXT("\"a\\\"b\\\\c\""),
	   "quoting doubles what is read twice");
	arena_close(&keep);
	return done_testing();
}
