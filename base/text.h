/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * text.h - a piece of UTF-8 text: pointer and length, owning nothing.
 *
 * There is no terminator to trust. { NULL, 0 } is "absent"; { p, 0 } is "present but empty".
 * Comparison without case folds ASCII and the two-byte letters (Latin-1, Latin Extended-A,
 * Greek, Cyrillic, Armenian) whose simple case folding keeps their length; see text_fold.
 */
#ifndef AUGER_BASE_TEXT_H
#define AUGER_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct text {
	const char *p;
	size_t      n;
};

#define TEXT(literal)      ((struct text){ "" literal, sizeof(literal) - 1 })
#define TEXT_INIT(literal) { "" literal, sizeof(literal) - 1 }
#define TEXT_NONE          ((struct text){ NULL, 0 })
/* TEXT_ARG evaluates T twice: what it is given may call, but not change anything (text_cut). */
#define TEXT_FMT           "%.*s"
#define TEXT_ARG(t)        (int)(t).n, ((t).p ? (t).p : "")

static inline struct text
text_of(const char *terminated)
{
	return (struct text){ terminated, terminated ? strlen(terminated) : 0 };
}

static inline bool
text_absent(struct text t)
{
	return t.p == NULL;
}

static inline struct text
text_or_empty(struct text t)
{
	return t.p ? t : (struct text){ "", 0 };
}

static inline bool
text_eq(struct text a, struct text b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* The rest of T from byte FROM on; FROM past the end gives empty text. */
static inline struct text
text_from(struct text t, size_t from)
{
	if (from > t.n)
		from = t.n;
	return (struct text){ t.p ? t.p + from : NULL, t.n - from };
}

static inline struct text
text_head(struct text t, size_t n)
{
	return (struct text){ t.p, n < t.n ? n : t.n };
}

#define TEXT_NOWHERE ((size_t)-1)

int    text_cmp(struct text a, struct text b);  /* bytewise, as memcmp, shorter first */
bool   text_ieq(struct text a, struct text b);  /* without case */
int    text_icmp(struct text a, struct text b); /* without case */
bool   text_starts(struct text t, struct text head);
bool   text_istarts(struct text t, struct text head);
bool   text_iends(struct text t, struct text tail);
size_t text_find(struct text hay, struct text needle);  /* TEXT_NOWHERE when not there */
size_t text_ifind(struct text hay, struct text folded); /* FOLDED went through text_fold */
size_t text_find_byte(struct text hay, char c);
size_t text_rfind_byte(struct text hay, char c);

/* Lower case, same length, into OUT (t.n bytes). The one definition of "ignores case". */
void text_fold(char *out, struct text t);

struct text text_trim(struct text t);      /* blanks, tabs, line ends off both ends */
struct text text_last_part(struct text t); /* behind the last / or \ */

/* Cuts T at the first SEP: the part before it is returned, *T becomes the part behind it.
 * Without SEP all of it is returned and *T becomes absent. */
struct text text_cut(struct text *t, char sep);

/* The whole text must be the number; false otherwise, *out untouched. */
bool text_to_u64(struct text t, uint64_t *out);        /* decimal, or hexadecimal after 0x */
bool text_to_i64(struct text t, int64_t *out);         /* decimal */
bool text_to_double(struct text t, double *out);       /* decimal, no hex, no inf, no nan */

uint32_t text_key(struct text t);  /* FNV-1a, 32 bit: the key of field names */
uint64_t text_hash(struct text t, uint64_t seed);      /* 64 bit, well mixed, not secret */

#endif
