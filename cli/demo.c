/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auger demo: a sample case, made and opened. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/browse.h"
#include "cli/cli.h"
#include "store/casefile.h"
#include "store/query.h"

/* $XDG_DATA_HOME/auger/demo.auger where that is set, else demo.auger in this folder. */
static const char *
demo_path(const struct cli *cli)
{
	const char *home = getenv("XDG_DATA_HOME");
	struct text folder;

	if (cli->opt->n_args)
		return cli->opt->args[0];
	if (!home || home[0] != '/')
		return "demo.auger";
	mkdir(home, 0777); /* when this fails, opening the case says why */
	folder = arena_printf(cli->keep, "%s/auger", home);
	mkdir(folder.p, 0777);
	return arena_printf(cli->keep, "%s/demo.auger", folder.p).p;
}

struct others {
	struct text samples;
	char        path[256]; /* a file that is not of the samples; "": none yet */
};

static bool
look_at_file(void *ctx, const struct evidence_row *row)
{
	struct others *others = ctx;

	if (text_starts(row->path, others->samples))
		return true;
	snprintf(others->path, sizeof(others->path), TEXT_FMT, TEXT_ARG(row->path));
	return false;
}

/* What happened and what was made up never share a case. */
static bool
holds_samples_only(const char *path, const char *samples, struct err *err)
{
	struct others    others = { .samples = text_of(samples) };
	struct casefile *cf;
	bool             read;

	if (access(path, F_OK) != 0)
		return true;
	if (!casefile_open(&cf, path, CASEFILE_READ, 0, err))
		return err_where(err, "%s", path);
	read = query_evidence(cf, look_at_file, &others, err);
	casefile_close(cf);
	if (!read)
		return err_where(err, "%s", path);
	if (!others.path[0])
		return true;
	err_set(err, ERR_USAGE,
		"has other evidence (%s); made-up events do not belong there: auger demo OTHER.auger",
		others.path);
	return err_where(err, "%s", path);
}

/* COMMAND with these arguments, its results as tables, and the options that were given. */
static int
run(const struct cli *cli, int (*command)(struct cli *cli), const char *first, const char *second)
{
	static const char *const table[] = { "table" };
	struct options           opt = *cli->opt;
	struct cli               sub = *cli;

	opt.args = arena_new(cli->keep, const char *, 2);
	opt.args[0] = first;
	opt.args[1] = second;
	opt.n_args = second ? 2 : 1;
	opt.values[OPTION_FORMAT] =
	    (struct option_values){ arena_new(cli->keep, const char *, 1), 1 };
	opt.values[OPTION_FORMAT].items[0] = table[0];
	sub.opt = &opt;
	return command(&sub);
}

/* In a process of its own: the rights that a reader of evidence gives up, the screen needs. */
static int
import_samples(const struct cli *cli, const char *path, const char *samples)
{
	pid_t child = fork();
	void (*before)(int);
	int   status;

	if (child < 0)
		return run(cli, command_import, path, samples);
	if (child == 0)
		exit(run(cli, command_import, path, samples));
	before = signal(SIGINT, SIG_IGN); /* it is the import's to stop */
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return EXIT_FAILED;
	signal(SIGINT, before);
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILED;
}

int
command_demo(struct cli *cli)
{
	const char *path = demo_path(cli), *samples = cli_data(cli, "samples");
	struct err  err = { 0 };
	int         status;

	if (!samples) {
		err_set(&err, ERR_INPUT, "the sample evidence is not in %s", PKGDATADIR "/samples");
		return cli_fail(&err);
	}
	if (!holds_samples_only(path, samples, &err))
		return cli_fail(&err);
	cli_remark(cli, "sample evidence: %s; case: %s", samples, path);
	status = import_samples(cli, path, samples);
	if (status != EXIT_DONE && status != EXIT_PARTLY)
		return status;
	if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		return browse_case(cli, path);
	printf("Hosts by risk\n");
	status = run(cli, command_hosts, path, NULL);
	if (status == EXIT_DONE) {
		printf("\nFindings\n");
		status = run(cli, command_findings, path, NULL);
	}
	if (status == EXIT_DONE)
		printf("\nOpen it: %s %s\n", cli->program, path);
	return status;
}
