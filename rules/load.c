/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/load.h"

#include "rules/attack.h"
#include "rules/load_parts.h"

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
	return n && n->kind == YAML_KIND_SCALAR ? load_text(keep, n->value) : TEXT_NONE;
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

static void
read_drilldowns(struct detection *d, const struct yaml_node *root, struct arena *keep)
{
	const struct yaml_node *list = yaml_get(root, "drilldown_searches");
	size_t                  cap = 0;

	for (const struct yaml_node *n = load_first(list); n; n = load_next(list, n)) {
		if (text_absent(yaml_text(n, "search")))
			continue;
		arena_grow(keep, d->drilldowns, d->n_drilldowns, &cap);
		d->drilldowns[d->n_drilldowns++] = (struct drilldown){
			.name = load_text(keep, yaml_text(n, "name")),
			.search = load_text(keep, yaml_text(n, "search")),
			.earliest_offset = load_text(keep, yaml_text(n, "earliest_offset")),
			.latest_offset = load_text(keep, yaml_text(n, "latest_offset")),
		};
	}
}

static void
read_attack(struct detection *d, const struct yaml_node *root, struct arena *keep)
{
	uint32_t tactics = 0;

	d->n_techniques = load_texts(keep, get_tagged(root, "mitre_attack_id"), &d->techniques);
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

const struct framework frameworks[FRAMEWORKS] = {
	{ "kill_chain_phases", "Kill chain" },
	{ "nist", "NIST" },
	{ "cis20", "CIS" },
	{ "cve", "CVE" },
};

static void
read_annotations(struct detection *d, const struct yaml_node *root, struct arena *keep)
{
	size_t cap = 0;

	for (size_t i = 0; i < FRAMEWORKS; i++) {
		struct text *values;
		uint32_t     n = load_texts(keep, get_tagged(root, frameworks[i].key), &values);

		for (uint32_t k = 0; k < n; k++) {
			arena_grow(keep, d->annotations, d->n_annotations, &cap);
			d->annotations[d->n_annotations++] =
			    (struct annotation){ &frameworks[i], values[k] };
		}
	}
}

/* Data sources are names, or mappings with a name. */
static void
read_data_sources(struct detection *d, const struct yaml_node *root, struct arena *keep)
{
	const struct yaml_node *list = yaml_get(root, "data_source");
	size_t                  cap = 0;

	for (const struct yaml_node *n = load_first(list); n; n = load_next(list, n)) {
		struct text name = n->kind == YAML_KIND_MAP ? yaml_text(n, "name") : n->value;

		if (text_absent(name))
			continue;
		arena_grow(keep, d->data_sources, d->n_data_sources, &cap);
		d->data_sources[d->n_data_sources++] = load_text(keep, name);
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

	for (const struct yaml_node *n = load_first(list); n; n = load_next(list, n)) {
		const struct yaml_node *data = yaml_get(n, "attack_data");

		t = (struct detection_test){ .name = load_text(keep, yaml_text(n, "name")) };
		data_cap = 0;
		for (const struct yaml_node *one = load_first(data); one;
		     one = load_next(data, one)) {
			if (text_absent(yaml_text(one, "data")))
				continue;
			arena_grow(keep, t.data, t.n_data, &data_cap);
			t.data[t.n_data++] = load_text(keep, yaml_text(one, "data"));
		}
		if (!t.n_data)
			continue;
		arena_grow(keep, d->tests, d->n_tests, &cap);
		d->tests[d->n_tests++] = t;
	}
	if (d->n_tests || !older)
		return;
	t.n_data = load_texts(keep, older, &t.data);
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
	if (!text_absent(d->type) && !load_one_of(d->type, known)) {
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
	d.date = load_text(keep, text_absent(date) ? yaml_text(root, "modification_date") : date);
	d.version = scalar(yaml_get(root, "version"), keep);
	d.how_to_implement = scalar(yaml_get(root, "how_to_implement"), keep);
	d.known_false_positives = scalar(yaml_get(root, "known_false_positives"), keep);
	d.security_domain = scalar(get_tagged(root, "security_domain"), keep);
	d.asset_type = scalar(get_tagged(root, "asset_type"), keep);
	d.n_stories = load_texts(keep, get_tagged(root, "analytic_story"), &d.stories);
	d.n_references = load_texts(keep, yaml_get(root, "references"), &d.references);
	read_type(&d, root, keep);
	read_data_sources(&d, root, keep);
	read_tests(&d, root, keep);
	read_attack(&d, root, keep);
	read_annotations(&d, root, keep);
	read_search(&d, root, source, keep);
	load_risks(&d, root, keep);
	read_drilldowns(&d, root, keep);
	*out = d;
	return true;
}
