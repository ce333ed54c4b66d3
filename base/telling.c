/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/telling.h"

#define TELLING_BYTES 160

static const struct text telling[] = {
#define TELLING(name) TEXT_INIT(name),
#include "base/telling.def"
#undef TELLING
};

/* "values(Processes.process)" is about process. */
static struct text
bare_name(struct text name)
{
	size_t open = text_rfind_byte(name, '('), dot;

	if (open != TEXT_NOWHERE && name.p[name.n - 1] == ')')
		name = text_from(text_head(name, name.n - 1), open + 1);
	dot = text_rfind_byte(name, '.');
	return dot == TEXT_NOWHERE ? name : text_from(name, dot + 1);
}

/* What rules and data models write where nothing is known. */
static bool
says_something(struct text value)
{
	value = text_trim(value);
	return value.n && !text_ieq(value, TEXT("unknown")) && !text_ieq(value, TEXT("null")) &&
	       !text_eq(value, TEXT("-"));
}

/* "Creating Scriptblock text (1 of 1):" says of every event 4104 the same. */
static struct text
behind_title(struct text value)
{
	size_t end = text_find(text_head(value, 80), TEXT("):"));

	if (!text_starts(value, TEXT("Creating Scriptblock text (")) || end == TEXT_NOWHERE)
		return value;
	return text_from(value, end + 2);
}

/* Lines and runs of blanks as one blank; long ones end with whole characters. */
static struct text
one_line(struct text value, struct arena *keep)
{
	char  *out = arena_new(keep, char, TELLING_BYTES + 1);
	size_t n = 0, at = 0;

	for (value = text_trim(value); at < value.n && n < TELLING_BYTES; at++) {
		char c = value.p[at];

		if (c == '\n' || c == '\r' || c == '\t')
			c = ' ';
		if (c != ' ' || out[n - 1] != ' ')
			out[n++] = c;
	}
	if (at < value.n && ((unsigned char)value.p[at] & 0xc0) == 0x80)
		while (n > 0 && ((unsigned char)out[--n] & 0xc0) == 0x80)
			;
	return (struct text){ out, n };
}

struct text
telling_value(const struct finding_field *fields, uint32_t n, struct arena *keep)
{
	const struct finding_field *best = NULL;
	size_t                      best_at = sizeof(telling) / sizeof(telling[0]);

	for (uint32_t k = 0; k < n; k++) {
		struct text name = bare_name(fields[k].name);
		size_t      at = 0;

		while (at < best_at && !text_ieq(name, telling[at]))
			at++;
		if (at < best_at && says_something(fields[k].value)) {
			best = &fields[k];
			best_at = at;
		}
	}
	return best ? one_line(behind_title(best->value), keep) : TEXT_NONE;
}
