/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/member_names.h"

#include "base/decoded.h"
#include "store/block_edit.h"
#include "store/enrich.h"
#include "store/sid_holder.h"

#define SEVERAL "MemberSid has several names in other events: "

struct text
member_without_name(const struct event *ev)
{
	struct text name, sid;

	/* changes of groups' members are within these */
	if (ev->scope != SCOPE_SECURITY || ev->event_id < 4728 || ev->event_id > 4762)
		return TEXT_NONE;
	sid = event_body(ev, TEXT("MemberSid"));
	name = event_body(ev, TEXT("MemberName"));
	return (name.n == 0 || text_eq(name, TEXT("-"))) && sid.n <= SID_BYTES &&
		       text_istarts(sid, TEXT("S-1-5-21-"))
		   ? sid
		   : TEXT_NONE;
}

/* The record of the event may be another one than before: nothing is said in it. */
static const char note_event[] =
    "INSERT OR REPLACE INTO member_nameless(event, sid, said) VALUES(?1, ?2, NULL)";

bool
member_names_note(struct casefile *cf, int64_t event, struct text sid, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, note_event, err)) {
		ask_int(&q, 1, event);
		ask_text(&q, 2, sid);
		ask_run(&q);
	}
	return ask_end(&q);
}

struct naming {
	struct block_edit e;
	match_fn         *match;
	void             *ctx;
};

struct member { /* that is noted */
	int64_t     event;
	struct text sid, said; /* said: in the event, a name or SEVERAL with names; absent: nothing */
};

static void
drop_name(struct event *ev)
{
	uint32_t kept = ev->n_system;

	for (uint32_t i = ev->n_system; i < ev->n_fields; i++)
		if (!text_eq(ev->fields[i].name, TEXT("MemberSid_decoded")))
			ev->fields[kept++] = ev->fields[i];
	ev->n_fields = kept;
}

static struct text
without_said(struct text remark)
{
	size_t at = text_find(remark, TEXT(SEVERAL));

	return at == TEXT_NOWHERE ? remark : text_head(remark, at < 2 ? 0 : at - 2); /* "; " */
}

/* SAID as the event has it from now on. */
static void
say(struct event *ev, struct text said, struct arena *keep)
{
	ev->remark = without_said(ev->remark);
	if (!text_starts(said, TEXT(SEVERAL))) {
		event_set_decoded(ev, TEXT("MemberSid_decoded"), said, keep);
		return;
	}
	drop_name(ev);
	ev->remark = arena_printf(keep, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(ev->remark),
				  ev->remark.n ? "; " : "", TEXT_ARG(said));
}

static bool
run_with(struct naming *n, const char *sql, const struct member *m)
{
	struct ask q;

	if (ask(&q, n->e.cf, sql, n->e.err)) {
		ask_int(&q, 1, m->event);
		if (sqlite3_bind_parameter_count(q.st) > 1)
			ask_text(&q, 2, m->said);
		ask_run(&q);
	}
	return ask_end(&q);
}

static const char forget[] = "DELETE FROM member_nameless WHERE event = ?1";
static const char note_said[] = "UPDATE member_nameless SET said = ?2 WHERE event = ?1";

static bool
name_event(struct naming *n, const struct member *m)
{
	struct block_edit *e = &n->e;
	struct facts       row;
	struct held        held = { 0 };
	bool               good = block_edit_open(e, m->event);

	if (good) {
		struct event *ev = &e->events[m->event - e->first];

		row = e->rows[m->event - e->first];
		/* a richer record of it may have come with a name */
		e->changed = text_ieq(member_without_name(ev), m->sid);
		if (e->changed)
			say(ev, m->said, &e->scratch);
	}
	bool changed = good && e->changed;

	good = block_edit_close(e, good) && run_with(n, changed ? note_said : forget, m);
	if (good && changed)
		good = enrich_match_event(e->w, e->cf, &row, &held, e->scratch, n->match, n->ctx,
					  e->err);
	held_release(&held);
	return good;
}

static bool
name_member(struct naming *n, const struct member *m, struct arena scratch)
{
	struct member     now = *m;
	struct sid_holder h;

	if (!sid_holder_find(n->e.cf, m->sid, &scratch, &h, n->e.err))
		return false;
	now.said = text_absent(h.other) ? h.name
					: arena_printf(&scratch, SEVERAL TEXT_FMT " and " TEXT_FMT,
						       TEXT_ARG(h.name), TEXT_ARG(h.other));
	return text_absent(now.said) || text_eq(now.said, m->said) || name_event(n, &now);
}

static const char next_member[] = "SELECT event, sid, said FROM member_nameless WHERE event > ?1 "
				  "ORDER BY event LIMIT 1";

bool
member_names_find(struct writer *w, struct casefile *cf, match_fn *match, void *ctx,
		  struct err *err)
{
	struct naming n = { .e = { .w = w, .cf = cf, .err = err }, .match = match, .ctx = ctx };
	struct arena  keep = arena_open((size_t)4 << 30); /* as the values of a case may be long */
	struct member m = { 0 };
	bool          good = true, more = true;

	n.e.scratch = arena_open(BLOCK_RAW_MAX * 4);
	while (good && more) {
		struct arena one = keep;
		struct ask   q;

		if (ask(&q, cf, next_member, err)) {
			ask_int(&q, 1, m.event);
			more = ask_row(&q);
			if (more)
				m = (struct member){ ask_get_int(&q, 0),
						     arena_copy(&one, ask_get_text(&q, 1)),
						     arena_copy(&one, ask_get_text(&q, 2)) };
		}
		good = ask_end(&q) && (!more || name_member(&n, &m, one));
	}
	good = good && (!n.e.any || block_edit_end(&n.e));
	arena_close(&n.e.scratch);
	arena_close(&keep);
	return good;
}

/* ---- cases of an older auger ---- */

static const char all_events[] = "SELECT " FACTS_COLUMNS " FROM event e ORDER BY e.id";

static bool
note_stored(struct casefile *cf, const struct event *ev, struct err *err)
{
	struct sid_said said[SIDS_SAID_MAX];
	struct text     sid = member_without_name(ev);
	size_t          n = sids_said(ev, said);

	for (size_t i = 0; i < n; i++)
		if (!sid_said_note(cf, &said[i], err))
			return false;
	return text_absent(sid) || member_names_note(cf, ev->id, sid, err);
}

bool
member_names_of_stored(struct casefile *cf, struct err *err)
{
	struct arena scratch = arena_open(BLOCK_RAW_MAX * 4);
	struct held  held = { 0 };
	struct ask   q;
	bool         good = true;

	if (ask(&q, cf, all_events, err))
		while (good && ask_row(&q)) {
			struct arena one = scratch;
			struct facts row = facts_get(&q);
			struct err   unreadable = { 0 };
			struct event ev;

			if (event_load(cf, &row, &held, &one, &ev, &unreadable))
				good = note_stored(cf, &ev, err);
		}
	good = ask_end(&q) && good;
	held_release(&held);
	arena_close(&scratch);
	return good;
}
