/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/automaton.h"

/* Gives every byte that occurs in a literal a column of its own; column 0 is "no literal has it". */
static void
assign_columns(struct automaton *a, const struct text *literals, uint32_t n)
{
	a->n_columns = 1;
	for (uint32_t i = 0; i < n; i++) {
		for (size_t k = 0; k < literals[i].n; k++) {
			uint8_t byte = (uint8_t)literals[i].p[k];

			/* With all 256 in use the last ones share column 255: more steps, no misses. */
			if (!a->column[byte])
				a->column[byte] = (uint8_t)(a->n_columns < 256 ? a->n_columns++ : 255);
		}
	}
	for (int c = 'A'; c <= 'Z'; c++)
		a->column[c] = a->column[c + ('a' - 'A')];
}

/* The tree of all literals; states are rows of `step`, 0 is the root and "no such branch". */
static void
grow_tree(struct automaton *a, const struct text *literals, uint32_t n, uint32_t *ids)
{
	a->n_states = 1;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t state = 0;

		for (size_t k = 0; k < literals[i].n; k++) {
			uint32_t *next = &a->step[(size_t)state * a->n_columns +
						  a->column[(uint8_t)literals[i].p[k]]];

			if (!*next)
				*next = a->n_states++;
			state = *next;
		}
		if (!a->literal[state])
			a->literal[state] = ++a->n_literals;
		ids[i] = a->literal[state] - 1;
	}
}

/* Breadth first: where to go on when a branch ends, so that no text is read twice. */
static void
link_states(struct automaton *a, struct arena scratch)
{
	uint32_t *queue = arena_new(&scratch, uint32_t, a->n_states);
	uint32_t *back = arena_new(&scratch, uint32_t, a->n_states);
	uint32_t  head = 0, tail = 0, columns = a->n_columns;

	queue[tail++] = 0;
	while (head < tail) {
		uint32_t  state = queue[head++];
		uint32_t *row = a->step + (size_t)state * columns;
		uint32_t *back_row = a->step + (size_t)back[state] * columns;

		for (uint32_t c = 0; c < columns; c++) {
			uint32_t next = row[c];

			if (!next) {
				row[c] = back_row[c];
				continue;
			}
			back[next] = state ? back_row[c] : 0;
			a->shorter[next] = a->literal[back[next]] ? back[next]
								  : a->shorter[back[next]];
			queue[tail++] = next;
		}
	}
}

/* Steps become offsets of rows, with the sign that something ends there. */
static void
seal(struct automaton *a)
{
	size_t n = (size_t)a->n_states * a->n_columns;

	for (size_t i = 0; i < n; i++) {
		uint32_t next = a->step[i];

		a->step[i] = next * a->n_columns;
		if (a->literal[next] || a->shorter[next])
			a->step[i] |= AUTOMATON_FOUND;
	}
}

void
automaton_make(struct automaton *out, const struct text *literals, uint32_t n, uint32_t *ids,
	       struct arena *keep, struct arena scratch)
{
	struct automaton a = { 0 };
	struct arena     build = scratch;
	size_t           most = 1;

	for (uint32_t i = 0; i < n; i++)
		most += literals[i].n;
	assign_columns(&a, literals, n);
	a.step = arena_new(&build, uint32_t, most * a.n_columns);
	a.literal = arena_new(keep, uint32_t, most);
	a.shorter = arena_new(keep, uint32_t, most);
	grow_tree(&a, literals, n, ids);
	link_states(&a, build);
	seal(&a);
	{
		size_t    cells = (size_t)a.n_states * a.n_columns;
		uint32_t *kept = arena_new(keep, uint32_t, cells);

		memcpy(kept, a.step, cells * sizeof(*kept));
		a.step = kept;
	}
	*out = a;
}

static void
report(const struct automaton *a, uint32_t state, automaton_fn *fn, void *ctx)
{
	for (; state; state = a->shorter[state]) {
		if (a->literal[state])
			fn(ctx, a->literal[state] - 1);
	}
}

void
automaton_scan(const struct automaton *a, struct text text, automaton_fn *fn, void *ctx)
{
	const uint8_t *p = (const uint8_t *)text.p, *end = p + text.n;
	const uint32_t *step = a->step;
	uint32_t        at = 0;

	while (p < end) {
		uint32_t next = step[at + a->column[*p++]];

		at = next & ~AUTOMATON_FOUND;
		if (next & AUTOMATON_FOUND)
			report(a, at / a->n_columns, fn, ctx);
	}
}
