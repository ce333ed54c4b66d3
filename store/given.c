/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/given.h"

#include "store/db.h"
#include "store/findings.h"
#include "store/risk_log.h"
#include "store/work.h"

static const char put_given[] =
    "INSERT INTO given_risk(kind, object, score, message, ts, author, time_ns) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)";

static bool
write_given(struct casefile *cf, const struct given_risk *g, const struct signature *by,
	    struct err *err)
{
	struct ask q;

	if (ask(&q, cf, put_given, err)) {
		ask_int(&q, 1, g->kind);
		ask_text(&q, 2, g->object);
		ask_real(&q, 3, g->score);
		ask_text(&q, 4, text_or_empty(g->message));
		ask_int(&q, 5, g->at_ns);
		ask_text(&q, 6, by->author);
		ask_int(&q, 7, by->time_ns);
		ask_run(&q);
	}
	return ask_end(&q);
}

bool
given_add(struct casefile *cf, const struct given_risk *g, struct err *err)
{
	struct arena     scratch = arena_open((size_t)1 << 20);
	struct signature by = signature_now(&scratch);
	struct text value = arena_printf(&scratch, "%+g " TEXT_FMT, g->score, TEXT_ARG(g->message));
	struct text name = arena_printf(&scratch, "%s " TEXT_FMT, risk_object_type_name(g->kind),
					TEXT_ARG(g->object));
	bool good = work_begin(cf, err);

	if (good)
		good = work_end(cf,
				write_given(cf, g, &by, err) &&
				    risk_log_add(cf, "given", name, value, &by, err),
				err);
	arena_close(&scratch);
	return good;
}

static const char take_back[] =
    "UPDATE given_risk SET taken_back = 1 WHERE id = ?1 AND NOT taken_back RETURNING object";

static bool
mark_taken(struct casefile *cf, int64_t id, struct arena *keep, struct err *err)
{
	struct signature by = signature_now(keep);
	struct text      object = TEXT_NONE;
	struct ask       q;

	if (ask(&q, cf, take_back, err)) {
		ask_int(&q, 1, id);
		while (ask_row(&q))
			object = arena_copy(keep, ask_get_text(&q, 0));
	}
	if (!ask_end(&q))
		return false;
	if (text_absent(object))
		return err_set(err, ERR_USAGE, "no risk given by hand has number %lld, or it was taken back",
			       (long long)id);
	return risk_log_add(cf, "given", arena_printf(keep, "%lld " TEXT_FMT, (long long)id,
						      TEXT_ARG(object)),
			    TEXT(""), &by, err);
}

bool
given_take_back(struct casefile *cf, int64_t id, struct err *err)
{
	struct arena scratch = arena_open((size_t)1 << 20);
	bool         good = work_begin(cf, err);

	if (good)
		good = work_end(cf, mark_taken(cf, id, &scratch, err), err);
	arena_close(&scratch);
	return good;
}

static const char all_given[] =
    "SELECT g.id, g.kind, g.object, g.score, g.message, g.ts, g.taken_back, g.author, g.time_ns, "
    "(SELECT f.id FROM work w JOIN finding f ON f.id = w.id WHERE w.key = 'manual|' || g.id) "
    "FROM given_risk g ORDER BY g.id";

size_t
given_risks(struct casefile *cf, struct arena *keep, struct given_risk **out)
{
	struct ask q;
	size_t     n = 0, cap = 0;

	*out = NULL;
	if (ask(&q, cf, all_given, NULL))
		while (ask_row(&q)) {
			int64_t kind = ask_get_int(&q, 1);

			arena_grow(keep, *out, n, &cap);
			(*out)[n++] = (struct given_risk){
				.id = ask_get_int(&q, 0),
				.kind = kind == RISK_SYSTEM ? RISK_SYSTEM
					: kind == RISK_USER ? RISK_USER
							    : RISK_OTHER,
				.object = arena_copy(keep, ask_get_text(&q, 2)),
				.score = ask_get_real(&q, 3),
				.message = arena_copy(keep, ask_get_text(&q, 4)),
				.at_ns = ask_get_int(&q, 5),
				.taken_back = ask_get_int(&q, 6) != 0,
				.author = arena_copy(keep, ask_get_text(&q, 7)),
				.time_ns = ask_get_int(&q, 8),
				.finding = ask_get_int(&q, 9),
			};
		}
	ask_end(&q);
	return n;
}

static struct text
key_of(const struct given_risk *g, struct arena *keep)
{
	return arena_printf(keep, "manual|%lld", (long long)g->id);
}

static bool
put_finding(struct casefile *cf, const struct given_risk *g, struct arena keep, struct err *err)
{
	const struct text message = g->message.n ? g->message : TEXT("risk given by hand");
	const bool        system = g->kind == RISK_SYSTEM, user = g->kind == RISK_USER;
	const struct risk_object   object = {
		  .value = g->object, .type = g->kind, .score = g->score, .message = message
	};
	const struct finding_field field = { system ? TEXT("dest") : TEXT("user"), g->object };
	const struct finding       f = {
		      .key = key_of(g, &keep),
		      .rule_id = GIVEN_RULE,
		      .rule = GIVEN_RULE,
		      .type = TEXT("Manual"),
		      .first_ns = g->at_ns,
		      .last_ns = g->at_ns,
		      .host = system ? g->object : TEXT_NONE,
		      .user = user ? g->object : TEXT_NONE,
		      .message = message,
		      .risk_score = g->score,
		      .count = 1,
		      .fields = &field,
		      .n_fields = system || user,
		      .objects = &object,
		      .n_objects = 1,
	};

	return findings_add(cf, &f, err);
}

/* By its own key: somebody may have a rule that is called so, too. */
static bool
drop_finding(struct casefile *cf, const struct given_risk *g, struct arena keep, struct err *err)
{
	return !g->finding || findings_drop(cf, key_of(g, &keep), err);
}

bool
given_settle(struct casefile *cf, struct err *err)
{
	struct arena       scratch = arena_open((size_t)1 << 26);
	struct given_risk *all;
	size_t             n = given_risks(cf, &scratch, &all);
	bool               good = true;

	for (size_t i = 0; i < n && good; i++)
		good = all[i].taken_back ? drop_finding(cf, &all[i], scratch, err)
					 : put_finding(cf, &all[i], scratch, err);
	arena_close(&scratch);
	return good;
}
