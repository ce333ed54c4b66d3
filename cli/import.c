/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auger import: evidence into a case, new or there already. */
#include "config.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/counted.h"
#include "cli/cli.h"
#include "cli/pipeline.h"
#include "cli/tagging.h"

/* Dictionaries of compressed evidence may be so large, of all the memory: 144 MiB of 256. */
#define UNPACKING_SIXTEENTHS 9

static void
import_summary(const struct cli *cli, const struct import_counts *c, const struct evaluation *e)
{
	cli_remark(cli,
		   "%s (%s already in the case, %s not read or damaged), %s, %s, %s",
		   counted(c->files, "file").words, counted_number(c->known).words,
		   counted_number(c->trouble).words, counted(c->events, "new event").words,
		   counted(c->duplicates, "duplicate").words, counted(c->gaps, "gap").words);
	tagging_summary(cli, e);
}

static bool
import_all(const struct cli *cli, struct tagging *t, struct import_counts *counts,
	   struct evaluation *found, struct err *err)
{
	struct import_job job = {
		.cf = t->cf,
		.rules = t->rules,
		.progress = &t->progress,
		.watch = t->watch,
		.threads = t->threads,
		.memory_bytes = t->memory_bytes,
		.options.recover = option_given(cli->opt, OPTION_RECOVER) ||
				   option_given(cli->opt, OPTION_CARVE),
		.options.carve = option_given(cli->opt, OPTION_CARVE),
		.containers.passwords = cli->opt->values[OPTION_PASSWORD].items,
		.containers.memory_bytes = t->memory_bytes / 16 * UNPACKING_SIXTEENTHS,
		.containers.n_passwords = cli->opt->values[OPTION_PASSWORD].n,
		.paths = cli->opt->args + 1,
		.n_paths = cli->opt->n_args - 1,
	};

	return option_offset(cli->opt, OPTION_ZONE, &job.options.zone_offset_s, err) &&
	       cli_rules_remember(cli, t->cf, err) && tagging_declare(t, err) &&
	       import_run(&job, counts, err) && tagging_finish(t, found, err);
}

static bool
is_case_itself(const char *path, const char *case_path)
{
	struct stat a, b;

	return stat(path, &a) == 0 && stat(case_path, &b) == 0 && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

static bool
folder_exists(const struct cli *cli, const char *case_path, struct err *err)
{
	const char *slash = strrchr(case_path, '/');
	const char *folder;

	if (!slash || slash == case_path)
		return true;
	folder = arena_printf(cli->keep, "%.*s", (int)(slash - case_path), case_path).p;
	if (access(folder, F_OK) == 0)
		return true;
	if (errno == ENOENT || errno == ENOTDIR)
		err_set(err, ERR_INPUT, "no such folder for the case; nothing was imported");
	else
		err_set(err, ERR_INPUT, "%s; nothing was imported", strerror(errno));
	return err_where(err, "%s", folder);
}

/* What was mistyped shall not leave an empty case behind. */
static bool
paths_exist(const struct cli *cli, struct err *err)
{
	const char *case_path = cli->opt->args[0];
	struct stat at;

	if (stat(case_path, &at) == 0 && S_ISDIR(at.st_mode)) {
		err_set(err, ERR_USAGE, "a folder; the case stands first: auger import CASE PATH...");
		return err_where(err, "%s", case_path);
	}
	for (uint32_t i = 1; i < cli->opt->n_args; i++) {
		const char *path = cli->opt->args[i];

		if (strcmp(path, "-") == 0)
			continue;
		if (access(path, F_OK) != 0)
			err_set(err, ERR_INPUT, "%s; nothing was imported", strerror(errno));
		else if (is_case_itself(path, case_path))
			err_set(err, ERR_USAGE, "that is the case itself; nothing was imported");
		else
			continue;
		return err_where(err, "%s", path);
	}
	return folder_exists(cli, case_path, err);
}

static int
no_files(const struct cli *cli)
{
	struct err err = { 0 };

	err_set(&err, ERR_INPUT, "no evidence files there");
	err_where(&err, "%s", cli->opt->args[1]);
	return cli_fail(&err);
}

int
command_import(struct cli *cli)
{
	struct tagging       t;
	struct import_counts counts = { 0 };
	struct evaluation    found = { 0 };
	struct err           err = { 0 };
	bool                 good;
	int                  status;

	if (!paths_exist(cli, &err) || !tagging_begin(&t, cli, CASEFILE_IMPORT, &err))
		return cli_fail(&err);
	good = import_all(cli, &t, &counts, &found, &err);
	if (good && counts.files == 0)
		tagging_discard(&t);
	else
		tagging_end(&t);
	if (!good)
		return tagging_fail(&err);
	import_summary(cli, &counts, &found);
	if (counts.files == 0)
		return no_files(cli);
	status = tagging_status(&t, &found);
	return counts.trouble ? EXIT_PARTLY : status;
}
