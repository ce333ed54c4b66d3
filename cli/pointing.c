/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/pointing.h"

#include <stdio.h>

#include "base/visible.h"

/* Bytes of T that come before its character number N, counted from 1. */
static size_t
bytes_before(struct text t, uint64_t n)
{
	size_t   at = 0;
	uint32_t code;

	while (--n && at < t.n)
		at += utf8_decode(t.p + at, t.p + t.n, &code);
	return at;
}

static void
point(struct text line, uint64_t column)
{
	const size_t most = 72, before_most = 50; /* of a long line, what is near the fault */
	struct arena memory = arena_open((size_t)1 << 24);
	size_t       at = bytes_before(line, column);
	size_t       begin = at > before_most ? at - before_most : 0;
	struct text  shown, before;

	while (begin < at && ((unsigned char)line.p[begin] & 0xc0) == 0x80)
		begin++;
	shown = text_head(text_from(line, begin), most + (at - begin));
	before = visible_line(text_head(shown, at - begin), true, &memory);
	shown = visible_line(shown, true, &memory);
	fprintf(stderr, "  " TEXT_FMT "\n  %*s^\n", TEXT_ARG(shown),
		(int)visible_width(before), "");
	arena_close(&memory);
}

void
point_at(const struct err *err, struct text file, struct text source)
{
	struct text where = text_of(err->where), line = TEXT("");
	uint64_t    number, column;

	if (!text_starts(where, file))
		return;
	where = text_from(where, file.n);
	text_cut(&where, ':');
	if (text_absent(where) || !text_to_u64(text_cut(&where, ':'), &number) ||
	    text_absent(where) || !text_to_u64(text_cut(&where, ':'), &column) || column == 0)
		return;
	for (uint64_t i = 0; i < number && !text_absent(source); i++)
		line = text_cut(&source, '\n');
	point(line, column);
}
