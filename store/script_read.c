/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Script blocks of several parts, read as one text. */
#include "config.h"

#include "store/script.h"

#include <stdio.h>
#include <string.h>

#include "base/decoded.h"
#include "store/decoded_cache.h"
#include "store/query.h"

static const char block_of_event[] =
    "SELECT p.block, b.total FROM script_part p JOIN script_block b ON b.id = p.block "
    "WHERE p.event = ?1 LIMIT 1";
static const char parts_of_block[] =
    "SELECT number, event FROM script_part WHERE block = ?1 ORDER BY number, event";

/* False: it has a part of none, or ERR is set. */
static bool
block_with(struct casefile *cf, int64_t event, int64_t *block, uint32_t *total, struct err *err)
{
	struct ask q;
	int64_t    parts = 0;

	*block = 0;
	if (ask(&q, cf, block_of_event, err)) {
		ask_int(&q, 1, event);
		if (ask_row(&q)) {
			*block = ask_get_int(&q, 0);
			parts = ask_get_int(&q, 1);
		}
	}
	if (!ask_end(&q) || !*block)
		return false;
	*total = (uint32_t)parts;
	return (parts >= 1 && parts <= SCRIPT_PARTS_MAX) ||
	       err_set(err, ERR_IO, "the case file is damaged (event %lld: a script block of %lld "
			"parts; see: auger verify)",
		       (long long)event, (long long)parts);
}

bool
script_pieces(struct casefile *cf, int64_t block, struct arena *keep, struct script_piece **out,
	      size_t *count, struct err *err)
{
	struct ask q;
	size_t     n = 0, cap = 0;

	*out = NULL;
	if (ask(&q, cf, parts_of_block, err)) {
		ask_int(&q, 1, block);
		while (ask_row(&q)) {
			arena_grow(keep, *out, n, &cap);
			(*out)[n++] = (struct script_piece){ ask_get_int(&q, 1),
							     (uint32_t)ask_get_int(&q, 0) };
		}
	}
	*count = n;
	return ask_end(&q);
}

struct text
script_part_text(struct casefile *cf, int64_t id, struct arena *keep, struct err *err)
{
	struct arena scratch = cf->leaf;
	struct facts row;
	struct held  h = { 0 };
	struct event ev;
	struct text  t = TEXT("");

	if (facts_of(cf, id, &row, err) && event_load(cf, &row, &h, &scratch, &ev, err))
		t = arena_copy(keep, event_body(&ev, TEXT("ScriptBlockText")));
	held_release(&h);
	return text_or_empty(t);
}

/* A text takes up to three times what it took in its log, where it may be UTF-16. */
static bool
fits_surely(struct casefile *cf, const struct script_piece *pieces, size_t n, struct err *err)
{
	struct facts row;
	size_t       bytes = 0;

	for (size_t i = 0; i < n; i++) {
		if (!facts_of(cf, pieces[i].event, &row, err) || !row.length ||
		    row.length > SCRIPT_MAX)
			return false;
		bytes += (size_t)row.length * 3;
	}
	return bytes <= SCRIPT_MAX;
}

size_t
script_joined(struct casefile *cf, const struct script_piece *pieces, size_t n, struct err *err)
{
	struct arena part;
	uint32_t     last = 0;
	size_t       bytes = 0, i;

	if (fits_surely(cf, pieces, n, err))
		return n;
	part = arena_open(BLOCK_RAW_MAX * 2);
	for (i = 0; i < n; i++) {
		if (pieces[i].number == last)
			continue; /* another copy of the part */
		last = pieces[i].number;
		bytes += script_part_text(cf, pieces[i].event, &part, err).n;
		if (i > 0 && bytes > SCRIPT_MAX)
			break;
		arena_reset(&part, BLOCK_RAW_BYTES);
	}
	arena_close(&part);
	return i;
}

/* A text that grows at the end of its arena. */
struct joined {
	struct arena *arena;
	char         *p;
	size_t        n;
	bool          gaps;
};

static void
append(struct joined *j, struct text t)
{
	if (!t.n)
		return;
	char *at = arena_alloc(j->arena, 1, 1, t.n);

	memcpy(at, t.p, t.n);
	j->n += t.n;
}

/* "[auger: parts 2 to 4 of 5 are ...]", on a line. */
static void
append_absent(struct joined *j, uint32_t from, uint32_t to, uint32_t total, const char *are)
{
	char line[128];

	if (from > to)
		return;
	j->gaps = true;
	if (from == to)
		snprintf(line, sizeof(line), "[auger: part %u of %u is %s]\n", from, total, are);
	else
		snprintf(line, sizeof(line), "[auger: parts %u to %u of %u are %s]\n", from, to,
			 total, are);
	if (j->n && j->p[j->n - 1] != '\n')
		append(j, TEXT("\n"));
	append(j, text_of(line));
}

/* The whole text in KEEP. */
static struct text
join(struct casefile *cf, const struct script_piece *pieces, size_t n, uint32_t total, bool *gaps,
     struct arena *keep, struct err *err)
{
	struct arena  part = arena_open(BLOCK_RAW_MAX * 2);
	struct joined j = { .arena = keep, .p = arena_alloc(keep, 1, 1, 0) };
	size_t        n_joined = script_joined(cf, pieces, n, err);
	uint32_t      next = 1;

	for (size_t i = 0; i < n_joined; i++) {
		if (pieces[i].number < next)
			continue; /* another copy of the part */
		append_absent(&j, next, pieces[i].number - 1, total, "missing");
		append(&j, script_part_text(cf, pieces[i].event, &part, err));
		next = pieces[i].number + 1;
		arena_reset(&part, BLOCK_RAW_BYTES);
	}
	append_absent(&j, next, total, total,
		      n_joined < n ? "not joined: 16 MiB are, what follows is in events of its own"
				   : "missing");
	*gaps = j.gaps;
	arena_close(&part);
	return (struct text){ j.p, j.n };
}

static struct text
message_with(struct text message, struct text part, struct text whole, struct arena *keep)
{
	size_t at = part.n ? text_find(message, part) : TEXT_NOWHERE;

	if (text_absent(message) || at == TEXT_NOWHERE)
		return message;
	return arena_join(keep, text_head(message, at),
			  arena_join(keep, whole, text_from(message, at + part.n)));
}

static void
give_whole(struct event *ev, struct text whole, struct arena *keep)
{
	for (uint32_t i = ev->n_system; i < ev->n_fields; i++)
		if (text_eq(ev->fields[i].name, TEXT("ScriptBlockText"))) {
			ev->message = message_with(ev->message, ev->fields[i].value, whole, keep);
			ev->fields[i].value = whole;
			return;
		}
}

static void
take_text(struct event *ev)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < ev->n_fields; i++)
		if (i < ev->n_system || !(text_eq(ev->fields[i].name, TEXT("ScriptBlockText")) ||
					  name_is_decoded(ev->fields[i].name)))
			ev->fields[n++] = ev->fields[i];
	ev->n_fields = n;
	ev->message = TEXT_NONE;
}

bool
script_apply(struct casefile *cf, struct event *ev, struct arena *keep, struct err *err)
{
	struct script_piece *pieces;
	struct err           problem = { 0 };
	int64_t              block;
	uint32_t             total;
	bool                 gaps;

	if (ev->flags & EVENT_SCRIPT_REST)
		take_text(ev);
	if (ev->flags & EVENT_SCRIPT_WHOLE && block_with(cf, ev->id, &block, &total, &problem)) {
		size_t n = 0;

		script_pieces(cf, block, keep, &pieces, &n, &problem);
		give_whole(ev, join(cf, pieces, n, total, &gaps, keep, &problem), keep);
		decoded_unwrap(cf, ev, keep);
	}
	if (!problem.kind)
		return true;
	err_where(err, "%s", problem.where);
	return err_set(err, problem.kind, "%s", problem.what);
}

size_t
query_script_parts(struct casefile *cf, int64_t id, struct arena *keep, struct script_part **out)
{
	struct arena         part = arena_open(BLOCK_RAW_MAX * 2);
	struct script_piece *pieces;
	int64_t              block;
	uint32_t             total = 0;
	size_t               n = 0;

	*out = NULL;
	if (block_with(cf, id, &block, &total, NULL)) {
		size_t n_pieces = 0;

		script_pieces(cf, block, keep, &pieces, &n_pieces, NULL);

		*out = arena_new(keep, struct script_part, total);
		for (n = 0; n < total; n++)
			(*out)[n] = (struct script_part){.number = (uint32_t)n + 1, .total = total};
		for (size_t i = 0; i < n_pieces; i++) {
			struct script_part *p;

			if (pieces[i].number < 1 || pieces[i].number > total)
				continue;
			p = &(*out)[pieces[i].number - 1];
			if (p->id)
				continue;
			p->id = pieces[i].event;
			p->bytes = script_part_text(cf, p->id, &part, NULL).n;
			arena_reset(&part, BLOCK_RAW_BYTES);
		}
	}
	arena_close(&part);
	return n;
}
