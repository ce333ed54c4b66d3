/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text printed into an arena. */
#include "config.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"

#define SPEC_MAX  32
#define FEW_BYTES 128 /* most conversions are shorter, and printed once */

/* Formats were checked whole, at the calls of arena_printf; here they come in pieces. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static void
put(struct arena *a, const char *p, size_t n)
{
	if (n)
		memcpy(arena_new(a, char, n), p, n);
}

/* Takes the arguments of one conversion off the list. */
static void
skip_arguments(const char *spec, size_t n, va_list *ap)
{
	bool is_long = spec[n - 2] == 'l', is_longer = is_long && n > 2 && spec[n - 3] == 'l';

	for (size_t i = 0; i < n; i++)
		if (spec[i] == '*')
			(void)va_arg(*ap, int);
	if (strchr("sp", spec[n - 1]))
		(void)va_arg(*ap, const void *);
	else if (strchr("fFeEgGaA", spec[n - 1]))
		(void)va_arg(*ap, double);
	else if (is_longer)
		(void)va_arg(*ap, long long);
	else if (is_long)
		(void)va_arg(*ap, long);
	else if (spec[n - 2] == 'z')
		(void)va_arg(*ap, size_t);
	else
		(void)va_arg(*ap, int);
}

/* What the C library does with one conversion; the arguments behind it are next. */
static void
put_as_libc(struct arena *a, const char *fmt, size_t n, va_list *ap)
{
	char    spec[SPEC_MAX], few[FEW_BYTES];
	va_list first, again;
	int     bytes;

	assert(n < sizeof(spec));
	memcpy(spec, fmt, n);
	spec[n] = '\0';
	va_copy(first, *ap);
	va_copy(again, *ap);
	bytes = vsnprintf(few, sizeof(few), spec, first);
	if (bytes > 0 && (size_t)bytes < sizeof(few)) {
		put(a, few, (size_t)bytes);
	} else if (bytes > 0) {
		char *p = arena_new(a, char, (size_t)bytes + 1);

		vsnprintf(p, (size_t)bytes + 1, spec, again);
		a->at--; /* its NUL */
	}
	va_end(first);
	va_end(again);
	skip_arguments(spec, n, ap);
}

/* Returns the length of the conversion at FMT. */
static size_t
put_conversion(struct arena *a, const char *fmt, va_list *ap)
{
	size_t n = 2 + strspn(fmt + 1, "-+ #0123456789.*hlzj");

	if (fmt[n - 1] == '%') {
		put(a, "%", 1);
	} else if (n == strlen(TEXT_FMT) && memcmp(fmt, TEXT_FMT, n) == 0) {
		int bytes = va_arg(*ap, int);

		put(a, va_arg(*ap, const char *), bytes > 0 ? (size_t)bytes : 0);
	} else {
		put_as_libc(a, fmt, n, ap);
	}
	return n;
}

struct text
arena_printf(struct arena *a, const char *fmt, ...)
{
	char   *begin = a->at;
	va_list ap;

	va_start(ap, fmt);
	while (*fmt) {
		size_t plain = strcspn(fmt, "%");

		put(a, fmt, plain);
		fmt += plain;
		if (*fmt)
			fmt += put_conversion(a, fmt, &ap);
	}
	va_end(ap);
	arena_new(a, char, 1);
	return (struct text){ begin, (size_t)(a->at - begin) - 1 };
}
