/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which detections a command works with, and where the installed data lies.
 *
 * A case remembers what it was tagged with, so that an import without --rules does not forget the
 * findings of rules it was not given. Settings of the case: one path a line, and "no" when the
 * built-in detections were left out.
 */
#include "config.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "store/work.h"

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

static bool
load_builtin(const struct cli *cli, struct ruleset *rs, struct err *err)
{
	const char *folder = cli_data(cli, "rules");

	if (folder)
		return ruleset_load(rs, text_of(folder), err);
	return err_set(err, ERR_INPUT,
		       "the built-in detections are not in %s; give yours with --rules PATH "
		       "--no-builtin-rules",
		       PKGDATADIR "/rules");
}

static bool
load_given(const struct cli *cli, struct ruleset *rs, struct err *err)
{
	const struct option_values *given = &cli->opt->values[OPTION_RULES];
	bool                        good = true;

	if (!option_given(cli->opt, OPTION_NO_BUILTIN))
		good = load_builtin(cli, rs, err);
	for (uint32_t i = 0; good && i < given->n; i++)
		if (!text_eq(text_of(given->items[i]), NO_RULES))
			good = ruleset_load(rs, text_of(given->items[i]), err);
	return good;
}

/* A case may come from elsewhere: what it names may be gone, or be no file to read rules from. */
static bool
load_path(const struct cli *cli, struct ruleset *rs, const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st) != 0 || !(S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))) {
		err_set(err, ERR_INPUT,
			"the rules of this case are not there any more, so nothing was done and "
			"its findings stay; give them with --rules PATH, or --rules none for the "
			"built-in ones");
		return err_where(err, "%s", path);
	}
	cli_remark(cli, "%s: the rules of this case (others: --rules PATH or none)", path);
	return ruleset_load(rs, text_of(path), err);
}

static bool
load_remembered(const struct cli *cli, struct casefile *cf, struct ruleset *rs, struct err *err)
{
	struct text paths = casefile_get(cf, RULES_SETTING, cli->keep);
	bool        good = true;

	if (casefile_get(cf, BUILTIN_SETTING, cli->keep).n == 0)
		good = load_builtin(cli, rs, err);
	else
		cli_remark(cli, "without the built-in rules, as before");
	while (good && paths.n)
		good = load_path(cli, rs, arena_cstr(cli->keep, text_cut(&paths, '\n')), err);
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
		char *whole = realpath(given->items[i], NULL);

		if (whole && !text_eq(text_of(given->items[i]), NO_RULES))
			now = arena_printf(cli->keep, TEXT_FMT "%s%s", TEXT_ARG(now),
					   now.n ? "\n" : "", whole);
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

bool
cli_rules_load(const struct cli *cli, struct casefile *cf, bool tags, struct ruleset **rs,
	       struct err *err)
{
	bool good;

	*rs = ruleset_new();
	if (cf && tags && !rules_given(cli))
		good = load_remembered(cli, cf, *rs, err);
	else
		good = load_given(cli, *rs, err);
	if (good)
		return true;
	ruleset_free(*rs);
	*rs = NULL;
	return false;
}

bool
cli_rules(const struct cli *cli, struct casefile *cf, struct ruleset **rs, struct err *err)
{
	struct case_macro *macros;
	bool               tags = cli->opt->command->groups & GROUP_WORK;

	if (!cli_rules_load(cli, cf, tags, rs, err))
		return false;
	if (cf) {
		size_t n = work_macros(cf, cli->keep, &macros);

		for (size_t i = 0; i < n; i++)
			if (!macros[i].off)
				ruleset_set_macro(*rs, macros[i].name, macros[i].definition);
	}
	ruleset_compile(*rs);
	return true;
}
