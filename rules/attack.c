/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/attack.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum tactic_index {
#define ATTACK_TACTIC(symbol, id, name) INDEX_##symbol,
#include "rules/attack.def"
};

enum tactic_bit {
#define ATTACK_TACTIC(symbol, id, name) symbol = 1 << INDEX_##symbol,
#include "rules/attack.def"
};

static const struct tactic {
	struct text id, name;
} tactics[] = {
#define ATTACK_TACTIC(symbol, id, name) { TEXT_INIT(id), TEXT_INIT(name) },
#include "rules/attack.def"
};

static const struct technique {
	struct text id, name;
	uint32_t    tactics;
} techniques[] = {
#define ATTACK_TECHNIQUE(id, name, bits) { TEXT_INIT(id), TEXT_INIT(name), bits },
#include "rules/attack.def"
};

static const struct technique *
find(struct text id)
{
	size_t low = 0, high = COUNT(techniques);

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int    order = text_icmp(techniques[middle].id, id);

		if (order == 0)
			return &techniques[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static const struct technique *
find_or_parent(struct text id)
{
	const struct technique *t = find(id);
	size_t                  dot = text_find_byte(id, '.');

	return t || dot == TEXT_NOWHERE ? t : find(text_head(id, dot));
}

struct text
attack_name(struct text technique)
{
	const struct technique *t = find_or_parent(technique);

	return t ? t->name : TEXT_NONE;
}

uint32_t
attack_tactics(struct text technique)
{
	const struct technique *t = find_or_parent(technique);

	return t ? t->tactics : 0;
}

static struct text
join(uint32_t bits, bool ids, const char *separator, struct arena *keep)
{
	struct text all = TEXT_NONE;

	for (size_t i = 0; i < COUNT(tactics); i++) {
		struct text one = ids ? tactics[i].id : tactics[i].name;

		if (!(bits & 1u << i))
			continue;
		all = text_absent(all) ? one
				       : arena_printf(keep, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(all),
						      separator, TEXT_ARG(one));
	}
	return all;
}

struct text
attack_tactic_names(uint32_t bits, struct arena *keep)
{
	return join(bits, false, ", ", keep);
}

struct text
attack_tactic_ids(uint32_t bits, struct arena *keep)
{
	return join(bits, true, " ", keep);
}
