/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/completion.h"

#include "cli/cli.h"

static void
print_options(FILE *out, const struct command *command)
{
	for (int i = 0; i < OPTION_COUNT; i++)
		if (option_table[i].group & command->groups)
			fprintf(out, " --%s", option_table[i].name);
}

int
completion_print(FILE *out, const char *shell)
{
	struct err err = { 0 };

	if (strcmp(shell, "bash") != 0) {
		err_set(&err, ERR_USAGE, "no completion for %s; there is one for bash", shell);
		return cli_fail(&err);
	}
	fputs("# bash completion for auger, printed by: auger --completion bash\n"
	      "_auger()\n"
	      "{\n"
	      "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=\n"
	      "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
	      "\t\twords=\"--help --version",
	      out);
	for (const struct command *c = command_table; c->name; c++)
		fprintf(out, " %s", c->name);
	fputs("\"\n\telif [ \"$before\" = --format ] && [ \"${COMP_WORDS[1]}\" = report ]; then\n"
	      "\t\twords=\"html markdown layer timesketch\"\n"
	      "\telif [ \"$before\" = --format ]; then\n\t\twords=\"table csv jsonl\"\n"
	      "\telif [ \"$before\" = --bookmark ]; then\n\t\twords=\"yes no\"\n"
	      "\telif [ \"$before\" = rules ] && [ \"$COMP_CWORD\" -eq 2 ]; then\n"
	      "\t\twords=\"list check explain test commands functions aggregates\"\n"
	      "\telif [ \"$before\" = notes ] && [ \"$COMP_CWORD\" -eq 2 ]; then\n"
	      "\t\twords=\"list export import set\"\n"
	      "\telse\n\t\tcase ${COMP_WORDS[1]} in\n",
	      out);
	for (const struct command *c = command_table; c->name; c++) {
		fprintf(out, "\t\t%s) words=\"", c->name);
		print_options(out, c);
		fputs("\" ;;\n", out);
	}
	fputs("\t\tesac\n"
	      "\t\tcase $word in -*) ;; *) words= ;; esac\n"
	      "\tfi\n"
	      "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
	      "\tcase $word in -*) ;; *) COMPREPLY+=($(compgen -f -- \"$word\")) ;; esac\n"
	      "}\n"
	      "complete -o filenames -F _auger auger\n",
	      out);
	return EXIT_DONE;
}
