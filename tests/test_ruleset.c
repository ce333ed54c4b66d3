/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loading folders of rules: what is read, what is kept with its problem. */
#include "config.h"

#include <unistd.h>

#include "base/digest.h"
#include "rules/folder.h"
#include "rules/lookups.h"
#include "tests/repository.h"
#include "tests/rule_case.h"
#include "tests/tap.h"

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

/* All that is known of the detections of a folder, read by so many threads: its SHA-256. */
static struct text
known_of(struct repository *r, const char *name, uint32_t threads)
{
	struct ruleset *rs = ruleset_new();
	struct digest  *all = digest_new();
	char           *hex = arena_new(&r->keep, char, DIGEST_HEX + 1);

	ruleset_threads(rs, threads);
	ruleset_load(rs, repository_path(r, name), NULL);
	ruleset_compile(rs);
	digest_add(all, ruleset_digest(rs).p, DIGEST_HEX);
	for (uint32_t i = 0; i < ruleset_count(rs); i++) {
		const struct detection *d = ruleset_get(rs, i);
		struct arena            scratch = r->keep;
		struct text             reason = TEXT(""), line;

		detection_status(d, &scratch, &reason);
		line = arena_printf(&scratch, TEXT_FMT " " TEXT_FMT " " TEXT_FMT " " TEXT_FMT "\n",
				    TEXT_ARG(d->id), TEXT_ARG(d->source), TEXT_ARG(reason),
				    TEXT_ARG(d->search ? search_explain(d->search, &scratch)
						       : TEXT("")));
		digest_add(all, line.p, line.n);
	}
	ok(ruleset_count(rs) > 150, "%u threads read %u rules", threads, ruleset_count(rs));
	ruleset_free(rs);
	digest_finish(all, hex);
	return (struct text){ hex, DIGEST_HEX };
}

static struct text
numbered_rule(struct arena *keep, int i)
{
	if (i % 50 == 7)
		return TEXT("name: x\nid: 7\nsearch: 'open\n");
	if (i % 50 == 9)
		return TEXT("name: y\nid: 9\nsearch: a=1 | nonsense\n");
	return arena_printf(keep, "name: R%d\nid: id-%d\nsearch: EventCode=%d Image=\"*x%d.exe\" "
			    "| stats count by Image\n", i * 7 % 300, i % 200, i, i);
}

static void
threads_change_nothing(struct repository *r)
{
	struct text alone;

	for (int i = 0; i < 300; i++)
		repository_put(r, arena_printf(&r->keep, "threads/%03d.yml", i).p,
			       numbered_rule(&r->keep, i).p);
	alone = known_of(r, "threads", 1);
	is(known_of(r, "threads", 2), alone, "two know what one knows");
	is(known_of(r, "threads", 40), alone, "so do forty");
}

static void
what_cannot_run_here_is_no_mistake(struct repository *r)
{
	struct ruleset *rs = ruleset_new();
	struct text     reason;

	repository_put(r, "u/apply.yml", "name: A\nid: apply\nsearch: EventCode=1 | apply model\n");
	repository_put(r, "u/delete.yml", "name: B\nid: delete\nsearch: a=1 | delete\n");
	repository_put(r, "u/geo.yml", "name: C\nid: geo\nsearch: a=1 | geostats count\n");
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
	repository_put(r, "d/thrice.yml", "name: Another\nid: three\nsearch: EventCode=3\n");
	ruleset_load(rs, repository_path(r, "d"), NULL);
	ruleset_compile(rs);
	ok(ruleset_count(rs) == 3 && ruleset_find(rs, TEXT("one")), "each is a detection");
	ok(detection_status(ruleset_find(rs, TEXT("two")), &r->keep, &reason) ==
		   DETECTION_INVALID &&
	       text_starts(reason, TEXT("8:23: unknown command")),
	   "an error stands at its place in the file");
	ok(detection_status(ruleset_find(rs, TEXT("three")), &r->keep, &reason) ==
		   DETECTION_RESERVATION &&
	       text_find(reason, TEXT("shared.yml) has the same id")) != TEXT_NOWHERE &&
	       text_find(reason, TEXT("thrice.yml) has the same id")) != TEXT_NOWHERE,
	   "an id that several of one folder have is said with each");
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
	repository_put(r, "p/list.yml", "- name: n\n  id: 5\n  search: a=1\n");
	repository_put(r, "p/text.yml", "EventCode=1 | stats count\n");
	repository_put(r, "p/null.yml", "name: n\nid: 6\nsearch: ~\n");
	repository_put(r, "p/two.yml", "name: n\nsearch: a=1\n---\nid: 4\nsearch: [a=1]\n");
	repository_put(r, "p/macro.yml", "name: m\ndefinition: EventCode=1\n");
	repository_put(r, "p/lookup.yml", "name: l\nfilename: l.csv\n");
	repository_put(r, "p/story.yml", "name: s\nid: 9\nnarrative: what to search\n");
	repository_put(r, "p/baseline.yml", "name: b\nid: 8\ntype: Baseline\nsearch: a=1\n");
	ruleset_load(rs, repository_path(r, "p"), NULL);
	ruleset_compile(rs);
	ok(ruleset_count(rs) == 8, "macros, lookups, stories and baselines are");
	for (uint32_t i = 0; i < ruleset_count(rs); i++)
		ok(detection_status(ruleset_get(rs, i), &r->keep, &reason) == DETECTION_INVALID,
		   "%s is invalid", arena_cstr(&r->keep, ruleset_get(rs, i)->name));
	detection_status(ruleset_find(rs, repository_path(r, "p/list.yml")), &r->keep, &reason);
	is(reason, TEXT("1:1: not a detection: a list, no mapping of name, id and search"), "a list");
	detection_status(ruleset_find(rs, repository_path(r, "p/null.yml")), &r->keep, &reason);
	is(reason, TEXT("1:1: not a detection: \"search\" is empty"), "an empty search");
	detection_status(ruleset_find(rs, arena_join(&r->keep, repository_path(r, "p/two.yml"),
						     TEXT(":4:1"))), &r->keep, &reason);
	is(reason, TEXT("4:1: not a detection: \"name\" is missing, \"search\" is a list, no text"),
	   "the second document of a file");
	ruleset_free(rs);
}

static bool
says(struct repository *r, struct ruleset *rs, const char *id, enum detection_status status,
     const char *part)
{
	const struct detection *d = ruleset_find(rs, text_of(id));
	struct text             reason;

	return d && detection_status(d, &r->keep, &reason) == status &&
	       text_find(reason, text_of(part)) != TEXT_NOWHERE;
}

static void
odd_files_are_read_with_a_remark_and_broken_ones_named(struct repository *r)
{
	struct ruleset *rs = ruleset_new();
	struct text     of_macro = repository_path(r, "o/macros/m.yml");

	repository_put(r, "o/README", "");
	repository_put(r, "o/detections/latin.yml",
		       "name: L\nid: latin\ndescription: f\xFCr\nsearch: EventCode=1 user=\"\xE4*\"\n");
	repository_put(r, "o/detections/twice.yml",
		       "name: T\nid: twice\nsearch: EventCode=1\ntags:\n  message: a\n  message: b\n");
	repository_put(r, "o/detections/search.yml",
		       "name: S\nid: search\nsearch: EventCode=1 | stast\nsearch: EventCode=1\n");
	repository_put(r, "o/detections/made.yml",
		       "name: M\nid: made\nsearch: '`made` EventCode=1'\n");
	repository_put(r, "o/macros/made.yml",
		       "name: made\ndefinition: '\"a=\".\"b\"'\niseval: 1\n");
	repository_put(r, "o/macros/m.yml", "name: m\ndefinition: `x` y\n");
	repository_put(r, "o/lookups/l.yml", "name: 'l\n");
	ruleset_load(rs, repository_path(r, "o"), NULL);
	ruleset_compile(rs);
	ok(says(r, rs, "latin", DETECTION_RESERVATION, "not UTF-8: read as Windows-1252"),
	   "a file in Windows-1252");
	ok(ruleset_find(rs, TEXT("latin")) &&
	       text_iends(ruleset_find(rs, TEXT("latin"))->search_text, TEXT("\"\xC3\xA4*\"")),
	   "its search is UTF-8");
	ok(says(r, rs, "twice", DETECTION_RESERVATION,
		"key \"message\" stands there twice: the value in line 6 counts"),
	   "a key twice in a mapping");
	ok(says(r, rs, "search", DETECTION_RESERVATION, "key \"search\" stands there twice"),
	   "two searches");
	ok(says(r, rs, "made", DETECTION_UNSUPPORTED, "(iseval), which is not supported"),
	   "a macro whose text an expression would make");
	ok(says(r, rs, arena_cstr(&r->keep, of_macro), DETECTION_INVALID, "2:13: not valid YAML"),
	   "a macro that cannot be read");
	ok(says(r, rs, arena_cstr(&r->keep, repository_path(r, "o/lookups/l.yml")),
		DETECTION_INVALID, "not valid YAML"),
	   "a lookup that cannot be read");
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
	odd_files_are_read_with_a_remark_and_broken_ones_named(&r);
	tokens_that_the_search_drops_are_a_reservation(&r);
	what_cannot_run_here_is_no_mistake(&r);
	threads_change_nothing(&r);
	repository_close(&r);
	the_built_in_rules_are_whole();
	return done_testing();
}
