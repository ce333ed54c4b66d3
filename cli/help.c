/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What --help prints: the tables commands.def and options.def as text. */
#include "config.h"

#include <stdbool.h>
#include <string.h>

#include "cli/options.h"
#include "importers/importer.h"

static const char *const exit_help =
    "Exit status: 0 done; 1 done, but something was skipped or damaged; 2 nothing\n"
    "done: wrong use, no such case; 3 failed or stopped on the way, what was\n"
    "committed stays.\n";

#define HELP_COLUMNS 80

/* TEXT from column AT on, in lines that fit; the cursor is there already. */
static void
print_beside(FILE *out, int at, const char *help)
{
	struct text rest = text_of(help);
	int         column = at;

	while (rest.n) {
		struct text word = text_cut(&rest, ' ');

		if (column > at && column + (int)word.n + 1 >= HELP_COLUMNS) {
			fprintf(out, "\n%*s", at, "");
			column = at;
		}
		column += fprintf(out, "%s" TEXT_FMT, column > at ? " " : "", TEXT_ARG(word));
	}
	fputc('\n', out);
}

/* One line; a usage that is long, or has several forms, is left to the help of the command. */
static void
print_command(FILE *out, const struct command *c)
{
	const int width = 31;
	bool      brief = strlen(c->name) + strlen(c->usage) + 4 < (size_t)width;
	int       n = fprintf(out, "  %s %s", c->name, brief ? c->usage : "...");

	fprintf(out, "%*s%.*s\n", width - n, "", (int)strcspn(c->help, ":;"), c->help);
}

static const char to_an_answer[] =
    "From evidence to an answer:\n"
    "  auger import hunt.auger /mnt/evidence    read it all, run the detections\n"
    "  auger hunt.auger                         look at it; ? shows the keys\n"
    "  auger findings hunt.auger --host WS-07 -o WS-07.csv\n\n";

void
help_begin(FILE *out)
{
	fputs("auger drills from a pile of Windows event logs down to host, finding and record.\n\n",
	      out);
	fputs(to_an_answer, out);
	fputs("hunt.auger is the case, one file; the first import makes it. auger demo makes\n"
	      "one to look at. auger --help lists the commands, auger COMMAND --help the options.\n",
	      out);
}

/* With the prompt behind it, a terminal of 24 rows shows all of it. */
void
help_print(FILE *out)
{
	fputs("auger drills from a pile of Windows event logs down to host, finding and record.\n"
	      "usage: auger CASE, the terminal UI; auger COMMAND ARGUMENTS..., more by --help\n",
	      out);
	for (const struct command *c = command_table; c->name; c++)
		if (strcmp(c->name, "browse") != 0) /* it is the first line */
			print_command(out, c);
}

static void
help_option(FILE *out, const struct option_entry *o)
{
	char head[48];

	snprintf(head, sizeof(head), "%s%c%s--%s%s%s", o->letter ? "-" : " ",
		 o->letter ? o->letter : ' ', o->letter ? ", " : "  ", o->name,
		 o->argument ? " " : "", o->argument ? o->argument : "");
	print_beside(out, fprintf(out, "  %-24s ", head), o->help);
}

void
help_command(FILE *out, const struct command *command)
{
	fprintf(out, "usage: auger %s %s\n\n", command->name, command->usage);
	print_beside(out, 0, command->help);
	fputs("\noptions:\n", out);
	for (int i = 0; i < OPTION_COUNT; i++)
		if (option_table[i].group & command->groups)
			help_option(out, &option_table[i]);
	if (command->groups & GROUP_DECODE) {
		fputs("\nformats, told by content:\n", out);
		for (size_t i = 0; importers[i]; i++)
			print_beside(out, fprintf(out, "  %-12s ", importers[i]->name),
				     importers[i]->title);
	}
	fputc('\n', out);
	fputs(exit_help, out);
}
