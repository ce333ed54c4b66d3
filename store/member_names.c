/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/member_names.h"

#include "base/decoded.h"
#include "store/block_edit.h"
#include "store/enrich.h"
#include "store/sid_holder.h"

#define SIDS_MAX 64 /* looked for at the end of an import; each is a search */

struct text
member_without_name(const struct event *ev)
{
	struct text name, sid;

	/* changes of groups' members are within these */
	if (ev->scope != SCOPE_SECURITY || ev->event_id < 4728 || ev->event_id > 4762)
		return TEXT_NONE;
	sid = event_body(ev, TEXT("MemberSid"));
	name = event_body(ev, TEXT("MemberName"));
	return (name.n == 0 || text_eq(name, TEXT("-"))) &&
		       text_istarts(sid, TEXT("S-1-5-21-"))
		   ? sid
		   : TEXT_NONE;
}

static const char note_event[] =
    "INSERT OR IGNORE INTO member_nameless(event, sid, tried) VALUES(?1, ?2, 0)";

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

/* What its holder is called, or that it is said to be called several things. */
static void
name_member(struct naming *n, struct event *ev, const struct sid_holder *h)
{
	struct arena *keep = &n->e.scratch;

	if (text_absent(h->other)) {
		event_set_decoded(ev, TEXT("MemberSid_decoded"), sid_holder_name(h, keep), keep);
		return;
	}
	ev->remark = arena_printf(keep,
				  TEXT_FMT "%sMemberSid has several names in other events: " TEXT_FMT
					   " and " TEXT_FMT,
				  TEXT_ARG(ev->remark), ev->remark.n ? "; " : "", TEXT_ARG(h->name),
				  TEXT_ARG(h->other));
}

static bool
name_event(struct naming *n, int64_t event, struct text sid, const struct sid_holder *h)
{
	struct block_edit *e = &n->e;
	struct facts       row;
	struct held        held = { 0 };
	bool               good = block_edit_open(e, event);

	if (good) {
		struct event *ev = &e->events[event - e->first];

		row = e->rows[event - e->first];
		/* a richer record of it may have come with a name */
		e->changed = text_ieq(member_without_name(ev), sid);
		if (e->changed)
			name_member(n, ev, h);
	}
	bool changed = good && e->changed;

	good = block_edit_close(e, good);
	if (good && changed)
		good = enrich_match_event(e->w, e->cf, &row, &held, e->scratch, n->match, n->ctx,
					  e->err);
	held_release(&held);
	return good;
}

static const char events_of[] = "SELECT event FROM member_nameless WHERE sid = ?1 AND event > ?2 "
				"ORDER BY event LIMIT 1";
static const char forget[] = "DELETE FROM member_nameless WHERE sid = ?1";
static const char note_try[] = "UPDATE member_nameless SET tried = tried + 1 WHERE sid = ?1";

static bool
run_with_sid(struct naming *n, const char *sql, struct text sid)
{
	struct ask q;

	if (ask(&q, n->e.cf, sql, n->e.err)) {
		ask_text(&q, 1, sid);
		ask_run(&q);
	}
	return ask_end(&q);
}

static bool
name_events(struct naming *n, struct text sid, const struct sid_holder *h)
{
	int64_t event = 0;
	bool    good = true, more = true;

	while (good && more) {
		struct ask q;

		if (ask(&q, n->e.cf, events_of, n->e.err)) {
			ask_text(&q, 1, sid);
			ask_int(&q, 2, event);
			more = ask_row(&q);
			event = more ? ask_get_int(&q, 0) : event;
		}
		good = ask_end(&q) && (!more || name_event(n, event, sid, h));
	}
	return good && run_with_sid(n, forget, sid);
}

static bool
name_sid(struct naming *n, struct text sid, struct arena keep)
{
	struct sid_holder h;

	if (!sid_holder_find(n->e.cf, sid, &keep, &h, n->e.err))
		return false;
	return text_absent(h.name) ? run_with_sid(n, note_try, sid) : name_events(n, sid, &h);
}

/* Those that were tried least first, so that all have their turn. */
static const char some_sids[] = "SELECT sid FROM member_nameless GROUP BY sid "
				"ORDER BY min(tried), sid LIMIT ?1";

bool
member_names_find(struct writer *w, struct casefile *cf, match_fn *match, void *ctx,
		  struct err *err)
{
	struct arena  keep = arena_open((size_t)1 << 20);
	struct naming n = { .e = { .w = w, .cf = cf, .err = err }, .match = match, .ctx = ctx };
	struct text   sids[SIDS_MAX];
	size_t        n_sids = 0;
	struct ask    q;
	bool          good;

	if (ask(&q, cf, some_sids, err)) {
		ask_int(&q, 1, SIDS_MAX);
		while (n_sids < SIDS_MAX && ask_row(&q))
			sids[n_sids++] = arena_copy(&keep, ask_get_text(&q, 0));
	}
	good = ask_end(&q);
	if (n_sids) {
		n.e.scratch = arena_open(BLOCK_RAW_MAX * 4);
		for (size_t i = 0; good && i < n_sids; i++)
			good = name_sid(&n, sids[i], keep);
		good = good && block_edit_end(&n.e);
		arena_close(&n.e.scratch);
	}
	arena_close(&keep);
	return good;
}
