/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/tally.h"

struct counting {
	struct tally *tally;
	struct arena *keep;
};

static bool
count_entry(void *ctx, const struct ledger_entry *entry)
{
	const struct counting *c = ctx;
	struct tally          *t = c->tally;

	switch (entry->status) {
	case LEDGER_FOUND:
		t->found++;
		break;
	case LEDGER_NOTHING:
		t->nothing++;
		break;
	case LEDGER_NO_DATA:
		t->no_data++;
		break;
	case LEDGER_UNSUPPORTED:
		t->unsupported++;
		break;
	case LEDGER_FAILED:
		t->failed++;
		break;
	}
	if (entry->status != LEDGER_FOUND && entry->status != LEDGER_NOTHING && !t->reason.n &&
	    entry->reason.n)
		t->reason = arena_printf(c->keep, TEXT_FMT ": " TEXT_FMT, TEXT_ARG(entry->rule),
					 TEXT_ARG(entry->reason));
	return true;
}

bool
tally_rules(struct casefile *cf, struct arena *keep, struct tally *out, struct err *err)
{
	struct counting c = { out, keep };

	*out = (struct tally){ 0 };
	return query_ledger(cf, count_entry, &c, err);
}

uint32_t
tally_silent(const struct tally *t)
{
	return t->no_data + t->unsupported + t->failed;
}

uint32_t
tally_all(const struct tally *t)
{
	return t->found + t->nothing + tally_silent(t);
}
