/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The searches of tests/searches/: each gives the rows that stand behind it.
 *
 *   ## TITLE          begins a section; what follows belongs to it
 *   event F=V ...     an event, as array_source.h has it; "row F=V ..." one of no channel
 *   macro NAME(A, B) TEXT
 *   table NAME CSV    a lookup; "\n" ends its lines; the text wildcard(COL), cidr(COL) or any case
 *                     in front of the CSV sets its match
 *   search TEXT       indented lines continue it
 *   gives ROWS        "a=1 b=[x y] | a=2"; nothing behind it: no row
 *   error TEXT        the search is refused, or fails, with this in its message
 *   reserves TEXT     it compiles with a reservation that has this text
 *   finds TEXT        one of its rows has this text
 */
#include "config.h"

#include <dirent.h>
#include <stdlib.h>

#include "tests/array_source.h"
#include "tests/lookup_text.h"

struct section {
	struct arena         keep;
	struct array_source *events;
	struct search_env    env;
	struct macros       *macros;
	struct lookups      *lookups;
	struct text          title, search;
};

static void
section_begin(struct section *s, struct text title)
{
	if (s->lookups)
		lookups_free(s->lookups);
	s->title = title;
	s->events = array_source_new(&s->keep);
	s->macros = macros_new(&s->keep);
	s->lookups = lookups_new();
	s->env = (struct search_env){ .macros = s->macros, .lookups = s->lookups };
	s->search = TEXT("");
}

/* NAME(A, B) TEXT */
static void
add_macro(struct section *s, struct text line)
{
	struct macro m = { .name = text_cut(&line, ' ') };
	struct text  head = m.name;
	size_t       cap = 0;

	if (text_find_byte(head, '(') != TEXT_NOWHERE) {
		m.name = text_cut(&head, '(');
		head = text_cut(&head, ')');
		while (!text_absent(head)) {
			arena_grow(&s->keep, m.args, m.n_args, &cap);
			m.args[m.n_args++] = text_trim(text_cut(&head, ','));
		}
	}
	m.definition = line;
	macros_add(s->macros, &m);
}

static struct text
with_newlines(struct text t, struct arena *keep)
{
	struct text all = TEXT("");

	while (!text_absent(t)) {
		size_t      at = text_find(t, TEXT("\\n"));
		struct text one = at == TEXT_NOWHERE ? t : text_head(t, at);

		all = arena_printf(keep, TEXT_FMT TEXT_FMT "\n", TEXT_ARG(all), TEXT_ARG(one));
		t = at == TEXT_NOWHERE ? TEXT_NONE : text_from(t, at + 2);
	}
	return all;
}

static void
add_table(struct section *s, struct text line)
{
	struct text           name = text_cut(&line, ' '), *column = arena_new(&s->keep, struct text, 1);
	struct lookup_options options = { .ignore_case = true };
	bool wild = text_starts(line, TEXT("wildcard(")), cidr = text_starts(line, TEXT("cidr("));

	if (wild || cidr) {
		struct text inside = text_cut(&line, ' ');

		text_cut(&inside, '(');
		*column = text_cut(&inside, ')');
		options.wildcards = column;
		options.n_wildcards = wild;
		options.networks = column;
		options.n_networks = cidr;
	}
	lookup_of_text(s->lookups, name, with_newlines(line, &s->keep), &options);
}

static void
answer(struct section *s, struct text kind, struct text want)
{
	const char         *spl = arena_printf(&s->keep, TEXT_FMT, TEXT_ARG(s->search)).p;
	struct array_result r = array_run_env(s->events, spl, &s->env, 0);

	if (text_eq(kind, TEXT("reserves"))) {
		struct text got = r.search ? search_reservation(r.search) : r.text;

		ok(want.n ? text_find(got, want) != TEXT_NOWHERE : got.n == 0,
		   TEXT_FMT ": %s: the reservation " TEXT_FMT " has " TEXT_FMT, TEXT_ARG(s->title), spl,
		   TEXT_ARG(got), TEXT_ARG(want));
	} else if (text_eq(kind, TEXT("error"))) {
		ok(text_starts(r.text, TEXT("error: ")) && text_find(r.text, want) != TEXT_NOWHERE,
		   TEXT_FMT ": %s: " TEXT_FMT " has " TEXT_FMT, TEXT_ARG(s->title), spl,
		   TEXT_ARG(r.text), TEXT_ARG(want));
	} else if (text_eq(kind, TEXT("finds"))) {
		ok(text_find(r.text, want) != TEXT_NOWHERE, TEXT_FMT ": %s: " TEXT_FMT " has " TEXT_FMT,
		   TEXT_ARG(s->title), spl, TEXT_ARG(r.text), TEXT_ARG(want));
	} else {
		is(r.text, want,
		   arena_printf(&s->keep, TEXT_FMT ": %s", TEXT_ARG(s->title), spl).p);
	}
}

static void
read_line(struct section *s, struct text line, const char *file)
{
	struct text rest = text_trim(line), kind = text_cut(&rest, ' ');

	rest = text_absent(rest) ? TEXT("") : text_trim(rest);
	if (kind.n == 0 || text_eq(kind, TEXT("#")))
		return;
	if (line.p[0] == ' ' || line.p[0] == '\t')
		s->search = arena_printf(&s->keep, TEXT_FMT " " TEXT_FMT, TEXT_ARG(s->search),
					 TEXT_ARG(text_trim(line)));
	else if (text_eq(kind, TEXT("##")))
		section_begin(s, rest);
	else if (text_eq(kind, TEXT("row")))
		array_event(s->events, line);
	else if (text_eq(kind, TEXT("event")))
		array_event(s->events, rest);
	else if (text_eq(kind, TEXT("macro")))
		add_macro(s, rest);
	else if (text_eq(kind, TEXT("table")))
		add_table(s, rest);
	else if (text_eq(kind, TEXT("search")))
		s->search = rest;
	else if (text_eq(kind, TEXT("gives")) || text_eq(kind, TEXT("error")) ||
		 text_eq(kind, TEXT("reserves")) || text_eq(kind, TEXT("finds")))
		answer(s, kind, rest);
	else
		ok(false, "%s: unknown line \"" TEXT_FMT "\"", file, TEXT_ARG(line));
}

static void
run_file(struct section *s, const char *path)
{
	FILE  *f = fopen(path, "r");
	char  *line = NULL;
	size_t cap = 0;
	long   n;

	section_begin(s, TEXT("before any section"));
	while (f && (n = getline(&line, &cap, f)) > 0)
		read_line(s, arena_copy(&s->keep, (struct text){ line, (size_t)n }), path);
	free(line);
	if (!ok(f != NULL, "%s is read", path))
		return;
	fclose(f);
}

int
main(int argc, char **argv)
{
	const char     *top = getenv("top_srcdir");
	struct section  s = { .keep = arena_open((size_t)2 << 30) };
	struct dirent **names;
	int             n;
	struct text     folder = arena_printf(&s.keep, "%s/tests/searches", top ? top : ".");

	for (int i = 1; i < argc; i++)
		run_file(&s, argv[i]);
	n = argc > 1 ? 0 : scandir(folder.p, &names, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		if (text_iends(text_of(names[i]->d_name), TEXT(".search")))
			run_file(&s, arena_printf(&s.keep, TEXT_FMT "/%s", TEXT_ARG(folder),
						  names[i]->d_name)
					 .p);
		free(names[i]);
	}
	if (n > 0)
		free(names);
	ok(tap_count > 0, "there are some");
	lookups_free(s.lookups);
	arena_close(&s.keep);
	return done_testing();
}
