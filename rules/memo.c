/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/memo.h"

#include "base/digest.h"

#define WRITTEN_LEAST 4     /* fields; fewer are set as fast as they are looked up */
#define SLOTS         4096  /* values that can be remembered; a power of two */
#define KEY_MAX       1024  /* bytes of a key; of longer ones their SHA-256 is it */
#define TRIAL         512   /* rows after which one in EQUAL_LEAST must have been equal */
#define EQUAL_LEAST   4
#define BUDGET_PART   16    /* of the memory of the run */

struct memo {
	const struct column *reads;
	const struct text   *writes;
	size_t               n_reads, n_writes;
	size_t               n_stages;
};

struct outcome {
	struct text   key; /* absent: free */
	struct value *values;
};

struct memo_run {
	const struct memo  *memo;
	struct run         *run;
	struct outcome     *slots;   /* NULL: it was given up */
	struct outcome     *pending; /* gets what the stages come to */
	struct search_stats before;
	uint64_t            rows, equal;
	size_t              bytes, room, n;
};

/* --- while compiling --- */

/* The stages from FIRST on that can be remembered together. */
static size_t
chain_length(const struct pipeline *p, size_t first, struct arena *keep, struct uses *reads,
	     struct columns *writes)
{
	size_t n = 0;

	for (; first + n < p->n; n++) {
		const struct stage *stage = &p->stages[first + n];
		struct uses         own = { .keep = keep };
		struct columns      sets = { .keep = keep };

		if (stage->is_filter || !stage->command->repeats ||
		    !stage->command->repeats(stage))
			break;
		stage->command->uses(stage, &own);
		stage->command->columns(stage, &sets);
		/* Fields that are set twice would come in another order. */
		for (size_t i = 0; i < sets.n; i++)
			for (size_t k = 0; k < writes->n; k++)
				own.all |= text_eq(sets.names[i], writes->names[k]);
		if (own.all || sets.open)
			break;
		for (size_t i = 0; i < own.n; i++) {
			bool inside = false;

			for (size_t k = 0; k < writes->n; k++)
				inside |= text_eq(own.names[i], writes->names[k]);
			if (!inside)
				uses_add(reads, own.names[i], USE_READS);
		}
		for (size_t i = 0; i < sets.n; i++)
			columns_add(writes, sets.names[i]);
	}
	return n;
}

void
memo_plan(struct compile *c, struct pipeline *p)
{
	for (size_t i = 1, n; i < p->n; i += n ? n : 1) {
		struct uses    reads = { .keep = c->keep };
		struct columns writes = { .keep = c->keep };
		struct column *columns;
		struct memo   *memo;

		n = chain_length(p, i, c->keep, &reads, &writes);
		if (writes.n < WRITTEN_LEAST || reads.n == 0)
			continue;
		columns = arena_new(c->keep, struct column, reads.n);
		for (size_t k = 0; k < reads.n; k++)
			columns[k] = column_make(c->keep, reads.names[k], p->stages[i].model);
		memo = arena_new(c->keep, struct memo, 1);
		*memo = (struct memo){ columns, writes.names, reads.n, writes.n, n };
		p->stages[i].memo = memo;
		p->stages[i + n - 1].memo_ends = memo;
	}
}

/* --- while running --- */

struct memo_run *
memo_start(struct run *run, const struct memo *memo)
{
	struct memo_run *m = arena_new(run->keep, struct memo_run, 1);

	m->memo = memo;
	m->run = run;
	m->room = run->budget_bytes / BUDGET_PART;
	return m;
}

static void
key_put(struct arena *scratch, const void *p, size_t n)
{
	if (n)
		memcpy(arena_alloc(scratch, 1, 1, n), p, n);
}

static void
key_put_value(struct arena *scratch, const struct value *v)
{
	char kind = (char)v->kind;

	key_put(scratch, &kind, 1);
	switch (v->kind) {
	case VALUE_NULL:
		return;
	case VALUE_TEXT:
		key_put(scratch, &v->text.n, sizeof(v->text.n));
		key_put(scratch, v->text.p, v->text.n);
		return;
	case VALUE_NUMBER:
		key_put(scratch, &v->number, sizeof(v->number));
		return;
	case VALUE_TIME:
		key_put(scratch, &v->time_ns, sizeof(v->time_ns));
		return;
	case VALUE_LIST:
		key_put(scratch, &v->n_items, sizeof(v->n_items));
		for (uint32_t i = 0; i < v->n_items; i++)
			key_put_value(scratch, &v->items[i]);
		return;
	}
}

/* The values that the stages read, in one piece of scratch memory. */
static struct text
key_of(const struct memo_run *m, const struct row *row)
{
	struct arena *scratch = m->run->scratch;
	struct value *values = arena_new(scratch, struct value, m->memo->n_reads);
	char         *start, *hex;
	size_t        n;

	for (size_t i = 0; i < m->memo->n_reads; i++)
		values[i] = row_value(row, &m->memo->reads[i], scratch);
	start = arena_alloc(scratch, 1, 1, 0);
	for (size_t i = 0; i < m->memo->n_reads; i++)
		key_put_value(scratch, &values[i]);
	n = (size_t)(scratch->at - start);
	if (n <= KEY_MAX)
		return (struct text){ start, n };
	/* No other key begins with a digit: the kind of a value comes first. */
	hex = arena_new(scratch, char, DIGEST_HEX + 1);
	digest_text((struct text){ start, n }, hex);
	return (struct text){ hex, DIGEST_HEX };
}

/* Its place, or that where it would be put; NULL: the table is full. */
static struct outcome *
find(const struct memo_run *m, struct text key)
{
	size_t at = text_hash(key, 0) & (SLOTS - 1);

	while (!text_absent(m->slots[at].key)) {
		if (text_eq(m->slots[at].key, key))
			return &m->slots[at];
		at = (at + 1) & (SLOTS - 1);
	}
	return m->n < SLOTS / 4 * 3 ? &m->slots[at] : NULL;
}

static void
give_outcome(const struct memo_run *m, const struct outcome *o, struct row *row)
{
	for (size_t i = 0; i < m->memo->n_writes; i++)
		row_set(row, m->memo->writes[i], o->values[i], m->run->scratch);
}

static bool
run_stages(struct memo_run *m, struct outcome *free, struct text key, struct stage_run *first,
	   struct row *row)
{
	struct outcome outcome = { .key = key };
	bool           more;

	if (free && m->bytes + key.n < m->room) {
		m->pending = &outcome;
		m->before = *m->run->stats;
	}
	more = first->stage->command->row(first, row);
	m->pending = NULL;
	if (!outcome.values)
		return more;
	outcome.key = arena_copy(m->run->keep, key);
	*free = outcome;
	m->n++;
	m->bytes += key.n;
	return more;
}

/* Whether it is worth going on. */
static bool
pays(struct memo_run *m)
{
	if (m->rows++ == 0)
		m->slots = arena_new(m->run->keep, struct outcome, SLOTS);
	if (m->rows == TRIAL && m->equal < TRIAL / EQUAL_LEAST)
		m->slots = NULL;
	return m->slots != NULL;
}

bool
memo_row(struct stage_run *first, struct row *row)
{
	struct memo_run *m = first->memo;
	struct stage_run *last = first + m->memo->n_stages - 1;
	struct outcome  *known;
	struct text      key;

	if (!pays(m))
		return first->stage->command->row(first, row);
	key = key_of(m, row);
	known = find(m, key);
	if (!known || text_absent(known->key))
		return run_stages(m, known, key, first, row);
	m->equal++;
	give_outcome(m, known, row);
	for (struct stage_run *sr = first; sr < last; sr++)
		sr->given++;
	return pipe_emit(last, row);
}

void
memo_note(struct memo_run *m, const struct row *row)
{
	size_t        used = arena_used(m->run->keep);
	struct value *values;

	/* What the stages had to say besides has to be said for each row. */
	if (!m->pending || m->run->failed || m->run->stats->warnings != m->before.warnings ||
	    m->run->stats->gave_up != m->before.gave_up)
		return;
	values = arena_new(m->run->keep, struct value, m->memo->n_writes);
	for (size_t i = 0; i < m->memo->n_writes; i++) {
		struct value v = row_cell_value(row, m->memo->writes[i]);

		values[i] = value_keep(&v, m->run->keep);
	}
	m->pending->values = values;
	m->bytes += arena_used(m->run->keep) - used;
}
