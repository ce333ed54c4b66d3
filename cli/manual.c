/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/manual.h"

#include "cli/cli.h"
#include "importers/importer.h"
#include "tui/keys.h"

/* Words of a macro line: no word is taken for a macro or a delimiter, no character for markup. */
static void
put_words(FILE *out, const char *words)
{
	bool begins = true;

	for (const char *p = words; *p; p++) {
		if (begins && *p != ' ')
			fputs("\\&", out);
		begins = *p == ' ';
		if (*p == '\\')
			fputs("\\e", out);
		else if (*p == '"')
			fputs("\\(dq", out);
		else if (*p == '-')
			fputs("\\-", out);
		else
			putc(*p, out);
	}
}

static void
put_help(FILE *out, const char *help)
{
	putc('\n', out);
	put_words(out, help);
	fputs(".\n", out);
}

static void
print_commands(FILE *out)
{
	for (const struct command *c = command_table; c->name; c++) {
		fprintf(out, ".It Cm %s Ar ", c->name);
		put_words(out, c->usage);
		put_help(out, c->help);
	}
}

static void
print_options(FILE *out)
{
	for (int i = 0; i < OPTION_COUNT; i++) {
		const struct option_entry *o = &option_table[i];

		if (o->letter)
			fprintf(out, ".It Fl %c , Fl -%s", o->letter, o->name);
		else
			fprintf(out, ".It Fl -%s", o->name);
		if (o->argument)
			fprintf(out, " Ar %s", o->argument);
		put_help(out, o->help);
	}
}

static void
print_formats(FILE *out)
{
	for (size_t i = 0; importers[i]; i++) {
		fprintf(out, ".It Cm %s", importers[i]->name);
		put_help(out, importers[i]->title);
	}
}

static void
print_keys(FILE *out)
{
	for (const struct key_line *k = keys_table(); k->action != ACTION_NONE; k++) {
		fputs(".It Cm ", out);
		put_words(out, k->keys);
		put_help(out, k->help);
	}
}

int
manual_print(FILE *out, const char *list)
{
	struct err err = { 0 };

	if (strcmp(list, "commands") == 0) {
		print_commands(out);
	} else if (strcmp(list, "options") == 0) {
		print_options(out);
	} else if (strcmp(list, "formats") == 0) {
		print_formats(out);
	} else if (strcmp(list, "keys") == 0) {
		print_keys(out);
	} else {
		err_set(&err, ERR_USAGE, "--manual: commands, options, formats or keys");
		return cli_fail(&err);
	}
	return EXIT_DONE;
}
