/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom a detection gives risk, and how much, in the forms of the years. */
#include "config.h"

#include "rules/load_parts.h"

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
	d->threats[d->n_threats++] = (struct threat_setting){ load_text(keep, field),
							      load_text(keep, type) };
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

	return load_one_of(type, users) ? RISK_USER : load_one_of(type, systems) ? RISK_SYSTEM : RISK_OTHER;
}

static const char *
threat_type(struct text type)
{
	static const char *const processes[] = { "process name", "process", NULL };
	static const char *const files[] = { "file name", "file", "file hash", NULL };
	static const char *const urls[] = { "url string", "url", NULL };

	return load_one_of(type, processes)                  ? "process"
	       : load_one_of(type, files)                    ? "file_name"
	       : text_ieq(type, TEXT("ip address"))     ? "ip_address"
	       : load_one_of(type, urls)                     ? "url"
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
		.field = load_text(keep, name),
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

	d->message = load_text(keep, yaml_text(tags, "message"));
	for (const struct yaml_node *o = load_first(list); o; o = load_next(list, o))
		add_observable(d, o, score, &risk_cap, &threat_cap, keep);
	if (d->n_risks == 0 && !text_absent(object) && score > 0)
		*add_risk(d, keep, &risk_cap) = (struct risk_setting){
			.field = load_text(keep, object),
			.type = risk_type(text_trim(yaml_text(tags, "risk_object_type"))),
			.score = score,
			.message = d->message,
		};
}

static void
threats_of_list(struct detection *d, const struct yaml_node *list, size_t *cap, struct arena *keep)
{
	for (const struct yaml_node *t = load_first(list); t; t = load_next(list, t)) {
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

	d->message = load_text(keep, yaml_text(rba, "message"));
	for (const struct yaml_node *o = load_first(list); o; o = load_next(list, o)) {
		if (text_absent(yaml_text(o, "field")))
			continue;
		*add_risk(d, keep, &risk_cap) = (struct risk_setting){
			.field = load_text(keep, yaml_text(o, "field")),
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
	struct text own = load_text(keep, yaml_text(entity, "message"));

	if (text_absent(yaml_text(entity, "field")))
		return;
	*add_risk(d, keep, cap) = (struct risk_setting){
		.field = load_text(keep, yaml_text(entity, "field")),
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

	d->message = load_text(keep, yaml_text(finding, "title"));
	add_entity(d, yaml_get(finding, "entity"), d->message, &risk_cap, keep);
	for (const struct yaml_node *e = load_first(list); e; e = load_next(list, e))
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
void
load_risks(struct detection *d, const struct yaml_node *root, struct arena *keep)
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
