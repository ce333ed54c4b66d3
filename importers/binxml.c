/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "importers/binxml.h"

#include <stdio.h>

#include "base/when.h"
#include "importers/binxml_cache.h"
#include "importers/binxml_program.h"
#include "importers/bytes.h"
#include "importers/evtx_value.h"
#include "importers/fresh.h"
#include "importers/utf16.h"

#define VALUES_MAX    32768 /* of all instances that are open at once */
#define ITEMS_MAX     8192  /* of one array */
#define RECORD_WORK   (1 << 20) /* steps, and bytes compiled */
#define CHUNK_WORK    (4 << 20)
#define SEARCH_WORK   4096 /* through a chunk */
#define HIT_WORK      16
#define TEXT_WORK     4 /* bytes of text for one step's work */
#define SCRATCH_BYTES ((size_t)32 << 20)

struct binxml {
	struct binxml_chunk    chunk;
	struct binxml_cache   *cache;
	struct binxml_compiler compiler;
	struct arena           scratch; /* programs of plain records, until the next record */
	struct evtx_value     *values;
	uint32_t               n_values;
	uint32_t               open[BINXML_DEPTH_MAX]; /* definitions that are being run */
	unsigned               depth;
	int64_t                work, chunk_work;
	struct evtx_dates      dates;
	struct evtx_draft     *draft;
	struct text            own_name; /* what a ROLE_NAME step said */
	const char            *damage;
	bool                   stop; /* a limit is reached: nothing more of this record */
};

/* The values of an instance. */
struct frame {
	const struct evtx_value *v;
	uint32_t                 n;
};

static const struct evtx_value null_value = { (const uint8_t *)"", 0, EVTX_NULL };

struct binxml *
binxml_open(struct arena *keep)
{
	struct binxml *b = arena_new(keep, struct binxml, 1);

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

static void
damaged(struct binxml *b, const char *why)
{
	if (b->damage == NULL)
		b->damage = why;
}

static void
stop(struct binxml *b, const char *why)
{
	damaged(b, why);
	b->stop = true;
}

static void run_fragment(struct binxml *b, uint32_t at, uint32_t end, enum evtx_place place);
static uint32_t run_instance(struct binxml *b, uint32_t at, uint32_t end, enum evtx_place place);

static const struct evtx_value *
value_of(const struct frame *f, uint32_t slot)
{
	return slot < f->n ? &f->v[slot] : &null_value;
}

/* Appends the text of a single value. */
static inline bool
put_value(struct binxml *b, const struct evtx_value *v)
{
	struct evtx_draft *d = b->draft;

	if (!evtx_draft_room(d, evtx_value_room(v->n))) {
		stop(b, "the record expands to more text than it may have");
		return false;
	}
	if (v->type == EVTX_STRING)
		d->at = evtx_string_text(d->at, v->p, v->n);
	else
		d->at = evtx_value_text(d->at, v, &b->dates, &d->misfit);
	return true;
}

/* The text since START becomes the field of the step, unless it is empty and need not be. */
static inline void
end_field(struct binxml *b, const struct step *s, const char *start)
{
	struct evtx_draft *d = b->draft;
	struct text        name = s->name;
	uint32_t           key = s->key;

	if (s->omit_empty && d->at == start && s->role != ROLE_NAME)
		return;
	if (s->role == ROLE_NAME) {
		b->own_name = (struct text){ start, (size_t)(d->at - start) };
		return;
	}
	if (s->own_name && b->own_name.n) {
		name = b->own_name;
		key = text_key(name);
	}
	if (!evtx_draft_add_quick(d, (enum evtx_role)s->role, name, key, start))
		stop(b, "the record has more fields than it may have");
}

/* Appends the items of an array, one per line; as fields of their own when the step says so. */
static void
put_array(struct binxml *b, const struct step *s, const struct evtx_value *v, bool repeat)
{
	struct evtx_value rest = *v, item;
	uint32_t          n = 0;

	while (!b->stop && evtx_array_next(&rest, &item)) {
		const char *start = b->draft->at;

		if (++n > ITEMS_MAX || --b->work < 0) {
			stop(b, "an array has more items than it may have");
			return;
		}
		if (!repeat && n > 1 && evtx_draft_room(b->draft, 1))
			*b->draft->at++ = '\n';
		if (!put_value(b, &item))
			return;
		if (repeat)
			end_field(b, s, start);
	}
	if (repeat && n == 0)
		end_field(b, s, b->draft->at);
}

static void
run_nested(struct binxml *b, const struct evtx_value *v, enum evtx_place place)
{
	uint32_t at = (uint32_t)(v->p - b->chunk.p);

	if (b->depth + 1 >= BINXML_DEPTH_MAX) {
		stop(b, "fragments are nested too deep");
		return;
	}
	b->open[b->depth++] = 0;
	run_fragment(b, at, at + v->n, place);
	b->depth--;
}

/* Values that are no plain single ones. */
static void
run_odd_slot(struct binxml *b, const struct step *s, const struct evtx_value *v)
{
	const char *start = b->draft->at;

	if (v->type == EVTX_BINXML && s->content) {
		run_nested(b, v, (enum evtx_place)s->place);
	} else if (v->type & EVTX_ARRAY) {
		put_array(b, s, v, s->content);
		if (!s->content && !b->stop)
			end_field(b, s, start);
	} else if (put_value(b, v)) {
		end_field(b, s, start);
	}
}

/* Facts that count as numbers too are taken from the value, not from its text. */
static void
note_number(struct evtx_draft *d, enum evtx_role role, const struct evtx_value *v)
{
	if (d->system >> role & 1)
		return;
	if (role == ROLE_TIME && v->type == EVTX_FILETIME && v->n == 8) {
		if (!when_from_filetime(le64(v->p), &d->time_ns))
			d->time_ns = WHEN_NONE;
	} else if (role == ROLE_EVENT_ID && v->type == EVTX_UINT16 && v->n == 2) {
		d->event_id = le16(v->p);
		d->numbers |= 1u << role;
	} else if (role == ROLE_RECORD_ID && v->type == EVTX_UINT64 && v->n == 8) {
		d->record_id = le64(v->p);
		d->numbers |= 1u << role;
	}
}

static inline bool
is_odd(uint8_t type)
{
	return (type & EVTX_ARRAY) != 0 || type == EVTX_BINXML;
}

static void
run_slot(struct binxml *b, const struct step *s, const struct evtx_value *v)
{
	struct evtx_draft *d = b->draft;
	char              *start = d->at;

	if (v->type == EVTX_NULL) {
		if (s->role == ROLE_NAME)
			b->own_name = TEXT_NONE;
		else if (!s->optional)
			end_field(b, s, start);
		return;
	}
	if (is_odd(v->type)) {
		run_odd_slot(b, s, v);
		return;
	}
	if (!put_value(b, v))
		return;
	if (s->role < ROLE_OTHER_FACT)
		note_number(d, (enum evtx_role)s->role, v);
	end_field(b, s, start);
}

static bool
put_text(struct binxml *b, struct text t)
{
	if (!evtx_draft_room(b->draft, t.n)) {
		stop(b, "the record expands to more text than it may have");
		return false;
	}
	memcpy(b->draft->at, t.p, t.n);
	b->draft->at += t.n;
	return true;
}

/* A field of several pieces; binary XML among them is decoded behind it. */
static void
run_mixed(struct binxml *b, const struct step *s, const struct step *end, const struct frame *f)
{
	const char *start = b->draft->at;
	bool        missing = false;

	for (const struct step *piece = s + 1; piece < end && !b->stop; piece++) {
		const struct evtx_value *v = value_of(f, piece->slot);

		if (piece->op == STEP_PIECE_TEXT)
			put_text(b, piece->text);
		else if (v->type & EVTX_ARRAY)
			put_array(b, s, v, false);
		else if (v->type == EVTX_NULL)
			missing |= piece->optional;
		else if (v->type != EVTX_BINXML || !s->content)
			put_value(b, v);
	}
	if (b->stop)
		return;
	if (!missing || b->draft->at != start)
		end_field(b, s, start);
	for (const struct step *piece = s + 1; piece < end && !b->stop && s->content; piece++) {
		const struct evtx_value *v = value_of(f, piece->slot);

		if (piece->op == STEP_PIECE_SLOT && v->type == EVTX_BINXML)
			run_nested(b, v, (enum evtx_place)s->place);
	}
}

static void
run_text(struct binxml *b, const struct step *s)
{
	const char *start = b->draft->at;

	if (put_text(b, s->text))
		end_field(b, s, start);
}

static void
run(struct binxml *b, const struct binxml_program *program, const struct frame *f)
{
	const struct step *steps = program->steps, *s = steps;

	b->work -= program->n_steps;
	if (b->work < 0) {
		stop(b, "the record needs more work than it may have");
		return;
	}
	while (!b->stop) {
		switch ((enum step_op)s->op) {
		case STEP_SLOT:
			run_slot(b, s, value_of(f, s->slot));
			s++;
			break;
		case STEP_NEED:
			s = value_of(f, s->slot)->type == EVTX_NULL ? steps + s->next : s + 1;
			break;
		case STEP_TEXT:
			run_text(b, s);
			s++;
			break;
		case STEP_MIXED:
			run_mixed(b, s, steps + s->next, f);
			s = steps + s->next;
			break;
		case STEP_INSTANCE:
			run_instance(b, s->at, b->chunk.n, (enum evtx_place)s->place);
			s++;
			break;
		case STEP_BROKEN:
			damaged(b, s->name.p);
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
run_nameless(struct binxml *b, const struct frame *f, enum evtx_place place)
{
	b->draft->nameless = true;
	for (uint32_t i = 0; i < f->n && !b->stop; i++) {
		char        name[24];
		struct step s = { .content = true, .optional = true, .role = ROLE_BODY };
		char       *start = b->draft->at;
		int         n = snprintf(name, sizeof(name), "param%u", i + 1);

		if (f->v[i].type == EVTX_NULL || --b->work < 0)
			continue;
		if (!put_text(b, (struct text){ name, (size_t)n }))
			return;
		s.name = (struct text){ start, (size_t)n };
		s.key = text_key(s.name);
		s.place = (uint8_t)(place == PLACE_ROOT ? PLACE_EVENT : place);
		run_slot(b, &s, &f->v[i]);
	}
}

/* Lays the values out behind those of the outer instances. Returns where they end, 0 if they do
 * not fit; those before are kept. */
static uint32_t
lay_out(struct binxml *b, const struct binxml_instance *in, uint32_t end, struct frame *f)
{
	const uint8_t     *descriptor = b->chunk.p + in->descriptors;
	uint32_t           at = in->descriptors + 4 * in->count;
	struct evtx_value *v = b->values + b->n_values;

	*f = (struct frame){ v, 0 };
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

/* Another copy of an overwritten definition in the chunk, by the first word of its GUID; 0: none. */
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

static void
run_template(struct binxml *b, const struct binxml_instance *in, const struct frame *f,
	     enum evtx_place place)
{
	struct binxml_program program;
	const char           *why = NULL;
	uint32_t              offset = in->definition;

	if (!binxml_cache_get(b->cache, &b->compiler, offset, in->id, place, &b->work, &program,
			      &why)) {
		offset = search_definition(b, in->id);
		if (offset == 0 ||
		    !binxml_cache_get(b->cache, &b->compiler, offset, in->id, place, &b->work,
				      &program, &why)) {
			damaged(b, why);
			run_nameless(b, f, place);
			return;
		}
	}
	for (unsigned i = 0; i < b->depth; i++) {
		if (b->open[i] == offset) {
			stop(b, "a template contains itself");
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
	struct frame           f;
	const char            *why = binxml_instance(b->chunk, at, end, &in);

	if (why) {
		damaged(b, why);
		return 0;
	}
	if (b->depth + 1 >= BINXML_DEPTH_MAX) {
		stop(b, "templates are nested too deep");
		return 0;
	}
	uint32_t after = lay_out(b, &in, end, &f);

	if (after == 0)
		damaged(b, "values are longer than what holds them");
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
	struct frame          none = { &null_value, 0 };
	struct binxml_program program;

	b->work -= end - at;
	if (b->work < 0 || (size_t)(b->scratch.end - b->scratch.at) < BINXML_COMPILE_ROOM) {
		stop(b, "the record needs more work than it may have");
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
