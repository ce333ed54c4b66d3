/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a rule is: by this a case knows whether findings that it has are still those of the rule. */
#include "config.h"

#include "base/program.h"
#include "rules/ruleset_parts.h"

static void
add(struct digest *d, struct text t)
{
	digest_add(d, &t.n, sizeof(t.n));
	digest_add(d, t.p, t.n);
}

/* Any macro and any table of files, and the macros of the user. */
static void
add_words(const struct ruleset *rs, struct digest *d)
{
	add(d, ruleset_digest(rs));
	for (size_t i = 0; i < rs->n_own; i++) {
		add(d, rs->own[i].name);
		add(d, rs->own[i].definition);
	}
}

struct text
ruleset_fingerprint(const struct ruleset *rs, uint32_t i, struct arena *keep)
{
	const struct detection *rule = rs->items[i];
	struct digest          *d = digest_new();
	char                   *hex = arena_new(keep, char, DIGEST_HEX + 1);

	program_digest(d);
	add(d, rule->id);
	add(d, rule->sha256);
	if (rule->search)
		search_digest(rule->search, d);
	if (rule->search && search_makes_text(rule->search))
		add_words(rs, d);
	if (!rule->search) { /* what is wrong with it is what the ledger says */
		add(d, text_of(rule->problem.where));
		add(d, text_of(rule->problem.what));
	}
	digest_finish(d, hex);
	return (struct text){ hex, DIGEST_HEX };
}
