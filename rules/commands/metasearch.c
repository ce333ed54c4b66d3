/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metasearch: as search, which reads no more of the events than it needs anyway. */
#include "config.h"

#include "rules/pipeline.h"

static bool
metasearch_rewrite(struct scan *s, struct text *out)
{
	*out = arena_printf(s->c->keep, "search " TEXT_FMT,
			    TEXT_ARG(((struct text){ s->at, (size_t)(s->end - s->at) })));
	s->at = s->end;
	return true;
}

const struct pipe_command pipe_metasearch = {
	.name = "metasearch",
	.synopsis = "metasearch <search expression>",
	.help = "as search",
	.flags = PIPE_FIRST | PIPE_ONLY_FIRST,
	.rewrite = metasearch_rewrite,
};
