/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loading folders of rules, matching events against all of them at once, running them. */
#include "config.h"

#include <sys/stat.h>
#include <unistd.h>

#include "rules/folder.h"
#include "rules/lookups.h"
#include "tests/rule_case.h"
#include "tests/tap.h"

/* ---- a small repository in a temporary folder ---- */

struct repository {
	struct arena keep;
	char         root[64];
};

static void
repository_open(struct repository *r)
{
	r->keep = arena_open((size_t)1 << 24);
	snprintf(r->root, sizeof(r->root), "/tmp/auger-rules-XXXXXX");
	if (!mkdtemp(r->root))
		abort();
}

static struct text
repository_path(struct repository *r, const char *name)
{
	return arena_printf(&r->keep, "%s/%s", r->root, name);
}

static void
repository_put(struct repository *r, const char *name, const char *content)
{
	struct text path = repository_path(r, name);
	size_t      slash = text_rfind_byte(path, '/');
	FILE       *file;

	mkdir(arena_cstr(&r->keep, text_head(path, slash)), 0700);
	file = fopen(path.p, "w");
	if (!file)
		abort();
	fputs(content, file);
	fclose(file);
}

static void
repository_close(struct repository *r)
{
	struct text command = arena_printf(&r->keep, "rm -rf '%s'", r->root);

	if (system(command.p) != 0)
		printf("# %s stays\n", r->root);
	arena_close(&r->keep);
}

static const char rule_a[] = "name: B rule\nid: a\ntype: TTP\nsearch: |-\n"
			     "  `events` | stats count by Computer | `b_rule_filter`\n"
			     "rba:\n  message: on $Computer$\n"
			     "  risk_objects: [{field: Computer, type: system, score: 10}]\n";
static const char rule_bad[] = "name: A rule\nid: b\nsearch: >-\n  `events`\n  | nonsense x\n";
static const char macro_events[] = "name: events\ndefinition: EventCode=4104\n";

static void
a_folder_is_read_with_the_macros_beside_it(struct repository *r)
{
	struct ruleset *rs = ruleset_new();
	struct err      err = { 0 };
	struct text     reason;

	repository_put(r, "detections/b.yml", rule_bad);
	repository_put(r, "detections/endpoint/a.yml", rule_a);
	repository_put(r, "detections/endpoint/story.yml", "name: s\nid: 9\nnarrative: search\n");
	repository_put(r, "detections/endpoint/broken.yml", "name: x\nid: 7\nsearch: 'open\n");
	repository_put(r, "detections/endpoint/readme.txt", rule_a);
	repository_put(r, "macros/events.yml", macro_events);

	ok(ruleset_load(rs, repository_path(r, "detections/endpoint/"), &err),
	   "the folder is read");
	ok(ruleset_load(rs, repository_path(r, "detections/b.yml"), &err), "and one file");
	ruleset_compile(rs);
	ok(ruleset_count(rs) == 3, "two detections and a file that is none any more");
	is(ruleset_get(rs, 0)->name, TEXT("A rule"), "sorted by name");
	is(ruleset_get(rs, 1)->name, TEXT("B rule"), "sorted by name");
	ok(ruleset_get(rs, 1)->search != NULL, "a macro two folders above is found");
	ok(ruleset_find(rs, TEXT("a")) == ruleset_get(rs, 1) &&
	       ruleset_find(rs, TEXT("a RULE")) == ruleset_get(rs, 0),
	   "found by id and by name");
	ok(detection_status(ruleset_get(rs, 0), &r->keep, &reason) == DETECTION_INVALID,
	   "an unknown command does not compile");
	ok(text_starts(reason, TEXT("5:5: ")), "its place is that of the file");
	printf("# " TEXT_FMT "\n", TEXT_ARG(reason));
	ok(detection_status(ruleset_get(rs, 2), &r->keep, &reason) == DETECTION_INVALID &&
	       text_find(reason, TEXT("not valid YAML")) != TEXT_NOWHERE,
	   "broken YAML is listed with its reason");
	ok(detection_status(ruleset_get(rs, 1), &r->keep, &reason) == DETECTION_OK,
	   "the other is ok");
	ok(ruleset_digest(rs).n == 64, "the set has an identity");
	ruleset_free(rs);
}

static void
what_is_named_must_be_a_detection(struct repository *r)
{
	struct ruleset *rs = ruleset_new();
	struct err      err = { 0 };

	ok(!ruleset_load(rs, repository_path(r, "macros/events.yml"), &err) &&
	       strstr(err.what, "not a detection"),
	   "a macro is none");
	err = (struct err){ 0 };
	ok(!ruleset_load(rs, repository_path(r, "absent.yml"), &err) &&
	       strstr(err.where, "absent.yml"),
	   "a missing file is named");
	ok(!ruleset_load(rs, TEXT("/dev/zero"), NULL), "a device is refused");
	ruleset_compile(rs);
	ok(ruleset_count(rs) == 0, "nothing was loaded");
	ruleset_free(rs);
}

static void
digest_of(struct repository *r, const char *name, const char *macro, char out[65])
{
	struct ruleset *rs = ruleset_new();

	ruleset_load(rs, repository_path(r, name), NULL);
	if (macro)
		ruleset_set_macro(rs, TEXT("b_rule_filter"), text_of(macro));
	ruleset_compile(rs);
	memcpy(out, ruleset_digest(rs).p, 64);
	out[64] = '\0';
	ruleset_free(rs);
}

static void
what_cannot_run_here_is_no_mistake(struct repository *r)
{
	struct ruleset *rs = ruleset_new();
	struct text     reason;

	repository_put(r, "u/apply.yml", "name: A\nid: apply\nsearch: EventCode=1 | apply model\n");
	repository_put(r, "u/collect.yml", "name: B\nid: collect\nsearch: a=1 | collect index=x\n");
	repository_put(r, "u/geo.yml", "name: C\nid: geo\nsearch: a=1 | iplocation src\n");
	ruleset_load(rs, repository_path(r, "u"), NULL);
	ruleset_compile(rs);
	for (uint32_t i = 0; i < ruleset_count(rs); i++) {
		bool refused = detection_status(ruleset_get(rs, i), &r->keep, &reason) ==
			       DETECTION_UNSUPPORTED;

		ok(refused, "unsupported: " TEXT_FMT, TEXT_ARG(reason));
	}
	ruleset_free(rs);
}

static bool
shows(struct repository *r, const struct ruleset *rs, const char *id, const char *what)
{
	const struct detection *d = ruleset_find(rs, text_of(id));

	return d->search && text_find(search_explain(d->search, &r->keep), text_of(what)) !=
				TEXT_NOWHERE;
}

static void
a_filter_is_redefined_while_rules_are_shown(struct repository *r)
{
	static const struct user_macro one = { TEXT_INIT("one_filter"),
					       TEXT_INIT("search NOT Computer=NEW") };
	static const struct user_macro two = { TEXT_INIT("two_filter"),
					       TEXT_INIT("search NOT Computer=NEW") };
	struct ruleset                *rs = ruleset_new();
	const struct search           *before;

	repository_put(r, "rd/one.yml", "name: One\nid: rd1\nsearch: EventCode=1 | `one_filter`\n");
	repository_put(r, "rd/macros/one.yml",
		       "name: one_filter\ndefinition: search NOT Computer=FILE\n");
	repository_put(r, "rd/two.yml", "name: Two\nid: rd2\nsearch: EventCode=1 | `two_filter`\n");
	ruleset_load(rs, repository_path(r, "rd"), NULL);
	ruleset_set_macro(rs, TEXT("one_filter"), TEXT("search NOT Computer=CASE"));
	ruleset_compile(rs);
	before = ruleset_find(rs, TEXT("rd2"))->search;
	ok(shows(r, rs, "rd1", "CASE"), "a rule has the filter of the case");
	ruleset_redefine(rs, &one, 1);
	ok(shows(r, rs, "rd1", "NEW") && !shows(r, rs, "rd1", "CASE"), "then a new one");
	ok(ruleset_find(rs, TEXT("rd2"))->search == before, "other rules stay as they are");
	ruleset_redefine(rs, &two, 1);
	ok(shows(r, rs, "rd1", "FILE"), "without one, that of files");
	ok(shows(r, rs, "rd2", "NEW"), "a rule that had none gets one");
	ruleset_redefine(rs, NULL, 0);
	ok(shows(r, rs, "rd2", "search *") && !shows(r, rs, "rd2", "NEW"), "and loses it");
	before = ruleset_find(rs, TEXT("rd1"))->search;
	ruleset_redefine(rs, NULL, 0);
	ok(ruleset_find(rs, TEXT("rd1"))->search == before, "nothing new is no work");
	ruleset_free(rs);
}

static void
words_come_without_detections(struct repository *r)
{
	struct ruleset *rs = ruleset_new();
	struct err      err = { 0 };

	repository_put(r, "wo/rule.yml", "name: One\nid: wo1\nsearch: `wo_events`\n");
	repository_put(r, "wo/macros/events.yml", "name: wo_events\ndefinition: EventCode=1\n");
	repository_put(r, "wo/lookups/sites.csv", "host,site\nWS-01,north\n");
	ok(ruleset_load_words(rs, repository_path(r, "wo/"), &err), "a folder is read");
	ok(!ruleset_load_words(rs, repository_path(r, "wo/none"), &err) && err.what[0],
	   "one that is not there is an error");
	ruleset_compile(rs);
	ok(ruleset_count(rs) == 0, "no detection is loaded");
	ok(macros_find(ruleset_macros(rs), TEXT("wo_events"), 0) != NULL, "its macros are");
	ok(lookups_find(ruleset_lookups(rs), TEXT("sites"), &err) != NULL, "and its lookups");
	ruleset_free(rs);
}

static void
the_digest_tells_rulesets_apart(struct repository *r)
{
	char a[65], b[65], c[65], d[65];

	digest_of(r, "detections/endpoint/a.yml", NULL, a);
	digest_of(r, "detections/endpoint/a.yml", NULL, b);
	digest_of(r, "detections/endpoint/a.yml", "search NOT Computer=X", c);
	repository_put(r, "macros/events.yml", "name: events\ndefinition: EventCode=4103\n");
	digest_of(r, "detections/endpoint/a.yml", NULL, d);
	repository_put(r, "macros/events.yml", macro_events);
	ok(strcmp(a, b) == 0, "the same rules: the same digest");
	ok(strcmp(a, c) == 0, "a filter of the user acts behind the hits: no other digest");
	ok(strcmp(a, d) != 0, "so does a macro");
}

static void
a_later_file_replaces_one_with_its_id(struct repository *r)
{
	struct ruleset *rs = ruleset_new();

	repository_put(r, "later.yml", "name: C rule\nid: a\nsearch: EventCode=1\n");
	ruleset_load(rs, repository_path(r, "detections/endpoint"), NULL);
	ruleset_load(rs, repository_path(r, "later.yml"), NULL);
	ruleset_compile(rs);
	ok(ruleset_count(rs) == 2 && !ruleset_find(rs, TEXT("B rule")), "the earlier one is gone");
	ok(ruleset_find(rs, TEXT("a")) == ruleset_find(rs, TEXT("C rule")),
	   "the later one is there");
	ruleset_free(rs);
}

/* ---- running ---- */

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
	ruleset_run(rs, i, &src, (struct span){WHEN_NONE, WHEN_MAX}, note_key, NULL, &seen, &ledger, keep,
		    NULL);
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
	const struct case_facts facts = { c, memory_has_events, memory_has_field };
	struct ledger_entry     ledger = { 0 };
	uint32_t                i = 0;

	while (ruleset_get(rs, i) != ruleset_find(rs, text_of(id)))
		i++;
	*findings = 0;
	ruleset_run(rs, i, &src, (struct span){WHEN_NONE, WHEN_MAX}, count_finding, NULL, findings,
		    &ledger, keep, NULL);
	ruleset_explain_silence(rs, i, &facts, &ledger, keep);
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
	ruleset_run_alike(rs, 0, &src, (struct span){ WHEN_NONE, WHEN_MAX }, tell, NULL, &told,
			  ledger, &r->keep, NULL);
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
		ruleset_run(rs, i, &src, (struct span){ WHEN_NONE, WHEN_MAX }, tell, NULL, &alone,
			    &own[i], &r->keep, NULL);
	}
	ok(ruleset_takes_whole(rs, 3) == MODEL_NONE, "what asks for a name does not");
	ok(ruleset_run_together(rs, MODEL_PROCESSES, rules, 3, &src, tell, NULL, &together, ledger,
				failed, &r->keep, NULL),
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

static void
a_file_may_have_several_documents(struct repository *r)
{
	struct ruleset *rs = ruleset_new();
	struct text     reason;

	repository_put(r, "d/two.yml",
		       "---\nname: One\nid: one\nsearch: &s EventCode=1\n---\nname: Two\nid: two\n"
		       "search: EventCode=2 | stast count\n");
	repository_put(r, "d/shared.yml",
		       "x: &s EventCode=3\nname: Three\nid: three\nsearch: *s\n");
	repository_put(r, "d/twice.yml", "name: Again\nid: three\nsearch: EventCode=3\n");
	ruleset_load(rs, repository_path(r, "d"), NULL);
	ruleset_compile(rs);
	ok(ruleset_count(rs) == 3 && ruleset_find(rs, TEXT("one")), "each is a detection");
	ok(detection_status(ruleset_find(rs, TEXT("two")), &r->keep, &reason) ==
		   DETECTION_INVALID &&
	       text_starts(reason, TEXT("8:23: unknown command")),
	   "an error stands at its place in the file");
	ok(detection_status(ruleset_find(rs, TEXT("three")), &r->keep, &reason) ==
		   DETECTION_RESERVATION &&
	       text_find(reason, TEXT("shared.yml) has the same id")) != TEXT_NOWHERE,
	   "an id twice in one folder is said");
	ruleset_free(rs);
}

static void
files_meant_as_detections_are_not_passed_over(struct repository *r)
{
	struct ruleset *rs = ruleset_new();
	struct text     reason;

	repository_put(r, "p/nameless.yml", "id: n\nsearch: EventCode=1\n");
	repository_put(r, "p/open.yml", "title: 'open\n");
	repository_put(r, "p/no-search.yml", "name: n\nid: 7\ntype: TTP\n");
	repository_put(r, "p/macro.yml", "name: m\ndefinition: EventCode=1\n");
	repository_put(r, "p/lookup.yml", "name: l\nfilename: l.csv\n");
	repository_put(r, "p/story.yml", "name: s\nid: 9\nnarrative: what to search\n");
	repository_put(r, "p/baseline.yml", "name: b\nid: 8\ntype: Baseline\nsearch: a=1\n");
	ruleset_load(rs, repository_path(r, "p"), NULL);
	ruleset_compile(rs);
	ok(ruleset_count(rs) == 3, "macros, lookups, stories and baselines are");
	for (uint32_t i = 0; i < ruleset_count(rs); i++)
		ok(detection_status(ruleset_get(rs, i), &r->keep, &reason) == DETECTION_INVALID,
		   "%s is invalid", arena_cstr(&r->keep, ruleset_get(rs, i)->name));
	ruleset_free(rs);
}

static void
tokens_that_the_search_drops_are_a_reservation(struct repository *r)
{
	struct ruleset *rs = ruleset_new();
	struct text     reason;

	repository_put(r, "t/drops.yml",
		       "name: D\nid: drops\nsearch: EventCode=1 | stats count by Computer\n"
		       "tags: {message: '$user$ on $Computer$'}\n");
	repository_put(r, "t/events.yml",
		       "name: E\nid: events\nsearch: EventCode=1\ntags: {message: $user$}\n");
	ruleset_load(rs, repository_path(r, "t"), NULL);
	ruleset_compile(rs);
	ok(detection_status(ruleset_find(rs, TEXT("drops")), &r->keep, &reason) ==
	       DETECTION_RESERVATION,
	   "stats by Computer leaves no user");
	is(reason, TEXT("message names $user$, which the search does not give"), "the reason");
	ok(detection_status(ruleset_find(rs, TEXT("events")), &r->keep, &reason) == DETECTION_OK,
	   "an event can have any field");
	ruleset_free(rs);
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

/* ---- one pass finds what asking every rule finds ---- */

struct random {
	uint64_t state;
};

static uint32_t
pick(struct random *r, size_t n)
{
	r->state = r->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((r->state >> 33) % (n ? n : 1));
}

struct vocabulary {
	struct arena keep;
	struct text *names, *values;
	size_t       n, cap_names, cap_values, n_values;
};

static void
learn(struct vocabulary *v, const struct pred *p)
{
	for (uint32_t i = 0; i < p->n_kids; i++)
		learn(v, p->kids[i]);
	if (p->kind != PRED_EQ && p->kind != PRED_NE && p->kind != PRED_WORD)
		return;
	arena_grow(&v->keep, v->values, v->n_values, &v->cap_values);
	v->values[v->n_values++] = p->pattern.source;
	if (p->name.name.n) {
		arena_grow(&v->keep, v->names, v->n, &v->cap_names);
		v->names[v->n++] = p->name.name;
	}
}

static struct text
random_value(struct vocabulary *v, struct random *r, struct arena *keep)
{
	struct text out = TEXT("");

	for (uint32_t parts = 1 + pick(r, 6); parts; parts--) {
		struct text piece = v->values[pick(r, v->n_values)];
		char       *copy = arena_new(keep, char, piece.n + 1);

		for (size_t i = 0; i < piece.n; i++) {
			char c = piece.p[i] == '*' ? (pick(r, 2) ? ' ' : '/') : piece.p[i];

			copy[i] = c >= 'a' && c <= 'z' && pick(r, 3) == 0 ? (char)(c - 32) : c;
		}
		out = arena_join(keep, out, (struct text){ copy, piece.n });
		if (pick(r, 3))
			out = arena_join(keep, out, pick(r, 9) ? TEXT(" ") : TEXT("\xc3\x84 "));
	}
	return out;
}

static void
random_event(struct memory_case *c, struct vocabulary *v, struct random *r)
{
	static const struct {
		const char *channel, *provider;
		uint32_t    ids[12];
	} kinds[] = {
	    {"Microsoft-Windows-Sysmon/Operational",
	     "Microsoft-Windows-Sysmon",
	     {1, 1, 1, 1, 13, 12, 11, 7, 3, 22, 10, 8}},
	    {"Security",
	     "Microsoft-Windows-Security-Auditing",
	     {4688, 4688, 4688, 5136, 4624, 4662, 4698, 4769, 5145, 4720, 4768, 4742}},
	    {"Microsoft-Windows-PowerShell/Operational",
	     "Microsoft-Windows-PowerShell",
	     {4104, 4104, 4104, 4104, 4104, 4104, 4104, 4104, 4104, 4104, 4103, 53504}},
	    {"System",
	     "Service Control Manager",
	     {7045, 7045, 7045, 7040, 7036, 7036, 7045, 7045, 7045, 104, 7040, 7034}},
	    {"Application", "Other", {1000, 2282, 3000, 4104, 1, 13, 7, 1033, 5, 6, 9, 4688}},
	};
	static const char *const fields[] = {
		"Image",	  "CommandLine",    "ParentImage",     "ParentCommandLine",
		"OriginalFileName", "TargetObject", "Details",	       "ScriptBlockText",
		"NewProcessName", "ParentProcessName", "TargetFilename", "ImageLoaded",
		"QueryName",	  "ServiceName",    "ImagePath",       "ObjectName",
		"AccessMask",	  "TargetUserName", "EventType",       "Hashes",
		"PipeName",	  "ShareName",	    "TaskContent",     "ObjectDN",
	};
	struct event *ev;
	uint32_t      kind = pick(r, 5);
	size_t        cap = 0;

	arena_grow(&c->keep, c->events, c->n, &c->cap);
	ev = &c->events[c->n++];
	*ev = (struct event){ .id = (int64_t)c->n, .time_ns = (int64_t)c->n };
	ev->channel = text_of(kinds[kind].channel);
	ev->provider = text_of(kinds[kind].provider);
	ev->event_id = kinds[kind].ids[pick(r, 12)];
	ev->host = TEXT("H1");
	for (uint32_t n = 2 + pick(r, 10); n; n--) {
		struct text name =
		    pick(r, 3) ? text_of(fields[pick(r, 24)]) : v->names[pick(r, v->n)];
		struct text value = pick(r, 4) ? random_value(v, r, &c->keep)
					       : v->values[pick(r, v->n_values)];

		if (!case_is_system(name))
			case_add_field(c, ev, &cap, name, value);
	}
	event_finish(ev);
}

/* Whether a search before that one asks for the same. */
static bool
is_again(const struct ruleset *rs, uint32_t rule, uint32_t leaf, struct text key,
	 struct arena scratch)
{
	for (uint32_t i = 0; i <= rule; i++) {
		const struct text *keys;
		uint32_t           n = ruleset_keys(rs, i, &scratch, &keys);

		for (uint32_t k = 0; k < (i == rule ? leaf : n); k++)
			if (!text_absent(keys[k]) && text_eq(keys[k], key))
				return true;
	}
	return false;
}

/* The same hits, in the same order, from the matcher and from asking every search. */
static bool
agrees(const struct ruleset *rs, struct matcher *m, const struct event *ev, struct arena scratch,
       uint64_t *hits)
{
	const struct rule_hit *found;
	size_t                 n = matcher_match(m, ev, &found), at = 0;
	const struct subject   s = event_subject(ev);

	for (uint32_t rule = 0; rule < ruleset_count(rs); rule++) {
		const struct search *search = ruleset_get(rs, rule)->search;

		for (uint32_t leaf = 0; search && leaf < search_leaves(search); leaf++) {
			const struct pred *pred = search_leaf_pred(search, leaf);
			bool holds = pred && search_leaf_kept(search, leaf, scratch) &&
				     pred_eval(pred, &s, scratch) &&
				     !is_again(rs, rule, leaf, pred_key(pred, &scratch), scratch);
			bool said = at < n && found[at].rule == rule && found[at].leaf == leaf;

			if (holds != said) {
				printf("# " TEXT_FMT " leaf %u: asked %d, matcher %d\n",
				       TEXT_ARG(ruleset_get(rs, rule)->name), leaf, holds, said);
				return false;
			}
			at += said;
		}
	}
	*hits += n;
	return at == n;
}

static void
one_pass_finds_what_asking_every_rule_finds(void)
{
	const char        *shared = getenv("SHARED");
	struct ruleset    *rs = ruleset_new();
	struct memory_case c = { .keep = arena_open((size_t)1 << 30) };
	struct vocabulary  v = { .keep = arena_open((size_t)1 << 28) };
	struct arena       scratch = arena_open((size_t)1 << 28);
	struct random      r = { 20260513 };
	struct matcher    *m;
	unsigned           compiled = 0, wrong = 0;
	uint64_t           hits = 0;

	if (!shared ||
	    !ruleset_load(rs, arena_printf(&scratch, "%s/security_content/detections", shared),
			  NULL)) {
		skip("SHARED has no security_content");
		return;
	}
	ruleset_compile(rs);
	for (uint32_t i = 0; i < ruleset_count(rs); i++) {
		const struct search *search = ruleset_get(rs, i)->search;

		compiled += search != NULL;
		for (uint32_t leaf = 0; search && leaf < search_leaves(search); leaf++) {
			if (search_leaf_pred(search, leaf))
				learn(&v, search_leaf_pred(search, leaf));
		}
	}
	printf("# %u of %u detections compile\n", compiled, ruleset_count(rs));
	m = matcher_new(rs);
	for (unsigned i = 0; i < 3000 && wrong < 5; i++) {
		c.n = 0;
		arena_reset(&c.keep, (size_t)1 << 20);
		c.events = NULL;
		c.cap = 0;
		random_event(&c, &v, &r);
		wrong += !agrees(rs, m, &c.events[0], scratch, &hits);
	}
	printf("# %llu hits of 3,000 events\n", (unsigned long long)hits);
	ok(wrong == 0, "3,000 random events: the matcher finds what asking every rule finds");
	ok(hits > 500, "and there was something to find");
	matcher_free(m);
	ruleset_free(rs);
	arena_close(&c.keep);
	arena_close(&v.keep);
	arena_close(&scratch);
}

static void
the_built_in_rules_are_whole(void)
{
	const char     *top = getenv("top_srcdir");
	struct arena    scratch = arena_open((size_t)1 << 24);
	struct ruleset *rs = ruleset_new();

	ruleset_load(rs, arena_printf(&scratch, "%s/rules", top ? top : "."), NULL);
	ruleset_compile(rs);
	ok(ruleset_count(rs) == 5, "five built-in detections");
	for (uint32_t i = 0; i < ruleset_count(rs); i++) {
		const struct detection *d = ruleset_get(rs, i);
		struct text             reason;

		ok(detection_status(d, &scratch, &reason) == DETECTION_OK,
		   TEXT_FMT " compiles as it is", TEXT_ARG(d->name));
		if (!text_absent(reason))
			printf("# " TEXT_FMT "\n", TEXT_ARG(reason));
		ok(d->n_drilldowns == 2 && d->n_risks == 1 && d->n_techniques == 1 &&
		       d->n_stories && d->n_data_sources && d->description.n &&
		       d->how_to_implement.n && d->known_false_positives.n && d->author.n,
		   "with two drilldowns, a risk object and all that explains it");
	}
	ruleset_free(rs);
	arena_close(&scratch);
}

int
main(void)
{
	struct repository r;

	repository_open(&r);
	a_folder_is_read_with_the_macros_beside_it(&r);
	what_is_named_must_be_a_detection(&r);
	a_filter_is_redefined_while_rules_are_shown(&r);
	words_come_without_detections(&r);
	the_digest_tells_rulesets_apart(&r);
	a_later_file_replaces_one_with_its_id(&r);
	a_file_may_have_several_documents(&r);
	files_meant_as_detections_are_not_passed_over(&r);
	tokens_that_the_search_drops_are_a_reservation(&r);
	rules_with_the_same_search_run_together(&r);
	rules_over_a_whole_data_set_read_it_together(&r);
	the_ledger_says_what_became_of_a_rule(&r);
	a_finding_keeps_its_key_when_more_evidence_comes(&r);
	a_finding_rests_on_an_event(&r);
	what_cannot_run_here_is_no_mistake(&r);
	repository_close(&r);
	the_built_in_rules_are_whole();
	one_pass_finds_what_asking_every_rule_finds();
	return done_testing();
}
