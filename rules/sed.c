/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/sed.h"

#include "base/ascii.h"
#include "rules/regex.h"

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

/* What a text becomes, in one piece of the arena that grows. */
struct changed {
	struct arena *keep;
	char         *p;
	size_t        n, cap, most;
	bool          full;
};

static void
changed_add(struct changed *out, struct text t)
{
	if (t.n > out->most - out->n)
		out->full = true;
	if (out->full || t.n == 0)
		return;
	while (out->cap - out->n < t.n)
		out->p = arena_grow_raw(out->keep, out->p, out->cap, &out->cap, 1, 1);
	memcpy(out->p + out->n, t.p, t.n);
	out->n += t.n;
}

/* \1 to \9 are groups, & and \0 the whole match, \x any other character itself. */
static void
changed_replace(struct changed *out, struct text with, struct text t, const struct regex_match *m)
{
	for (size_t i = 0; i < with.n && !out->full; i++) {
		char     c = with.p[i];
		bool     escaped = c == '\\' && i + 1 < with.n;
		uint32_t group = UINT32_MAX;

		if (escaped)
			c = with.p[++i];
		if (escaped && ascii_digit(c))
			group = (uint32_t)(c - '0');
		else if (!escaped && c == '&')
			group = 0;
		if (group == UINT32_MAX)
			changed_add(out, (struct text){ with.p + i, 1 });
		else if (group < m->n && m->start[group] != TEXT_NOWHERE)
			changed_add(out, (struct text){ t.p + m->start[group],
							m->end[group] - m->start[group] });
	}
}

bool
sed_apply(const struct sed *sed, struct text t, size_t most, struct arena *keep, uint64_t *gave_up,
	  struct text *changed)
{
	struct changed     out = { .keep = keep, .most = most };
	size_t             done = 0, from = 0;
	uint64_t           count = 0;
	struct regex_match m;
	enum regex_result  r = REGEX_NO;

	if (!sed->re) {
		*changed = translate(sed, t, keep);
		return true;
	}
	while (!out.full && (r = regex_find(sed->re, t, from, *gave_up, &m)) == REGEX_YES &&
	       m.start[0] != TEXT_NOWHERE) {
		count++;
		from = regex_next(t, &m);
		if (sed->only && count != sed->only)
			continue;
		changed_add(&out, (struct text){ t.p + done, m.start[0] - done });
		changed_replace(&out, sed->with, t, &m);
		done = m.end[0];
		if (!sed->all || sed->only)
			break;
	}
	*gave_up += r == REGEX_GAVE_UP;
	changed_add(&out, text_from(t, done));
	*changed = out.p ? (struct text){ out.p, out.n } : TEXT("");
	return !out.full;
}
