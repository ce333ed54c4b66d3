/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What --help prints: the tables commands.def and options.def as text. */
#include "config.h"

#include "cli/options.h"
#include "importers/importer.h"

static const char *const exit_help =
    "Exit status: 0 done; 1 done, but something was skipped or damaged; 2 nothing done:\n"
    "wrong use, no such case; 3 failed or stopped on the way, what was committed stays.\n";

static void
print_command(FILE *out, const struct command *c)
{
	const int width = 31;
	int       n = fprintf(out, "  %s %s", c->name, c->usage);

	if (n >= width)
		fprintf(out, "\n%*s", width, "");
	fprintf(out, "%*s%s\n", n < width ? width - n : 0, "", c->help);
}

void
help_print(FILE *out)
{
	fputs("auger drills from a pile of Windows event logs down to host, finding and record.\n\n"
	      "usage: auger CASE                  open the case in the terminal UI\n"
	      "       auger COMMAND ARGUMENTS...  one of the commands below\n\n"
	      "CASE is one file, by habit something.auger; the first import makes it.\n\n",
	      out);
	for (const struct command *c = command_table; c->name; c++)
		print_command(out, c);
	fputs("\nFrom evidence to an answer:\n"
	      "  auger import hunt.auger /mnt/evidence    read it all, run the detections\n"
	      "  auger hunt.auger                         look at it; ? shows the keys\n"
	      "  auger findings hunt.auger --host WS-07 -o WS-07.csv\n\n"
	      "auger COMMAND --help shows the options; auger --version the version.\n\n",
	      out);
	fputs(exit_help, out);
}

static void
help_option(FILE *out, const struct option_entry *o)
{
	char head[48];

	snprintf(head, sizeof(head), "%s%c%s--%s%s%s", o->letter ? "-" : " ",
		 o->letter ? o->letter : ' ', o->letter ? ", " : "  ", o->name,
		 o->argument ? " " : "", o->argument ? o->argument : "");
	fprintf(out, "  %-24s %s\n", head, o->help);
}

void
help_command(FILE *out, const struct command *command)
{
	fprintf(out, "usage: auger %s %s\n\n%s\n\noptions:\n", command->name, command->usage,
		command->help);
	for (int i = 0; i < OPTION_COUNT; i++)
		if (option_table[i].group & command->groups)
			help_option(out, &option_table[i]);
	if (command->groups & GROUP_DECODE) {
		fputs("\nformats, told by content:\n", out);
		for (size_t i = 0; importers[i]; i++)
			fprintf(out, "  %-12s %s\n", importers[i]->name, importers[i]->title);
	}
	fputc('\n', out);
	fputs(exit_help, out);
}
