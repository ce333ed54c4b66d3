/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chips as words: what the bar shows, the palette reads and the session keeps. */
#include "config.h"

#include "base/when.h"
#include "rules/suggest.h"
#include "tui/filter.h"
#include "tui/lookback.h"
#include "tui/time_words.h"

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
	{ "since-import", FILTER_SINCE },
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

#define DAY    10 /* letters of "2020-09-21" */
#define MINUTE 16
#define SECOND 19

static bool
is_open(int64_t time_ns)
{
	return time_ns == WHEN_NONE || time_ns == WHEN_MAX;
}

/* "2020-09-21", "2020-09-21 00:10 to 00:20", "2020-09-21 00:10 to 2020-09-22 00:20",
 * "before 2020-09-22 00:20" */
static struct text
span_label(const struct span *span, const char *without, const struct zone *zone, struct arena *keep)
{
	int64_t     minute = 60 * WHEN_SECOND;
	bool        from_open = is_open(span->earliest_ns), to_open = is_open(span->latest_ns);
	bool        seconds = (!from_open && span->earliest_ns % minute) || (!to_open && span->latest_ns % minute);
	struct text from = moment(span->earliest_ns, zone, seconds ? SECOND : MINUTE, keep);
	struct text to = moment(span->latest_ns, zone, seconds ? SECOND : MINUTE, keep);

	if (from_open || to_open)
		return from_open && to_open ? arena_printf(keep, "%sany time", without)
		       : from_open ? arena_printf(keep, "%sbefore " TEXT_FMT, without, TEXT_ARG(to))
				   : arena_printf(keep, "%sfrom " TEXT_FMT, without, TEXT_ARG(from));
	if (text_iends(from, TEXT(" 00:00")) && when_later(span->earliest_ns, WHEN_DAY) == span->latest_ns)
		return arena_printf(keep, "%s" TEXT_FMT, without, TEXT_ARG(text_head(from, DAY)));
	if (text_eq(text_head(from, DAY), text_head(to, DAY)))
		to = text_from(to, DAY + 1);
	return arena_printf(keep, "%s" TEXT_FMT " to " TEXT_FMT, without, TEXT_ARG(from), TEXT_ARG(to));
}

struct text
filter_label(const struct condition *c, const struct zone *zone, struct arena *keep)
{
	const char *without = c->excludes ? "not " : "";

	switch (c->part) {
	case FILTER_RISK:
		return arena_printf(keep, c->excludes ? "risk<%g" : "risk>=%g", c->number);
	case FILTER_SINCE:
		return arena_printf(keep, "%ssince import %.0f", without, c->number);
	case FILTER_TIME:
		if (lookback_is(c))
			return arena_printf(keep, "%slast " TEXT_FMT, without,
					    TEXT_ARG(lookback_length(c, keep)));
		return span_label(&c->span, without, zone, keep);
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
	char        out[WHEN_TEXT_MAX];
	struct text t = { out, when_to_iso(time_ns, out) };

	if (is_open(time_ns))
		return TEXT("");
	if (text_iends(t, TEXT(".000000Z")))
		return arena_printf(keep, TEXT_FMT "Z", TEXT_ARG(text_head(t, SECOND)));
	return arena_copy(keep, t);
}

struct text
filter_word(const struct chip *chip, struct arena *keep)
{
	const struct condition *c = &chip->is;
	struct text             value = TEXT("");

	for (uint32_t i = 0; i < c->n_values; i++)
		value = arena_printf(keep, TEXT_FMT "%.*s" TEXT_FMT, TEXT_ARG(value), i > 0,
				     "\x1f", TEXT_ARG(c->values[i]));
	if (c->part == FILTER_RISK || c->part == FILTER_SINCE)
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

/* Cuts the name and what stands between it and the value off WORD. */
static bool
take_name(struct text *word, struct text *name, bool *excludes, enum compare *compare)
{
	size_t at = 0;
	char   sign;

	while (at < word->n && text_find_byte(TEXT("=!<>"), word->p[at]) == TEXT_NOWHERE)
		at++;
	if (at == word->n)
		return false;
	*name = text_trim(text_head(*word, at));
	sign = word->p[at++];
	if (sign == '!') {
		*excludes = !*excludes;
		if (at == word->n || word->p[at] != '=')
			return false;
	}
	*compare = sign == '<' ? COMPARE_LESS : sign == '>' ? COMPARE_MORE : COMPARE_IS;
	if (sign != '=' && at < word->n && word->p[at] == '=') {
		*compare = sign == '<' ? COMPARE_AT_MOST : sign == '>' ? COMPARE_AT_LEAST : COMPARE_IS;
		at++;
	}
	*word = text_trim(text_from(*word, at));
	return name->n > 0;
}

static bool
read_risk(struct text value, enum compare compare, struct condition *c, struct err *err)
{
	if (!text_to_double(value, &c->number))
		return err_set(err, ERR_USAGE, TEXT_FMT " is no number", TEXT_ARG(value));
	if (compare == COMPARE_MORE || compare == COMPARE_AT_MOST)
		return err_set(err, ERR_USAGE, "write risk>=" TEXT_FMT " or risk<" TEXT_FMT, TEXT_ARG(value),
			       TEXT_ARG(value));
	if (compare == COMPARE_LESS)
		c->excludes = !c->excludes;
	return true;
}

static bool
read_import(struct text value, struct condition *c, struct err *err)
{
	uint64_t number;

	if (!text_to_u64(value, &number) || number == 0 || number > UINT32_MAX)
		return err_set(err, ERR_USAGE, TEXT_FMT " is no number of an import (:new takes the last one)",
			       TEXT_ARG(value));
	c->number = (double)number;
	return true;
}

static bool
read_value(struct text name, struct text value, struct condition *c, struct arena *keep,
	   struct err *err)
{
	bool         many = text_find_byte(value, VALUE_SEPARATOR) != TEXT_NOWHERE, listed;
	struct text *values = arena_new(keep, struct text, FILTER_VALUES_MAX);
	uint64_t     number;

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

/* EARLIEST and LATEST say themselves which end they are. */
static bool
read_end(struct text name, enum compare *compare, struct err *err)
{
	bool first = text_ieq(name, TEXT("earliest"));

	if (*compare == COMPARE_IS)
		*compare = first ? COMPARE_AT_LEAST : COMPARE_LESS;
	return (*compare >= COMPARE_MORE) == first ||
	       err_set(err, ERR_USAGE, first ? "earliest is from when on: earliest=TIME"
					     : "latest is up to when: latest=TIME");
}

static bool
say_unknown(struct text name, struct err *err)
{
	struct text known[N_NAMES + 2], near;

	for (size_t i = 0; i < N_NAMES; i++)
		known[i] = text_of(names[i].name);
	known[N_NAMES] = TEXT("earliest");
	known[N_NAMES + 1] = TEXT("latest");
	near = suggest(name, known, N_NAMES + 2);
	if (!text_absent(near))
		return err_set(err, ERR_USAGE, "no filter is called " TEXT_FMT ": did you mean " TEXT_FMT
			       "? (any field of the record: field " TEXT_FMT "=VALUE)", TEXT_ARG(name),
			       TEXT_ARG(near), TEXT_ARG(name));
	return err_set(err, ERR_USAGE,
		       "no filter is called " TEXT_FMT " (host user rule technique tactic "
		       "type verdict risk time earliest latest channel provider EventCode "
		       "bookmark since-import; "
		       "any field: field NAME=VALUE)",
		       TEXT_ARG(name));
}

static bool
part_of(struct text name, struct condition *c, enum compare *compare, struct err *err)
{
	c->part = FILTER_TIME;
	if (text_ieq(name, TEXT("earliest")) || text_ieq(name, TEXT("latest")))
		return read_end(name, compare, err);
	return filter_part_named(name, &c->part) || say_unknown(name, err);
}

bool
filter_read_word(struct text word, int64_t clock_ns, struct chip *out, struct arena *keep,
		 struct err *err)
{
	struct condition *c = &out->is;
	struct text       value, name;
	enum compare      compare;
	bool              field;

	*out = (struct chip){ .is.span = { WHEN_NONE, WHEN_MAX } };
	word = text_trim(word);
	out->off = take_head(&word, TEXT("off "));
	c->excludes = take_head(&word, TEXT("not "));
	field = take_head(&word, TEXT("field "));
	value = word;
	if (!take_name(&value, &name, &c->excludes, &compare))
		return err_set(err, ERR_USAGE, "write a filter as name=value, not " TEXT_FMT,
			       TEXT_ARG(word));
	if (field) {
		c->part = FILTER_FIELD;
		c->name = arena_copy(keep, name);
	} else if (!part_of(name, c, &compare, err)) {
		return false;
	}
	if (compare != COMPARE_IS && c->part != FILTER_TIME && c->part != FILTER_RISK)
		return err_set(err, ERR_USAGE,
			       TEXT_FMT " is only compared with = and !=; < and > are for time and risk",
			       TEXT_ARG(name));
	if (!value.n)
		return err_set(err, ERR_USAGE, TEXT_FMT "= what? a value is missing", TEXT_ARG(name));
	if (c->part == FILTER_TIME)
		return time_words_read(value, compare, clock_ns, c, err);
	if (c->part == FILTER_RISK)
		return read_risk(value, compare, c, err);
	if (c->part == FILTER_SINCE)
		return read_import(value, c, err);
	return read_value(name, arena_copy(keep, value), c, keep, err);
}

bool
filter_from_name(struct text name, struct text value, struct condition *out, struct arena *keep)
{
	struct text *one = arena_new(keep, struct text, 1);

	*out = (struct condition){ .values = one, .n_values = 1 };
	value = text_trim(value);
	if (!value.n || !filter_part_named(name, &out->part) || out->part == FILTER_TIME ||
	    out->part == FILTER_SINCE)
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
