/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/declare.h"

#include <stdlib.h>

/* The key of a search whose predicate is not known; so cases of schema 1 have them all. */
static struct text
own_key(struct text rule_id, uint32_t leaf, struct arena *keep)
{
	return arena_printf(keep, TEXT_FMT "/%u", TEXT_ARG(rule_id), leaf);
}

struct declaring {
	struct ask put_rule, find_rule, put, find, name, link;
};

static const char put_rule[] = "INSERT OR IGNORE INTO rule(rule_id) VALUES(?1)";
static const char find_rule[] = "SELECT id FROM rule WHERE rule_id = ?1";
static const char put_predicate[] = "INSERT OR IGNORE INTO predicate(key) VALUES(?1)";
static const char find_predicate[] = "SELECT id FROM predicate WHERE key = ?1";
/* Hits from before the predicate was known; those of a search that is alike are the same. */
static const char name_predicate[] = "UPDATE OR IGNORE predicate SET key = ?1 WHERE key = ?2";
static const char link_predicate[] =
    "INSERT OR REPLACE INTO rule_predicate(rule, leaf, predicate) VALUES(?1, ?2, ?3)";

static int64_t
number_of(struct ask *put, struct ask *find, struct text key)
{
	int64_t id = 0;

	ask_text(put, 1, key);
	ask_run(put);
	ask_text(find, 1, key);
	if (ask_row(find))
		id = ask_get_int(find, 0);
	ask_run(find);
	return id;
}

static bool
declare_leaf(struct declaring *d, int64_t rule, const struct declared_rule *r, uint32_t leaf,
	     int64_t *predicate, struct arena scratch)
{
	struct text own = own_key(r->id, leaf, &scratch), key = r->keys ? r->keys[leaf] : own;

	if (text_absent(key))
		return true;
	if (r->keys) {
		ask_text(&d->name, 1, key);
		ask_text(&d->name, 2, own);
		ask_run(&d->name);
	}
	*predicate = number_of(&d->put, &d->find, key);
	ask_int(&d->link, 1, rule);
	ask_int(&d->link, 2, leaf);
	ask_int(&d->link, 3, *predicate);
	return ask_run(&d->link) && *predicate;
}

static bool
declare_rule(struct declaring *d, const struct declared_rule *r, struct declared *out,
	     struct arena scratch)
{
	int64_t rule = number_of(&d->put_rule, &d->find_rule, r->id);
	bool    good = rule != 0;

	out->n = r->n_leaves;
	out->predicates = calloc((size_t)r->n_leaves + 1, sizeof(*out->predicates));
	if (!out->predicates)
		arena_exhausted(r->n_leaves * sizeof(*out->predicates));
	for (uint32_t i = 0; good && i < r->n_leaves; i++)
		good = declare_leaf(d, rule, r, i, &out->predicates[i], scratch);
	return good;
}

bool
declare_rules(struct writer *w, struct casefile *cf, const struct declared_rule *rules, uint32_t n,
	      struct err *err)
{
	struct declaring  d;
	struct ask *const asks[] = { &d.put_rule, &d.find_rule, &d.put, &d.find, &d.name, &d.link };
	const char *const texts[] = { put_rule,       find_rule,      put_predicate,
				      find_predicate, name_predicate, link_predicate };
	bool              good = true;

	declared_free(w);
	w->rules = calloc((size_t)n + 1, sizeof(*w->rules));
	if (!w->rules)
		arena_exhausted(n * sizeof(*w->rules));
	for (size_t i = 0; i < sizeof(asks) / sizeof(*asks); i++)
		good = ask(asks[i], cf, texts[i], err) && good;
	for (uint32_t i = 0; i < n && good; i++, w->n_rules++)
		good = declare_rule(&d, &rules[i], &w->rules[i], w->scratch);
	for (size_t i = 0; i < sizeof(asks) / sizeof(*asks); i++)
		good = ask_end(asks[i]) && good;
	return good;
}

void
declared_free(struct writer *w)
{
	for (uint32_t i = 0; i < w->n_rules; i++)
		free(w->rules[i].predicates);
	free(w->rules);
	w->rules = NULL;
	w->n_rules = 0;
}

static const char put_hit[] = "INSERT OR IGNORE INTO hit(event, predicate) VALUES(?1, ?2)";

void
hits_ask(struct ask *q, struct casefile *cf, struct err *err)
{
	ask(q, cf, put_hit, err);
}

void
hits_put(struct ask *q, const struct writer *w, uint32_t rule, uint32_t leaf, int64_t event)
{
	int64_t predicate = rule < w->n_rules && leaf < w->rules[rule].n
				? w->rules[rule].predicates[leaf]
				: 0;

	if (!predicate)
		return;
	ask_int(q, 1, event);
	ask_int(q, 2, predicate);
	ask_run(q);
}

bool
hits_unindex(struct casefile *cf, struct err *err)
{
	return db_int(cf, "SELECT EXISTS(SELECT 1 FROM hit)", 1) ||
	       db_run(cf, "DROP INDEX IF EXISTS hit_by_predicate", err);
}

bool
hits_index(struct casefile *cf, struct err *err)
{
	return db_run(cf, "CREATE INDEX IF NOT EXISTS hit_by_predicate ON hit(predicate, event)",
		      err);
}
