/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Damage to the sample intrusion in every form: cut off, zeroed, overwritten with rubble, rubbish in
 * between, flipped bits. What the damage does not touch is read as before, and what is missing
 * leaves a gap.
 */
#include "config.h"

#include "tests/forms.h"
#include "tests/import_help.h"

#define EVENTS     500
#define ROUNDS     6
#define NEIGHBOURS 3 /* that rubbish may draw in: an opening quote, a closing tag */
#define HEADER     4096
#define CHUNK      65536

struct place {
	uint64_t key, offset, end;
};

struct reading {
	struct arena  mem;
	struct place *places;
	size_t        n, cap, gaps;
};

static bool
keep_event(void *self, struct event *ev)
{
	struct reading *r = self;
	struct place    p = { text_hash(ev->host, text_hash(ev->channel, ev->record_id)), ev->offset,
			      ev->offset + ev->length };

	arena_grow(&r->mem, r->places, r->n, &r->cap);
	r->places[r->n++] = p;
	return true;
}

static bool
count_gap(void *self, const struct gap *gap)
{
	struct reading *r = self;

	(void)gap;
	r->gaps++;
	return true;
}

/* Reads the bytes as the format they were before they were damaged. */
static struct reading
read_as(const struct importer *importer, struct text bytes)
{
	struct reading         r = { .mem = arena_open((size_t)1 << 24) };
	struct memory_evidence m = { bytes };
	struct input in = { .name = TEXT("memory"), .size = bytes.n, .self = &m,
			    .read_at = memory_evidence_read, .seekable = true };
	struct sink sink = { .self = &r, .event = keep_event, .gap = count_gap };
	struct import_options opt = { .window_bytes = 0 };
	struct err            err = { .kind = ERR_NONE };

	importer->decode(&in, 0, bytes.n, &opt, &sink, &err);
	return r;
}

enum kind { CUT, ZEROS, RUBBLE, RUBBISH, FLIPS, KINDS };

/* The bytes [at, end) are not what they were. */
struct damage {
	size_t at, end;
};

/* A chunk of a binary log is one thing. */
static struct damage
whole_chunks(struct damage d)
{
	d.at = d.at < HEADER ? 0 : d.at - (d.at - HEADER) % CHUNK;
	d.end += CHUNK - (d.end - HEADER) % CHUNK;
	return d;
}

static bool
is_read(const struct reading *r, const struct place *p)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->places[i].key == p->key)
			return true;
	return false;
}

/* Events outside of the damage that are not read any more. */
static size_t
missing(const struct reading *before, const struct reading *now, struct damage d)
{
	size_t n = 0;

	for (size_t i = 0; i < before->n; i++) {
		const struct place *p = &before->places[i];

		n += (p->offset >= d.end || p->end <= d.at) && !is_read(now, p);
	}
	return n;
}

/* Is an event that the damage hit not read any more, and no gap says so? What lay behind a cut
 * leaves nothing to tell of it. */
static bool
is_silent(const struct reading *before, const struct reading *now, struct damage d, enum kind kind)
{
	size_t end = kind == CUT ? d.at : d.end;

	for (size_t i = 0; i < before->n && now->gaps <= before->gaps; i++) {
		const struct place *p = &before->places[i];

		if (p->offset < end && p->end > d.at && !is_read(now, p))
			return true;
	}
	return false;
}

static uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state >> 8;
}

static const char *const kind_names[KINDS] = { "cut off", "zeroed", "overwritten",
					       "with rubbish in between", "with flipped bits" };

static struct text
damaged(struct text t, bool binary, enum kind kind, uint64_t *state, struct arena *keep,
	struct damage *d)
{
	static const struct text rubbish = TEXT_INIT("\xff\x01 <Event> }{ \"' &\n\n");
	size_t                   sector = binary ? 512 : rubbish.n; /* else no chunk is found again */
	size_t                   at = 5000 + next_random(state) % (t.n - 10000);
	char                    *p = arena_new(keep, char, t.n + sector);

	memcpy(p, t.p, t.n);
	*d = (struct damage){ at, at + 700 };
	switch (kind) {
	case CUT:
		d->end = t.n;
		t.n = at;
		break;
	case ZEROS:
		memset(p + at, 0, 700);
		break;
	case RUBBLE:
		for (size_t i = at; i < d->end; i++)
			p[i] = (char)next_random(state);
		break;
	case RUBBISH:
		memcpy(p + at, rubbish.p, rubbish.n);
		memcpy(p + at + sector, t.p + at, t.n - at);
		d->end = at + 1;
		t.n += sector;
		break;
	case FLIPS:
		d->end = at + 2000;
		for (int i = 0; i < 20; i++)
			p[at + next_random(state) % 2000] ^= (char)(1 << next_random(state) % 8);
		break;
	case KINDS:
		break;
	}
	return (struct text){ p, t.n };
}

/* Only an end of its own tells that a record is not whole: classic text has none, so what is cut
 * off behind one of its lines leaves no trace. */
static bool
tells_losses(const struct form *form, enum kind kind)
{
	return kind == ZEROS || kind == RUBBLE || (kind == CUT && !form->message);
}

static void
one_kind(const struct form *form, struct text bytes, enum kind kind, struct arena keep)
{
	struct text            reason;
	bool                   ignore, binary = form->write == NULL, silent = false;
	const struct importer *importer =
	    importer_find(text_head(bytes, SNIFF_BYTES), bytes.n, &reason, &ignore);
	struct reading before = read_as(importer, bytes);
	size_t         most = 0;
	uint64_t       state = 88172645463325252u + (unsigned)kind;

	for (int round = 0; round < ROUNDS; round++) {
		struct arena   scratch = keep;
		struct damage  d;
		struct text    t = damaged(bytes, binary, kind, &state, &scratch, &d);
		struct reading now = read_as(importer, t);
		size_t         n = missing(&before, &now, binary ? whole_chunks(d) : d);

		most = n > most ? n : most;
		silent |= is_silent(&before, &now, d, kind);
		arena_close(&now.mem);
	}
	ok(most <= (binary ? 0 : NEIGHBOURS) && before.n > 100,
	   "%s %s: at most %zu events beside the damage are lost", form->name, kind_names[kind],
	   most);
	if (tells_losses(form, kind))
		ok(!silent, "%s %s: what is lost leaves a gap", form->name, kind_names[kind]);
	arena_close(&before.mem);
}

int
main(void)
{
	struct arena         keep = arena_open((size_t)1 << 28);
	struct sample_event *story;

	sample_story(&keep, &story);
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		struct arena scratch = keep;
		struct text  bytes = form_text(&forms[i], story, EVENTS, &scratch);

		for (enum kind kind = CUT; kind < KINDS; kind++)
			one_kind(&forms[i], bytes, kind, scratch);
	}
	arena_close(&keep);
	return done_testing();
}
