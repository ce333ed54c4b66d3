/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli.h - what every command is handed, and the ways all of them end.
 *
 * A command is one file with one function command_NAME and one line in commands.def. Results go to
 * standard output or -o FILE, everything else to standard error.
 */
#ifndef AUGER_CLI_CLI_H
#define AUGER_CLI_CLI_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "cli/options.h"
#include "cli/print.h"
#include "rules/ruleset.h"
#include "store/casefile.h"
#include "store/query.h"

enum exit_status {
	EXIT_DONE    = 0,
	EXIT_PARTLY  = 1, /* done, but something was skipped or damaged */
	EXIT_NOTHING = 2, /* wrong use, no such case, not a case */
	EXIT_FAILED  = 3, /* failed or stopped on the way; what was committed stays */
};

struct cli {
	const char           *program; /* as it was called */
	const struct options *opt;
	struct arena         *keep; /* lives as long as the command */
	bool                  quiet;
	struct importer      *importer; /* of browse: started while programs still can be */
};

#define COMMAND(name, usage, least, most, groups, help) int command_##name(struct cli *cli);
#include "cli/commands.def"
#undef COMMAND

/* "auger: where: what" on standard error; returns the exit status of the error's kind. */
int cli_fail(const struct err *err);
/* A line on standard error: a warning always, a remark unless --quiet. */
void cli_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void cli_remark(const struct cli *cli, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* How many threads to work with: --threads, without it one for each processor. */
bool cli_threads(const struct cli *cli, uint32_t *out, struct err *err);
/* What the process may take: --memory, without it 256 MiB. */
bool cli_memory(const struct cli *cli, uint64_t *bytes, struct err *err);

/* Opens the case named by the first argument. */
bool cli_open(const struct cli *cli, enum casefile_mode mode, struct casefile **cf,
	      struct err *err);
bool cli_open_at(const char *path, enum casefile_mode mode, struct casefile **cf, struct err *err);
/* Closes it; the exit status is STATUS, unless something of the case could not be read, or reading was
 * stopped: that is said. */
int cli_close(struct casefile *cf, int status);
/* Runs FN over that case, opened for reading; the others also with the rules of cli_rules, or only
 * with the macros and lookups that lie beside them. FN says its errors itself and returns the exit
 * status; ERR is its to use. */
typedef int case_fn(struct cli *cli, struct casefile *cf, struct err *err);
int         cli_with_case(struct cli *cli, case_fn *fn);
typedef int rules_fn(struct cli *cli, struct casefile *cf, const struct ruleset *rs,
		     struct err *err);
int         cli_with_rules(struct cli *cli, rules_fn *fn);
int         cli_with_words(struct cli *cli, rules_fn *fn);
/* Names rules that could not be read; returns how many. */
uint32_t    cli_warn_unread(const struct ruleset *rules);
/* That again, the case opened for work. */
int         cli_change_with_words(struct cli *cli, rules_fn *fn);

/* Built-in detections and those of --rules, without that those that CF (may be NULL) was tagged with
 * last, and the macros kept in CF, compiled. GONE: says which rules of the case are not there any more
 * (ERR_NONE: none), which is no error then; NULL, for what tags events: it is one. */
bool cli_rules(const struct cli *cli, struct casefile *cf, struct ruleset **rs, struct err *gone,
	       struct err *err);
/* The same rules, all of them there, before they are compiled and without the macros of the case. */
bool cli_rules_load(const struct cli *cli, struct casefile *cf, struct ruleset **rs,
		    struct err *err);
/* Only the macros and lookups that lie beside them, and the macros of the case. */
bool cli_words(const struct cli *cli, struct casefile *cf, struct ruleset **rs, struct err *err);
/* CF is now tagged with the rules of the options. */
bool cli_rules_remember(const struct cli *cli, struct casefile *cf, struct err *err);
/* A folder of the installed data, such as "samples"; also found from the build tree. */
const char *cli_data(const struct cli *cli, const char *folder);

/* --host, --user ... and --earliest, --latest against the case clock. */
bool cli_filter(const struct cli *cli, struct casefile *cf, struct case_filter *out,
		struct err *err);
bool cli_span(const struct cli *cli, struct casefile *cf, struct span *out, struct err *err);
/* Events, findings or risk of HOST are in the case; ERR_USAGE: none are. */
bool cli_host_known(const struct cli *cli, struct casefile *cf, struct text host, struct err *err);

/* Of -o; NULL for standard output, which "-" is, too. */
const char *cli_output_path(const struct cli *cli);

/* --format, -o and --tz. CF (may be NULL): the case, which -o must not harm. */
bool cli_style(const struct cli *cli, struct casefile *cf, struct print_style *out,
	       struct err *err);
/* Flushes, and closes -o FILE; a full disk is found here. STATUS: what the command has so far;
 * of one that did nothing or failed, FILE stays as it was. */
int cli_style_end(struct print_style *style, int status);

#endif
