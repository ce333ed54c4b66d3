/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/findings.h"

#include "base/address.h"
#include "base/when.h"
#include "store/basis.h"
#include "store/bodies.h"
#include "store/finding_lists.h"
#include "store/found.h"
#include "store/numbering.h"
#include "store/refound.h"
#include "store/risk.h"
#include "store/whom.h"

bool
findings_begin(struct casefile *cf, struct err *err)
{
	cf->in_findings = db_begin(cf, err);
	return cf->in_findings;
}

#define EVENTS_OF_FINDING "(SELECT v.value FROM finding_whole f, json_each(f.events) v WHERE f.id = ?1)"

/* What hangs on a finding, and the finding itself, last. It is cut out of rows that are for several:
 * those behind it, those before it, itself. */
static const char *const tables_of_finding[] = {
	"INSERT INTO finding_event(event, finding, n) "
	"SELECT x.event, ?1 + 1, x.finding + x.n - 1 - ?1 FROM finding_event x WHERE x.event IN "
	EVENTS_OF_FINDING " AND x.finding <= ?1 AND x.finding + x.n - 1 > ?1 " BASIS_TWICE,
	"UPDATE finding_event SET n = ?1 - finding WHERE event IN " EVENTS_OF_FINDING
	" AND finding < ?1 AND finding + n > ?1",
	"DELETE FROM finding_event WHERE event IN " EVENTS_OF_FINDING " AND finding = ?1",
	"DELETE FROM risk_event AS r WHERE " RISK_EVENTS_OF("r", "?1"),
	"DELETE FROM finding WHERE id = ?1",
};

static bool
drop_finding(struct casefile *cf, int64_t id, struct err *err)
{
	whom_dropped(cf);
	bodies_dropped(cf);
	cf->found = true;
	if (refound_noted(cf, REFOUND_SHOWN, id) && !basis_flush(cf, err))
		return false; /* they may wait to be written */
	for (size_t i = 0; i < sizeof(tables_of_finding) / sizeof(*tables_of_finding); i++) {
		struct ask q;

		if (ask(&q, cf, tables_of_finding[i], err)) {
			ask_int(&q, 1, id);
			ask_run(&q);
		}
		if (!ask_end(&q))
			return false;
	}
	return true;
}

static const char drop_hidden[] = "DELETE FROM hidden WHERE work = ?1";

static bool
drop_one(struct casefile *cf, enum refound_kind kind, int64_t id, struct err *err)
{
	struct ask q;

	if (kind == REFOUND_SHOWN)
		return drop_finding(cf, id, err);
	if (ask(&q, cf, drop_hidden, err)) {
		ask_int(&q, 1, id);
		ask_run(&q);
	}
	return ask_end(&q);
}

/* What of a rule is dropped. */
enum dropped { DROP_ALL, DROP_NOT_OUT, DROP_NOT_OUT_OF_PART };

static bool
is_dropped(const struct casefile *cf, enum refound_kind kind, enum dropped what, int64_t id)
{
	return what == DROP_ALL ||
	       (!refound_noted(cf, kind, id) &&
		(what == DROP_NOT_OUT || kind == REFOUND_HIDDEN ||
		 refound_noted(cf, REFOUND_OF_PART, id)));
}

static bool
list_rule(struct casefile *cf, struct text rule_id, enum refound_kind kind, enum dropped what,
	  struct arena *keep, int64_t **out, size_t *n, struct err *err)
{
	static const char *const of_rule[] = {
		[REFOUND_SHOWN] = "SELECT id FROM finding_whole WHERE rule_id = ?1",
		[REFOUND_HIDDEN] = "SELECT work FROM hidden WHERE rule_id = ?1",
	};
	struct ask q;
	size_t     cap = 0;

	*out = NULL;
	*n = 0;
	if (ask(&q, cf, of_rule[kind], err)) {
		ask_text(&q, 1, text_or_empty(rule_id));
		while (ask_row(&q)) {
			int64_t id = ask_get_int(&q, 0);

			if (!is_dropped(cf, kind, what, id))
				continue;
			arena_grow(keep, *out, *n, &cap);
			(*out)[(*n)++] = id;
		}
	}
	return ask_end(&q);
}

static bool
drop_of_rule(struct casefile *cf, struct text rule_id, enum dropped what, struct err *err)
{
	struct arena scratch = arena_open((size_t)1 << 32);
	bool         good = true;

	for (int kind = REFOUND_SHOWN; kind <= REFOUND_HIDDEN && good; kind++) {
		int64_t *ids;
		size_t   n;

		good = list_rule(cf, rule_id, (enum refound_kind)kind, what, &scratch, &ids,
				 &n, err);
		for (size_t i = 0; i < n && good; i++)
			good = drop_one(cf, (enum refound_kind)kind, ids[i], err);
	}
	arena_close(&scratch);
	return good;
}

static const char drop_entry[] = "DELETE FROM rule_ledger WHERE rule_id = ?1";

bool
findings_clear_rule(struct casefile *cf, struct text rule_id, struct err *err)
{
	struct ask q;

	if (!drop_of_rule(cf, rule_id, DROP_ALL, err))
		return false;
	if (ask(&q, cf, drop_entry, err)) {
		ask_text(&q, 1, text_or_empty(rule_id));
		ask_run(&q);
	}
	return ask_end(&q);
}

bool
findings_settle_rule(struct casefile *cf, struct text rule_id, struct err *err)
{
	if (cf->found_unindexed) /* what the case had is gone already */
		return true;
	return drop_of_rule(cf, rule_id, DROP_NOT_OUT, err);
}

bool
findings_settle_part(struct casefile *cf, struct text rule_id, struct err *err)
{
	return drop_of_rule(cf, rule_id, DROP_NOT_OUT_OF_PART, err);
}

bool
findings_clear_all(struct casefile *cf, struct err *err)
{
	whom_clear(cf);
	cf->found = cf->found_unindexed = true;
	return basis_clear(cf, err) && bodies_clear(cf, err) && numbering_begin(cf, err) &&
	       db_run(cf,
		      "DELETE FROM risk_event; DELETE FROM finding; DELETE FROM hidden; "
		      "DELETE FROM rule_ledger; DROP INDEX IF EXISTS finding_by_time; "
		      "DROP INDEX IF EXISTS finding_by_rule; DROP INDEX IF EXISTS risk_event_by_time; "
		      "DROP INDEX IF EXISTS risk_event_by_object; "
		      "DROP INDEX IF EXISTS risk_event_by_host",
		      err);
}

/* Made of all findings at once, indexes cost less than kept up for each. */
static bool
make_indexes(struct casefile *cf, struct err *err)
{
	if (!cf->found_unindexed)
		return true;
	cf->found_unindexed = false;
	return db_run(cf,
		      "CREATE INDEX finding_by_time ON finding(last_ns, id);"
		      "CREATE INDEX finding_by_rule ON finding(rule);"
		      "CREATE INDEX risk_event_by_time ON risk_event(ts, id);"
		      "CREATE INDEX risk_event_by_object ON risk_event(type, normalized);"
		      "CREATE INDEX risk_event_by_host ON risk_event(host_ref, ts)",
		      err);
}

bool
findings_index(struct casefile *cf, struct err *err)
{
	if (!cf->found_unindexed || db_int(cf, "SELECT count(*) FROM finding", 0) < FINDINGS_MANY)
		return true;
	return make_indexes(cf, err) && numbering_end(cf, err);
}

static const char put_finding[] =
    "INSERT INTO finding(id, rule, body, last_ns) VALUES(?1, ?2, ?3, ?4)";
static const char put_risk[] =
    "INSERT INTO risk_event(id, finding, ts, value, normalized, type, score, message, "
    "host_ref) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, nullif(?9, 0))";

/* As far as is known before all findings are there; risk_summarize_changed has the last word. */
struct hosts {
	int64_t own, of_users; /* where a local account is one; 0: not known */
};

static struct hosts
hosts_of(struct casefile *cf, const struct finding *f)
{
	struct hosts hosts = { .own = whom_host(cf, f->host, false) };

	hosts.of_users = hosts.own;
	for (uint32_t i = 0; i < f->n_objects && !hosts.of_users; i++)
		if (f->objects[i].type == RISK_SYSTEM) {
			hosts.of_users = whom_host(cf, text_or_empty(f->objects[i].value), true);
			break;
		}
	return hosts;
}

static bool
put_row(struct casefile *cf, int64_t id, const struct finding *f, const struct hosts *hosts,
	struct arena scratch, struct err *err)
{
	bool        of_host;
	struct text user_key = whom_user(cf, f->user, hosts->of_users, &of_host, &scratch);
	int64_t     rule = bodies_rule(cf, f, scratch, err);
	int64_t     body = rule ? bodies_row(cf, f, hosts->own, user_key, scratch, err) : 0;
	struct ask  q;

	if (!body)
		return false;
	if (ask(&q, cf, put_finding, err)) {
		ask_int(&q, 1, id);
		ask_int(&q, 2, rule);
		ask_int(&q, 3, body);
		ask_int(&q, 4, f->last_ns);
		ask_run(&q);
	}
	return ask_end(&q);
}

static bool
put_object(struct casefile *cf, int64_t id, uint32_t n, const struct finding *f,
	   const struct hosts *hosts, struct arena scratch, struct err *err)
{
	const struct risk_object *o = &f->objects[n];
	struct text               value = text_or_empty(o->value), key;
	int64_t                   host = 0;
	bool                      of_host;
	struct ask                q;

	if (o->type == RISK_SYSTEM) {
		host = whom_host(cf, value, true);
		key = whom_host_key(cf, host);
	} else if (o->type == RISK_USER) {
		key = whom_user(cf, value, hosts->of_users, &of_host, &scratch);
	} else {
		key = risk_normalize(value, &scratch);
	}
	if (ask(&q, cf, put_risk, err)) {
		ask_int(&q, 1, id * OBJECTS_MAX + n);
		ask_int(&q, 2, id);
		ask_int(&q, 3, f->last_ns);
		ask_text(&q, 4, value);
		ask_text(&q, 5, text_or_empty(key));
		ask_int(&q, 6, o->type);
		ask_real(&q, 7, o->score);
		ask_text(&q, 8, finding_object_message(f, o));
		ask_int(&q, 9, host);
		ask_run(&q);
	}
	return ask_end(&q);
}

/* Of events that are looked at for the machine that all of them are of, whatever it is called. */
#define HOST_EVENTS_MOST 1024

static const char host_of_event[] =
    "SELECT h.machine FROM event e JOIN host h ON h.id = e.host WHERE e.id = ?1";

/* The host that logged all events of the finding; 0: they are of several, or too many. */
static int64_t
common_host(struct casefile *cf, const struct finding *f)
{
	int64_t    host = 0;
	bool       common = f->n_events > 0 && f->n_events <= HOST_EVENTS_MOST;
	struct ask q;

	if (common && ask(&q, cf, host_of_event, NULL)) {
		for (uint32_t i = 0; common && i < f->n_events; i++) {
			int64_t one = 0;

			ask_int(&q, 1, f->events[i]);
			if (ask_row(&q))
				one = ask_get_int(&q, 0);
			ask_run(&q);
			common = one && (!host || host == one);
			host = one;
		}
		common = ask_end(&q) && common;
	}
	return common ? host : 0;
}

/* Machines are not called so; rows of connections have addresses only. */
static bool
is_address(struct text name)
{
	uint8_t address[16];
	bool    ipv4;

	return address_read(text_head(name, text_find_byte(name, '%')), address, &ipv4); /* fe80::1%4 */
}

/* A row that names no host, or just where a connection leads, is of the one that its events are from. */
static struct finding
with_host(struct casefile *cf, const struct finding *f)
{
	struct finding whole = *f;
	bool           named = !text_absent(f->host) && !is_address(f->host);
	int64_t        host = named ? 0 : common_host(cf, f);

	if (host)
		whole.host = db_name(cf, NAME_HOST, host);
	return whole;
}

static bool
add_whole(struct casefile *cf, const struct finding *f, struct err *err)
{
	bool         made, there = false, same = false;
	int64_t      id = numbering_of(cf, f->key, &made, err);
	struct hosts hosts;

	/* What has its number only now is not there yet. */
	if (!id || (refound_noted(cf, REFOUND_SHOWN, id) && !basis_flush(cf, err)) ||
	    (!made && !refound_compare(cf, id, f, &there, &same, err)) ||
	    (there && !same && !drop_finding(cf, id, err)))
		return false;
	refound_note(cf, REFOUND_SHOWN, id);
	if (same)
		return true;
	cf->found = true;
	hosts = hosts_of(cf, f);
	if (!put_row(cf, id, f, &hosts, cf->leaf, err))
		return false;
	for (uint32_t i = 0; i < f->n_objects && i < OBJECTS_MAX; i++)
		if (!put_object(cf, id, i, f, &hosts, cf->leaf, err))
			return false;
	return basis_put(cf, id, f->events, f->n_events, err);
}

bool
findings_add(struct casefile *cf, const struct finding *f, struct err *err)
{
	struct finding whole = with_host(cf, f);

	return add_whole(cf, &whole, err);
}

bool
findings_drop(struct casefile *cf, struct text key, struct err *err)
{
	bool    made;
	int64_t id = numbering_of(cf, key, &made, err);

	return id && (made || drop_finding(cf, id, err));
}

static const char put_hidden[] =
    "INSERT OR REPLACE INTO hidden(work, rule_id, rule, last_ns, host, user, message, risk_score) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

bool
findings_hide(struct casefile *cf, const struct finding *f, struct err *err)
{
	struct finding whole = with_host(cf, f);
	bool           made;
	int64_t        id = numbering_of(cf, f->key, &made, err);
	struct ask     q;

	if (!id)
		return false;
	refound_note(cf, REFOUND_HIDDEN, id);
	if (ask(&q, cf, put_hidden, err)) {
		ask_int(&q, 1, id);
		ask_text(&q, 2, text_or_empty(f->rule_id));
		ask_text(&q, 3, text_or_empty(f->rule));
		ask_int(&q, 4, f->last_ns);
		ask_text(&q, 5, whole.host);
		ask_text(&q, 6, f->user);
		ask_text(&q, 7, f->message);
		ask_real(&q, 8, f->risk_score);
		ask_run(&q);
	}
	return ask_end(&q);
}

static const char put_ledger[] =
    "INSERT OR REPLACE INTO rule_ledger(rule_id, rule, source, status, hits, findings, filtered, "
    "reason, version, sha256, fingerprint, clock_ns) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";

bool
findings_ledger(struct casefile *cf, const struct ledger_entry *entry, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, put_ledger, err)) {
		ask_text(&q, 1, text_or_empty(entry->rule_id));
		ask_text(&q, 2, text_or_empty(entry->rule));
		ask_text(&q, 3, entry->source);
		ask_int(&q, 4, entry->status);
		ask_int(&q, 5, (int64_t)entry->hits);
		ask_int(&q, 6, (int64_t)entry->findings);
		ask_int(&q, 7, (int64_t)entry->filtered);
		ask_text(&q, 8, entry->reason);
		ask_text(&q, 9, entry->version);
		ask_text(&q, 10, entry->sha256);
		ask_text(&q, 11, entry->fingerprint);
		if (entry->clock_ns != WHEN_NONE)
			ask_int(&q, 12, entry->clock_ns);
		ask_run(&q);
	}
	return ask_end(&q);
}

static const char rerun[] = "UPDATE rule_ledger SET fingerprint = NULL WHERE rule_id = ?1";

bool
findings_outdated(struct casefile *cf, struct text rule_id, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, rerun, err)) {
		ask_text(&q, 1, rule_id);
		ask_run(&q);
	}
	return ask_end(&q);
}

bool
findings_sum_up(struct casefile *cf, struct err *err)
{
	return bodies_settle(cf, err) && risk_summarize_changed(cf, err) && make_indexes(cf, err);
}

bool
findings_end(struct casefile *cf, struct err *err)
{
	if (basis_end(cf, err) && numbering_end(cf, err) && findings_sum_up(cf, err) &&
	    casefile_whole(cf, err) && db_commit(cf, err)) {
		cf->in_findings = false;
		refound_forget(cf);
		bodies_forget(cf);
		whom_forget(cf);
		return true;
	}
	findings_abort(cf);
	return false;
}

void
findings_abort(struct casefile *cf)
{
	basis_abort(cf);
	numbering_abort(cf);
	refound_forget(cf);
	bodies_forget(cf);
	whom_forget(cf);
	if (cf->in_findings)
		db_rollback(cf);
	cf->in_findings = cf->found = cf->found_unindexed = false;
}
