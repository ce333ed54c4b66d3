/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a case says of itself: totals, its clock, settings. */
#include "config.h"

#include <stdio.h>

#include "base/when.h"
#include "store/casefile.h"
#include "store/db.h"

static const char evidence_totals[] =
    "SELECT count(*), coalesce(sum(duplicates), 0), coalesce(sum(gaps), 0), "
    "coalesce(sum(gap_bytes), 0) FROM evidence_file";
static const char other_totals[] =
    "SELECT (SELECT sum(n) FROM kind WHERE host = 0), (SELECT count(*) FROM finding), "
    "(SELECT count(*) FROM hidden), (SELECT count(*) FROM rule_ledger), user_version "
    "FROM pragma_user_version";
static const char host_totals[] =
    "SELECT coalesce(sum(events), 0), count(DISTINCT machine), min(first_ns) FILTER (WHERE events > 0), "
    "max(last_ns) FILTER (WHERE events > 0) FROM host "
    "WHERE events > 0 OR (findings > 0 AND id = machine)";

static int64_t
set_clock_of(struct casefile *cf, struct arena scratch)
{
	int64_t     ns;
	struct text t = db_setting(cf, "case.clock_ns", &scratch);

	return t.n && text_to_i64(t, &ns) ? ns : WHEN_NONE;
}

int64_t
casefile_version(struct casefile *cf)
{
	return db_int(cf, "PRAGMA data_version", 0);
}

bool
casefile_unfinished(struct casefile *cf)
{
	struct arena scratch = cf->arena;

	return text_eq(db_setting(cf, "case.unfinished", &scratch), TEXT("1"));
}

bool
casefile_info(struct casefile *cf, struct arena *keep, struct case_info *out, struct err *err)
{
	struct ask q;

	*out = (struct case_info){ .first_ns = WHEN_NONE, .last_ns = WHEN_NONE };
	if (ask(&q, cf, evidence_totals, err) && ask_row(&q)) {
		out->evidence_files = (uint64_t)ask_get_int(&q, 0);
		out->duplicates = (uint64_t)ask_get_int(&q, 1);
		out->gaps = (uint64_t)ask_get_int(&q, 2);
		out->gap_bytes = (uint64_t)ask_get_int(&q, 3);
	}
	if (!ask_end(&q))
		return false;
	if (ask(&q, cf, host_totals, err) && ask_row(&q)) {
		out->events = (uint64_t)ask_get_int(&q, 0);
		out->hosts = (uint64_t)ask_get_int(&q, 1);
		if (!ask_get_null(&q, 2)) {
			out->first_ns = ask_get_int(&q, 2);
			out->last_ns = ask_get_int(&q, 3);
		}
	}
	if (!ask_end(&q))
		return false;
	if (ask(&q, cf, other_totals, err) && ask_row(&q)) {
		/* Events that name no host are in no host's row. */
		out->events += (uint64_t)ask_get_int(&q, 0);
		out->findings = (uint64_t)ask_get_int(&q, 1);
		out->hidden = (uint64_t)ask_get_int(&q, 2);
		out->rules = (uint64_t)ask_get_int(&q, 3);
		out->schema_version = (uint32_t)ask_get_int(&q, 4);
	}
	if (!ask_end(&q))
		return false;
	out->clock_ns = set_clock_of(cf, *keep);
	out->clock_set = out->clock_ns != WHEN_NONE;
	if (!out->clock_set)
		out->clock_ns = out->last_ns;
	out->unfinished = casefile_unfinished(cf);
	out->made_by = db_setting(cf, "case.made_by", keep);
	out->made_at = db_setting(cf, "case.made_at", keep);
	out->ruleset_digest = db_setting(cf, "case.ruleset", keep);
	return true;
}

bool
casefile_set_clock(struct casefile *cf, int64_t clock_ns, struct err *err)
{
	char digits[24];
	int  n = snprintf(digits, sizeof(digits), "%lld", (long long)clock_ns);

	return db_set_alone(cf, "case.clock_ns",
			    clock_ns == WHEN_NONE ? TEXT("") : (struct text){ digits, (size_t)n }, err);
}

bool
casefile_set(struct casefile *cf, const char *name, struct text value, struct err *err)
{
	return db_set_alone(cf, name, text_or_empty(value), err);
}

struct text
casefile_get(struct casefile *cf, const char *name, struct arena *keep)
{
	return db_setting(cf, name, keep);
}
