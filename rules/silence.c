/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/silence.h"

#include "base/ascii.h"
#include "base/counted.h"
#include "base/name_entry.h"
#include "base/pred.h"
#include "base/when.h"
#include "rules/pipeline.h"
#include "rules/suggest.h"

static const struct log {
	struct text channel;
	uint32_t    event_id;
	struct text advice;
} logs[] = {
#define LOG(channel, event_id, advice) { TEXT_INIT(channel), event_id, TEXT_INIT(advice) },
#include "rules/logs.def"
#undef LOG
};

#define N_LOGS (sizeof(logs) / sizeof(logs[0]))

/* The line of the table for an event; CHANNEL absent: the first that has it. NULL: none. */
static const struct log *
log_of(struct text channel, uint32_t event_id)
{
	const struct log *general = NULL;

	for (size_t i = 0; i < N_LOGS; i++) {
		if (!text_absent(channel) && !text_ieq(channel, logs[i].channel))
			continue;
		if (logs[i].event_id == event_id && event_id)
			return &logs[i];
		if (logs[i].event_id == 0 && !text_absent(channel) && !general)
			general = &logs[i];
	}
	return general;
}

/* A part of data sets beside the numbers of Windows: events of CrowdStrike have none. */
#define CROWDSTRIKE_ID    0
#define CROWDSTRIKE_FIELD TEXT("event_simpleName")

/* What the main search of a rule reads. */
struct need {
	struct narrowing in;
	bool             data_set; /* by the numbers of a data set, whose channels go without saying */
};

static bool
asks_data_set(const struct pred *p)
{
	if (p->kind == PRED_MODEL)
		return true;
	for (uint32_t i = 0; p->kind == PRED_AND && i < p->n_kids; i++) {
		if (asks_data_set(p->kids[i]))
			return true;
	}
	return false;
}

static struct need
need_of(const struct pred *pred, struct arena *keep)
{
	return (struct need){ pred_narrow(pred, keep), asks_data_set(pred) };
}

static uint32_t
need_ids(const struct need *need)
{
	return need->in.n_event_ids ? need->in.n_event_ids : 1;
}

static uint32_t
need_id(const struct need *need, uint32_t i)
{
	return need->in.n_event_ids ? need->in.event_ids[i] : 0;
}

static bool
is_crowdstrike(const struct need *need, uint32_t event_id)
{
	return need->in.n_event_ids && event_id == CROWDSTRIKE_ID;
}

/* Channel C of those that are asked for with event I; absent: any. */
static struct text
need_channel(const struct need *need, uint32_t c, uint32_t event_id)
{
	const struct log *log;

	if (need->in.n_channels)
		return need->in.channels[c];
	log = need->data_set && event_id ? log_of(TEXT_NONE, event_id) : NULL;
	return log ? log->channel : TEXT_NONE;
}

static bool
events_occur(const struct need *need, const struct case_facts *facts)
{
	uint32_t n_channels = need->in.n_channels ? need->in.n_channels : 1;

	for (uint32_t i = 0; i < need_ids(need); i++) {
		uint32_t id = need_id(need, i);

		if (is_crowdstrike(need, id)) {
			if (facts->has_field(facts->self, CROWDSTRIKE_FIELD))
				return true;
			continue;
		}
		for (uint32_t c = 0; c < n_channels; c++) {
			if (facts->has_events(facts->self, need_channel(need, c, id), id))
				return true;
		}
	}
	return false;
}

#define MOST_NAMED 4

/* "a", "a or b", ... at most MOST_NAMED of them. */
struct words {
	struct text text;
	uint32_t    n;
};

#define OR " or "

/* Is it one of those that the text names? */
static bool
has_word(struct text words, struct text word)
{
	const struct text or = TEXT(OR);

	for (size_t at; (at = text_find(words, word)) != TEXT_NOWHERE; words = text_from(words, at + 1)) {
		struct text before = text_head(words, at), behind = text_from(words, at + word.n);

		if ((!before.n || text_iends(before, or)) && (!behind.n || text_starts(behind, or)))
			return true;
	}
	return false;
}

static void
add_word(struct words *w, struct text word, struct arena *keep)
{
	if (word.n == 0 || has_word(w->text, word))
		return;
	if (w->n == MOST_NAMED)
		word = TEXT("others");
	if (w->n++ > MOST_NAMED)
		return;
	w->text = w->n == 1 ? word : arena_printf(keep, TEXT_FMT OR TEXT_FMT, TEXT_ARG(w->text),
						  TEXT_ARG(word));
}

/* What is missing: "event 4104 of Microsoft-Windows-PowerShell/Operational", and what to do. */
struct wanted {
	struct words events, logs, advice;
};

static void
want(struct wanted *w, struct text channel, uint32_t event_id, struct arena *keep)
{
	const struct log *log = log_of(channel, event_id);

	if (log) {
		channel = log->channel;
		add_word(&w->advice, log->advice, keep);
	}
	if (event_id)
		add_word(&w->events, arena_printf(keep, "%u", event_id), keep);
	add_word(&w->logs, text_or_empty(channel), keep);
}

static struct wanted
wanted_of(const struct need *need, struct arena *keep)
{
	uint32_t      n_channels = need->in.n_channels ? need->in.n_channels : 1;
	struct wanted w = { 0 };
	bool          crowdstrike = false;

	for (uint32_t i = 0; i < need_ids(need); i++) {
		uint32_t id = need_id(need, i);

		crowdstrike = crowdstrike || is_crowdstrike(need, id);
		for (uint32_t c = 0; c < n_channels; c++)
			want(&w, need_channel(need, c, id), id, keep);
	}
	if (crowdstrike)
		add_word(&w.logs, TEXT("CrowdStrike"), keep);
	return w;
}

/* A channel that is in the case although the event is not: it may simply not have happened. */
static bool
channel_occurs(const struct need *need, const struct case_facts *facts)
{
	for (uint32_t c = 0; c < need->in.n_channels; c++) {
		if (facts->has_events(facts->self, need->in.channels[c], 0))
			return true;
	}
	for (uint32_t i = 0; !need->in.n_channels && i < need->in.n_event_ids; i++) {
		const struct log *log = log_of(TEXT_NONE, need->in.event_ids[i]);

		if (log && facts->has_events(facts->self, log->channel, 0))
			return true;
	}
	return false;
}

static struct text
missing_events(const struct need *need, const struct case_facts *facts, struct arena *keep)
{
	struct wanted w = wanted_of(need, keep);
	struct text   what = arena_printf(keep, "no event%s" TEXT_FMT "%s" TEXT_FMT " in this case",
					  w.events.n ? " " : "", TEXT_ARG(w.events.text),
					  w.logs.n ? " of " : "", TEXT_ARG(w.logs.text));

	if (!w.logs.n)
		return what;
	if (channel_occurs(need, facts))
		return arena_printf(
		    keep,
		    TEXT_FMT ", though %s is there: it did not happen, or was not "
			     "recorded%s" TEXT_FMT,
		    TEXT_ARG(what), w.logs.n > 1 ? "one of these logs" : "the log", w.advice.n ? "; to record it " : "", TEXT_ARG(w.advice.text));
	return arena_printf(keep, TEXT_FMT ": collect %s%s" TEXT_FMT, TEXT_ARG(what),
			    w.logs.n > 1 ? "one of these logs" : "that log",
			    w.advice.n ? ", and " : "", TEXT_ARG(w.advice.text));
}

/* Whether PRED could hold for an event without the raw fields that no event of the case has;
 * *MISSING is one of those when it could not. */
static bool
fields_allow(const struct pred *pred, const struct case_facts *facts, struct text *missing)
{
	bool any = pred->n_kids == 0;

	switch (pred->kind) {
	case PRED_TRUE:
	case PRED_FALSE:
	case PRED_NOT:
	case PRED_WORD:
	case PRED_MODEL:
	case PRED_TIME:
		return true;
	case PRED_AND:
		for (uint32_t i = 0; i < pred->n_kids; i++) {
			if (!fields_allow(pred->kids[i], facts, missing))
				return false;
		}
		return true;
	case PRED_OR:
		for (uint32_t i = 0; i < pred->n_kids && !any; i++)
			any = fields_allow(pred->kids[i], facts, missing);
		return any;
	case PRED_EQ:
	case PRED_NE:
	case PRED_LT:
	case PRED_LE:
	case PRED_GT:
	case PRED_GE:
		break;
	}
	if (pred->name.n_entries || facts->has_field(facts->self, pred->name.name))
		return true;
	*missing = pred->name.name;
	return false;
}

static struct text
no_event_has(struct text field, struct arena *keep)
{
	return arena_printf(keep, "no event of this case has the field " TEXT_FMT, TEXT_ARG(field));
}

/* Which log a field would come with, when the search says so. */
static struct text
missing_field(const struct need *need, struct text field, struct arena *keep)
{
	struct text   what = no_event_has(field, keep);
	struct wanted w = wanted_of(need, keep);

	if (!w.logs.n && !w.events.n)
		return what;
	return arena_printf(keep, TEXT_FMT ", which would come with%s" TEXT_FMT "%s" TEXT_FMT,
			    TEXT_ARG(what), w.events.n ? " event " : " ", TEXT_ARG(w.events.text),
			    w.logs.n && w.events.n ? " of " : "", TEXT_ARG(w.logs.text));
}

static struct text
why_nothing(const struct ledger_entry *ledger, struct arena *keep)
{
	if (!ledger->hits)
		return TEXT("no event satisfies its search");
	if (ledger->filtered)
		return arena_printf(keep, "its filter macro took away all that was left, %s",
				    counted(ledger->filtered, "row").words);
	return arena_printf(keep, "its search has %s; the stages behind it leave no row",
			    counted(ledger->hits, "hit").words);
}

/* What is read differently from Splunk may be why. */
static void
add_reservation(const struct detection *d, struct ledger_entry *ledger, struct arena *keep)
{
	struct text reservation = d->search ? search_reservation(d->search) : TEXT_NONE;

	if (reservation.n)
		ledger->reason = arena_printf(keep, TEXT_FMT "; " TEXT_FMT, TEXT_ARG(ledger->reason),
					      TEXT_ARG(reservation));
}

void
silence_explain(const struct detection *d, const struct case_facts *facts,
		struct ledger_entry *ledger, struct arena *keep)
{
	const struct pred *pred = d->search ? search_leaf_pred(d->search, 0) : NULL;
	struct need        need;
	struct text        missing = TEXT_NONE;

	if (ledger->status != LEDGER_NOTHING)
		return;
	if (ledger->hits || !pred) {
		if (!ledger->reason.n)
			ledger->reason = ledger->hits ? why_nothing(ledger, keep)
						      : TEXT("it reads no events, and has no rows");
		add_reservation(d, ledger, keep);
		return;
	}
	need = need_of(pred, keep);
	if (pred->kind == PRED_FALSE) {
		ledger->status = LEDGER_NO_DATA;
		ledger->reason = TEXT("no event can be what it searches for");
		add_reservation(d, ledger, keep);
	} else if ((need.in.n_event_ids || need.in.n_channels) && !events_occur(&need, facts)) {
		ledger->status = LEDGER_NO_DATA;
		ledger->reason = missing_events(&need, facts, keep);
	} else if (!fields_allow(pred, facts, &missing)) {
		ledger->status = LEDGER_NO_DATA;
		ledger->reason = missing_field(&need, missing, keep);
	} else if (!facts->has_events(facts->self, TEXT_NONE, 0)) {
		ledger->status = LEDGER_NO_DATA;
		ledger->reason = TEXT("this case has no events");
	} else {
		if (!ledger->reason.n)
			ledger->reason = why_nothing(ledger, keep);
		add_reservation(d, ledger, keep);
	}
}

/* What was typed, and what may have been meant. */
static struct text
no_event_has_typed(struct text field, struct arena *keep)
{
	const struct text *names;
	size_t             n = names_all(&names);
	struct text        near = suggest(field, names, n), what = no_event_has(field, keep);

	if (!near.n)
		return what;
	return arena_printf(keep, TEXT_FMT "; a known one is " TEXT_FMT, TEXT_ARG(what), TEXT_ARG(near));
}

/* A field that stage AT of the search names, though no stage before it can make it and no event of
 * the case has it; absent: there is none. */
static struct text
never_there(const struct search *s, size_t at, const struct case_facts *facts, struct arena *keep)
{
	const struct stage *stage = &s->main.stages[at];
	struct columns      made = { .keep = keep };
	struct uses         uses = { .keep = keep };

	for (size_t i = 0; i < at; i++) {
		made.open = false;
		if (s->main.stages[i].command->columns)
			s->main.stages[i].command->columns(&s->main.stages[i], &made);
		if (i > 0 && made.open)
			return TEXT_NONE; /* spath and such: of any name */
	}
	if (stage->command->uses)
		stage->command->uses(stage, &uses);
	for (size_t i = 0; i < uses.n; i++) {
		struct text name = uses.names[i];
		bool        known = text_find_byte(name, '*') != TEXT_NOWHERE ||
			     text_starts(name, TEXT("_")) || name_ref(name).n_entries > 0;

		for (size_t k = 0; k < made.n && !known; k++)
			known = text_eq(made.names[k], name);
		if (!known && !facts->has_field(facts->self, name))
			return name;
	}
	return TEXT_NONE;
}

/* A log, source, source type or host that no event of the case is of. */
static struct text
no_such_origin(const struct pred *pred, const struct case_facts *facts, struct arena *keep)
{
	for (uint32_t i = 0; pred->kind == PRED_AND && i < pred->n_kids; i++) {
		struct text none = no_such_origin(pred->kids[i], facts, keep);

		if (none.n)
			return none;
	}
	if (pred->kind != PRED_EQ || facts->may_satisfy(facts->self, pred))
		return TEXT_NONE;
	return arena_printf(keep, "no event of this case has " TEXT_FMT,
			    TEXT_ARG(pred_print(pred, keep)));
}

/* Is TYPED, the name of a host or a pattern for its domain, one of those that are needed? */
static bool
is_needed_host(const struct need *need, struct text typed)
{
	for (uint32_t i = 0; i < need->in.n_hosts; i++) {
		struct text host = need->in.hosts[i];

		if (text_ieq(typed, host) || (text_istarts(typed, host) && typed.p[host.n] == '.'))
			return true;
	}
	return false;
}

/* The needed hosts that PRED names, as they were typed. */
static void
named_hosts(const struct pred *pred, const struct need *need, struct words *hosts,
	    struct arena *keep)
{
	for (uint32_t i = 0; i < pred->n_kids; i++)
		named_hosts(pred->kids[i], need, hosts, keep);
	if (pred->kind == PRED_EQ && pred->name.n_entries &&
	    (pred->name.entries[0].how == HOW_COMPUTER || pred->name.entries[0].how == HOW_HOST) &&
	    is_needed_host(need, pred->pattern.source))
		add_word(hosts, pred->pattern.source, keep);
}

/* Is it made of what addresses are made of? */
static bool
is_address(struct text typed)
{
	bool digit = false;

	for (size_t i = 0; i < typed.n; i++) {
		digit |= ascii_digit(typed.p[i]);
		if (!ascii_digit(typed.p[i]) && !memchr(".:*/", typed.p[i], 4))
			return false;
	}
	return digit;
}

static struct text
no_such_host(const struct pred *pred, const struct need *need, const struct case_facts *facts,
	     struct arena *keep)
{
	struct words hosts = { 0 };

	for (uint32_t i = 0; i < need->in.n_hosts; i++) {
		if (facts->has_host(facts->self, need->in.hosts[i]))
			return TEXT_NONE;
	}
	named_hosts(pred, need, &hosts, keep);
	return hosts.n ? arena_printf(keep, "this case has no host " TEXT_FMT "%s",
				      TEXT_ARG(hosts.text),
				      is_address(hosts.text)
					  ? ": hosts have names, addresses are in fields such as "
					    "src_ip and dest_ip"
					  : "")
		       : TEXT_NONE;
}

/* The time that was asked about, where the case has no events. */
static struct text
no_such_time(struct span asked, const struct case_facts *facts, struct arena *keep)
{
	char        begin[WHEN_TEXT_MAX], end[WHEN_TEXT_MAX];
	struct text first = { begin, 0 }, last = { end, 0 };

	if (facts->first_ns == WHEN_NONE || (!asked.earliest_ns && !asked.latest_ns))
		return TEXT_NONE;
	if (asked.earliest_ns != WHEN_NONE && asked.earliest_ns >= asked.latest_ns)
		return TEXT("the range of time is empty: it ends before it begins");
	if (asked.earliest_ns <= facts->last_ns && asked.latest_ns > facts->first_ns)
		return TEXT_NONE;
	first.n = when_to_iso(facts->first_ns, begin);
	last.n = when_to_iso(facts->last_ns, end);
	return arena_printf(keep,
			    "no event is of the time that was asked about: those of this case are from "
			    TEXT_FMT " to " TEXT_FMT, TEXT_ARG(first), TEXT_ARG(last));
}

/* A word that is looked for as a whole one, where it could be a part of what is there. */
static struct text
whole_word(const struct pred *pred, struct arena *keep)
{
	struct text word = pred->pattern.source;
	const char *quote;

	for (uint32_t i = 0; pred->kind == PRED_AND && i < pred->n_kids; i++) {
		struct text found = whole_word(pred->kids[i], keep);

		if (found.n)
			return found;
	}
	if (pred->kind != PRED_WORD || pred->whole || pred->pattern.open_start ||
	    pred->pattern.open_end || !word.n)
		return TEXT_NONE;
	quote = text_find_byte(word, ' ') == TEXT_NOWHERE ? "" : "\"";
	return arena_printf(keep,
			    "a bare word is a whole word; to find it inside of others, "
			    "%s*" TEXT_FMT "*%s",
			    quote, TEXT_ARG(word), quote);
}

struct text
silence_of_search(const struct search *s, const struct search_stats *stats,
		  const struct case_facts *facts, struct arena *keep)
{
	const struct pred *pred = search_leaf_pred(s, 0);
	struct text        missing = TEXT_NONE, none;
	struct need        need;

	if (stats->rows)
		return TEXT_NONE;
	for (size_t i = 1; stats->emptied_by[0] && i < s->main.n; i++) {
		if (!text_starts(s->main.stages[i].source, text_of(stats->emptied_by)))
			continue;
		missing = never_there(s, i, facts, keep);
		return missing.n ? no_event_has_typed(missing, keep) : TEXT_NONE;
	}
	if (stats->hits || !pred || pred->kind == PRED_FALSE)
		return TEXT_NONE;
	none = no_such_time(stats->asked, facts, keep);
	if (none.n)
		return none;
	need = need_of(pred, keep);
	if ((need.in.n_event_ids || need.in.n_channels) && !events_occur(&need, facts))
		return missing_events(&need, facts, keep);
	if ((none = no_such_host(pred, &need, facts, keep)).n || (none = no_such_origin(pred, facts, keep)).n)
		return none;
	if (!fields_allow(pred, facts, &missing))
		return no_event_has_typed(missing, keep);
	return whole_word(pred, keep);
}
