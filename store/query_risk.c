/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of risk events. */
#include "config.h"

#include "store/entity.h"
#include "store/filter.h"
#include "store/finding_lists.h"

#define RISK_HEAD                                                                                  \
	"SELECT r.id, r.ts, r.finding, r.value, r.type, r.score, coalesce(r.message, f.message), " \
	"r.normalized, f.rule, f.rule_id, f.techniques, f.tactics, f.stories, r.host_ref, f.type, " \
	"f.threats, CASE WHEN ? THEN f.fields END, f.annotations, r.base, " \
	"r.factors, f.host_ref, f.user_key FROM risk_event r "                                     \
	"JOIN finding_whole f ON f.id = r.finding LEFT JOIN work w ON w.id = f.id WHERE 1"

static char *
put_text(char *p, struct text t)
{
	if (t.n)
		memcpy(p, t.p, t.n);
	return p + t.n;
}

/* The fields of a result row as one text; what parts them is a blank where values have it. */
static struct text
own_fields(struct text fields, struct arena *keep)
{
	struct finding f = { .n_fields = 0 };
	size_t         room = 0;
	char          *start, *p;

	finding_fields_read(fields, &f, keep);
	for (uint32_t i = 0; i < f.n_fields; i++)
		room += f.fields[i].name.n + f.fields[i].value.n + 2;
	start = p = arena_bytes(keep, room + 1);
	for (uint32_t i = 0; i < f.n_fields; i++) {
		char *value;

		if (i > 0)
			*p++ = RISK_SEPARATOR;
		p = put_text(p, f.fields[i].name);
		*p++ = RISK_VALUE;
		value = p;
		p = put_text(p, f.fields[i].value);
		for (; value < p; value++)
			if (*value == RISK_SEPARATOR || *value == RISK_VALUE)
				*value = ' ';
	}
	return (struct text){ start, (size_t)(p - start) };
}

/* Threat objects side by side with their types; absent without any. */
static void
set_threats(struct risk_event *re, struct text threats, struct arena *keep)
{
	struct finding f = { .n_threats = 0 };
	char          *value, *type;

	finding_threats_read(threats, &f, keep);
	if (!f.n_threats)
		return;
	value = arena_bytes(keep, threats.n + f.n_threats);
	type = arena_bytes(keep, threats.n + (size_t)f.n_threats * sizeof("unknown"));
	re->threats.p = value;
	re->threat_types.p = type;
	for (uint32_t i = 0; i < f.n_threats; i++) {
		struct text known = f.threats[i].type;

		if (i > 0)
			*value++ = *type++ = RISK_SEPARATOR;
		value = put_text(value, f.threats[i].value);
		type = put_text(type, text_absent(known) ? TEXT("unknown") : known);
	}
	re->threats.n = (size_t)(value - re->threats.p);
	re->threat_types.n = (size_t)(type - re->threat_types.p);
}

/* Techniques, tactics, stories and what other frameworks say, one to a line. */
static struct text
all_annotations(struct arena *keep, const struct risk_event *re)
{
	struct text lists[] = { re->technique, re->tactic, re->stories, re->annotations };
	const char  seps[] = " ,\n\n";
	size_t      size = 4, n = 0;
	char       *out;

	for (size_t i = 0; i < 4; i++)
		size += lists[i].n;
	out = arena_new(keep, char, size);
	for (size_t i = 0; i < 4; i++)
		while (!text_absent(lists[i])) {
			struct text item = text_trim(text_cut(&lists[i], seps[i]));

			if (i == 3)
				text_cut(&item, '=');
			if (!item.n)
				continue;
			if (n)
				out[n++] = '\n';
			memcpy(out + n, item.p, item.n);
			n += item.n;
		}
	return (struct text){ out, n };
}

static void
risk_host(struct question *s, struct casefile *cf, struct text host)
{
	filter_host(s, cf, "r.host_ref", host);
	question_add(s, " OR ");
	filter_host(s, cf, "f.host_ref", host);
	question_add(s, " OR f.host = ? COLLATE NOCASE");
	question_text(s, host);
}

static void
risk_user(struct question *s, struct casefile *cf, struct text user)
{
	(void)cf;
	question_add(s, "f.user = ? COLLATE NOCASE OR (r.type = 1 AND ");
	question_text(s, user);
	filter_user(s, "r.normalized", user);
	question_add(s, ")");
}

void
filter_risk(struct question *s, struct casefile *cf, const struct case_filter *f)
{
	const unsigned    own = FILTER_PARTS(FILTER_HOST) | FILTER_PARTS(FILTER_USER) |
			     FILTER_PARTS(FILTER_TIME);
	struct conditions cs;

	filter_conditions(f, FILTER_ANY, &cs);
	for (size_t i = 0; i < cs.n; i++) {
		if (cs.of[i].part == FILTER_HOST)
			condition_any(s, cf, &cs.of[i], risk_host);
		else if (cs.of[i].part == FILTER_USER)
			condition_any(s, cf, &cs.of[i], risk_user);
		else if (cs.of[i].part == FILTER_TIME)
			condition_time(s, &cs.of[i], "r.ts");
	}
	filter_findings(s, cf, &cs, ~own);
}

/* Texts live until the next row, or in KEEP. */
static struct risk_event
risk_get(struct ask *q, bool rows, const struct entity_book *known, struct arena *keep)
{
	struct risk_event re = {
		.id = ask_get_int(q, 0),
		.time_ns = ask_get_int(q, 1),
		.finding_id = ask_get_int(q, 2),
		.object = { ask_get_text(q, 3), (enum risk_object_type)ask_get_int(q, 4),
			    ask_get_real(q, 5), ask_get_text(q, 6), ask_get_real(q, 18),
			    ask_get_text(q, 19) },
		.normalized = ask_get_text(q, 7),
		.rule = ask_get_text(q, 8),
		.rule_id = ask_get_text(q, 9),
		.technique = ask_get_text(q, 10),
		.tactic = ask_get_text(q, 11),
		.stories = ask_get_text(q, 12),
		.host_id = ask_get_int(q, 13),
		.rule_type = ask_get_text(q, 14),
		.annotations = ask_get_text(q, 17),
	};

	set_threats(&re, ask_get_text(q, 15), keep);
	if (rows)
		re.row = own_fields(ask_get_text(q, 16), keep);
	if (known)
		re.row = entity_fields(known,
				       &(struct entity_about){ re.object.type, re.normalized, re.host_id,
							       ask_get_int(q, 20), ask_get_text(q, 21) },
				       re.row, keep);
	re.annotations_all = all_annotations(keep, &re);
	return re;
}

static bool
read_risk_events(struct casefile *cf, const struct case_filter *f, bool rows, risk_fn *fn, void *ctx,
		 struct err *err)
{
	struct arena    scratch = arena_open((size_t)1 << 32);
	struct entity_book *known = rows ? entity_book_open(cf, &scratch) : NULL;
	struct question s = { .n = 0 };
	struct ask      q;

	question_add(&s, RISK_HEAD);
	question_int(&s, rows);
	filter_risk(&s, cf, f);
	question_add(&s, " ORDER BY r.ts DESC, r.id DESC");
	if (question_ask(&q, cf, &s, err))
		while (ask_row(&q)) {
			struct arena      row = scratch;
			struct risk_event re = risk_get(&q, rows, known, &row);

			if (!fn(ctx, &re))
				break;
		}
	arena_close(&scratch);
	return ask_end(&q);
}

static const char one_risk_event[] = RISK_HEAD " AND r.id = ?";

bool
query_risk_event(struct casefile *cf, int64_t id, struct arena *keep, risk_fn *fn, void *ctx,
		 struct err *err)
{
	struct ask q;

	if (ask(&q, cf, one_risk_event, err)) {
		ask_int(&q, 1, false);
		ask_int(&q, 2, id);
		if (ask_row(&q)) {
			struct risk_event re = risk_get(&q, false, NULL, keep);

			fn(ctx, &re);
		}
	}
	return ask_end(&q);
}

bool
query_risk_events(struct casefile *cf, const struct case_filter *f, risk_fn *fn, void *ctx,
		  struct err *err)
{
	return read_risk_events(cf, f, false, fn, ctx, err);
}

bool
query_risk_rows(struct casefile *cf, const struct case_filter *f, risk_fn *fn, void *ctx,
		struct err *err)
{
	return read_risk_events(cf, f, true, fn, ctx, err);
}
