/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/model_rows.h"

#include "base/when.h"
#include "rules/attack.h"
#include "rules/detection.h"
#include "rules/functions.h"
#include "rules/leaf.h"

struct model_rows_args {
	enum model model;
	bool       plain;
};

/* Data models, or data sets of one, that nothing auger reads can fill, by what they hold. */
static const struct {
	const char *model, *holds;
} closed_sets[] = {
	{ "Alerts", "alerts of other products" },
	{ "Application_State", "states of services and ports" },
	{ "Authentication.Default_Authentication", "log-ons with accounts that an asset list names" },
	{ "Authentication.Insecure_Authentication", "log-ons without encryption" },
	{ "Certificates", "certificates seen on the network" },
	{ "Change.Endpoint_Changes", "changes that other products record" },
	{ "Change.Instance_Changes", "changes of machines in a cloud" },
	{ "Change.Network_Changes", "changes of network devices" },
	{ "Compute_Inventory", "inventories of machines" },
	{ "Data_Access", "accesses to data that other products record" },
	{ "Data_Loss_Prevention", "incidents of data loss prevention" },
	{ "Databases", "logs of databases" },
	{ "DLP", "incidents of data loss prevention" },
	{ "Email", "logs of mail servers" },
	{ "Event_Signatures", "signatures of events" },
	{ "Identity_Management", "lists of identities and assets" },
	{ "Incident_Management", "notable events of a Splunk server" },
	{ "Interprocess_Messaging", "logs of message queues" },
	{ "Intrusion_Detection", "alerts of intrusion detection" },
	{ "JVM", "states of Java machines" },
	{ "Malware.Malware_Operations", "states of antivirus products" },
	{ "Network_Sessions", "logs of DHCP and VPN servers" },
	{ "Network_Traffic.Blocked_Traffic", "connections that a firewall stopped" },
	{ "Performance", "measurements" },
	{ "Splunk_Audit", "logs of Splunk itself" },
	{ "Splunk_CIM_Validation", "logs of Splunk itself" },
	{ "Threat_Intelligence", "lists of a Splunk server" },
	{ "Ticket_Management", "tickets" },
	{ "UEBA", "findings about behaviour" },
	{ "Vulnerabilities", "results of vulnerability scanners" },
	{ "Web", "logs of proxies and web servers" },
};

/* NAME is MODEL itself, a data set of it, or, where MODEL has a set, that set or one within it. */
static bool
is_of(struct text name, struct text model)
{
	struct text set = model, root = text_cut(&set, '.'), rest = name;

	if (!text_ieq(text_cut(&rest, '.'), root))
		return false;
	while (!text_absent(set) && !text_absent(rest))
		if (text_ieq(text_cut(&rest, '.'), set))
			return true;
	return text_absent(set);
}

bool
model_rows_find(struct scan *s, const char *at, struct text name, enum model *out, bool *closed)
{
	*out = model_find(name);
	*closed = false;
	if (*out == MODEL_RISK)
		s->c->search->reads_risk = true;
	if (*out != MODEL_NONE)
		return true;
	for (size_t i = 0; i < sizeof(closed_sets) / sizeof(closed_sets[0]); i++)
		if (is_of(name, text_of(closed_sets[i].model))) {
			compile_reserve(s->c, "data model \"" TEXT_FMT "\" has no rows: it holds %s, "
					"which auger does not read",
					TEXT_ARG(text_head(name, 80)), closed_sets[i].holds);
			*closed = true;
			return true;
		}
	return scan_fail(s, at, "data model \"" TEXT_FMT "\" is not supported: event logs fill "
			 "Endpoint (Processes, Registry, Filesystem, Services), Network_Traffic, "
			 "Network_Resolution, Authentication, Change, Updates and Malware; "
			 "findings fill Risk",
			 TEXT_ARG(text_head(name, 80)));
}

bool
model_rows_name(struct scan *s, struct text *name)
{
	struct text part;

	if (!scan_value(s, name, "the name of a data model"))
		return false;
	while (s->at < s->end && (*s->at == '.' || *s->at == '"')) {
		s->at += *s->at == '.';
		if (!scan_value(s, &part, "the name of a data set"))
			return false;
		*name = arena_printf(s->c->keep, TEXT_FMT "." TEXT_FMT,
				     TEXT_ARG(text_iends(*name, TEXT(".")) ? text_head(*name, name->n - 1) : *name),
				     TEXT_ARG(part));
	}
	return true;
}

bool
model_rows_parse(struct scan *s, struct stage *stage, const char *at, struct text name, bool plain)
{
	struct compile         *c = s->c;
	struct model_rows_args *args = arena_new(c->keep, struct model_rows_args, 1);
	struct leaf             leaf = { .exact = true };
	bool                    closed;

	stage->args = args;
	args->plain = plain;
	if (!model_rows_find(s, at, name, &args->model, &closed))
		return false;
	if (args->model != MODEL_RISK)
		leaf.pred = closed ? pred_false() : pred_model(c->keep, args->model);
	stage->leaf = leaf_add(c, &leaf);
	stage->has_leaf = args->model != MODEL_RISK;
	if (plain && args->model != MODEL_RISK)
		c->model = stage->row_model = args->model;
	else if (args->model != MODEL_RISK)
		stage->row_prefixed = args->model;
	return true;
}

static const char *const risk_columns[] = {
    "_time",
    "risk_object",
    "normalized_risk_object",
    "risk_object_type",
    "calculated_risk_score",
    "risk_score",
    "risk_message",
    "source",
    "search_name",
    "analyticstories",
    "threat_object",
    "threat_object_type",
    "annotations",
    "annotations._all",
    "annotations._frameworks",
    "annotations.mitre_attack",
    "annotations.mitre_attack.mitre_technique",
    "annotations.mitre_attack.mitre_technique_id",
    "annotations.mitre_attack.mitre_tactic",
    "annotations.mitre_attack.mitre_tactic_id",
    "annotations.kill_chain_phases",
    "annotations.nist",
    "annotations.cis20",
    "annotations.cve",
    "risk_event_id",
};

void
model_rows_columns(const struct stage *stage, struct columns *columns)
{
	const struct model_rows_args *args = stage->args;

	if (args->model != MODEL_RISK)
		return;
	columns_only(columns);
	for (size_t i = 0; i < sizeof(risk_columns) / sizeof(risk_columns[0]); i++)
		columns_add(columns, text_of(risk_columns[i]));
	columns->open = true; /* those of the rows that risk comes from */
}

/* A text of parts as a field with several values; empty: null. */
static struct value
list_of(struct text t, char separator, struct arena *keep)
{
	struct value *items = NULL;
	size_t        n = 0, cap = 0;

	while (!text_absent(t)) {
		struct text part = text_trim(text_cut(&t, separator));

		if (part.n == 0)
			continue;
		arena_grow(keep, items, n, &cap);
		items[n++] = value_of_text(part);
	}
	return value_of_list(items, n);
}

/* Ids of the tactics of all techniques of a risk event. */
static struct value
tactic_ids(struct text techniques, struct arena *keep)
{
	uint32_t tactics = 0;

	while (!text_absent(techniques))
		tactics |= attack_tactics(text_trim(text_cut(&techniques, ' ')));
	return list_of(attack_tactic_ids(tactics, keep), ' ', keep);
}

static struct value
technique_names(struct text techniques, struct arena *keep)
{
	struct value *items = NULL;
	size_t        n = 0, cap = 0;

	while (!text_absent(techniques)) {
		struct text name = attack_name(text_trim(text_cut(&techniques, ' ')));

		if (name.n == 0)
			continue;
		arena_grow(keep, items, n, &cap);
		items[n++] = value_of_text(name);
	}
	return value_of_list(items, n);
}

/* What the framework says of the rule. */
static struct value
said_by(struct text key, struct text annotations, struct arena *keep)
{
	struct value *items = NULL;
	size_t        n = 0, cap = 0;

	while (!text_absent(annotations)) {
		struct text value = text_cut(&annotations, '\n');

		if (!text_eq(text_cut(&value, '='), key) || !value.n)
			continue;
		arena_grow(keep, items, n, &cap);
		items[n++] = value_of_text(value);
	}
	return value_of_list(items, n);
}

/* As Enterprise Security keeps it: an object of lists by framework. */
static struct text
annotations_json(const struct risk_event *re, struct arena *keep)
{
	struct text  others = TEXT("");
	struct value stories = list_of(re->stories, '\n', keep);
	struct value techniques = list_of(re->technique, ' ', keep);

	const struct value *story, *technique;
	size_t              n_stories = value_items(&stories, &story);
	size_t              n_techniques = value_items(&techniques, &technique);

	for (size_t i = 0; i < FRAMEWORKS; i++) {
		struct value        said = said_by(text_of(frameworks[i].key), re->annotations, keep);
		const struct value *item;
		size_t              n = value_items(&said, &item);

		if (n)
			others = arena_printf(keep, TEXT_FMT ",\"%s\":" TEXT_FMT, TEXT_ARG(others),
					      frameworks[i].key, TEXT_ARG(json_list(item, n, keep)));
	}
	return arena_printf(keep,
			    "{\"analytic_story\":" TEXT_FMT ",\"mitre_attack\":" TEXT_FMT TEXT_FMT "}",
			    TEXT_ARG(json_list(story, n_stories, keep)),
			    TEXT_ARG(json_list(technique, n_techniques, keep)), TEXT_ARG(others));
}

struct risk_rows {
	struct stage_run *sr;
	struct span       span;
	struct text       prefix;
};

static void
set_field(struct row *row, const struct risk_rows *r, const char *name, struct value v)
{
	struct arena *keep = r->sr->run->scratch;
	struct text   full = text_of(name);

	if (r->prefix.n && name[0] != '_')
		full =
		    arena_printf(keep, TEXT_FMT "." TEXT_FMT, TEXT_ARG(r->prefix), TEXT_ARG(full));
	row_set(row, full, v, keep);
}

static void
set_text(struct row *row, const struct risk_rows *r, const char *name, struct text t)
{
	set_field(row, r, name, t.n ? value_of_text(t) : (struct value){ 0 });
}

static void
set_frameworks(struct row *row, const struct risk_rows *r, const struct risk_event *re)
{
	struct arena *keep = r->sr->run->scratch;
	struct value *names = arena_new(keep, struct value, FRAMEWORKS + 1);
	size_t        n = 0;

	if (re->technique.n)
		names[n++] = value_of_text(TEXT("mitre_attack"));
	for (size_t i = 0; i < FRAMEWORKS; i++) {
		struct text  key = text_of(frameworks[i].key);
		struct value said = said_by(key, re->annotations, keep);

		if (said.kind == VALUE_NULL)
			continue;
		names[n++] = value_of_text(key);
		set_field(row, r,
			  arena_printf(keep, "annotations." TEXT_FMT, TEXT_ARG(key)).p, said);
	}
	set_field(row, r, "annotations._frameworks", value_of_list(names, n));
}

/* The fields of the result row, which those of the risk event replace. */
static void
set_own_fields(struct row *row, const struct risk_rows *r, struct text fields)
{
	struct arena *keep = r->sr->run->scratch;

	while (!text_absent(fields)) {
		struct text value = text_cut(&fields, RISK_SEPARATOR);
		struct text name = text_cut(&value, RISK_VALUE);

		if (text_absent(value) || value.n == 0 || name.n == 0)
			continue;
		if (r->prefix.n && name.p[0] != '_')
			name = arena_printf(keep, TEXT_FMT "." TEXT_FMT, TEXT_ARG(r->prefix),
					    TEXT_ARG(name));
		row_set(row, name, list_of(value, '\n', keep), keep);
	}
}

static bool
risk_row(void *ctx, const struct risk_event *re)
{
	struct risk_rows *r = ctx;
	struct run       *run = r->sr->run;
	char             *mark = pipe_mark(run);
	struct row row = {.time_ns = WHEN_NONE, .first_ns = re->time_ns, .last_ns = re->time_ns};
	bool              more;

	set_own_fields(&row, r, re->row);
	if (re->time_ns != WHEN_NONE)
		set_field(&row, r, "_time", value_of_time(re->time_ns));
	set_text(&row, r, "risk_object", re->object.value);
	set_text(&row, r, "normalized_risk_object", re->normalized);
	set_text(&row, r, "risk_object_type", text_of(risk_object_type_name(re->object.type)));
	set_field(&row, r, "calculated_risk_score", value_of_number(re->object.score));
	set_field(&row, r, "risk_score", value_of_number(risk_object_base(&re->object)));
	set_text(&row, r, "risk_message", re->object.message);
	set_text(&row, r, "source", re->rule);
	/* A default field has no prefix in tstats. */
	row_set(&row, TEXT("source"), value_of_text(re->rule), run->scratch);
	set_text(&row, r, "search_name", re->rule);
	set_field(&row, r, "analyticstories", list_of(re->stories, '\n', run->scratch));
	set_field(&row, r, "threat_object", list_of(re->threats, RISK_SEPARATOR, run->scratch));
	set_field(&row, r, "threat_object_type",
		  list_of(re->threat_types, RISK_SEPARATOR, run->scratch));
	set_text(&row, r, "annotations", annotations_json(re, run->scratch));
	set_frameworks(&row, r, re);
	set_field(&row, r, "annotations._all", list_of(re->annotations_all, '\n', run->scratch));
	set_field(&row, r, "annotations.mitre_attack", list_of(re->technique, ' ', run->scratch));
	set_field(&row, r, "annotations.mitre_attack.mitre_technique",
		  technique_names(re->technique, run->scratch));
	set_field(&row, r, "annotations.mitre_attack.mitre_technique_id",
		  list_of(re->technique, ' ', run->scratch));
	set_field(&row, r, "annotations.mitre_attack.mitre_tactic",
		  list_of(re->tactic, ',', run->scratch));
	set_field(&row, r, "annotations.mitre_attack.mitre_tactic_id",
		  tactic_ids(re->technique, run->scratch));
	set_field(&row, r, "risk_event_id", value_of_number((double)re->id));
	more = pipe_emit(r->sr, &row);
	pipe_release(run, mark);
	return more;
}

bool
model_rows_risk(struct stage_run *sr, uint32_t leaf, struct text prefix)
{
	const struct source *source = sr->run->request ? sr->run->request->source : NULL;
	struct risk_rows     r = { .sr = sr, .prefix = prefix };

	if (!source || !source->risk)
		return pipe_fail(sr->run, ERR_USAGE, "there are no risk events to read here");
	r.span = leaf_range(sr->run, &sr->run->search->leaves[leaf]);
	if (!source->risk(source->self, r.span, risk_row, &r, sr->run->err))
		sr->run->failed = true;
	return !sr->run->failed;
}

bool
model_rows_generate(struct stage_run *sr)
{
	const struct model_rows_args *args = sr->stage->args;

	if (args->model != MODEL_RISK)
		return leaf_run(sr, sr->stage->leaf, NULL);
	return model_rows_risk(sr, sr->stage->leaf,
			       args->plain ? TEXT("") : model_prefix(MODEL_RISK));
}
