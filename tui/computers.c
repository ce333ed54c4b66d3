/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/computers.h"

/* The computer of a risk object in the one spelling of the case; absent: it is none. */
static struct text
computer_of(const struct finding *f, uint32_t object)
{
	if (f->objects[object].type != RISK_SYSTEM)
		return TEXT_NONE;
	return f->object_keys && f->object_keys[object].n ? f->object_keys[object]
							  : f->objects[object].value;
}

/* The risk object of F that is the computer; NULL: none is. */
static const struct risk_object *
object_of(const struct finding *f, struct text computer)
{
	for (uint32_t i = 0; i < f->n_objects; i++)
		if (text_ieq(computer_of(f, i), computer))
			return &f->objects[i];
	return NULL;
}

struct text
computers_place(const struct app *app)
{
	for (int i = app->n_levels - 1; i > 0; i--)
		if (app->levels[i]->host.n)
			return app->levels[i]->host;
	return TEXT_NONE;
}

struct text
computers_first(const struct app *app, const struct finding *f)
{
	struct text place = computers_place(app);

	return place.n && object_of(f, place) ? place : f->host;
}

const struct risk_object *
computers_object(const struct app *app, const struct finding *f)
{
	struct text place = computers_place(app);

	return place.n ? object_of(f, place) : NULL;
}

/* Is it the first object about its computer? */
static bool
is_new(const struct finding *f, uint32_t object)
{
	for (uint32_t i = 0; i < object; i++)
		if (text_ieq(computer_of(f, i), computer_of(f, object)))
			return false;
	return true;
}

struct text
computers_said(const struct app *app, const struct finding *f, struct arena *keep)
{
	struct text first = computers_first(app, f);
	uint32_t    n = 0;

	for (uint32_t i = 0; first.n && i < f->n_objects; i++)
		n += computer_of(f, i).n && is_new(f, i);
	n -= n && object_of(f, first);
	return n ? arena_printf(keep, TEXT_FMT " and %u more", TEXT_ARG(first), (unsigned)n) : first;
}
