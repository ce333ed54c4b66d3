/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/risk.h"

#include "base/finding.h"
#include "base/numbers.h"
#include "base/program.h"
#include "base/when.h"
#include "store/gather.h"
#include "store/whom.h"

struct text
risk_normalize(struct text object, struct arena *keep)
{
	return text_absent(object) ? object : arena_fold(keep, text_trim(object));
}

/* A user by the names that findings have for them, each told once. */
struct naming {
	struct casefile  *cf;
	struct gathering *gathered;
	struct arena      keep, scratch;
	struct numbers    told;
};

static const char put_user_name[] = "INSERT OR IGNORE INTO user_name(name, user, host_ref) "
				    "VALUES(?1, ?2, ?3)";

static bool
tell_name(struct naming *n, struct text name, struct text user, int64_t host,
	  struct arena scratch, struct err *err)
{
	size_t     before = n->told.n;
	struct ask q;

	numbers_of(&n->told, arena_printf(&scratch, "%zu " TEXT_FMT TEXT_FMT, name.n,
					  TEXT_ARG(name), TEXT_ARG(user)));
	if (n->told.n == before)
		return true;
	if (ask(&q, n->cf, put_user_name, err)) {
		ask_text(&q, 1, name);
		ask_text(&q, 2, user);
		ask_int(&q, 3, host);
		ask_run(&q);
	}
	return ask_end(&q);
}

/* The user whom the name means on that host, noted as one of their names. */
static bool
user_key(struct naming *n, struct text value, int64_t host, struct arena *keep, struct text *key,
	 struct err *err)
{
	bool of_host;

	*key = whom_user(n->cf, value, host, &of_host, keep);
	if (text_absent(value) || !text_trim(value).n)
		return true;
	return tell_name(n, text_trim(value), *key, of_host ? host : 0, *keep, err);
}

static bool
same(struct text a, struct text b)
{
	return text_absent(a) == text_absent(b) && text_eq(a, b);
}

static const char set_finding[] = "UPDATE finding_body SET host_ref = nullif(?2, 0), "
				  "user_key = ?3 WHERE id = (SELECT body FROM finding WHERE id = ?1)";
static const char set_object[] = "UPDATE risk_event SET host_ref = nullif(?2, 0), normalized = ?3 "
				 "WHERE id = ?1";

static bool
set_row(struct casefile *cf, const char *sql, int64_t id, int64_t host, struct text key,
	struct err *err)
{
	struct ask q;

	if (ask(&q, cf, sql, err)) {
		ask_int(&q, 1, id);
		ask_int(&q, 2, host);
		ask_text(&q, 3, key);
		ask_run(&q);
	}
	return ask_end(&q);
}

/* The host on which a local account of the finding is one: its own, else its first system's. */
static int64_t
host_of_users(struct casefile *cf, const struct found *f, int64_t own)
{
	for (size_t i = 0; i < f->n_objects && !own; i++)
		if (f->objects[i].type == RISK_SYSTEM)
			return whom_host(cf, f->objects[i].value, true);
	return own;
}

static bool
name_object(struct naming *n, const struct found_object *o, int64_t host_of_user,
	    struct arena scratch, struct err *err)
{
	bool        system = o->type == RISK_SYSTEM;
	int64_t     host = system ? whom_host(n->cf, o->value, true) : 0;
	struct text key = system ? whom_host_key(n->cf, host) : TEXT_NONE;

	if (!system && !user_key(n, o->value, host_of_user, &scratch, &key, err))
		return false;
	key = text_or_empty(key);
	if ((host != o->host || !same(key, o->normalized)) &&
	    !set_row(n->cf, set_object, o->id, host, key, err))
		return false;
	if (system)
		gathering_host(n->gathered, host, o->score);
	else
		gathering_user(n->gathered, key, o->score);
	return true;
}

/* Whom it means is written where that was not known when the finding was. */
static bool
name_finding(void *ctx, const struct found *f, struct err *err)
{
	struct naming *n = ctx;
	struct arena   scratch = n->scratch;
	int64_t        own = whom_host(n->cf, f->host, false);
	int64_t        host = host_of_users(n->cf, f, own);
	struct text    key;

	if (!user_key(n, f->user, host, &scratch, &key, err) ||
	    ((own != f->host_ref || !same(key, f->user_key)) &&
	     !set_row(n->cf, set_finding, f->id, own, key, err)))
		return false;
	gathering_begin(n->gathered, f);
	gathering_host(n->gathered, own, 0);
	gathering_user(n->gathered, key, 0);
	for (size_t i = 0; i < f->n_objects; i++)
		if (!name_object(n, &f->objects[i], host, scratch, err))
			return false;
	return true;
}

static const char set_host[] = "UPDATE host SET risk_score = ?2, findings = ?3, rules = ?4, "
			       "techniques = ?5, tactics = ?6 WHERE id = ?1";

static bool
keep_host(void *ctx, int64_t host, struct text user, struct gathered *g, struct err *err)
{
	struct ask q;

	(void)user;
	if (ask(&q, ctx, set_host, err)) {
		ask_int(&q, 1, host);
		ask_real(&q, 2, g->risk_score);
		ask_int(&q, 3, g->findings);
		ask_int(&q, 4, g->rules);
		ask_text(&q, 5, gather_techniques(g));
		ask_text(&q, 6, gather_tactics(g));
		ask_run(&q);
	}
	return ask_end(&q);
}

static const char put_user[] =
    "INSERT INTO user_risk(user, risk_score, findings, rules, hosts, techniques, first_ns, "
    "last_ns, aliases) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, coalesce((SELECT "
    "group_concat(x.name, ', ') FROM (SELECT n.name FROM user_name n WHERE n.user = ?1 AND "
    "n.name <> ?1 ORDER BY n.name) x), ''))";

static bool
keep_user(void *ctx, int64_t host, struct text user, struct gathered *g, struct err *err)
{
	struct ask q;

	(void)host;
	if (ask(&q, ctx, put_user, err)) {
		ask_text(&q, 1, user);
		ask_real(&q, 2, g->risk_score);
		ask_int(&q, 3, g->findings);
		ask_int(&q, 4, g->rules);
		ask_int(&q, 5, g->hosts);
		ask_text(&q, 6, gather_techniques(g));
		if (g->first_ns != WHEN_NONE)
			ask_int(&q, 7, g->first_ns);
		if (g->last_ns != WHEN_NONE)
			ask_int(&q, 8, g->last_ns);
		ask_run(&q);
	}
	return ask_end(&q);
}

static bool
name_all(struct casefile *cf, struct naming *n, struct err *err)
{
	struct conditions all;

	filter_conditions(&CASE_FILTER_ALL, FILTER_ANY, &all);
	return found_each(cf, &all, FILTER_ANY, name_finding, n, err);
}

#define SUMMED "case.summed"

static const char all_hosts[] =
    "SELECT h.id || ' ' || h.machine || ' ' || EXISTS(SELECT 1 FROM host_name n WHERE n.host = h.id) "
    "|| ' ' || h.name FROM host h ORDER BY h.id";

/* All that decides whom the names in findings mean, besides these. */
static bool
digest_hosts(struct casefile *cf, char hex[DIGEST_HEX + 1], struct err *err)
{
	struct digest *d = digest_new();
	struct ask     q;

	program_digest(d);
	if (ask(&q, cf, all_hosts, err))
		while (ask_row(&q)) {
			struct text host = ask_get_text(&q, 0);

			digest_add(d, &host.n, sizeof(host.n));
			digest_add(d, host.p, host.n);
		}
	digest_finish(d, hex);
	return ask_end(&q);
}

static bool
note_hosts(struct casefile *cf, struct err *err)
{
	char hex[DIGEST_HEX + 1];

	return digest_hosts(cf, hex, err) && db_set(cf, SUMMED, text_of(hex), err);
}

struct text
risk_summed(struct casefile *cf, struct arena *keep)
{
	return db_setting(cf, SUMMED, keep);
}

static bool
summarize(struct casefile *cf, struct err *err)
{
	struct naming n = { .cf = cf,
			    .gathered = gathering_new(),
			    .keep = arena_open((size_t)1 << 30),
			    .scratch = arena_open((size_t)1 << 28) };
	bool          good;

	n.told.keep = &n.keep;
	good = db_run(cf,
		      "UPDATE host SET risk_score = 0, findings = 0, rules = 0, techniques = '', "
		      "tactics = '' WHERE findings > 0;"
		      "DELETE FROM user_risk; DELETE FROM user_name",
		      err) &&
	       whom_decide(cf, err) && name_all(cf, &n, err) &&
	       gathering_hosts(n.gathered, keep_host, cf, err) &&
	       gathering_users(n.gathered, keep_user, cf, err) && note_hosts(cf, err);
	cf->found = cf->found && !good;
	if (!cf->in_findings)
		whom_forget(cf);
	arena_close(&n.scratch);
	arena_close(&n.keep);
	gathering_free(n.gathered);
	return good;
}

bool
risk_summarize_changed(struct casefile *cf, struct err *err)
{
	struct arena scratch = cf->leaf;
	char         hex[DIGEST_HEX + 1];

	if (!cf->found) {
		if (!digest_hosts(cf, hex, err))
			return false;
		if (text_eq(risk_summed(cf, &scratch), text_of(hex)))
			return true;
	}
	return summarize(cf, err);
}
