/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tap.h - the test anything protocol: ok(condition, "sentence"), then return done_testing().
 */
#ifndef AUGER_TESTS_TAP_H
#define AUGER_TESTS_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static int tap_count, tap_failed;

__attribute__((format(printf, 4, 5), unused)) static bool
tap_ok(bool good, const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	printf("%sok %d - ", good ? "" : "not ", ++tap_count);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	if (!good) {
		tap_failed++;
		printf("#   at %s:%d\n", file, line);
	}
	fflush(stdout);
	return good;
}

__attribute__((unused)) static bool
tap_is(struct text got, struct text want, const char *file, int line, const char *what)
{
	bool good = text_eq(got, want);

	tap_ok(good, file, line, "%s", what);
	if (!good)
		printf("#   got  '" TEXT_FMT "'\n#   want '" TEXT_FMT "'\n", TEXT_ARG(got),
		       TEXT_ARG(want));
	return good;
}

#define ok(cond, ...)        tap_ok((cond), __FILE__, __LINE__, __VA_ARGS__)
#define is(got, want, what)  tap_is((got), (want), __FILE__, __LINE__, (what))
#define skip(why)            printf("ok %d # SKIP %s\n", ++tap_count, (why))
#define skip_all(why)        (printf("1..0 # SKIP %s\n", (why)), exit(0))

__attribute__((unused)) static int
done_testing(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed ? 1 : 0;
}

#endif
