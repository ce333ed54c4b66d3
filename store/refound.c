/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/refound.h"

#include <stdlib.h>

#include "base/numbers.h"
#include "base/telling.h"
#include "store/finding_lists.h"
#include "store/found.h"

/* ---- which came out ---- */

/* A bit for each number, in pieces: numbers are given one after the other. */
#define PIECE_BITS 15

struct piece {
	uint64_t bits[(1 << PIECE_BITS) / 64];
};

struct ids {
	struct numbers numbers; /* of pieces, by what their ids begin with */
	struct piece **pieces;  /* [number] */
	size_t         cap;
};

struct refound {
	struct arena keep;
	struct ids   of[REFOUND_KINDS];
};

static struct refound *
refound_of(struct casefile *cf)
{
	struct refound *r = cf->refound;

	if (r)
		return r;
	r = cf->refound = calloc(1, sizeof(*r));
	if (!r)
		arena_exhausted(sizeof(*r));
	r->keep = arena_open((size_t)1 << 32);
	for (int i = 0; i < REFOUND_KINDS; i++)
		r->of[i].numbers.keep = &r->keep;
	return r;
}

void
refound_forget(struct casefile *cf)
{
	if (cf->refound)
		arena_close(&cf->refound->keep);
	free(cf->refound);
	cf->refound = NULL;
}

static struct text
piece_name(const int64_t *number)
{
	return (struct text){ (const char *)number, sizeof(*number) };
}

static uint64_t
bit_of(int64_t id, size_t *word)
{
	*word = ((uint64_t)id & ((1 << PIECE_BITS) - 1)) / 64;
	return UINT64_C(1) << ((uint64_t)id % 64);
}

void
refound_note(struct casefile *cf, enum refound_kind kind, int64_t id)
{
	struct refound *r = refound_of(cf);
	struct ids     *ids = &r->of[kind];
	int64_t         begins = id >> PIECE_BITS;
	uint32_t        number = numbers_of(&ids->numbers, piece_name(&begins));
	size_t          word;
	uint64_t        bit = bit_of(id, &word);

	while (ids->cap <= number)
		arena_grow(&r->keep, ids->pieces, ids->cap, &ids->cap);
	if (!ids->pieces[number])
		ids->pieces[number] = arena_new(&r->keep, struct piece, 1);
	ids->pieces[number]->bits[word] |= bit;
}

bool
refound_noted(const struct casefile *cf, enum refound_kind kind, int64_t id)
{
	const struct ids *ids = cf->refound ? &cf->refound->of[kind] : NULL;
	int64_t           begins = id >> PIECE_BITS;
	uint32_t          number = ids ? numbers_find(&ids->numbers, piece_name(&begins)) : 0;
	size_t            word;
	uint64_t          bit = bit_of(id, &word);

	return number && ids->pieces[number]->bits[word] & bit;
}

/* ---- comparing ---- */

static bool
same_text(struct ask *q, int column, struct text t)
{
	return ask_get_null(q, column) == text_absent(t) &&
	       (text_absent(t) || text_eq(ask_get_text(q, column), t));
}

static const char finding_row[] =
    "SELECT last_ns, count, first_ns, events_capped, risk_score, host, user, message, rule_id, rule, "
    "type, techniques, tactics, stories, annotations, remarks, what, fields, threats, events FROM "
    "finding_whole WHERE id = ?1";

static bool
same_row(struct casefile *cf, struct ask *q, const struct finding *f)
{
	struct arena      scratch = cf->leaf;
	const struct text texts[] = { f->host,
				      f->user,
				      text_or_empty(f->message),
				      text_or_empty(f->rule_id),
				      text_or_empty(f->rule),
				      f->type,
				      f->techniques,
				      f->tactics,
				      f->stories,
				      f->annotations,
				      f->remarks,
				      telling_value(f->fields, f->n_fields, &scratch),
				      finding_fields_text(f, &scratch),
				      finding_threats_text(f, &scratch),
				      finding_events_text(f, &scratch) };

	if (ask_get_int(q, 0) != f->last_ns || ask_get_int(q, 1) != (int64_t)f->count ||
	    ask_get_int(q, 2) != f->first_ns || ask_get_int(q, 3) != f->events_capped ||
	    ask_get_real(q, 4) != f->risk_score)
		return false;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (!same_text(q, 5 + (int)i, texts[i]))
			return false;
	return true;
}

static const char objects_of[] =
    "SELECT value, message, type, coalesce(base, score), ts, id FROM risk_event r WHERE " RISK_EVENTS_OF("r", "?1")
    " ORDER BY id";

static bool
same_objects(struct ask *q, const struct finding *f, int64_t id)
{
	for (uint32_t i = 0; i < f->n_objects && i < OBJECTS_MAX; i++) {
		const struct risk_object *o = &f->objects[i];

		if (!ask_row(q) || !same_text(q, 0, text_or_empty(o->value)) ||
		    !same_text(q, 1, finding_object_message(f, o)) || ask_get_int(q, 2) != (int64_t)o->type ||
		    ask_get_real(q, 3) != o->score || ask_get_int(q, 4) != f->last_ns ||
		    ask_get_int(q, 5) != id * OBJECTS_MAX + i)
			return false;
	}
	return !ask_row(q);
}

bool
refound_compare(struct casefile *cf, int64_t id, const struct finding *f, bool *there, bool *same,
		struct err *err)
{
	struct ask q;

	*there = *same = false;
	if (ask(&q, cf, finding_row, err)) {
		ask_int(&q, 1, id);
		*there = ask_row(&q);
		*same = *there && same_row(cf, &q, f);
	}
	if (!ask_end(&q) || !*same)
		return !q.failed;
	if (ask(&q, cf, objects_of, err)) {
		ask_int(&q, 1, id);
		*same = same_objects(&q, f, id);
	}
	return ask_end(&q);
}
