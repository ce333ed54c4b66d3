/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lookup_text.h - lookups of tests: their table is written as text where the test uses it.
 */
#ifndef AUGER_TESTS_LOOKUP_TEXT_H
#define AUGER_TESTS_LOOKUP_TEXT_H

#include <stdlib.h>
#include <unistd.h>

#include "rules/lookups.h"

/* Adds CSV under NAME, through a file that is gone when it has been read. */
static inline void
lookup_of_text(struct lookups *l, struct text name, struct text csv,
	       const struct lookup_options *options)
{
	static const struct lookup_options plain;
	char                               path[] = "/tmp/auger-lookup-XXXXXX";
	struct err                         err = { 0 };
	int                                fd = mkstemp(path);

	if (fd < 0 || write(fd, csv.p, csv.n) != (ssize_t)csv.n || close(fd) != 0)
		abort();
	lookups_add(l, name, text_of(path), options ? options : &plain);
	if (!lookups_find(l, name, &err))
		abort();
	unlink(path);
}

#endif
