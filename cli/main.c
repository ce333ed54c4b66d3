/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way in: finds the command, hands it its options, and turns its result into an exit status. */
#include "config.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#ifdef HAVE_MALLOPT
#include <malloc.h>
#endif
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/sandbox.h"
#include "cli/browse.h"
#include "cli/cli.h"
#include "cli/completion.h"
#include "cli/manual.h"
#include "cli/stop.h"
#include "tui/importing.h"

#define STACK_LEAST (1 << 20)
#define FILES_LEAST 32
#define FILES_GOOD  1024 /* many threads, each in an archive within an archive */

/* Of some command. */
static bool
is_option(const char *word)
{
	struct text name = text_from(text_of(word), 2);

	if (!text_starts(text_of(word), TEXT("--")))
		return false;
	name = text_cut(&name, '=');
	for (int i = 0; i < OPTION_COUNT; i++)
		if (text_eq(text_of(option_table[i].name), name))
			return true;
	return false;
}

static int
usage_error(const char *word)
{
	const struct command *near = command_near(text_of(word));
	struct err            err = { 0 };

	if (is_option(word))
		err_set(&err, ERR_USAGE,
			"%s stands behind a command: auger COMMAND ... %s (see: auger --help)", word,
			word);
	else if (word[0] == '-')
		err_set(&err, ERR_USAGE, "unknown option %s (see: auger --help)", word);
	else if (near)
		err_set(&err, ERR_USAGE,
			"no such command or case; did you mean auger %s? (see: auger --help)",
			near->name);
	else
		err_set(&err, ERR_USAGE,
			"no such case or command; auger import %s PATH... makes a case (see: auger "
			"--help)",
			word);
	if (word[0] != '-')
		err_where(&err, "%s", word);
	return cli_fail(&err);
}

/* "auger hunt.auger hosts" */
static int
turned_round(const char *word, const char *command)
{
	struct err err = { 0 };

	err_set(&err, ERR_USAGE, "the command stands first: auger %s %s", command, word);
	return cli_fail(&err);
}

/* Left to itself, glibc takes a freed block of megabytes for a habit: from then on blocks up to that
 * size, and twice as much at each heap's end, stay with the thread that had them. */
#define MAPPED_BYTES (256 << 10)

/* What is freed goes back to the system; and where addresses are limited, malloc must not reserve
 * 64 MiB of them for every thread. */
static void
spare_memory(void)
{
#ifdef HAVE_MALLOPT
	mallopt(M_MMAP_THRESHOLD, MAPPED_BYTES);
	mallopt(M_TRIM_THRESHOLD, MAPPED_BYTES);
	if (arena_scarce())
		mallopt(M_ARENA_MAX, 1);
#endif
}

/* What is written now would say a time that it was not. */
static void
say_clock(const struct cli *cli)
{
	char    last[WHEN_TEXT_MAX];
	int64_t now;

	if (when_now(&now))
		return;
	when_to_iso(now, last);
	cli_remark(cli, "the clock of this system is at a time that cannot be kept; what is written now "
			"is given %s", last);
}

static int
run_command(const char *program, const struct command *command, int argc, char **argv)
{
	struct arena   keep = arena_open((size_t)1 << 36);
	struct options opt;
	struct cli     cli = { .program = program, .opt = &opt, .keep = &keep };
	struct err     err = { 0 };
	int            status;

	spare_memory();
	if (!options_parse(&opt, command, argc, argv, &keep, &err)) {
		status = cli_fail(&err);
	} else if (option_given(&opt, OPTION_HELP)) {
		help_command(stdout, command);
		status = EXIT_DONE;
	} else {
		cli.quiet = option_given(&opt, OPTION_QUIET);
		if (command->run == command_browse)
			cli.importer = browse_importer(&cli, opt.args[0]);
		say_clock(&cli);
		if (!option_given(&opt, OPTION_NO_SANDBOX))
			sandbox_enter(SANDBOX_PROGRAM, NULL);
		status = command->run(&cli);
		importer_close(cli.importer);
	}
	arena_close(&keep);
	return status;
}

static void
print_version(void)
{
	struct sandbox_state state = sandbox_available();

	printf("auger %s\nsandbox: system calls %s, files %s\n", PACKAGE_VERSION,
	       state.calls ? "filtered (seccomp)" : "not filtered",
	       state.files ? "confined (landlock)" : "not confined");
}

/* Standard output is checked once, at the end: a full disk must not look like success. */
static int
finish(int status)
{
	struct err err = { 0 };

	bool       written = fflush(stdout) == 0 && !ferror(stdout);

	if (stop_unread() && (!written || status == EXIT_FAILED))
		stop_as_unread();
	if (written)
		return status;
	err_set(&err, ERR_IO, "cannot write: is the disk full, or the reader gone?");
	err_where(&err, "standard output");
	return cli_fail(&err);
}

static int
dispatch(int argc, char **argv)
{
	const struct command *command;
	const char           *word = argc > 1 ? argv[1] : NULL;

	if (!word) {
		help_begin(stderr);
		return EXIT_NOTHING;
	}
	if (strcmp(word, "--version") == 0) {
		print_version();
		return EXIT_DONE;
	}
	if (strcmp(word, "--completion") == 0)
		return completion_print(stdout, argc > 2 ? argv[2] : "bash");
	if (strcmp(word, "--manual") == 0)
		return manual_print(stdout, argc > 2 ? argv[2] : "");
	if (strcmp(word, "help") == 0 && argc > 2) {
		command = command_named(text_of(argv[2]));
		if (!command)
			return usage_error(argv[2]);
		help_command(stdout, command);
		return EXIT_DONE;
	}
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
		help_print(stdout);
		return EXIT_DONE;
	}
	command = command_named(text_of(word));
	if (command)
		return run_command(argv[0], command, argc - 2, argv + 2);
	if (argc > 2 && command_named(text_of(argv[2])))
		return turned_round(word, argv[2]);
	if (word[0] != '-' && access(word, F_OK) == 0)
		return run_command(argv[0], command_named(TEXT("browse")), argc - 1, argv + 1);
	return usage_error(word);
}

/* Where standard input, output or errors are closed, no file of ours may take their place; using
 * them still fails. */
static void
hold_standard_files(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

static bool
has_files(struct err *err)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= FILES_GOOD)
		return true;
	files.rlim_cur = files.rlim_max < FILES_GOOD ? files.rlim_max : FILES_GOOD;
	setrlimit(RLIMIT_NOFILE, &files);
	if (files.rlim_cur >= FILES_LEAST)
		return true;
	return err_set(err, ERR_USAGE, "open files are limited to %llu, auger needs %d (ulimit -n)",
		       (unsigned long long)files.rlim_cur, FILES_LEAST);
}

/* The limits of the system are told in words where they can be: a file that may not grow fails to be
 * written, a stack or a number of files too small ends the program before evidence could. */
static bool
meet_limits(struct err *err)
{
	struct rlimit stack;

	signal(SIGXFSZ, SIG_IGN);
	if (!has_files(err))
		return false;
	if (getrlimit(RLIMIT_STACK, &stack) != 0 || stack.rlim_cur >= STACK_LEAST)
		return true;
	return err_set(err, ERR_USAGE, "the stack is limited to %llu KiB, auger needs %d (ulimit -s)",
		       (unsigned long long)stack.rlim_cur / 1024, STACK_LEAST / 1024);
}

int
main(int argc, char **argv)
{
	struct err err = { 0 };

	setlocale(LC_CTYPE, "");
	hold_standard_files();
	if (!meet_limits(&err))
		return cli_fail(&err);
	return finish(dispatch(argc, argv));
}
