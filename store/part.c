/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/part.h"

#include "store/basis.h"
#include "store/refound.h"
#include "store/scan.h"

/* A part that is more than half of the case is not worth the trouble. */
#define PART_MOST 2

static const char hosts_beyond[] =
    "SELECT DISTINCT host FROM event WHERE id > ?1 ORDER BY host";
static const char events_of_host[] = "SELECT events FROM host WHERE id = ?1";

static bool
count_events(struct casefile *cf, int64_t host, int64_t *n, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, events_of_host, err)) {
		ask_int(&q, 1, host);
		if (ask_row(&q))
			*n += ask_get_int(&q, 0);
	}
	return ask_end(&q);
}

static bool
all_name_hosts(struct casefile *cf)
{
	return db_int(cf, "SELECT EXISTS(SELECT 1 FROM kind WHERE host = 0)", 1) == 0;
}

static bool
has_index(struct casefile *cf)
{
	return db_int(cf, "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND "
			  "name = 'event_by_host'", 0) == 1;
}

bool
part_find(struct casefile *cf, int64_t last, struct arena *keep, struct case_part *out,
	  bool *worth, struct err *err)
{
	int64_t   *hosts = NULL, events = 0;
	size_t     cap = 0;
	bool       good = true;
	struct ask q;

	*out = (struct case_part){ .cf = cf };
	*worth = all_name_hosts(cf) && has_index(cf);
	if (!*worth)
		return true;
	if (ask(&q, cf, hosts_beyond, err)) {
		ask_int(&q, 1, last);
		while (good && ask_row(&q)) {
			arena_grow(keep, hosts, out->n_hosts, &cap);
			hosts[out->n_hosts] = ask_get_int(&q, 0);
			good = count_events(cf, hosts[out->n_hosts++], &events, err);
		}
	}
	out->hosts = hosts;
	*worth = out->n_hosts &&
		 events <= db_int(cf, "SELECT max(id) FROM event", 0) / PART_MOST;
	return ask_end(&q) && good;
}

static const char findings_of_host[] =
    "SELECT f.id FROM event e INDEXED BY event_by_host "
    "CROSS JOIN finding_event x ON x.event = e.id "
    "CROSS JOIN finding f ON " BASIS_OF("x", "f.id") " WHERE e.host = ?1";
static const char rule_of_finding[] = "SELECT rule_id FROM finding_whole WHERE id = ?1";

static bool
tell_finding(struct casefile *cf, int64_t id, part_finding_fn *fn, void *ctx, struct err *err)
{
	struct ask q;

	refound_note(cf, REFOUND_OF_PART, id);
	if (ask(&q, cf, rule_of_finding, err)) {
		ask_int(&q, 1, id);
		if (ask_row(&q))
			fn(ctx, ask_get_text(&q, 0));
	}
	return ask_end(&q);
}

bool
part_findings(const struct case_part *part, part_finding_fn *fn, void *ctx, struct err *err)
{
	struct casefile *cf = part->cf;
	bool             good = true;

	for (size_t i = 0; i < part->n_hosts && good; i++) {
		struct ask q;

		if (ask(&q, cf, findings_of_host, err)) {
			ask_int(&q, 1, part->hosts[i]);
			while (good && ask_row(&q)) {
				int64_t id = ask_get_int(&q, 0);

				good = refound_noted(cf, REFOUND_OF_PART, id) ||
				       tell_finding(cf, id, fn, ctx, err);
			}
		}
		good = ask_end(&q) && good;
	}
	return good;
}

static bool
part_events(void *self, const struct pred *pred, struct span span, enum order order, event_fn *fn,
	    void *ctx, struct err *err)
{
	const struct case_part *part = self;

	return scan_events_of(part->cf, part->hosts, part->n_hosts, pred, span, order, fn, ctx, err);
}

static bool
part_hits(void *self, struct text rule_id, uint32_t leaf, struct span span, enum order order,
	  event_fn *fn, void *ctx, struct err *err)
{
	const struct case_part *part = self;

	return scan_hits_of(part->cf, part->hosts, part->n_hosts, rule_id, leaf, span, order, fn,
			    ctx, err);
}

static bool
part_all_hits(void *self, const struct text *rule_ids, uint32_t n, hits_fn *fn, void *ctx,
	      struct err *err)
{
	const struct case_part *part = self;

	return scan_all_hits_of(part->cf, part->hosts, part->n_hosts, rule_ids, n, fn, ctx, err);
}

struct source
part_source(struct case_part *part, const struct source *whole)
{
	struct source src = *whole;

	src.self = part;
	src.events = part_events;
	src.hits = part_hits;
	src.all_hits = part_all_hits;
	src.facts = NULL;
	src.risk = NULL; /* that is not of one host */
	return src;
}
