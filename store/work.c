/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/work.h"

#include "base/when.h"
#include "store/db.h"
#include "store/work_event.h"
#include "store/work_key.h"

/* ---- transactions ---- */

/* The outermost is a transaction that writes from its start, unless one is open already. */
bool
work_begin(struct casefile *cf, struct err *err)
{
	if (!cf->work_depth) {
		cf->before_work = cf->fault;
		cf->work_owns = sqlite3_get_autocommit(cf->db) != 0;
		if (cf->work_owns && !db_begin(cf, err)) {
			cf->fault = cf->before_work;
			return false;
		}
	}
	if (!db_run(cf, "SAVEPOINT work", err)) {
		if (cf->work_depth || !cf->work_owns)
			return false;
		db_rollback(cf);
		cf->fault = cf->before_work;
		return false;
	}
	if (!cf->work_depth++ && cf->work_owns)
		casefile_told(cf);
	return true;
}

bool
work_end(struct casefile *cf, bool good, struct err *err)
{
	struct err known = { 0 };

	good = good && casefile_whole(cf, err);
	if (!good)
		db_run(cf, "ROLLBACK TO work", &known);
	good = db_run(cf, "RELEASE work", good ? err : &known) && good;
	if (--cf->work_depth || !cf->work_owns)
		return good;
	good = good && db_commit(cf, err);
	if (!good)
		db_rollback(cf);
	cf->fault = cf->before_work; /* what the work met is told by it */
	return good;
}

/* ---- numbers ---- */

static const char find_work[] = "SELECT id FROM work WHERE key = ?1";
static const char add_work[] = "INSERT INTO work(key) VALUES(?1)";
static const char find_event[] = "SELECT id FROM work WHERE event = ?2";
static const char add_event[] = "INSERT INTO work(key, event) VALUES(?1, ?2) "
				"ON CONFLICT(key) DO UPDATE SET event = ?2 WHERE event IS NULL";

/* First column of its only row; 0: there is none, or it failed. */
static int64_t
one_number(struct casefile *cf, const char *sql, struct text key, int64_t event, struct err *err)
{
	char       room[WORK_KEY_BYTES];
	struct ask q;
	int64_t    id = 0;

	if (ask(&q, cf, sql, err)) {
		if (!text_absent(key))
			work_key_ask(&q, 1, key, room);
		if (event)
			ask_int(&q, 2, event);
		if (ask_row(&q))
			id = ask_get_int(&q, 0);
	}
	return ask_end(&q) ? id : 0;
}

int64_t
work_number(struct casefile *cf, struct text key, bool *made, struct err *err)
{
	int64_t id;

	key = text_or_empty(key);
	*made = false;
	id = one_number(cf, find_work, key, 0, err);
	if (id || (err && err->kind))
		return id;
	*made = true;
	sqlite3_set_last_insert_rowid(cf->db, 0);
	one_number(cf, add_work, key, 0, err);
	return sqlite3_last_insert_rowid(cf->db);
}

static int64_t
number_of_event(struct casefile *cf, int64_t event, struct arena scratch, struct err *err)
{
	struct text key;
	int64_t     id = one_number(cf, find_event, TEXT_NONE, event, err);

	if (id || !work_event_key(cf, event, &scratch, &key, err))
		return id;
	one_number(cf, add_event, key, event, err);
	id = one_number(cf, find_event, TEXT_NONE, event, err);
	if (!id)
		err_set(err, ERR_IO, "event:%lld cannot be told from another one", (long long)event);
	return id;
}

#define STATE_COLUMNS                                                                              \
	"SELECT w.id, w.event, " WORK_KEY("w.key") ", coalesce(w.verdict, 'open'), w.note, "        \
	"w.bookmark, l.author, "                                                                   \
	"l.time_ns FROM work w LEFT JOIN work_log l ON l.id = (SELECT m.id FROM work_log m WHERE "  \
	"m.work = w.id AND m.current ORDER BY m.time_ns DESC, m.id DESC LIMIT 1) WHERE "
static const char state_by_number[] = STATE_COLUMNS "w.id = ?1";
static const char state_by_event[] = STATE_COLUMNS "w.event = ?1";
static const char states_without_place[] = STATE_COLUMNS
    "w.event IS NULL AND (w.verdict IS NOT NULL OR w.note IS NOT NULL OR w.bookmark) AND "
    "NOT EXISTS (SELECT 1 FROM finding f WHERE f.id = w.id) AND "
    "NOT EXISTS (SELECT 1 FROM hidden h WHERE h.work = w.id) ORDER BY w.id";

bool
work_says(const struct work_state *said)
{
	return said->bookmark || said->note.n ||
	       (said->verdict.n && !text_eq(said->verdict, work_verdicts[0]));
}

static struct work_state
state_get(struct ask *q)
{
	return (struct work_state){
		.number = ask_get_int(q, 0),
		.event = ask_get_int(q, 1),
		.key = ask_get_text(q, 2),
		.verdict = ask_get_text(q, 3),
		.note = ask_get_text(q, 4),
		.bookmark = ask_get_int(q, 5) != 0,
		.author = ask_get_text(q, 6),
		.time_ns = ask_get_int(q, 7),
	};
}

bool
work_state(struct casefile *cf, int64_t number, int64_t event, struct arena *keep,
	   struct work_state *out)
{
	struct ask q;

	*out = (struct work_state){ .event = event };
	if (ask(&q, cf, number ? state_by_number : state_by_event, NULL)) {
		ask_int(&q, 1, number ? number : event);
		if (ask_row(&q)) {
			*out = state_get(&q);
			out->key = arena_copy(keep, out->key);
			out->verdict = arena_copy(keep, out->verdict);
			out->note = arena_copy(keep, out->note);
			out->author = arena_copy(keep, out->author);
		}
	}
	return ask_end(&q) && out->number;
}

bool
work_without_place(struct casefile *cf, work_state_fn *fn, void *ctx, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, states_without_place, err))
		while (ask_row(&q)) {
			struct work_state said = state_get(&q);

			if (!fn(ctx, &said))
				break;
		}
	return ask_end(&q);
}

/* ---- what the current entries come to ---- */

static const char current_of[] =
    "SELECT value, author, time_ns FROM work_log WHERE work = ?1 AND kind = ?2 AND current "
    "ORDER BY time_ns, author, value";
static const char *const put_state[] = {
	[WORK_VERDICT] = "UPDATE work SET verdict = ?2 WHERE id = ?1",
	[WORK_NOTE] = "UPDATE work SET note = ?2 WHERE id = ?1",
	[WORK_BOOKMARK] = "UPDATE work SET bookmark = ?2 IS NOT NULL WHERE id = ?1",
};

static struct text
signature(struct text author, int64_t time_ns, struct arena *keep)
{
	char   iso[WHEN_TEXT_MAX];
	size_t n = time_ns ? when_to_human(time_ns, 0, iso) : 0;

	return arena_printf(keep, TEXT_FMT "%s%.*s%s",
			    TEXT_ARG(author.n ? author : TEXT("author not known")), n ? ", " : "",
			    (int)n, iso, n ? " UTC" : "");
}

struct state {
	struct text value; /* the last one */
	struct text all;   /* every one, signed */
	bool        differ;
};

/* Notes that differ become one that names every author; else the latest value counts. */
static bool
read_state(struct casefile *cf, int64_t work, enum work_kind kind, struct arena *keep,
	   struct state *out, struct err *err)
{
	struct ask q;

	*out = (struct state){ TEXT(""), TEXT(""), false };
	if (ask(&q, cf, current_of, err)) {
		ask_int(&q, 1, work);
		ask_int(&q, 2, kind);
		while (ask_row(&q)) {
			struct text value = arena_copy(keep, ask_get_text(&q, 0));

			if (!value.n && kind == WORK_NOTE)
				continue;
			out->differ = out->differ || (out->all.n && !text_eq(value, out->value));
			out->value = value;
			out->all = arena_printf(
			    keep, TEXT_FMT "%s" TEXT_FMT " (" TEXT_FMT ")", TEXT_ARG(out->all),
			    out->all.n ? "\n" : "", TEXT_ARG(value),
			    TEXT_ARG(signature(ask_get_text(&q, 1), ask_get_int(&q, 2), keep)));
		}
	}
	return ask_end(&q);
}

static bool
settle(struct casefile *cf, int64_t work, enum work_kind kind, struct err *err)
{
	struct arena scratch = arena_open((size_t)1 << 30);
	struct state state;
	struct text  value;
	struct ask   q;
	bool         good = read_state(cf, work, kind, &scratch, &state, err);

	value = state.differ && kind == WORK_NOTE ? state.all : state.value;
	if (good && ask(&q, cf, put_state[kind], err)) {
		ask_int(&q, 1, work);
		ask_text(&q, 2, value.n ? value : TEXT_NONE);
		ask_run(&q);
	}
	good = good && ask_end(&q);
	arena_close(&scratch);
	return good;
}

/* ---- entries ---- */

static const char replace_all[] =
    "UPDATE work_log SET current = 0 WHERE work = ?1 AND kind = ?2 AND current";
static const char last_time[] = "SELECT coalesce(max(time_ns), 0) FROM work_log WHERE work = ?1";
static const char put_entry[] =
    "INSERT OR IGNORE INTO work_log(work, kind, value, author, time_ns, current) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6)";

static bool
add_entry(struct casefile *cf, int64_t work, const struct work_entry *e, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, put_entry, err)) {
		ask_int(&q, 1, work);
		ask_int(&q, 2, e->kind);
		ask_text(&q, 3, e->value.n ? e->value : TEXT(""));
		ask_text(&q, 4, e->author.n ? e->author : TEXT(""));
		ask_int(&q, 5, e->time_ns);
		ask_int(&q, 6, e->current);
		ask_run(&q);
	}
	return ask_end(&q);
}

static bool
retire(struct casefile *cf, int64_t work, enum work_kind kind, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, replace_all, err)) {
		ask_int(&q, 1, work);
		ask_int(&q, 2, kind);
		ask_run(&q);
	}
	return ask_end(&q);
}

/* Now, but behind every entry that the finding has: clocks are set back. */
static bool
next_time(struct casefile *cf, int64_t work, int64_t *ns, struct err *err)
{
	struct ask q;
	int64_t    last = 0;

	if (ask(&q, cf, last_time, err)) {
		ask_int(&q, 1, work);
		if (ask_row(&q))
			last = ask_get_int(&q, 0);
	}
	*ns = work_now_ns();
	if (*ns <= last)
		*ns = last < INT64_MAX ? last + 1 : last;
	return ask_end(&q);
}

static bool
write_entry(struct casefile *cf, int64_t work, enum work_kind kind, struct text value,
	    struct arena scratch, struct err *err)
{
	struct work_entry e = { .kind = kind, .value = value, .current = true };
	struct state      state;

	if (!read_state(cf, work, kind, &scratch, &state, err))
		return false;
	if (!state.differ && text_eq(state.value, value))
		return true;
	e.author = work_author(&scratch);
	return next_time(cf, work, &e.time_ns, err) && retire(cf, work, kind, err) &&
	       add_entry(cf, work, &e, err) && settle(cf, work, kind, err);
}

/* By key, or, when that is absent, by event. */
static bool
set(struct casefile *cf, struct text key, int64_t event, enum work_kind kind, struct text value,
    struct err *err)
{
	struct arena scratch;
	int64_t      work;
	bool         made, good;

	if (kind == WORK_VERDICT && (event || work_is_event(key)))
		return err_set(err, ERR_USAGE, "an event has no verdict; its findings have");
	if (kind == WORK_VERDICT && !work_is_verdict(value))
		return err_set(err, ERR_USAGE,
			       "a verdict is one of: open, true positive, benign, false positive");
	if (kind == WORK_VERDICT && text_eq(value, work_verdicts[0]))
		value = TEXT("");
	if (!work_begin(cf, err))
		return false;
	scratch = arena_open((size_t)1 << 30);
	work = event ? number_of_event(cf, event, scratch, err) : work_number(cf, key, &made, err);
	good = work && write_entry(cf, work, kind, value, scratch, err);
	arena_close(&scratch);
	return work_end(cf, good, err);
}

bool
work_set(struct casefile *cf, struct text key, enum work_kind kind, struct text value,
	 struct err *err)
{
	return set(cf, key, 0, kind, value, err);
}

bool
work_set_event(struct casefile *cf, int64_t event, enum work_kind kind, struct text value,
	       struct err *err)
{
	return set(cf, TEXT_NONE, event, kind, value, err);
}

static const char known_entry[] =
    "SELECT current FROM work_log WHERE work = ?1 AND kind = ?2 AND author = ?3 AND time_ns = ?4 "
    "AND value = ?5";
static const char retire_entry[] =
    "UPDATE work_log SET current = 0 WHERE work = ?1 AND kind = ?2 AND author = ?3 AND "
    "time_ns = ?4 AND value = ?5";

static void
bind_entry(struct ask *q, int64_t work, const struct work_entry *e)
{
	ask_int(q, 1, work);
	ask_int(q, 2, e->kind);
	ask_text(q, 3, e->author.n ? e->author : TEXT(""));
	ask_int(q, 4, e->time_ns);
	ask_text(q, 5, e->value.n ? e->value : TEXT(""));
}

static bool
merge_entry(struct casefile *cf, int64_t work, const struct work_entry *e, bool *news,
	    struct err *err)
{
	struct ask q;
	bool       known = false, current = false;

	if (ask(&q, cf, known_entry, err)) {
		bind_entry(&q, work, e);
		known = ask_row(&q);
		current = known && ask_get_int(&q, 0) != 0;
	}
	if (!ask_end(&q))
		return false;
	*news = !known || (current && !e->current);
	if (!*news)
		return true;
	if (!known)
		return add_entry(cf, work, e, err) && settle(cf, work, e->kind, err);
	if (ask(&q, cf, retire_entry, err)) {
		bind_entry(&q, work, e);
		ask_run(&q);
	}
	return ask_end(&q) && settle(cf, work, e->kind, err);
}

bool
work_merge(struct casefile *cf, const struct work_entry *e, bool *news, struct err *err)
{
	struct arena scratch;
	int64_t      work;
	bool         made;

	if (!work_begin(cf, err))
		return false;
	scratch = arena_open((size_t)1 << 30);
	work = e->event ? number_of_event(cf, e->event, scratch, err)
			: work_number(cf, e->key, &made, err);
	arena_close(&scratch);
	return work_end(cf, work && merge_entry(cf, work, e, news, err), err);
}

/* ---- events that came after what was said of them ---- */

static const char waiting[] = "SELECT id, key FROM work WHERE event IS NULL AND key > 'event|' AND "
			      "key < 'event}' AND id > ?1 ORDER BY id LIMIT 1";
static const char give_event[] = "UPDATE work SET event = ?2 WHERE id = ?1";
static const char move_entries[] = "UPDATE OR IGNORE work_log SET work = ?2 WHERE work = ?1";
static const char drop_entries[] = "DELETE FROM work_log WHERE work = ?1";
static const char drop_work[] = "DELETE FROM work WHERE id = ?1";

static bool
run_on(struct casefile *cf, const char *sql, int64_t work, int64_t other, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, sql, err)) {
		ask_int(&q, 1, work);
		if (other)
			ask_int(&q, 2, other);
		ask_run(&q);
	}
	return ask_end(&q);
}

/* What was said of the event both before and after it came. */
static bool
join(struct casefile *cf, int64_t work, int64_t into, struct err *err)
{
	bool good = run_on(cf, move_entries, work, into, err) &&
		    run_on(cf, drop_entries, work, 0, err) && run_on(cf, drop_work, work, 0, err);

	return good && settle(cf, into, WORK_NOTE, err) && settle(cf, into, WORK_BOOKMARK, err);
}

static int64_t
next_waiting(struct casefile *cf, int64_t after, struct arena *keep, struct text *key,
	     struct err *err)
{
	struct ask q;
	int64_t    work = 0;

	if (ask(&q, cf, waiting, err)) {
		ask_int(&q, 1, after);
		if (ask_row(&q)) {
			work = ask_get_int(&q, 0);
			*key = arena_copy(keep, ask_get_text(&q, 1));
		}
	}
	return ask_end(&q) ? work : 0;
}

bool
work_attach(struct casefile *cf, struct err *err)
{
	struct arena scratch = arena_open((size_t)1 << 30);
	struct text  key;
	int64_t      work = 0, event, other;
	bool         good = work_begin(cf, err);

	if (!good)
		return false;
	while (good && (work = next_waiting(cf, work, &scratch, &key, err)) != 0) {
		event = work_event_of(cf, key, scratch, err);
		other = event ? one_number(cf, find_event, TEXT_NONE, event, err) : 0;
		good = !event || (other ? join(cf, work, other, err)
					: run_on(cf, give_event, work, event, err));
		arena_reset(&scratch, 1 << 20);
	}
	good = work_end(cf, good && !(err && err->kind), err);
	arena_close(&scratch);
	return good;
}

static const char log_of[] =
    "SELECT l.work, " WORK_KEY("w.key") ", l.kind, l.value, l.author, l.time_ns, l.current, "
    "w.event FROM work_log l JOIN work w ON w.id = l.work WHERE ?1 = 0 OR l.work = ?1 "
    "ORDER BY l.time_ns, l.author, l.work, l.kind, l.value";

bool
work_log(struct casefile *cf, int64_t number, work_fn *fn, void *ctx, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, log_of, err)) {
		ask_int(&q, 1, number);
		while (ask_row(&q)) {
			int64_t           kind = ask_get_int(&q, 2);
			struct work_entry e = {
				.number = ask_get_int(&q, 0),
				.event = ask_get_int(&q, 7),
				.key = ask_get_text(&q, 1),
				.kind = kind == WORK_NOTE      ? WORK_NOTE
					: kind == WORK_VERDICT ? WORK_VERDICT
							       : WORK_BOOKMARK,
				.value = ask_get_text(&q, 3),
				.author = ask_get_text(&q, 4),
				.time_ns = ask_get_int(&q, 5),
				.current = ask_get_int(&q, 6) != 0,
			};

			if (!fn(ctx, &e))
				break;
		}
	}
	return ask_end(&q);
}

static const char known_finding[] =
    "SELECT 1 FROM work w WHERE w.key = ?1 AND (EXISTS(SELECT 1 FROM finding f WHERE f.id = w.id) "
    "OR EXISTS(SELECT 1 FROM hidden h WHERE h.work = w.id))";

bool
work_finding_known(struct casefile *cf, struct text key)
{
	char       room[WORK_KEY_BYTES];
	struct ask q;
	bool       known = false;

	if (ask(&q, cf, known_finding, NULL)) {
		work_key_ask(&q, 1, key, room);
		known = ask_row(&q);
	}
	ask_end(&q);
	return known;
}
