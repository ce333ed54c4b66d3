/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expressions of eval and where. */
#include "config.h"

#include "rules/regex.h"
#include "tests/array_source.h"

/* EXPRESSION over one row; "null" when it has no value. */
static void
value_is(struct arena keep, const char *expression, const char *want)
{
	struct array_source *a = array_source_new(&keep);
	struct text          got;

	array_add(a, "row id=1 n=10 s=Ab t=x t=y t=x empty=\"\" five=5 list=\"a,b,,c\" "
		     "path=\"C:\\\\Temp\\\\x\" "
		     "ip=10.1.2.3 json=\"{\\\"a\\\":{\\\"b\\\":[1,\\\"two\\\"]}}\" "
		     "uni=\"gr\xc3\xbc\xc3\x9f\" rep=b a.c=dot\n");
	got = array_run(a, arena_printf(&keep, "* | eval z=%s | table z", expression).p);
	if (text_starts(got, TEXT("z=")))
		got = text_from(got, 2);
	is(got.n ? got : TEXT("null"), text_of(want), expression);
}

static void
where_has_three_values(struct arena keep)
{
	struct array_source *a = array_source_new(&keep);

	array_add(a, "row id=1 n=10 s=Ab\nrow id=2 n=9\n");
	leaves(a, "* | where n>9", "1");
	leaves(a, "* | where s=\"ab\"", "");
	leaves(a, "* | where s!=\"x\"", "1");
	leaves(a, "* | where NOT s=\"x\"", "1");
	leaves(a, "* | where isnull(s) OR s!=\"x\"", "1 2");
	leaves(a, "* | where s=\"x\" AND n>100", "");
	leaves(a, "* | where NOT (s=\"x\" AND n>100)", "1 2");
	leaves(a, "* | where s=\"Ab\" OR n=9", "1 2");
	leaves(a, "* | where s=\"Ab\" XOR n=10", "");
	leaves(a, "* | where n IN (9, \"10\")", "1 2");
	leaves(a, "* | where n in(9)", "2");
	leaves(a, "* | where s LIKE \"A%\"", "1");
	leaves(a, "* | where 'n'=9 and true()", "2");
	gives(a, "* | eval t=n.s | table t", " | t=10Ab");
	gives(a, "* | eval t=n+1 | table t", "t=10 | t=11");
	gives(a, "* | eval t=n/0 | table t", " | ");
}

static void
operators(struct arena keep)
{
	value_is(keep, "1+2*3", "7");
	value_is(keep, "(1+2)*3", "9");
	value_is(keep, "-n+1", "-9");
	value_is(keep, "7%4", "3");
	value_is(keep, "10/4", "2.5");
	value_is(keep, "s.\"-\".n", "Ab-10");
	value_is(keep, "\"a\"+\"b\"", "ab");
	value_is(keep, "n+s", "null");
	value_is(keep, "s+n", "Ab10");
	value_is(keep, "s+\"__\"+n", "Ab__10");
	value_is(keep, "s+1", "null");
	value_is(keep, "nothing.s", "null");
	value_is(keep, "1/3", "0.333333333333333");
	value_is(keep, "2*500000000000", "1000000000000");
	value_is(keep, ".25+1e2", "100.25");
	value_is(keep, "'a.c'", "dot");
	value_is(keep, "a.c", "dot");
	value_is(keep, "lower(s).upper(s)", "abAB");
	value_is(keep, "s.lower(s)", "Abab");
	value_is(keep, "if(1=1 OR nothing=2 AND 1=2, \"y\", \"n\")", "y");
}

static void
choices(struct arena keep)
{
	value_is(keep, "if(n==10, \"ten\", \"other\")", "ten");
	value_is(keep, "if(nothing==1, \"a\", \"b\")", "b");
	value_is(keep, "case(n>100, \"big\", n>5, \"middle\", true(), \"small\")", "middle");
	value_is(keep, "case(n>100, \"big\")", "null");
	value_is(keep, "CASE(n>100, \"big\", 1=1, \"default\")", "default");
	value_is(keep, "validate(n>5, \"low\", n>50, \"not high\")", "not high");
	value_is(keep, "coalesce(nothing, null(), s)", "Ab");
	value_is(keep, "nullif(s, \"Ab\")", "null");
	value_is(keep, "if(isnull(nothing) AND isnotnull(s), 1, 0)", "1");
	value_is(keep, "if(isnull(empty), \"as null\", \"a value\")", "as null");
	value_is(keep, "if(isnum(n) AND NOT isnum(s) AND isstr(s) AND isint(five), 1, 0)", "1");
	value_is(keep, "typeof(n).typeof(s).typeof(nothing).typeof(1=1)",
		 "NumberStringInvalidBoolean");
	value_is(keep, "if(match(s,\"^a\"), 1, if(match(s,\"(?i)^a\"), 2, 3))", "2");
	value_is(keep, "if(like(path, \"%\\\\Temp\\\\%\"), 1, 0)", "1");
	value_is(keep, "if(like(s, \"a_\"), 1, 0)", "0");
	value_is(keep, "if(cidrmatch(\"10.1.0.0/16\", ip), 1, 0)", "1");
	value_is(keep, "if(cidrmatch(\"10.2.0.0/16\", ip), 1, 0)", "0");
	value_is(keep, "if(searchmatch(\"s=ab n=1*\"), 1, 0)", "1");
	value_is(keep, "if(in(n, \"9\", \"10\"), 1, 0)", "1");
	value_is(keep, "if(match(s,\"A\")=true(), 1, 0)", "1");
}

static void
texts(struct arena keep)
{
	value_is(keep, "upper(t)", "[X Y X]");
	value_is(keep, "upper(uni)", "GR\xc3\x9c\xc3\x9f");
	value_is(keep, "len(uni)", "4");
	value_is(keep, "trim(\"  a b \")", "a b");
	value_is(keep, "ltrim(\"xxaxx\", \"x\")", "axx");
	value_is(keep, "rtrim(\"0x41000\", \"0\")", "0x41");
	value_is(keep, "substr(\"abcdef\", 2, 3)", "bcd");
	value_is(keep, "substr(\"abcdef\", -2)", "ef");
	value_is(keep, "substr(uni, 3, 1)", "\xc3\xbc");
	value_is(keep, "replace(\"a1b22\", \"(\\d+)\", \"<\\1>\")", "a<1>b<22>");
	value_is(keep, "replace(\"abc\", \"\", \"-\")", "-a-b-c-");
	value_is(keep, "replace(path, \"\\\\\\\\\", \"/\")", "C:/Temp/x");
	value_is(keep, "urldecode(\"a%20b%2Fc%\")", "a b/c%");
	value_is(keep, "urldecode(replace(\"6869\", \"([0-9A-F]{2})\", \"%\\1\"))", "hi");
	value_is(keep, "tonumber(\"FF\", 16)", "255");
	value_is(keep, "tonumber(\" 5\")", "null");
	value_is(keep, "tonumber(\"abc\")", "null");
	value_is(keep, "tostring(255, \"hex\")", "0xFF");
	value_is(keep, "tostring(1234567.891, \"commas\")", "1,234,567.89");
	value_is(keep, "tostring(12345, \"commas\")", "12,345");
	value_is(keep, "tostring(3661, \"duration\")", "01:01:01");
	value_is(keep, "tostring(5, \"binary\")", "101");
	value_is(keep, "tostring(1==1)", "True");
	value_is(keep, "printf(\"%05.1f|%s|%d\", 3.14159, s, n)", "003.1|Ab|10");
	value_is(keep, "md5(\"abc\")", "900150983cd24fb0d6963f7d28e17f72");
	value_is(keep, "sha1(\"abc\")", "a9993e364706816aba3e25717850c26c9cd0d89d");
	value_is(keep, "substr(sha256(\"abc\"), 1, 8)", "ba7816bf");
	value_is(keep, "spath(json, \"a.b{}\")", "[1 two]");
	value_is(keep, "json_extract(json, \"a.b{1}\")", "two");
}

static void
several_values(struct arena keep)
{
	value_is(keep, "split(list, \",\")", "[a b  c]");
	value_is(keep, "mvcount(split(list, \",\"))", "4");
	value_is(keep, "mvcount(nothing)", "null");
	value_is(keep, "mvcount(s)", "1");
	value_is(keep, "mvindex(t, 0)", "x");
	value_is(keep, "mvindex(t, -1)", "x");
	value_is(keep, "mvindex(t, 0, 1)", "[x y]");
	value_is(keep, "mvindex(t, 5)", "null");
	value_is(keep, "mvfind(t, \"y\")", "1");
	value_is(keep, "mvfind(t, \"^x$\")", "0");
	value_is(keep, "mvfind(t, \"zz\")", "null");
	value_is(keep, "mvfilter(match(t, \"x\"))", "[x x]");
	value_is(keep, "mvfilter(t!=\"x\")", "y");
	value_is(keep, "mvmap(t, t.\"!\")", "[x! y! x!]");
	value_is(keep, "mvjoin(t, \"+\")", "x+y+x");
	value_is(keep, "mvdedup(t)", "[x y]");
	value_is(keep, "mvsort(mvappend(10, 9, 1))", "[1 10 9]");
	value_is(keep, "mvappend(s, nothing, t)", "[Ab x y x]");
	value_is(keep, "mvzip(t, split(\"1,2\", \",\"))", "[x,1 y,2]");
	value_is(keep, "mvrange(1, 7, 2)", "[1 3 5]");
	value_is(keep, "mvreverse(t)", "[x y x]");
	value_is(keep, "if(t=\"y\", 1, 0)", "1");
	value_is(keep, "if(rep IN (split(list, \",\")), 1, 0)", "1");
}

static void
numbers(struct arena keep)
{
	value_is(keep, "round(2.5)", "3");
	value_is(keep, "round(-2.567, 2)", "-2.57");
	value_is(keep, "floor(2.7).\",\".ceil(2.1).\",\".abs(-3)", "2,3,3");
	value_is(keep, "sqrt(16).\",\".pow(2,10).\",\".ln(exp(2)).\",\".log(100).\",\".log(8,2)",
		 "4,1024,2,2,3");
	value_is(keep, "sqrt(-1)", "nan");
	value_is(keep, "min(3, \"x\", 20)", "3");
	value_is(keep, "max(3, \"x\", 20)", "x");
	value_is(keep, "max(3, 20)", "20");
}

static void
times(struct arena keep)
{
	value_is(keep, "now()", "1600689600");
	value_is(keep, "strftime(now(), \"%Y-%m-%d %H:%M:%S\")", "2020-09-21 12:00:00");
	value_is(keep, "relative_time(now(), \"-1d@d\")", "1600560000");
	value_is(keep, "strptime(\"2020-09-21 12:00:01.5\", \"%Y-%m-%d %H:%M:%S.%N\")",
		 "1600689601.5");
	value_is(keep, "strptime(\"nonsense\", \"%Y\")", "null");
	value_is(keep, "strftime(1600689601.25, \"%3N\")", "250");
	value_is(keep, "now()-relative_time(now(),\"-90s\")", "90");
}

static void
eval_sets_and_removes_fields(struct arena keep)
{
	struct array_source *a = array_source_new(&keep);

	array_add(a, "row id=1 a=x b=y\n");
	gives(a, "* | eval b=null() | table a b", "a=x");
	gives(a, "* | eval c=a.b, d=c.\"!\" | table d", "d=xy!");
	gives(a, "* | eval 'odd name'=a, \"other name\"=b | table \"odd name\" \"other name\"",
	      "odd name=x other name=y");
	gives(a, "* | eval {a}=1 | table x", "x=1");
	gives(a, "* | eval _time=5.5 | table _time", "_time=5.5");
}

static void
growth_is_bounded(struct arena keep)
{
	struct array_source *a = array_source_new(&keep);
	struct text          spl = TEXT("* | eval x=\"0123456789\"");

	array_add(a, "row id=1\n");
	for (int i = 0; i < 60; i++)
		spl = arena_join(&keep, spl, TEXT(", x=x.x"));
	ok(text_find(array_run(a, arena_join(&keep, spl, TEXT(" | stats count")).p), TEXT("MiB")) !=
	       TEXT_NOWHERE,
	   "doubling a text sixty times is an error");
	ok(text_find(array_run(a, "* | eval x=mvrange(0, 1000000000)"), TEXT("values")) !=
	       TEXT_NOWHERE,
	   "so is a field of a thousand million values");
	is(array_run(a, "* | eval n=mvrange(0, 40000) | eval a=mv_to_json_array(n), "
			"o=\"{\".mvjoin(mvmap(n, \"\\\"k\".n.\"\\\":\".n), \",\").\"}\" "
			"| eval a=len(json(a)), s=len(json_set(o, \"k7\", 0)), k=len(json_keys(o)), "
			"e=len(json_entries(o)), o=len(o) | table a s k e o"),
	   TEXT("a=228891 s=577781 k=348891 e=1217781 o=577781"),
	   "JSON of many members is changed in room for a few copies of it");
}

static void
replacing_has_an_end(struct arena keep)
{
	struct array_source *a = array_source_new(&keep);
	struct array_result  r;

	array_add(a, "row id=1\n");
	r = array_run_env(a,
			  "* | eval s=mvjoin(mvrange(0,3000),\"\")"
			  " | rex field=s mode=sed \"s/(?=(.*))/\\1\\1\\1\\1/g\" | table s",
			  NULL, 64 << 20);
	ok(text_find(r.text, TEXT("rex mode=sed made a value of more than 15 MiB")) != TEXT_NOWHERE,
	   "a text that sed makes too long is an error, no text that is cut");
	is((r = array_run_env(a,
			      "* | eval s=mvjoin(mvrange(0,1000),\"\")"
			      " | rex field=s mode=sed \"s/(?=(.*))/\\1\\1\\1\\1/g\" | eval n=len(s) | table n",
			      NULL, 128 << 20)).text,
	   TEXT("n=16712870"), "a long one is whole");
}

static void
regular_expressions_give_up(struct arena keep)
{
	static const char *const hard[] = {
		"* | regex s=\"^(a+)+$\"",
		"* | rex field=s \"^(?<all>(a+)+)$\"",
		"* | rex field=s mode=sed \"s/^(a+)+$/x/\"",
		"* | eval t=replace(s, \"^(a+)+$\", \"x\")",
		"* | eval t=mvfind(s, \"^(a+)+$\")",
		"* | makemv tokenizer=\"^((a+)+)$\" s",
	};
	struct array_source *a = array_source_new(&keep);
	struct array_result  r;

	array_add(a, "row id=1 s=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaX\n");
	r = array_run_env(a, "* | where match(s, \"^(a+)+$\") | stats count", NULL, 0);
	is(r.text, TEXT("count=0"), "a pattern that needs too many steps matches nothing");
	ok(r.stats.warnings == 1, "and says so: %s", r.stats.warning);
	array_add(a, "row id=2 s=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaX\n");
	for (size_t i = 0; i < sizeof(hard) / sizeof(hard[0]); i++) {
		r = array_run_env(a, hard[i], NULL, 0);
		ok(r.stats.warnings == 1 && r.stats.gave_up == 2 &&
		       strstr(r.stats.warning, "gave up on 2 rows"),
		   "%s: %s", hard[i], r.stats.warning);
	}
}

static void
patience_with_regular_expressions_ends(struct arena keep)
{
	struct text         what, subject = TEXT("aaaaaaaaaaaaaaaaX");
	bool                literal;
	struct regex       *re = regex_make(&keep, TEXT("^(a+)+$"), &what, &literal);
	struct regex_match  m;

	ok(regex_find(re, subject, 0, REGEX_PATIENCE - 1, &m) == REGEX_NO,
	   "some ten thousand steps are taken as long as few texts were given up");
	ok(regex_find(re, subject, 0, REGEX_PATIENCE, &m) == REGEX_GAVE_UP,
	   "behind so many of them they are too many");
	ok(regex_find(re, TEXT("aaaX"), 0, REGEX_PATIENCE, &m) == REGEX_NO &&
	       regex_find(re, TEXT("aaaa"), 0, REGEX_PATIENCE, &m) == REGEX_YES,
	   "easy texts are decided as ever");
}

/* The evals of one search come to the same with and without a stage between them that keeps their
 * outcome from being remembered. */
static void
evals_alike(struct array_source *a, const char *what)
{
	static const char *const evals[] = {
		"eval a=lower(s), b=a.k", "eval c=if(match(s, \"x\"), null(), 4)",
		"eval d=split(s, \"x\"), e=k+1", "eval f=mvcount(d)+coalesce(c, 0)",
		"addtotals fieldname=sum c e f k k",
	};
	struct text together = TEXT("*"), apart = TEXT("*");

	for (size_t i = 0; i < sizeof(evals) / sizeof(evals[0]); i++) {
		together = arena_printf(a->keep, TEXT_FMT " | %s", TEXT_ARG(together), evals[i]);
		apart = arena_printf(a->keep, TEXT_FMT " | where true() | %s", TEXT_ARG(apart),
				     evals[i]);
	}
	is(array_run(a, together.p), array_run(a, apart.p), what);
}

static void
equal_rows_are_worked_on_once(struct arena keep)
{
	static const char gives_up[] =
	    "* | eval a=1, b=2, c=replace(s, \"^(a+)+$\", \"x\") | eval d=c | stats count by d";
	struct array_source *few = array_source_new(&keep), *many = array_source_new(&keep);
	struct array_source *hard = array_source_new(&keep);
	struct array_result  r;

	for (unsigned i = 0; i < 1500; i++) {
		array_add(few, arena_printf(&keep, "row id=%u k=%u s=A%uxB%s\n", i, i % 3, i % 5,
					    i % 7 ? "" : " t=1").p);
		array_add(many, arena_printf(&keep, "row id=%u k=%u s=A%uxB\n", i, i, i % 600).p);
	}
	for (unsigned i = 0; i < 4; i++)
		array_add(few, arena_printf(&keep, "row id=9 k=1 s=%02000u\n", i % 2).p);
	array_add(few, "row id=1500 k=1\nrow id=1501 s=A1xB\nrow id=1502 k=1\n");
	evals_alike(few, "values that come again and again");
	evals_alike(many, "values that are new each time");
	array_add(hard, "row s=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaX\n"
			"row s=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaX\n");
	r = array_run_env(hard, gives_up, NULL, 0);
	ok(r.stats.gave_up == 2, "what cannot be worked out is told for every row: %u",
	   (unsigned)r.stats.gave_up);
	gives(few, "* | eval a=k, b=k, c=k, d=k | where a=9 | stats count by d", "");
	r = array_run_env(few, "* | eval a=k, b=k, c=k | eval d=k | where a=9", NULL, 0);
	ok(strcmp(r.stats.emptied_by, "where a=9") == 0, "the stage that left no row is named: %s",
	   r.stats.emptied_by);
}

int
main(void)
{
	struct arena keep = arena_open((size_t)1 << 30);

	where_has_three_values(keep);
	operators(keep);
	choices(keep);
	texts(keep);
	several_values(keep);
	numbers(keep);
	times(keep);
	eval_sets_and_removes_fields(keep);
	growth_is_bounded(keep);
	replacing_has_an_end(keep);
	regular_expressions_give_up(keep);
	patience_with_regular_expressions_ends(keep);
	equal_rows_are_worked_on_once(keep);
	arena_close(&keep);
	return done_testing();
}
