/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Golden screens: every tests/screens/X.screen is a line of settings and the exact screen.
 *
 *     # tests/screens/X.screen  case: small  size: 120x40  ascii  keys: 2jj<Enter>
 *
 * UPDATE=1 rewrites them; read the diff before it is committed.
 */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>

#include "base/when.h"
#include "store/work.h"
#include "tests/screen_cases.h"
#include "tui/tui.h"

struct golden {
	char path[512];
	char settings[512], name[64], keys[256];
	int  rows, columns;
	bool ascii;
	char *want;
	size_t n_want;
};

static const char *
top(void)
{
	return getenv("top_srcdir") ? getenv("top_srcdir") : ".";
}

static void
setting(const char *line, const char *name, char *out, size_t cap, bool to_end)
{
	const char *at = strstr(line, name);
	size_t      n = 0;

	out[0] = '\0';
	if (!at)
		return;
	at += strlen(name);
	while (*at && (to_end || *at != ' ') && n + 1 < cap)
		out[n++] = *at++;
	out[n] = '\0';
}

static bool
golden_read(struct golden *g)
{
	FILE *in = fopen(g->path, "r");
	char  size[32];

	if (!in)
		return false;
	if (!fgets(g->settings, sizeof(g->settings), in))
		g->settings[0] = '\0';
	g->settings[strcspn(g->settings, "\n")] = '\0';
	setting(g->settings, "case: ", g->name, sizeof(g->name), false);
	setting(g->settings, "size: ", size, sizeof(size), false);
	setting(g->settings, "keys: ", g->keys, sizeof(g->keys), true);
	g->ascii = strstr(g->settings, " ascii ") != NULL;
	if (sscanf(size, "%dx%d", &g->columns, &g->rows) != 2) {
		g->columns = 80;
		g->rows = 24;
	}
	g->want = calloc(1, 1 << 20);
	g->n_want = fread(g->want, 1, 1 << 20, in);
	fclose(in);
	return true;
}

static struct text
draw(const struct golden *g, const struct screen_case *c)
{
	char            *text = NULL;
	size_t           n = 0;
	FILE            *dump = open_memstream(&text, &n);
	struct tui_setup setup = { .case_path = strrchr(c->file.path, '/') + 1,
				   .rules = c->rules,
				   .rows = g->rows,
				   .columns = g->columns,
				   .script = g->keys,
				   .ascii = g->ascii,
				   .dump = dump };
	struct err       err = { 0 };

	int              here = open(".", O_RDONLY);

	/* so that no screen shows where the test ran */
	if (chdir(c->file.folder) != 0 || !tui_run(&setup, &err))
		fprintf(dump, "%s: %s\n", err.where, err.what);
	fclose(dump);
	if (fchdir(here) != 0)
		abort();
	close(here);
	return (struct text){ text, n };
}

static void
show_difference(struct text got, struct text want)
{
	for (int row = 1; got.n || want.n; row++) {
		struct text a = text_cut(&got, '\n'), b = text_cut(&want, '\n');

		if (!text_eq(a, b))
			printf("# row %d got  |" TEXT_FMT "\n# row %d want |" TEXT_FMT "\n", row,
			       TEXT_ARG(a), row, TEXT_ARG(b));
	}
}

static void
check(struct golden *g, const struct screen_case *c, const char *file)
{
	struct text got = draw(g, c), want = { g->want, g->n_want };

	if (getenv("UPDATE")) {
		FILE *out = fopen(g->path, "w");

		fprintf(out, "%s\n" TEXT_FMT, g->settings, TEXT_ARG(got));
		fclose(out);
	}
	if (!ok(getenv("UPDATE") || text_eq(got, want), "%s", file))
		show_difference(got, want);
	free((void *)(uintptr_t)got.p);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static size_t
all_screens(char **out, size_t cap)
{
	char   folder[400];
	DIR   *d;
	size_t n = 0;

	snprintf(folder, sizeof(folder), "%s/tests/screens", top());
	d = opendir(folder);
	for (struct dirent *e = d ? readdir(d) : NULL; e && n < cap; e = readdir(d))
		if (text_iends(text_of(e->d_name), TEXT(".screen")))
			out[n++] = strdup(e->d_name);
	if (d)
		closedir(d);
	qsort(out, n, sizeof(*out), by_name);
	return n;
}

static void
every_screen(const struct screen_case *cases, const char *const *names, size_t n_cases)
{
	char  *files[500];
	size_t n = all_screens(files, 500);

	ok(n > 0, "there are golden screens");
	for (size_t i = 0; i < n; i++) {
		struct golden g = { 0 };
		size_t        which = 0;

		snprintf(g.path, sizeof(g.path), "%s/tests/screens/%s", top(), files[i]);
		golden_read(&g);
		while (which < n_cases && strcmp(names[which], g.name[0] ? g.name : "small") != 0)
			which++;
		if (ok(which < n_cases, "%s names a case", files[i]))
			check(&g, &cases[which], files[i]);
		free(g.want);
		free(files[i]);
	}
}

/* What two analysts said of it, at times that stay. */
static void
note_some(struct screen_case *c)
{
	static const struct {
		int64_t        event;
		enum work_kind kind;
		const char    *value, *author;
	} said[] = {
		{ 2, WORK_BOOKMARK, "yes", "ann@lab" },
		{ 3, WORK_NOTE, "first sign of them", "ann@lab" },
		{ 4, WORK_BOOKMARK, "yes", "ann@lab" },
		{ 4, WORK_NOTE, "same tool as on the server", "ann@lab" },
		{ 4, WORK_NOTE, "\033[31mnot\n sure", "bob@lab" },
		{ 0, WORK_NOTE, "seen on another machine", "bob@lab" },
		{ 0, WORK_VERDICT, "true positive", "bob@lab" },
	};
	struct work_state finding;
	struct test_case *t = &c->file;

	case_open(t, CASEFILE_WORK);
	work_state(t->cf, 2, 0, &t->arena, &finding);
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		struct work_entry e = { .event = said[i].event,
					.key = finding.key,
					.kind = said[i].kind,
					.value = text_of(said[i].value),
					.author = text_of(said[i].author),
					.time_ns = (INT64_C(1700000000) + (int64_t)i) * WHEN_SECOND,
					.current = true };
		bool              news;

		ok(work_merge(t->cf, &e, &news, &t->err), "%s said %s", said[i].author,
		   work_kind_name(said[i].kind));
	}
	casefile_close(t->cf);
	t->cf = NULL;
}

int
main(void)
{
	static const char *const names[] = { "empty", "small", "hostile", "nothing", "noted", "years" };
	static void (*const make[])(struct screen_case *) = { NULL, make_small, make_hostile,
							      make_nothing, make_small, make_years };
	struct screen_case cases[6];

	for (size_t i = 0; i < 6; i++) {
		screen_case_begin(&cases[i], names[i]);
		if (make[i])
			make[i](&cases[i]);
		screen_case_end(&cases[i]);
	}
	note_some(&cases[4]);
	every_screen(cases, names, 6);
	for (size_t i = 0; i < 6; i++)
		screen_case_done(&cases[i]);
	return done_testing();
}
