/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/decoded_cache.h"

#include <stdlib.h>

#include "base/decoded.h"
#include "base/event.h"

#define CACHE_BYTES ((size_t)2 << 20)
#define CACHE_LISTS 256

struct entry {
	struct entry *next;
	int64_t       event;
	struct field *fields;
	uint32_t      n;
};

struct decoded_cache {
	struct arena  keep;
	struct entry *lists[CACHE_LISTS]; /* by number of the event */
	int64_t       version;            /* of the case */
};

static struct decoded_cache *
cache_of(struct casefile *cf)
{
	struct decoded_cache *c = cf->decoded;
	int64_t               version;

	if (cf->mode == CASEFILE_IMPORT)
		return NULL;
	if (!c) {
		c = cf->decoded = calloc(1, sizeof(*c));
		if (!c)
			arena_exhausted(sizeof(*c));
		c->keep = arena_open(CACHE_BYTES);
	}
	version = db_int(cf, "PRAGMA data_version", 0);
	if (version != c->version) {
		arena_reset(&c->keep, CACHE_BYTES);
		memset(c->lists, 0, sizeof(c->lists));
		c->version = version;
	}
	return c;
}

void
decoded_cache_free(struct decoded_cache *c)
{
	if (c)
		arena_close(&c->keep);
	free(c);
}

static struct entry **
list_of(struct decoded_cache *c, int64_t event)
{
	return &c->lists[(uint64_t)event % CACHE_LISTS];
}

static void
give(const struct entry *e, struct event *ev, struct arena *keep)
{
	for (uint32_t i = 0; i < e->n; i++)
		event_set_decoded(ev, e->fields[i].name, arena_copy(keep, e->fields[i].value), keep);
}

static bool
is_decoded(const struct event *ev, uint32_t field)
{
	return field >= ev->n_system && name_is_decoded(ev->fields[field].name);
}

static void
remember(struct decoded_cache *c, const struct event *ev)
{
	struct entry **list = list_of(c, ev->id), *e;
	size_t         bytes = 2 * sizeof(*e);
	uint32_t       n = 0;

	for (uint32_t i = 0; i < ev->n_fields; i++)
		if (is_decoded(ev, i)) {
			bytes += sizeof(struct field) + ev->fields[i].name.n + ev->fields[i].value.n + 2;
			n++;
		}
	if (bytes > arena_room(&c->keep))
		return;
	e = arena_new(&c->keep, struct entry, 1);
	*e = (struct entry){ .next = *list, .event = ev->id };
	e->fields = arena_new(&c->keep, struct field, n);
	for (uint32_t i = 0; i < ev->n_fields; i++)
		if (is_decoded(ev, i))
			e->fields[e->n++] = (struct field){
				.name = arena_copy(&c->keep, ev->fields[i].name),
				.value = arena_copy(&c->keep, ev->fields[i].value),
			};
	*list = e;
}

void
decoded_unwrap(struct casefile *cf, struct event *ev, struct arena *keep)
{
	struct decoded_cache *c = cache_of(cf);
	const struct entry   *e = c ? *list_of(c, ev->id) : NULL;

	while (e && e->event != ev->id)
		e = e->next;
	if (e) {
		give(e, ev, keep);
		return;
	}
	event_unwrap(ev, NULL, keep);
	if (c)
		remember(c, ev);
}
