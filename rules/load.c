/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/load.h"

#include "rules/attack.h"

static struct text
keep_text(struct arena *keep, struct text t)
{
	return text_absent(t) ? t : arena_copy(keep, text_trim(t));
}

static uint32_t
keep_texts(struct arena *keep, const struct yaml_node *list, struct text **out)
{
	uint32_t n = yaml_texts(list, keep, out);

	for (uint32_t i = 0; i < n; i++)
		(*out)[i] = keep_text(keep, (*out)[i]);
	return n;
}

void
load_remark(struct detection *d, struct arena *keep, struct text what)
{
	d->remarks = text_absent(d->remarks)
			 ? what
			 : arena_printf(keep, TEXT_FMT "; " TEXT_FMT, TEXT_ARG(d->remarks),
					TEXT_ARG(what));
}

/* Most keys moved from `tags` to the top level in 2026. */
static const struct yaml_node *
get_tagged(const struct yaml_node *root, const char *key)
{
	const struct yaml_node *n = yaml_get(root, key);

	return n ? n : yaml_get(yaml_get(root, "tags"), key);
}

static struct text
scalar(const struct yaml_node *n, struct arena *keep)
{
	return n && n->kind == YAML_KIND_SCALAR ? keep_text(keep, n->value) : TEXT_NONE;
}

/* What every detection has. */
static const char *const needed[] = { "name", "id", "search" };
#define NEEDED (sizeof(needed) / sizeof(needed[0]))

static bool
is_null(const struct yaml_node *n)
{
	return n->style == YAML_STYLE_PLAIN &&
	       (n->value.n == 0 || text_eq(n->value, TEXT("~")) || text_ieq(n->value, TEXT("null")));
}

/* What is wrong with the value of a key that must have a text; NULL: nothing. */
static const char *
lacks(const struct yaml_node *root, const char *key)
{
	const struct yaml_node *n = yaml_get(root, key);

	if (!n)
		return "is missing";
	if (n->kind == YAML_KIND_LIST)
		return "is a list, no text";
	if (n->kind == YAML_KIND_MAP)
		return "is a mapping, no text";
	return is_null(n) ? "is empty" : NULL;
}

bool
load_is_other(const struct yaml_node *root)
{
	struct text type = yaml_text(root, "type");

	return text_ieq(type, TEXT("Baseline")) || text_ieq(type, TEXT("Investigation"));
}

bool
load_is_detection(const struct yaml_node *root)
{
	for (size_t i = 0; i < NEEDED; i++)
		if (lacks(root, needed[i]))
			return false;
	return !load_is_other(root);
}

struct text
load_lacks(const struct yaml_node *root, struct arena *keep)
{
	struct text all = TEXT_NONE;

	if (root->kind != YAML_KIND_MAP)
		return root->kind == YAML_KIND_LIST ? TEXT("a list, no mapping of name, id and search")
						    : TEXT("a text, no mapping of name, id and search");
	for (size_t i = 0; i < NEEDED; i++) {
		const char *what = lacks(root, needed[i]);

		if (what)
			all = arena_printf(keep, TEXT_FMT "%s\"%s\" %s", TEXT_ARG(all),
					   text_absent(all) ? "" : ", ", needed[i], what);
	}
	if (text_absent(all))
		all = arena_printf(keep, "its type is " TEXT_FMT,
				   TEXT_ARG(text_head(yaml_text(root, "type"), 40)));
	return all;
}

/* The items of a list; a mapping that stands where a list should is its only item. */
static const struct yaml_node *
first_item(const struct yaml_node *list)
{
	return !list || list->kind == YAML_KIND_MAP ? list : list->first;
}

static const struct yaml_node *
next_item(const struct yaml_node *list, const struct yaml_node *item)
{
	return item == list ? NULL : item->next;
}

static bool
one_of(struct text t, const char *const *names)
{
	for (; *names; names++) {
		if (text_ieq(t, text_of(*names)))
			return true;
	}
	return false;
}

static struct risk_setting *
add_risk(struct detection *d, struct arena *keep, size_t *cap)
{
	arena_grow(keep, d->risks, d->n_risks, cap);
	return &d->risks[d->n_risks++];
}

static void
add_threat(struct detection *d, struct arena *keep, size_t *cap, struct text field,
	   struct text type)
{
	arena_grow(keep, d->threats, d->n_threats, cap);
	d->threats[d->n_threats++] = (struct threat_setting){ keep_text(keep, field),
							      keep_text(keep, type) };
}

/* The points under KEY; what cannot be points is said, and counts as not written. */
static double
points(struct detection *d, const struct yaml_node *map, const char *key, double otherwise,
       struct arena *keep)
{
	struct text t = yaml_text(map, key);
	double      value;

	if (text_absent(t))
		return otherwise;
	if (text_to_double(text_trim(t), &value) && value >= 0)
		return value;
	load_remark(d, keep,
	       arena_printf(keep, "%s " TEXT_FMT " is no number of points: it is not used", key,
			    TEXT_ARG(text_head(t, 40))));
	return otherwise;
}

/* "system" in the newer forms; type words of the older form for files between the two. */
static enum risk_object_type
risk_type(struct text type)
{
	static const char *const users[] = {"user", "username", "user name", "email address", NULL};
	static const char *const systems[] = { "system",   "device",     "endpoint",
					       "hostname", "ip address", NULL };

	return one_of(type, users) ? RISK_USER : one_of(type, systems) ? RISK_SYSTEM : RISK_OTHER;
}

static const char *
threat_type(struct text type)
{
	static const char *const processes[] = { "process name", "process", NULL };
	static const char *const files[] = { "file name", "file", "file hash", NULL };
	static const char *const urls[] = { "url string", "url", NULL };

	return one_of(type, processes)                  ? "process"
	       : one_of(type, files)                    ? "file_name"
	       : text_ieq(type, TEXT("ip address"))     ? "ip_address"
	       : one_of(type, urls)                     ? "url"
	       : text_ieq(type, TEXT("parent process")) ? "parent_process"
							: NULL;
}

static bool
has_role(const struct yaml_node *observable, const char *role)
{
	const struct yaml_node *roles = yaml_get(observable, "role");

	if (roles && roles->kind == YAML_KIND_SCALAR)
		return text_ieq(text_trim(roles->value), text_of(role));
	for (const struct yaml_node *r = roles ? roles->first : NULL; r; r = r->next) {
		if (text_ieq(text_trim(r->value), text_of(role)))
			return true;
	}
	return false;
}

/* Score of the older form: impact x confidence / 100; a written risk_score is a copy of it. */
static double
tagged_score(struct detection *d, const struct yaml_node *tags, struct arena *keep)
{
	double impact = points(d, tags, "impact", -1, keep);
	double confidence = points(d, tags, "confidence", -1, keep);
	double written = points(d, tags, "risk_score", -1, keep);

	if (impact >= 0 && confidence >= 0) {
		double score = impact * confidence / 100;

		d->impact = impact;
		d->confidence = confidence;
		if (written >= 0 && (written - score >= 1 || score - written >= 1))
			load_remark(d, keep,
			       arena_printf(keep, "risk_score %g is not impact x confidence / 100: "
						  "%g is used",
					    written, score));
		return score;
	}
	return written >= 0 ? written : 0;
}

static void
add_observable(struct detection *d, const struct yaml_node *o, double score, size_t *risk_cap,
	       size_t *threat_cap, struct arena *keep)
{
	struct text name = yaml_text(o, "name"), type = text_trim(yaml_text(o, "type"));
	bool        relative = has_role(o, "Parent Process") || has_role(o, "Child Process");

	if (text_trim(name).n == 0)
		return;
	if ((has_role(o, "Attacker") || relative) &&
	    !(has_role(o, "Victim") && risk_type(type) != RISK_OTHER)) {
		const char *known = threat_type(type);

		add_threat(d, keep, threat_cap, name,
			   known ? text_of(known) : arena_fold(keep, type));
		if (relative)
			load_remark(d, keep,
			       arena_printf(keep,
					    "observable " TEXT_FMT ": role of a process, read as "
					    "a threat object",
					    TEXT_ARG(name)));
		return;
	}
	if (has_role(o, "Victim") && text_ieq(type, TEXT("user name")))
		load_remark(d, keep,
		       arena_printf(keep, "observable " TEXT_FMT ": type User Name read as user",
				    TEXT_ARG(name)));
	*add_risk(d, keep, risk_cap) = (struct risk_setting){
		.field = keep_text(keep, name),
		.type = has_role(o, "Victim") ? risk_type(type) : RISK_OTHER,
		.score = score,
		.message = d->message,
	};
}

/* To early 2025: everything under `tags`. */
static void
risks_of_tags(struct detection *d, const struct yaml_node *root, struct arena *keep)
{
	const struct yaml_node *tags = yaml_get(root, "tags");
	const struct yaml_node *list = yaml_get(tags, "observable");
	struct text             object = yaml_text(tags, "risk_object");
	double                  score = tagged_score(d, tags, keep);
	size_t                  risk_cap = 0, threat_cap = 0;

	d->message = keep_text(keep, yaml_text(tags, "message"));
	for (const struct yaml_node *o = first_item(list); o; o = next_item(list, o))
		add_observable(d, o, score, &risk_cap, &threat_cap, keep);
	if (d->n_risks == 0 && !text_absent(object) && score > 0)
		*add_risk(d, keep, &risk_cap) = (struct risk_setting){
			.field = keep_text(keep, object),
			.type = risk_type(text_trim(yaml_text(tags, "risk_object_type"))),
			.score = score,
			.message = d->message,
		};
}

static void
threats_of_list(struct detection *d, const struct yaml_node *list, size_t *cap, struct arena *keep)
{
	for (const struct yaml_node *t = first_item(list); t; t = next_item(list, t)) {
		if (!text_absent(yaml_text(t, "field")))
			add_threat(d, keep, cap, yaml_text(t, "field"), yaml_text(t, "type"));
	}
}

/* 2025: a block of its own. */
static void
risks_of_rba(struct detection *d, const struct yaml_node *root, struct arena *keep)
{
	const struct yaml_node *rba = yaml_get(root, "rba");
	const struct yaml_node *list = yaml_get(rba, "risk_objects");
	double score = tagged_score(d, yaml_get(root, "tags"), keep);
	size_t risk_cap = 0, threat_cap = 0;

	d->message = keep_text(keep, yaml_text(rba, "message"));
	for (const struct yaml_node *o = first_item(list); o; o = next_item(list, o)) {
		if (text_absent(yaml_text(o, "field")))
			continue;
		*add_risk(d, keep, &risk_cap) = (struct risk_setting){
			.field = keep_text(keep, yaml_text(o, "field")),
			.type = risk_type(text_trim(yaml_text(o, "type"))),
			.score = points(d, o, "score", score, keep),
			.message = d->message,
		};
	}
	threats_of_list(d, yaml_get(rba, "threat_objects"), &threat_cap, keep);
}

static void
add_entity(struct detection *d, const struct yaml_node *entity, struct text message, size_t *cap,
	   struct arena *keep)
{
	struct text own = keep_text(keep, yaml_text(entity, "message"));

	if (text_absent(yaml_text(entity, "field")))
		return;
	*add_risk(d, keep, cap) = (struct risk_setting){
		.field = keep_text(keep, yaml_text(entity, "field")),
		.type = risk_type(text_trim(yaml_text(entity, "type"))),
		.score = points(d, entity, "score", 0, keep),
		.message = text_absent(own) ? message : own,
	};
	if (text_absent(d->message))
		d->message = own;
}

/* 2026: what the analyst sees, and entities that only gather risk. */
static void
risks_of_finding(struct detection *d, const struct yaml_node *root, struct arena *keep)
{
	const struct yaml_node *finding = yaml_get(root, "finding");
	const struct yaml_node *further = yaml_get(root, "intermediate_findings");
	const struct yaml_node *list = yaml_get(further, "entities");
	size_t                  risk_cap = 0, threat_cap = 0;

	d->message = keep_text(keep, yaml_text(finding, "title"));
	add_entity(d, yaml_get(finding, "entity"), d->message, &risk_cap, keep);
	for (const struct yaml_node *e = first_item(list); e; e = next_item(list, e))
		add_entity(d, e, d->message, &risk_cap, keep);
	threats_of_list(d, yaml_get(root, "threat_objects"), &threat_cap, keep);
	threats_of_list(d, yaml_get(finding, "threat_objects"), &threat_cap, keep);
	threats_of_list(d, yaml_get(further, "threat_objects"), &threat_cap, keep);
}

static void
remark_on_risks(struct detection *d, const struct yaml_node *root, struct arena *keep)
{
	const struct yaml_node *tags = yaml_get(root, "tags");
	bool                    meant = yaml_get(root, "finding") || yaml_get(root, "rba") ||
		     yaml_get(root, "intermediate_findings") || yaml_get(tags, "observable");

	if (meant && d->n_risks == 0)
		load_remark(d, keep, TEXT("gives no risk: it names no risk object"));
	for (size_t i = 0; i < d->n_risks; i++)
		if (d->risks[i].score <= 0)
			load_remark(d, keep,
				    arena_printf(keep, "risk object " TEXT_FMT " has no score: it "
						 "gets no risk", TEXT_ARG(d->risks[i].field)));
}

/* A file that mixes forms: the newest one wins. */
static void
read_risks(struct detection *d, const struct yaml_node *root, struct arena *keep)
{
	if (yaml_get(root, "finding") || yaml_get(root, "intermediate_findings"))
		risks_of_finding(d, root, keep);
	else if (yaml_get(root, "rba"))
		risks_of_rba(d, root, keep);
	else
		risks_of_tags(d, root, keep);
	if (text_ieq(d->type, TEXT("Hunting")) && d->n_risks) {
		d->n_risks = 0;
		load_remark(d, keep, TEXT("Hunting gives no risk: its risk objects are not used"));
	}
	/* Its files have a score of 0 for that; older ones have points, which nothing counts. */
	if (text_ieq(d->type, TEXT("Correlation")))
		d->n_risks = 0;
	else if (!text_ieq(d->type, TEXT("Hunting")))
		remark_on_risks(d, root, keep);
}

static void
read_drilldowns(struct detection *d, const struct yaml_node *root, struct arena *keep)
{
	const struct yaml_node *list = yaml_get(root, "drilldown_searches");
	size_t                  cap = 0;

	for (const struct yaml_node *n = first_item(list); n; n = next_item(list, n)) {
		if (text_absent(yaml_text(n, "search")))
			continue;
		arena_grow(keep, d->drilldowns, d->n_drilldowns, &cap);
		d->drilldowns[d->n_drilldowns++] = (struct drilldown){
			.name = keep_text(keep, yaml_text(n, "name")),
			.search = keep_text(keep, yaml_text(n, "search")),
			.earliest_offset = keep_text(keep, yaml_text(n, "earliest_offset")),
			.latest_offset = keep_text(keep, yaml_text(n, "latest_offset")),
		};
	}
}

static void
read_attack(struct detection *d, const struct yaml_node *root, struct arena *keep)
{
	uint32_t tactics = 0;

	d->n_techniques = keep_texts(keep, get_tagged(root, "mitre_attack_id"), &d->techniques);
	for (uint32_t i = 0; i < d->n_techniques; i++) {
		uint32_t of_one = attack_tactics(d->techniques[i]);

		if (!of_one)
			load_remark(d, keep,
			       arena_printf(keep, "technique " TEXT_FMT " is not in ATT&CK %s",
					    TEXT_ARG(d->techniques[i]), ATTACK_VERSION));
		tactics |= of_one;
	}
	d->tactics = attack_tactic_names(tactics, keep);
}

/* Data sources are names, or mappings with a name. */
static void
read_data_sources(struct detection *d, const struct yaml_node *root, struct arena *keep)
{
	const struct yaml_node *list = yaml_get(root, "data_source");
	size_t                  cap = 0;

	for (const struct yaml_node *n = first_item(list); n; n = next_item(list, n)) {
		struct text name = n->kind == YAML_KIND_MAP ? yaml_text(n, "name") : n->value;

		if (text_absent(name))
			continue;
		arena_grow(keep, d->data_sources, d->n_data_sources, &cap);
		d->data_sources[d->n_data_sources++] = keep_text(keep, name);
	}
}

/* A list `tests` of data, or to 2024 the list `dataset` of one test. */
static void
read_tests(struct detection *d, const struct yaml_node *root, struct arena *keep)
{
	const struct yaml_node *list = yaml_get(root, "tests");
	const struct yaml_node *older = get_tagged(root, "dataset");
	struct detection_test   t = { .name = TEXT("dataset") };
	size_t                  cap = 0, data_cap;

	for (const struct yaml_node *n = first_item(list); n; n = next_item(list, n)) {
		const struct yaml_node *data = yaml_get(n, "attack_data");

		t = (struct detection_test){ .name = keep_text(keep, yaml_text(n, "name")) };
		data_cap = 0;
		for (const struct yaml_node *one = first_item(data); one;
		     one = next_item(data, one)) {
			if (text_absent(yaml_text(one, "data")))
				continue;
			arena_grow(keep, t.data, t.n_data, &data_cap);
			t.data[t.n_data++] = keep_text(keep, yaml_text(one, "data"));
		}
		if (!t.n_data)
			continue;
		arena_grow(keep, d->tests, d->n_tests, &cap);
		d->tests[d->n_tests++] = t;
	}
	if (d->n_tests || !older)
		return;
	t.n_data = keep_texts(keep, older, &t.data);
	if (t.n_data) {
		arena_grow(keep, d->tests, d->n_tests, &cap);
		d->tests[d->n_tests++] = t;
	}
}

/* The macro at the end of the search; its name follows from the detection's when there is none. */
static struct text
filter_macro(const struct detection *d, struct arena *keep)
{
	static const char suffix[] = "_filter`";
	struct text       s = d->search_text;
	char             *name;
	size_t            n = d->name.n;

	for (size_t end = s.n; end >= sizeof(suffix) - 1; end--) {
		struct text head = text_head(s, end);
		size_t      open;

		if (!text_eq(text_from(head, end - (sizeof(suffix) - 1)), text_of(suffix)))
			continue;
		open = text_rfind_byte(text_head(s, end - 1), '`');
		if (open != TEXT_NOWHERE)
			return (struct text){ s.p + open + 1, end - open - 2 };
	}
	name = arena_new(keep, char, n + sizeof("_filter"));
	text_fold(name, d->name);
	for (size_t i = 0; i < n; i++) {
		if (name[i] == ' ' || name[i] == '-' || name[i] == '.' || name[i] == '/')
			name[i] = '_';
	}
	memcpy(name + n, "_filter", sizeof("_filter"));
	return (struct text){ name, n + sizeof("_filter") - 1 };
}

static void
read_type(struct detection *d, const struct yaml_node *root, struct arena *keep)
{
	static const char *const known[] = { "TTP", "Anomaly", "Hunting", "Correlation", NULL };
	const struct yaml_node  *type = yaml_get(root, "type");

	d->type = scalar(type, keep);
	if (text_ieq(d->type, TEXT("batch")) || text_ieq(d->type, TEXT("streaming"))) {
		load_remark(d, keep, arena_printf(keep, "type " TEXT_FMT " of the 2021 form read as TTP",
					     TEXT_ARG(d->type)));
		d->type = TEXT("TTP");
	}
	if (!text_absent(d->type) && !one_of(d->type, known)) {
		load_remark(d, keep,
			    arena_printf(keep, "type " TEXT_FMT " is unknown: read as TTP",
					 TEXT_ARG(text_head(d->type, 40))));
		d->type = TEXT_NONE;
	} else if (type && type->kind != YAML_KIND_SCALAR) {
		load_remark(d, keep, TEXT("its type is no text: read as TTP"));
	}
	if (text_absent(d->type))
		d->type = TEXT("TTP");
}

static void
read_search(struct detection *d, const struct yaml_node *root, struct text source,
	    struct arena *keep)
{
	const struct yaml_node *search = yaml_get(root, "search");

	d->search_text = arena_copy(keep, search->value);
	d->search_place.file = d->source;
	yaml_value_place(search, source, &d->search_place.line, &d->search_place.column);
	d->filter_macro = filter_macro(d, keep);
}

bool
load_detection(struct detection *out, const struct yaml_node *root, struct text file,
	       struct text source, struct arena *keep, struct err *err)
{
	struct detection d = { .source = file };
	struct text      date = yaml_text(root, "date");

	if (!load_is_detection(root)) {
		err_set(err, ERR_RULE, "not a detection: " TEXT_FMT, TEXT_ARG(load_lacks(root, keep)));
		return err_where(err, "%u:%u", root->line, root->column);
	}
	d.id = scalar(yaml_get(root, "id"), keep);
	d.name = scalar(yaml_get(root, "name"), keep);
	d.status = scalar(yaml_get(root, "status"), keep);
	d.description = scalar(yaml_get(root, "description"), keep);
	d.author = scalar(yaml_get(root, "author"), keep);
	d.date = keep_text(keep, text_absent(date) ? yaml_text(root, "modification_date") : date);
	d.version = scalar(yaml_get(root, "version"), keep);
	d.how_to_implement = scalar(yaml_get(root, "how_to_implement"), keep);
	d.known_false_positives = scalar(yaml_get(root, "known_false_positives"), keep);
	d.security_domain = scalar(get_tagged(root, "security_domain"), keep);
	d.asset_type = scalar(get_tagged(root, "asset_type"), keep);
	d.n_stories = keep_texts(keep, get_tagged(root, "analytic_story"), &d.stories);
	d.n_kill_chain = keep_texts(keep, get_tagged(root, "kill_chain_phases"), &d.kill_chain);
	d.n_references = keep_texts(keep, yaml_get(root, "references"), &d.references);
	read_type(&d, root, keep);
	read_data_sources(&d, root, keep);
	read_tests(&d, root, keep);
	read_attack(&d, root, keep);
	read_search(&d, root, source, keep);
	read_risks(&d, root, keep);
	read_drilldowns(&d, root, keep);
	*out = d;
	return true;
}

bool
load_macro(struct macro *out, const struct yaml_node *root, struct text file, struct text source,
	   struct arena *keep)
{
	static const char *const yes[] = { "1", "true", "yes", NULL };
	const struct yaml_node  *definition = yaml_get(root, "definition");
	struct text              name = yaml_text(root, "name");

	if (text_absent(name) || !definition || definition->kind != YAML_KIND_SCALAR)
		return false;
	*out = (struct macro){
		.name = keep_text(keep, name),
		.definition = keep_text(keep, definition->value),
		.is_eval = one_of(text_trim(yaml_text(root, "iseval")), yes),
		.place = { .file = file },
	};
	yaml_value_place(definition, source, &out->place.line, &out->place.column);
	out->n_args = keep_texts(keep, yaml_get(root, "arguments"), &out->args);
	return true;
}

/* match_type: a list, or one text with commas; KIND(column) stands for each column it names. */
static uint32_t
columns_of(const struct yaml_node *root, const char *kind, struct text **out, struct arena *keep)
{
	struct text *items;
	uint32_t     n_items = yaml_texts(yaml_get(root, "match_type"), keep, &items), n = 0;
	size_t       cap = 0;

	*out = NULL;
	for (uint32_t i = 0; i < n_items; i++) {
		struct text rest = items[i];

		while (!text_absent(rest)) {
			struct text one = text_trim(text_cut(&rest, ','));
			struct text column = one;
			struct text word = text_trim(text_cut(&column, '('));

			if (text_absent(column) || !text_ieq(word, text_of(kind)))
				continue;
			arena_grow(keep, *out, n, &cap);
			(*out)[n++] = text_trim(text_cut(&column, ')'));
		}
	}
	return n;
}

static uint64_t
count_of(const struct yaml_node *root, const char *key)
{
	uint64_t n;

	return text_to_u64(text_trim(yaml_text(root, key)), &n) ? n : 0;
}

bool
load_lookup(struct lookups *to, const struct yaml_node *root, struct text file,
	    struct arena scratch)
{
	struct text           name = text_trim(yaml_text(root, "name")), *columns;
	struct text           csv = text_trim(yaml_text(root, "filename"));
	struct text           stem = text_head(file, text_rfind_byte(file, '.'));
	size_t                slash = text_rfind_byte(file, '/');
	struct lookup_options options = {
	    .ignore_case =
		text_ieq(text_trim(yaml_text(root, "case_sensitive_match")), TEXT("false")),
	    .default_match = yaml_text(root, "default_match"),
	    .min_matches = count_of(root, "min_matches"),
	    .max_matches = count_of(root, "max_matches"),
	};

	if (name.n == 0)
		return false;
	if (text_ieq(text_trim(yaml_text(root, "lookup_type")), TEXT("kvstore")) ||
	    (csv.n == 0 && yaml_get(root, "collection"))) {
		uint32_t n = yaml_texts(yaml_get(root, "fields"), &scratch, &columns);

		lookups_add_empty(to, name, columns, n);
		return true;
	}
	options.n_wildcards = columns_of(root, "WILDCARD", &columns, &scratch);
	options.wildcards = columns;
	options.n_networks = columns_of(root, "CIDR", &columns, &scratch);
	options.networks = columns;
	if (csv.n && slash != TEXT_NOWHERE)
		csv = arena_join(&scratch, text_head(file, slash + 1), text_last_part(csv));
	else if (csv.n == 0)
		csv = arena_join(&scratch, stem, TEXT(".csv"));
	lookups_add(to, name, csv, &options);
	return true;
}
