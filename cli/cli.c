/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/cli.h"

#include <langinfo.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/visible.h"
#include "base/when.h"
#include "cli/stop.h"
#include "rules/timespec.h"
#include "store/import_log.h"
#include "store/work.h"

static bool
locale_is_ascii(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

/* ---- standard error ---- */

static void
say(const char *line)
{
	struct arena memory = arena_open((size_t)1 << 20);
	struct text  safe = visible_line(text_of(line), locale_is_ascii(), &memory);

	fprintf(stderr, "auger: " TEXT_FMT "\n", TEXT_ARG(safe));
	arena_close(&memory);
}

/* The words of an error may have several lines: a search and a caret under its fault. */
static void
say_lines(const char *where, const char *what)
{
	struct arena memory = arena_open((size_t)1 << 20);
	struct text  safe = visible_block(text_of(what), locale_is_ascii(), &memory);
	struct text  place = visible_line(text_of(where), locale_is_ascii(), &memory);

	fprintf(stderr, "auger: " TEXT_FMT "%s" TEXT_FMT "\n", TEXT_ARG(place),
		place.n ? ": " : "", TEXT_ARG(safe));
	arena_close(&memory);
}

int
cli_fail(const struct err *err)
{
	if (err->kind != ERR_CANCEL || !stop_unread())
		say_lines(err->where, err->what);
	switch (err->kind) {
	case ERR_NONE:
	case ERR_USAGE:
	case ERR_INPUT:
	case ERR_RULE:
		return EXIT_NOTHING;
	case ERR_LIMIT:
	case ERR_IO:
	case ERR_CANCEL:
		return EXIT_FAILED;
	}
	return EXIT_FAILED;
}

void
cli_warn(const char *fmt, ...)
{
	char    line[4096];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	say(line);
}

void
cli_remark(const struct cli *cli, const char *fmt, ...)
{
	char    line[4096];
	va_list ap;

	if (cli->quiet)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	say(line);
}

#define MEMORY_BYTES ((uint64_t)256 << 20)
#define MEMORY_LEAST ((uint64_t)32 << 20)
#define THREADS_MOST 256

bool
cli_threads(const struct cli *cli, uint32_t *out, struct err *err)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	*out = processors < 1 ? 1 : processors > 64 ? 64 : (uint32_t)processors;
	return option_count(cli->opt, OPTION_THREADS, THREADS_MOST, out, err);
}

bool
cli_memory(const struct cli *cli, uint64_t *bytes, struct err *err)
{
	*bytes = MEMORY_BYTES;
	if (!option_bytes(cli->opt, OPTION_MEMORY, bytes, err))
		return false;
	return *bytes >= MEMORY_LEAST || err_set(err, ERR_USAGE, "--memory: at least 32M");
}

/* ---- the case ---- */

bool
cli_open_at(const char *path, enum casefile_mode mode, struct casefile **cf, struct err *err)
{
	stop_begin();
	if (!casefile_open(cf, path, mode, 0, err))
		return err_where(err, "%s", path);
	/* what is being written is brief, or looks for itself */
	if (mode == CASEFILE_READ)
		casefile_cancel(*cf, stop_flag());
	return true;
}

bool
cli_open(const struct cli *cli, enum casefile_mode mode, struct casefile **cf, struct err *err)
{
	const char *path = cli->opt->args[0];

	if (!cli_open_at(path, mode, cf, err))
		return false;
	if (casefile_linked(*cf))
		cli_remark(cli, "%s: has other names (hard links): what is still in the log beside one of "
				"those is not seen here", path);
	if (mode != CASEFILE_IMPORT && casefile_unfinished(*cf))
		cli_remark(cli, "%s: its import has not finished, so that there may be more to find (the "
				"same import goes on where it stopped)", path);
	return true;
}

int
cli_close(struct casefile *cf, int status)
{
	struct err err = { 0 };
	bool       whole = casefile_whole(cf, &err);

	if (whole && casefile_cancelled(cf))
		whole = err_set(&err, ERR_CANCEL, "stopped");
	casefile_close(cf);
	return whole || status > EXIT_PARTLY ? status : cli_fail(&err);
}

int
cli_with_case(struct cli *cli, case_fn *fn)
{
	struct casefile *cf;
	struct err       err = { 0 };
	int              status;

	if (!cli_open(cli, CASEFILE_READ, &cf, &err))
		return cli_fail(&err);
	status = fn(cli, cf, &err);
	return cli_close(cf, status);
}

/* One end of a range: ISO 8601, or as SPL writes times, against the case clock. */
static bool
time_option(const struct options *opt, enum option_id id, int64_t clock_ns, int64_t *ns,
	    struct err *err)
{
	struct text t = option_text(opt, id);

	if (text_absent(t) || timespec_resolve(t, clock_ns, ns))
		return true;
	return err_set(err, ERR_USAGE,
		       "--%s %s: not a time; write 2024-03-01T09:00:00Z, or -7d or -24h@h before "
		       "the case clock",
		       option_table[id].name, t.p);
}

bool
cli_span(const struct cli *cli, struct casefile *cf, struct span *out, struct err *err)
{
	struct case_info info;

	*out = (struct span){ WHEN_NONE, WHEN_MAX };
	if (!option_given(cli->opt, OPTION_EARLIEST) && !option_given(cli->opt, OPTION_LATEST))
		return true;
	if (!casefile_info(cf, cli->keep, &info, err) ||
	    !time_option(cli->opt, OPTION_EARLIEST, info.clock_ns, &out->earliest_ns, err) ||
	    !time_option(cli->opt, OPTION_LATEST, info.clock_ns, &out->latest_ns, err))
		return false;
	if (out->earliest_ns < out->latest_ns)
		return true;
	return err_set(err, ERR_USAGE, "the range is empty: --latest must be after --earliest");
}

/* ---- what a case knows ---- */

static bool
seen_host(void *ctx, const struct host_row *row)
{
	(void)row;
	*(bool *)ctx = true;
	return false;
}

static bool
seen_finding(void *ctx, const struct finding_row *row)
{
	(void)row;
	*(bool *)ctx = true;
	return false;
}

struct rule_sought {
	struct text what;
	bool        seen;
};

static bool
seen_rule(void *ctx, const struct ledger_entry *entry)
{
	struct rule_sought *sought = ctx;

	sought->seen = text_ieq(entry->rule_id, sought->what) ||
		       text_ieq(entry->rule, sought->what);
	return !sought->seen;
}

bool
cli_host_known(const struct cli *cli, struct casefile *cf, struct text host, struct err *err)
{
	struct case_filter only = CASE_FILTER_ALL;
	bool               seen = false;

	only.host = host;
	if (!query_hosts(cf, &only, seen_host, &seen, err) ||
	    (!seen && !query_findings(cf, &only, seen_finding, &seen, err)))
		return false;
	return seen || err_set(err, ERR_USAGE, "no such host in this case (see: auger hosts %s)",
			       cli->opt->args[0]);
}

static bool
host_option(const struct cli *cli, struct casefile *cf, struct text host, struct err *err)
{
	if (text_absent(host) || cli_host_known(cli, cf, host, err))
		return true;
	return err_where(err, "--host " TEXT_FMT, TEXT_ARG(host));
}

static bool
rule_known(const struct cli *cli, struct casefile *cf, struct text rule, struct err *err)
{
	struct case_filter only = CASE_FILTER_ALL;
	struct rule_sought sought = { rule, false };

	only.rule = rule;
	if (text_absent(rule))
		return true;
	if (!query_ledger(cf, seen_rule, &sought, err) ||
	    (!sought.seen && !query_findings(cf, &only, seen_finding, &sought.seen, err)))
		return false;
	return sought.seen ||
	       err_set(err, ERR_USAGE,
		       "--rule %s: this case was not asked about such a rule (see: auger ledger %s)",
		       rule.p, cli->opt->args[0]);
}

/* Is NAME, or its part behind the domain, that of an account in the events? */
static bool
is_account(struct casefile *cf, struct text name, struct arena scratch)
{
	struct value_count *accounts;
	size_t              n = query_values(cf, FILTER_USER, SIZE_MAX / 2, &scratch, &accounts);

	for (size_t i = 0; i < n; i++) {
		if (text_ieq(accounts[i].name, name) ||
		    text_ieq(text_last_part(accounts[i].name), text_last_part(name)))
			return true;
	}
	return false;
}

struct user_sought {
	struct text   name;
	struct text   found, other; /* the first user with findings whose name it is, and one more */
	struct arena *keep;
};

static bool
seen_user(void *ctx, const struct user_row *row)
{
	struct user_sought *sought = ctx;

	if (!text_ieq(text_last_part(row->user), text_last_part(sought->name)))
		return true;
	if (!text_absent(sought->found)) {
		sought->other = arena_copy(sought->keep, row->user);
		return false;
	}
	sought->found = arena_copy(sought->keep, row->user);
	return true;
}

/* The user whose findings are meant by *USER, which may lack the domain when no second one has it. */
static bool
user_known(const struct cli *cli, struct casefile *cf, struct text *user, struct err *err)
{
	struct case_filter only = CASE_FILTER_ALL;
	struct user_sought sought = { .name = *user, .keep = cli->keep };
	bool               bare = text_find_byte(*user, '\\') == TEXT_NOWHERE, seen = false;

	if (text_absent(*user))
		return true;
	only.user = *user;
	if (!query_findings(cf, &only, seen_finding, &seen, err) ||
	    (!seen && bare && !query_users(cf, &CASE_FILTER_ALL, seen_user, &sought, err)))
		return false;
	if (!text_absent(sought.other))
		return err_set(err, ERR_USAGE,
			       "--user " TEXT_FMT ": which one? " TEXT_FMT ", " TEXT_FMT,
			       TEXT_ARG(*user), TEXT_ARG(sought.found), TEXT_ARG(sought.other));
	if (!text_absent(sought.found))
		*user = sought.found;
	return seen || !text_absent(sought.found) || is_account(cf, *user, *cli->keep) ||
	       err_set(err, ERR_USAGE, "--user " TEXT_FMT ": no such user in this case (see: auger "
				       "search %s '* | stats count by user')",
		       TEXT_ARG(*user), cli->opt->args[0]);
}

/* Which techniques there are is not known: no finding of one may as well be good news. */
static bool
technique_found(struct casefile *cf, struct text technique, struct err *err)
{
	struct case_filter only = CASE_FILTER_ALL;
	bool               seen = false;

	only.technique = technique;
	if (text_absent(technique))
		return true;
	if (!query_findings(cf, &only, seen_finding, &seen, err))
		return false;
	if (!seen)
		cli_warn("--technique " TEXT_FMT ": no finding of this case has it",
			 TEXT_ARG(technique));
	return true;
}

bool
cli_filter(const struct cli *cli, struct casefile *cf, struct case_filter *out, struct err *err)
{
	const struct options *opt = cli->opt;

	*out = CASE_FILTER_ALL;
	out->host = option_text(opt, OPTION_HOST);
	out->user = option_text(opt, OPTION_USER);
	out->rule = option_text(opt, OPTION_RULE);
	out->technique = option_text(opt, OPTION_TECHNIQUE);
	out->verdict = option_text(opt, OPTION_VERDICT);
	if (!text_absent(out->verdict) && !work_verdict_named(out->verdict, &out->verdict, err))
		return err_where(err, "--verdict");
	if (option_given(opt, OPTION_SINCE) &&
	    !import_log_number(cf, option_text(opt, OPTION_SINCE), &out->since_import, err))
		return err_where(err, "--since-import");
	return option_number(opt, OPTION_MIN_RISK, &out->min_risk, err) &&
	       cli_span(cli, cf, &out->span, err) && host_option(cli, cf, out->host, err) &&
	       user_known(cli, cf, &out->user, err) && rule_known(cli, cf, out->rule, err) &&
	       technique_found(cf, out->technique, err);
}

/* ---- results ---- */

static bool
format_of(const struct options *opt, bool terminal, enum print_format *out, struct err *err)
{
	const char *name = option_cstr(opt, OPTION_FORMAT);

	*out = terminal ? PRINT_TABLE : PRINT_CSV;
	if (!name)
		return true;
	if (strcmp(name, "table") == 0)
		*out = PRINT_TABLE;
	else if (strcmp(name, "csv") == 0)
		*out = PRINT_CSV;
	else if (strcmp(name, "jsonl") == 0)
		*out = PRINT_JSONL;
	else
		return err_set(err, ERR_USAGE, "--format %s: not table, csv or jsonl", name);
	return true;
}

static bool
zone_of(const struct options *opt, struct print_style *out, struct err *err)
{
	const char *zone = option_cstr(opt, OPTION_TZ);
	char        path[512];

	out->zone_name = "UTC";
	if (!zone || zone_offset(text_of(zone), &out->zone_s)) {
		if (zone && out->zone_s)
			out->zone_name = zone;
		return true;
	}
	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", zone);
	if (zone[0] == '\0' || strstr(zone, "..") || access(path, R_OK) != 0)
		return err_set(err, ERR_USAGE,
			       "--tz %s: not a zone; try UTC, +02:00 or Europe/Berlin", zone);
	setenv("TZ", zone, 1);
	tzset();
	out->zone_named = true;
	out->zone_name = zone;
	return true;
}

static unsigned
terminal_width(void)
{
	struct winsize size;
	const char    *columns = getenv("COLUMNS");
	int64_t        n;

	if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
		return size.ws_col;
	if (columns && text_to_i64(text_of(columns), &n) && n >= 20 && n <= 1000)
		return (unsigned)n;
	return isatty(STDOUT_FILENO) ? 80 : 0;
}

const char *
cli_output_path(const struct cli *cli)
{
	const char *path = option_cstr(cli->opt, OPTION_OUTPUT);

	return path && strcmp(path, "-") == 0 ? NULL : path;
}

bool
cli_style(const struct cli *cli, struct casefile *cf, struct print_style *out, struct err *err)
{
	const char *path = cli_output_path(cli);

	*out = (struct print_style){ .out = stdout, .ascii = locale_is_ascii() };
	if (!format_of(cli->opt, !path && isatty(STDOUT_FILENO), &out->format, err) ||
	    !zone_of(cli->opt, out, err))
		return false;
	if (!path) {
		out->width = terminal_width();
		return true;
	}
	if (!output_open(&out->file, cf, path, cli->keep, err))
		return false;
	out->out = out->file.out;
	return true;
}

int
cli_style_end(struct print_style *style, int status)
{
	struct err err = { 0 };

	if (!style->file.path)
		return status; /* main looks at standard output */
	if (output_close(&style->file, status == EXIT_DONE || status == EXIT_PARTLY, &err))
		return status;
	return cli_fail(&err);
}
