/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which detections a command works with, and where the installed data lies. */
#include "config.h"

#include <stdlib.h>
#include <unistd.h>

#include "cli/cli.h"
#include "store/findings.h"

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

bool
cli_rules(const struct cli *cli, struct casefile *cf, struct ruleset **rs, struct err *err)
{
	const struct option_values *given = &cli->opt->values[OPTION_RULES];
	struct case_macro          *macros;
	bool                        good = true;

	*rs = ruleset_new();
	if (!option_given(cli->opt, OPTION_NO_BUILTIN))
		good = load_builtin(cli, *rs, err);
	for (uint32_t i = 0; good && i < given->n; i++)
		good = ruleset_load(*rs, text_of(given->items[i]), err);
	if (good && cf) {
		size_t n = work_macros(cf, cli->keep, &macros);

		for (size_t i = 0; i < n; i++)
			ruleset_set_macro(*rs, macros[i].name, macros[i].definition);
	}
	if (good) {
		ruleset_compile(*rs);
		return true;
	}
	ruleset_free(*rs);
	*rs = NULL;
	return false;
}
