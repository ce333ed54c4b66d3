/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The same log in two forms gives the same events: real files of $SHARED/evidence that lie side by
 * side as X.evtx and X.xml or X.json. Letter case, outer blanks and fraction digits that a form
 * does not have are left out of the comparison, nothing else.
 */
#include "config.h"

#include "tests/import_help.h"

#define EVENTS_MAX 8192

struct side {
	struct arena mem;
	struct event events[EVENTS_MAX];
	size_t n;
};

static bool
keep_event(void *self, struct event *ev)
{
	struct side *s = self;
	struct event *to = &s->events[s->n];

	if (s->n == EVENTS_MAX)
		return false;
	*to = *ev;
	to->host = arena_copy(&s->mem, ev->host);
	to->channel = arena_copy(&s->mem, ev->channel);
	to->fields = arena_new(&s->mem, struct field, ev->n_fields);
	for (uint32_t i = 0; i < ev->n_fields; i++) {
		to->fields[i].name = arena_copy(&s->mem, ev->fields[i].name);
		to->fields[i].value = arena_copy(&s->mem, ev->fields[i].value);
	}
	s->n++;
	return true;
}

static bool
read_side(struct side *s, struct text path, struct arena scratch)
{
	struct import_options opt = { .recover = false };
	struct sink sink = { .self = s, .event = keep_event };
	struct err err = { .kind = ERR_NONE };
	struct text reason;
	struct input in;
	const struct importer *imp;
	char *head = arena_new(&scratch, char, SNIFF_BYTES);
	size_t got = 0;
	bool ignore, good = false;

	s->n = 0;
	if (!input_open(&in, &scratch, path, &err))
		return false;
	if (in.read_at(in.self, 0, head, SNIFF_BYTES, &got, &err)) {
		imp = importer_find((struct text){ head, got }, in.size, &reason, &ignore);
		good = imp && imp->decode(&in, 0, in.size, &opt, &sink, &err);
	}
	input_close(&in);
	return good;
}

static const struct event *
find_event(const struct side *s, const struct event *like)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->events[i].record_id == like->record_id &&
		    text_ieq(s->events[i].host, like->host) &&
		    text_ieq(s->events[i].channel, like->channel))
			return &s->events[i];
	return NULL;
}

static bool
same_value(struct text name, struct text a, struct text b)
{
	if (text_eq(name, TEXT("SystemTime")))
		return text_eq(text_head(a, 26), text_head(b, 26));
	return text_ieq(text_trim(a), text_trim(b));
}

static bool
same_event(const struct event *a, const struct event *b)
{
	bool same = a->n_fields == b->n_fields && a->event_id == b->event_id;

	for (uint32_t i = 0; same && i < a->n_fields; i++)
		same = text_eq(a->fields[i].name, b->fields[i].name) &&
		       same_value(a->fields[i].name, a->fields[i].value, b->fields[i].value);
	return same;
}

static void
compare(struct text binary, struct text other)
{
	struct arena scratch = arena_open((size_t)1 << 26);
	struct side *a = calloc(1, sizeof(*a)), *b = calloc(1, sizeof(*b));
	size_t same = 0;
	bool good;

	a->mem = arena_open((size_t)1 << 30);
	b->mem = arena_open((size_t)1 << 30);
	good = read_side(a, binary, scratch) && read_side(b, other, scratch);
	for (size_t i = 0; i < b->n; i++) {
		const struct event *twin = find_event(a, &b->events[i]);

		if (twin && same_event(twin, &b->events[i]))
			same++;
		else
			printf("# differs: record %llu\n",
			       (unsigned long long)b->events[i].record_id);
	}
	ok(good && b->n > 0 && same == b->n && a->n == b->n,
	   TEXT_FMT ": %zu events, %zu the same as in the binary log",
	   TEXT_ARG(text_last_part(other)), b->n, same);
	arena_close(&b->mem);
	arena_close(&a->mem);
	arena_close(&scratch);
	free(b);
	free(a);
}

/* Paths come in order, so X.evtx stands before X.json and X.xml. */
struct pairs {
	struct arena mem;
	struct text binary;
};

static bool
look(void *ctx, struct text path, uint64_t size)
{
	struct pairs *p = ctx;
	struct text stem = text_head(p->binary, p->binary.n < 5 ? 0 : p->binary.n - 5);

	(void)size;
	if (text_iends(path, TEXT(".evtx")))
		p->binary = arena_copy(&p->mem, path);
	else if (stem.n > 0 && (text_eq(path, arena_join(&p->mem, stem, TEXT(".xml"))) ||
				text_eq(path, arena_join(&p->mem, stem, TEXT(".json")))))
		compare(p->binary, path);
	return true;
}

int
main(void)
{
	const char *shared = getenv("SHARED");
	struct pairs p = { .mem = arena_open(1 << 20) };

	if (!shared)
		skip_all("SHARED does not name the folder with real evidence");
	evidence_walk(arena_printf(&p.mem, "%s/evidence", shared), look, NULL, &p);
	arena_close(&p.mem);
	return done_testing();
}
