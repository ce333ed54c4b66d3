/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Analyst work: verdicts, notes and bookmarks listed, exported and set. */
#include "config.h"

#include "base/names.h"
#include "base/when.h"
#include "cli/cli.h"
#include "cli/notes.h"
#include "store/work.h"

static const struct print_column columns[] = {
	{ TEXT_INIT("finding_id"), COLUMN_ALWAYS }, { TEXT_INIT("kind"), COLUMN_ALWAYS },
	{ TEXT_INIT("value"), COLUMN_ALWAYS },      { TEXT_INIT("author"), COLUMN_ALWAYS },
	{ TEXT_INIT("time"), COLUMN_ALWAYS },       { TEXT_INIT("current"), COLUMN_ALWAYS },
	{ TEXT_INIT("host"), COLUMN_WIDE },         { TEXT_INIT("rule"), COLUMN_WIDE },
	{ TEXT_INIT("rule_id"), COLUMN_FILES },     { TEXT_INIT("message"), COLUMN_FILES },
	{ TEXT_INIT("key"), COLUMN_FILES },         { TEXT_INIT("records"), COLUMN_FILES },
	{ TEXT_INIT("record_list"), COLUMN_FILES }, { TEXT_INIT("time_ns"), COLUMN_FILES },
	{ TEXT_INIT("event_id"), COLUMN_ALWAYS },   { TEXT_INIT("event_time"), COLUMN_FILES },
	{ TEXT_INIT("event_code"), COLUMN_FILES },  { TEXT_INIT("summary"), COLUMN_WIDE },
};
#define COLUMNS (sizeof(columns) / sizeof(*columns))

/* ---- list and export ---- */

struct listing {
	struct casefile *cf;
	struct print    *print;
	struct arena     scratch;
	struct err      *err;
};

/* What the entry is about, as far as this case knows it. */
struct about {
	struct finding_row finding;
	struct event       event;
	struct text        list, records, summary;
};

static struct about
about_of(struct casefile *cf, const struct work_entry *e, struct arena *keep)
{
	struct about s = { .event.time_ns = WHEN_NONE };

	if (e->event) {
		if (query_event(cf, e->event, true, keep, &s.event, NULL))
			s.summary = event_summary(&s.event, keep);
	} else if (!work_is_event(e->key) &&
		   query_finding(cf, e->number, keep, &s.finding, NULL)) {
		s.records = notes_records(cf, &s.finding.finding, &s.list, keep, NULL);
	}
	return s;
}

static bool
list_entry(void *ctx, const struct work_entry *e)
{
	struct listing       *l = ctx;
	struct arena          keep = l->scratch;
	struct about        s = about_of(l->cf, e, &keep);
	const struct finding *f = &s.finding.finding;
	bool                  of_event = work_is_event(e->key);

	print_row(l->print, (struct print_cell[COLUMNS]){
				of_event ? cell_text(TEXT_NONE) : cell_count((uint64_t)e->number),
				cell_text(text_of(work_kind_name(e->kind))),
				cell_text(e->value),
				cell_text(e->author),
				cell_time(e->time_ns ? e->time_ns : WHEN_NONE),
				cell_text(e->current ? TEXT("yes") : TEXT("no")),
				cell_text(of_event ? s.event.host : f->host),
				cell_text(f->rule),
				cell_text(f->rule_id),
				cell_text(f->message),
				cell_text(e->key),
				cell_text(s.records),
				cell_list(s.list),
				cell_count((uint64_t)e->time_ns),
				e->event ? cell_count((uint64_t)e->event) : cell_text(TEXT_NONE),
				cell_time(s.event.time_ns),
				e->event ? cell_count(s.event.event_id) : cell_text(TEXT_NONE),
				cell_text(s.summary),
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

/* ---- set ---- */

/* Of "event:N" *EVENT, of "finding:N" or "N" the *KEY of the finding. */
static bool
find_subject(const struct cli *cli, struct casefile *cf, const char *name, int64_t *event,
	     struct text *key, struct err *err)
{
	struct text        number = text_of(name);
	struct finding_row row;
	bool               of_event = text_starts(number, TEXT("event:"));
	int64_t            id;

	if (of_event || text_starts(number, TEXT("finding:")))
		number = text_from(number, text_find_byte(number, ':') + 1);
	if (!text_to_i64(number, &id) || id < 1) {
		err_set(err, ERR_USAGE,
			"neither finding:N nor event:N (see: auger findings %s, auger search %s)",
			cli->opt->args[1], cli->opt->args[1]);
		return err_where(err, "%s", name);
	}
	*event = of_event ? id : 0;
	if (of_event)
		return true;
	if (!query_finding(cf, id, cli->keep, &row, err))
		return false;
	*key = row.finding.key;
	return true;
}

static bool
set_one(const struct cli *cli, struct casefile *cf, const char *name, struct err *err)
{
	static const struct {
		enum option_id option;
		enum work_kind kind;
	} all[] = {
		{ OPTION_SET_VERDICT, WORK_VERDICT },
		{ OPTION_NOTE, WORK_NOTE },
		{ OPTION_BOOKMARK, WORK_BOOKMARK },
	};
	struct text key = TEXT_NONE;
	int64_t     event = 0;

	if (!find_subject(cli, cf, name, &event, &key, err))
		return false;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		struct text value = option_text(cli->opt, all[i].option);

		if (all[i].kind == WORK_BOOKMARK && text_eq(value, TEXT("no")))
			value = TEXT("");
		else if (all[i].kind == WORK_BOOKMARK && !text_absent(value) &&
			 !text_eq(value, TEXT("yes")))
			return err_set(err, ERR_USAGE, "--bookmark: yes or no");
		if (text_absent(value))
			continue;
		if (!(event ? work_set_event(cf, event, all[i].kind, value, err)
			    : work_set(cf, key, all[i].kind, value, err)))
			return err_where(err, "%s", name);
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
		good = set_one(cli, cf, opt->args[i], err);
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
		return wrong_use("auger notes set CASE finding:N|event:N... --note TEXT --bookmark yes");
	if (!cli_open_at(opt->args[1], imports || sets ? CASEFILE_WORK : CASEFILE_READ, &cf, &err))
		return cli_fail(&err);
	if (imports)
		status = notes_import(cli, cf, opt->args[2], &err);
	else if (sets)
		status = set_notes(cli, cf, &err);
	else
		status = print_notes(cli, cf, exports, &err);
	return cli_close(cf, status);
}
