/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Analyst work: verdicts, notes and bookmarks listed, set, and taken from one copy to another. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "base/digest.h"
#include "base/when.h"
#include "cli/cli.h"
#include "importers/json_value.h"
#include "store/work.h"

#define RECORDS_LISTED 20

static const struct print_column columns[] = {
	{ TEXT_INIT("finding_id"), COLUMN_ALWAYS }, { TEXT_INIT("kind"), COLUMN_ALWAYS },
	{ TEXT_INIT("value"), COLUMN_ALWAYS },      { TEXT_INIT("author"), COLUMN_ALWAYS },
	{ TEXT_INIT("time"), COLUMN_ALWAYS },       { TEXT_INIT("current"), COLUMN_ALWAYS },
	{ TEXT_INIT("host"), COLUMN_WIDE },         { TEXT_INIT("rule"), COLUMN_WIDE },
	{ TEXT_INIT("rule_id"), COLUMN_FILES },     { TEXT_INIT("message"), COLUMN_FILES },
	{ TEXT_INIT("key"), COLUMN_FILES },         { TEXT_INIT("records"), COLUMN_FILES },
	{ TEXT_INIT("record_list"), COLUMN_FILES }, { TEXT_INIT("time_ns"), COLUMN_FILES },
};
#define COLUMNS (sizeof(columns) / sizeof(*columns))

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

/* LIST: the first of them, one to a line. Absent for a finding without events. */
static struct text
records_of(struct casefile *cf, const struct finding *f, struct text *list, struct arena *keep,
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

/* ---- list and export ---- */

struct listing {
	struct casefile *cf;
	struct print    *print;
	struct arena     scratch;
	struct err      *err;
};

static bool
list_entry(void *ctx, const struct work_entry *e)
{
	struct listing    *l = ctx;
	struct arena       keep = l->scratch;
	struct finding_row row = { 0 };
	struct err         none = { 0 };
	struct text        list = TEXT_NONE, records = TEXT_NONE;
	bool               there = query_finding(l->cf, e->finding, &keep, &row, &none);

	if (there)
		records = records_of(l->cf, &row.finding, &list, &keep, &none);
	print_row(l->print, (struct print_cell[COLUMNS]){
				cell_count((uint64_t)e->finding),
				cell_text(text_of(work_kind_name(e->kind))),
				cell_text(e->value),
				cell_text(e->author),
				cell_time(e->time_ns ? e->time_ns : WHEN_NONE),
				cell_text(e->current ? TEXT("yes") : TEXT("no")),
				cell_text(row.finding.host),
				cell_text(row.finding.rule),
				cell_text(row.finding.rule_id),
				cell_text(row.finding.message),
				cell_text(e->key),
				cell_text(records),
				cell_list(list),
				cell_count((uint64_t)e->time_ns),
			    });
	return true;
}

static int
print_notes(struct cli *cli, struct casefile *cf, bool export, struct err *err)
{
	struct listing     l = { .cf = cf, .err = err };
	struct print_style style;
	uint64_t           rows;
	bool               good;

	if (!cli_style(cli, cf, &style, err))
		return cli_fail(err);
	if (export)
		style.format = PRINT_JSONL;
	l.scratch = arena_open((size_t)1 << 32);
	l.print = print_begin(&style, columns, COLUMNS);
	good = work_log(cf, 0, list_entry, &l, err);
	rows = print_rows(l.print);
	print_end(l.print);
	arena_close(&l.scratch);
	if (good && !rows)
		cli_remark(cli, "no verdicts, notes or bookmarks");
	return cli_style_end(&style, good ? EXIT_DONE : cli_fail(err));
}

/* ---- import ---- */

struct merging {
	struct casefile *cf;
	const char      *path;
	struct arena     keep, scratch;
	uint64_t         line, entries, news, bad, elsewhere;
	struct {
		struct text rule_id, records, key;
	}     *known; /* findings of rules that were asked for by their records */
	size_t n_known, cap_known;
	struct text *rules; /* whose findings are known */
	size_t       n_rules, cap_rules;
	struct text  rule_id; /* of the findings being read */
	struct err  *err;
};

static void
bad_line(struct merging *m, const char *what)
{
	cli_warn("%s:%llu: %s; skipped", m->path, (unsigned long long)m->line, what);
	m->bad++;
}

static bool
know_finding(void *ctx, const struct finding_row *row)
{
	struct merging    *m = ctx;
	struct finding_row whole;
	struct text        list, records;

	if (!query_finding(m->cf, row->id, &m->keep, &whole, m->err))
		return false;
	records = records_of(m->cf, &whole.finding, &list, &m->keep, m->err);
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
	struct text   ns = json_get_text(o, "time_ns", keep), key = json_get_text(o, "key", keep);

	*e = (struct work_entry){
		.value = string_of(o, "value"),
		.author = string_of(o, "author"),
		.current = text_eq(json_get_text(o, "current", keep), TEXT("yes")),
	};
	*why = NULL;
	if (!is_key(key))
		*why = "\"key\" is not that of a finding";
	else if (!work_kind_named(json_get_text(o, "kind", keep), &e->kind))
		*why = "\"kind\" is not verdict, note or bookmark";
	else if (e->kind == WORK_VERDICT && e->value.n && !work_is_verdict(e->value))
		*why = "\"value\" is not a verdict";
	else if (!text_to_i64(ns, &e->time_ns) || e->time_ns < 0)
		*why = "\"time_ns\" is not a time";
	if (*why)
		return false;
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

struct dispute {
	struct text said; /* "true positive (ann@lab, time); ..." */
	struct text value;
	int64_t     finding;
	bool        differ;
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
	struct text      value = e->value.n ? e->value : work_verdicts[0];

	if (e->kind != WORK_VERDICT || !e->current)
		return true;
	for (size_t i = 0; i < d->n && !at; i++)
		if (d->items[i].finding == e->finding)
			at = &d->items[i];
	if (!at) {
		arena_grow(&d->keep, d->items, d->n, &d->cap);
		at = &d->items[d->n++];
		*at = (struct dispute){ TEXT(""), arena_copy(&d->keep, value), e->finding, false };
	}
	at->differ = at->differ || !text_eq(at->value, value);
	at->said = arena_printf(&d->keep, TEXT_FMT "%s" TEXT_FMT " (" TEXT_FMT ")",
				TEXT_ARG(at->said), at->said.n ? ", " : "", TEXT_ARG(value),
				TEXT_ARG(e->author.n ? e->author : TEXT("author not known")));
	return true;
}

static bool
say_disputes(struct casefile *cf, struct err *err)
{
	struct disputes d = { .keep = arena_open((size_t)1 << 30) };
	bool            good = work_log(cf, 0, hear, &d, err);

	for (size_t i = 0; good && i < d.n; i++)
		if (d.items[i].differ)
			cli_warn("finding:%lld: verdicts differ, the last one is shown: " TEXT_FMT,
				 (long long)d.items[i].finding, TEXT_ARG(d.items[i].said));
	arena_close(&d.keep);
	return good;
}

static int
import_notes(struct cli *cli, struct casefile *cf, const char *path, struct err *err)
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
	cli_remark(cli, "%llu entries read, %llu of them new", (unsigned long long)m.entries,
		   (unsigned long long)m.news);
	if (m.elsewhere)
		cli_warn("%llu entries are about findings that this case does not have; they are "
			 "kept and appear with the finding",
			 (unsigned long long)m.elsewhere);
	if (m.bad && !m.entries)
		return EXIT_NOTHING;
	return m.bad ? EXIT_PARTLY : EXIT_DONE;
}

/* ---- set ---- */

static bool
set_finding(const struct cli *cli, struct casefile *cf, const char *name, struct err *err)
{
	static const struct {
		enum option_id option;
		enum work_kind kind;
	} all[] = {
		{ OPTION_SET_VERDICT, WORK_VERDICT },
		{ OPTION_NOTE, WORK_NOTE },
		{ OPTION_BOOKMARK, WORK_BOOKMARK },
	};
	struct text        number = text_of(name);
	struct finding_row row;
	int64_t            id;

	if (text_starts(number, TEXT("finding:")))
		number = text_from(number, sizeof("finding:") - 1);
	if (!text_to_i64(number, &id)) {
		err_set(err, ERR_USAGE, "not a finding; write finding:N (see: auger findings %s)",
			cli->opt->args[1]);
		return err_where(err, "%s", name);
	}
	if (!query_finding(cf, id, cli->keep, &row, err))
		return false;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		struct text value = option_text(cli->opt, all[i].option);

		if (all[i].kind == WORK_BOOKMARK && text_eq(value, TEXT("no")))
			value = TEXT("");
		else if (all[i].kind == WORK_BOOKMARK && !text_absent(value) &&
			 !text_eq(value, TEXT("yes")))
			return err_set(err, ERR_USAGE, "--bookmark: yes or no");
		if (!text_absent(value) &&
		    !work_set(cf, row.finding.key, all[i].kind, value, err))
			return false;
	}
	return true;
}

static int
set_notes(struct cli *cli, struct casefile *cf, struct err *err)
{
	const struct options *opt = cli->opt;
	bool                  good;

	if (!option_given(opt, OPTION_SET_VERDICT) && !option_given(opt, OPTION_NOTE) &&
	    !option_given(opt, OPTION_BOOKMARK)) {
		err_set(err, ERR_USAGE, "set what? --verdict WORD, --note TEXT, --bookmark yes|no");
		err_where(err, "notes set");
		return cli_fail(err);
	}
	good = work_begin(cf, err);
	if (!good)
		return cli_fail(err);
	for (uint32_t i = 2; good && i < opt->n_args; i++)
		good = set_finding(cli, cf, opt->args[i], err);
	return work_end(cf, good, err) ? EXIT_DONE : cli_fail(err);
}

/* ---- the command ---- */

static int
wrong_use(const char *how)
{
	struct err err = { 0 };

	err_set(&err, ERR_USAGE, "%s", how);
	err_where(&err, "notes");
	return cli_fail(&err);
}

int
command_notes(struct cli *cli)
{
	const struct options *opt = cli->opt;
	struct text           verb = text_of(opt->args[0]);
	bool exports = text_eq(verb, TEXT("export")), lists = text_eq(verb, TEXT("list"));
	bool imports = text_eq(verb, TEXT("import")), sets = text_eq(verb, TEXT("set"));
	struct casefile *cf;
	struct err       err = { 0 };
	int              status;

	if (!exports && !lists && !imports && !sets)
		return wrong_use("list, export, import or set: auger notes list CASE");
	if ((exports || lists) && opt->n_args != 2)
		return wrong_use("one case, please: auger notes export CASE -o FILE");
	if (imports && opt->n_args != 3)
		return wrong_use("auger notes import CASE FILE");
	if (sets && opt->n_args < 3)
		return wrong_use("auger notes set CASE finding:N --verdict WORD --note TEXT");
	if (!casefile_open(&cf, opt->args[1], imports || sets ? CASEFILE_WORK : CASEFILE_READ, 0,
			   &err)) {
		err_where(&err, "%s", opt->args[1]);
		return cli_fail(&err);
	}
	if (imports)
		status = import_notes(cli, cf, opt->args[2], &err);
	else if (sets)
		status = set_notes(cli, cf, &err);
	else
		status = print_notes(cli, cf, exports, &err);
	casefile_close(cf);
	return status;
}
