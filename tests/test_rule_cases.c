/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs the cases of tests/rules/: a rule, events, and the findings that must come of them, no more.
 * A line: "rule NAME", "event key=value ...", "expect key=value ..."; '#' begins a comment line.
 */
#include "config.h"

#include "rules/folder.h"
#include "rules/rule_run.h"
#include "tests/rule_case.h"
#include "tests/tap.h"

struct expectation {
	struct text line;
	unsigned    number; /* of the line */
	bool        met;
};

struct scenario {
	const struct ruleset *rs;
	struct arena          keep;
	struct text           file, rule;
	struct memory_case   *events;
	struct expectation   *expected;
	size_t                n, cap;
	unsigned              findings, unexpected;
};

static struct text
time_text(struct arena *keep, int64_t ns)
{
	char buffer[WHEN_TEXT_MAX];

	return arena_copy(keep, (struct text){ buffer, when_to_iso(ns, buffer) });
}

/* What a finding says under a column name of the findings view. */
static struct text
finding_column(const struct finding *f, struct text key, struct arena *keep)
{
	if (text_eq(key, TEXT("host")))
		return f->host;
	if (text_eq(key, TEXT("user")))
		return f->user;
	if (text_eq(key, TEXT("rule")))
		return f->rule;
	if (text_eq(key, TEXT("type")))
		return f->type;
	if (text_eq(key, TEXT("technique")))
		return f->techniques;
	if (text_eq(key, TEXT("tactic")))
		return f->tactics;
	if (text_eq(key, TEXT("message")))
		return f->message;
	if (text_eq(key, TEXT("remarks")))
		return f->remarks;
	if (text_eq(key, TEXT("risk_score")))
		return arena_printf(keep, "%g", f->risk_score);
	if (text_eq(key, TEXT("count")))
		return arena_printf(keep, "%llu", (unsigned long long)f->count);
	if (text_eq(key, TEXT("first_time")))
		return time_text(keep, f->first_ns);
	if (text_eq(key, TEXT("last_time")))
		return time_text(keep, f->last_ns);
	if (text_eq(key, TEXT("risk_object")))
		return f->n_objects ? f->objects[0].value : TEXT_NONE;
	if (text_eq(key, TEXT("risk_object_type")))
		return f->n_objects ? text_of(risk_object_type_name(f->objects[0].type))
				    : TEXT_NONE;
	if (text_eq(key, TEXT("risk_objects")))
		return arena_printf(keep, "%u", f->n_objects);
	for (uint32_t i = 0; i < f->n_fields; i++) {
		if (text_eq(key, f->fields[i].name))
			return f->fields[i].value;
	}
	return TEXT_NONE;
}

static bool
meets(const struct finding *f, struct text line, struct arena keep)
{
	struct pair p;

	while (case_pair(&line, &p, &keep)) {
		if (!text_eq(finding_column(f, p.key, &keep), p.value))
			return false;
	}
	return true;
}

static bool
on_finding(void *ctx, const struct finding *f)
{
	struct scenario *s = ctx;

	s->findings++;
	for (size_t i = 0; i < s->n; i++) {
		if (!s->expected[i].met && meets(f, s->expected[i].line, s->keep)) {
			s->expected[i].met = true;
			return true;
		}
	}
	s->unexpected++;
	printf("# finding: host=" TEXT_FMT " user=" TEXT_FMT
	       " score=%g count=%llu message=" TEXT_FMT "\n",
	       TEXT_ARG(f->host), TEXT_ARG(f->user), f->risk_score, (unsigned long long)f->count,
	       TEXT_ARG(f->message));
	return true;
}

static uint32_t
index_of(const struct ruleset *rs, struct text name)
{
	uint32_t i = 0;

	while (i < ruleset_count(rs) && !text_ieq(ruleset_get(rs, i)->name, name))
		i++;
	return i;
}

static void
run_scenario(struct scenario *s)
{
	const struct source src = memory_source(s->events);
	struct rule_run     run = { .rules = s->rs, .source = &src, .found = on_finding, .ctx = s, .keep = &s->keep };
	uint32_t            rule = index_of(s->rs, s->rule);
	struct ledger_entry ledger = { 0 };
	struct err          err = { 0 };

	if (text_absent(s->rule))
		return;
	if (!ok(rule < ruleset_count(s->rs), TEXT_FMT ": there is a rule " TEXT_FMT,
		TEXT_ARG(text_last_part(s->file)), TEXT_ARG(s->rule)))
		return;
	if (!rule_run(&run, rule, &ledger, &err))
		printf("# %s: %s\n", err.where, err.what);
	if (ledger.reason.n)
		printf("# ledger: " TEXT_FMT "\n", TEXT_ARG(ledger.reason));
	for (size_t i = 0; i < s->n; i++)
		ok(s->expected[i].met, TEXT_FMT ":%u: the expected finding is there",
		   TEXT_ARG(text_last_part(s->file)), s->expected[i].number);
	ok(s->unexpected == 0 && s->findings == s->n,
	   TEXT_FMT ": %zu findings of " TEXT_FMT ", no more", TEXT_ARG(text_last_part(s->file)),
	   s->n, TEXT_ARG(s->rule));
}

static void
begin_scenario(struct scenario *s, struct text rule)
{
	run_scenario(s);
	s->rule = rule;
	s->events->n = s->n = 0;
	s->findings = s->unexpected = 0;
}

static void
on_line(struct scenario *s, struct text line, unsigned number)
{
	struct text rest = text_trim(line), word;

	if (rest.n == 0 || rest.p[0] == '#')
		return;
	word = text_cut(&rest, ' ');
	rest = text_trim(rest);
	if (text_eq(word, TEXT("rule"))) {
		begin_scenario(s, rest);
	} else if (text_eq(word, TEXT("event"))) {
		case_add_event(s->events, rest);
	} else if (text_eq(word, TEXT("expect"))) {
		arena_grow(&s->keep, s->expected, s->n, &s->cap);
		s->expected[s->n++] = (struct expectation){ rest, number, false };
	} else {
		ok(false, TEXT_FMT ":%u: a line begins with rule, event or expect",
		   TEXT_ARG(s->file), number);
	}
}

static void
on_case_file(void *ctx, struct text path)
{
	struct memory_case events = { .keep = arena_open((size_t)1 << 28) };
	struct scenario    s = { .rs = ctx, .keep = arena_open((size_t)1 << 28), .file = path };
	struct text        content, line;
	unsigned           number = 0;

	s.events = &events;
	if (!folder_read(path, (size_t)1 << 20, &s.keep, &content, NULL))
		return;
	while (!text_absent(content)) {
		line = text_cut(&content, '\n');
		on_line(&s, line, ++number);
	}
	begin_scenario(&s, TEXT_NONE);
	arena_close(&events.keep);
	arena_close(&s.keep);
}

int
main(void)
{
	static const char *const suffixes[] = { ".case", NULL };
	const char              *top = getenv("top_srcdir");
	struct arena             scratch = arena_open((size_t)1 << 24);
	struct ruleset          *rs = ruleset_new();
	struct err               err = { 0 };

	top = top ? top : ".";
	ok(ruleset_load(rs, arena_printf(&scratch, "%s/rules", top), &err),
	   "the built-in rules load");
	ruleset_compile(rs);
	folder_walk(arena_printf(&scratch, "%s/tests/rules", top), 0, suffixes, on_case_file, rs,
		    scratch, &err);
	ok(tap_count > 10, "there are cases");
	ruleset_free(rs);
	arena_close(&scratch);
	return done_testing();
}
