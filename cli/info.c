/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auger info: evidence, gaps, time span, counts and versions of a case. */
#include "config.h"

#include "base/counted.h"
#include "cli/cli.h"
#include "base/when.h"
#include "cli/sheet.h"
#include "store/import_log.h"

struct listing {
	struct sheet *sheet;
	struct arena  scratch;
};

static bool
evidence_line(void *ctx, const struct evidence_row *e)
{
	struct listing *l = ctx;
	struct arena    scratch = l->scratch;
	struct text     format = e->format.n ? e->format : TEXT("no known format");

	sheet_text(l->sheet, e->path,
		   arena_printf(&scratch,
				TEXT_FMT ", " TEXT_FMT ", %s, %s, %s, %s, sha256 " TEXT_FMT,
				TEXT_ARG(e->status), TEXT_ARG(format),
				counted(e->size, "byte").words, counted(e->events, "event").words,
				counted(e->duplicates, "duplicate").words,
				counted(e->gaps, "gap").words, TEXT_ARG(e->sha256)),
		   TEXT_NONE);
	return true;
}

static bool
gap_line(void *ctx, const struct gap_row *g)
{
	struct listing *l = ctx;
	struct arena    scratch = l->scratch;
	struct text     lost = TEXT("");

	if (g->records_lost)
		lost = arena_printf(&scratch, ", %s lost", counted(g->records_lost, "record").words);
	sheet_text(l->sheet, g->path,
		   arena_printf(&scratch, "at byte %llu, %s" TEXT_FMT ": " TEXT_FMT,
				(unsigned long long)g->offset, counted(g->length, "byte").words,
				TEXT_ARG(lost), TEXT_ARG(g->reason)),
		   TEXT_NONE);
	return true;
}

static void
case_lines(struct sheet *s, const struct case_info *info, const char *path)
{
	sheet_section(s, "case");
	sheet_text(s, TEXT("path"), text_of(path), TEXT_NONE);
	sheet_text(s, TEXT("made_by"), info->made_by, TEXT_NONE);
	sheet_text(s, TEXT("made_at"), info->made_at, TEXT_NONE);
	sheet_count(s, TEXT("schema_version"), info->schema_version);
	sheet_text(s, TEXT("program"), TEXT("auger " PACKAGE_VERSION), TEXT_NONE);
	sheet_text(s, TEXT("ruleset"), info->ruleset_digest, TEXT_NONE);
	sheet_text(s, TEXT("import"),
		   info->unfinished ? TEXT("interrupted; the same import command goes on with it")
				    : TEXT("finished"),
		   TEXT_NONE);
	sheet_section(s, "time span");
	sheet_time(s, TEXT("first_event"), info->first_ns);
	sheet_time(s, TEXT("last_event"), info->last_ns);
	sheet_time(s, TEXT("case_clock"), info->clock_ns);
	sheet_section(s, "counts");
	sheet_count(s, TEXT("events"), info->events);
	sheet_count(s, TEXT("duplicates"), info->duplicates);
	sheet_count(s, TEXT("hosts"), info->hosts);
	sheet_count(s, TEXT("findings"), info->findings);
	if (info->hidden)
		sheet_count(s, TEXT("hidden_by_filters"), info->hidden);
	sheet_count(s, TEXT("rules"), info->rules);
	sheet_count(s, TEXT("evidence_files"), info->evidence_files);
	sheet_count(s, TEXT("gaps"), info->gaps);
	sheet_count(s, TEXT("gap_bytes"), info->gap_bytes);
}

/* "3  2026-03-09T10:00:00Z, 120 events, 4 findings": what --since-import takes */
static void
import_lines(struct sheet *s, struct casefile *cf, struct arena scratch)
{
	struct import_entry *all;
	size_t               n = import_log(cf, &scratch, &all);

	for (size_t i = 0; i < n; i++) {
		char when[WHEN_TEXT_MAX];

		when[when_to_iso(all[i].time_ns, when)] = '\0';
		sheet_text(s, arena_printf(&scratch, "import %lld", (long long)all[i].number),
			   arena_printf(&scratch, "%s, %s and %s new", when,
					counted(all[i].events, "event").words,
					counted(all[i].findings, "finding").words),
			   TEXT_NONE);
	}
}

static int
info_print(struct cli *cli, struct casefile *cf, struct err *err)
{
	struct listing     l = { .scratch = arena_open((size_t)1 << 24) };
	struct case_info   info;
	struct print_style style;
	bool               good;

	if (!casefile_info(cf, cli->keep, &info, err) || !cli_style(cli, cf, &style, err))
		return cli_fail(err);
	l.sheet = sheet_begin(&style);
	case_lines(l.sheet, &info, cli->opt->args[0]);
	sheet_section(l.sheet, "imports");
	import_lines(l.sheet, cf, l.scratch);
	sheet_section(l.sheet, "evidence");
	good = query_evidence(cf, evidence_line, &l, err);
	sheet_section(l.sheet, "gaps");
	good = good && query_gaps(cf, gap_line, &l, err);
	sheet_end(l.sheet);
	arena_close(&l.scratch);
	return cli_style_end(&style, good ? EXIT_DONE : cli_fail(err));
}

int
command_info(struct cli *cli)
{
	return cli_with_case(cli, info_print);
}
