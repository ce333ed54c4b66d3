/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/entity.h"

#include "base/numbers.h"
#include "base/source.h"
#include "store/db.h"
#include "store/machine.h"
#include "store/risk.h"
#include "store/risk_log.h"
#include "store/work.h"

/* ---- the list ---- */

static const char put_entity[] =
    "INSERT INTO entity(kind, name, attribute, value, author, time_ns) VALUES(?1, ?2, ?3, ?4, ?5, ?6) "
    "ON CONFLICT DO UPDATE SET value = ?4, author = ?5, time_ns = ?6";
static const char drop_entity[] =
    "DELETE FROM entity WHERE kind = ?1 AND name = ?2 AND attribute = ?3";
static const char value_now[] =
    "SELECT value FROM entity WHERE kind = ?1 AND name = ?2 AND attribute = ?3";

static void
bind_key(struct ask *q, const struct entity_attribute *a)
{
	ask_int(q, 1, a->kind);
	ask_text(q, 2, a->name);
	ask_text(q, 3, a->attribute);
}

static bool
is_so(struct casefile *cf, const struct entity_attribute *a, bool *so, struct err *err)
{
	struct ask q;

	*so = !a->value.n;
	if (ask(&q, cf, value_now, err)) {
		bind_key(&q, a);
		if (ask_row(&q))
			*so = text_eq(ask_get_text(&q, 0), text_or_empty(a->value));
	}
	return ask_end(&q);
}

static bool
write_entity(struct casefile *cf, const struct entity_attribute *a, const struct signature *by,
	     struct err *err)
{
	struct ask q;

	if (ask(&q, cf, a->value.n ? put_entity : drop_entity, err)) {
		bind_key(&q, a);
		if (a->value.n) {
			ask_text(&q, 4, a->value);
			ask_text(&q, 5, by->author);
			ask_int(&q, 6, by->time_ns);
		}
		ask_run(&q);
	}
	return ask_end(&q);
}

static bool
change(struct casefile *cf, const struct entity_attribute *a, const struct signature *by,
       struct arena scratch, struct err *err)
{
	struct text what = arena_printf(&scratch, "%s " TEXT_FMT " " TEXT_FMT,
					risk_object_type_name(a->kind), TEXT_ARG(a->name),
					TEXT_ARG(a->attribute));
	bool so;

	if (!is_so(cf, a, &so, err) || so)
		return so;
	return write_entity(cf, a, by, err) && risk_log_add(cf, "entity", what, a->value, by, err);
}

bool
entities_set(struct casefile *cf, const struct entity_attribute *all, size_t n, struct err *err)
{
	struct arena     scratch = arena_open((size_t)1 << 28);
	struct signature by = signature_now(&scratch);
	bool             good = work_begin(cf, err);

	if (good) {
		for (size_t i = 0; i < n && good; i++)
			good = change(cf, &all[i], &by, scratch, err);
		good = work_end(cf, good, err);
	}
	arena_close(&scratch);
	return good;
}

static const char all_entities[] =
    "SELECT kind, name, attribute, value, author, time_ns FROM entity ORDER BY kind, name, attribute";

size_t
entities(struct casefile *cf, struct arena *keep, struct entity_attribute **out)
{
	struct ask q;
	size_t     n = 0, cap = 0;

	*out = NULL;
	if (ask(&q, cf, all_entities, NULL))
		while (ask_row(&q)) {
			int64_t kind = ask_get_int(&q, 0);

			arena_grow(keep, *out, n, &cap);
			(*out)[n++] = (struct entity_attribute){
				.kind = kind == RISK_SYSTEM ? RISK_SYSTEM
					: kind == RISK_USER ? RISK_USER
							    : RISK_OTHER,
				.name = arena_copy(keep, ask_get_text(&q, 1)),
				.attribute = arena_copy(keep, ask_get_text(&q, 2)),
				.value = arena_copy(keep, ask_get_text(&q, 3)),
				.author = arena_copy(keep, ask_get_text(&q, 4)),
				.time_ns = ask_get_int(&q, 5),
			};
		}
	ask_end(&q);
	return n;
}

/* ---- by whom they are about ---- */

struct known {
	const struct entity_attribute *a;
	struct known                  *next; /* of the same host or user */
};

struct entity_book {
	struct numbers keys;    /* "host 7", "user corp\ann", "other x" */
	struct known **known;   /* by key */
	size_t         n, cap;
};

static struct text
host_key(int64_t host, struct arena *keep)
{
	return arena_printf(keep, "host %lld", (long long)host);
}

static struct text
other_key(const char *what, struct text name, struct arena *keep)
{
	return arena_printf(keep, "%s " TEXT_FMT, what, TEXT_ARG(name));
}

static const char machine_of[] = "SELECT machine FROM host WHERE id = ?1";

/* The one machine that the name means; 0: none or several. */
static int64_t
host_meant(struct casefile *cf, struct text name)
{
	int64_t ids[64], machine = 0;
	size_t  n = machine_hosts(cf, name, ids, 64);
	bool    several = n > 64;

	for (size_t i = 0; i < n && !several; i++) {
		struct ask q;

		if (ask(&q, cf, machine_of, NULL)) {
			ask_int(&q, 1, ids[i]);
			if (ask_row(&q)) {
				several = machine && machine != ask_get_int(&q, 0);
				machine = ask_get_int(&q, 0);
			}
		}
		ask_end(&q);
	}
	return several ? 0 : machine;
}

struct text
entity_key(struct casefile *cf, const struct called_book *users, enum risk_object_type kind,
	   struct text name, struct arena *keep)
{
	struct called called;
	int64_t       host;

	switch (kind) {
	case RISK_SYSTEM:
		host = host_meant(cf, name);
		return host ? host_key(host, keep) : TEXT_NONE;
	case RISK_USER: /* whom no finding names is nobody */
		called = called_find(users, cf, name, keep);
		return called.n == 1 ? other_key("user", called.user, keep) : TEXT_NONE;
	case RISK_OTHER:
		break;
	}
	return other_key("other", risk_normalize(name, keep), keep);
}

struct entity_book *
entity_book_open(struct casefile *cf, struct arena *keep)
{
	struct entity_book      *book;
	struct entity_attribute *all;
	size_t                   n = entities(cf, keep, &all);
	struct called_book      *users;
	uint32_t                 number = 0;

	if (!n)
		return NULL;
	book = arena_new(keep, struct entity_book, 1);
	book->keys.keep = keep;
	users = called_open(cf, keep);
	for (size_t i = 0; i < n; i++) {
		struct known *one = arena_new(keep, struct known, 1);

		if (!i || all[i].kind != all[i - 1].kind || !text_eq(all[i].name, all[i - 1].name)) {
			struct text key = entity_key(cf, users, all[i].kind, all[i].name, keep);

			number = text_absent(key) ? 0 : numbers_of(&book->keys, key);
		}
		while (book->n <= number) {
			arena_grow(keep, book->known, book->n, &book->cap);
			book->known[book->n++] = NULL;
		}
		*one = (struct known){ &all[i], book->known[number] };
		if (number)
			book->known[number] = one;
	}
	return book;
}

/* ---- as fields ---- */

struct text_list {
	struct text   all;
	struct arena *keep;
};

static void
add_fields(struct text_list *list, const struct entity_book *book, const char *prefix,
	   struct text key)
{
	uint32_t number = numbers_find(&book->keys, key);

	for (const struct known *k = number ? book->known[number] : NULL; k; k = k->next)
		list->all = arena_printf(list->keep, TEXT_FMT "%c%s_" TEXT_FMT "%c" TEXT_FMT,
					 TEXT_ARG(list->all), RISK_SEPARATOR, prefix,
					 TEXT_ARG(k->a->attribute), RISK_VALUE,
					 TEXT_ARG(k->a->value));
}

struct text
entity_fields(const struct entity_book *book, const struct entity_about *about, struct text row,
	      struct arena *keep)
{
	struct text_list list = { text_or_empty(row), keep };
	bool             system = about->type == RISK_SYSTEM, user = about->type == RISK_USER;
	int64_t          host = system ? about->host : about->row_host;
	struct text      whom = user ? about->normalized : text_or_empty(about->row_user);
	struct text      own = system ? host_key(about->host, keep)
				      : other_key(user ? "user" : "other", about->normalized, keep);

	add_fields(&list, book, "dest", host_key(host, keep));
	add_fields(&list, book, "user", other_key("user", whom, keep));
	add_fields(&list, book, "risk_object", own);
	return list.all;
}
