/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * named.h - what an event's names are worth, as a list.
 */
#ifndef AUGER_TESTS_NAMED_H
#define AUGER_TESTS_NAMED_H

#include "tests/made.h"
#include "tests/tap.h"

struct pair {
	const char *name, *value;
};

static void
names_are(struct arena *keep, const struct event *ev, const struct pair *want)
{
	for (; want->name; want++)
		is(made_values(keep, ev, want->name), text_of(want->value), want->name);
}

#endif
