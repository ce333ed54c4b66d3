/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which value of a finding's row says what happened. */
#include "config.h"

#include "base/telling.h"
#include "tests/tap.h"

#define N(fields) (sizeof(fields) / sizeof((fields)[0]))

static struct finding_field
field(const char *name, const char *value)
{
	return (struct finding_field){ text_of(name), text_of(value) };
}

static void
the_command_line_says_most(struct arena keep)
{
	const struct finding_field row[] = { field("dest", "WS-07"), field("process_name", "reg.exe"),
					     field("parent_process", "cmd.exe /c x"),
					     field("process", "reg  save\nHKLM\\SAM\tout ") };

	is(telling_value(row, N(row), &keep), TEXT("reg save HKLM\\SAM out"),
	   "a command line comes before names of programs, in one line");
}

static void
what_is_not_known_says_nothing(struct arena keep)
{
	const struct finding_field row[] = { field("process", "unknown"), field("CommandLine", " - "),
					     field("command", "null"), field("ScriptBlockText", ""),
					     field("service", "PSEXESVC") };

	is(telling_value(row, N(row), &keep), TEXT("PSEXESVC"), "words for no value are none");
}

static void
names_may_stand_in_others(struct arena keep)
{
	const struct finding_field listed[] = { field("values(object_file_path)", "C:\\x") };
	const struct finding_field model[] = { field("Processes.process", "whoami") };

	is(telling_value(listed, N(listed), &keep), TEXT("C:\\x"), "within a function");
	is(telling_value(model, N(model), &keep), TEXT("whoami"), "behind a data set");
}

static void
a_script_block_begins_behind_its_title(struct arena keep)
{
	const struct finding_field row[] = { field(
	    "Message", "Creating Scriptblock text (1 of 2):\r\nGet-Process\nwhoami") };

	is(telling_value(row, N(row), &keep), TEXT("Get-Process whoami"),
	   "the message of a script block is its script");
}

static void
rows_without_such_a_field_have_none(struct arena keep)
{
	const struct finding_field row[] = { field("dest", "WS-07"), field("count", "3"),
					     field("()", "x"), field("", "y") };

	ok(text_absent(telling_value(row, N(row), &keep)), "counts and hosts tell nothing");
	ok(text_absent(telling_value(NULL, 0, &keep)), "nor does an empty row");
}

static void
long_values_end_with_whole_characters(struct arena keep)
{
	char                 value[1024];
	struct finding_field row;
	struct text          told;

	for (size_t shift = 0; shift < 3; shift++) {
		size_t n = 0;

		for (; n < shift; n++)
			value[n] = 'x';
		for (; n + 3 < sizeof(value); n += 3)
			memcpy(value + n, "管", 3);
		value[n] = '\0';
		row = field("process", value);
		told = telling_value(&row, 1, &keep);
		ok(told.n > 150 && told.n <= 160 && (told.n - shift) % 3 == 0,
		   "a long value is cut behind a character (%zu)", shift);
	}
}

int
main(void)
{
	struct arena keep = arena_open((size_t)1 << 20);

	the_command_line_says_most(keep);
	what_is_not_known_says_nothing(keep);
	names_may_stand_in_others(keep);
	a_script_block_begins_behind_its_title(keep);
	rows_without_such_a_field_have_none(keep);
	long_values_end_with_whole_characters(keep);
	arena_close(&keep);
	return done_testing();
}
