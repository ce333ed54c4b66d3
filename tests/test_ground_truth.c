/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Real files against counts that other programs made: events per host, channel and event id.
 * The table is $SHARED/evidence/ground-truth.csv: file,format,computer,channel,event_id,count.
 */
#include "config.h"

#include "tests/import_help.h"

#define COUNTS_MAX 1024 /* different (host, channel, event id) in one file */

struct count {
	struct text computer, channel, event_id;
	uint64_t wanted, got;
};

/* The rows of one file; a file of two formats has rows of both. */
struct group {
	struct text file, formats;
	struct count counts[COUNTS_MAX];
	size_t n;
	uint64_t wanted, got, gaps;
	struct arena mem;
};

static struct count *
count_of(struct group *g, struct text computer, struct text channel, struct text event_id)
{
	for (size_t i = 0; i < g->n; i++) {
		struct count *c = &g->counts[i];

		if (text_eq(c->computer, computer) && text_eq(c->channel, channel) &&
		    text_eq(c->event_id, event_id))
			return c;
	}
	if (g->n == COUNTS_MAX)
		return NULL;
	g->counts[g->n] =
	    (struct count){ arena_copy(&g->mem, computer), arena_copy(&g->mem, channel),
			    arena_copy(&g->mem, event_id), 0, 0 };
	return &g->counts[g->n++];
}

static bool
count_event(void *self, struct event *ev)
{
	struct group *g = self;
	struct count *c;
	char digits[16];
	struct text id = ev->event_name;

	if (ev->format != FORMAT_CROWDSTRIKE)
		id = (struct text){ digits,
				    (size_t)snprintf(digits, sizeof(digits), "%u", ev->event_id) };
	c = count_of(g, ev->host, ev->channel, id);
	if (c)
		c->got++;
	g->got++;
	return true;
}

static bool
count_gap(void *self, const struct gap *gap)
{
	struct group *g = self;

	(void)gap;
	g->gaps++;
	return true;
}

static void
show_differences(const struct group *g)
{
	for (size_t i = 0, shown = 0; i < g->n && shown < 8; i++) {
		const struct count *c = &g->counts[i];

		if (c->wanted == c->got)
			continue;
		printf("#   " TEXT_FMT " " TEXT_FMT " " TEXT_FMT ": %llu instead of %llu\n",
		       TEXT_ARG(c->computer), TEXT_ARG(c->channel), TEXT_ARG(c->event_id),
		       (unsigned long long)c->got, (unsigned long long)c->wanted);
		shown++;
	}
}

static bool
all_equal(const struct group *g)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->counts[i].wanted != g->counts[i].got)
			return false;
	return true;
}

static void
check(struct group *g, struct text folder)
{
	struct arena a = arena_open(1 << 20);
	struct import_options opt = { .recover = false };
	struct sink sink = { .self = g, .event = count_event, .gap = count_gap };
	struct err err = { .kind = ERR_NONE };
	struct input in;
	struct text reason,
	    path = arena_printf(&a, TEXT_FMT "/" TEXT_FMT, TEXT_ARG(folder), TEXT_ARG(g->file));
	const struct importer *imp = NULL;
	bool ignore, good;
	char *head = arena_new(&a, char, SNIFF_BYTES);
	size_t got = 0;

	good = input_open(&in, &a, path, &err);
	if (good)
		good = in.read_at(in.self, 0, head, SNIFF_BYTES, &got, &err);
	if (good) {
		imp = importer_find((struct text){ head, got }, in.size, &reason, &ignore);
		if (!imp)
			printf("# no importer: " TEXT_FMT "\n", TEXT_ARG(reason));
	}
	if (good && imp)
		good = imp->decode(&in, 0, in.size, &opt, &sink, &err);
	ok(good && all_equal(g), TEXT_FMT ": %llu events of %llu, " TEXT_FMT, TEXT_ARG(g->file),
	   (unsigned long long)g->got, (unsigned long long)g->wanted, TEXT_ARG(g->formats));
	show_differences(g);
	input_close(&in);
	arena_close(&a);
}

/* Fields of the table may be quoted; none holds a line end. */
static struct text
next_cell(struct text *line)
{
	struct text cell;

	if (line->n == 0 || line->p[0] != '"')
		return text_cut(line, ',');
	*line = text_from(*line, 1);
	cell = text_cut(line, '"');
	text_cut(line, ',');
	return cell;
}

static void
check_table(struct text table, struct text folder)
{
	struct group *g = calloc(1, sizeof(*g));

	text_cut(&table, '\n');
	g->mem = arena_open(1 << 26);
	while (!text_absent(table)) {
		struct text line = text_trim(text_cut(&table, '\n'));
		struct text file = next_cell(&line), format = next_cell(&line);
		struct text computer = next_cell(&line), channel = next_cell(&line);
		struct text event_id = next_cell(&line);
		uint64_t n = 0;
		struct count *c;

		if (!text_to_u64(line, &n))
			break;
		if (g->file.n > 0 && !text_eq(g->file, file)) {
			check(g, folder);
			arena_reset(&g->mem, 1 << 20);
			g->n = 0;
			g->wanted = g->got = 0;
		}
		g->file = file;
		g->formats = format;
		c = count_of(g, computer, channel, event_id);
		if (c)
			c->wanted += n;
		g->wanted += n;
	}
	if (g->file.n > 0)
		check(g, folder);
	arena_close(&g->mem);
	free(g);
}

static struct text
read_whole(struct text path, struct arena *keep)
{
	struct input in;
	struct err err = { .kind = ERR_NONE };
	size_t n = 0, got;
	char *p;

	if (!input_open(&in, keep, path, &err))
		return TEXT_NONE;
	p = arena_new(keep, char, in.size + 1);
	while (in.read_at(in.self, n, p + n, (size_t)in.size - n, &got, &err) && got > 0)
		n += got;
	input_close(&in);
	return (struct text){ p, n };
}

/* Files that the table does not name hold no event, or none that is whole. */
struct strangers {
	struct text folder, table;
};

static bool
check_stranger(void *ctx, struct text path, uint64_t size)
{
	const struct strangers *s = ctx;
	struct group *g;
	struct text file = text_from(path, s->folder.n + 1);
	struct arena a = arena_open(1 << 12);

	(void)size;
	if (text_find(s->table, arena_printf(&a, "\n" TEXT_FMT ",", TEXT_ARG(file))) ==
		TEXT_NOWHERE &&
	    text_find(s->table, arena_printf(&a, "\n\"" TEXT_FMT "\",", TEXT_ARG(file))) ==
		TEXT_NOWHERE) {
		g = calloc(1, sizeof(*g));
		g->mem = arena_open(1 << 26);
		g->file = file;
		g->formats = TEXT("not in the table");
		check(g, s->folder);
		arena_close(&g->mem);
		free(g);
	}
	arena_close(&a);
	return true;
}

int
main(void)
{
	const char *shared = getenv("SHARED");
	struct arena a = arena_open(1 << 24);
	struct text folder, table;

	if (!shared)
		skip_all("SHARED does not name the folder with real evidence");
	folder = arena_printf(&a, "%s/evidence", shared);
	table = read_whole(arena_join(&a, folder, TEXT("/ground-truth.csv")), &a);
	if (text_absent(table))
		skip_all("no ground-truth.csv in $SHARED/evidence");
	check_table(table, folder);
	evidence_walk(folder, check_stranger, NULL, &(struct strangers){ folder, table });
	arena_close(&a);
	return done_testing();
}
