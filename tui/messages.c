/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the status line says, and the ring that :messages shows. */
#include "config.h"

#include <stdarg.h>

#include "tui/app.h"

__attribute__((format(printf, 3, 0))) static void
put_message(struct app *app, bool bad, const char *fmt, va_list ap)
{
	struct message *m = &app->messages[app->n_messages++ % MESSAGES_KEPT];

	vsnprintf(app->message, sizeof(app->message), fmt, ap);
	app->message_bad = bad;
	snprintf(m->text, sizeof(m->text), "%s", app->message);
	m->bad = bad;
}

void
app_say(struct app *app, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put_message(app, false, fmt, ap);
	va_end(ap);
}

void
app_warn(struct app *app, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put_message(app, true, fmt, ap);
	va_end(ap);
}

void
app_complain(struct app *app, const struct err *err)
{
	if (err->where[0])
		app_warn(app, "%s: %s", err->where, err->what);
	else
		app_warn(app, "%s", err->what);
}

bool
app_may_change(struct app *app)
{
	if (app->setup->read_only)
		app_warn(app, "the case was opened read-only");
	else if (!app->setup->services)
		app_warn(app, "rules cannot be run from here");
	return !app->setup->read_only && app->setup->services;
}
