/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/sed.h"

#include "base/ascii.h"
#include "rules/regex.h"

#define SED_GROWTH_MAX ((size_t)16 << 20)

struct sed {
	const struct regex *re; /* NULL: y */
	struct text         with;
	uint64_t            only; /* replace this match only; 0: see all */
	bool                all;
	unsigned char       map[256];
};

/* Up to the next unescaped DELIMITER; *REST moves behind it. Absent when there is none. */
static struct text
part(struct text *rest, char delimiter)
{
	for (size_t i = 0; i < rest->n; i++) {
		struct text head = text_head(*rest, i);

		if (rest->p[i] == '\\') {
			i++;
		} else if (rest->p[i] == delimiter) {
			*rest = text_from(*rest, i + 1);
			return head;
		}
	}
	return TEXT_NONE;
}

static bool
read_flags(struct sed *sed, struct text flags, bool *fold)
{
	for (size_t i = 0; i < flags.n; i++) {
		char c = flags.p[i];

		if (c == 'g')
			sed->all = true;
		else if (c == 'i' || c == 'I')
			*fold = true;
		else if (ascii_digit(c))
			sed->only = sed->only * 10 + (uint64_t)(c - '0');
		else
			return false;
	}
	return true;
}

struct sed *
sed_make(struct arena *keep, struct text script, struct text *what)
{
	struct sed *sed = arena_new(keep, struct sed, 1);
	struct text t = text_trim(script), from, with;
	bool        fold = false, literal;

	*what = TEXT("expected s/regex/replacement/flags or y/abc/xyz/");
	if (t.n < 4 || (t.p[0] != 's' && t.p[0] != 'y'))
		return NULL;
	char delimiter = t.p[1];
	struct text rest = text_from(t, 2);

	from = part(&rest, delimiter);
	with = text_absent(from) ? from : part(&rest, delimiter);
	if (text_absent(with) || !read_flags(sed, text_trim(rest), &fold))
		return NULL;
	sed->with = arena_copy(keep, with);
	if (t.p[0] == 's') {
		if (fold)
			from = arena_join(keep, TEXT("(?i)"), from);
		sed->re = regex_make(keep, from, what, &literal);
		return sed->re ? sed : NULL;
	}
	*what = TEXT("y/.../.../ needs as many characters on both sides");
	if (from.n != with.n)
		return NULL;
	for (int i = 0; i < 256; i++)
		sed->map[i] = (unsigned char)i;
	for (size_t i = 0; i < from.n; i++)
		sed->map[(unsigned char)from.p[i]] = (unsigned char)with.p[i];
	return sed;
}

static struct text
translate(const struct sed *sed, struct text t, struct arena *keep)
{
	char *p = arena_new(keep, char, t.n + 1);

	for (size_t i = 0; i < t.n; i++)
		p[i] = (char)sed->map[(unsigned char)t.p[i]];
	return (struct text){ p, t.n };
}

/* \1 to \9 are groups, & and \0 the whole match, \x any other character itself. */
static struct text
replacement(const struct sed *sed, struct text t, const struct regex_match *m, struct arena *keep)
{
	struct text out = TEXT("");

	for (size_t i = 0; i < sed->with.n; i++) {
		char     c = sed->with.p[i];
		bool     escaped = c == '\\' && i + 1 < sed->with.n;
		uint32_t group = UINT32_MAX;

		if (escaped)
			c = sed->with.p[++i];
		if (escaped && ascii_digit(c))
			group = (uint32_t)(c - '0');
		else if (!escaped && c == '&')
			group = 0;
		if (group == UINT32_MAX)
			out = arena_join(keep, out, (struct text){ sed->with.p + i, 1 });
		else if (group < m->n && m->start[group] != TEXT_NOWHERE)
			out = arena_join(
			    keep, out,
			    (struct text){t.p + m->start[group], m->end[group] - m->start[group]});
	}
	return out;
}

struct text
sed_apply(const struct sed *sed, struct text t, struct arena *keep, uint64_t *gave_up)
{
	char              *p = NULL;
	size_t             n = 0, cap = 0, done = 0, from = 0;
	uint64_t           count = 0;
	struct regex_match m;
	enum regex_result  r = REGEX_NO;

	if (!sed->re)
		return translate(sed, t, keep);
	while (n < SED_GROWTH_MAX && (r = regex_find(sed->re, t, from, *gave_up, &m)) == REGEX_YES &&
	       m.start[0] != TEXT_NOWHERE) {
		count++;
		from = regex_next(t, &m);
		if (sed->only && count != sed->only)
			continue;
		struct text with = replacement(sed, t, &m, keep);
		size_t      before = m.start[0] - done;

		while (cap < n + before + with.n) {
			size_t more = cap;

			p = arena_grow_raw(keep, p, cap, &more, 1, 1);
			cap = more;
		}
		if (before)
			memcpy(p + n, t.p + done, before);
		if (with.n)
			memcpy(p + n + before, with.p, with.n);
		n += before + with.n;
		done = m.end[0];
		if (!sed->all || sed->only)
			break;
	}
	*gave_up += r == REGEX_GAVE_UP;
	struct text head = { p ? p : "", n };

	return arena_join(keep, head, text_from(t, done));
}
