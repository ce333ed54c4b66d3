/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/bodies.h"

#include <stdlib.h>

#include "base/numbers.h"
#include "base/telling.h"
#include "store/finding_lists.h"

struct bodies {
	struct arena   keep;
	struct numbers rules; /* by their texts */
	int64_t       *ids;   /* [number] in rule_text */
	size_t         cap;
	char          *last;  /* what the last row was made of */
	size_t         last_n, last_cap;
	int64_t        last_id;
	bool           dropped;
};

static struct bodies *
bodies_of(struct casefile *cf)
{
	struct bodies *b = cf->bodies;

	if (b)
		return b;
	b = cf->bodies = calloc(1, sizeof(*b));
	if (!b)
		arena_exhausted(sizeof(*b));
	b->keep = arena_open((size_t)1 << 30);
	b->rules.keep = &b->keep;
	return b;
}

void
bodies_forget(struct casefile *cf)
{
	if (cf->bodies) {
		arena_close(&cf->bodies->keep);
		free(cf->bodies->last);
	}
	free(cf->bodies);
	cf->bodies = NULL;
}

void
bodies_dropped(struct casefile *cf)
{
	bodies_of(cf)->dropped = true;
}

bool
bodies_settle(struct casefile *cf, struct err *err)
{
	if (!cf->bodies || !cf->bodies->dropped)
		return true;
	bodies_forget(cf);
	return db_run(cf,
		      "DELETE FROM finding_body WHERE id NOT IN (SELECT body FROM finding);"
		      "DELETE FROM rule_text WHERE id NOT IN (SELECT rule FROM finding)",
		      err);
}

bool
bodies_clear(struct casefile *cf, struct err *err)
{
	bodies_forget(cf);
	return db_run(cf, "DELETE FROM finding_body; DELETE FROM rule_text", err);
}

/* ---- texts of rules ---- */

#define RULE_TEXTS 7

static const char find_rule[] =
    "SELECT id FROM rule_text WHERE rule_id = ?1 AND rule = ?2 AND type IS ?3 AND techniques IS ?4 "
    "AND tactics IS ?5 AND stories IS ?6 AND annotations IS ?7";
static const char add_rule[] =
    "INSERT INTO rule_text(rule_id, rule, type, techniques, tactics, stories, annotations) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)";

static int64_t
rule_number(struct casefile *cf, const char *sql, const struct text texts[RULE_TEXTS],
	    struct err *err)
{
	int64_t    id = 0;
	struct ask q;

	if (ask(&q, cf, sql, err)) {
		for (int i = 0; i < RULE_TEXTS; i++)
			ask_text(&q, i + 1, texts[i]);
		if (ask_row(&q))
			id = ask_get_int(&q, 0);
		else if (sql == add_rule && !q.failed)
			id = sqlite3_last_insert_rowid(cf->db);
	}
	return ask_end(&q) ? id : -1;
}

int64_t
bodies_rule(struct casefile *cf, const struct finding *f, struct arena scratch, struct err *err)
{
	struct bodies    *b = bodies_of(cf);
	const struct text texts[RULE_TEXTS] = { text_or_empty(f->rule_id), text_or_empty(f->rule),
						f->type, f->techniques, f->tactics, f->stories,
						f->annotations };
	uint32_t          number = numbers_of(&b->rules, finding_list_text(texts, RULE_TEXTS, &scratch));
	int64_t           id;

	while (b->cap <= number)
		arena_grow(&b->keep, b->ids, b->cap, &b->cap);
	if (b->ids[number])
		return b->ids[number];
	id = rule_number(cf, find_rule, texts, err);
	if (id == 0)
		id = rule_number(cf, add_rule, texts, err);
	return id > 0 ? b->ids[number] = id : 0;
}

/* ---- rows ---- */

enum { HOST, USER, USER_KEY, MESSAGE, REMARKS, WHAT, FIELDS, THREATS, EVENTS, ROW_TEXTS };

static const char add_row[] =
    "INSERT INTO finding_body(host, user, user_key, message, remarks, what, fields, threats, events, "
    "first_ns, host_ref, risk_score, count, events_capped) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, nullif(?11, 0), ?12, ?13, ?14)";

static int64_t
add(struct casefile *cf, const struct finding *f, int64_t host, const struct text texts[ROW_TEXTS],
    struct err *err)
{
	struct ask q;

	if (ask(&q, cf, add_row, err)) {
		for (int i = 0; i < ROW_TEXTS; i++)
			ask_text(&q, i + 1, texts[i]);
		ask_int(&q, ROW_TEXTS + 1, f->first_ns);
		ask_int(&q, ROW_TEXTS + 2, host);
		ask_real(&q, ROW_TEXTS + 3, f->risk_score);
		ask_int(&q, ROW_TEXTS + 4, (int64_t)f->count);
		ask_int(&q, ROW_TEXTS + 5, f->events_capped);
		ask_run(&q);
	}
	return ask_end(&q) ? sqlite3_last_insert_rowid(cf->db) : 0;
}

/* All that decides the row, now and when it is known better whom its names mean: systems among the
 * risk objects have a say in that. */
static struct text
made_of(const struct finding *f, int64_t host, const struct text texts[ROW_TEXTS],
	struct arena *keep)
{
	const int64_t numbers[] = { f->first_ns, host, (int64_t)f->count, f->events_capped };
	size_t        n = ROW_TEXTS;
	struct text  *all = arena_new(keep, struct text, n + f->n_objects + 2);

	memcpy(all, texts, n * sizeof(*all));
	for (uint32_t i = 0; i < f->n_objects; i++)
		if (f->objects[i].type == RISK_SYSTEM)
			all[n++] = f->objects[i].value;
	all[n++] = (struct text){ (const char *)numbers, sizeof(numbers) };
	all[n++] = (struct text){ (const char *)&f->risk_score, sizeof(f->risk_score) };
	return finding_list_text(all, n, keep);
}

static bool
is_last(const struct bodies *b, struct text made)
{
	return b->last_id && b->last_n == made.n && memcmp(b->last, made.p, made.n) == 0;
}

static void
remember(struct bodies *b, struct text made, int64_t id)
{
	if (b->last_cap < made.n) {
		free(b->last);
		b->last_cap = made.n * 2;
		b->last = malloc(b->last_cap);
		if (!b->last)
			arena_exhausted(b->last_cap);
	}
	memcpy(b->last, made.p, made.n);
	b->last_n = made.n;
	b->last_id = id;
}

/* Absent when it is the name of the rule. */
static struct text
own_message(const struct finding *f)
{
	struct text message = text_or_empty(f->message);

	return text_eq(message, text_or_empty(f->rule)) ? TEXT_NONE : message;
}

int64_t
bodies_row(struct casefile *cf, const struct finding *f, int64_t host, struct text user_key,
	   struct arena scratch, struct err *err)
{
	struct bodies    *b = bodies_of(cf);
	const struct text texts[ROW_TEXTS] = {
		[HOST] = f->host,
		[USER] = f->user,
		[USER_KEY] = user_key,
		[MESSAGE] = own_message(f),
		[REMARKS] = f->remarks,
		[WHAT] = telling_value(f->fields, f->n_fields, &scratch),
		[FIELDS] = finding_fields_text(f, &scratch),
		[THREATS] = finding_threats_text(f, &scratch),
		[EVENTS] = finding_events_text(f, &scratch),
	};
	struct text made = made_of(f, host, texts, &scratch);
	int64_t     id;

	if (is_last(b, made))
		return b->last_id;
	id = add(cf, f, host, texts, err);
	if (id)
		remember(b, made, id);
	return id;
}
