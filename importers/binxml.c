/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "importers/binxml.h"

#include <stdio.h>

#include "importers/binxml_run.h"
#include "importers/bytes.h"
#include "importers/fresh.h"

#define VALUES_MAX    32768 /* of all instances that are open at once */
#define RECORD_WORK   (1 << 20) /* steps, and bytes compiled */
#define CHUNK_WORK    (4 << 20)
#define SEARCH_WORK   4096 /* through a chunk */
#define HIT_WORK      16
#define TEXT_WORK     4 /* bytes of text for one step's work */
#define SCRATCH_BYTES ((size_t)32 << 20)

struct binxml *
binxml_open(struct arena *keep, bool borrows)
{
	struct binxml *b = arena_new(keep, struct binxml, 1);

	b->borrows = borrows;
	b->cache = binxml_cache_open(keep);
	b->scratch = arena_open(SCRATCH_BYTES);
	b->values = fresh_new(keep, struct evtx_value, VALUES_MAX);
	b->dates = (struct evtx_dates)EVTX_DATES_NONE;
	binxml_compiler_open(&b->compiler, keep);
	return b;
}

void
binxml_close(struct binxml *b)
{
	binxml_cache_close(b->cache);
	arena_close(&b->scratch);
}

void
binxml_chunk(struct binxml *b, const uint8_t *p, uint32_t n)
{
	b->chunk = (struct binxml_chunk){ p, n };
	b->chunk_work = CHUNK_WORK;
	binxml_cache_chunk(b->cache, b->chunk);
}

static void run_fragment(struct binxml *b, uint32_t at, uint32_t end, enum evtx_place place);
static uint32_t run_instance(struct binxml *b, uint32_t at, uint32_t end, enum evtx_place place);

void
binxml_nested(struct binxml *b, const struct evtx_value *v, enum evtx_place place)
{
	uint32_t at = (uint32_t)(v->p - b->chunk.p);

	if (b->depth + 1 >= BINXML_DEPTH_MAX) {
		binxml_stop(b, "fragments are nested too deep");
		return;
	}
	b->open[b->depth++] = 0;
	run_fragment(b, at, at + v->n, place);
	b->depth--;
}

static void
run(struct binxml *b, const struct binxml_program *program, const struct binxml_frame *f)
{
	const struct step *steps = program->steps, *s = steps;

	b->work -= program->n_steps;
	b->draft->lost_names |= program->lost_names;
	if (b->work < 0) {
		binxml_stop(b, "the record needs more work than it may have");
		return;
	}
	while (!b->stop) {
		switch ((enum step_op)s->op) {
		case STEP_SLOT:
			binxml_slot(b, s, frame_value(f, s->slot));
			s++;
			break;
		case STEP_NEED:
			s = frame_value(f, s->slot)->type == EVTX_NULL ? steps + s->next : s + 1;
			break;
		case STEP_TEXT:
			binxml_text(b, s);
			s++;
			break;
		case STEP_MIXED:
			binxml_mixed(b, s, steps + s->next, f);
			s = steps + s->next;
			break;
		case STEP_INSTANCE:
			run_instance(b, s->at, b->chunk.n, (enum evtx_place)s->place);
			s++;
			break;
		case STEP_BROKEN:
			binxml_damaged(b, s->name.p);
			return;
		case STEP_PIECE_TEXT:
		case STEP_PIECE_SLOT:
		case STEP_END:
			return;
		}
	}
}

/* Values whose template is lost: numbered fields. */
static void
run_nameless(struct binxml *b, const struct binxml_frame *f, enum evtx_place place)
{
	b->draft->nameless = true;
	for (uint32_t i = 0; i < f->n && !b->stop; i++) {
		char        name[24];
		struct step s = { .content = true, .optional = true, .role = ROLE_BODY };
		char       *start = b->draft->at;
		int         n = snprintf(name, sizeof(name), "param%u", i + 1);

		if (f->v[i].type == EVTX_NULL || --b->work < 0)
			continue;
		if (!binxml_put_text(b, (struct text){ name, (size_t)n }))
			return;
		s.name = (struct text){ start, (size_t)n };
		s.key = text_key(s.name);
		s.place = (uint8_t)(place == PLACE_ROOT ? PLACE_EVENT : place);
		binxml_slot(b, &s, &f->v[i]);
	}
}

/* Lays the values out behind those of the outer instances. Returns where they end, 0 if they do
 * not fit; those before are kept. */
static uint32_t
lay_out(struct binxml *b, const struct binxml_instance *in, uint32_t end, struct binxml_frame *f)
{
	const uint8_t     *descriptor = b->chunk.p + in->descriptors;
	uint32_t           at = in->descriptors + 4 * in->count;
	struct evtx_value *v = b->values + b->n_values;

	*f = (struct binxml_frame){ v, 0 };
	if (in->count > VALUES_MAX - b->n_values)
		return 0;
	for (uint32_t i = 0; i < in->count; i++, descriptor += 4) {
		uint32_t size = le16(descriptor);

		if (size > end - at)
			return 0;
		v[i] = (struct evtx_value){ b->chunk.p + at, size, descriptor[2] };
		at += size;
		f->n = i + 1;
	}
	return at;
}

/* Another copy of an overwritten definition in the chunk, by the first word of its GUID; 0 when
 * there is none. */
static uint32_t
search_definition(struct binxml *b, uint32_t id)
{
	const uint8_t *p = b->chunk.p;
	uint8_t        word[4] = { (uint8_t)id, (uint8_t)(id >> 8), (uint8_t)(id >> 16),
				   (uint8_t)(id >> 24) };

	b->work -= SEARCH_WORK;
	for (uint32_t at = 512; b->work > 0 && at < b->chunk.n;) {
		const uint8_t *hit = memmem(p + at, b->chunk.n - at, word, sizeof(word));

		if (hit == NULL)
			return 0;
		at = (uint32_t)(hit - p) + 1;
		b->work -= HIT_WORK;
		uint32_t definition = at - 5;

		if (definition < 512 || b->chunk.n - definition < BINXML_DEFINITION_HEADER + 4)
			continue;
		uint32_t size = le32(p + definition + 20);

		if (size <= b->chunk.n - definition - BINXML_DEFINITION_HEADER &&
		    le32(p + definition + 24) == 0x0001010f)
			return definition;
	}
	return 0;
}

/* The program of an instance: by its offset, else by another copy in the chunk, else (when that is
 * wanted) by the same id in a chunk before. *OFFSET is where it was found. */
static bool
find_program(struct binxml *b, const struct binxml_instance *in, enum evtx_place place,
	     struct binxml_program *program, uint32_t *offset)
{
	const char *why = NULL;

	*offset = in->definition;
	if (binxml_cache_get(b->cache, &b->compiler, *offset, in->id, place, &b->work, program,
			     &why))
		return true;
	*offset = search_definition(b, in->id);
	if (*offset && binxml_cache_get(b->cache, &b->compiler, *offset, in->id, place, &b->work,
					program, &why))
		return true;
	*offset = in->definition;
	if (b->borrows && binxml_cache_borrow(b->cache, in->id, place, program)) {
		b->draft->borrowed = true;
		return true;
	}
	binxml_damaged(b, why);
	return false;
}

static void
run_template(struct binxml *b, const struct binxml_instance *in, const struct binxml_frame *f,
	     enum evtx_place place)
{
	struct binxml_program program;
	uint32_t              offset;

	if (!find_program(b, in, place, &program, &offset)) {
		run_nameless(b, f, place);
		return;
	}
	for (unsigned i = 0; i < b->depth; i++) {
		if (b->open[i] == offset && offset != 0) {
			binxml_stop(b, "a template contains itself");
			return;
		}
	}
	b->open[b->depth - 1] = offset;
	run(b, &program, f);
}

/* The instance whose token stands before AT. Returns where it ends, 0 when that is not known. */
static uint32_t
run_instance(struct binxml *b, uint32_t at, uint32_t end, enum evtx_place place)
{
	struct binxml_instance in;
	struct binxml_frame    f;
	const char            *why = binxml_instance(b->chunk, at, end, &in);

	if (why) {
		binxml_damaged(b, why);
		return 0;
	}
	if (b->depth + 1 >= BINXML_DEPTH_MAX) {
		binxml_stop(b, "templates are nested too deep");
		return 0;
	}
	uint32_t after = lay_out(b, &in, end, &f);

	if (after == 0)
		binxml_damaged(b, "values are longer than what holds them");
	b->n_values += f.n;
	b->open[b->depth++] = 0;
	run_template(b, &in, &f, place);
	b->depth--;
	b->n_values -= f.n;
	return after;
}

/* Elements outside of templates: compiled for this once. */
static void
run_plain(struct binxml *b, uint32_t at, uint32_t end, enum evtx_place place)
{
	struct binxml_frame   none = { NULL, 0 };
	struct binxml_program program;

	b->work -= end - at;
	if (b->work < 0 || arena_room(&b->scratch) < BINXML_COMPILE_ROOM) {
		binxml_stop(b, "the record needs more work than it may have");
		return;
	}
	program = binxml_compile(&b->compiler, b->chunk, at, end, place, false, b->depth,
				 &b->scratch);
	run(b, &program, &none);
}

static void
run_fragment(struct binxml *b, uint32_t at, uint32_t end, enum evtx_place place)
{
	while (at < end && !b->stop) {
		uint8_t token = b->chunk.p[at];

		if (token == TOKEN_END)
			return;
		if (token == TOKEN_FRAGMENT && end - at >= 4) {
			at += 4;
		} else if (token == TOKEN_INSTANCE) {
			at = run_instance(b, at + 1, end, place);
			if (at == 0)
				return;
		} else {
			run_plain(b, at, end, place);
			return;
		}
	}
}

const char *
binxml_decode(struct binxml *b, uint32_t begin, uint32_t end, struct evtx_draft *d)
{
	int64_t granted = b->chunk_work < RECORD_WORK ? b->chunk_work : RECORD_WORK;

	b->draft = d;
	b->scratch.at = b->scratch.start;
	b->n_values = 0;
	b->depth = 0;
	b->work = granted;
	b->own_name = TEXT_NONE;
	b->damage = NULL;
	b->stop = false;
	if (begin >= end)
		return "the record is empty";
	run_fragment(b, begin, end, PLACE_ROOT);
	b->chunk_work -= granted - b->work + (d->at - d->start) / TEXT_WORK;
	return b->damage;
}
