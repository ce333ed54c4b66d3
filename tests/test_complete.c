/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is offered at a place of a search; the cursor is where the text has a '^'. */
#include "config.h"

#include "rules/complete.h"
#include "tests/lookup_text.h"
#include "tests/tap.h"

static struct text
without_cursor(struct arena *keep, const char *spl, size_t *cursor)
{
	struct text t = text_of(spl), rest;

	*cursor = text_find_byte(t, '^');
	rest = text_from(t, *cursor + 1);
	return arena_join(keep, text_head(t, *cursor), rest);
}

static struct completion
completed(struct arena *keep, const struct complete_env *env, const char *spl)
{
	struct completion c;
	size_t            cursor;
	struct text       t = without_cursor(keep, spl, &cursor);

	complete(&c, keep, t, cursor, env);
	return c;
}

/* Is INSERT offered, as a thing of that kind? */
static bool
offers(struct arena keep, const struct complete_env *env, const char *spl, enum completes kind,
       const char *insert)
{
	struct completion c = completed(&keep, env, spl);

	for (size_t i = 0; i < c.n; i++)
		if (c.items[i].kind == kind && text_eq(c.items[i].insert, text_of(insert)))
			return true;
	return false;
}

static void
yes(struct arena keep, const struct complete_env *env, const char *spl, enum completes kind,
    const char *insert)
{
	ok(offers(keep, env, spl, kind, insert), "%s: %s %s", spl, completes_name(kind), insert);
}

static void
no(struct arena keep, const struct complete_env *env, const char *spl, enum completes kind,
   const char *insert)
{
	ok(!offers(keep, env, spl, kind, insert), "%s: not %s", spl, insert);
}

/* The text after the first candidate has been put in. */
static void
becomes(struct arena keep, const struct complete_env *env, const char *spl, const char *want)
{
	size_t            cursor;
	struct text       t = without_cursor(&keep, spl, &cursor);
	struct completion c = completed(&keep, env, spl);
	struct text       got = t;

	if (c.n)
		got = arena_join(&keep,
				 arena_join(&keep, text_head(t, c.from), c.items[0].insert),
				 text_from(t, c.to));
	is(got, text_of(want), spl);
}

static void
a_search_takes_fields_and_macros(struct arena keep, const struct complete_env *env)
{
	yes(keep, env, "^", COMPLETES_FIELD, "EventCode");
	yes(keep, env, "^", COMPLETES_COMMAND, "tstats");
	no(keep, env, "^", COMPLETES_COMMAND, "stats");
	yes(keep, env, "EventCode=1 Own^", COMPLETES_FIELD, "OwnField");
	yes(keep, env, "a=1 sys^", COMPLETES_MACRO, "`sysmon`");
	yes(keep, env, "a=1 N^", COMPLETES_WORD, "NOT");
	no(keep, env, "a=^", COMPLETES_FIELD, "EventCode");
	no(keep, env, "a IN (Ev^", COMPLETES_FIELD, "EventCode");
	no(keep, env, "a=\"Ev^", COMPLETES_FIELD, "EventCode");
	yes(keep, env, "a=\"x | y\" ```x | ``` Ev^", COMPLETES_FIELD, "EventCode");
	no(keep, env, "a=1 my_filt^", COMPLETES_MACRO, "`my_filter`");
	becomes(keep, env, "`sysm^` EventCode=1", "`sysmon` EventCode=1");
	becomes(keep, env, "`security_content_ct^", "`security_content_ctime(");
	becomes(keep, env, "EventCo^de=1", "EventCode=1");
}

static void
a_stage_begins_with_a_command(struct arena keep, const struct complete_env *env)
{
	yes(keep, env, "a=1 | st^", COMPLETES_COMMAND, "stats");
	no(keep, env, "a=1 | ts^", COMPLETES_COMMAND, "tstats");
	yes(keep, env, "| ts^", COMPLETES_COMMAND, "tstats");
	no(keep, env, "| st^", COMPLETES_COMMAND, "stats");
	yes(keep, env, "a=1 | join x [ | inp^", COMPLETES_COMMAND, "inputlookup");
	yes(keep, env, "a=1 | appendpipe [ st^", COMPLETES_COMMAND, "stats");
	yes(keep, env, "a=1 | foreach a* [ ev^", COMPLETES_COMMAND, "eval");
	yes(keep, env, "a=1 | drop^", COMPLETES_MACRO, "`drop_dm_object_name(");
	becomes(keep, env, "a=1 | whe^", "a=1 | where");
	becomes(keep, env, "a=1 | pand^", "a=1 | mvexpand");
}

static void
arguments_are_those_of_the_synopsis(struct arena keep, const struct complete_env *env)
{
	yes(keep, env, "a=1 | stats ^", COMPLETES_AGGREGATE, "dc(");
	yes(keep, env, "a=1 | stats c^", COMPLETES_AGGREGATE, "count");
	yes(keep, env, "a=1 | stats count b^", COMPLETES_WORD, "by");
	yes(keep, env, "a=1 | stats dc(Own^", COMPLETES_FIELD, "OwnField");
	yes(keep, env, "a=1 | stats count(eval(isn^", COMPLETES_FUNCTION, "isnull(");
	yes(keep, env, "a=1 | stats count by ^", COMPLETES_FIELD, "Computer");
	no(keep, env, "a=1 | stats count by ^", COMPLETES_AGGREGATE, "dc(");
	yes(keep, env, "a=1 | rex fi^", COMPLETES_OPTION, "field=");
	yes(keep, env, "a=1 | rex field=Own^", COMPLETES_FIELD, "OwnField");
	yes(keep, env, "a=1 | dedup x keepempty=^", COMPLETES_WORD, "true");
	yes(keep, env, "a=1 | join type=^", COMPLETES_WORD, "outer");
	yes(keep, env, "a=1 | where ma^", COMPLETES_FUNCTION, "match(");
	yes(keep, env, "a=1 | eval x=if(Own^", COMPLETES_FIELD, "OwnField");
	yes(keep, env, "a=1 | lookup ^", COMPLETES_LOOKUP, "colours");
	yes(keep, env, "a=1 | lookup colours ^", COMPLETES_FIELD, "colour");
	yes(keep, env, "a=1 | lookup colours colour as Own^", COMPLETES_FIELD, "OwnField");
	yes(keep, env, "a=1 | lookup colours colour OUTPUT n^", COMPLETES_FIELD, "name");
	yes(keep, env, "| inputlookup c^", COMPLETES_LOOKUP, "colours");
	yes(keep, env, "a=1 | rename x ^", COMPLETES_WORD, "as");
	becomes(keep, env, "a=1 | where matc^(x, \"y\")", "a=1 | where match(x, \"y\")");
}

static void
data_models_have_fields_of_their_own(struct arena keep, const struct complete_env *env)
{
	yes(keep, env, "| tstats count fr^", COMPLETES_WORD, "from");
	yes(keep, env, "| tstats count from datamodel=End^", COMPLETES_MODEL, "Endpoint.Processes");
	yes(keep, env, "| tstats count from datamodel Reg^", COMPLETES_MODEL, "Endpoint.Registry");
	yes(keep, env, "| from datamodel:Ri^", COMPLETES_MODEL, "Risk.All_Risk");
	yes(keep, env, "| tstats count from datamodel=Endpoint.Processes where Pro^", COMPLETES_FIELD,
	    "Processes.process_name");
	no(keep, env, "| tstats count from datamodel=Endpoint.Processes where Reg^", COMPLETES_FIELD,
	   "Registry.registry_path");
	yes(keep, env,
	    "| tstats count from datamodel=Endpoint.Processes where (Processes.user=x OR Pro^",
	    COMPLETES_FIELD, "Processes.process");
	yes(keep, env, "| tstats count from datamodel=Endpoint.Processes by _time ^",
	    COMPLETES_OPTION, "span=");
	yes(keep, env, "| tstats values(Pro^ from datamodel=Endpoint.Processes", COMPLETES_FIELD,
	    "Processes.user");
}

static void
after_stats_only_its_columns_are_left(struct arena keep, const struct complete_env *env)
{
	yes(keep, env, "a=1 | stats count as n by Computer | where ^", COMPLETES_FIELD, "n");
	yes(keep, env, "a=1 | stats count as n by Computer | table C^", COMPLETES_FIELD, "Computer");
	no(keep, env, "a=1 | stats count as n by Computer | where ^", COMPLETES_FIELD, "EventCode");
	yes(keep, env, "a=1 | eval made=1 | where m^", COMPLETES_FIELD, "made");
	yes(keep, env, "a=1 | eval made=1 | where E^", COMPLETES_FIELD, "EventCode");
	yes(keep, env, "a=1 | stats count as n by x | appendpipe [ where ^", COMPLETES_FIELD, "n");
	yes(keep, env, "a=1 | stats count as n by x | join x [ search E^", COMPLETES_FIELD,
	    "EventCode");
}

static void
no_text_upsets_it(struct arena keep, const struct complete_env *env)
{
	static const char *const texts[] = { "^",    "|^",    "[^",   "]]^",    "))(^", "`^",
					     "```^", "\"^",   "a=^",  "| | | ^", "\\^",  "| foo ^",
					     "[[[[((((^", "| eval x=(((^", "| tstats by ^" };
	char        deep[400];
	struct text t = { deep, sizeof(deep) };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct arena      one = keep;
		struct completion c = completed(&one, env, texts[i]);

		ok(c.from <= c.to, "a range comes out of: %s", texts[i]);
	}
	memset(deep, '(', sizeof(deep));
	memset(deep + 100, '[', 200);
	for (size_t i = 0; i <= t.n; i += 40) {
		struct arena      one = keep;
		struct completion c;

		complete(&c, &one, t, i, env);
		ok(c.from <= i && c.to >= i && c.to <= t.n, "the range holds the cursor at %zu", i);
	}
}

int
main(void)
{
	static const struct text fields[] = { TEXT_INIT("OwnField"), TEXT_INIT("Image") };
	struct arena             keep = arena_open((size_t)1 << 30);
	struct lookups          *l = lookups_new();
	struct complete_env      env = { .fields = fields, .n_fields = 2 };
	struct macros           *macros = macros_new(&keep);

	lookup_of_text(l, TEXT("colours"), TEXT("colour,name\n1,red\n"), NULL);
	macros_add(macros, &(struct macro){ .name = TEXT("my_filter"), .definition = TEXT("search *") });
	env.search.lookups = l;
	env.search.macros = macros;
	a_search_takes_fields_and_macros(keep, &env);
	a_stage_begins_with_a_command(keep, &env);
	arguments_are_those_of_the_synopsis(keep, &env);
	data_models_have_fields_of_their_own(keep, &env);
	after_stats_only_its_columns_are_left(keep, &env);
	no_text_upsets_it(keep, &env);
	lookups_free(l);
	arena_close(&keep);
	return done_testing();
}
