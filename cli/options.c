/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/options.h"

#include <sys/stat.h>

#include "base/ascii.h"
#include "base/when.h"
#include "cli/cli.h"
#include "rules/suggest.h"

const struct option_entry option_table[OPTION_COUNT] = {
#define OPTION(id, name, letter, argument, group, help)                                            \
	[OPTION_##id] = { name, letter, argument, group, help },
#include "cli/options.def"
#undef OPTION
};

const struct command command_table[] = {
#define COMMAND(name, usage, least, most, groups, help)                                            \
	{ #name, usage, help, least, most, (groups) | GROUP_ALWAYS, command_##name },
#include "cli/commands.def"
#undef COMMAND
	{ 0 },
};

const struct command *
command_named(struct text name)
{
	for (const struct command *c = command_table; c->name; c++)
		if (text_eq(name, text_of(c->name)))
			return c;
	return NULL;
}

/* Letters to change, add or leave out until X is Y (Levenshtein); words are short. */
static size_t
distance(struct text x, struct text y)
{
	size_t row[32];

	if (x.n > 30 || y.n > 30)
		return 30;
	for (size_t j = 0; j <= y.n; j++)
		row[j] = j;
	for (size_t i = 1; i <= x.n; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= y.n; j++) {
			size_t change = corner + (x.p[i - 1] != y.p[j - 1]);

			corner = row[j];
			if (row[j - 1] + 1 < change)
				change = row[j - 1] + 1;
			row[j] = corner + 1 < change ? corner + 1 : change;
		}
	}
	return row[y.n];
}

const struct command *
command_near(struct text name)
{
	const struct command *best = NULL;
	size_t                least = 3; /* more slips than that are another word */

	for (const struct command *c = command_table; c->name; c++) {
		size_t d = distance(name, text_of(c->name));

		if (d < least && d < name.n) {
			least = d;
			best = c;
		}
	}
	return best;
}

static bool
option_takes(const struct option_entry *o, const struct command *command, struct text name)
{
	if (!(o->group & command->groups))
		return false;
	if (name.n == 1)
		return o->letter == name.p[0];
	return text_eq(name, text_of(o->name));
}

static bool
option_elsewhere(struct text name)
{
	for (int i = 0; i < OPTION_COUNT; i++)
		if (text_eq(name, text_of(option_table[i].name)))
			return true;
	return false;
}

/* The option of the command whose name is nearest; absent: none is near. */
static struct text
option_near(const struct command *command, struct text name)
{
	struct text known[OPTION_COUNT];
	size_t      n = 0;

	for (int i = 0; i < OPTION_COUNT; i++)
		if (option_table[i].group & command->groups)
			known[n++] = text_of(option_table[i].name);
	return suggest(name, known, n);
}

static void
option_add(struct option_values *v, const char *value, struct arena *keep)
{
	const char **items = arena_new(keep, const char *, v->n + 1);

	for (uint32_t i = 0; i < v->n; i++)
		items[i] = v->items[i];
	items[v->n++] = value;
	v->items = items;
}

/* Takes the option at argv[*at], and the argument behind it if it needs one. */
static bool
option_read(struct options *out, int argc, char **argv, int *at, struct arena *keep,
	    struct err *err)
{
	const struct command *command = out->command;
	const char           *word = argv[*at], *value = NULL;
	bool                  is_long = word[1] == '-';
	struct text           rest = text_of(word + (is_long ? 2 : 1));
	struct text           name = is_long ? text_cut(&rest, '=') : text_head(rest, 1), near;

	if (is_long)
		value = text_absent(rest) ? NULL : rest.p;
	else if (rest.n > 1)
		value = rest.p + 1;
	for (int i = 0; i < OPTION_COUNT; i++) {
		const struct option_entry *o = &option_table[i];

		if (!option_takes(o, command, name) || (is_long && name.n == 1))
			continue;
		if (!o->argument && value)
			return err_set(err, ERR_USAGE, "--%s takes no value", o->name);
		if (o->argument && !value) {
			if (*at + 1 >= argc)
				return err_set(err, ERR_USAGE, "--%s needs a value: --%s %s",
					       o->name, o->name, o->argument);
			value = argv[++*at];
		}
		option_add(&out->values[i], value ? value : "", keep);
		return true;
	}
	near = is_long && !option_elsewhere(name) ? option_near(command, name) : TEXT_NONE;
	return err_set(err, ERR_USAGE, "%s %.*s%s" TEXT_FMT "%s (see: auger %s --help)",
		       option_elsewhere(name) ? "this command has no option" : "unknown option",
		       (int)(name.n + (is_long ? 2 : 1)), word, text_absent(near) ? "" : ": did you mean --",
		       TEXT_ARG(near), text_absent(near) ? "" : "?", command->name);
}

/* Is WORD one of the first words of a usage like "list|export CASE; import CASE FILE"? */
static bool
is_verb(struct text usage, struct text word)
{
	while (!text_absent(usage)) {
		struct text form = text_trim(text_cut(&usage, ';')), verbs = text_cut(&form, ' ');

		while (!text_absent(verbs))
			if (text_eq(text_cut(&verbs, '|'), word))
				return true;
	}
	return false;
}

/* What should stand behind the arguments that were given, in the words of the usage. */
static struct text
missing_argument(const struct options *o)
{
	struct text usage = text_of(o->command->usage), word = TEXT_NONE;

	if (text_find_byte(usage, ';') != TEXT_NOWHERE &&
	    (o->n_args == 0 || !is_verb(usage, text_of(o->args[0]))))
		return TEXT("what to do");
	for (uint32_t i = 0; i <= o->n_args; i++)
		word = text_cut(&usage, ' ');
	while (word.n && (word.p[word.n - 1] == '.' || word.p[word.n - 1] == ';'))
		word.n--;
	return word;
}

/* As many arguments as the command takes? */
static bool
check_arguments(const struct options *o, struct err *err)
{
	const struct command *command = o->command;

	if (o->n_args < (uint32_t)command->min_args) {
		struct text missing = missing_argument(o);
		struct stat at;

		if (command->run == command_import && o->n_args && stat(o->args[0], &at) == 0 &&
		    S_ISDIR(at.st_mode))
			return err_set(err, ERR_USAGE,
				       "%s is a folder; the case stands before it: auger import CASE %s",
				       o->args[0], o->args[0]);
		return err_set(err, ERR_USAGE,
			       TEXT_FMT " is missing; usage: auger %s %s (see: auger %s --help)",
			       TEXT_ARG(missing), command->name, command->usage, command->name);
	}
	if (command->max_args >= 0 && o->n_args > (uint32_t)command->max_args)
		return err_set(err, ERR_USAGE,
			       "too many arguments; usage: auger %s %s (see: auger %s --help)",
			       command->name, command->usage, command->name);
	return true;
}

bool
options_parse(struct options *out, const struct command *command, int argc, char **argv,
	      struct arena *keep, struct err *err)
{
	bool only_args = false;

	*out = (struct options){ .command = command };
	out->args = arena_new(keep, const char *, (size_t)argc + 1);
	for (int i = 0; i < argc; i++) {
		if (!only_args && strcmp(argv[i], "--") == 0)
			only_args = true;
		else if (only_args || argv[i][0] != '-' || !argv[i][1] ||
			 ascii_digit(argv[i][1])) /* "-", and times: -2d */
			out->args[out->n_args++] = argv[i];
		else if (!option_read(out, argc, argv, &i, keep, err))
			return err_where(err, "%s", command->name);
	}
	return option_given(out, OPTION_HELP) || check_arguments(out, err) ||
	       err_where(err, "%s", command->name);
}

bool
option_given(const struct options *o, enum option_id id)
{
	return o->values[id].n > 0;
}

const char *
option_cstr(const struct options *o, enum option_id id)
{
	const struct option_values *v = &o->values[id];

	return v->n ? v->items[v->n - 1] : NULL;
}

struct text
option_text(const struct options *o, enum option_id id)
{
	return text_of(option_cstr(o, id));
}

static bool
bad_value(const struct options *o, enum option_id id, const char *wanted, struct err *err)
{
	return err_set(err, ERR_USAGE, "--%s %s: not %s", option_table[id].name, option_cstr(o, id),
		       wanted);
}

bool
option_number(const struct options *o, enum option_id id, double *out, struct err *err)
{
	if (!option_given(o, id) || text_to_double(option_text(o, id), out))
		return true;
	return bad_value(o, id, "a number", err);
}

bool
option_count(const struct options *o, enum option_id id, uint32_t most, uint32_t *out,
	     struct err *err)
{
	int64_t n;

	if (!option_given(o, id))
		return true;
	if (!text_to_i64(option_text(o, id), &n) || n < 1 || n > most)
		return err_set(err, ERR_USAGE, "--%s %s: not a number from 1 to %u",
			       option_table[id].name, option_cstr(o, id), most);
	*out = (uint32_t)n;
	return true;
}

bool
option_bytes(const struct options *o, enum option_id id, uint64_t *out, struct err *err)
{
	struct text t = option_text(o, id);
	unsigned    shift = 0;
	int64_t     n;

	if (text_absent(t))
		return true;
	if (t.n > 1 && (text_iends(t, TEXT("b"))))
		t.n--;
	if (t.n > 1) {
		static const char units[] = "kmgKMG";
		const char       *unit = memchr(units, t.p[t.n - 1], sizeof(units) - 1);

		if (unit) {
			shift = 10 * (unsigned)((unit - units) % 3 + 1);
			t.n--;
		}
	}
	if (!text_to_i64(t, &n) || n < 1 || n > (INT64_MAX >> shift))
		return bad_value(o, id, "a size such as 256M", err);
	*out = (uint64_t)n << shift;
	return true;
}

bool
zone_offset(struct text zone, int32_t *seconds)
{
	int64_t hours, minutes = 0;
	bool    west = zone.n && zone.p[0] == '-';

	if (text_ieq(zone, TEXT("utc")) || text_ieq(zone, TEXT("gmt")) ||
	    text_ieq(zone, TEXT("z"))) {
		*seconds = 0;
		return true;
	}
	if (zone.n < 3 || (!west && zone.p[0] != '+'))
		return false;
	if (!text_to_i64(text_head(text_from(zone, 1), 2), &hours))
		return false;
	zone = text_from(zone, 3);
	if (zone.n && zone.p[0] == ':')
		zone = text_from(zone, 1);
	if (zone.n && (zone.n != 2 || !text_to_i64(zone, &minutes)))
		return false;
	if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59)
		return false;
	*seconds = (int32_t)(hours * 3600 + minutes * 60) * (west ? -1 : 1);
	return true;
}

bool
option_offset(const struct options *o, enum option_id id, int32_t *seconds, struct err *err)
{
	if (!option_given(o, id) || zone_offset(option_text(o, id), seconds))
		return true;
	return bad_value(o, id, "an offset from UTC such as +02:00", err);
}
