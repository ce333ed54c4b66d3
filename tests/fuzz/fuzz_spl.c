/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_spl - any bytes as a search, over a few events; behind a NUL, more bytes as a field of them.
 */
#include "config.h"

#include "tests/array_source.h"
#include "tests/lookup_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static bool
take_row(void *ctx, const struct row *row)
{
	struct arena *keep = ctx;
	struct arena  scratch = *keep;
	struct text  *names;
	size_t        n_names = row_names(row, &scratch, &names);

	for (size_t i = 0; i < n_names; i++) {
		struct value v = row_get(row, names[i], &scratch);

		value_text(&v, '\n', &scratch);
	}
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const char events[] =
	    "channel=Microsoft-Windows-Sysmon/Operational event_id=1 host=H1 User=ann Image=\"C:\\\\a.exe\" "
	    "CommandLine=\"a -b\"\n"
	    "channel=Security event_id=4688 host=H2 NewProcessName=\"C:\\\\b.exe\" n=1 t=x t=y\n"
	    "row a=1 b=2 n=5 j=\"{\\\"a\\\":[1,2]}\" x=\"<a>1</a>\"\n";
	struct arena  keep = arena_open((size_t)1 << 30);
	struct arena  rows = arena_open((size_t)64 << 20);
	struct text   all = { (const char *)p, n }, spl = text_cut(&all, '\0');
	struct array_source *a = array_source_new(&keep);
	struct lookups      *l = lookups_new();
	struct search_env    env = { .lookups = l };
	struct err           err = { 0 };
	struct search       *s;

	lookup_of_text(l, TEXT("t"), TEXT("a,b\n1,2\n*,3\n"), NULL);
	array_add(a, events);
	if (!text_absent(all)) {
		a->events[2].fields[0].value = all;
		if (a->events[2].n_fields > 3)
			a->events[2].fields[3].value = all;
	}
	if (search_compile(&s, &keep, spl, (struct place){ TEXT("fuzz"), 1, 1 }, &env, &err)) {
		struct search_run run = { .source = &a->source, .span = { WHEN_NONE, WHEN_MAX },
					  .memory_bytes = 8 << 20 };

		search_explain(s, &keep);
		search_execute(s, &run, take_row, &rows, NULL, &err);
	}
	lookups_free(l);
	arena_close(&rows);
	arena_close(&keep);
	return 0;
}
