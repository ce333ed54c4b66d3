/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/lookback.h"

#include "base/when.h"
#include "rules/timespec.h"
#include "tui/filter.h"

#define DAY_S  86400
#define HOUR_S 3600
#define DAYS_MOST 36500

bool
lookback_is(const struct condition *c)
{
	return c->part == FILTER_TIME && c->number > 0;
}

bool
lookback_read(struct text words, struct condition *c)
{
	int64_t length_ns;

	if (!timespan_length(words, &length_ns) || length_ns % WHEN_SECOND ||
	    length_ns > DAYS_MOST * WHEN_DAY)
		return false;
	c->number = (double)(length_ns / WHEN_SECOND);
	return true;
}

struct text
lookback_length(const struct condition *c, struct arena *keep)
{
	uint64_t seconds = (uint64_t)c->number;
	bool     days = seconds % DAY_S == 0 && seconds != DAY_S;
	uint64_t unit = days ? DAY_S : seconds % HOUR_S == 0 ? HOUR_S : seconds % 60 == 0 ? 60 : 1;
	char     name = unit == DAY_S ? 'd' : unit == HOUR_S ? 'h' : unit == 60 ? 'm' : 's';

	return arena_printf(keep, "%llu%c", (unsigned long long)(seconds / unit), name);
}

struct span
lookback_span(int64_t end_ns, int64_t length_ns)
{
	bool all = end_ns < WHEN_NONE + length_ns + 1;

	return (struct span){ all ? WHEN_NONE + 1 : end_ns - length_ns + 1, when_later(end_ns, 1) };
}

bool
lookback_resolve(const struct app *app, struct condition *c)
{
	if (app->info.clock_ns == WHEN_NONE)
		return false;
	c->span = lookback_span(app->info.clock_ns, (int64_t)c->number * WHEN_SECOND);
	return true;
}

/* The chip; app->n_chips: there is none in force. One that leaves such a time out is none. */
static uint32_t
lookback_at(const struct app *app)
{
	uint32_t i = 0;

	if (app->filter_off)
		return app->n_chips;
	while (i < app->n_chips && (app->chips[i].off || app->chips[i].is.excludes ||
				    !lookback_is(&app->chips[i].is)))
		i++;
	return i;
}

void
lookback_drop(struct app *app, struct err *err)
{
	uint32_t at = lookback_at(app);

	if (at < app->n_chips)
		filter_replace(app, at, NULL, err);
}

void
lookback_next(struct app *app)
{
	uint32_t   at = lookback_at(app);
	struct err err = { 0 };
	bool       good;

	if (at == app->n_chips)
		good = filter_set_word(app, TEXT("time=7d"), &err);
	else if (app->chips[at].is.number > DAY_S)
		good = filter_set_word(app, TEXT("time=24h"), &err);
	else
		good = filter_replace(app, at, NULL, &err);
	if (!good)
		app_complain(app, &err);
}

struct text
lookback_note(const struct app *app, struct arena *keep)
{
	uint32_t at = lookback_at(app);
	char     human[WHEN_TEXT_MAX] = "";

	if (at == app->n_chips || app->info.clock_ns == WHEN_NONE)
		return TEXT_NONE;
	zone_human(&app->screen.zone, app->info.clock_ns, human);
	return arena_printf(keep, "risk window " TEXT_FMT " to %.16s " TEXT_FMT,
			    TEXT_ARG(lookback_length(&app->chips[at].is, keep)), human,
			    TEXT_ARG(zone_short(&app->screen.zone)));
}
