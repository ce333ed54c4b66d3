/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an index can be asked for a predicate: a superset of the events that satisfy it. */
#include "config.h"

#include "base/pred.h"

#include <stdlib.h>

#include "base/bound.h"
#include "base/name_entry.h"
#include "base/when.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct bound unbounded = {
	.ids.any = true,
	.channels.any = true,
	.hosts.any = true,
	.earliest_ns = WHEN_NONE,
	.latest_ns = WHEN_MAX,
};

struct narrower {
	struct arena *keep;
	bool          templated; /* only events whose message is made from one of our texts */
};

static void bound_of(struct narrower *nr, const struct pred *p, struct bound *out);

/* Does a value without wildcards stand for itself? */
static bool
is_exact(const struct pattern *p)
{
	return p->n_pieces == 1 && !p->open_start && !p->open_end && !p->any && !p->cidr;
}

/* A number as events print theirs: no sign, no leading zeros. */
static bool
is_event_id(struct text t, uint32_t *id)
{
	uint64_t number;

	if (t.n == 0 || t.n > 10 || (t.n > 1 && t.p[0] == '0') || !text_to_u64(t, &number) ||
	    number > UINT32_MAX)
		return false;
	*id = (uint32_t)number;
	return true;
}

static bool
how_of(const struct name_ref *name, enum name_how *how)
{
	bool found = false;

	for (uint32_t i = 0; i < name->n_entries; i++) {
		const struct name_entry *e = &name->entries[i];

		if (e->how == HOW_CONST)
			continue;
		if (found && e->how != *how)
			return false;
		*how = e->how;
		found = true;
	}
	return found;
}

static void
bound_channel(struct narrower *nr, struct text channel, struct bound *out)
{
	out->channels.any = false;
	text_set_add(&out->channels, arena_fold(nr->keep, channel));
}

/* source="XmlWinEventLog:System", and sourcetype of old data. No event has another spelling than
 * these and the fixed ones. */
static void
bound_source(struct narrower *nr, struct text value, struct bound *out)
{
	static const struct text heads[] = { TEXT_INIT("XmlWinEventLog:"),
					     TEXT_INIT("WinEventLog:"), TEXT_INIT("Syslog:") };
	static const struct text fixed[] = { TEXT_INIT("XmlWinEventLog"), TEXT_INIT("WinEventLog"),
					     TEXT_INIT("crowdstrike"),
					     TEXT_INIT("crowdstrike:events:sensor") };

	for (size_t i = 0; i < COUNT(heads); i++)
		if (value.n > heads[i].n && text_istarts(value, heads[i])) {
			bound_channel(nr, text_from(value, heads[i].n), out);
			return;
		}
	if (!text_absent(channel_of_source(value))) {
		bound_channel(nr, channel_of_source(value), out);
		return;
	}
	out->none = true;
	for (size_t i = 0; i < COUNT(fixed); i++)
		out->none = out->none && !text_ieq(value, fixed[i]);
}

static void
bound_eventtype(struct narrower *nr, struct text value, struct bound *out)
{
	const struct text head = TEXT("wineventlog_");
	struct text       channel = text_from(value, head.n);

	if (text_istarts(value, head) &&
	    (text_ieq(channel, TEXT("security")) || text_ieq(channel, TEXT("system")) ||
	     text_ieq(channel, TEXT("application"))))
		bound_channel(nr, channel, out);
}

static bool
matches_constant(const struct pred *p)
{
	struct text constants[8];
	size_t      n = name_constants(&p->name, constants, COUNT(constants));

	for (size_t i = 0; i < n; i++)
		if (pattern_match(&p->pattern, constants[i]))
			return true;
	return false;
}

/* What runs of a piece are sure to lie within one stored value. */
enum cut {
	CUT_NOTHING, /* the piece itself */
	CUT_LINES,   /* runs without line ends: values of an event's words stand on lines */
	CUT_WORDS,   /* runs without blanks and quotes */
	CUT_MESSAGE, /* as words, and not words of our message texts */
};

static bool
cuts(enum cut cut, char c)
{
	if (cut == CUT_NOTHING)
		return false;
	if (c == '\n')
		return true;
	return cut != CUT_LINES && (c == ' ' || c == '"' || c == '\t' || c == '\r');
}

/* Punctuation of the message texts may touch a value. */
static struct text
trim_punctuation(struct text run)
{
	static const struct text marks = TEXT_INIT("().:");

	while (run.n && text_find_byte(marks, run.p[0]) != TEXT_NOWHERE)
		run = text_from(run, 1);
	while (run.n && text_find_byte(marks, run.p[run.n - 1]) != TEXT_NOWHERE)
		run.n--;
	return run;
}

static struct text
longest_run(struct text piece, enum cut cut, struct text best)
{
	size_t start = 0;

	for (size_t i = 0; i <= piece.n; i++) {
		struct text run;

		if (i < piece.n && !cuts(cut, piece.p[i]))
			continue;
		run = text_from(text_head(piece, i), start);
		start = i + 1;
		if (cut == CUT_MESSAGE)
			run = trim_punctuation(run);
		if (run.n > best.n && !(cut == CUT_MESSAGE && message_template_has(run)))
			best = run;
	}
	return best;
}

static void
bound_literal(struct narrower *nr, const struct pattern *pattern, enum cut cut, struct bound *out)
{
	struct text best = TEXT_NONE;

	for (uint32_t i = 0; i < pattern->n_pieces; i++) {
		struct text piece = pattern->pieces[i];

		if (pattern->cased)
			piece = arena_fold(nr->keep, piece);
		best = longest_run(piece, cut, best);
	}
	bound_add_literal(out, best, nr->keep);
}

/* Weakest promise of the lines of a name; constants were looked at before. */
static enum verbatim
weakest(const struct name_ref *name)
{
	enum verbatim weak = VERBATIM_WHOLE;

	for (uint32_t i = 0; i < name->n_entries; i++) {
		enum verbatim v = name_verbatim(&name->entries[i]);

		if (v < weak)
			weak = v;
	}
	return weak;
}

/* "ws-07.*": hosts with that first label, whatever follows. */
static void
bound_host_pattern(struct narrower *nr, const struct pattern *p, struct bound *out)
{
	struct text begin = p->pieces[0];
	size_t      dot = text_find_byte(begin, '.');

	if (p->open_start || p->cidr || dot == TEXT_NOWHERE || dot == 0)
		return;
	out->hosts.any = false;
	text_set_add(&out->hosts, arena_fold(nr->keep, text_head(begin, dot)));
}

static void
bound_eq(struct narrower *nr, const struct pred *p, struct bound *out)
{
	enum name_how how = HOW_RAW;
	uint32_t      id;

	if (p->pattern.any || matches_constant(p))
		return;
	if (p->pattern.n_pieces == 0) { /* values are never empty */
		out->none = true;
		return;
	}
	if (!how_of(&p->name, &how))
		how = HOW_RAW;
	if (is_exact(&p->pattern)) {
		struct text value = p->pattern.source;

		if (how == HOW_EVENT_ID && is_event_id(value, &id)) {
			out->ids.any = false;
			id_set_add(&out->ids, id);
		} else if (how == HOW_CHANNEL) {
			bound_channel(nr, value, out);
		} else if (how == HOW_SOURCE || how == HOW_SOURCETYPE) {
			bound_source(nr, value, out);
		} else if (how == HOW_EVENTTYPE) {
			bound_eventtype(nr, value, out);
		} else if (how == HOW_COMPUTER || how == HOW_HOST) {
			out->hosts.any = false;
			text_set_add(&out->hosts, arena_fold(nr->keep, value));
		}
	} else if (how == HOW_COMPUTER || how == HOW_HOST) {
		bound_host_pattern(nr, &p->pattern, out);
	}
	if (p->pattern.cidr)
		return;
	if (how == HOW_MESSAGE && nr->templated)
		bound_literal(nr, &p->pattern, CUT_MESSAGE, out);
	for (uint32_t i = 0; i < p->name.n_entries; i++)
		if (name_verbatim(&p->name.entries[i]) == VERBATIM_CORE)
			return;
	if (weakest(&p->name) == VERBATIM_WORDS)
		bound_literal(nr, &p->pattern, CUT_WORDS, out);
	else if (weakest(&p->name) == VERBATIM_WHOLE)
		bound_literal(nr, &p->pattern, CUT_NOTHING, out);
}

static void
bound_model(const struct pred *p, struct bound *out)
{
	uint32_t ids[SET_MAX];
	size_t   n = model_event_ids(p->model, ids, SET_MAX);

	if (n == SET_MAX)
		return;
	out->none = n == 0;
	out->ids.any = false;
	for (size_t i = 0; i < n; i++)
		id_set_add(&out->ids, ids[i]);
}

static void
bound_kids(struct narrower *nr, const struct pred *p, struct bound *out)
{
	struct bound kid;

	out->none = p->kind == PRED_OR;
	for (uint32_t i = 0; i < p->n_kids; i++) {
		bound_of(nr, p->kids[i], &kid);
		if (p->kind == PRED_OR)
			bound_or(out, &kid, nr->keep);
		else
			bound_and(out, &kid, nr->keep);
	}
}

static void
bound_of(struct narrower *nr, const struct pred *p, struct bound *out)
{
	*out = unbounded;
	switch (p->kind) {
	case PRED_FALSE:
		out->none = true;
		break;
	case PRED_AND:
	case PRED_OR:
		bound_kids(nr, p, out);
		break;
	case PRED_NOT:
		out->none = p->kids[0]->kind == PRED_TRUE;
		break;
	case PRED_EQ:
		bound_eq(nr, p, out);
		break;
	case PRED_NE:
		out->none = p->pattern.any;
		break;
	case PRED_WORD:
		bound_literal(nr, &p->pattern, CUT_LINES, out);
		break;
	case PRED_MODEL:
		bound_model(p, out);
		break;
	case PRED_TIME:
		out->earliest_ns = p->earliest_ns;
		out->latest_ns = p->latest_ns;
		break;
	case PRED_TRUE:
	case PRED_LT:
	case PRED_LE:
	case PRED_GT:
	case PRED_GE:
		break;
	}
}

static bool
is_powershell(struct text channel)
{
	return text_ieq(channel, TEXT("Microsoft-Windows-PowerShell/Operational")) ||
	       text_ieq(channel, TEXT("PowerShellCore/Operational")) ||
	       text_ieq(channel, TEXT("Windows PowerShell"));
}

/* Are all events within the bound such that their message, if built, is one of our texts? */
static bool
is_templated(const struct bound *b)
{
	if (b->ids.any || b->channels.any)
		return false;
	for (uint32_t i = 0; i < b->ids.n; i++)
		if (!message_has_template(b->ids.items[i]))
			return false;
	for (uint32_t i = 0; i < b->channels.n; i++)
		if (!is_powershell(b->channels.items[i]))
			return false;
	return true;
}

static int
id_cmp(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static const struct text *
copy_texts(const struct text_set *set, struct arena *keep, uint32_t *n)
{
	struct text *copy = arena_new(keep, struct text, set->n);

	*n = set->any ? 0 : set->n;
	for (uint32_t i = 0; i < *n; i++)
		copy[i] = set->items[i];
	return copy;
}

struct narrowing
pred_narrow(const struct pred *p, struct arena *keep)
{
	struct narrower  nr = { .keep = keep };
	struct bound     b;
	struct narrowing out = { 0 };
	uint32_t        *ids;

	bound_of(&nr, p, &b);
	if (is_templated(&b)) {
		nr.templated = true;
		bound_of(&nr, p, &b);
	}
	out.none = b.none;
	ids = arena_new(keep, uint32_t, b.ids.n);
	out.n_event_ids = b.ids.any ? 0 : b.ids.n;
	for (uint32_t i = 0; i < out.n_event_ids; i++)
		ids[i] = b.ids.items[i];
	qsort(ids, out.n_event_ids, sizeof(*ids), id_cmp);
	out.event_ids = ids;
	out.channels = copy_texts(&b.channels, keep, &out.n_channels);
	out.hosts = copy_texts(&b.hosts, keep, &out.n_hosts);
	out.earliest_ns = b.earliest_ns;
	out.latest_ns = b.latest_ns;
	out.groups = b.groups;
	out.n_groups = (uint32_t)b.n_groups;
	return out;
}
