/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

bool
err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
{
	va_list ap;

	if (e == NULL || e->kind != ERR_NONE)
		return false;
	e->kind = kind;
	va_start(ap, fmt);
	vsnprintf(e->what, sizeof(e->what), fmt, ap);
	va_end(ap);
	return false;
}

bool
err_where(struct err *e, const char *fmt, ...)
{
	va_list ap;

	if (e == NULL || e->where[0] != '\0')
		return false;
	va_start(ap, fmt);
	vsnprintf(e->where, sizeof(e->where), fmt, ap);
	va_end(ap);
	return false;
}
