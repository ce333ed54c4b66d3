/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/alternatives.h"

#include "base/literals.h"

#define TAIL 4 /* bytes that endings are filed by */

struct filed {
	struct text        wanted; /* folded */
	bool               ending; /* any value that ends so */
	const struct pred *kid;
	size_t             next; /* 1 + the next one of the same slot; 0: none */
};

/* A kid with stars: it wants values with that literal among others. */
struct starred {
	const struct pred *kid;
	uint32_t           literal;
};

struct alternatives {
	const struct name_ref *name;
	struct filed          *filed;
	size_t                *slots; /* 1 + number of the first one; 0: none */
	size_t                 n_filed, n_slots;
	struct starred        *starred;
	size_t                 n_starred;
	struct literals        literals;
	const struct pred    **others;
	size_t                 n_others;
};

/* A value to be equal to but for letter case, or, behind a star, to end with; no other wildcard, no
 * network. */
static bool
can_be_filed(const struct pred *p)
{
	size_t star = p->pattern.open_start;

	return p->kind == PRED_EQ && !p->pattern.cased && !p->pattern.cidr && !p->pattern.any &&
	       !p->pattern.open_end && p->pattern.n_pieces == 1 &&
	       p->pattern.pieces[0].n + star == p->pattern.source.n &&
	       (!star || p->pattern.pieces[0].n >= TAIL);
}

static struct text
longest_piece(const struct pattern *p)
{
	struct text best = TEXT("");

	for (uint32_t i = 0; i < p->n_pieces; i++)
		if (p->pieces[i].n > best.n)
			best = p->pieces[i];
	return best;
}

/* A pattern whose values have a literal that can be looked for. */
static bool
can_be_looked_for(const struct pred *p)
{
	return p->kind == PRED_EQ && !p->pattern.cased && !p->pattern.cidr && !p->pattern.any &&
	       longest_piece(&p->pattern).n >= LITERAL_MIN;
}

static bool
is_key(const struct pred *p)
{
	return can_be_filed(p) || can_be_looked_for(p);
}

static uint32_t
count_parts(const struct pred *kid)
{
	return kid->kind == PRED_AND ? kid->n_kids : 1;
}

/* What has to hold so that KID does: itself, or one of the conditions that it joins. */
static const struct pred *
part_of(const struct pred *kid, uint32_t i)
{
	return kid->kind == PRED_AND ? kid->kids[i] : kid;
}

/* The part by which the kid can be found, of those about the field: the value itself rather than a
 * part of it. */
static const struct pred *
key_of(const struct pred *kid, const struct name_ref *name)
{
	const struct pred *starred = NULL;

	for (uint32_t i = 0; i < count_parts(kid); i++) {
		const struct pred *p = part_of(kid, i);

		if (!is_key(p) || p->name.model != name->model ||
		    !text_eq(p->name.name, name->name))
			continue;
		if (can_be_filed(p))
			return p;
		starred = starred ? starred : p;
	}
	return starred;
}

static size_t
count_keyed(const struct pred *const *kids, size_t n, const struct name_ref *name)
{
	size_t keyed = 0;

	for (size_t i = 0; i < n; i++)
		keyed += key_of(kids[i], name) != NULL;
	return keyed;
}

/* Of the fields that the first kid with such parts has them for, the one most kids do. */
static const struct name_ref *
field_to_file_by(const struct pred *const *kids, size_t n, size_t *n_keyed)
{
	const struct name_ref *best = NULL;

	*n_keyed = 0;
	for (size_t i = 0; i < n && !best; i++)
		for (uint32_t k = 0; k < count_parts(kids[i]); k++) {
			const struct pred *p = part_of(kids[i], k);
			size_t             keyed;

			if (!is_key(p) || (keyed = count_keyed(kids, n, &p->name)) <= *n_keyed)
				continue;
			best = &p->name;
			*n_keyed = keyed;
		}
	return best;
}

static size_t *
slot_of(const struct alternatives *a, struct text t, bool ending)
{
	if (ending)
		t = text_from(t, t.n - TAIL);
	return &a->slots[text_hash(t, ending) & (a->n_slots - 1)];
}

static void
file_kid(struct alternatives *a, const struct pred *kid, const struct pattern *key)
{
	struct text wanted = key->pieces[0];
	size_t     *slot = slot_of(a, wanted, key->open_start);

	a->filed[a->n_filed++] = (struct filed){ wanted, key->open_start, kid, *slot };
	*slot = a->n_filed;
}

static void
find_literals(struct alternatives *a, struct arena *keep)
{
	struct arena scratch = arena_open(((size_t)1 << 18) + a->n_starred * 64);
	struct text *texts = arena_new(&scratch, struct text, a->n_starred);
	uint32_t    *ids = arena_new(&scratch, uint32_t, a->n_starred);

	for (size_t i = 0; i < a->n_starred; i++)
		texts[i] = longest_piece(&key_of(a->starred[i].kid, a->name)->pattern);
	literals_make(&a->literals, texts, (uint32_t)a->n_starred, ids, keep, scratch);
	for (size_t i = 0; i < a->n_starred; i++)
		a->starred[i].literal = ids[i];
	arena_close(&scratch);
}

const struct alternatives *
alternatives_make(struct arena *keep, const struct pred *const *kids, size_t n)
{
	struct alternatives   *a;
	const struct name_ref *name;
	size_t                 n_keyed;

	if (n < ALTERNATIVES_LEAST)
		return NULL;
	name = field_to_file_by(kids, n, &n_keyed);
	if (n_keyed < ALTERNATIVES_LEAST)
		return NULL;
	a = arena_new(keep, struct alternatives, 1);
	a->name = name;
	a->filed = arena_new(keep, struct filed, n_keyed);
	a->starred = arena_new(keep, struct starred, n_keyed);
	a->others = arena_new(keep, const struct pred *, n - n_keyed + 1);
	for (a->n_slots = 64; a->n_slots < n_keyed * 2;)
		a->n_slots *= 2;
	a->slots = arena_new(keep, size_t, a->n_slots);
	for (size_t i = 0; i < n; i++) {
		const struct pred *key = key_of(kids[i], a->name);

		if (!key)
			a->others[a->n_others++] = kids[i];
		else if (can_be_filed(key))
			file_kid(a, kids[i], &key->pattern);
		else
			a->starred[a->n_starred++].kid = kids[i];
	}
	if (a->n_starred)
		find_literals(a, keep);
	return a;
}

const struct name_ref *
alternatives_name(const struct alternatives *a)
{
	return a->name;
}

const struct pred *
alternatives_next(const struct alternatives *a, struct text value, struct arena scratch, size_t *at)
{
	struct text folded = arena_fold(&scratch, value);
	bool        ending = *at && a->filed[*at - 1].ending;

	*at = *at ? a->filed[*at - 1].next : *slot_of(a, folded, false);
	for (;;) {
		for (; *at; *at = a->filed[*at - 1].next) {
			const struct filed *f = &a->filed[*at - 1];

			if (f->ending == ending && f->wanted.n <= folded.n &&
			    (ending || f->wanted.n == folded.n) &&
			    text_eq(text_from(folded, folded.n - f->wanted.n), f->wanted))
				return f->kid;
		}
		if (ending || folded.n < TAIL)
			return NULL;
		ending = true;
		*at = *slot_of(a, folded, true);
	}
}

static void
note_literal(void *ctx, uint32_t literal)
{
	bool *met = ctx;

	met[literal] = true;
}

size_t
alternatives_within(const struct alternatives *a, const struct text *values, size_t n,
		    struct arena *scratch, const struct pred ***out)
{
	size_t count = 0;
	bool  *met;

	if (!a->n_starred)
		return 0;
	*out = arena_new(scratch, const struct pred *, a->n_starred);
	met = arena_new(scratch, bool, a->literals.n);
	for (size_t i = 0; i < n; i++) {
		struct arena one = *scratch;

		literals_find(&a->literals, arena_fold(&one, values[i]), note_literal, met);
	}
	for (size_t i = 0; i < a->n_starred; i++)
		if (met[a->starred[i].literal])
			(*out)[count++] = a->starred[i].kid;
	return count;
}

size_t
alternatives_others(const struct alternatives *a, const struct pred *const **out)
{
	*out = a->others;
	return a->n_others;
}
