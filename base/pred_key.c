/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hash that predicates share which are built alike. */
#include "config.h"

#include "base/digest.h"
#include "base/pred.h"

static void
put_number(struct digest *d, uint64_t n)
{
	digest_add(d, &n, sizeof(n));
}

static void
put_text(struct digest *d, struct text t)
{
	put_number(d, text_absent(t) ? UINT64_MAX : t.n);
	digest_add(d, t.p, t.n);
}

/* The source alone does not tell how it is read: '*' may be an ordinary character. */
static void
put_pattern(struct digest *d, const struct pattern *p)
{
	put_text(d, p->source);
	put_number(d, (uint64_t)p->open_start | (uint64_t)p->open_end << 1 |
			  (uint64_t)p->any << 2 | (uint64_t)p->cased << 3 |
			  (uint64_t)p->numeric << 4 | (uint64_t)p->cidr << 5);
	put_number(d, p->n_pieces);
	for (uint32_t i = 0; i < p->n_pieces; i++)
		put_text(d, p->pieces[i]);
}

static void
put_pred(struct digest *d, const struct pred *p)
{
	put_number(d, (uint64_t)p->kind | (uint64_t)p->whole << 8);
	put_number(d, p->model);
	put_text(d, p->name.name);
	put_number(d, p->name.model);
	put_pattern(d, &p->pattern);
	put_number(d, (uint64_t)p->earliest_ns);
	put_number(d, (uint64_t)p->latest_ns);
	put_number(d, p->n_kids);
	for (uint32_t i = 0; i < p->n_kids; i++)
		put_pred(d, p->kids[i]);
}

struct text
pred_key(const struct pred *p, struct arena *keep)
{
	struct digest *d = digest_new();
	char          *hex = arena_new(keep, char, DIGEST_HEX + 1);

	put_pred(d, p);
	digest_finish(d, hex);
	return (struct text){ hex, DIGEST_HEX };
}
