/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/held_findings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/temporary.h"

/* Copies NULs behind texts and what alignment takes. */
#define TEXT_ROOM(t)  ((t).n + 1)
#define ARRAY_ROOM(n, type) ((size_t)(n) * sizeof(type) + _Alignof(max_align_t))

#define TEXTS 12

static void
texts_of(struct finding *f, struct text *out[TEXTS])
{
	struct text *const texts[TEXTS] = { &f->key,	 &f->rule_id,	 &f->rule,    &f->type,
					    &f->host,	 &f->user,	 &f->message, &f->techniques,
					    &f->tactics, &f->stories,	 &f->annotations,
					    &f->remarks };

	memcpy(out, texts, sizeof(texts));
}

static size_t
room_for(const struct finding *given)
{
	struct finding f = *given;
	struct text   *texts[TEXTS];
	size_t n = ARRAY_ROOM(f.n_fields, *f.fields) + ARRAY_ROOM(f.n_objects, *f.objects) +
		   ARRAY_ROOM(f.n_objects, struct text) + ARRAY_ROOM(f.n_threats, *f.threats) +
		   ARRAY_ROOM(f.n_events, *f.events) + ARRAY_ROOM(f.n_twins, *f.twins);

	texts_of(&f, texts);
	for (size_t i = 0; i < TEXTS; i++)
		n += TEXT_ROOM(*texts[i]);
	for (uint32_t i = 0; i < f.n_fields; i++)
		n += TEXT_ROOM(f.fields[i].name) + TEXT_ROOM(f.fields[i].value);
	for (uint32_t i = 0; i < f.n_objects; i++)
		n += TEXT_ROOM(f.objects[i].value) + TEXT_ROOM(f.objects[i].message) +
		     (f.object_keys ? TEXT_ROOM(f.object_keys[i]) : 0);
	for (uint32_t i = 0; i < f.n_threats; i++)
		n += TEXT_ROOM(f.threats[i].value) + TEXT_ROOM(f.threats[i].type);
	for (uint32_t i = 0; i < f.n_twins; i++)
		n += TEXT_ROOM(f.twins[i].key) + TEXT_ROOM(f.twins[i].message);
	return n;
}

static void
copy_lists(struct finding *f, struct arena *a)
{
	struct finding_field *fields = arena_new(a, struct finding_field, f->n_fields);
	struct risk_object   *objects = arena_new(a, struct risk_object, f->n_objects);
	struct threat_object *threats = arena_new(a, struct threat_object, f->n_threats);
	struct text *keys = f->object_keys ? arena_new(a, struct text, f->n_objects) : NULL;
	int64_t     *events = arena_new(a, int64_t, f->n_events);
	struct finding_twin *twins = arena_new(a, struct finding_twin, f->n_twins);

	for (uint32_t i = 0; i < f->n_fields; i++)
		fields[i] = (struct finding_field){ arena_copy(a, f->fields[i].name),
						    arena_copy(a, f->fields[i].value) };
	for (uint32_t i = 0; i < f->n_objects; i++) {
		objects[i] = f->objects[i];
		objects[i].value = arena_copy(a, objects[i].value);
		objects[i].message = arena_copy(a, objects[i].message);
		if (keys)
			keys[i] = arena_copy(a, f->object_keys[i]);
	}
	for (uint32_t i = 0; i < f->n_threats; i++)
		threats[i] = (struct threat_object){ arena_copy(a, f->threats[i].value),
						     arena_copy(a, f->threats[i].type) };
	for (uint32_t i = 0; i < f->n_twins; i++)
		twins[i] = (struct finding_twin){ arena_copy(a, f->twins[i].key),
						  arena_copy(a, f->twins[i].message),
						  f->twins[i].rule };
	if (f->n_events)
		memcpy(events, f->events, f->n_events * sizeof(*events));
	f->fields = fields;
	f->objects = objects;
	f->threats = threats;
	f->object_keys = keys;
	f->events = events;
	f->twins = twins;
}

struct held *
held_copy(const struct finding *f, bool hidden)
{
	const size_t align = _Alignof(max_align_t);
	size_t       bytes = (sizeof(struct held) + room_for(f) + align - 1) / align * align;
	struct held *h = calloc(1, bytes); /* what is not used of it may go to a file, too */
	struct text *texts[TEXTS];
	struct arena a;

	if (!h)
		arena_exhausted(bytes);
	a = (struct arena){ .at = (char *)(h + 1), .end = (char *)h + bytes, .start = (char *)(h + 1) };
	h->bytes = bytes;
	h->hidden = hidden;
	h->finding = *f;
	copy_lists(&h->finding, &a);
	texts_of(&h->finding, texts);
	for (size_t i = 0; i < TEXTS; i++)
		*texts[i] = arena_copy(&a, *texts[i]);
	return h;
}

size_t
held_free(struct held *first)
{
	size_t bytes = 0;

	for (struct held *h = first, *next; h; h = next) {
		next = h->next;
		bytes += h->bytes;
		free(h);
	}
	return bytes;
}

bool
held_each(const struct held *first, held_fn *fn, void *ctx, struct err *err)
{
	for (const struct held *h = first; h; h = h->next)
		if (!fn(ctx, &h->finding, h->hidden, err))
			return false;
	return true;
}

/* ---- in a file: as they lie in memory ---- */

#define PIECE_BYTES ((size_t)256 << 10) /* written and read at a time, or one that is larger */

struct held_file {
	int fd;
};

struct held_file *
held_file_new(const char *place)
{
	struct held_file *f;
	int               fd = temporary_beside(place);

	if (fd < 0)
		return NULL;
	f = calloc(1, sizeof(*f));
	if (!f)
		arena_exhausted(sizeof(*f));
	f->fd = fd;
	return f;
}

void
held_file_free(struct held_file *f)
{
	if (f)
		close(f->fd);
	free(f);
}

static bool
write_all(const struct held_file *f, const char *p, size_t n, uint64_t at)
{
	while (n) {
		ssize_t got = pwrite(f->fd, p, n, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		p += got;
		n -= (size_t)got;
		at += (uint64_t)got;
	}
	return true;
}

static char *
new_piece(size_t bytes)
{
	char *p = malloc(bytes);

	if (!p)
		arena_exhausted(bytes);
	return p;
}

bool
held_file_put(const struct held_file *f, const struct held *first, uint64_t at)
{
	char  *piece = new_piece(PIECE_BYTES);
	size_t n = 0;
	bool   good = true;

	for (const struct held *h = first; h && good; h = h->next) {
		struct held head = *h;

		head.lies_at = h;
		if (n && h->bytes > PIECE_BYTES - n) {
			good = write_all(f, piece, n, at);
			at += n;
			n = 0;
		}
		if (h->bytes > PIECE_BYTES) {
			good = good && write_all(f, (const char *)&head, sizeof(head), at) &&
			       write_all(f, (const char *)(h + 1), h->bytes - sizeof(head),
					 at + sizeof(head));
			at += h->bytes;
			continue;
		}
		memcpy(piece + n, &head, sizeof(head));
		memcpy(piece + n + sizeof(head), h + 1, h->bytes - sizeof(head));
		n += h->bytes;
	}
	good = good && write_all(f, piece, n, at);
	free(piece);
	return good;
}

/* Where P, which points into what was at LIES_AT, points to in H. */
static void *
moved(const struct held *h, const void *p)
{
	return p ? (void *)((uintptr_t)h + ((uintptr_t)p - (uintptr_t)h->lies_at)) : NULL;
}

static void
move_text(const struct held *h, struct text *t)
{
	t->p = moved(h, t->p);
}

/* H was read from a file, and still points to where it was. */
static void
move_in(struct held *h)
{
	struct finding       *f = &h->finding;
	struct finding_field *fields = moved(h, f->fields);
	struct risk_object   *objects = moved(h, f->objects);
	struct threat_object *threats = moved(h, f->threats);
	struct finding_twin  *twins = moved(h, f->twins);
	struct text          *keys = moved(h, f->object_keys), *texts[TEXTS];

	texts_of(f, texts);
	for (size_t i = 0; i < TEXTS; i++)
		move_text(h, texts[i]);
	for (uint32_t i = 0; i < f->n_fields; i++) {
		move_text(h, &fields[i].name);
		move_text(h, &fields[i].value);
	}
	for (uint32_t i = 0; i < f->n_objects; i++) {
		move_text(h, &objects[i].value);
		move_text(h, &objects[i].message);
		if (keys)
			move_text(h, &keys[i]);
	}
	for (uint32_t i = 0; i < f->n_threats; i++) {
		move_text(h, &threats[i].value);
		move_text(h, &threats[i].type);
	}
	for (uint32_t i = 0; i < f->n_twins; i++) {
		move_text(h, &twins[i].key);
		move_text(h, &twins[i].message);
	}
	f->twins = twins;
	f->fields = fields;
	f->objects = objects;
	f->threats = threats;
	f->object_keys = keys;
	f->events = moved(h, f->events);
}

static bool
read_all(const struct held_file *f, char *p, size_t n, uint64_t at, struct err *err)
{
	while (n) {
		ssize_t got = pread(f->fd, p, n, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return err_set(err, ERR_IO, "the temporary file of findings cannot be read: %s",
				       got ? strerror(errno) : "it is too short");
		p += got;
		n -= (size_t)got;
		at += (uint64_t)got;
	}
	return true;
}

/* Those that are whole in the N bytes at P; *DONE: their bytes. */
static bool
each_of_piece(char *p, size_t n, size_t *done, held_fn *fn, void *ctx, struct err *err)
{
	*done = 0;
	while (n - *done >= sizeof(struct held)) {
		struct held *h = (struct held *)(void *)(p + *done);

		if (h->bytes > n - *done)
			break;
		move_in(h);
		if (!fn(ctx, &h->finding, h->hidden, err))
			return false;
		*done += h->bytes;
	}
	return true;
}

bool
held_file_each(const struct held_file *f, uint64_t at, uint64_t bytes, held_fn *fn, void *ctx,
	       struct err *err)
{
	size_t   room = PIECE_BYTES, n, done;
	char    *piece = new_piece(room);
	uint64_t end = at + bytes;
	bool     good = true;

	while (good && at < end) {
		n = end - at < room ? (size_t)(end - at) : room;
		good = read_all(f, piece, n, at, err) && each_of_piece(piece, n, &done, fn, ctx, err);
		if (!good)
			break;
		at += done;
		if (!done && n == end - at)
			good = err_set(err, ERR_IO, "the temporary file of findings is damaged");
		if (!done) { /* one that is larger */
			room = ((const struct held *)(const void *)piece)->bytes;
			free(piece);
			piece = new_piece(room);
		}
	}
	free(piece);
	return good;
}
