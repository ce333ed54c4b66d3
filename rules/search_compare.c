/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/search_compare.h"

#include "base/when.h"
#include "rules/timespec.h"

struct pred *
search_node(const struct scan *s, enum pred_kind kind)
{
	struct pred *node = arena_new(s->c->keep, struct pred, 1);

	node->kind = kind;
	node->earliest_ns = WHEN_NONE;
	node->latest_ns = WHEN_MAX;
	return node;
}

static struct name_ref
field_named(const struct scan *s, enum model model, struct text name)
{
	struct text     prefix = model_prefix(model);
	struct name_ref ref;

	if (model == MODEL_NONE || text_find_byte(name, '.') != TEXT_NOWHERE)
		return compile_column(s->c, name).ref;
	ref = name_ref(arena_printf(s->c->keep, TEXT_FMT "." TEXT_FMT, TEXT_ARG(prefix),
				    TEXT_ARG(name)));
	if (!ref.n_entries)
		return name_ref(name);
	compile_reserve(s->c, "field \"" TEXT_FMT "\" is read as " TEXT_FMT "." TEXT_FMT,
			TEXT_ARG(name), TEXT_ARG(prefix), TEXT_ARG(name));
	return ref;
}

static bool
set_time(struct scan *s, const char *at, struct text *slot, struct text value)
{
	int64_t ns;

	/* What map puts in is known when it runs; until then the range is open. */
	if (s->c->inexact && text_eq(value, TEXT("*")))
		return true;
	if (!timespec_resolve(value, 0, &ns))
		return scan_fail(s, at, "\"" TEXT_FMT "\" is not a time: expected now, epoch "
				 "seconds, or an offset such as -7d@d",
				 TEXT_ARG(value));
	*slot = value;
	return true;
}

/* earliest=, latest= and their older forms set the range; *TAKEN says whether it was one. */
static bool
time_modifier(struct scan *s, struct search_expr *e, const char *at, struct text name,
	      struct text value, bool *taken)
{
	struct arena *keep = s->c->keep;
	char          unit = 0;
	bool          start = text_starts(name, TEXT("start"));
	struct text   rest = text_from(name, start ? 5 : 3);

	*taken = true;
	if (text_eq(name, TEXT("earliest")) || text_eq(name, TEXT("starttime")))
		return set_time(s, at, &e->earliest, value);
	if (text_eq(name, TEXT("latest")) || text_eq(name, TEXT("endtime")))
		return set_time(s, at, &e->latest, value);
	if (text_eq(name, TEXT("timeformat")))
		return true;
	if (start || text_starts(name, TEXT("end"))) {
		unit = text_eq(rest, TEXT("minutesago")) ? 'm'
		     : text_eq(rest, TEXT("hoursago"))   ? 'h'
		     : text_eq(rest, TEXT("daysago"))    ? 'd'
							 : 0;
	}
	if (!unit) {
		*taken = false;
		return true;
	}
	return set_time(s, at, start ? &e->earliest : &e->latest,
			arena_printf(keep, "-" TEXT_FMT "%c", TEXT_ARG(value), unit));
}

static const struct {
	const char *type, *channel;
} event_types[] = {
	{ "wineventlog_security", "Security" },
	{ "wineventlog_system", "System" },
	{ "wineventlog_application", "Application" },
};

static bool
check_event_type(struct scan *s, const char *at, struct text value)
{
	for (size_t i = 0; i < sizeof(event_types) / sizeof(event_types[0]); i++)
		if (text_ieq(value, text_of(event_types[i].type)))
			return true;
	if (text_find_byte(value, '*') != TEXT_NOWHERE)
		return true;
	return scan_fail(s, at, "event type \"" TEXT_FMT "\" is not known: supported are "
			 "wineventlog_security, wineventlog_system, wineventlog_application",
			 TEXT_ARG(value));
}

/* What belongs to a data set carries its tag. */
static const struct {
	const char *tag;
	enum model  model;
} tags[] = {
	{ "account", MODEL_ACCOUNT_MANAGEMENT },
	{ "audit", MODEL_AUDITING_CHANGES },
	{ "authentication", MODEL_AUTHENTICATION },
	{ "change", MODEL_CHANGE },
	{ "communicate", MODEL_NETWORK_TRAFFIC },
	{ "dns", MODEL_NETWORK_RESOLUTION },
	{ "filesystem", MODEL_FILESYSTEM },
	{ "network", MODEL_NETWORK_TRAFFIC },
	{ "privileged", MODEL_PRIVILEGED_AUTHENTICATION },
	{ "process", MODEL_PROCESSES },
	{ "registry", MODEL_REGISTRY },
	{ "report", MODEL_PROCESSES },
	{ "resolution", MODEL_NETWORK_RESOLUTION },
	{ "service", MODEL_SERVICES },
};

static bool
tag_comparison(struct scan *s, const char *at, struct text value, bool negated,
	       const struct pred **out)
{
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (text_ieq(value, text_of(tags[i].tag))) {
			struct pred *node = search_node(s, PRED_MODEL);

			node->model = tags[i].model;
			*out = negated ? pred_not(s->c->keep, node) : node;
			return true;
		}
	return scan_fail(s, at,
			 "tag \"" TEXT_FMT "\" is not known: supported are those of data models, such "
			 "as process, registry, network, authentication, change",
			 TEXT_ARG(text_head(value, 60)));
}

/*
 * Enterprise Security calls what detection NAME writes "ESCU - NAME - Rule"; risk events of a case
 * have NAME. The pattern that fits NAME when VALUE fits that; absent when it is not of that form.
 */
static struct text
name_of_detection(struct text field, struct text value)
{
	const struct text head = TEXT("ESCU"), dash = TEXT(" - "), tail = TEXT("- Rule");
	struct text       name = value;

	field = text_from(field, text_find_byte(field, '.') == TEXT_NOWHERE
				     ? 0 : text_find_byte(field, '.') + 1);
	if (!text_eq(field, TEXT("search_name")) && !text_eq(field, TEXT("source")))
		return TEXT_NONE;
	if (text_istarts(name, head)) {
		size_t star = text_find_byte(name, '*');

		name = text_from(name, head.n);
		if (text_starts(name, dash))
			name = text_from(name, dash.n);
		else if (star != TEXT_NOWHERE && star <= head.n + dash.n)
			name = text_from(value, star);
		else
			name = value;
	}
	if (text_iends(name, tail) && name.n > tail.n) {
		struct text rest = text_head(name, name.n - tail.n);

		if (rest.p[rest.n - 1] == '*')
			name = rest;
		else if (rest.p[rest.n - 1] == ' ')
			name = text_head(rest, rest.n - 1);
	}
	return name.n == value.n ? TEXT_NONE : name;
}

static const struct pred *
field_like(const struct scan *s, struct text name, struct text pattern)
{
	struct pred *node = search_node(s, PRED_EQ);

	node->name = compile_column(s->c, name).ref;
	node->pattern = pattern_make(s->c->keep, pattern, false, false);
	return node;
}

/* COMPARISON, an EQ or NE, asked about NAME, what a detection is called here, too. The source of an
 * event is a log, and has no such name: neither what has a source type nor what is called as a log
 * is one of a detection. */
static const struct pred *
or_of_detection(const struct scan *s, const struct pred *comparison, struct pattern name)
{
	struct arena       *keep = s->c->keep;
	const struct pred **both = arena_new(keep, const struct pred *, 2);
	struct pred        *named = search_node(s, PRED_EQ);

	named->name = comparison->name;
	named->pattern = name;
	both[0] = comparison;
	both[1] = named;
	if (text_eq(comparison->name.name, TEXT("source"))) {
		const struct pred **sure = arena_new(keep, const struct pred *, 3);
		const struct pred **risk = arena_new(keep, const struct pred *, 2);

		risk[0] = field_like(s, TEXT("search_name"), TEXT("*"));
		risk[1] = pred_not(keep, field_like(s, TEXT("sourcetype"), TEXT("*")));
		sure[0] = named;
		sure[1] = pred_list(keep, PRED_OR, risk, 2);
		sure[2] = pred_not(keep, field_like(s, TEXT("source"), TEXT("*WinEventLog:*")));
		both[1] = pred_list(keep, PRED_AND, sure, 3);
	}
	if (comparison->kind == PRED_EQ)
		return pred_list(keep, PRED_OR, both, 2);
	both[1] = pred_not(keep, both[1]);
	return pred_list(keep, PRED_AND, both, 2);
}

bool
search_compare(struct scan *s, struct search_expr *e, const char *at, struct text name,
	       enum pred_kind kind, struct text value, bool cased, const struct pred **out)
{
	struct pred *node;
	bool         taken = false;

	if (kind == PRED_EQ && !time_modifier(s, e, at, name, value, &taken))
		return false;
	if (!taken && text_eq(name, TEXT("index"))) {
		if (kind != PRED_EQ || !text_eq(value, TEXT("*")))
			compile_reserve(s->c, "index= is ignored: a case is one index");
		taken = true;
	}
	if (!taken && (text_eq(name, TEXT("_index_earliest")) ||
		       text_eq(name, TEXT("_index_latest")))) {
		compile_reserve(s->c, TEXT_FMT "= is ignored: a case does not know when Splunk "
				"would have got its events", TEXT_ARG(name));
		taken = true;
	}
	if (!taken && text_eq(name, TEXT("nodename")) && e->model != MODEL_NONE) {
		if (kind == PRED_EQ && model_find(value) != MODEL_NONE) {
			node = search_node(s, PRED_MODEL);
			node->model = model_find(value);
			*out = node;
			return true;
		}
		compile_reserve(s->c, "nodename= is ignored");
		taken = true;
	}
	if (taken) {
		*out = search_node(s, PRED_TRUE);
		return true;
	}
	if (text_eq(name, TEXT("eventtype")) && !check_event_type(s, at, value))
		return false;
	if (text_eq(name, TEXT("tag")) && (kind == PRED_EQ || kind == PRED_NE))
		return tag_comparison(s, at, value, kind == PRED_NE, out);
	if (text_eq(name, TEXT("savedsearch")) || text_eq(name, TEXT("savedsplunk")))
		return scan_fail(s, at, "saved searches are not supported");
	node = search_node(s, kind);
	node->name = field_named(s, e->model, name);
	node->pattern = pattern_make(s->c->keep, value, false, cased);
	*out = node;
	if (kind == PRED_EQ || kind == PRED_NE)
		value = name_of_detection(name, value);
	if ((kind == PRED_EQ || kind == PRED_NE) && !text_absent(value))
		*out = or_of_detection(s, node, pattern_make(s->c->keep, value, false, cased));
	return true;
}
