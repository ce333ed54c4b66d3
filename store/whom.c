/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/whom.h"

#include <stdlib.h>

#include "base/finding.h"
#include "base/numbers.h"
#include "store/machine.h"
#include "store/risk.h"
#include "store/user.h"

/* What is remembered while findings are written. */
#define NAMES_MOST ((size_t)1 << 16)
#define BYTES_MOST ((size_t)16 << 20)

struct named_host {
	bool    object, known;
	int64_t host;
};

struct named_user {
	struct text key; /* absent: not thought about yet */
	bool        of_host;
};

struct whom {
	struct arena       keep;
	struct numbers     hosts, users, keys;
	struct named_host *host; /* by number, as the next two */
	struct named_user *user;
	struct text       *key;  /* of hosts, by their id */
	size_t             hosts_cap, users_cap, keys_cap;
	bool               whole; /* every name of a finding is there */
};

static struct whom *
whom_of(struct casefile *cf)
{
	struct whom *w = cf->whom;

	if (w)
		return w;
	w = cf->whom = calloc(1, sizeof(*w));
	if (!w)
		arena_exhausted(sizeof(*w));
	w->keep = arena_open((size_t)1 << 30);
	w->hosts.keep = w->users.keep = w->keys.keep = &w->keep;
	return w;
}

void
whom_forget(struct casefile *cf)
{
	if (cf->whom)
		arena_close(&cf->whom->keep);
	free(cf->whom);
	cf->whom = NULL;
}

void
whom_clear(struct casefile *cf)
{
	whom_forget(cf);
	whom_of(cf)->whole = true;
}

void
whom_dropped(struct casefile *cf)
{
	whom_of(cf)->whole = false;
}

static struct named_host *
host_named(struct whom *w, struct text name)
{
	uint32_t number = numbers_of(&w->hosts, name);

	while (w->hosts_cap <= number)
		arena_grow(&w->keep, w->host, w->hosts_cap, &w->hosts_cap);
	return &w->host[number];
}

static struct named_user *
user_named(struct whom *w, struct text name)
{
	uint32_t number = numbers_of(&w->users, name);

	while (w->users_cap <= number)
		arena_grow(&w->keep, w->user, w->users_cap, &w->users_cap);
	return &w->user[number];
}

/* ---- one name by itself ---- */

/* May NAME be remembered? Without room it is read when all are asked for. */
static bool
has_room(struct whom *w, const struct numbers *names, struct text name)
{
	bool room = numbers_find(names, name) ||
		    (w->hosts.n + w->users.n < NAMES_MOST && arena_used(&w->keep) < BYTES_MOST);

	w->whole = w->whole && room;
	return room;
}

static const char machine_of[] = "SELECT machine FROM host WHERE fold = ?1 AND "
				 "id IN (SELECT host FROM host_name)";

static int64_t
machine_named(struct casefile *cf, struct text name, struct arena scratch)
{
	struct ask q;
	int64_t    host = 0;

	if (ask(&q, cf, machine_of, NULL)) {
		ask_text(&q, 1, risk_normalize(name, &scratch));
		if (ask_row(&q))
			host = ask_get_int(&q, 0);
	}
	ask_end(&q);
	return host;
}

int64_t
whom_host(struct casefile *cf, struct text name, bool object)
{
	struct whom       *w = whom_of(cf);
	struct named_host *h;

	if (text_absent(name) || !has_room(w, &w->hosts, name))
		return 0;
	h = host_named(w, name);
	h->object |= object;
	if (!h->known)
		h->host = machine_named(cf, name, w->keep);
	h->known = true;
	return h->host;
}

struct text
whom_host_key(struct casefile *cf, int64_t host)
{
	struct whom *w = whom_of(cf);
	uint32_t     number;

	if (!host)
		return TEXT_NONE;
	number = numbers_of(&w->keys, (struct text){ (const char *)&host, sizeof(host) });
	while (w->keys_cap <= number)
		arena_grow(&w->keep, w->key, w->keys_cap, &w->keys_cap);
	if (text_absent(w->key[number]))
		w->key[number] = risk_normalize(db_name(cf, NAME_HOST, host), &w->keep);
	return w->key[number];
}

struct text
whom_user(struct casefile *cf, struct text name, int64_t host, bool *of_host, struct arena *keep)
{
	struct whom       *w = whom_of(cf);
	struct named_user *u;

	*of_host = false;
	if (text_absent(name) || !has_room(w, &w->users, name))
		return TEXT_NONE;
	u = user_named(w, name);
	if (text_absent(u->key)) {
		struct user alone = user_of(name, &w->keep);

		*u = (struct named_user){ alone.key, alone.of_host };
	}
	*of_host = u->of_host && host;
	if (!*of_host)
		return u->key;
	return arena_printf(keep, TEXT_FMT "\\" TEXT_FMT, TEXT_ARG(whom_host_key(cf, host)),
			    TEXT_ARG(u->key));
}

/* ---- all of them ---- */

/* Nearly all are: the index on type would only look each of them up. */
static const char object_names[] = "SELECT type, value FROM risk_event NOT INDEXED WHERE type < 2";
static const char finding_names[] = "SELECT host, user FROM finding_body";

static bool
read_names(struct casefile *cf, struct whom *w, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, object_names, err))
		while (ask_row(&q)) {
			if (ask_get_int(&q, 0) == RISK_USER)
				user_named(w, ask_get_text(&q, 1));
			else
				host_named(w, ask_get_text(&q, 1))->object = true;
		}
	if (!ask_end(&q))
		return false;
	if (ask(&q, cf, finding_names, err))
		while (ask_row(&q)) {
			if (!ask_get_null(&q, 0))
				host_named(w, ask_get_text(&q, 0));
			if (!ask_get_null(&q, 1))
				user_named(w, ask_get_text(&q, 1));
		}
	return ask_end(&q);
}

static bool
decide_hosts(struct casefile *cf, struct whom *w, struct arena scratch, struct err *err)
{
	size_t          n = w->hosts.n ? w->hosts.n - 1 : 0;
	struct mention *list = arena_new(&scratch, struct mention, n + 1);

	for (size_t i = 0; i < n; i++)
		list[i] = mention_of(w->hosts.texts[i + 1], w->host[i + 1].object, &scratch);
	if (!machines_find(cf, list, n, scratch, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct named_host *h = host_named(w, list[i].value);

		h->host = list[i].host;
		h->known = true;
	}
	return true;
}

static bool
decide_users(struct casefile *cf, struct whom *w, struct arena scratch, struct err *err)
{
	size_t       n = w->users.n ? w->users.n - 1 : 0;
	struct user *list = arena_new(&scratch, struct user, n + 1);

	for (size_t i = 0; i < n; i++)
		list[i] = user_of(w->users.texts[i + 1], &scratch);
	if (!users_find(cf, list, n, &scratch, err))
		return false;
	for (size_t i = 0; i < n; i++)
		*user_named(w, list[i].value) = (struct named_user){
			arena_copy(&w->keep, list[i].key), list[i].of_host
		};
	return true;
}

bool
whom_decide(struct casefile *cf, struct err *err)
{
	struct arena scratch = arena_open((size_t)1 << 30);
	bool         good;

	if (!whom_of(cf)->whole) {
		whom_forget(cf);
		good = read_names(cf, whom_of(cf), err);
	} else {
		good = true;
	}
	good = good && decide_hosts(cf, cf->whom, scratch, err) &&
	       decide_users(cf, cf->whom, scratch, err);
	cf->whom->whole = good;
	arena_close(&scratch);
	return good;
}
