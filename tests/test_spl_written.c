/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Detections whose later stages ask for more than test_spl_generated can make: each gives a row for
 * the events that content.events has for it. There "## NAME" begins a rule, "*N" repeats an event
 * with '#' (or '##', two digits) as its number.
 */
#include "config.h"

#include "rules/ruleset.h"
#include "tests/array_source.h"

static struct text
file_text(struct arena *keep, const char *path)
{
	FILE  *f = fopen(path, "r");
	size_t size = (size_t)1 << 20;
	char  *p = arena_new(keep, char, size);
	size_t n = f ? fread(p, 1, size - 1, f) : 0;

	if (f)
		fclose(f);
	return (struct text){ p, n };
}

static struct text
numbered(struct text line, unsigned number, struct arena *keep)
{
	char  *p = arena_new(keep, char, line.n * 3 + 1);
	size_t n = 0;

	for (size_t i = 0; i < line.n; i++) {
		bool two = i + 1 < line.n && line.p[i] == '#' && line.p[i + 1] == '#';

		if (line.p[i] == '#')
			n += (size_t)snprintf(p + n, 8, two ? "%02u" : "%u", number);
		else
			p[n++] = line.p[i];
		i += two;
	}
	return (struct text){ p, n };
}

static void
add_line(struct array_source *a, struct text line)
{
	uint64_t    times = 1;
	struct text rest = line;

	if (text_starts(line, TEXT("*"))) {
		text_to_u64(text_from(text_cut(&rest, ' '), 1), &times);
		line = rest;
	}
	for (uint64_t i = 1; i <= times; i++)
		array_event(a, numbered(line, (unsigned)i, a->keep));
}

static void
finds(const struct ruleset *rs, struct text name, struct array_source *a)
{
	const struct detection *d = ruleset_find(rs, name);
	struct array_result     r = { .keep = a->keep, .text = TEXT("") };
	struct search_run       run = { .source = &a->source, .span = { WHEN_NONE, WHEN_MAX } };

	if (!d) {
		printf("ok %d - " TEXT_FMT " # SKIP not in $SHARED\n", ++tap_count, TEXT_ARG(name));
		return;
	}
	ok(d->search && search_execute(d->search, &run, array_row, &r, NULL, &r.err) && r.n > 0,
	   TEXT_FMT, TEXT_ARG(name));
}

int
main(void)
{
	struct arena         keep = arena_open((size_t)1 << 32);
	const char          *shared = getenv("SHARED"), *top = getenv("top_srcdir");
	struct ruleset      *rs = ruleset_new();
	struct err           err = { 0 };
	struct text          path = arena_printf(&keep, "%s/security_content", shared ? shared : "");
	struct text          all, name = TEXT_NONE;
	struct array_source *a = NULL;

	if (!shared || !ruleset_load(rs, path, &err)) {
		ruleset_free(rs);
		skip_all("no detections in $SHARED/security_content");
	}
	ruleset_compile(rs);
	all = file_text(&keep, arena_printf(&keep, "%s/tests/content.events", top ? top : ".").p);
	while (!text_absent(all)) {
		struct text line = text_trim(text_cut(&all, '\n'));

		if (text_starts(line, TEXT("## "))) {
			if (a)
				finds(rs, name, a);
			name = text_from(line, 3);
			a = array_source_new(&keep);
		} else if (line.n && a) {
			add_line(a, line);
		}
	}
	if (a)
		finds(rs, name, a);
	ok(tap_count > 0, "there are some");
	ruleset_free(rs);
	arena_close(&keep);
	return done_testing();
}
