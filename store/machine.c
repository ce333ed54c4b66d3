/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/machine.h"

#include <stdlib.h>

#include "store/interned.h"
#include "store/risk.h"

/* Addresses have a kin of their own, so a dot means a domain or does not matter. */
static const char decide[] =
    "UPDATE host SET machine = id WHERE machine <> id;"
    "UPDATE host SET machine = full.id FROM (SELECT kin, min(id) AS id FROM host "
    "WHERE instr(fold, '.') > 0 AND id IN (SELECT host FROM host_name) GROUP BY kin "
    "HAVING count(*) = 1) AS full "
    /* not IN: SQLite would list them all anew for each of FULL */
    "WHERE full.kin = host.kin AND EXISTS (SELECT 1 FROM host_name n WHERE n.host = host.id);"
    "UPDATE host SET name = (SELECT n.name FROM host_name n WHERE n.host = host.id "
    "ORDER BY n.events DESC, n.name LIMIT 1) WHERE id IN (SELECT host FROM host_name GROUP BY host "
    "HAVING count(*) > 1);"
    "UPDATE host SET aliases = coalesce((SELECT group_concat(x.name, ', ') FROM (SELECT n.name "
    "FROM host m JOIN host_name n ON n.host = m.id WHERE m.machine = host.id AND "
    "n.name <> host.name ORDER BY n.name) x), '') WHERE id IN (SELECT host FROM host_name)";

bool
machines_decide(struct casefile *cf, struct err *err)
{
	return db_run(cf, decide, err);
}

static const char rows_of_name[] =
    "SELECT id FROM host WHERE machine IN (SELECT machine FROM host WHERE fold = ?1 AND "
    "(findings > 0 OR id IN (SELECT host FROM host_name))) ORDER BY id";
static const char rows_of_label[] =
    "SELECT id, machine, fold FROM host WHERE (fold = ?1 OR (fold >= ?2 AND fold < ?3)) AND "
    "(findings > 0 OR id IN (SELECT host FROM host_name)) ORDER BY id";

size_t
machine_hosts(struct casefile *cf, struct text name, int64_t *out, size_t cap)
{
	struct arena scratch = cf->arena;
	struct text  want = risk_normalize(name, &scratch), label = host_label(want);
	struct ask   q;
	size_t       n = 0;

	if (text_absent(want))
		return 0;
	if (ask(&q, cf, rows_of_name, NULL)) {
		ask_text(&q, 1, want);
		for (; ask_row(&q); n++)
			if (n < cap)
				out[n] = ask_get_int(&q, 0);
	}
	if (!ask_end(&q) || n)
		return n;
	if (ask(&q, cf, rows_of_label, NULL)) {
		ask_text(&q, 1, label);
		/* Names that go on behind the label's dot: '/' is the byte after '.'. */
		ask_text(&q, 2, arena_join(&scratch, label, TEXT(".")));
		ask_text(&q, 3, arena_join(&scratch, label, TEXT("/")));
		for (; ask_row(&q); n++) {
			if (label.n < want.n && !text_eq(ask_get_text(&q, 2), label)) {
				n = 0;
				break;
			}
			if (n < cap)
				out[n] = ask_get_int(&q, 0);
		}
	}
	ask_end(&q);
	return n;
}

struct mention
mention_of(struct text value, bool make, struct arena *keep)
{
	struct mention m = { .value = arena_copy(keep, value), .make = make };

	m.name = text_trim(m.value);
	m.fold = risk_normalize(m.name, keep);
	m.label = host_label(m.fold);
	return m;
}

/* A name that events have, or that findings have. */
struct known {
	struct text     fold, label;
	int64_t         machine; /* 0: not of events */
	struct mention *mention;
};

static int
by_label(const void *a, const void *b)
{
	const struct known *x = a, *y = b;
	int                 order = text_cmp(x->label, y->label);

	if (order == 0)
		order = text_cmp(x->fold, y->fold);
	if (order == 0)
		order = (x->mention != NULL) - (y->mention != NULL);
	if (order || !x->mention)
		return order;
	if (x->mention->make != y->mention->make)
		return x->mention->make ? -1 : 1;
	return text_cmp(x->mention->value, y->mention->value);
}

static int
by_value(const void *a, const void *b)
{
	const struct mention *x = a, *y = b;

	return text_cmp(x->value, y->value);
}

/* What is known of one first label. */
struct family {
	int64_t machine;        /* of events; 0: none, -1: several */
	bool    domain;         /* events have the label with a domain */
	size_t  other_domains;  /* how many only findings have */
	struct mention *full;   /* the first mention with such a domain */
};

static struct family
family_of(const struct known *k, size_t n)
{
	struct family f = { 0 };

	for (size_t i = 0; i < n; i++) {
		bool domain = k[i].label.n < k[i].fold.n;

		if (!k[i].mention) {
			f.machine = !f.machine || f.machine == k[i].machine ? k[i].machine : -1;
			f.domain |= domain;
		} else if (domain && (i == 0 || !text_eq(k[i].fold, k[i - 1].fold))) {
			f.other_domains++;
			f.full = f.full ? f.full : k[i].mention;
		}
	}
	return f;
}

static bool
make_host(struct casefile *cf, struct mention *m, struct text name, struct arena scratch,
	  struct err *err)
{
	int64_t kin;

	return !m->make || interned_host(cf, name, scratch, &m->host, &kin, err);
}

static bool
find_one(struct casefile *cf, const struct family *f, struct mention *m, struct arena scratch,
	 struct err *err)
{
	bool domain = m->label.n < m->fold.n;

	if (f->machine > 0 && (!domain || (!f->domain && f->other_domains == 1))) {
		m->host = f->machine;
		return true;
	}
	if (!domain && f->machine == 0 && f->other_domains == 1)
		return make_host(cf, m, f->full->name, scratch, err);
	return make_host(cf, m, m->name, scratch, err);
}

static bool
find_family(struct casefile *cf, struct known *k, size_t n, struct arena scratch, struct err *err)
{
	struct family f = family_of(k, n);
	int64_t       machine = 0;

	for (size_t i = 0; i < n; i++) {
		struct mention *m = k[i].mention;

		if (i > 0 && !text_eq(k[i].fold, k[i - 1].fold))
			machine = 0;
		if (!m) {
			machine = k[i].machine;
			continue;
		}
		if (machine)
			m->host = machine;
		else if (m->fold.n && !find_one(cf, &f, m, scratch, err))
			return false;
		machine = m->host ? m->host : machine;
	}
	return true;
}

static const char names_of_events[] = "SELECT fold, machine FROM host WHERE id IN "
				      "(SELECT host FROM host_name)";

bool
machines_find(struct casefile *cf, struct mention *mentions, size_t n, struct arena scratch,
	      struct err *err)
{
	struct known *k = NULL;
	size_t        n_known = 0, cap = 0, end;
	struct ask    q;

	if (n == 0)
		return true;
	qsort(mentions, n, sizeof(*mentions), by_value);
	if (ask(&q, cf, names_of_events, err))
		while (ask_row(&q)) {
			arena_grow(&scratch, k, n_known, &cap);
			struct text fold = arena_copy(&scratch, ask_get_text(&q, 0));

			k[n_known++] = (struct known){ .fold = fold,
						       .label = host_label(fold),
						       .machine = ask_get_int(&q, 1) };
		}
	if (!ask_end(&q))
		return false;
	for (size_t i = 0; i < n; i++) {
		arena_grow(&scratch, k, n_known, &cap);
		k[n_known++] = (struct known){ .fold = mentions[i].fold,
					       .label = mentions[i].label,
					       .mention = &mentions[i] };
	}
	qsort(k, n_known, sizeof(*k), by_label);
	for (size_t at = 0; at < n_known; at = end) {
		for (end = at + 1; end < n_known && text_eq(k[end].label, k[at].label);)
			end++;
		if (!find_family(cf, k + at, end - at, scratch, err))
			return false;
	}
	return true;
}
