/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running rules over a case: findings, their keys, and what the ledger says. */
#include "config.h"

#include "rules/rule_run.h"
#include "rules/silence.h"
#include "tests/repository.h"
#include "tests/rule_case.h"
#include "tests/tap.h"

static bool
count_finding(void *ctx, const struct finding *f)
{
	(void)f;
	++*(unsigned *)ctx;
	return true;
}

struct seen_keys {
	unsigned n;
	char     keys[8][65];
};

static bool
note_key(void *ctx, const struct finding *f)
{
	struct seen_keys *seen = ctx;

	if (seen->n < 8)
		snprintf(seen->keys[seen->n++], 65, TEXT_FMT, TEXT_ARG(f->key));
	return true;
}

static struct seen_keys
keys_of(struct ruleset *rs, const char *id, struct memory_case *c, struct arena *keep)
{
	const struct source src = memory_source(c);
	struct seen_keys    seen = { 0 };
	struct ledger_entry ledger;
	uint32_t            i = 0;

	while (ruleset_get(rs, i) != ruleset_find(rs, text_of(id)))
		i++;
	rule_run(&(struct rule_run){ rs, &src, note_key, NULL, &seen, keep, NULL }, i, &ledger, NULL);
	return seen;
}

/* Verdicts and notes hang on the key: more evidence must not cut them off. */
static void
a_finding_keeps_its_key_when_more_evidence_comes(struct repository *r)
{
	struct ruleset    *rs = ruleset_new();
	struct memory_case c = { .keep = arena_open((size_t)1 << 24) };
	struct seen_keys   before, after;

	repository_put(
	    r, "k/values.yml",
	    "name: V\nid: values\nsearch: EventCode=1 | stats count values(Image) as Image "
	    "min(_time) as firstTime by Computer\n");
	repository_put(
	    r, "k/counts.yml",
	    "name: C\nid: counts\nsearch: EventCode=1 | stats count by Computer | fields count\n");
	repository_put(r, "k/events.yml", "name: E\nid: events\nsearch: EventCode=1\n");
	ruleset_load(rs, repository_path(r, "k"), NULL);
	ruleset_compile(rs);
	case_add_event(&c, TEXT("channel=S event_id=1 host=H1 record_id=1 Image=a.exe"));
	before = keys_of(rs, "values", &c, &r->keep);
	case_add_event(&c, TEXT("channel=S event_id=1 host=H1 record_id=2 Image=b.exe"));
	after = keys_of(rs, "values", &c, &r->keep);
	ok(before.n == 1 && after.n == 1 && strcmp(before.keys[0], after.keys[0]) == 0,
	   "a gathered list grew, the key stayed");
	case_add_event(&c, TEXT("channel=S event_id=1 host=H2 record_id=3 Image=a.exe"));
	after = keys_of(rs, "counts", &c, &r->keep);
	ok(after.n == 2 && strcmp(after.keys[0], after.keys[1]) != 0,
	   "rows that show only numbers have keys of their own");
	after = keys_of(rs, "events", &c, &r->keep);
	ok(after.n == 3 && strcmp(after.keys[0], after.keys[1]) != 0, "so have events");
	ruleset_free(rs);
	arena_close(&c.keep);
}

static struct ledger_entry
ran(struct ruleset *rs, const char *id, struct memory_case *c, unsigned *findings,
    struct arena *keep)
{
	const struct source     src = memory_source(c);
	const struct case_facts facts = { c, memory_has_events, memory_has_field, NULL, NULL,
					  WHEN_NONE, WHEN_NONE };
	struct ledger_entry     ledger = { 0 };
	uint32_t                i = 0;

	while (ruleset_get(rs, i) != ruleset_find(rs, text_of(id)))
		i++;
	*findings = 0;
	rule_run(&(struct rule_run){ rs, &src, count_finding, NULL, findings, keep, NULL }, i, &ledger,
		 NULL);
	silence_explain(ruleset_get(rs, i), &facts, &ledger, keep);
	printf("# %s: %s: " TEXT_FMT "\n", id, ledger_status_name(ledger.status),
	       TEXT_ARG(ledger.reason));
	return ledger;
}

static void
a_finding_rests_on_an_event(struct repository *r)
{
	struct ruleset     *rs = ruleset_new();
	struct memory_case  c = { .keep = arena_open((size_t)1 << 24) };
	struct ledger_entry e;
	unsigned            n;

	repository_put(r, "b/count.yml",
		       "name: N\nid: count\nsearch: EventCode=1 Image=c.exe | stats count "
		       "values(Image) as i\n");
	repository_put(r, "b/made.yml", "name: M\nid: made\nsearch: '| makeresults | eval a=1'\n");
	repository_put(r, "b/risk.yml",
		       "name: R\nid: risk\nsearch: '| tstats count from datamodel=Risk.All_Risk'\n");
	ruleset_load(rs, repository_path(r, "b"), NULL);
	ruleset_compile(rs);
	case_add_event(&c, TEXT("channel=S event_id=1 host=H1 record_id=1 Image=a.exe"));
	e = ran(rs, "count", &c, &n, &r->keep);
	ok(n == 0 && e.status == LEDGER_NOTHING &&
	       text_find(e.reason, TEXT("rests on no event")) != TEXT_NOWHERE,
	   "the row that stats makes of nothing is no finding, and the ledger says so");
	ran(rs, "made", &c, &n, &r->keep);
	ok(n == 0, "neither is a row made of nothing");
	case_add_event(&c, TEXT("channel=S event_id=1 host=H1 record_id=2 Image=c.exe"));
	e = ran(rs, "count", &c, &n, &r->keep);
	ok(n == 1 && e.status == LEDGER_FOUND && e.reason.n == 0, "with an event it is one");
	ran(rs, "risk", &c, &n, &r->keep);
	ok(n == 0, "a count of no risk events is none");
	c.risks = arena_new(&c.keep, struct risk_event, 1);
	c.risks[c.n_risks++] = (struct risk_event){
	    .time_ns = 1, .object = { TEXT("H1"), RISK_SYSTEM, 5, TEXT("m") }, .rule = TEXT("X") };
	ran(rs, "risk", &c, &n, &r->keep);
	ok(n == 1, "a risk event is enough");
	ruleset_free(rs);
	arena_close(&c.keep);
}

struct told {
	unsigned    n;
	struct text rules[8], messages[8];
	struct arena *keep;
};

static bool
tell(void *ctx, const struct finding *f)
{
	struct told *told = ctx;

	told->rules[told->n % 8] = arena_copy(told->keep, f->rule);
	told->messages[told->n++ % 8] = arena_copy(told->keep, f->message);
	return true;
}

static void
rules_with_the_same_search_run_together(struct repository *r)
{
	struct ruleset     *rs = ruleset_new();
	struct memory_case  c = { .keep = arena_open((size_t)1 << 24) };
	const struct source src = memory_source(&c);
	struct told         told = { .keep = &r->keep };
	struct ledger_entry ledger[3];
	const uint32_t     *alike;

	repository_put(r, "w/a.yml", "name: A\nid: wa\nsearch: '`w` | stats count by Computer | "
				     "`a_filter`'\ntags: {message: one of $Computer$}\n");
	repository_put(r, "w/b.yml", "name: B\nid: wb\nsearch: EventCode=1 | stats count by Computer"
				     "\n");
	repository_put(r, "w/c.yml", "name: C\nid: wc\nsearch: 'EventCode=1 | stats count by Computer"
				     " | `c_filter`'\ntags: {message: two of $Computer$}\n");
	repository_put(r, "macros/w.yml", "name: w\ndefinition: EventCode=1\n");
	ruleset_load(rs, repository_path(r, "w"), NULL);
	ruleset_compile(rs);
	case_add_event(&c, TEXT("channel=S event_id=1 host=H1 record_id=1"));
	ok(ruleset_alike(rs, 1, &alike) == 1 && alike[0] == 1, "one without a filter is another");
	ok(ruleset_alike(rs, 2, &alike) == 2 && alike[0] == 0 && alike[1] == 2,
	   "two that differ in names only are alike");
	rule_run_alike(&(struct rule_run){ rs, &src, tell, NULL, &told, &r->keep, NULL }, 0, ledger,
		       NULL);
	ok(told.n == 2 && text_eq(told.messages[0], TEXT("one of H1")) &&
	       text_eq(told.messages[1], TEXT("two of H1")),
	   "each gives a finding with its own message");
	ok(text_eq(ledger[1].rule, TEXT("C")) && ledger[1].findings == 1 && ledger[1].hits == 1,
	   "and has its own line in the ledger");
	ruleset_free(rs);
	rs = ruleset_new();
	ruleset_load(rs, repository_path(r, "w"), NULL);
	ruleset_set_macro(rs, TEXT("c_filter"), TEXT("search NOT Computer=H1"));
	ruleset_compile(rs);
	ok(ruleset_alike(rs, 0, &alike) == 1, "a filter of the user's for one of them parts them");
	ruleset_free(rs);
	arena_close(&c.keep);
}

/* What is told of findings and of their twins. */
struct told_keys {
	struct arena *keep;
	unsigned      calls, n;
	struct text   told[16];
};

static bool
tell_all(void *ctx, const struct finding *f)
{
	struct told_keys *told = ctx;

	told->calls++;
	for (uint32_t i = 0; i <= f->n_twins; i++) {
		struct risk_object objects[4];
		struct finding     one = i ? finding_of_twin(f, i - 1, objects) : *f;

		told->told[told->n++ % 16] = arena_printf(
		    told->keep, TEXT_FMT " " TEXT_FMT " " TEXT_FMT " " TEXT_FMT " " TEXT_FMT " %g",
		    TEXT_ARG(one.key), TEXT_ARG(one.rule_id), TEXT_ARG(one.rule),
		    TEXT_ARG(one.message), TEXT_ARG(one.objects[0].message), one.objects[0].score);
	}
	return true;
}

/* A rule of the folder "t"; NAME twice is its id. */
static void
put_twin(struct repository *r, const char *name, const char *more)
{
	repository_put(r, arena_printf(&r->keep, "t/%s.yml", name).p,
		       arena_printf(&r->keep,
				    "name: %s\nid: %s%s\nsearch: EventCode=1 | stats count by Computer\n"
				    "tags:\n  observable:\n  - {name: Computer, type: Hostname, role: "
				    "[Victim]}\n%s",
				    name, name, name, more).p);
}

static void
findings_of_rules_that_differ_by_name_are_made_once(struct repository *r)
{
	struct ruleset     *rs = ruleset_new();
	struct memory_case  c = { .keep = arena_open((size_t)1 << 24) };
	const struct source src = memory_source(&c);
	struct told_keys    own = { .keep = &r->keep }, alike = { .keep = &r->keep };
	struct ledger_entry ledger[5], one;
	const uint32_t     *all;

	put_twin(r, "a", "");
	put_twin(r, "b", "");
	put_twin(r, "c", "  risk_score: 70\n");
	put_twin(r, "d", "  message: said of $Computer$\n");
	put_twin(r, "e", "  message: said of $Computer$\n");
	ruleset_load(rs, repository_path(r, "t"), NULL);
	ruleset_compile(rs);
	case_add_event(&c, TEXT("channel=S event_id=1 host=H1 record_id=1"));
	case_add_event(&c, TEXT("channel=S event_id=1 host=H2 record_id=2"));
	ok(ruleset_alike(rs, 0, &all) == 5, "five rules with one search");
	rule_run_alike(&(struct rule_run){ rs, &src, tell_all, NULL, &alike, &r->keep, NULL }, 0,
		       ledger, NULL);
	ok(alike.n == 10 && alike.calls == 6, "ten findings, told by %u calls", alike.calls);
	for (uint32_t i = 0; i < 5; i++) {
		own.n = 0;
		rule_run(&(struct rule_run){ rs, &src, tell_all, NULL, &own, &r->keep, NULL }, i, &one,
			 NULL);
		ok(own.n == 2 && ledger[i].findings == 2 && one.findings == 2, "rule %u has two", i);
		for (uint32_t k = 0; k < 2; k++)
			ok(text_eq(own.told[k], alike.told[k * 5 + i]), TEXT_FMT,
			   TEXT_ARG(alike.told[k * 5 + i]));
	}
	ruleset_free(rs);
	arena_close(&c.keep);
}

static void
rules_over_a_whole_data_set_read_it_together(struct repository *r)
{
	struct ruleset     *rs = ruleset_new();
	struct memory_case  c = { .keep = arena_open((size_t)1 << 24) };
	const struct source src = memory_source(&c);
	enum err_kind       failed[3];
	struct told         alone = { .keep = &r->keep }, together = alone;
	struct ledger_entry own[3], one[3], *ledger[] = { &one[0], &one[1], &one[2] };
	const uint32_t      rules[] = { 0, 1, 2 };

	repository_put(r, "y/a.yml",
		       "name: A\nid: ya\nsearch: '| tstats count from datamodel=Endpoint.Processes by "
		       "Processes.dest Processes.process_name | rename Processes.* as * | where "
		       "match(process_name, \"^b\") | `ya_filter`'\n");
	repository_put(r, "y/b.yml",
		       "name: B\nid: yb\nsearch: '| tstats count from datamodel=Endpoint.Processes by "
		       "Processes.dest'\n");
	repository_put(r, "y/c.yml",
		       "name: C\nid: yc\nsearch: '| tstats count from datamodel=Endpoint.Processes "
		       "where Processes.process_name!=a.exe by Processes.dest'\n");
	repository_put(r, "y/d.yml",
		       "name: D\nid: yd\nsearch: '| tstats count from datamodel=Endpoint.Processes "
		       "where Processes.process_name=a.exe by Processes.dest'\n");
	ruleset_load(rs, repository_path(r, "y"), NULL);
	ruleset_compile(rs);
	for (const char *name = "abac"; *name; name++)
		case_add_event(&c, arena_printf(&c.keep,
						"channel=Microsoft-Windows-Sysmon/Operational "
						"event_id=1 host=H%c Image=C:\\\\%c.exe",
						*name, *name));
	for (uint32_t i = 0; i < 3; i++) {
		ok(ruleset_takes_whole(rs, i) == MODEL_PROCESSES, "rule %u takes it whole", i);
		rule_run(&(struct rule_run){ rs, &src, tell, NULL, &alone, &r->keep, NULL }, i, &own[i],
			 NULL);
	}
	ok(ruleset_takes_whole(rs, 3) == MODEL_NONE, "what asks for a name does not");
	ok(rule_run_together(&(struct rule_run){ rs, &src, tell, NULL, &together, &r->keep, NULL },
			     MODEL_PROCESSES, rules, 3, ledger, failed, NULL),
	   "they run");
	ok(!failed[0] && !failed[1] && !failed[2], "none of them fails");
	ok(alone.n == 6 && together.n == 6, "six findings, %u and %u", alone.n, together.n);
	for (uint32_t i = 0; i < 6; i++)
		ok(text_eq(alone.rules[i], together.rules[i]), "the same findings");
	for (uint32_t i = 0; i < 3; i++)
		ok(one[i].hits == own[i].hits && one[i].findings == own[i].findings &&
		       one[i].status == own[i].status && own[i].hits >= 2,
		   "the same entry of the ledger");
	ruleset_free(rs);
	arena_close(&c.keep);
}

/* A case with stored hits. */
struct hit_case {
	struct memory_case    events;
	const struct ruleset *rules;
	unsigned              readings;
};

static const struct pred *
asked_for(const struct hit_case *c, struct text rule_id)
{
	return search_leaf_pred(ruleset_find(c->rules, rule_id)->search, 0);
}

static bool
hit_events(void *self, struct text rule_id, uint32_t leaf, struct span span, enum order order,
	   event_fn *fn, void *ctx, struct err *err)
{
	struct hit_case *c = self;

	(void)leaf;
	c->readings++;
	return memory_events(&c->events, asked_for(c, rule_id), span, order, fn, ctx, err);
}

static bool
all_hit_events(void *self, const struct text *rule_ids, uint32_t n, hits_fn *fn, void *ctx,
	       struct err *err)
{
	struct hit_case *c = self;
	bool             more = true;

	(void)err;
	c->readings++;
	for (size_t k = 0; k < c->events.n && more; k++) {
		struct subject s = event_subject(&c->events.events[k]);
		uint32_t       which[8], n_which = 0;

		for (uint32_t i = 0; i < n; i++)
			if (pred_eval(asked_for(c, rule_ids[i]), &s, c->events.keep))
				which[n_which++] = i;
		more = !n_which || fn(ctx, &c->events.events[k], which, n_which);
	}
	return true;
}

static void
rules_with_hits_read_them_together(struct repository *r)
{
	struct ruleset     *rs = ruleset_new();
	struct hit_case     c = { .events.keep = arena_open((size_t)1 << 24), .rules = rs };
	struct source       src = memory_source(&c.events);
	struct ledger_entry own[3], one[3], *ledger[] = { &one[0], &one[1], &one[2] };
	enum err_kind       failed[3];
	const uint32_t      rules[] = { 0, 1, 2 };
	struct told         alone = { .keep = &r->keep }, together = { .keep = &r->keep };

	repository_put(r, "h/a.yml", "name: A\nid: ha\nsearch: 'EventCode=1 Image=*a* | eval "
				     "x=upper(Image) | stats count by Computer x | `ha_filter`'\n");
	repository_put(r, "h/b.yml", "name: B\nid: hb\nsearch: 'EventCode=1 | stats count by "
				     "Computer | where count > 1'\n");
	repository_put(r, "h/c.yml",
		       "name: C\nid: hc\nsearch: '| tstats count from datamodel=Endpoint.Processes "
		       "where Processes.process_name=a.exe by Processes.dest'\n");
	repository_put(r, "h/d.yml", "name: D\nid: hd\nsearch: 'EventCode=1 | table Computer'\n");
	repository_put(r, "h/e.yml", "name: E\nid: he\nsearch: 'EventCode=1 earliest=-1d | stats "
				     "count by Computer'\n");
	ruleset_load(rs, repository_path(r, "h"), NULL);
	ruleset_compile(rs);
	for (const char *name = "abacba"; *name; name++)
		case_add_event(&c.events,
			       arena_printf(&c.events.keep,
					    "channel=Microsoft-Windows-Sysmon/Operational event_id=1 "
					    "host=H%c Image=C:\\\\%c.exe",
					    *name, *name));
	src.self = &c;
	src.hits = hit_events;
	src.all_hits = all_hit_events;
	for (uint32_t i = 0; i < 3; i++) {
		ok(ruleset_takes_hits(rs, i), "rule %u takes its hits", i);
		rule_run(&(struct rule_run){ rs, &src, tell, NULL, &alone, &r->keep, NULL }, i, &own[i],
			 NULL);
	}
	ok(!ruleset_takes_hits(rs, 3), "one whose rows are its events reads alone");
	ok(!ruleset_takes_hits(rs, 4), "so does one that takes some of its time");
	c.readings = 0;
	ok(rule_run_together(&(struct rule_run){ rs, &src, tell, NULL, &together, &r->keep, NULL },
			     MODEL_NONE, rules, 3, ledger, failed, NULL) &&
	       c.readings == 1,
	   "they run, by one reading");
	ok(alone.n == 4 && together.n == 4, "four findings, %u and %u", alone.n, together.n);
	for (uint32_t i = 0; i < 4; i++)
		ok(text_eq(alone.rules[i], together.rules[i]), "the same findings");
	for (uint32_t i = 0; i < 3; i++)
		ok(!failed[i] && one[i].hits == own[i].hits && one[i].findings == own[i].findings &&
		       one[i].status == own[i].status && own[i].hits >= 2,
		   "the same entry of the ledger, with %llu hits", (unsigned long long)own[i].hits);
	ruleset_free(rs);
	arena_close(&c.events.keep);
}

/* Adds up what is told, in its order. */
static bool
add_up(void *ctx, const struct finding *f)
{
	uint64_t *sum = ctx;

	*sum = *sum * 31 + text_hash(f->key, f->n_events);
	return true;
}

/* A source that knows how often its events were read. */
struct counting {
	struct source of;
	unsigned      readings;
};

static bool
count_reading(void *self, const struct pred *p, struct span span, enum order order, event_fn *fn,
	      void *ctx, struct err *err)
{
	struct counting *c = self;

	c->readings++;
	return c->of.events(c->of.self, p, span, order, fn, ctx, err);
}

#define MANY_RULES 10

/* N searches by the field BY and others, with less memory together than they need. */
static unsigned
readings_of_those_that_need_much(struct repository *r, const char *by, uint32_t n, size_t memory_bytes)
{
	struct ruleset     *rs = ruleset_new();
	struct memory_case  c = { .keep = arena_open((size_t)1 << 26) };
	struct counting     counting = { memory_source(&c), 0 };
	struct source       src = counting.of;
	struct ledger_entry own[MANY_RULES], one[MANY_RULES], *ledger[MANY_RULES];
	enum err_kind       failed[MANY_RULES];
	uint32_t            rules[MANY_RULES];
	uint64_t            alone = 0, together = 0;

	for (uint32_t i = 0; i < n; i++) {
		rules[i] = i;
		ledger[i] = &one[i];
		repository_put(r, arena_printf(&c.keep, "z/%u.yml", i).p,
			       arena_printf(&c.keep, "name: n%u\nid: z%u\nsearch: '| tstats count as n%u "
					    "values(Processes.process) from datamodel=Endpoint.Processes "
					    "by Processes.%s%s'\n", i, i, i, by,
					    i % 3 == 2   ? " Processes.user"
					    : i % 3 == 1 ? " Processes.process_name"
							 : "").p);
	}
	ruleset_load(rs, repository_path(r, "z"), NULL);
	src.self = &counting;
	src.events = count_reading;
	ruleset_compile(rs);
	for (unsigned i = 0; i < 1500; i++)
		case_add_event(&c, arena_printf(&c.keep,
						"channel=Microsoft-Windows-Sysmon/Operational event_id=1 "
						"host=H%u CommandLine=run%u User=u%u", i, i, i % 7));
	src.memory_bytes = memory_bytes;
	for (uint32_t i = 0; i < n; i++)
		ok(rule_run(&(struct rule_run){ rs, &src, add_up, NULL, &alone, &r->keep, NULL }, i,
			    &own[i], NULL),
		   "rule %u has memory enough for itself", i);
	counting.readings = 0;
	rule_run_together(&(struct rule_run){ rs, &src, add_up, NULL, &together, &r->keep, NULL },
			  MODEL_PROCESSES, rules, n, ledger, failed, NULL);
	ok(own[0].findings && alone == together,
	   "together they have not, and find the same all the same");
	for (uint32_t i = 0; i < n; i++)
		ok(!failed[i] && one[i].hits == own[i].hits && one[i].findings == own[i].findings,
		   "rule %u: %llu findings", i, (unsigned long long)one[i].findings);
	ruleset_free(rs);
	arena_close(&c.keep);
	return counting.readings;
}

static void
those_that_need_much_memory_make_room(struct repository *r)
{
	unsigned groups = readings_of_those_that_need_much(r, "dest", 3, (size_t)3 << 20);
	unsigned values = readings_of_those_that_need_much(r, "parent_process", 3, (size_t)1 << 20);
	unsigned many = readings_of_those_that_need_much(r, "dest", MANY_RULES, (size_t)8 << 20);

	ok(groups == 1, "many groups go to the disk, and events are read once (%u)", groups);
	ok(values > 1, "where there is only one, some read alone (%u)", values);
	ok(many == 1, "so do those of many searches that take a little each (%u)", many);
}

static void
the_ledger_says_what_became_of_a_rule(struct repository *r)
{
	struct ruleset     *rs = ruleset_new();
	struct memory_case  c = { .keep = arena_open((size_t)1 << 24) };
	struct ledger_entry entry;
	unsigned            n;

	repository_put(r, "l/ps.yml",
		       "name: P\nid: ps\nsearch: '`powershell` EventCode=4104 x=1'\n");
	repository_put(r, "l/field.yml", "name: F\nid: field\nsearch: EventCode=1 Nowhere=1\n");
	repository_put(r, "l/bad.yml", "name: Z\nid: bad\nsearch: '| nonsense'\n");
	repository_put(r, "l/some.yml", "name: S\nid: some\nsearch: EventCode=1 Image=*\\a.exe\n");
	repository_put(
	    r, "l/kept.yml",
	    "name: K\nid: kept\nsearch: '`e` | stats count by Computer | `kept_filter`'\n");
	repository_put(r, "l/hard.yml",
		       "name: H\nid: hard\nsearch: EventCode=1 | regex Hard=\"^(a+)+$\"\n");
	repository_put(r, "macros/e.yml", "name: e\ndefinition: EventCode=1\n");
	ruleset_load(rs, repository_path(r, "l"), NULL);
	ruleset_set_macro(rs, TEXT("kept_filter"), TEXT("search NOT Computer=H2"));
	ruleset_compile(rs);
	case_add_event(&c, TEXT("channel=Microsoft-Windows-Sysmon/Operational event_id=1 host=H1 "
				"Image=C:\\\\a.exe"));
	case_add_event(&c, TEXT("channel=Microsoft-Windows-Sysmon/Operational event_id=1 host=H2 "
				"Image=C:\\\\b.exe Hard=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaX"));

	entry = ran(rs, "ps", &c, &n, &r->keep);
	ok(entry.status == LEDGER_NO_DATA, "no PowerShell log: no data");
	ok(text_find(entry.reason,
		     TEXT("no event 4104 of Microsoft-Windows-PowerShell/Operational")) !=
		   TEXT_NOWHERE &&
	       text_find(entry.reason, TEXT("turn on script block logging")) != TEXT_NOWHERE,
	   "the log to collect is named");
	entry = ran(rs, "field", &c, &n, &r->keep);
	ok(entry.status == LEDGER_NO_DATA &&
	       text_find(entry.reason, TEXT("the field Nowhere")) != TEXT_NOWHERE,
	   "a field that no event has is named");
	entry = ran(rs, "bad", &c, &n, &r->keep);
	ok(entry.status == LEDGER_UNSUPPORTED &&
	       text_find(entry.reason, TEXT("bad.yml:3:")) != TEXT_NOWHERE,
	   "what does not compile, with its place");
	entry = ran(rs, "hard", &c, &n, &r->keep);
	ok(entry.status == LEDGER_NOTHING &&
	       text_find(entry.reason, TEXT("gave up on 1 row")) != TEXT_NOWHERE,
	   "a regular expression that gives up is not nothing without a word");
	entry = ran(rs, "some", &c, &n, &r->keep);
	ok(entry.status == LEDGER_FOUND && n == 1 && entry.findings == 1 && entry.hits == 1,
	   "found");
	entry = ran(rs, "kept", &c, &n, &r->keep);
	ok(entry.status == LEDGER_FOUND && n == 1 && entry.hits == 2 && entry.filtered == 1,
	   "the user's filter took one row, and that is counted");
	ruleset_free(rs);
	arena_close(&c.keep);
}

int
main(void)
{
	struct repository r;

	repository_open(&r);
	a_finding_keeps_its_key_when_more_evidence_comes(&r);
	a_finding_rests_on_an_event(&r);
	rules_with_the_same_search_run_together(&r);
	findings_of_rules_that_differ_by_name_are_made_once(&r);
	rules_with_hits_read_them_together(&r);
	rules_over_a_whole_data_set_read_it_together(&r);
	those_that_need_much_memory_make_room(&r);
	the_ledger_says_what_became_of_a_rule(&r);
	repository_close(&r);
	return done_testing();
}
