/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define MATCH_STEPS_MAX 2000000
#define MATCH_STEPS_FEW 20000
#define MATCH_DEPTH_MAX 100000
#define MATCH_HEAP_KIB  65536

struct regex {
	pcre2_code          *code;
	pcre2_match_context *limits, *less; /* of a run that gave up often */
	struct text         *names;
	uint32_t            *numbers;
	size_t               n_names;
};

/* What a compiled expression consists of lives and dies with the arena. */
static void *
arena_malloc(PCRE2_SIZE n, void *arena)
{
	return arena_alloc(arena, n, _Alignof(max_align_t), 1);
}

static void
arena_free(void *p, void *arena)
{
	(void)p;
	(void)arena;
}

static pcre2_code *
compile_pattern(pcre2_general_context *general, struct text pattern, bool lenient, int *error,
		PCRE2_SIZE *at)
{
	pcre2_compile_context *context = pcre2_compile_context_create(general);

	pcre2_set_max_pattern_length(context, 65536);
	pcre2_set_parens_nest_limit(context, 200);
	if (lenient)
		pcre2_set_compile_extra_options(context, PCRE2_EXTRA_BAD_ESCAPE_IS_LITERAL);
	return pcre2_compile((PCRE2_SPTR)(pattern.p ? pattern.p : ""), pattern.n,
			     PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_DUPNAMES |
				 PCRE2_NEVER_BACKSLASH_C,
			     error, at, context);
}

static int
name_order(const struct regex *re, size_t a, size_t b)
{
	return (re->numbers[a] > re->numbers[b]) - (re->numbers[a] < re->numbers[b]);
}

static void
read_names(struct regex *re, struct arena *keep)
{
	uint32_t   n = 0, size = 0;
	PCRE2_SPTR table = NULL;

	pcre2_pattern_info(re->code, PCRE2_INFO_NAMECOUNT, &n);
	pcre2_pattern_info(re->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
	pcre2_pattern_info(re->code, PCRE2_INFO_NAMETABLE, &table);
	re->names = arena_new(keep, struct text, n);
	re->numbers = arena_new(keep, uint32_t, n);
	re->n_names = n;
	for (uint32_t i = 0; i < n; i++) {
		PCRE2_SPTR entry = table + (size_t)i * size;

		re->numbers[i] = (uint32_t)entry[0] << 8 | entry[1];
		re->names[i] = arena_copy(keep, text_of((const char *)entry + 2));
	}
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k > 0 && name_order(re, k - 1, k) > 0; k--) {
			struct text name = re->names[k];
			uint32_t    number = re->numbers[k];

			re->names[k] = re->names[k - 1];
			re->numbers[k] = re->numbers[k - 1];
			re->names[k - 1] = name;
			re->numbers[k - 1] = number;
		}
}

static pcre2_match_context *
limits_of(pcre2_general_context *general, uint32_t steps)
{
	pcre2_match_context *limits = pcre2_match_context_create(general);

	pcre2_set_match_limit(limits, steps);
	pcre2_set_depth_limit(limits, MATCH_DEPTH_MAX);
	pcre2_set_heap_limit(limits, MATCH_HEAP_KIB);
	return limits;
}

struct regex *
regex_make(struct arena *keep, struct text pattern, struct text *what, bool *literal)
{
	pcre2_general_context *general =
	    pcre2_general_context_create(arena_malloc, arena_free, keep);
	struct regex          *re = arena_new(keep, struct regex, 1);
	int                    error;
	PCRE2_SIZE             at;

	*literal = false;
	re->code = compile_pattern(general, pattern, false, &error, &at);
	if (!re->code) {
		re->code = compile_pattern(general, pattern, true, &error, &at);
		*literal = re->code != NULL;
	}
	if (!re->code) {
		char message[160];

		pcre2_get_error_message(error, (PCRE2_UCHAR *)message, sizeof(message));
		*what = arena_printf(keep, "%s (character %zu of the regular expression)", message,
				     (size_t)at + 1);
		return NULL;
	}
	re->limits = limits_of(general, MATCH_STEPS_MAX);
	re->less = limits_of(general, MATCH_STEPS_FEW);
	read_names(re, keep);
	return re;
}

void
regex_speed_up(struct regex *re)
{
	pcre2_jit_compile(re->code, PCRE2_JIT_COMPLETE); /* or it stays as it is */
}

enum regex_result
regex_find(const struct regex *re, struct text subject, size_t from, uint64_t gave_up,
	   struct regex_match *m)
{
	pcre2_match_context *limits = gave_up < REGEX_PATIENCE ? re->limits : re->less;
	pcre2_match_data    *data;
	PCRE2_SIZE          *ends;
	int                  n;

	if (from > subject.n)
		return REGEX_NO;
	data = pcre2_match_data_create(REGEX_GROUPS_MAX, NULL);
	if (!data)
		return REGEX_GAVE_UP;
	n = pcre2_match(re->code, (PCRE2_SPTR)(subject.p ? subject.p : ""), subject.n, from, 0,
			data, limits);
	if (n == PCRE2_ERROR_JIT_STACKLIMIT) /* the interpreter has its own, larger limit */
		n = pcre2_match(re->code, (PCRE2_SPTR)subject.p, subject.n, from, PCRE2_NO_JIT, data,
				limits);
	m->n = n > 0 ? (uint32_t)n : n == 0 ? REGEX_GROUPS_MAX : 0;
	ends = pcre2_get_ovector_pointer(data);
	for (uint32_t i = 0; i < m->n; i++) {
		bool set = ends[2 * i] != PCRE2_UNSET && ends[2 * i] <= ends[2 * i + 1];

		m->start[i] = set ? ends[2 * i] : TEXT_NOWHERE;
		m->end[i] = set ? ends[2 * i + 1] : TEXT_NOWHERE;
	}
	pcre2_match_data_free(data);
	if (n >= 0)
		return REGEX_YES;
	return n == PCRE2_ERROR_NOMATCH ? REGEX_NO : REGEX_GAVE_UP;
}

size_t
regex_next(struct text subject, const struct regex_match *m)
{
	size_t at = m->end[0];

	if (at == TEXT_NOWHERE)
		return subject.n + 1;
	if (m->end[0] > m->start[0])
		return at;
	/* An empty match: step over one whole character. */
	for (at++; at < subject.n && ((unsigned char)subject.p[at] & 0xc0) == 0x80;)
		at++;
	return at;
}

size_t
regex_names(const struct regex *re, const struct text **names, const uint32_t **numbers)
{
	*names = re->names;
	*numbers = re->numbers;
	return re->n_names;
}
