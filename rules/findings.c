/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result row as a finding: message, risk objects, key, events behind it. */
#include "config.h"

#include "base/decoded.h"
#include "base/digest.h"
#include "base/when.h"
#include "rules/detection.h"

/* Fields that name the host or the user a row is about, best first. What logged the events before
 * their dest: that is the other end of a connection, too. */
static const char *const host_fields[] = { "Computer", "ComputerName", "host", "dvc",
					   "dest",     "dest_host",    NULL };
static const char *const user_fields[] = { "user",           "User",           "src_user",
					   "TargetUserName", "SubjectUserName", "user_id",
					   "UserID",         NULL };

static const char *const risk_fields[] = { "risk_object", "normalized_risk_object", NULL };

/* What fillnull, the data models and Windows write where there is no value. */
static bool
names_nothing(struct text value)
{
	static const char *const nothing[] = {"",  "-", "0", "null", "unknown", "NOT_TRANSLATED",
					      NULL};

	value = text_trim(value);
	for (size_t i = 0; nothing[i]; i++) {
		if (text_ieq(value, text_of(nothing[i])))
			return true;
	}
	return false;
}

/* The first value of the field that names something; absent when there is none. */
static struct text
entity_of(const struct row *row, struct text field, struct arena *keep)
{
	struct value        value = row_get(row, field, keep);
	const struct value *items;
	size_t              n = value_items(&value, &items);

	for (size_t i = 0; i < n; i++) {
		struct text one = value_text(&items[i], '\n', keep);

		if (!names_nothing(one))
			return one;
	}
	return TEXT_NONE;
}

static struct text
first_entity(const struct row *row, const char *const *fields, struct arena *keep)
{
	for (; *fields; fields++) {
		struct text found = entity_of(row, text_of(*fields), keep);

		if (!text_absent(found))
			return found;
	}
	return TEXT_NONE;
}

static void
add_remark(struct finding *f, struct text what, struct arena *keep)
{
	if (text_absent(what) ||
	    (!text_absent(f->remarks) && text_find(f->remarks, what) != TEXT_NOWHERE))
		return;
	f->remarks = text_absent(f->remarks) ? what
					     : arena_printf(keep, TEXT_FMT "; " TEXT_FMT,
							    TEXT_ARG(f->remarks), TEXT_ARG(what));
}

static bool
has_object(const struct risk_object *objects, uint32_t n, struct text value,
	   enum risk_object_type type)
{
	for (uint32_t i = 0; i < n; i++) {
		if (objects[i].type == type && text_eq(objects[i].value, value))
			return true;
	}
	return false;
}

/* One risk object per distinct value of the field. */
static void
add_objects(struct finding *f, const struct risk_setting *risk, struct text message,
	    const struct row *row, struct risk_object **objects, size_t *cap, struct arena *keep)
{
	struct value        value = row_get(row, risk->field, keep);
	const struct value *items;
	size_t              n = value_items(&value, &items);
	bool                named = false;

	for (size_t i = 0; i < n; i++) {
		struct text one = value_text(&items[i], '\n', keep);

		named |= !names_nothing(one);
		if (names_nothing(one) || has_object(*objects, f->n_objects, one, risk->type))
			continue;
		arena_grow(keep, *objects, f->n_objects, cap);
		(*objects)[f->n_objects++] =
		    (struct risk_object){ .value = one, .type = risk->type, .score = risk->score,
					  .message = message };
		if (risk->score > f->risk_score)
			f->risk_score = risk->score;
	}
	if (!named)
		add_remark(f,
			   arena_printf(keep, "risk object " TEXT_FMT ": the row names none",
					TEXT_ARG(risk->field)),
			   keep);
}

/* The highest score first: where one object is shown for all, it is the one that has the score of
 * the finding. */
static void
order_objects(struct risk_object *objects, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++) {
		struct risk_object moved = objects[i];
		uint32_t           at = i;

		for (; at > 0 && objects[at - 1].score < moved.score; at--)
			objects[at] = objects[at - 1];
		objects[at] = moved;
	}
}

static void
fill_risk(struct finding *f, const struct detection *d, const struct row *row, struct arena *keep)
{
	struct risk_object *objects = NULL;
	size_t              cap = 0;
	struct text         remark = TEXT_NONE;

	f->message =
	    message_fill(text_absent(d->message) ? d->name : d->message, row, keep, &remark);
	add_remark(f, remark, keep);
	for (uint32_t i = 0; i < d->n_risks; i++) {
		const struct risk_setting *risk = &d->risks[i];
		struct text                message = f->message;

		if (!text_absent(risk->message) && !text_eq(risk->message, d->message)) {
			message = message_fill(risk->message, row, keep, &remark);
			add_remark(f, remark, keep);
		}
		add_objects(f, risk, message, row, &objects, &cap, keep);
	}
	order_objects(objects, f->n_objects);
	f->objects = objects;
}

static void
fill_threats(struct finding *f, const struct detection *d, const struct row *row,
	     struct arena *keep)
{
	struct threat_object *threats = NULL;
	size_t                cap = 0;

	for (uint32_t i = 0; i < d->n_threats; i++) {
		struct value        value = row_get(row, d->threats[i].field, keep);
		const struct value *items;
		size_t              n = value_items(&value, &items);

		for (size_t k = 0; k < n; k++) {
			struct text one = value_text(&items[k], '\n', keep);

			if (names_nothing(one))
				continue;
			arena_grow(keep, threats, f->n_threats, &cap);
			threats[f->n_threats++] = (struct threat_object){ one, d->threats[i].type };
		}
	}
	f->threats = threats;
}

static void
fill_fields(struct finding *f, const struct row *row, struct arena *keep)
{
	struct text          *names;
	size_t                n = row_names(row, keep, &names);
	struct finding_field *fields = arena_new(keep, struct finding_field, n);

	for (size_t i = 0; i < n; i++)
		fields[i] = (struct finding_field){ names[i], row_text(row, names[i], '\n', keep) };
	f->fields = fields;
	f->n_fields = (uint32_t)n;
}

static bool
read_time(const struct row *row, const char *field, int64_t *ns, struct arena *keep)
{
	struct value value = row_get(row, text_of(field), keep);
	bool         has_zone;

	if (value.kind == VALUE_TEXT && when_from_iso(value.text, ns, &has_zone))
		return true;
	return value_time(&value, ns);
}

/* The times of the events behind the row; else what the row itself says. */
static void
fill_times(struct finding *f, const struct row *row, struct arena *keep)
{
	f->first_ns = row->first_ns;
	f->last_ns = row->last_ns;
	if (f->first_ns == WHEN_NONE && !read_time(row, "firstTime", &f->first_ns, keep))
		f->first_ns = row->time_ns;
	if (f->last_ns == WHEN_NONE && !read_time(row, "lastTime", &f->last_ns, keep))
		f->last_ns = row->time_ns != WHEN_NONE ? row->time_ns : f->first_ns;
	if (f->first_ns == WHEN_NONE)
		f->first_ns = f->last_ns;
}

static void
fill_count(struct finding *f, const struct row *row, struct arena *keep)
{
	struct value count = row_get(row, TEXT("count"), keep);
	double       number;

	f->count = row->n_events ? row->n_events : 1;
	if (value_number(&count, &number) && number >= 0 && number < 1e18)
		f->count = (uint64_t)number;
}

static void
digest_part(struct digest *d, struct text t)
{
	uint64_t n = t.n;

	digest_add(d, &n, sizeof(n));
	digest_add(d, t.p, t.n);
}

static bool
is_time_name(struct text name)
{
	return text_eq(name, TEXT("count")) || text_eq(name, TEXT("firstTime")) ||
	       text_eq(name, TEXT("lastTime"));
}

/*
 * What makes the row the same row when more evidence has come in: what it was grouped by; else its
 * texts, for counts, sums and times change, and lists are gathered. A row that is an event is
 * itself.
 */
struct text
finding_key(const struct detection *d, const struct row *row, struct digest *digest,
	    struct arena *keep)
{
	char *hex = arena_new(keep, char, DIGEST_HEX + 1);

	digest_part(digest, d->id);
	if (!text_absent(row->group_key))
		digest_part(digest, row->group_key);
	for (uint32_t i = 0; text_absent(row->group_key) && i < row->n; i++) {
		const struct cell *c = &row->cells[i];

		if (c->value.kind != VALUE_TEXT || is_time_name(c->name))
			continue;
		digest_part(digest, c->name);
		digest_part(digest, c->value.text);
	}
	for (uint32_t i = 0; row->event && i < row->event->n_fields; i++) {
		if (name_is_decoded(row->event->fields[i].name))
			continue;
		digest_part(digest, row->event->fields[i].name);
		digest_part(digest, row->event->fields[i].value);
	}
	digest_next(digest, hex);
	return (struct text){ hex, DIGEST_HEX };
}

static struct text
join(const struct text *items, uint32_t n, const char *separator, struct arena *keep)
{
	struct text all = TEXT_NONE;

	for (uint32_t i = 0; i < n; i++)
		all = i == 0 ? items[0] : arena_printf(keep, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(all),
						       separator, TEXT_ARG(items[i]));
	return all;
}

static struct text
annotations_of(const struct detection *d, struct arena *keep)
{
	struct text all = TEXT_NONE;

	for (uint32_t i = 0; i < d->n_annotations; i++)
		all = arena_printf(keep, TEXT_FMT "%s%s=" TEXT_FMT, TEXT_ARG(all), i ? "\n" : "",
				   d->annotations[i].framework->key,
				   TEXT_ARG(d->annotations[i].value));
	return all;
}

/* A row that no event and no risk event stands behind, such as the one of stats over nothing. */
static bool
rests_on_nothing(const struct row *row)
{
	return row->n_events == 0 && row->first_ns == WHEN_NONE && row->last_ns == WHEN_NONE &&
	       !row->event;
}

/* Who a row over risk events is about. */
static struct text
risk_entity(const struct row *row, enum risk_object_type type, struct arena *keep)
{
	struct text named = entity_of(row, TEXT("risk_object_type"), keep);

	if (!text_ieq(named, text_of(risk_object_type_name(type))))
		return TEXT_NONE;
	return first_entity(row, risk_fields, keep);
}

/* Whom the detection says a row without a field for it is about, such as the src of a DNS query. */
static struct text
object_of(const struct finding *f, enum risk_object_type type)
{
	for (uint32_t i = 0; i < f->n_objects; i++)
		if (f->objects[i].type == type)
			return f->objects[i].value;
	return TEXT_NONE;
}

struct finding_rule
finding_rule_of(const struct detection *d, struct arena *keep)
{
	return (struct finding_rule){
		.rule_id = d->id,
		.rule = d->name,
		.type = d->type,
		.techniques = join(d->techniques, d->n_techniques, " ", keep),
		.tactics = d->tactics,
		.stories = join(d->stories, d->n_stories, "\n", keep),
		.annotations = annotations_of(d, keep),
	};
}

static bool
same(struct text a, struct text b)
{
	return text_absent(a) == text_absent(b) && text_eq(a, b);
}

/* The name of a rule without a message is the message of its findings, and of each risk object. */
static bool
same_messages(const struct detection *a, const struct detection *b)
{
	if (!text_absent(a->message) || !text_absent(b->message))
		return same(a->message, b->message);
	for (uint32_t i = 0; i < a->n_risks; i++)
		if (!text_absent(a->risks[i].message))
			return false;
	return text_find_byte(a->name, '$') == TEXT_NOWHERE &&
	       text_find_byte(b->name, '$') == TEXT_NOWHERE;
}

bool
finding_twins(const struct detection *a, const struct detection *b)
{
	if (a->n_risks != b->n_risks || a->n_threats != b->n_threats || !same_messages(a, b))
		return false;
	for (uint32_t i = 0; i < a->n_risks; i++) {
		const struct risk_setting *x = &a->risks[i], *y = &b->risks[i];

		if (!text_eq(x->field, y->field) || x->type != y->type || x->score != y->score ||
		    !same(x->message, y->message))
			return false;
	}
	for (uint32_t i = 0; i < a->n_threats; i++)
		if (!text_eq(a->threats[i].field, b->threats[i].field) ||
		    !text_eq(a->threats[i].type, b->threats[i].type))
			return false;
	return true;
}

bool
finding_make(struct finding *out, const struct detection *d, const struct row *row,
	     struct digest *digest, struct arena *keep)
{
	const struct finding_rule rule = finding_rule_of(d, keep);
	struct finding            f = {
		.rule_id = rule.rule_id,
		.rule = rule.rule,
		.type = rule.type,
		.techniques = rule.techniques,
		.tactics = rule.tactics,
		.stories = rule.stories,
		.annotations = rule.annotations,
		.events = row->events,
		.n_events = row->n_events,
		.events_capped = row->events_capped,
	};

	if (rests_on_nothing(row))
		return false;
	f.key = finding_key(d, row, digest, keep);
	f.host = first_entity(row, host_fields, keep);
	f.user = first_entity(row, user_fields, keep);
	if (text_absent(f.host))
		f.host = risk_entity(row, RISK_SYSTEM, keep);
	if (text_absent(f.user))
		f.user = risk_entity(row, RISK_USER, keep);
	if (text_absent(f.host) && row->event && row->event->host.n)
		f.host = row->event->host;
	if (text_absent(f.user) && row->event && row->event->user.n)
		f.user = row->event->user;
	fill_times(&f, row, keep);
	fill_count(&f, row, keep);
	fill_fields(&f, row, keep);
	fill_risk(&f, d, row, keep);
	if (text_absent(f.host))
		f.host = object_of(&f, RISK_SYSTEM);
	if (text_absent(f.user))
		f.user = object_of(&f, RISK_USER);
	fill_threats(&f, d, row, keep);
	if (row->decoded)
		add_remark(&f, TEXT("satisfied only by what an event decodes to"), keep);
	*out = f;
	return true;
}
