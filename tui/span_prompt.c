/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/span_prompt.h"

#include "base/when.h"
#include "rules/timespec.h"
#include "tui/filter.h"

#define MINUTES_MOST 5256000 /* ten years */

/* "5", "90s", "2h": how far around; minutes when nothing is said. */
static bool
read_half(struct text text, int64_t *half_ns)
{
	struct text length = text_trim(text);
	uint64_t    n;

	if (text_to_u64(length, &n) && n > 0 && n <= MINUTES_MOST)
		*half_ns = (int64_t)n * 60 * WHEN_SECOND;
	else if (!timespan_length(length, half_ns))
		return false;
	return *half_ns % WHEN_SECOND == 0 && *half_ns <= MINUTES_MOST * 60 * WHEN_SECOND;
}

static void ask_half(struct app *app, struct text start);

static void
half_given(struct app *app, struct text text)
{
	struct err err = { 0 };
	int64_t    half_ns;

	if (!text_trim(text).n)
		return;
	if (read_half(text, &half_ns)) {
		open_around_span(app, app_level(app), half_ns);
		return;
	}
	err_set(&err, ERR_USAGE, TEXT_FMT " is no length of time such as 5, 90s, 2h or 1d",
		TEXT_ARG(text));
	app_complain(app, &err);
	ask_half(app, arena_copy(&app->frame, text));
}

static void
ask_half(struct app *app, struct text start)
{
	prompt_open(&app->prompt, "minutes before and after", "Enter shows them; also 90s, 2h, 1d",
		    start);
	app->prompt.done = half_given;
}

static void ask_time(struct app *app, struct text start);

static void
time_given(struct app *app, struct text text)
{
	struct err err = { 0 };

	if (!text_trim(text).n ||
	    filter_set_word(app, arena_printf(&app->frame, "time=" TEXT_FMT, TEXT_ARG(text)), &err))
		return;
	app_complain(app, &err);
	ask_time(app, arena_copy(&app->frame, text));
}

static void
ask_time(struct app *app, struct text start)
{
	prompt_open(&app->prompt, "time",
		    "Enter keeps it: 2023-03-20 is that day, A..B from A to B, -24h the last day", start);
	app->prompt.done = time_given;
}

void
span_prompt_open(struct app *app, const struct level *level)
{
	if (level->around_ns)
		ask_half(app, TEXT(""));
	else
		ask_time(app, TEXT(""));
}
