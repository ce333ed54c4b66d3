/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/meaning.h"

#include "base/ascii.h"
#include "base/name_entry.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define CODES_MAX    32 /* of one value that are read */

struct message_code {
	uint64_t    number;
	struct text words;
};

static const struct message_code messages[] = {
#define MESSAGE(code, said) { .number = (code), .words = TEXT_INIT(said) },
#include "base/meanings.def"
};

struct number_code {
	enum event_scope scope;
	struct text      field;
	uint64_t         number;
	struct text      words;
};

static const struct number_code numbers[] = {
#define NUMBER(where, name, code, said)                                                            \
	{ .scope = SCOPE_##where, .field = TEXT_INIT(name), .number = (code),                      \
	  .words = TEXT_INIT(said) },
#include "base/meanings.def"
};

struct sid_words {
	struct text sid, words;
};

static const struct sid_words sids[] = {
#define SID(name, said) { TEXT_INIT(name), TEXT_INIT(said) },
#include "base/meanings.def"
};

static const struct sid_words domain_sids[] = {
#define DOMAIN_SID(name, said) { TEXT_INIT(name), TEXT_INIT(said) },
#include "base/meanings.def"
};

static const struct sid_words sid_heads[] = {
#define SID_HEAD(name, said) { TEXT_INIT(name), TEXT_INIT(said) },
#include "base/meanings.def"
};

static struct text
sid_meaning(struct text sid)
{
	for (size_t i = 0; i < COUNT(sids); i++)
		if (text_eq(sids[i].sid, sid))
			return sids[i].words;
	for (size_t i = 0; i < COUNT(sid_heads); i++)
		if (text_starts(sid, sid_heads[i].sid))
			return sid_heads[i].words;
	if (!text_starts(sid, TEXT("S-1-5-21-")))
		return TEXT_NONE;
	for (size_t i = 0; i < COUNT(domain_sids); i++)
		if (text_eq(domain_sids[i].sid, text_from(sid, text_rfind_byte(sid, '-') + 1)))
			return domain_sids[i].words;
	return TEXT_NONE;
}

/* The number behind "%%" at the head of the value, which moves behind it. */
static struct text
next_message(struct text *value)
{
	size_t   digits = 0;
	uint64_t number = 0;

	*value = text_from(*value, 2);
	while (digits < value->n && ascii_digit(value->p[digits]))
		digits++;
	if (!text_to_u64(text_head(*value, digits), &number))
		return TEXT_NONE;
	*value = text_from(*value, digits);
	for (size_t i = 0; i < COUNT(messages); i++)
		if (messages[i].number == number)
			return messages[i].words;
	return TEXT_NONE;
}

/* "%%4416\n\t%%4417" are several. */
static struct text
message_meaning(struct text value, struct arena *keep)
{
	struct text all = TEXT_NONE;

	for (size_t n = 0; n < CODES_MAX; n++) {
		size_t      at = text_find(value, TEXT("%%"));
		struct text words;

		if (at == TEXT_NOWHERE)
			break;
		value = text_from(value, at);
		words = next_message(&value);
		if (words.n)
			all = all.n ? arena_join(keep, arena_join(keep, all, TEXT(", ")), words)
				    : words;
	}
	return all;
}

static struct text
number_meaning(const struct event *ev, struct text name, struct text value)
{
	uint64_t number;

	if (!text_to_u64(value, &number))
		return TEXT_NONE;
	for (size_t i = 0; i < COUNT(numbers); i++)
		if (numbers[i].number == number && text_eq(numbers[i].field, name) &&
		    (numbers[i].scope == SCOPE_ANY || numbers[i].scope == ev->scope))
			return numbers[i].words;
	return TEXT_NONE;
}

struct text
field_meaning(const struct event *ev, struct text name, struct text value, struct arena *keep)
{
	return text_starts(value, TEXT("%%")) ? message_meaning(value, keep)
					      : code_meaning(ev, name, value);
}

struct text
code_meaning(const struct event *ev, struct text name, struct text value)
{
	if (text_starts(value, TEXT("S-1-")))
		return sid_meaning(value);
	if (text_starts(value, TEXT("%%"))) {
		struct text words = next_message(&value);

		return value.n ? TEXT_NONE : words;
	}
	return number_meaning(ev, name, value);
}
