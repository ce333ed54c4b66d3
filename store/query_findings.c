/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of findings; one finding whole. */
#include "config.h"

#include "store/filter.h"
#include "store/finding_lists.h"
#include "store/found.h"
#include "store/work_key.h"

#define FINDING_COLUMNS                                                                            \
	"f.id, " WORK_KEY("w.key") ", f.rule_id, f.rule, f.type, f.first_ns, f.last_ns, f.host, f.user, " \
	"f.message, f.techniques, f.tactics, f.risk_score, f.count, f.events_capped, f.stories, "  \
	"f.remarks, coalesce(w.verdict, 'open'), w.note, r.value, r.type, w.bookmark, f.what, " \
	"f.annotations, (SELECT max(m.id) FROM import m WHERE m.last_work < f.id), "              \
	"CASE WHEN NOT f.events_capped THEN (SELECT max(m.id) FROM import m WHERE m.last_event < " \
	"json_extract(f.events, '$[#-1]')) END"
#define FINDING_TABLES                                                                             \
	" FROM finding_whole f LEFT JOIN work w ON w.id = f.id "                                   \
	"LEFT JOIN risk_event r ON r.id = f.id * 4096 "

static struct finding_row
finding_get(struct ask *q)
{
	return (struct finding_row){
		.id = ask_get_int(q, 0),
		.finding = {
			.key = ask_get_text(q, 1),
			.rule_id = ask_get_text(q, 2),
			.rule = ask_get_text(q, 3),
			.type = ask_get_text(q, 4),
			.first_ns = ask_get_int(q, 5),
			.last_ns = ask_get_int(q, 6),
			.host = ask_get_text(q, 7),
			.user = ask_get_text(q, 8),
			.message = ask_get_text(q, 9),
			.techniques = ask_get_text(q, 10),
			.tactics = ask_get_text(q, 11),
			.risk_score = ask_get_real(q, 12),
			.count = (uint64_t)ask_get_int(q, 13),
			.events_capped = ask_get_int(q, 14) != 0,
			.stories = ask_get_text(q, 15),
			.remarks = ask_get_text(q, 16),
		},
		.verdict = ask_get_text(q, 17),
		.note = ask_get_text(q, 18),
		.risk_object = ask_get_text(q, 19),
		.risk_object_type = ask_get_null(q, 20) ? RISK_OTHER
							: (enum risk_object_type)ask_get_int(q, 20),
		.bookmark = ask_get_int(q, 21) != 0,
		.finding.what = ask_get_text(q, 22),
		.finding.annotations = ask_get_text(q, 23),
		.import = ask_get_int(q, 24),
		.last_import = ask_get_int(q, 25),
	};
}

struct text
finding_news(const struct finding_row *row, int64_t since_import)
{
	if (row->import >= since_import)
		return TEXT("new");
	return row->last_import >= since_import ? TEXT("more") : TEXT("more?");
}

static bool
list_findings(struct casefile *cf, const struct case_filter *f, const char *which, finding_row_fn *fn,
	      void *ctx, struct err *err)
{
	struct question   s = { .n = 0 };
	struct conditions cs;
	struct ask        q;

	filter_conditions(f, FILTER_ANY, &cs);
	question_add(&s, "SELECT " FINDING_COLUMNS FINDING_TABLES "WHERE ");
	question_add(&s, which);
	filter_findings(&s, cf, &cs, FILTER_ANY);
	question_add(&s, " ORDER BY f.last_ns DESC, f.id DESC");
	if (question_ask(&q, cf, &s, err))
		while (ask_row(&q)) {
			struct finding_row row = finding_get(&q);

			if (!fn(ctx, &row))
				break;
		}
	return ask_end(&q);
}

bool
query_findings(struct casefile *cf, const struct case_filter *f, finding_row_fn *fn, void *ctx,
	       struct err *err)
{
	return list_findings(cf, f, "1", fn, ctx, err);
}

bool
query_noted_findings(struct casefile *cf, const struct case_filter *f, finding_row_fn *fn, void *ctx,
		     struct err *err)
{
	return list_findings(cf, f,
			     "f.id IN (SELECT id FROM work WHERE verdict IS NOT NULL OR note IS NOT NULL OR "
			     "bookmark)",
			     fn, ctx, err);
}

bool
query_count_findings(struct casefile *cf, const struct case_filter *f, uint64_t *n, struct err *err)
{
	struct question   s = { .n = 0 };
	struct conditions cs;
	struct ask        q;

	*n = 0;
	filter_conditions(f, FILTER_ANY, &cs);
	question_add(&s, "SELECT count(*) FROM (SELECT f.id FROM finding_whole f "
			 "LEFT JOIN work w ON w.id = f.id WHERE 1");
	filter_findings(&s, cf, &cs, FILTER_ANY);
	question_add(&s, " LIMIT -1)"); /* counted apart: what no condition asks for is not looked up */
	if (question_ask(&q, cf, &s, err) && ask_row(&q))
		*n = (uint64_t)ask_get_int(&q, 0);
	return ask_end(&q);
}

bool
query_finding_sums(struct casefile *cf, const struct case_filter *f, finding_sum_fn *fn, void *ctx,
		struct err *err)
{
	struct question   s = { .n = 0 };
	struct conditions cs;
	struct ask        q;

	filter_conditions(f, FILTER_ANY, &cs);
	question_add(&s, "SELECT f.techniques, f.tactics, count(*), sum(f.risk_score), "
			 "min(nullif(f.first_ns, -9223372036854775808)), max(f.last_ns) "
			 "FROM finding_whole f LEFT JOIN work w ON w.id = f.id WHERE 1");
	filter_findings(&s, cf, &cs, FILTER_ANY);
	question_add(&s, " GROUP BY f.rule_no ORDER BY max(f.last_ns) DESC, max(f.id) DESC");
	if (question_ask(&q, cf, &s, err))
		while (ask_row(&q)) {
			struct finding_sum sum = {
				.techniques = ask_get_text(&q, 0),
				.tactics = ask_get_text(&q, 1),
				.findings = (uint64_t)ask_get_int(&q, 2),
				.risk_score = ask_get_real(&q, 3),
				.first_ns = ask_get_null(&q, 4) ? WHEN_NONE : ask_get_int(&q, 4),
				.last_ns = ask_get_int(&q, 5),
			};

			fn(ctx, &sum);
		}
	return ask_end(&q);
}

static const char one_finding[] = "SELECT " FINDING_COLUMNS FINDING_TABLES "WHERE f.id = ?1";

bool
query_finding_row(struct casefile *cf, int64_t id, finding_row_fn *fn, void *ctx, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, one_finding, err)) {
		ask_int(&q, 1, id);
		if (ask_row(&q)) {
			struct finding_row row = finding_get(&q);

			fn(ctx, &row);
		}
	}
	return ask_end(&q);
}

static const char lists_of[] = "SELECT fields, threats, events FROM finding_whole WHERE id = ?1";
static const char objects_of[] =
    "SELECT r.value, r.type, r.score, coalesce(r.message, f.message), r.normalized, r.base, r.factors "
    "FROM risk_event r JOIN finding_whole f ON f.id = r.finding WHERE " RISK_EVENTS_OF("r", "?1") " ORDER BY r.id";

static void
keep_texts(struct finding_row *row, struct arena *keep)
{
	struct text *texts[] = {
		&row->finding.key,     &row->finding.rule_id,    &row->finding.rule,
		&row->finding.type,    &row->finding.host,       &row->finding.user,
		&row->finding.message, &row->finding.techniques, &row->finding.tactics,
		&row->finding.stories, &row->finding.remarks,    &row->verdict,
		&row->note,            &row->risk_object,    &row->finding.what,
		&row->finding.annotations,
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		*texts[i] = arena_copy(keep, *texts[i]);
}

static bool
add_lists(struct casefile *cf, int64_t id, struct arena *keep, struct finding *f, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, lists_of, err)) {
		ask_int(&q, 1, id);
		if (ask_row(&q)) {
			finding_fields_read(ask_get_text(&q, 0), f, keep);
			finding_threats_read(ask_get_text(&q, 1), f, keep);
			finding_events_read(ask_get_text(&q, 2), f, keep);
		}
	}
	return ask_end(&q);
}

static bool
add_objects(struct casefile *cf, int64_t id, struct arena *keep, struct finding *f,
	    struct err *err)
{
	struct risk_object *objects = NULL;
	struct text        *keys = NULL;
	size_t              cap = 0, keys_cap = 0;
	struct ask          q;

	if (ask(&q, cf, objects_of, err)) {
		ask_int(&q, 1, id);
		while (ask_row(&q)) {
			arena_grow(keep, objects, f->n_objects, &cap);
			arena_grow(keep, keys, f->n_objects, &keys_cap);
			struct text value = arena_copy(keep, ask_get_text(&q, 0));
			struct text message = arena_copy(keep, ask_get_text(&q, 3));
			struct text key = arena_copy(keep, ask_get_text(&q, 4));

			keys[f->n_objects] = key;
			objects[f->n_objects++] = (struct risk_object){
				value, (enum risk_object_type)ask_get_int(&q, 1),
				ask_get_real(&q, 2), message, ask_get_real(&q, 5),
				arena_copy(keep, ask_get_text(&q, 6))
			};
		}
	}
	f->objects = objects;
	f->object_keys = keys;
	return ask_end(&q);
}

static const char hidden_rule[] = "SELECT rule FROM hidden WHERE work = ?1";

static bool
no_finding(struct casefile *cf, int64_t id, struct err *err)
{
	struct ask q;
	bool       hidden = false;

	if (ask(&q, cf, hidden_rule, err)) {
		ask_int(&q, 1, id);
		hidden = ask_row(&q);
		if (hidden)
			err_set(err, ERR_INPUT,
				"finding %lld is hidden by the filter of its rule, " TEXT_FMT
				" (see: auger filter)",
				(long long)id, TEXT_ARG(ask_get_text(&q, 0)));
	}
	if (!ask_end(&q) || hidden)
		return false;
	return err_set(err, ERR_INPUT, "there is no finding %lld", (long long)id);
}

bool
query_finding(struct casefile *cf, int64_t id, struct arena *keep, struct finding_row *out,
	      struct err *err)
{
	struct ask q;
	bool       found = false;

	if (ask(&q, cf, one_finding, err)) {
		ask_int(&q, 1, id);
		found = ask_row(&q);
		if (found) {
			*out = finding_get(&q);
			keep_texts(out, keep);
		}
	}
	if (!ask_end(&q))
		return false;
	if (!found)
		return no_finding(cf, id, err);
	return add_lists(cf, id, keep, &out->finding, err) &&
	       add_objects(cf, id, keep, &out->finding, err);
}

static const char hidden_rows[] =
    "SELECT h.work, h.rule_id, h.rule, h.last_ns, h.host, h.user, h.message, h.risk_score, "
    "coalesce(w.verdict, 'open'), w.note FROM hidden h JOIN work w ON w.id = h.work "
    "WHERE ?1 IS NULL OR h.rule_id = ?1 ORDER BY h.last_ns DESC, h.work DESC";

bool
query_hidden(struct casefile *cf, struct text rule_id, hidden_fn *fn, void *ctx, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, hidden_rows, err)) {
		ask_text(&q, 1, rule_id);
		while (ask_row(&q)) {
			struct hidden_row row = {
				.id = ask_get_int(&q, 0),
				.rule_id = ask_get_text(&q, 1),
				.rule = ask_get_text(&q, 2),
				.last_ns = ask_get_int(&q, 3),
				.host = ask_get_text(&q, 4),
				.user = ask_get_text(&q, 5),
				.message = ask_get_text(&q, 6),
				.risk_score = ask_get_real(&q, 7),
				.verdict = ask_get_text(&q, 8),
				.note = ask_get_text(&q, 9),
			};

			if (!fn(ctx, &row))
				break;
		}
	}
	return ask_end(&q);
}
