/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/ruleset.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "rules/crew.h"
#include "rules/folder.h"
#include "rules/load.h"
#include "rules/ruleset_parts.h"

#define KEEP_LIMIT     ((size_t)4 << 30)
#define LEFT_OUT_NAMED 8 /* of several with the same id */
#define SCRATCH_LIMIT  ((size_t)1 << 30)

struct ruleset *
ruleset_new(void)
{
	struct arena    keep = arena_open(KEEP_LIMIT);
	struct ruleset *rs = arena_new(&keep, struct ruleset, 1);

	rs->keep = keep;
	rs->scratch = arena_open(SCRATCH_LIMIT);
	rs->walk = arena_open(SCRATCH_LIMIT);
	rs->n_threads = 1;
	rs->macros = macros_new(&rs->keep);
	rs->lookups = lookups_new();
	rs->running = digest_new();
	digest_add(rs->running, PACKAGE_VERSION, sizeof(PACKAGE_VERSION));
	return rs;
}

void
ruleset_threads(struct ruleset *rs, uint32_t threads)
{
	assert(rs->running);
	/* Threads take addresses, of which an import needs what a limit leaves (ulimit -v). */
	if (!threads || arena_scarce())
		threads = 1;
	rs->n_threads = threads < CREW_MOST ? threads : CREW_MOST;
}

void
ruleset_free(struct ruleset *rs)
{
	struct arena keep, scratch, walk;
	char         hex[DIGEST_HEX + 1];

	if (!rs)
		return;
	if (rs->running)
		digest_finish(rs->running, hex);
	lookups_free(rs->lookups);
	for (uint32_t i = 0; i < rs->n_compiled; i++)
		arena_close(&rs->compiled[i]);
	keep = rs->keep;
	scratch = rs->scratch;
	walk = rs->walk;
	arena_close(&scratch);
	arena_close(&walk);
	arena_close(&keep);
}

void
ruleset_set_macro(struct ruleset *rs, struct text name, struct text definition)
{
	assert(rs->running);
	arena_grow(&rs->keep, rs->own, rs->n_own, &rs->own_cap);
	rs->own[rs->n_own++] = (struct own_macro){
		.name = arena_copy(&rs->keep, name),
		.definition = arena_copy(&rs->keep, definition),
	};
}

static void
put_own(struct ruleset *rs, const struct own_macro *own)
{
	macros_add(rs->macros, &(struct macro){
				   .name = own->name,
				   .definition = own->definition.n ? own->definition : own->under,
				   .place = { TEXT("your macros"), 1, 1 },
			       });
}

/* A filter that is nowhere defined keeps everything. */
static struct text
under_own(const struct ruleset *rs, struct text name)
{
	const struct macro *macro = macros_find(rs->macros, name, 0);

	return macro ? macro->definition : TEXT("search *");
}

/* Within one folder the same id twice is a mistake; otherwise the user wants another version. */
static void
remark_on_left_out(struct ruleset *rs, struct detection *d)
{
	size_t n = 0;

	for (const struct detection *o = d->instead_of; o; o = o->instead_of)
		if (o->load == d->load && n++ < LEFT_OUT_NAMED)
			load_remark(d, &rs->keep,
				    arena_printf(&rs->keep, "\"" TEXT_FMT "\" (" TEXT_FMT
						 ") has the same id and is left out",
						 TEXT_ARG(o->name), TEXT_ARG(o->source)));
	if (n > LEFT_OUT_NAMED)
		load_remark(d, &rs->keep,
			    arena_printf(&rs->keep, "so have %zu more", n - LEFT_OUT_NAMED));
}

/* The same id loaded twice: the later one stays. Order among equals is that of loading. */
static void
drop_replaced(struct ruleset *rs)
{
	struct arena scratch = rs->scratch;
	size_t       slots = 16, n = 0;
	size_t      *slot;

	while (slots < rs->n * 2)
		slots *= 2;
	slot = arena_new(&scratch, size_t, slots);
	for (size_t i = 0; i < rs->n; i++) {
		struct detection *d = rs->items[i];
		size_t            at = text_hash(d->id, 0) & (slots - 1);

		while (slot[at] && !text_eq(rs->items[slot[at] - 1]->id, d->id))
			at = (at + 1) & (slots - 1);
		if (slot[at]) {
			d->instead_of = rs->items[slot[at] - 1];
			rs->items[slot[at] - 1] = d;
			continue;
		}
		rs->items[n] = d;
		slot[at] = ++n;
	}
	rs->n = n;
	for (size_t i = 0; i < n; i++)
		remark_on_left_out(rs, rs->items[i]);
}

static int
by_name(const void *a, const void *b)
{
	const struct detection *x = *(const struct detection *const *)a;
	const struct detection *y = *(const struct detection *const *)b;
	int                     order = text_icmp(x->name, y->name);

	return order ? order : text_cmp(x->id, y->id);
}

/* A place inside the search text, "FILE:line:column rest", becomes that in the YAML file. */
static void
relocate(struct detection *d, struct arena scratch)
{
	struct text       where = text_of(d->problem.where), content;
	struct yaml_node *root;
	unsigned          line, column;
	int               used = 0;

	if (!text_starts(where, d->source) ||
	    sscanf(d->problem.where + d->source.n, ":%u:%u%n", &line, &column, &used) != 2 ||
	    !folder_read_text(d->source, YAML_FILE_MAX, &scratch, &content, NULL, NULL) ||
	    !yaml_read(&root, NULL, &scratch, content, NULL))
		return;
	while (root && !text_eq(text_trim(yaml_text(root, "id")), text_trim(d->id)))
		root = root->next;
	if (!root || !yaml_get(root, "search"))
		return;
	yaml_locate(yaml_get(root, "search"), content, &line, &column);
	where = arena_printf(&scratch, TEXT_FMT ":%u:%u%s", TEXT_ARG(d->source), line, column,
			     d->problem.where + d->source.n + used);
	snprintf(d->problem.where, sizeof(d->problem.where), TEXT_FMT, TEXT_ARG(where));
}

static void
compile(const struct ruleset *rs, struct detection *d, struct arena *keep, struct arena scratch)
{
	const struct search_env env = { .macros = rs->macros, .lookups = rs->lookups };
	struct search          *search;

	if (d->problem.kind != ERR_NONE)
		return;
	if (search_compile(&search, keep, d->search_text, (struct place){ d->source, 1, 1 },
			   &env, &d->problem))
		d->search = search;
	else
		relocate(d, scratch);
}

static void
make_keys(const struct ruleset *rs, size_t i, struct arena *keep)
{
	const struct search *s = rs->items[i]->search;
	uint32_t             n = s ? search_leaves(s) : 0;
	struct text         *keys = arena_new(keep, struct text, n + 1);

	for (uint32_t leaf = 0; leaf < n; leaf++) {
		const struct pred *pred = search_leaf_pred(s, leaf);

		if (pred && search_leaf_kept(s, leaf, *keep))
			keys[leaf] = pred_key(pred, keep);
	}
	rs->keys[i] = (struct rule_keys){ keys, n };
}

struct compiling {
	struct ruleset *rs;
	struct arena   *scratch; /* [thread] */
};

static void
compile_one(void *ctx, uint32_t thread, size_t piece)
{
	const struct compiling *c = ctx;

	compile(c->rs, c->rs->items[piece], &c->rs->compiled[thread], c->scratch[thread]);
	make_keys(c->rs, piece, &c->rs->compiled[thread]);
}

/* Files and searches in one arena would not fit where addresses are limited (ulimit -v). */
static void
compile_all(struct ruleset *rs)
{
	struct arena     walk = rs->walk;
	struct compiling c = { rs, arena_new(&walk, struct arena, rs->n_threads) };

	rs->keys = arena_new(&rs->keep, struct rule_keys, rs->n + 1);
	rs->compiled = arena_new(&rs->keep, struct arena, rs->n_threads);
	for (; rs->n_compiled < rs->n_threads; rs->n_compiled++) {
		rs->compiled[rs->n_compiled] = arena_open(KEEP_LIMIT);
		c.scratch[rs->n_compiled] = arena_open(SCRATCH_LIMIT);
	}
	crew_run(rs->n_threads, rs->n, compile_one, &c);
	for (uint32_t i = 0; i < rs->n_threads; i++)
		arena_close(&c.scratch[i]);
}

void
ruleset_compile(struct ruleset *rs)
{
	for (size_t i = 0; i < rs->n_own; i++) {
		rs->own[i].under = under_own(rs, rs->own[i].name);
		put_own(rs, &rs->own[i]);
	}
	digest_finish(rs->running, rs->digest);
	rs->running = NULL;
	drop_replaced(rs);
	if (rs->n)
		qsort(rs->items, rs->n, sizeof(*rs->items), by_name);
	compile_all(rs);
	ruleset_sort_kinds(rs);
	rs->index = matcher_index_make(rs, &rs->keep, rs->scratch);
	arena_reset(&rs->scratch, 0);
	arena_reset(&rs->walk, 0);
}

static void
redefine(struct ruleset *rs, struct own_macro *own, struct text definition)
{
	if (text_eq(own->definition, definition))
		return;
	own->definition = arena_copy(&rs->keep, definition);
	put_own(rs, own);
	for (size_t i = 0; i < rs->n; i++)
		if (text_eq(rs->items[i]->filter_macro, own->name)) {
			compile(rs, rs->items[i], &rs->keep, rs->scratch);
			make_keys(rs, i, &rs->keep);
		}
}

static struct own_macro *
own_named(struct ruleset *rs, struct text name)
{
	struct own_macro *own;

	for (size_t i = 0; i < rs->n_own; i++)
		if (text_eq(rs->own[i].name, name))
			return &rs->own[i];
	arena_grow(&rs->keep, rs->own, rs->n_own, &rs->own_cap);
	own = &rs->own[rs->n_own++];
	*own = (struct own_macro){ .name = arena_copy(&rs->keep, name), .under = under_own(rs, name) };
	return own;
}

void
ruleset_redefine(struct ruleset *rs, const struct user_macro *macros, size_t n)
{
	assert(!rs->running);
	for (size_t i = 0; i < rs->n_own; i++) {
		size_t k = 0;

		while (k < n && !text_eq(macros[k].name, rs->own[i].name))
			k++;
		if (k == n)
			redefine(rs, &rs->own[i], TEXT(""));
	}
	for (size_t i = 0; i < n; i++)
		redefine(rs, own_named(rs, macros[i].name), macros[i].definition);
	arena_reset(&rs->scratch, 0);
}

uint32_t
ruleset_count(const struct ruleset *rs)
{
	return (uint32_t)rs->n;
}

const struct detection *
ruleset_get(const struct ruleset *rs, uint32_t i)
{
	return i < rs->n ? rs->items[i] : NULL;
}

const struct detection *
ruleset_find(const struct ruleset *rs, struct text id_or_name)
{
	/* what was loaded later replaces what was loaded before */
	for (size_t i = rs->n; i > 0; i--) {
		if (text_ieq(rs->items[i - 1]->id, id_or_name) ||
		    text_ieq(rs->items[i - 1]->name, id_or_name))
			return rs->items[i - 1];
	}
	return NULL;
}

uint32_t
ruleset_keys(const struct ruleset *rs, uint32_t i, const struct text **out)
{
	*out = rs->keys[i].of;
	return rs->keys[i].n;
}

const struct macros *
ruleset_macros(const struct ruleset *rs)
{
	return rs->macros;
}

const struct lookups *
ruleset_lookups(const struct ruleset *rs)
{
	return rs->lookups;
}

struct text
ruleset_digest(const struct ruleset *rs)
{
	return text_of(rs->digest);
}
