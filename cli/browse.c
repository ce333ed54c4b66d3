/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/browse.h"

#include <stdlib.h>
#include <unistd.h>

#include "cli/serving.h"
#include "tui/tui.h"

static bool
screen_size(const struct cli *cli, struct tui_setup *setup, struct err *err)
{
	struct text rows = option_text(cli->opt, OPTION_SIZE), columns;
	int64_t     r, c;

	if (text_absent(rows))
		rows = TEXT("80x24");
	columns = text_cut(&rows, 'x');
	if (text_absent(rows) || !text_to_i64(columns, &c) || !text_to_i64(rows, &r) || c < 10 ||
	    r < 4 || c > 1000 || r > 1000)
		return err_set(err, ERR_USAGE, "--size: not COLUMNSxROWS such as 120x40");
	setup->columns = (int)c;
	setup->rows = (int)r;
	return true;
}

/* $XDG_CONFIG_HOME/auger/keys, or the same below ~/.config. */
static const char *
settings_path(struct arena *keep)
{
	const char *folder = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	struct text path;

	if (folder && folder[0] == '/')
		path = arena_printf(keep, "%s/auger/keys", folder);
	else if (home && home[0] == '/')
		path = arena_printf(keep, "%s/.config/auger/keys", home);
	else
		return NULL;
	return arena_cstr(keep, path);
}

struct late_rules {
	const struct cli *cli;
	struct casefile  *cf;
	struct ruleset   *rules;
};

static bool
load_rules(void *ctx, struct ruleset **out, struct err *gone, struct err *err)
{
	struct late_rules *late = ctx;

	if (!cli_rules(late->cli, late->cf, &late->rules, gone, err))
		return false;
	*out = late->rules;
	return true;
}

static bool
open_screen(struct cli *cli, struct casefile *cf, const char *path, bool read_only,
	    struct err *err)
{
	struct case_filter filter;
	struct late_rules  late = { .cli = cli, .cf = cf };
	struct tui_setup   setup = {
		  .case_path = path,
		  .view = option_cstr(cli->opt, OPTION_VIEW),
		  .read_only = read_only,
		  .ascii = option_given(cli->opt, OPTION_ASCII),
		  .zone = option_cstr(cli->opt, OPTION_TZ),
		  .script = option_cstr(cli->opt, OPTION_KEYS),
	};
	bool good;

	setup.importer = cli->importer;
	setup.services = serving_open(cli, path);
	setup.settings = settings_path(cli->keep);
	if (setup.script)
		setup.dump = stdout;
	else if (!isatty(STDOUT_FILENO) || !isatty(STDIN_FILENO))
		return err_set(err, ERR_USAGE,
			       "the UI needs a terminal; try auger hosts %s, auger findings %s",
			       path, path);
	if (setup.script && !screen_size(cli, &setup, err))
		return false;
	if (!cli_filter(cli, cf, &filter, err))
		return false;
	setup.load_rules = load_rules;
	setup.load_rules_ctx = &late;
	setup.filter = &filter;
	good = tui_run(&setup, err);
	ruleset_free(late.rules);
	return good;
}

/* SQLite writes into the file and makes others beside it. */
static bool
writable(const struct cli *cli, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct text folder = TEXT(".");

	if (slash)
		folder = arena_printf(cli->keep, "%.*s/", (int)(slash - path), path);
	return access(path, F_OK) != 0 ||
	       (access(path, W_OK) == 0 && access(folder.p, W_OK | X_OK) == 0);
}

/* Imports from the screen run with the rules and passwords that it was given. */
struct importer *
browse_importer(const struct cli *cli, const char *path)
{
	const struct option_values *rules = &cli->opt->values[OPTION_RULES];
	const struct option_values *passwords = &cli->opt->values[OPTION_PASSWORD];
	const char **options = arena_new(cli->keep, const char *, 2 * (rules->n + passwords->n) + 3);
	size_t       n = 0;

	if (option_given(cli->opt, OPTION_READ_ONLY))
		return NULL;
	for (uint32_t i = 0; i < rules->n; i++) {
		options[n++] = "--rules";
		options[n++] = rules->items[i];
	}
	for (uint32_t i = 0; i < passwords->n; i++) {
		options[n++] = "--password";
		options[n++] = passwords->items[i];
	}
	if (option_given(cli->opt, OPTION_NO_BUILTIN))
		options[n++] = "--no-builtin-rules";
	if (option_given(cli->opt, OPTION_NO_SANDBOX))
		options[n++] = "--no-sandbox";
	return importer_open("/proc/self/exe", options, path);
}

int
browse_case(struct cli *cli, const char *path)
{
	bool             asked = option_given(cli->opt, OPTION_READ_ONLY);
	bool             read_only = asked || !writable(cli, path);
	struct casefile *cf;
	struct err       err = { 0 };
	bool             good;

	if (!casefile_open(&cf, path, read_only ? CASEFILE_UNTOUCHED : CASEFILE_READ, 0, &err)) {
		err_where(&err, "%s", path);
		return cli_fail(&err);
	}
	read_only = read_only || !casefile_writable(cf);
	if (read_only && !asked)
		cli_remark(cli, "%s: %s: opened read-only", path,
			   casefile_linked(cf) ? "has other names (hard links), of which each would have a "
						 "log of its own"
					       : "cannot be written here");
	good = open_screen(cli, cf, path, read_only, &err);
	casefile_close(cf);
	return good ? EXIT_DONE : cli_fail(&err);
}

int
command_browse(struct cli *cli)
{
	return browse_case(cli, cli->opt->args[0]);
}
