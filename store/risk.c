/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/risk.h"

#include <stdlib.h>

#include "base/finding.h"
#include "base/when.h"
#include "store/gather.h"
#include "store/machine.h"
#include "store/user.h"

struct text
risk_normalize(struct text object, struct arena *keep)
{
	return text_absent(object) ? object : arena_fold(keep, text_trim(object));
}

static const char objects[] = "SELECT DISTINCT value FROM risk_event WHERE type = 0";
static const char finding_hosts[] = "SELECT DISTINCT host FROM finding WHERE host IS NOT NULL";
static const char user_names[] = "SELECT value FROM risk_event WHERE type = 1 UNION "
				 "SELECT user FROM finding WHERE user IS NOT NULL";

/* Every name that findings use, and whom it means; sorted by value. */
struct names {
	struct arena   *keep;
	struct mention *hosts;
	struct user    *users;
	size_t          n_hosts, n_users, hosts_cap, users_cap;
};

static bool
read_names(struct casefile *cf, struct names *names, struct err *err)
{
	const char *const from[] = { objects, finding_hosts };
	struct ask        q;

	for (size_t i = 0; i < 2; i++) {
		if (ask(&q, cf, from[i], err))
			while (ask_row(&q)) {
				arena_grow(names->keep, names->hosts, names->n_hosts,
					   &names->hosts_cap);
				names->hosts[names->n_hosts++] =
				    mention_of(ask_get_text(&q, 0), i == 0, names->keep);
			}
		if (!ask_end(&q))
			return false;
	}
	if (ask(&q, cf, user_names, err))
		while (ask_row(&q)) {
			arena_grow(names->keep, names->users, names->n_users, &names->users_cap);
			names->users[names->n_users++] =
			    user_of(ask_get_text(&q, 0), names->keep);
		}
	return ask_end(&q);
}

static int
host_value(const void *key, const void *item)
{
	const struct mention *m = item;

	return text_cmp(*(const struct text *)key, m->value);
}

static int
user_value(const void *key, const void *item)
{
	const struct user *u = item;

	return text_cmp(*(const struct text *)key, u->value);
}

static int64_t
host_of(const struct names *names, struct text value)
{
	const struct mention *m =
	    text_absent(value) || !names->n_hosts
		? NULL
		: bsearch(&value, names->hosts, names->n_hosts, sizeof(*names->hosts), host_value);

	/* An object's mention and that of a finding's host may both be there. */
	if (m && !m->host && m > names->hosts && text_eq(m[-1].value, value))
		m--;
	else if (m && !m->host && m + 1 < names->hosts + names->n_hosts &&
		 text_eq(m[1].value, value))
		m++;
	return m ? m->host : 0;
}

/* One spelling per host: that which stands for it. */
static struct text
host_key(struct casefile *cf, int64_t host, struct arena *keep)
{
	return risk_normalize(db_name(cf, NAME_HOST, host), keep);
}

static const char put_user_name[] = "INSERT OR IGNORE INTO user_name(name, user, host_ref) "
				    "VALUES(?1, ?2, ?3)";

/* The user whom the name means on that host, noted as one of their names. */
static bool
user_key(struct casefile *cf, const struct names *names, struct text value, int64_t host,
	 struct arena *keep, struct text *key, struct err *err)
{
	const struct user *u = text_absent(value) || !names->n_users
				   ? NULL
				   : bsearch(&value, names->users, names->n_users,
					     sizeof(*names->users), user_value);
	struct ask         q;

	*key = TEXT_NONE;
	if (!u)
		return true;
	*key = u->of_host && host
		   ? arena_printf(keep, TEXT_FMT "\\" TEXT_FMT,
				  TEXT_ARG(host_key(cf, host, keep)), TEXT_ARG(u->key))
		   : u->key;
	if (!text_trim(value).n)
		return true;
	if (ask(&q, cf, put_user_name, err)) {
		ask_text(&q, 1, text_trim(value));
		ask_text(&q, 2, *key);
		ask_int(&q, 3, u->of_host ? host : 0);
		ask_run(&q);
	}
	return ask_end(&q);
}

static const char all_findings[] = "SELECT id, host, user FROM finding ORDER BY id";
static const char host_of_objects[] = "SELECT value FROM risk_event WHERE finding = ?1 AND "
				      "type = 0 ORDER BY id LIMIT 1";
static const char set_finding[] = "UPDATE finding SET host_ref = ?2, user_key = ?3 WHERE id = ?1";
static const char objects_of[] = "SELECT id, type, value FROM risk_event WHERE finding = ?1 "
				 "AND type < 2 ORDER BY id";
static const char set_object[] = "UPDATE risk_event SET host_ref = ?2, normalized = ?3 "
				 "WHERE id = ?1";

/* The host on which a local account of the finding is one: its own, else its first system's. */
static bool
host_of_finding(struct casefile *cf, const struct names *names, int64_t id, int64_t *host,
		struct err *err)
{
	struct ask q;

	if (*host)
		return true;
	if (ask(&q, cf, host_of_objects, err)) {
		ask_int(&q, 1, id);
		if (ask_row(&q))
			*host = host_of(names, ask_get_text(&q, 0));
	}
	return ask_end(&q);
}

static bool
name_objects(struct casefile *cf, const struct names *names, int64_t finding, int64_t host,
	     struct arena scratch, struct err *err)
{
	struct ask q;
	bool       good = true;

	if (ask(&q, cf, objects_of, err)) {
		ask_int(&q, 1, finding);
		while (good && ask_row(&q)) {
			struct arena one = scratch;
			struct ask   set;
			bool         system = ask_get_int(&q, 1) == RISK_SYSTEM;
			struct text  value = ask_get_text(&q, 2), key;
			int64_t      id = system ? host_of(names, value) : 0;

			if (system)
				key = id ? host_key(cf, id, &one) : TEXT("");
			else
				good = user_key(cf, names, value, host, &one, &key, err);
			if (good && ask(&set, cf, set_object, err)) {
				ask_int(&set, 1, ask_get_int(&q, 0));
				if (id)
					ask_int(&set, 2, id);
				else
					ask_text(&set, 2, TEXT_NONE);
				ask_text(&set, 3, text_absent(key) ? TEXT("") : key);
				ask_run(&set);
				good = ask_end(&set);
			}
		}
	}
	return ask_end(&q) && good;
}

static bool
name_finding(struct casefile *cf, const struct names *names, int64_t id, struct text host_name,
	     struct text user, struct arena scratch, struct err *err)
{
	int64_t     own = host_of(names, host_name), host = own;
	struct text key;
	struct ask  q;

	if (!host_of_finding(cf, names, id, &host, err) ||
	    !user_key(cf, names, user, host, &scratch, &key, err))
		return false;
	if (ask(&q, cf, set_finding, err)) {
		ask_int(&q, 1, id);
		if (own)
			ask_int(&q, 2, own);
		else
			ask_text(&q, 2, TEXT_NONE);
		ask_text(&q, 3, key);
		ask_run(&q);
	}
	return ask_end(&q) && name_objects(cf, names, id, host, scratch, err);
}

/* Findings and their objects, by number: what is written does not change that order. */
static bool
name_all(struct casefile *cf, const struct names *names, struct arena scratch, struct err *err)
{
	struct ask q;
	bool       good = true;

	if (ask(&q, cf, all_findings, err))
		while (good && ask_row(&q))
			good = name_finding(cf, names, ask_get_int(&q, 0), ask_get_text(&q, 1),
					    ask_get_text(&q, 2), scratch, err);
	return ask_end(&q) && good;
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
		ask_int(&q, 4, (int64_t)g->rules.n);
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
		ask_int(&q, 4, (int64_t)g->rules.n);
		ask_int(&q, 5, (int64_t)g->hosts.n);
		ask_text(&q, 6, gather_techniques(g));
		if (g->first_ns != WHEN_NONE)
			ask_int(&q, 7, g->first_ns);
		if (g->last_ns != WHEN_NONE)
			ask_int(&q, 8, g->last_ns);
		ask_run(&q);
	}
	return ask_end(&q);
}

bool
risk_summarize(struct casefile *cf, struct err *err)
{
	struct arena    keep = arena_open((size_t)1 << 30), scratch = arena_open((size_t)1 << 28);
	struct conditions all;
	struct names    names = { .keep = &keep };
	bool            good;

	filter_conditions(&CASE_FILTER_ALL, FILTER_ANY, &all);
	good = db_run(cf,
		      "UPDATE host SET risk_score = 0, findings = 0, rules = 0, techniques = '', "
		      "tactics = '' WHERE findings > 0;"
		      "DELETE FROM user_risk; DELETE FROM user_name",
		      err) &&
	       read_names(cf, &names, err) &&
	       machines_find(cf, names.hosts, names.n_hosts, scratch, err) &&
	       users_find(cf, names.users, names.n_users, &keep, err) &&
	       name_all(cf, &names, scratch, err) &&
	       gather_hosts(cf, &all, keep_host, cf, err) &&
	       gather_users(cf, &all, keep_user, cf, err);
	arena_close(&scratch);
	arena_close(&keep);
	return good;
}
