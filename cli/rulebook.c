/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which detections a command works with, and where the installed data lies.
 *
 * A case remembers what it was tagged with, so that an import without --rules does not forget the
 * findings of rules it was not given, and a screen or a drilldown knows what its rules say.
 * Settings of the case: one path a line, and "no" when the built-in detections were left out.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "store/case_macros.h"

#define RULES_SETTING   "cli.rules"
#define BUILTIN_SETTING "cli.builtin"
/* As --rules: no others than the built-in ones, and what the case remembers is not used. */
#define NO_RULES TEXT("none")

/* The folder of the running program, with '/' at its end; empty when the system does not say. */
static struct text
program_folder(struct arena *keep)
{
	char    path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path));
	struct text whole;

	if (n <= 0 || (size_t)n == sizeof(path))
		return TEXT("");
	whole = (struct text){ path, (size_t)n };
	return arena_copy(keep, text_head(whole, text_rfind_byte(whole, '/') + 1));
}

static const char *
try_folder(struct arena *keep, struct text base, const char *relative, const char *folder)
{
	struct text path = arena_printf(keep, TEXT_FMT "%s%s", TEXT_ARG(base), relative, folder);
	char       *plain = access(path.p, R_OK) == 0 ? realpath(path.p, NULL) : NULL;
	const char *found = plain ? arena_copy(keep, text_of(plain)).p : NULL;

	free(plain);
	return found;
}

const char *
cli_data(const struct cli *cli, const char *folder)
{
	const char *given = getenv("AUGER_DATA"), *found = NULL;
	struct text program = program_folder(cli->keep);

	if (given && *given)
		found = try_folder(cli->keep, text_of(given), "/", folder);
	if (!found) /* in the build tree */
		found = try_folder(cli->keep, program, "data/", folder);
	if (!found) /* moved as a whole after installation */
		found = try_folder(cli->keep, program, "../share/auger/", folder);
	return found ? found : try_folder(cli->keep, TEXT(PKGDATADIR), "/", folder);
}

struct loading {
	const struct cli *cli;
	struct ruleset   *rs;
	bool              words; /* macros and lookups, no detections */
	struct err       *gone;  /* NULL: rules that are not there any more are an error */
};

static bool
load(const struct loading *l, struct text path, struct err *err)
{
	return l->words ? ruleset_load_words(l->rs, path, err) : ruleset_load(l->rs, path, err);
}

static bool
load_builtin(const struct loading *l, struct err *err)
{
	const char *folder = cli_data(l->cli, "rules");

	if (folder)
		return load(l, text_of(folder), err);
	return err_set(err, ERR_INPUT,
		       "the built-in detections are not in %s; give yours with --rules PATH "
		       "--no-builtin-rules",
		       PKGDATADIR "/rules");
}

static bool
is_argument(const struct options *opt, const char *path)
{
	for (uint32_t i = 0; i < opt->n_args; i++)
		if (opt->args[i] == path)
			return true;
	return false;
}

/* A folder that was mistaken for another one would go unnoticed, unless it is what is listed. */
static bool
load_asked(const struct loading *l, const char *path, struct err *err)
{
	uint32_t before = ruleset_count(l->rs);
	bool     good = load(l, text_of(path), err);

	if (good && !l->words && ruleset_count(l->rs) == before && !is_argument(l->cli->opt, path))
		cli_warn("%s: no detections there", path);
	return good;
}

static bool
load_given(const struct loading *l, struct err *err)
{
	const struct option_values *given = &l->cli->opt->values[OPTION_RULES];
	bool                        good = true;

	if (!option_given(l->cli->opt, OPTION_NO_BUILTIN))
		good = load_builtin(l, err);
	for (uint32_t i = 0; good && i < given->n; i++)
		if (!text_eq(text_of(given->items[i]), NO_RULES))
			good = load_asked(l, given->items[i], err);
	return good;
}

/* A case may come from elsewhere: what it names may be gone, or be no file to read rules from. */
static bool
load_to_tag(const struct loading *l, const char *path, int why, struct err *err)
{
	if (why && why != ENOENT && why != ENOTDIR) {
		err_set(err, ERR_IO,
			"the rules of this case cannot be read, so nothing was done and its findings "
			"stay: %s",
			strerror(why));
		return err_where(err, "%s", path);
	}
	if (why) {
		err_set(err, ERR_INPUT,
			"the rules of this case are not there any more, so nothing was done and "
			"its findings stay; give them with --rules PATH, or --rules none for the "
			"built-in ones");
		return err_where(err, "%s", path);
	}
	cli_remark(l->cli, "%s: the rules of this case (others: --rules PATH or none)", path);
	return load(l, text_of(path), err);
}

static bool
load_to_look(const struct loading *l, const char *path, int why)
{
	struct err problem = { 0 };

	if (why == ENOENT || why == ENOTDIR)
		err_set(&problem, ERR_INPUT, "not there any more");
	else if (why)
		err_set(&problem, ERR_INPUT, "which cannot be read (%s)", strerror(why));
	if (problem.kind || !load(l, text_of(path), &problem)) {
		err_set(l->gone, ERR_INPUT,
			"rules of this case, %s: what they say is missing (give them with --rules PATH)",
			problem.what);
		err_where(l->gone, "%s", path);
	}
	return true;
}

static bool
load_path(const struct loading *l, const char *path, struct err *err)
{
	struct stat st;
	int         why = stat(path, &st) == 0 ? 0 : errno;

	if (!why && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		why = ENOENT;
	return l->gone ? load_to_look(l, path, why) : load_to_tag(l, path, why, err);
}

static bool
load_remembered(const struct loading *l, struct casefile *cf, struct err *err)
{
	struct text paths = casefile_get(cf, RULES_SETTING, l->cli->keep);
	bool        good = true;

	if (casefile_get(cf, BUILTIN_SETTING, l->cli->keep).n == 0)
		good = load_builtin(l, err);
	else if (!l->gone)
		cli_remark(l->cli, "without the built-in rules, as before");
	while (good && paths.n)
		good = load_path(l, arena_cstr(l->cli->keep, text_cut(&paths, '\n')), err);
	return good;
}

static bool
rules_given(const struct cli *cli)
{
	return option_given(cli->opt, OPTION_RULES) || option_given(cli->opt, OPTION_NO_BUILTIN);
}

static bool
has_line(struct text lines, struct text line)
{
	while (lines.n)
		if (text_eq(text_cut(&lines, '\n'), line))
			return true;
	return false;
}

bool
cli_rules_remember(const struct cli *cli, struct casefile *cf, struct err *err)
{
	const struct option_values *given = &cli->opt->values[OPTION_RULES];
	struct text old = casefile_get(cf, RULES_SETTING, cli->keep), now = TEXT("");

	if (!rules_given(cli))
		return true;
	for (uint32_t i = 0; i < given->n; i++) {
		char *whole;

		if (text_eq(text_of(given->items[i]), NO_RULES))
			continue;
		whole = realpath(given->items[i], NULL);
		if (!whole) {
			err_set(err, ERR_IO, "rules of this case cannot be found again: %s",
				strerror(errno));
			return err_where(err, "%s", given->items[i]);
		}
		now = arena_printf(cli->keep, TEXT_FMT "%s%s", TEXT_ARG(now), now.n ? "\n" : "",
				   whole);
		free(whole);
	}
	while (old.n) {
		struct text path = text_cut(&old, '\n');

		if (!has_line(now, path))
			cli_warn(TEXT_FMT ": no longer the rules of this case", TEXT_ARG(path));
	}
	return casefile_set(cf, RULES_SETTING, now, err) &&
	       casefile_set(cf, BUILTIN_SETTING,
			    option_given(cli->opt, OPTION_NO_BUILTIN) ? TEXT("no") : TEXT(""), err);
}

/* Not yet compiled. */
static bool
load_all(struct loading *l, struct casefile *cf, struct ruleset **rs, struct err *err)
{
	uint32_t threads;
	bool     good;

	l->rs = ruleset_new();
	good = cli_threads(l->cli, &threads, err);
	if (good)
		ruleset_threads(l->rs, threads);
	if (good)
		good = cf && !rules_given(l->cli) ? load_remembered(l, cf, err) : load_given(l, err);
	*rs = good ? l->rs : NULL;
	if (!good)
		ruleset_free(l->rs);
	return good;
}

static bool
load_and_compile(struct loading *l, struct casefile *cf, struct ruleset **rs, struct err *err)
{
	struct case_macro *macros;
	size_t             n = 0;

	if (!load_all(l, cf, rs, err))
		return false;
	if (cf)
		n = case_macros(cf, l->cli->keep, &macros);
	for (size_t i = 0; i < n; i++)
		if (!macros[i].off)
			ruleset_set_macro(*rs, macros[i].name, macros[i].definition);
	ruleset_compile(*rs);
	return true;
}

bool
cli_rules_load(const struct cli *cli, struct casefile *cf, struct ruleset **rs, struct err *err)
{
	struct loading l = { .cli = cli };

	return load_all(&l, cf, rs, err);
}

bool
cli_rules(const struct cli *cli, struct casefile *cf, struct ruleset **rs, struct err *gone,
	  struct err *err)
{
	struct loading l = { .cli = cli, .gone = gone };

	return load_and_compile(&l, cf, rs, err);
}

bool
cli_words(const struct cli *cli, struct casefile *cf, struct ruleset **rs, struct err *err)
{
	struct err     gone = { 0 };
	struct loading l = { .cli = cli, .words = true, .gone = &gone };

	return load_and_compile(&l, cf, rs, err);
}

static int
with(struct cli *cli, enum casefile_mode mode, bool words, rules_fn *fn)
{
	struct casefile *cf;
	struct ruleset  *rs;
	struct err       err = { 0 }, gone = { 0 };
	struct loading   l = { .cli = cli, .words = words, .gone = &gone };
	uint32_t         unread;
	int              status;

	if (!cli_open(cli, mode, &cf, &err))
		return cli_fail(&err);
	if (load_and_compile(&l, cf, &rs, &err)) {
		if (gone.kind)
			cli_remark(cli, "%s: %s", gone.where, gone.what);
		unread = words ? cli_warn_unread(rs) : 0;
		status = fn(cli, cf, rs, &err);
		if (unread && status == EXIT_DONE)
			status = EXIT_PARTLY;
		ruleset_free(rs);
	} else {
		status = cli_fail(&err);
	}
	return cli_close(cf, status);
}

int
cli_with_rules(struct cli *cli, rules_fn *fn)
{
	return with(cli, CASEFILE_READ, false, fn);
}

int
cli_with_words(struct cli *cli, rules_fn *fn)
{
	return with(cli, CASEFILE_READ, true, fn);
}

int
cli_change_with_words(struct cli *cli, rules_fn *fn)
{
	return with(cli, CASEFILE_WORK, true, fn);
}

#define UNREAD_NAMED 10

uint32_t
cli_warn_unread(const struct ruleset *rules)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < ruleset_count(rules); i++) {
		const struct detection *d = ruleset_get(rules, i);

		if (d->unread && n++ < UNREAD_NAMED)
			cli_warn(TEXT_FMT ": rules not read: %s", TEXT_ARG(d->source), d->problem.what);
	}
	if (n > UNREAD_NAMED)
		cli_warn("rules not read: %u more (auger rules check names them)", n - UNREAD_NAMED);
	return n;
}
