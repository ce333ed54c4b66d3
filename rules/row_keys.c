/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/row_keys.h"

static struct row_key **
slot_find(struct row_key **slots, size_t cap, struct text key)
{
	for (size_t i = text_hash(key, 1) & (cap - 1);; i = (i + 1) & (cap - 1))
		if (!slots[i] || text_eq(slots[i]->key, key))
			return &slots[i];
}

static void
keys_grow(struct row_keys *keys, struct arena *keep)
{
	size_t           cap = keys->cap ? keys->cap * 2 : 64;
	struct row_key **slots = arena_new(keep, struct row_key *, cap);

	for (size_t i = 0; i < keys->cap; i++)
		if (keys->slots[i])
			*slot_find(slots, cap, keys->slots[i]->key) = keys->slots[i];
	keys->slots = slots;
	keys->cap = cap;
}

/* Texts with their lengths before them, so that no two combinations look alike. */
struct text
row_key_text(struct run *run, const struct row *row, const struct column *fields, size_t n_fields)
{
	struct arena *scratch = run->scratch;
	struct text  *parts = arena_new(scratch, struct text, n_fields);
	size_t        n = 0, at = 0;
	char         *p;

	for (size_t i = 0; i < n_fields; i++) {
		struct value v = row_value(row, &fields[i], scratch);

		if (v.kind == VALUE_NULL)
			return TEXT_NONE;
		parts[i] = value_text(&v, '\n', scratch);
		n += parts[i].n + sizeof(size_t);
	}
	p = arena_new(scratch, char, n);
	for (size_t i = 0; i < n_fields; i++) {
		memcpy(p + at, &parts[i].n, sizeof(size_t));
		at += sizeof(size_t);
		if (parts[i].n)
			memcpy(p + at, parts[i].p, parts[i].n);
		at += parts[i].n;
	}
	return (struct text){ p, n };
}

struct row_key *
row_keys_of(struct row_keys *keys, struct run *run, struct text key, bool add)
{
	struct arena    *keep = keys->keep ? keys->keep : run->keep;
	struct row_key **slot;

	if (text_absent(key) || (!add && !keys->cap))
		return NULL;
	if (add && keys->n * 4 >= keys->cap * 3)
		keys_grow(keys, keep);
	slot = slot_find(keys->slots, keys->cap, key);
	if (!*slot && add) {
		*slot = arena_new(keep, struct row_key, 1);
		(*slot)->key = arena_copy(keep, key);
		keys->n++;
	}
	return *slot;
}

struct row_key *
row_keys_get(struct row_keys *keys, struct run *run, const struct row *row,
	     const struct column *fields, size_t n_fields)
{
	char           *mark = pipe_mark(run);
	struct text     key = row_key_text(run, row, fields, n_fields);
	struct row_key *found = row_keys_of(keys, run, key, true);

	pipe_release(run, mark);
	return found;
}

struct row_key *
row_keys_find(const struct row_keys *keys, struct run *run, const struct row *row,
	      const struct column *fields, size_t n_fields)
{
	struct row_keys same = *keys;
	char           *mark = pipe_mark(run);
	struct row_key *found =
	    keys->cap ? row_keys_of(&same, run, row_key_text(run, row, fields, n_fields), false)
		      : NULL;

	pipe_release(run, mark);
	return found;
}
