/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/scored.h"

struct text
scored(const struct risk_object *o, struct arena *keep)
{
	struct text all, rest = o->factors;

	if (!rest.n)
		return arena_printf(keep, "%.10g", o->score);
	all = arena_printf(keep, "%.10g = %.10g", o->score, o->base);
	while (!text_absent(rest)) {
		struct text term = text_cut(&rest, '\n');

		all = arena_printf(keep, TEXT_FMT ", " TEXT_FMT, TEXT_ARG(all), TEXT_ARG(term));
	}
	return all;
}
