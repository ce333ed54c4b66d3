/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/question.h"

void
question_add(struct question *s, const char *piece)
{
	size_t n = strlen(piece);

	s->too_long |= n >= QUESTION_SQL - s->n;
	if (s->too_long)
		return;
	memcpy(s->sql + s->n, piece, n + 1);
	s->n += n;
}

static bool
has_room(struct question *s)
{
	s->too_long |= s->n_values == QUESTION_VALUES;
	return !s->too_long;
}

void
question_int(struct question *s, int64_t v)
{
	if (!has_room(s))
		return;
	s->value[s->n_values].kind = BIND_INT;
	s->value[s->n_values++].i = v;
}

void
question_real(struct question *s, double v)
{
	if (!has_room(s))
		return;
	s->value[s->n_values].kind = BIND_REAL;
	s->value[s->n_values++].r = v;
}

void
question_text(struct question *s, struct text t)
{
	if (!has_room(s))
		return;
	s->value[s->n_values].kind = BIND_TEXT;
	s->value[s->n_values++].t = t;
}

bool
question_ask(struct ask *q, struct casefile *cf, const struct question *s, struct err *err)
{
	if (s->too_long) {
		*q = (struct ask){ .cf = cf, .err = err, .failed = true };
		return err_set(err, ERR_INPUT, "the filter names too many values; take some off");
	}
	if (!ask_once(q, cf, s->sql, err))
		return false;
	for (unsigned i = 0; i < s->n_values; i++)
		switch (s->value[i].kind) {
		case BIND_INT:
			ask_int(q, (int)i + 1, s->value[i].i);
			break;
		case BIND_REAL:
			ask_real(q, (int)i + 1, s->value[i].r);
			break;
		case BIND_TEXT:
			ask_text(q, (int)i + 1, s->value[i].t);
			break;
		}
	return true;
}
