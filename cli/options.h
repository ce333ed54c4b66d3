/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * options.h - the command line, taken apart by the tables commands.def and options.def.
 *
 * Ownership: texts point into argv. Errors: ERR_USAGE, naming the way out.
 */
#ifndef AUGER_CLI_OPTIONS_H
#define AUGER_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

/* What a command accepts. */
enum option_group {
	GROUP_ALWAYS = 1 << 0,
	GROUP_FILTER = 1 << 1,
	GROUP_RANGE  = 1 << 2,
	GROUP_RULES  = 1 << 3,
	GROUP_OUTPUT = 1 << 4,
	GROUP_EXPORT = 1 << 5,
	GROUP_WORK   = 1 << 6,
	GROUP_DECODE = 1 << 7,
	GROUP_BROWSE = 1 << 8,
	GROUP_CAP    = 1 << 9,
	GROUP_MACRO  = 1 << 10,
	GROUP_REPORT = 1 << 11,
	GROUP_NOTES  = 1 << 12,
	GROUP_TEST   = 1 << 13,
	GROUP_SHOW   = 1 << 14,
	GROUP_MEMORY = 1 << 15,
	GROUP_FACTOR = 1 << 16,
	GROUP_ENTITY = 1 << 17,
	GROUP_GIVEN  = 1 << 18,
};

enum option_id {
#define OPTION(id, name, letter, argument, group, help) OPTION_##id,
#include "cli/options.def"
#undef OPTION
	OPTION_COUNT
};

struct option_entry {
	const char *name;
	char        letter;
	const char *argument; /* NULL: a switch */
	unsigned    group;
	const char *help;
};
extern const struct option_entry option_table[OPTION_COUNT];

struct cli;

struct command {
	const char *name, *usage, *help;
	int         min_args, max_args; /* -1: any number */
	unsigned    groups;             /* enum option_group */
	int (*run)(struct cli *cli);    /* the exit status */
};
/* All commands in the order of the help; ended by an entry without name. */
extern const struct command command_table[];

const struct command *command_named(struct text name); /* NULL: none */
/* The command whose name is nearest to a mistyped one; NULL when none is near. */
const struct command *command_near(struct text name);

struct options {
	const struct command *command;
	const char          **args;
	uint32_t              n_args;
	struct option_values {
		const char **items; /* "" for a switch */
		uint32_t     n;
	} values[OPTION_COUNT];
};

/* ARGV is what stands behind the command's name. */
bool options_parse(struct options *out, const struct command *command, int argc, char **argv,
		   struct arena *keep, struct err *err);

bool        option_given(const struct options *o, enum option_id id);
const char *option_cstr(const struct options *o, enum option_id id); /* the last; NULL: not given */
struct text option_text(const struct options *o, enum option_id id); /* absent: not given */

/* Values with a meaning; *OUT keeps its value when the option is not given. */
bool option_number(const struct options *o, enum option_id id, double *out, struct err *err);
bool option_count(const struct options *o, enum option_id id, uint32_t most, uint32_t *out,
		  struct err *err);
bool option_bytes(const struct options *o, enum option_id id, uint64_t *out, struct err *err);
bool option_offset(const struct options *o, enum option_id id, int32_t *seconds, struct err *err);

/* "+02:00", "-0530", "UTC", "Z": seconds east of UTC. */
bool zone_offset(struct text zone, int32_t *seconds);

void help_print(FILE *out);
/* The same for someone who has only typed its name: fits a screen. */
void help_begin(FILE *out);
void help_command(FILE *out, const struct command *command);

#endif
