/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/lookback.h"

#include "base/when.h"
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
	char     unit = words.n > 1 ? words.p[words.n - 1] : '\0';
	uint64_t n, seconds = unit == 'd' ? DAY_S : unit == 'w' ? 7 * DAY_S : HOUR_S;

	if ((unit != 'd' && unit != 'w' && unit != 'h') ||
	    !text_to_u64(text_head(words, words.n - 1), &n) || n == 0 ||
	    n > (uint64_t)DAYS_MOST * DAY_S / seconds)
		return false;
	c->number = (double)(n * seconds);
	return true;
}

struct text
lookback_length(const struct condition *c, struct arena *keep)
{
	uint64_t hours = (uint64_t)c->number / HOUR_S;

	return hours % 24 || hours == 24
		   ? arena_printf(keep, "%lluh", (unsigned long long)hours)
		   : arena_printf(keep, "%llud", (unsigned long long)hours / 24);
}

bool
lookback_resolve(const struct app *app, struct condition *c)
{
	int64_t end = app->info.clock_ns, length = (int64_t)c->number * WHEN_SECOND;

	if (end == WHEN_NONE)
		return false;
	c->span.earliest_ns = end < WHEN_NONE + length + 1 ? WHEN_NONE + 1 : end - length + 1;
	c->span.latest_ns = when_later(end, 1);
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
