/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What other analysts said of their copies of a case, taken into this one. */
#include "config.h"

#include "base/counted.h"
#include "cli/notes.h"

#include <errno.h>
#include <stdlib.h>

#include "base/digest.h"
#include "base/when.h"
#include "importers/json_value.h"
#include "store/work.h"
#include "store/work_event.h"

#define RECORDS_LISTED 20

/* ---- which records a finding is about: the same in every copy of the case ---- */

struct records {
	struct arena *keep;
	struct text  *names;
	size_t        n, cap;
};

static bool
add_record(void *ctx, const struct event_row *ev)
{
	struct records *r = ctx;
	char            host[256], iso[WHEN_TEXT_MAX];
	struct text     short_host = text_head(ev->host, sizeof(host));
	size_t          n = when_to_iso(ev->time_ns, iso);

	text_fold(host, short_host);
	arena_grow(r->keep, r->names, r->n, &r->cap);
	r->names[r->n++] =
	    arena_printf(r->keep, "%.*s|" TEXT_FMT "|%llu|%u|%.*s", (int)short_host.n, host,
			 TEXT_ARG(ev->channel),
			 ev->has_record_id ? (unsigned long long)ev->record_id : 0ULL,
			 (unsigned)ev->event_id, (int)n, iso);
	return true;
}

static int
by_text(const void *a, const void *b)
{
	return text_cmp(*(const struct text *)a, *(const struct text *)b);
}

struct text
notes_records(struct casefile *cf, const struct finding *f, struct text *list, struct arena *keep,
	   struct err *err)
{
	struct records r = { .keep = keep };
	struct digest *digest;
	char          *hex = arena_new(keep, char, DIGEST_HEX + 1);

	*list = TEXT_NONE;
	if (!f->n_events || !query_event_rows(cf, f->events, f->n_events, add_record, &r, err) ||
	    !r.n)
		return TEXT_NONE;
	qsort(r.names, r.n, sizeof(*r.names), by_text);
	digest = digest_new();
	for (size_t i = 0; i < r.n; i++) {
		digest_add(digest, r.names[i].p, r.names[i].n + 1); /* with its NUL */
		if (i < RECORDS_LISTED)
			*list = i ? arena_printf(keep, TEXT_FMT "\n" TEXT_FMT, TEXT_ARG(*list),
						 TEXT_ARG(r.names[i]))
				  : r.names[i];
	}
	digest_finish(digest, hex);
	return (struct text){ hex, DIGEST_HEX };
}

/* ---- entries ---- */

struct merging {
	struct casefile *cf;
	const char      *path;
	struct arena     keep, scratch;
	uint64_t         line, entries, news, bad, elsewhere, no_event;
	struct {
		struct text rule_id, records, key;
	}     *known; /* findings of rules that were asked for by their records */
	size_t n_known, cap_known;
	struct text *rules; /* whose findings are known */
	size_t       n_rules, cap_rules;
	struct text  rule_id; /* of the findings being read */
	struct err  *err;
};

#define BAD_SAID 5 /* one by one */

static void
bad_line(struct merging *m, const char *what)
{
	if (m->bad++ < BAD_SAID)
		cli_warn("%s:%llu: %s; skipped", m->path, (unsigned long long)m->line, what);
}

static bool
know_finding(void *ctx, const struct finding_row *row)
{
	struct merging    *m = ctx;
	struct finding_row whole;
	struct text        list, records;

	if (!query_finding(m->cf, row->id, &m->keep, &whole, m->err))
		return false;
	records = notes_records(m->cf, &whole.finding, &list, &m->keep, m->err);
	if (text_absent(records))
		return true;
	arena_grow(&m->keep, m->known, m->n_known, &m->cap_known);
	m->known[m->n_known].rule_id = m->rule_id;
	m->known[m->n_known].records = records;
	m->known[m->n_known++].key = whole.finding.key;
	return true;
}

/* The key that the finding has here: its own, or that of the finding of the rule about the same
 * records; absent: it is not in this case. */
static struct text
key_here(struct merging *m, struct text key, struct text rule_id, struct text records)
{
	struct case_filter only = CASE_FILTER_ALL;
	bool               asked = false;

	if (work_finding_known(m->cf, key))
		return key;
	if (!rule_id.n || !records.n)
		return TEXT_NONE;
	for (size_t i = 0; i < m->n_rules; i++)
		asked = asked || text_eq(m->rules[i], rule_id);
	if (!asked) {
		m->rule_id = only.rule = arena_copy(&m->keep, rule_id);
		arena_grow(&m->keep, m->rules, m->n_rules, &m->cap_rules);
		m->rules[m->n_rules++] = m->rule_id;
		if (!query_findings(m->cf, &only, know_finding, m, m->err))
			return TEXT_NONE;
	}
	for (size_t i = 0; i < m->n_known; i++)
		if (text_eq(m->known[i].rule_id, rule_id) && text_eq(m->known[i].records, records))
			return m->known[i].key;
	return TEXT_NONE;
}

static bool
is_key(struct text key)
{
	for (size_t i = 0; i < key.n; i++)
		if (!memchr("0123456789abcdef", key.p[i], 16))
			return false;
	return key.n == DIGEST_HEX;
}

/* Byte for byte: an entry is the same one only when its value is. */
static struct text
string_of(struct json_object *o, const char *name)
{
	struct json_object *value = json_get(o, name);

	if (!value || !json_object_is_type(value, json_type_string))
		return TEXT("");
	return (struct text){ json_object_get_string(value),
			      (size_t)json_object_get_string_len(value) };
}

/* False: not an entry, WHY says what is wrong with it. */
static bool
read_entry(struct merging *m, struct json_object *o, struct work_entry *e, const char **why)
{
	struct arena *keep = &m->scratch;
	struct text   ns = json_get_text(o, "time_ns", keep), key = string_of(o, "key");

	*e = (struct work_entry){
		.value = string_of(o, "value"),
		.author = string_of(o, "author"),
		.current = text_eq(json_get_text(o, "current", keep), TEXT("yes")),
	};
	*why = NULL;
	if (!is_key(key) && !work_event_key_is_sound(key))
		*why = "\"key\" is not that of a finding or an event";
	else if (!work_kind_named(json_get_text(o, "kind", keep), &e->kind))
		*why = "\"kind\" is not verdict, note or bookmark";
	else if (e->kind == WORK_VERDICT && work_is_event(key))
		*why = "\"kind\": an event has no verdict";
	else if (e->kind == WORK_VERDICT && e->value.n && !work_is_verdict(e->value))
		*why = "\"value\" is not a verdict";
	else if (!text_to_i64(ns, &e->time_ns) || e->time_ns < 0)
		*why = "\"time_ns\" is not a time";
	if (*why)
		return false;
	if (work_is_event(key)) {
		e->key = key;
		e->event = work_event_of(m->cf, key, m->scratch, m->err);
		m->no_event += e->event == 0;
		return true;
	}
	e->key = key_here(m, key, json_get_text(o, "rule_id", keep),
			  json_get_text(o, "records", keep));
	if (text_absent(e->key)) {
		e->key = key;
		m->elsewhere++;
	}
	return true;
}

static bool
merge_line(struct merging *m, struct json_tokener *tokener, struct text line)
{
	struct json_object *o = json_parse(tokener, line);
	struct work_entry   e;
	const char         *why;
	bool                news = false, good = true;

	arena_reset(&m->scratch, 1 << 20);
	if (!o || !json_is_object(o)) {
		bad_line(m, "not a line of: auger notes export");
	} else if (!read_entry(m, o, &e, &why)) {
		bad_line(m, why);
	} else {
		good = work_merge(m->cf, &e, &news, m->err);
		m->entries++;
		m->news += news;
	}
	json_object_put(o);
	return good && !m->err->kind;
}

static bool
merge_file(struct merging *m, FILE *in)
{
	struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH);
	char                *line = NULL;
	size_t               cap = 0;
	ssize_t              n;
	bool                 good = work_begin(m->cf, m->err);

	if (!good) {
		json_tokener_free(tokener);
		return false;
	}
	while (good && (n = getline(&line, &cap, in)) > 0) {
		struct text t = text_trim((struct text){ line, (size_t)n });

		m->line++;
		if (t.n)
			good = merge_line(m, tokener, t);
	}
	if (good && ferror(in))
		good = err_set(m->err, ERR_IO, "cannot read: %s", strerror(errno));
	free(line);
	json_tokener_free(tokener);
	return work_end(m->cf, good, m->err);
}

/* ---- who differs ---- */

#define SAID_MAX 60 /* bytes of a note in a warning */

struct dispute {
	struct text    said; /* "true positive (ann@lab), ..." */
	struct text    value;
	int64_t        number, event;
	enum work_kind kind;
	bool           differ;
};

struct disputes {
	struct arena    keep;
	struct dispute *items;
	size_t          n, cap;
};

static bool
hear(void *ctx, const struct work_entry *e)
{
	struct disputes *d = ctx;
	struct dispute  *at = NULL;
	struct text      value = e->value;

	if (!e->current || e->kind == WORK_BOOKMARK || (e->kind == WORK_NOTE && !value.n))
		return true;
	if (!value.n)
		value = work_verdicts[0];
	for (size_t i = 0; i < d->n && !at; i++)
		if (d->items[i].number == e->number && d->items[i].kind == e->kind)
			at = &d->items[i];
	if (!at) {
		arena_grow(&d->keep, d->items, d->n, &d->cap);
		at = &d->items[d->n++];
		*at = (struct dispute){ TEXT(""), arena_copy(&d->keep, value), e->number, e->event,
					e->kind, false };
	}
	at->differ = at->differ || !text_eq(at->value, value);
	at->said = arena_printf(&d->keep, TEXT_FMT "%s" TEXT_FMT " (" TEXT_FMT ")",
				TEXT_ARG(at->said), at->said.n ? ", " : "",
				TEXT_ARG(text_head(value, SAID_MAX)),
				TEXT_ARG(e->author.n ? e->author : TEXT("author not known")));
	return true;
}

static bool
say_disputes(struct casefile *cf, struct err *err)
{
	struct disputes d = { .keep = arena_open((size_t)1 << 30) };
	bool            good = work_log(cf, 0, hear, &d, err);

	for (size_t i = 0; good && i < d.n; i++) {
		const struct dispute *at = &d.items[i];

		if (at->differ)
			cli_warn("%s:%lld: %s: " TEXT_FMT, at->event ? "event" : "finding",
				 (long long)(at->event ? at->event : at->number),
				 at->kind == WORK_VERDICT ? "verdicts differ, the last one is shown"
							  : "notes differ, all are kept",
				 TEXT_ARG(at->said));
	}
	arena_close(&d.keep);
	return good;
}

int
notes_import(struct cli *cli, struct casefile *cf, const char *path, struct err *err)
{
	struct merging m = { .cf = cf, .path = path, .err = err };
	bool           standard = strcmp(path, "-") == 0, good;
	FILE          *in = standard ? stdin : fopen(path, "r");

	if (!in) {
		err_set(err, ERR_INPUT, "%s", strerror(errno));
		err_where(err, "%s", path);
		return cli_fail(err);
	}
	m.keep = arena_open((size_t)1 << 34);
	m.scratch = arena_open((size_t)1 << 32);
	good = merge_file(&m, in) && say_disputes(cf, err);
	arena_close(&m.scratch);
	arena_close(&m.keep);
	if (!standard)
		fclose(in);
	if (!good) {
		err_where(err, "%s", path);
		return cli_fail(err);
	}
	cli_remark(cli, "%s read, %s of them new", counted(m.entries, "entry").words,
		   counted_number(m.news).words);
	if (m.bad > BAD_SAID)
		cli_warn("%s: and %s, skipped", path,
			 counted(m.bad - BAD_SAID, "more line").words);
	if (m.elsewhere)
		cli_warn("%s about findings that this case does not have: kept, to appear with "
			 "the finding",
			 counted(m.elsewhere, "entry").words);
	if (m.no_event)
		cli_warn("%s about events that this case does not have: kept, to appear with "
			 "the event",
			 counted(m.no_event, "entry").words);
	if (m.bad && !m.entries)
		return EXIT_NOTHING;
	return m.bad ? EXIT_PARTLY : EXIT_DONE;
}
