/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/risk_words.h"

#define MOST 1e6 /* of a score, and of what factors do to one */

/* ---- by hand ---- */

bool
risk_words_given(struct text score, struct text reason, struct given_risk *out, struct err *err)
{
	out->message = text_trim(reason);
	if (!text_to_double(score, &out->score) || !(out->score > -MOST) || !(out->score < MOST) ||
	    out->score == 0)
		return err_set(err, ERR_USAGE, TEXT_FMT ": not a score, such as 40 or -25",
			       TEXT_ARG(score));
	return out->message.n > 0 || err_set(err, ERR_USAGE, "the reason is empty");
}

/* ---- what is known ---- */

static struct text
lower(struct text t, struct arena *keep)
{
	return arena_fold(keep, text_trim(t));
}

/* "privileged|admin": each a line. */
static struct text
lines_of(struct text value, struct arena *keep)
{
	struct text all = TEXT("");

	while (!text_absent(value)) {
		struct text one = text_trim(text_cut(&value, '|'));

		if (one.n)
			all = arena_printf(keep, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(all), all.n ? "\n" : "",
					   TEXT_ARG(one));
	}
	return all;
}

void
telling_add(struct telling *t, enum risk_object_type kind, struct text name, struct text attribute,
	    struct text value)
{
	arena_grow(t->keep, t->all, t->n, &t->cap);
	t->all[t->n++] = (struct entity_attribute){ .kind = kind,
						    .name = text_trim(name),
						    .attribute = lower(attribute, t->keep),
						    .value = lines_of(value, t->keep) };
}

bool
telling_is_attribute(struct text attribute)
{
	for (size_t i = 0; i < attribute.n; i++) {
		char c = attribute.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
			return false;
	}
	return attribute.n > 0;
}

bool
telling_word(struct telling *t, enum risk_object_type kind, struct text name, struct text word,
	     struct err *err)
{
	struct text value = word, attribute = text_cut(&value, '=');

	if (text_absent(value) || !telling_is_attribute(lower(attribute, t->keep)))
		return err_set(err, ERR_USAGE, TEXT_FMT ": not ATTRIBUTE=VALUE", TEXT_ARG(word));
	telling_add(t, kind, name, attribute, value);
	return true;
}

/* ---- factors ---- */

bool
risk_words_factor(struct casefile *cf, struct text name, struct arena *keep, struct factor *out)
{
	struct factor *all;
	size_t         n = factors(cf, keep, &all);

	*out = (struct factor){ .name = name, .condition = TEXT(""), .multiply = 1 };
	for (size_t i = 0; i < n; i++)
		if (text_ieq(all[i].name, name)) {
			*out = all[i];
			return true;
		}
	return false;
}

/* Names are parts of the lines that say how a score came about. */
static bool
is_name(struct text name)
{
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] < ' ' || name.p[i] == 0x7f)
			return false;
	return text_trim(name).n == name.n && name.n > 0;
}

static bool
is_sane(double number)
{
	return number >= -MOST && number <= MOST;
}

bool
risk_words_factor_good(const struct factor *f, struct err *err)
{
	if (!is_name(f->name))
		return err_set(err, ERR_USAGE, "a factor has a name of one line");
	if (!is_sane(f->add) || !is_sane(f->multiply))
		return err_set(err, ERR_USAGE, "numbers up to a million make sense");
	return !f->condition.n || f->add != 0 || f->multiply != 1 ||
	       err_set(err, ERR_USAGE, "what does it do to a score? --add N, --multiply N");
}

/* "+4", "-6", "x1.5" */
static bool
take_term(struct text word, struct factor *f)
{
	if (word.n < 2)
		return false;
	if (word.p[0] == '+' || word.p[0] == '-')
		return text_to_double(word.p[0] == '+' ? text_from(word, 1) : word, &f->add);
	return word.p[0] == 'x' && text_to_double(text_from(word, 1), &f->multiply);
}

bool
risk_words_factor_line(struct text line, struct factor *out, struct err *err)
{
	struct text rest = text_trim(line), whole = rest;
	bool        terms = false;

	*out = (struct factor){ .name = TEXT(""), .condition = TEXT(""), .multiply = 1 };
	while (rest.n) {
		struct text behind = rest, word = text_cut(&behind, ' ');

		if (take_term(word, out))
			terms = true;
		else if (terms)
			break;
		else
			out->name = text_head(whole, (size_t)(word.p + word.n - whole.p));
		rest = text_trim(text_or_empty(behind));
	}
	out->condition = rest;
	if (!terms || !out->name.n || !rest.n)
		return err_set(err, ERR_USAGE, "NAME +4 x1.5 CONDITION, such as: contractor +4 search "
					       "user_category=contractor");
	return risk_words_factor_good(out, err);
}
