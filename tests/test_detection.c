/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading rule files: YAML with limits and places, and detections of every year. */
#include "config.h"

#include "rules/attack.h"
#include "rules/folder.h"
#include "rules/load.h"
#include "tests/tap.h"

struct fixture {
	struct arena keep;
	struct err   err;
};

static struct detection
detection_of(struct fixture *f, struct text yaml)
{
	struct detection  d = { 0 };
	struct yaml_node *root = NULL;

	f->err = (struct err){ 0 };
	if (yaml_read(&root, NULL, &f->keep, yaml, &f->err))
		load_detection(&d, root, TEXT("x.yml"), yaml, &f->keep, &f->err);
	return d;
}

static bool
refused(struct fixture *f, struct text yaml, const char *what, const char *where)
{
	struct yaml_node *root = NULL;
	struct err        err = { 0 };
	bool              good = yaml_read(&root, NULL, &f->keep, yaml, &err);

	if (good || !strstr(err.what, what) || strcmp(err.where, where) != 0) {
		printf("# got '%s' at '%s'\n", good ? "no error" : err.what, err.where);
		return false;
	}
	return true;
}

#define HEAD "name: N\nid: 1\nsearch: index=a\n"

static void
a_yaml_file_cannot_exhaust_the_program(struct fixture *f)
{
	struct text   bomb = TEXT("a: &a [1,2]\nb: &b [*a,*a]\nc: [*b,*b]\n");
	struct text   open = TEXT("");
	struct arena  scratch = f->keep;
	char         *deep = arena_new(&scratch, char, 200000);
	struct err    err = { 0 };
	struct yaml_node *root;

	ok(yaml_read(&root, NULL, &scratch, bomb, &err) &&
	       yaml_get(root, "c")->first->first->first == yaml_get(root, "a")->first,
	   "an alias shares what it stands for");
	ok(refused(f, TEXT("a: &a\n- *a\n"), "contains itself", "2:3"), "but not itself");
	ok(refused(f, TEXT("a: 1\nb: *a\n"), "no value before this", "2:4"),
	   "an alias of nothing is refused where it stands");
	memset(deep, '[', 200000);
	ok(!yaml_read(&root, NULL, &scratch, (struct text){ deep, 200000 }, &err) &&
	       strstr(err.what, "nested too deeply"),
	   "200,000 opened lists are refused");
	memset(deep, '-', 200000);
	for (int i = 1; i < 200000; i += 2)
		deep[i] = ' ';
	ok(!yaml_read(&root, NULL, &scratch, (struct text){ deep, 200000 }, &err),
	   "100,000 nested dashes are refused");
	memset(deep, 'x', 200000);
	for (int i = 0; i < 200000; i += 2)
		deep[i] = ',';
	deep[0] = '[';
	ok(yaml_read(&root, NULL, &scratch, (struct text){ deep, 199999 }, NULL) == false,
	   "an unclosed list is refused");
	open.n = YAML_FILE_MAX + 1;
	ok(refused(f, open, "larger than a rule file", "1:1"),
	   "a file of more than 4 MiB is refused");
	ok(refused(f, TEXT(""), "empty", "1:1"), "an empty file says so");
	ok(refused(f, TEXT("a:\n  b: \001\n"), "not text: control characters", "2:6"),
	   "bytes that are no text are refused where they stand");
	ok(refused(f, TEXT("a: `m` | head\n"), "quote this value", "1:4"),
	   "a search that begins with a macro needs quotes");
	ok(refused(f, TEXT("a: b\n c: 'd\n"), "not valid YAML", "2:3") ||
	       refused(f, TEXT("a: b\n c: 'd\n"), "not valid YAML", "3:1"),
	   "broken YAML names its place");
	ok(refused(f, TEXT("? [a]\n: b\n"), "a key must be plain text", "1:3"), "keys are text");
}

/* Where the last word "HERE" of a search is said to stand. */
static bool
here_is_at(struct fixture *f, struct text yaml, uint32_t line, uint32_t column)
{
	struct yaml_node       *root = NULL;
	const struct yaml_node *search;
	uint32_t                l = 1, c = 1;
	size_t                  at;

	if (!yaml_read(&root, NULL, &f->keep, yaml, NULL) || !(search = yaml_get(root, "search")))
		return false;
	at = text_find(search->value, TEXT("HERE"));
	for (size_t i = 0; i < at && i < search->value.n; i++) {
		l += search->value.p[i] == '\n';
		c = search->value.p[i] == '\n' ? 1 : c + 1;
	}
	yaml_locate(search, yaml, &l, &c);
	if (l != line || c != column)
		printf("# got %u:%u, want %u:%u\n", l, c, line, column);
	return l == line && c == column;
}

static void
a_place_in_a_search_is_found_in_the_file(struct fixture *f)
{
	ok(here_is_at(f, TEXT("id: 1\nsearch: one HERE\n"), 2, 13), "plain");
	ok(here_is_at(f, TEXT("search: one\n  two HERE\n"), 2, 7), "plain over two lines");
	ok(here_is_at(f, TEXT("search:\n  one HERE\n"), 2, 7), "value on the line after the key");
	ok(here_is_at(f, TEXT("search: 'it''s HERE'\n"), 1, 16), "doubled quote");
	ok(here_is_at(f, TEXT("search: 'a\n\n  b ''x'' HERE'\n"), 3, 11), "folded single quotes");
	ok(here_is_at(f, TEXT("search: \"a\\tb \\x41\\u00e9 \\\" HERE\"\n"), 1, 29), "escapes");
	ok(here_is_at(f, TEXT("search: \"a\\\n  b HERE\"\n"), 2, 5), "escaped line end");
	ok(here_is_at(f, TEXT("search: |-\n    one\n      HERE\n"), 3, 7), "literal block");
	ok(here_is_at(f, TEXT("search: |2\n    one HERE\n"), 2, 9), "literal block with indent");
	ok(here_is_at(f, TEXT("search: >-\n    one\n    two HERE\n"), 3, 9), "folded block");
	ok(here_is_at(f, TEXT("d: \xc3\xa4\nsearch: |\n  \xc3\xa4\xc3\xa4 HERE\n"), 3, 6),
	   "columns are characters");
}

static void
scores_of_the_oldest_form_are_impact_times_confidence(struct fixture *f)
{
	struct detection d = detection_of(
	    f, TEXT(HEAD "type: TTP\ntags:\n  impact: 90\n  confidence: 70\n  message: m $dest$\n"
			 "  mitre_attack_id: [T1047]\n  kill_chain_phases: [Exploitation]\n"
			 "  observable:\n"
			 "  - {name: dest, type: Hostname, role: [Victim]}\n"
			 "  - {name: user, type: User, role: [Victim]}\n"
			 "  - {name: who, type: User Name, role: [Victim]}\n"
			 "  - {name: x, type: Other, role: [Target]}\n"
			 "  - {name: process_name, type: Process, role: [Attacker]}\n"
			 "  - {name: h, type: TLS Hash, role: [Attacker]}\n"
			 "  - {name: parent, type: Parent Process, role: [Parent Process]}\n"));

	ok(d.n_risks == 4 && d.risks[0].score == 63, "63 points, four risk objects");
	ok(d.risks[0].type == RISK_SYSTEM && d.risks[1].type == RISK_USER, "system and user");
	ok(d.risks[2].type == RISK_USER && text_find(d.remarks, TEXT("User Name")) != TEXT_NOWHERE,
	   "User Name is a user, and the loader says so");
	ok(d.risks[3].type == RISK_OTHER, "another role is another object");
	ok(d.n_threats == 3, "three threat objects");
	is(d.threats[0].type, TEXT("process"), "a process");
	is(d.threats[1].type, TEXT("tls hash"), "another type in small letters");
	is(d.threats[2].type, TEXT("parent_process"), "the parent is no risk object");
	is(d.tactics, TEXT("Execution"), "the tactic comes from the table");
	ok(d.n_annotations == 1 && text_eq(d.annotations[0].value, TEXT("Exploitation")) &&
	       strcmp(d.annotations[0].framework->key, "kill_chain_phases") == 0,
	   "kill chain phase");
}

static void
a_written_score_that_differs_is_remarked(struct fixture *f)
{
	struct detection d =
	    detection_of(f, TEXT(HEAD "tags: {impact: 50, confidence: 50, "
				      "risk_score: 80, observable: [{name: a, type: "
				      "user, role: [Victim]}]}\n"));

	ok(d.n_risks == 1 && d.risks[0].score == 25, "the computed score counts");
	ok(text_find(d.remarks, TEXT("risk_score 80")) != TEXT_NOWHERE,
	   "and the other is remarked");
}

static void
scores_that_are_no_points_are_remarked(struct fixture *f)
{
	static const char *const wrong[] = { "1e999", "-5", "high", ".nan" };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct detection old = detection_of(
		    f, arena_printf(&f->keep,
				    HEAD "tags: {risk_score: %s, observable: [{name: a, type: "
					 "user, role: [Victim]}]}\n",
				    wrong[i]));
		struct detection new = detection_of(
		    f, arena_printf(&f->keep,
				    HEAD "rba: {message: m, risk_objects: [{field: a, type: user, "
					 "score: %s}]}\n",
				    wrong[i]));

		ok(old.n_risks == 1 && old.risks[0].score == 0 &&
		       text_find(old.remarks, text_of(wrong[i])) != TEXT_NOWHERE,
		   "risk_score: %s", wrong[i]);
		ok(new.n_risks == 1 && new.risks[0].score == 0 &&
		       text_find(new.remarks, text_of(wrong[i])) != TEXT_NOWHERE,
		   "score: %s", wrong[i]);
	}
}

static void
risk_blocks_of_2025_have_their_own_scores(struct fixture *f)
{
	struct detection d = detection_of(
	    f, TEXT(HEAD "type: Anomaly\nrba:\n  message: $process_name$ ran on $dest$ by $user$\n"
			 "  risk_objects:\n  - {field: user, type: user, score: 56}\n"
			 "  - {field: dest, type: Endpoint}\n"
			 "  threat_objects:\n  - {field: process_name, type: process_name}\n"
			 "tags: {risk_score: 60}\n"));

	ok(d.n_risks == 2 && d.risks[0].score == 56 && d.risks[0].type == RISK_USER, "user, 56");
	ok(d.risks[1].score == 60 && d.risks[1].type == RISK_SYSTEM,
	   "a form between: the score of the tags, the older type");
	ok(d.n_threats == 1, "one threat object");
	is(d.message, TEXT("$process_name$ ran on $dest$ by $user$"), "the message");
}

static void
findings_of_2026_have_a_message_each(struct fixture *f)
{
	struct detection d = detection_of(
	    f, TEXT(HEAD "type: TTP\nfinding:\n  title: T $dest$\n  entity: {field: dest, type: "
			 "system, score: 50}\nintermediate_findings:\n  entities:\n"
			 "  - {field: user, type: user, score: 20, message: U $user$}\n"
			 "threat_objects:\n- {field: p, type: process}\n"
			 "rba: {message: old, risk_objects: [{field: z, type: user, score: 1}]}\n"
			 "mitre_attack_id:\n- T1021.006\n- T1047\nanalytic_story: [S]\n"
			 "modification_date: '2026-05-13'\n"));

	ok(d.n_risks == 2, "the newest form wins over an older one in the same file");
	is(d.risks[0].message, TEXT("T $dest$"), "the title is the entity's message");
	is(d.risks[1].message, TEXT("U $user$"), "others have their own");
	ok(d.risks[1].score == 20 && d.n_threats == 1, "score and threat object");
	is(d.tactics, TEXT("Execution, Lateral Movement"), "tactics in the order of the matrix");
	is(d.date, TEXT("2026-05-13"), "modification date");
}

static void
a_single_mapping_stands_for_a_list_of_one(struct fixture *f)
{
	struct detection d = detection_of(
	    f, TEXT(HEAD "type: TTP\nrba: {message: m, risk_objects: {field: dest, type: system, "
			 "score: 60}, threat_objects: {field: p, type: process}}\n"
			 "drilldown_searches: {name: n, search: s}\ndata_source: Sysmon EventID 1\n"));

	ok(d.n_risks == 1 && d.risks[0].score == 60 && d.n_threats == 1, "a risk object");
	ok(d.n_drilldowns == 1 && text_absent(d.remarks), "a drilldown");
	d = detection_of(f, TEXT(HEAD "tags: {impact: 50, confidence: 50, observable: {name: a, type: "
				      "user, role: [Victim]}}\n"));
	ok(d.n_risks == 1 && d.risks[0].type == RISK_USER, "an observable");
	d = detection_of(f, TEXT(HEAD "intermediate_findings: {entities: {field: user, type: user, "
				      "score: 20, message: U $user$}}\n"));
	ok(d.n_risks == 1 && d.risks[0].score == 20, "an entity");
}

static void
what_gives_no_risk_or_has_no_type_is_remarked(struct fixture *f)
{
	struct detection d = detection_of(f, TEXT(HEAD "rba: {message: m, risk_objects: none}\n"));

	is(d.remarks, TEXT("gives no risk: it names no risk object"), "no risk object");
	d = detection_of(f, TEXT(HEAD "rba: {message: m, risk_objects: [{field: dest}]}\n"));
	is(d.remarks, TEXT("risk object dest has no score: it gets no risk"), "no score");
	d = detection_of(f, TEXT(HEAD "type: Wonder\n"));
	is(d.remarks, TEXT("type Wonder is unknown: read as TTP"), "another type");
	is(d.type, TEXT("TTP"), "the type it is read as");
	d = detection_of(f, TEXT(HEAD "type: [TTP, Anomaly]\n"));
	is(d.remarks, TEXT("its type is no text: read as TTP"), "a list of types");
	d = detection_of(f, TEXT(HEAD "tags: {message: m}\n"));
	ok(text_absent(d.remarks), "a rule that is not about risk is fine as it is");
}

static void
hunting_gives_no_risk(struct fixture *f)
{
	struct detection d =
	    detection_of(f, TEXT(HEAD "type: Hunting\ntags: {impact: 50, confidence: "
				      "50, observable: [{name: a, type: user, role: "
				      "[Victim]}]}\n"));

	ok(d.n_risks == 0 && !text_absent(d.remarks), "no risk object, and a remark");
}

static void
a_correlation_reads_risk_and_gives_none(struct fixture *f)
{
	struct detection d =
	    detection_of(f, TEXT(HEAD "type: Correlation\nfinding: {title: t, entity: {field: "
				      "risk_object, type: system, score: 0}}\n"));

	ok(d.n_risks == 0 && text_absent(d.remarks), "no risk object");
}

static void
a_victim_that_is_also_an_attacker_is_a_risk_object(struct fixture *f)
{
	struct detection d = detection_of(
	    f, TEXT(HEAD "tags: {impact: 50, confidence: 50, observable: [{name: src, type: IP "
			 "Address, role: [Attacker, Victim]}, {name: p, type: Process, role: "
			 "[Victim, Attacker]}]}\n"));

	ok(d.n_risks == 1 && d.risks[0].type == RISK_SYSTEM, "a system");
	ok(d.n_threats == 1, "a process is a threat object");
}

static void
the_filter_macro_is_the_one_the_search_ends_in(struct fixture *f)
{
	struct detection d =
	    detection_of(f, TEXT("name: A-b c\nid: 1\nsearch: '`x` | `own_name_filter`'"));

	is(d.filter_macro, TEXT("own_name_filter"), "named in the search");
	d = detection_of(f, TEXT("name: A-b c/d.e\nid: 1\nsearch: a"));
	is(d.filter_macro, TEXT("a_b_c_d_e_filter"), "else made from the detection's name");
}

static void
other_files_of_a_repository_are_no_detections(struct fixture *f)
{
	struct yaml_node *root;

	ok(yaml_read(&root, NULL, &f->keep, TEXT("name: m\ndefinition: x\n"), NULL) &&
	       !load_is_detection(root),
	   "a macro");
	ok(yaml_read(&root, NULL, &f->keep, TEXT("title: s\ndetection: {a: b}\nid: 1\n"), NULL) &&
	       !load_is_detection(root),
	   "a Sigma rule");
	ok(yaml_read(&root, NULL, &f->keep, TEXT("name: b\nid: 1\ntype: Baseline\nsearch: x\n"),
		     NULL) &&
	       !load_is_detection(root),
	   "a baseline");
	ok(yaml_read(&root, NULL, &f->keep, TEXT("- a\n- b\n"), NULL) && !load_is_detection(root),
	   "a list");
}

static void
a_macro_has_arguments_and_a_place(struct fixture *f)
{
	struct text yaml =
	    TEXT("arguments:\n  - field\ndefinition: 'convert ctime($field$)'\nname: m\n");
	struct yaml_node *root;
	struct macro      m;

	ok(yaml_read(&root, NULL, &f->keep, yaml, NULL) &&
	       load_macro(&m, root, TEXT("m.yml"), yaml, &f->keep),
	   "a macro is read");
	ok(m.n_args == 1 && text_eq(m.args[0], TEXT("field")), "its argument");
	ok(m.place.line == 3 && m.place.column == 14, "its definition begins behind the quote");
}

static void
attack_knows_techniques_of_old_and_new_versions(struct fixture *f)
{
	is(attack_name(TEXT("T1047")), TEXT("Windows Management Instrumentation"), "T1047");
	is(attack_name(TEXT("t1021.006")), TEXT("Windows Remote Management"),
	   "letter case is ignored");
	is(attack_tactic_names(attack_tactics(TEXT("T1574.002")), &f->keep),
	   TEXT("Persistence, Privilege Escalation, Defense Evasion"), "a retired id");
	is(attack_tactic_ids(attack_tactics(TEXT("T1047")), &f->keep), TEXT("TA0002"), "tactic id");
	is(attack_name(TEXT("T1047.999")), TEXT("Windows Management Instrumentation"),
	   "an unknown sub-technique answers for its technique");
	ok(attack_tactics(TEXT("T9999")) == 0 && text_absent(attack_name(TEXT("T9999"))),
	   "unknown");
}

struct tally {
	struct fixture *f;
	unsigned        files, detections, without_risk, without_tactic, without_drilldown, failed;
};

static void
on_real_file(void *ctx, struct text path)
{
	struct tally     *t = ctx;
	struct arena      scratch = t->f->keep;
	struct yaml_node *root;
	struct text       content;
	struct detection  d;
	struct err        err = { 0 };

	t->files++;
	if (!folder_read(path, YAML_FILE_MAX, &scratch, &content, &err) ||
	    !yaml_read(&root, NULL, &scratch, content, &err) ||
	    !load_detection(&d, root, path, content, &scratch, &err)) {
		printf("# " TEXT_FMT ":%s: %s\n", TEXT_ARG(path), err.where, err.what);
		t->failed++;
		return;
	}
	t->detections++;
	t->without_risk += d.n_risks == 0 && !text_eq(d.type, TEXT("Hunting")) &&
			   !text_eq(d.type, TEXT("Correlation"));
	t->without_drilldown += d.n_drilldowns == 0;
	if (d.n_techniques && text_absent(d.tactics)) {
		printf("# " TEXT_FMT ": no tactic for " TEXT_FMT "\n", TEXT_ARG(path),
		       TEXT_ARG(d.techniques[0]));
		t->without_tactic++;
	}
	for (uint32_t i = 0; i < d.n_techniques; i++) {
		if (!attack_tactics(d.techniques[i]))
			t->without_tactic++;
	}
}

static void
every_published_detection_is_read(struct fixture *f)
{
	static const char *const yaml[] = { ".yml", NULL };
	const char              *shared = getenv("SHARED");
	struct tally             t = { .f = f }, old = { .f = f };
	struct arena             names = arena_open((size_t)64 << 20);
	struct text folder = arena_printf(&f->keep, "%s/security_content", shared ? shared : "");

	if (!shared || !folder_is(folder, names)) {
		skip("SHARED has no security_content");
		return;
	}
	folder_walk(arena_join(&f->keep, folder, TEXT("/detections")), 8, yaml, on_real_file, &t,
		    names, NULL);
	folder_walk(arena_join(&f->keep, folder, TEXT("/schema_variants")), 8, yaml, on_real_file,
		    &old, names, NULL);
	printf("# %u files, %u older and newer forms\n", t.files, old.files);
	ok(t.files > 500 && t.failed == 0, "every detection is read");
	ok(old.files > 20 && old.failed == 0, "in the forms of every year");
	ok(t.without_tactic == 0 && old.without_tactic == 0, "every technique has its tactic");
	ok(old.without_risk == 0, "every older form has its risk objects");
	printf("# without risk objects: %u, without drilldown: %u\n", t.without_risk,
	       t.without_drilldown);
	ok(t.without_risk == 0, "every TTP and Anomaly has risk objects");
	arena_close(&names);
}

static void
every_document_of_a_file_knows_its_place(struct fixture *f)
{
	static const char each[] = "---\nname: \"\xc3\xa4\" # \xc3\xa4\nid: b\n\nsearch: |\n  index=a\n";
	enum { DOCUMENTS = 20000, LINES = 6, LINE = 6 };
	struct arena      scratch = f->keep;
	char             *whole = arena_new(&scratch, char, DOCUMENTS * (sizeof(each) - 1));
	struct text       source = { whole, DOCUMENTS * (sizeof(each) - 1) };
	struct yaml_node *root = NULL;
	uint32_t          n = 0, right = 0, line, column;

	for (size_t i = 0; i < DOCUMENTS; i++)
		memcpy(whole + i * (sizeof(each) - 1), each, sizeof(each) - 1);
	ok(yaml_read(&root, &n, &scratch, source, &f->err) && n == DOCUMENTS,
	   "20,000 documents in one file are read");
	for (uint32_t i = 0; root; i++, root = root->next) {
		yaml_value_place(yaml_get(root, "search"), source, &line, &column);
		right += line == i * LINES + LINE && column == 3;
	}
	ok(right == DOCUMENTS, "and each search is where it stands");
}

int
main(void)
{
	struct fixture f = { .keep = arena_open((size_t)1 << 30) };

	a_yaml_file_cannot_exhaust_the_program(&f);
	a_place_in_a_search_is_found_in_the_file(&f);
	every_document_of_a_file_knows_its_place(&f);
	scores_of_the_oldest_form_are_impact_times_confidence(&f);
	a_written_score_that_differs_is_remarked(&f);
	scores_that_are_no_points_are_remarked(&f);
	risk_blocks_of_2025_have_their_own_scores(&f);
	findings_of_2026_have_a_message_each(&f);
	a_single_mapping_stands_for_a_list_of_one(&f);
	what_gives_no_risk_or_has_no_type_is_remarked(&f);
	hunting_gives_no_risk(&f);
	a_correlation_reads_risk_and_gives_none(&f);
	a_victim_that_is_also_an_attacker_is_a_risk_object(&f);
	the_filter_macro_is_the_one_the_search_ends_in(&f);
	other_files_of_a_repository_are_no_detections(&f);
	a_macro_has_arguments_and_a_place(&f);
	attack_knows_techniques_of_old_and_new_versions(&f);
	every_published_detection_is_read(&f);
	return done_testing();
}
