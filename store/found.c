/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/found.h"

/* Risk events in the order of findings, read along with them. */
struct objects {
	struct ask ask;
	bool       row; /* it stands on one */
};

/* Rows that are stepped over sooner than looked up anew. */
#define STEPS_MOST 64

static const char objects_from[] =
    "SELECT id, finding, type, value, normalized, host_ref, score FROM risk_event "
    "WHERE id >= ?1 AND type < 2 ORDER BY id";
enum { OBJECT_ID, OBJECT_FINDING, OBJECT_TYPE, OBJECT_VALUE, OBJECT_NORMALIZED, OBJECT_HOST,
       OBJECT_SCORE };

static void
look_up(struct objects *o, int64_t finding)
{
	if (o->ask.st)
		sqlite3_reset(o->ask.st);
	ask_int(&o->ask, 1, finding * OBJECTS_MAX);
	o->row = ask_row(&o->ask);
}

/* To the first object of that finding, or of one behind it. */
static void
go_to(struct objects *o, int64_t finding)
{
	for (int i = 0; o->row && ask_get_int(&o->ask, OBJECT_FINDING) < finding; i++) {
		if (i == STEPS_MOST && finding <= INT64_MAX / OBJECTS_MAX)
			look_up(o, finding);
		else
			o->row = ask_row(&o->ask);
	}
}

static void
read_objects(struct objects *o, struct found *f, struct arena *keep)
{
	struct found_object *list = NULL;
	size_t               cap = 0;

	for (go_to(o, f->id); o->row && ask_get_int(&o->ask, OBJECT_FINDING) == f->id;
	     o->row = ask_row(&o->ask)) {
		arena_grow(keep, list, f->n_objects, &cap);
		list[f->n_objects++] = (struct found_object){
			.id = ask_get_int(&o->ask, OBJECT_ID),
			.type = ask_get_int(&o->ask, OBJECT_TYPE) == RISK_SYSTEM ? RISK_SYSTEM
										 : RISK_USER,
			.value = arena_copy(keep, ask_get_text(&o->ask, OBJECT_VALUE)),
			.normalized = arena_copy(keep, ask_get_text(&o->ask, OBJECT_NORMALIZED)),
			.host = ask_get_int(&o->ask, OBJECT_HOST),
			.score = ask_get_real(&o->ask, OBJECT_SCORE),
		};
	}
	f->objects = list;
}

static const char findings_head[] =
    "SELECT f.id, f.rule_id, f.techniques, f.tactics, f.host, f.host_ref, f.user, f.user_key, "
    "f.first_ns, f.last_ns FROM finding_whole f LEFT JOIN work w ON w.id = f.id WHERE 1";
enum { ID, RULE, TECHNIQUES, TACTICS, HOST, HOST_REF, USER, USER_KEY, FIRST, LAST };

static struct found
found_get(struct ask *q)
{
	return (struct found){
		.id = ask_get_int(q, ID),
		.rule_id = ask_get_text(q, RULE),
		.techniques = ask_get_text(q, TECHNIQUES),
		.tactics = ask_get_text(q, TACTICS),
		.host = ask_get_text(q, HOST),
		.host_ref = ask_get_int(q, HOST_REF),
		.user = ask_get_text(q, USER),
		.user_key = ask_get_text(q, USER_KEY),
		.first_ns = ask_get_int(q, FIRST),
		.last_ns = ask_get_int(q, LAST),
	};
}

bool
found_each(struct casefile *cf, const struct conditions *cs, unsigned parts, found_fn *fn,
	   void *ctx, struct err *err)
{
	struct arena    scratch = arena_open((size_t)1 << 28);
	struct question s = { .n = 0 };
	struct objects  o = { .row = false };
	struct ask      q;
	bool            good;

	question_add(&s, findings_head);
	filter_findings(&s, cf, cs, parts);
	question_add(&s, " ORDER BY f.id");
	good = ask(&o.ask, cf, objects_from, err) && question_ask(&q, cf, &s, err);
	if (good) {
		look_up(&o, 0);
		while (good && ask_row(&q)) {
			struct arena one = scratch;
			struct found f = found_get(&q);

			read_objects(&o, &f, &one);
			good = !o.ask.failed && fn(ctx, &f, err);
		}
		good = ask_end(&q) && good;
	}
	good = ask_end(&o.ask) && good;
	arena_close(&scratch);
	return good;
}
