/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of an event that were asked for once, kept for those who ask again. */
#include "config.h"

#include "base/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/name_entry.h"

#define VIEWS     256 /* a power of two */
#define VIEW_MAX  4   /* values; of more, none are kept */
#define VIEW_ROOM ((size_t)1 << 30)
#define VIEW_MOST ((size_t)64 << 20) /* of that; behind it, values go where they are asked for */
#define VIEW_KEPT ((size_t)1 << 20) /* of that, from event to event */

struct view {
	const struct name_entry *entries, *made_by;
	uint64_t                 event; /* that it is of */
	uint32_t                 n;
	enum model               model;
	struct text              values[VIEW_MAX];
};

struct event_views {
	struct arena arena; /* of values that were made */
	uint64_t     event;
	struct view  views[VIEWS];
};

struct event_views *
views_new(void)
{
	struct event_views *v = calloc(1, sizeof(*v));

	if (!v)
		arena_exhausted(sizeof(*v));
	v->arena = arena_open(VIEW_ROOM);
	return v;
}

void
views_free(struct event_views *v)
{
	if (!v)
		return;
	arena_close(&v->arena);
	free(v);
}

struct event
views_of(struct event_views *v, const struct event *ev)
{
	struct event own = *ev;

	v->event++;
	if (arena_used(&v->arena) > VIEW_KEPT)
		arena_reset(&v->arena, VIEW_KEPT);
	v->arena.at = v->arena.start;
	own.views = v;
	return own;
}

const struct name_entry *
name_values(const struct event *ev, const struct name_ref *ref, struct arena *keep,
	    struct text *out, size_t cap, size_t *n)
{
	struct event_views *views = ev->views;
	struct view        *v;

	if (!views || !ref->n_entries || cap < NAME_VALUES_MAX)
		return name_make(ev, ref, keep, out, cap, n);
	v = &views->views[((uintptr_t)ref->entries / sizeof(*ref->entries)) & (VIEWS - 1)];
	if (v->event != views->event || v->entries != ref->entries || v->model != ref->model) {
		bool                     full = arena_used(&views->arena) > VIEW_MOST;
		const struct name_entry *by =
		    name_make(ev, ref, full ? keep : &views->arena, out, cap, n);

		if (full || *n > VIEW_MAX)
			return by;
		*v = (struct view){ ref->entries, by, views->event, (uint32_t)*n, ref->model,
				    { { 0 } } };
		memcpy(v->values, out, *n * sizeof(*out));
		return by;
	}
	*n = v->n;
	memcpy(out, v->values, v->n * sizeof(*out));
	return v->made_by;
}
