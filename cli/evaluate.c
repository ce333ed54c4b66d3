/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/evaluate.h"

#include "base/when.h"
#include "store/findings.h"
#include "store/query.h"

/* ---- why a rule could not find anything ---- */

/* Whether PRED could be true of an event that has none of the raw fields that the case never saw;
 * *MISSING is such a field when it could not. */
static bool
fields_allow(struct casefile *cf, const struct pred *pred, struct text *missing)
{
	bool any = false;

	switch (pred->kind) {
	case PRED_TRUE:
	case PRED_FALSE:
	case PRED_NOT:
	case PRED_WORD:
	case PRED_MODEL:
	case PRED_TIME:
		return true;
	case PRED_AND:
		for (uint32_t i = 0; i < pred->n_kids; i++)
			if (!fields_allow(cf, pred->kids[i], missing))
				return false;
		return true;
	case PRED_OR:
		for (uint32_t i = 0; i < pred->n_kids && !any; i++)
			any = fields_allow(cf, pred->kids[i], missing);
		return any || pred->n_kids == 0;
	case PRED_EQ:
	case PRED_NE:
	case PRED_LT:
	case PRED_LE:
	case PRED_GT:
	case PRED_GE:
		if (pred->name.n_entries || query_has_field(cf, pred->name.name))
			return true;
		*missing = pred->name.name;
		return false;
	}
	return true;
}

/* Whether the case has events of the channels and ids that the rule reads. */
static bool
events_occur(struct casefile *cf, const struct narrowing *n)
{
	static const struct text any_channel = TEXT_NONE;
	static const uint32_t    any_id = 0;
	const struct text       *channels = n->n_channels ? n->channels : &any_channel;
	const uint32_t          *ids = n->n_event_ids ? n->event_ids : &any_id;

	for (uint32_t c = 0; c < (n->n_channels ? n->n_channels : 1); c++)
		for (uint32_t i = 0; i < (n->n_event_ids ? n->n_event_ids : 1); i++)
			if (query_has_events(cf, channels[c], ids[i]))
				return true;
	return false;
}

static struct text
wanted_events(const struct narrowing *n, struct arena *keep)
{
	const uint32_t most = 4;
	struct text    out = TEXT("no events");

	if (n->n_event_ids)
		out = TEXT("no event");
	for (uint32_t i = 0; i < n->n_event_ids && i < most; i++)
		out = arena_printf(keep, TEXT_FMT "%s %u", TEXT_ARG(out), i ? " or" : "",
				   n->event_ids[i]);
	if (n->n_event_ids > most)
		out = arena_printf(keep, TEXT_FMT " or %u others", TEXT_ARG(out),
				   n->n_event_ids - most);
	for (uint32_t i = 0; i < n->n_channels && i < most; i++)
		out = arena_printf(keep, TEXT_FMT "%s " TEXT_FMT, TEXT_ARG(out),
				   i ? " or" : " of channel", TEXT_ARG(n->channels[i]));
	return arena_printf(keep, TEXT_FMT " in the case", TEXT_ARG(out));
}

static void
say_why_nothing(struct casefile *cf, const struct detection *d, struct ledger_entry *entry,
		struct arena *keep)
{
	const struct pred *pred = d->search ? search_leaf_pred(d->search, 0) : NULL;
	struct narrowing   n;
	struct text        missing;

	if (!pred || entry->status != LEDGER_NOTHING || entry->hits)
		return;
	n = pred_narrow(pred, keep);
	if ((n.n_event_ids || n.n_channels) && !events_occur(cf, &n)) {
		entry->status = LEDGER_NO_DATA;
		entry->reason = wanted_events(&n, keep);
	} else if (!fields_allow(cf, pred, &missing)) {
		entry->status = LEDGER_NO_DATA;
		entry->reason = arena_printf(keep, "no event in the case has the field " TEXT_FMT,
					     TEXT_ARG(missing));
	}
}

/* ---- running them ---- */

struct running {
	struct casefile *cf;
	struct err      *err;
	uint64_t         findings;
	bool             failed; /* the case file could not take a finding */
};

static bool
take_finding(void *ctx, const struct finding *f)
{
	struct running *r = ctx;

	if (!findings_add(r->cf, f, r->err)) {
		r->failed = true;
		return false;
	}
	r->findings++;
	return true;
}

static void
count_status(struct evaluation *out, enum ledger_status status)
{
	switch (status) {
	case LEDGER_FOUND:
		out->found++;
		return;
	case LEDGER_NOTHING:
		return;
	case LEDGER_NO_DATA:
		out->no_data++;
		return;
	case LEDGER_UNSUPPORTED:
		out->unsupported++;
		return;
	case LEDGER_FAILED:
		out->failed++;
		return;
	}
}

static bool
run_rule(struct running *r, const struct ruleset *rs, uint32_t i, const struct source *src,
	 struct evaluation *out, struct arena scratch)
{
	const struct detection *d = ruleset_get(rs, i);
	const struct span       all = { WHEN_NONE, WHEN_MAX };
	struct ledger_entry     entry = { .rule_id = d->id, .rule = d->name, .source = d->source };
	struct err              problem = { 0 };

	if (!ruleset_run(rs, i, src, all, take_finding, r, &entry, &scratch, &problem)) {
		if (r->failed || problem.kind == ERR_IO || problem.kind == ERR_CANCEL) {
			if (!r->failed)
				*r->err = problem;
			return false;
		}
		entry.status = LEDGER_FAILED;
		if (text_absent(entry.reason))
			entry.reason = arena_printf(&scratch, "%s", problem.what);
	}
	say_why_nothing(r->cf, d, &entry, &scratch);
	count_status(out, entry.status);
	return !r->failed && findings_ledger(r->cf, &entry, r->err);
}

bool
evaluate(struct casefile *cf, const struct ruleset *rs, struct watch *watch,
	 const atomic_bool *cancel, struct evaluation *out, struct err *err)
{
	struct source  src = casefile_source(cf);
	struct running running = { .cf = cf, .err = err };
	struct arena   scratch = arena_open((size_t)1 << 34);
	bool           good;

	*out = (struct evaluation){ .rules = ruleset_count(rs) };
	src.cancel = cancel;
	watch_doing(watch, TEXT("running detections"));
	good = findings_begin(cf, err) && findings_clear_all(cf, err);
	for (uint32_t i = 0; good && i < out->rules; i++) {
		good = run_rule(&running, rs, i, &src, out, scratch);
		if (good && cancel && *cancel)
			good = err_set(err, ERR_CANCEL, "stopped");
	}
	out->findings = running.findings;
	if (good)
		good = findings_end(cf, err);
	else
		findings_abort(cf);
	arena_close(&scratch);
	return good;
}
