/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chips as words: what the bar shows, the palette reads and the session keeps. */
#include "config.h"

#include "base/when.h"
#include "tui/filter.h"
#include "tui/lookback.h"

#define VALUE_SEPARATOR '\x1f' /* between values, in words that are kept */
#define VALUE_SHOWN     40     /* bytes of a value in the bar: of longer ones both ends */

/* The first name of a part is the one that is shown. */
static const struct {
	const char      *name;
	enum filter_part part;
} names[] = {
	{ "host", FILTER_HOST },
	{ "user", FILTER_USER },
	{ "rule", FILTER_RULE },
	{ "technique", FILTER_TECHNIQUE },
	{ "tactic", FILTER_TACTIC },
	{ "type", FILTER_TYPE },
	{ "verdict", FILTER_VERDICT },
	{ "risk", FILTER_RISK },
	{ "time", FILTER_TIME },
	{ "channel", FILTER_CHANNEL },
	{ "provider", FILTER_PROVIDER },
	{ "EventCode", FILTER_EVENT_ID },
	{ "RecordNumber", FILTER_RECORD_ID },
	{ "bookmark", FILTER_BOOKMARK },
	{ "evidence", FILTER_EVIDENCE },
	/* what columns and fields of these are called elsewhere */
	{ "computer", FILTER_HOST },
	{ "ComputerName", FILTER_HOST },
	{ "dest", FILTER_HOST },
	{ "mitre", FILTER_TECHNIQUE },
	{ "techniques", FILTER_TECHNIQUE },
	{ "ATT&CK", FILTER_TECHNIQUE },
	{ "tactics", FILTER_TACTIC },
	{ "rule_id", FILTER_RULE },
	{ "event_id", FILTER_EVENT_ID },
	{ "EventID", FILTER_EVENT_ID },
	{ "record_id", FILTER_RECORD_ID },
	{ "EventRecordID", FILTER_RECORD_ID },
	{ "record", FILTER_RECORD_ID },
	{ "risk_score", FILTER_RISK },
	{ "SourceName", FILTER_PROVIDER },
	{ "_time", FILTER_TIME },
	{ "bookmarked", FILTER_BOOKMARK },
};
#define N_NAMES (sizeof(names) / sizeof(names[0]))

static const char *
part_name(enum filter_part part)
{
	for (size_t i = 0; i < N_NAMES; i++)
		if (names[i].part == part)
			return names[i].name;
	return "";
}

bool
filter_part_named(struct text name, enum filter_part *out)
{
	for (size_t i = 0; i < N_NAMES; i++) {
		if (text_ieq(name, text_of(names[i].name))) {
			*out = names[i].part;
			return true;
		}
	}
	return false;
}

static struct text
moment(int64_t time_ns, const struct zone *zone, size_t n, struct arena *keep)
{
	char human[WHEN_TEXT_MAX];

	if (time_ns == WHEN_NONE || time_ns == WHEN_MAX)
		return TEXT("..");
	return arena_copy(
	    keep, text_head((struct text){ human, zone_human(zone, time_ns, human) }, n));
}

/* The beginning and the end of a long value, in whole characters. */
static struct text
brief(struct text value, struct arena *keep)
{
	size_t head = VALUE_SHOWN / 3, tail = value.n - VALUE_SHOWN / 2;

	if (value.n <= VALUE_SHOWN)
		return value;
	while (head > 0 && ((unsigned char)value.p[head] & 0xc0) == 0x80)
		head--;
	while (tail < value.n && ((unsigned char)value.p[tail] & 0xc0) == 0x80)
		tail++;
	return arena_printf(keep, TEXT_FMT "~" TEXT_FMT, TEXT_ARG(text_head(value, head)),
			    TEXT_ARG(text_from(value, tail)));
}

/* Values for the eye: long ones are cut, many are counted. */
static struct text
values_label(const struct condition *c, struct arena *keep)
{
	struct text all = TEXT("");

	for (uint32_t i = 0; i < c->n_values && i < 4; i++)
		all = arena_printf(keep, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(all), i ? "," : "",
				   TEXT_ARG(brief(c->values[i], keep)));
	if (c->n_values > 4)
		all = arena_printf(keep, TEXT_FMT " and %u more", TEXT_ARG(all),
				   (unsigned)c->n_values - 4);
	return all;
}

#define DAY 10 /* letters of "2020-09-21" */

/* "2020-09-21 00:10 to 00:20", "2020-09-21 00:10 to 2020-09-22 00:20", ".. to 2020-09-22 00:20" */
static struct text
span_label(const struct span *span, const char *without, const struct zone *zone, size_t n,
	   struct arena *keep)
{
	struct text from = moment(span->earliest_ns, zone, n, keep);
	struct text to = moment(span->latest_ns, zone, n, keep);

	if (from.n > DAY && to.n > DAY && text_eq(text_head(from, DAY), text_head(to, DAY)))
		to = text_from(to, DAY + 1);
	return arena_printf(keep, "%s" TEXT_FMT " to " TEXT_FMT, without, TEXT_ARG(from), TEXT_ARG(to));
}

struct text
filter_label(const struct condition *c, const struct zone *zone, struct arena *keep)
{
	const char *without = c->excludes ? "not " : "";
	size_t      n = 16;

	switch (c->part) {
	case FILTER_RISK:
		return arena_printf(keep, c->excludes ? "risk<%g" : "risk>=%g", c->number);
	case FILTER_TIME:
		if (lookback_is(c))
			return arena_printf(keep, "%slast " TEXT_FMT, without,
					    TEXT_ARG(lookback_length(c, keep)));
		if (c->span.earliest_ns % (60 * WHEN_SECOND) ||
		    c->span.latest_ns % (60 * WHEN_SECOND))
			n = 19;
		return span_label(&c->span, without, zone, n, keep);
	case FILTER_FIELD:
		return arena_printf(keep, "%s" TEXT_FMT "=" TEXT_FMT, without, TEXT_ARG(c->name),
				    TEXT_ARG(values_label(c, keep)));
	case FILTER_BOOKMARK:
		if (c->n_values == 1)
			return text_ieq(c->values[0], TEXT("yes")) != c->excludes
				       ? TEXT("bookmarked")
				       : TEXT("not bookmarked");
		break;
	case FILTER_HOST:
	case FILTER_USER:
	case FILTER_RULE:
	case FILTER_TECHNIQUE:
	case FILTER_TACTIC:
	case FILTER_TYPE:
	case FILTER_VERDICT:
	case FILTER_CHANNEL:
	case FILTER_PROVIDER:
	case FILTER_EVENT_ID:
	case FILTER_RECORD_ID:
	case FILTER_EVIDENCE:
		break;
	}
	return arena_printf(keep, "%s%s=" TEXT_FMT, without, part_name(c->part),
			    TEXT_ARG(values_label(c, keep)));
}

static struct text
iso(int64_t time_ns, struct arena *keep)
{
	char out[WHEN_TEXT_MAX];

	if (time_ns == WHEN_NONE || time_ns == WHEN_MAX)
		return TEXT("");
	return arena_copy(keep, (struct text){ out, when_to_iso(time_ns, out) });
}

struct text
filter_word(const struct chip *chip, struct arena *keep)
{
	const struct condition *c = &chip->is;
	struct text             value = TEXT("");

	for (uint32_t i = 0; i < c->n_values; i++)
		value = arena_printf(keep, TEXT_FMT "%.*s" TEXT_FMT, TEXT_ARG(value), i > 0,
				     "\x1f", TEXT_ARG(c->values[i]));
	if (c->part == FILTER_RISK)
		value = arena_printf(keep, "%g", c->number);
	if (lookback_is(c))
		value = lookback_length(c, keep);
	else if (c->part == FILTER_TIME)
		value = arena_printf(keep, TEXT_FMT ".." TEXT_FMT,
				     TEXT_ARG(iso(c->span.earliest_ns, keep)),
				     TEXT_ARG(iso(c->span.latest_ns, keep)));
	return arena_printf(keep, "%s%s%s" TEXT_FMT "=" TEXT_FMT, chip->off ? "off " : "",
			    c->excludes ? "not " : "", c->part == FILTER_FIELD ? "field " : "",
			    TEXT_ARG(c->part == FILTER_FIELD ? c->name
							     : text_of(part_name(c->part))),
			    TEXT_ARG(value));
}

struct text
filter_words(const struct app *app, struct arena *keep)
{
	struct text all = TEXT("");

	for (uint32_t i = 0; i < app->n_chips; i++)
		all = arena_printf(keep, TEXT_FMT TEXT_FMT "\n", TEXT_ARG(all),
				   TEXT_ARG(filter_word(&app->chips[i], keep)));
	return all;
}

/* ISO 8601, or a date alone; empty is open. */
static bool
read_time(struct text value, int64_t open, int64_t *ns)
{
	char day[32];
	bool has_zone;
	int  n;

	*ns = open;
	if (!value.n)
		return true;
	if (value.n != 10)
		return when_from_iso(value, ns, &has_zone);
	n = snprintf(day, sizeof(day), TEXT_FMT "T00:00:00Z", TEXT_ARG(value));
	return when_from_iso((struct text){ day, (size_t)n }, ns, &has_zone);
}

/* "A..B"; "earliest=A" and "latest=B" have one of them. */
static bool
read_span(struct text name, struct text value, struct span *out, struct err *err)
{
	size_t      dots = text_find(value, TEXT(".."));
	struct text from = text_head(value, dots == TEXT_NOWHERE ? 0 : dots);
	struct text to = dots == TEXT_NOWHERE ? TEXT("") : text_from(value, dots + 2);

	if (dots == TEXT_NOWHERE && !text_ieq(name, TEXT("latest")))
		from = value;
	else if (dots == TEXT_NOWHERE)
		to = value;
	return (read_time(from, WHEN_NONE, &out->earliest_ns) &&
		read_time(to, WHEN_MAX, &out->latest_ns)) ||
	       err_set(err, ERR_USAGE, TEXT_FMT " is no time such as 2020-09-21T00:14:37Z, or 7d before the case clock",
		       TEXT_ARG(value));
}

static void
read_values(struct text value, char separator, struct text *values, struct condition *c)
{
	while (!text_absent(value) && c->n_values < FILTER_VALUES_MAX) {
		struct text one = text_trim(text_cut(&value, separator));

		if (one.n)
			values[c->n_values++] = one;
	}
	c->values = values;
}

static bool
take_head(struct text *word, struct text head)
{
	if (!text_istarts(*word, head))
		return false;
	*word = text_trim(text_from(*word, head.n));
	return true;
}

static bool
read_value(struct text name, struct text value, struct condition *c, struct arena *keep,
	   struct err *err)
{
	bool         many = text_find_byte(value, VALUE_SEPARATOR) != TEXT_NOWHERE, listed;
	struct text *values = arena_new(keep, struct text, FILTER_VALUES_MAX);
	uint64_t     number;

	if (c->part == FILTER_RISK)
		return text_to_double(value, &c->number) ||
		       err_set(err, ERR_USAGE, TEXT_FMT " is no number", TEXT_ARG(value));
	if (c->part == FILTER_TIME)
		return lookback_read(value, c) || read_span(name, value, &c->span, err);
	listed = c->part == FILTER_HOST || c->part == FILTER_VERDICT;
	read_values(value, listed && !many ? ',' : VALUE_SEPARATOR, values, c);
	for (uint32_t i = 0; c->part == FILTER_VERDICT && i < c->n_values; i++)
		if (!work_verdict_named(values[i], &values[i], err))
			return false;
	for (uint32_t i = 0; c->part == FILTER_EVENT_ID && i < c->n_values; i++)
		if (!text_to_u64(c->values[i], &number) || number > UINT32_MAX)
			return err_set(err, ERR_USAGE, TEXT_FMT " is no event id",
				       TEXT_ARG(c->values[i]));
	for (uint32_t i = 0; c->part == FILTER_BOOKMARK && i < c->n_values; i++)
		if (!text_ieq(c->values[i], TEXT("yes")) && !text_ieq(c->values[i], TEXT("no")))
			return err_set(err, ERR_USAGE, "bookmark=yes or bookmark=no, not " TEXT_FMT,
				       TEXT_ARG(c->values[i]));
	return c->n_values > 0 || err_set(err, ERR_USAGE, TEXT_FMT "= what? a value is missing",
					  TEXT_ARG(name));
}

bool
filter_read_word(struct text word, struct chip *out, struct arena *keep, struct err *err)
{
	struct condition *c = &out->is;
	struct text       value, name;
	bool              field;

	*out = (struct chip){ .is.span = { WHEN_NONE, WHEN_MAX } };
	word = text_trim(word);
	out->off = take_head(&word, TEXT("off "));
	c->excludes = take_head(&word, TEXT("not "));
	field = take_head(&word, TEXT("field "));
	value = word;
	name = text_cut(&value, '=');
	if (text_absent(value) || !text_trim(name).n)
		return err_set(err, ERR_USAGE, "write a filter as name=value, not " TEXT_FMT,
			       TEXT_ARG(word));
	if (name.n && name.p[name.n - 1] == '!') {
		c->excludes = !c->excludes;
		name.n--;
	}
	if (name.n && name.p[name.n - 1] == '>') /* risk>=50 */
		name.n--;
	name = text_trim(name);
	value = text_trim(value);
	if (field) {
		c->part = FILTER_FIELD;
		c->name = arena_copy(keep, name);
	} else if (text_ieq(name, TEXT("earliest")) || text_ieq(name, TEXT("latest"))) {
		c->part = FILTER_TIME;
	} else if (!filter_part_named(name, &c->part)) {
		return err_set(err, ERR_USAGE,
			       "no filter is called " TEXT_FMT " (host user rule technique tactic "
			       "type verdict risk time earliest latest channel provider EventCode "
			       "bookmark; "
			       "any field: field NAME=VALUE)",
			       TEXT_ARG(name));
	}
	return read_value(name, arena_copy(keep, value), c, keep, err);
}

bool
filter_from_name(struct text name, struct text value, struct condition *out, struct arena *keep)
{
	struct text *one = arena_new(keep, struct text, 1);

	*out = (struct condition){ .values = one, .n_values = 1 };
	value = text_trim(value);
	if (!value.n || !filter_part_named(name, &out->part) || out->part == FILTER_TIME)
		return false;
	if (out->part == FILTER_RISK) {
		out->n_values = 0;
		return text_to_double(value, &out->number);
	}
	if (out->part == FILTER_TECHNIQUE) { /* the first of "T1047:3 T1021:1" */
		struct text first = text_cut(&value, ' ');

		value = text_cut(&first, ':');
	} else if (out->part == FILTER_TACTIC) {
		value = text_trim(text_cut(&value, ','));
	}
	*one = value;
	return value.n > 0;
}

void
filter_from_time(int64_t time_ns, struct condition *out)
{
	int64_t hour = when_piece(time_ns, WHEN_HOUR);

	*out = (struct condition){ .part = FILTER_TIME,
				   .span = { hour, when_later(hour, WHEN_HOUR) } };
}
