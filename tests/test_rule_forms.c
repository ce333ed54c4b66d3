/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A detection finds the same in every form: an event made to satisfy it is written as binary log,
 * XML, JSON of several tools, search results and text; read back, each gives the same row.
 */
#include "config.h"

#include "rules/ruleset.h"
#include "tests/array_source.h"
#include "tests/attempt.h"
#include "tests/forms.h"
#include "tests/import_help.h"
#include "tests/words.h"

#define KINDS   96
#define CHOICES 24
#define FORMS   (sizeof(forms) / sizeof(*forms))

struct reading {
	struct array_source *a;
};

static bool
take_event(void *self, struct event *ev)
{
	struct reading *r = self;
	struct event    copy = *ev;

	copy.id = (int64_t)r->a->n + 1;
	copy.host = arena_copy(r->a->keep, ev->host);
	copy.channel = arena_copy(r->a->keep, ev->channel);
	copy.provider = arena_copy(r->a->keep, ev->provider);
	copy.message = text_absent(ev->message) ? ev->message
						: arena_copy(r->a->keep, ev->message);
	copy.fields = arena_new(r->a->keep, struct field, ev->n_fields);
	for (uint32_t i = 0; i < ev->n_fields; i++)
		copy.fields[i] = (struct field){ arena_copy(r->a->keep, ev->fields[i].name),
						 arena_copy(r->a->keep, ev->fields[i].value),
						 ev->fields[i].key };
	event_finish(&copy);
	arena_grow(r->a->keep, r->a->events, r->a->n, &r->a->cap);
	r->a->events[r->a->n++] = copy;
	r->a->source.case_clock_ns = copy.time_ns;
	return true;
}

/* The rows that the search gives for an event in this form; absent when it is not read as one. */
static struct text
rows_in_form(const struct search *s, const struct form *form, const struct sample_event *ev,
	     struct arena *keep)
{
	struct text             bytes = form_text(form, ev, 1, keep), reason;
	struct memory_evidence  m = { bytes };
	struct input            in = { .name = TEXT("memory"), .size = bytes.n, .self = &m,
				       .read_at = memory_evidence_read, .seekable = true };
	struct reading          r = { array_source_new(keep) };
	struct sink             sink = { .self = &r, .event = take_event };
	struct import_options   opt = { .window_bytes = 0 };
	struct array_result     result = { .keep = keep, .text = TEXT("") };
	struct search_run       run = { .source = &r.a->source, .span = { WHEN_NONE, WHEN_MAX } };
	bool                    ignore;
	const struct importer  *imp =
	    importer_find(text_head(bytes, SNIFF_BYTES), bytes.n, &reason, &ignore);

	if (!imp || !imp->decode(&in, 0, bytes.n, &opt, &sink, &result.err) || r.a->n != 1 ||
	    !search_execute(s, &run, array_row, &result, NULL, &result.err))
		return TEXT_NONE;
	return result.text;
}

/* --- the event as the writers take it --- */

static bool
log_of(const struct made_kind *kind, enum sample_log *log)
{
	for (*log = LOG_SECURITY; *log < LOG_COUNT; ++*log)
		if (text_eq(kind->channel, text_of(sample_channels[*log].channel)))
			return true;
	return false;
}

static const char *
chars(struct text t, struct arena *keep)
{
	return arena_printf(keep, TEXT_FMT, TEXT_ARG(t)).p;
}

/* What forms cannot all say: names that are no names, values that lines and trimming change. */
static bool
sayable(const struct field *f)
{
	if (f->value.n == 0 || text_trim(f->value).n != f->value.n || f->name.n == 0 ||
	    (f->name.p[0] >= '0' && f->name.p[0] <= '9'))
		return false;
	for (size_t i = 0; i < f->value.n; i++)
		if ((unsigned char)f->value.p[i] < ' ')
			return false;
	for (size_t i = 0; i < f->name.n; i++)
		if (strchr(" .:{}-", f->name.p[i]))
			return false;
	return true;
}

static bool
host_name(struct text host)
{
	return host.n && text_find_byte(host, '\\') == TEXT_NOWHERE &&
	       text_find_byte(host, ' ') == TEXT_NOWHERE;
}

static bool
as_sample(const struct event *ev, enum sample_log log, struct arena *keep, struct sample_event *out)
{
	*out = (struct sample_event){
		.time_ns = ev->time_ns,
		.host = chars(ev->host, keep),
		.log = log,
		.event_id = ev->event_id,
		.level = 4,
		.opcode = ev->event_id == 4104 ? 15 : 0, /* as Windows has it: on create calls */
		.record_id = 7,
		.pid = 4,
		.tid = 8,
		.keywords = UINT64_C(0x8020000000000000),
		.user_sid = "S-1-5-18",
	};
	if (!host_name(ev->host))
		return false;
	for (uint32_t i = 0; i < ev->n_fields; i++) {
		const struct field *f = &ev->fields[i];

		if (text_eq(f->name, TEXT("Keywords")))
			out->keywords = strtoull(chars(f->value, keep), NULL, 16);
		else if (text_eq(f->name, TEXT("UserID")))
			out->user_sid = chars(f->value, keep);
		else if (text_eq(f->name, TEXT("Opcode")))
			continue;
		else if (!sayable(f) || out->n_data == SAMPLE_DATA_MAX)
			return false;
		else
			sample_data(out, chars(f->name, keep), chars(f->value, keep));
	}
	return true;
}

/* Leaves out every field that the search gives a row without. */
static void
least(const struct search *s, struct event *ev, struct arena *keep)
{
	struct search_stats stats = { 0 };

	for (uint32_t i = ev->n_fields; i-- > 0;) {
		struct event without = *ev;

		without.fields = arena_new(keep, struct field, ev->n_fields);
		memcpy(without.fields, ev->fields, i * sizeof(*ev->fields));
		memcpy(without.fields + i, ev->fields + i + 1,
		       (ev->n_fields - i - 1) * sizeof(*ev->fields));
		without.n_fields--;
		if (attempt_rows(s, &without, 1, &stats, keep) > 0)
			*ev = without;
	}
}

/* Without the columns that the form cannot say. */
static struct text
comparable(const struct form *form, struct text rows, struct arena *keep)
{
	struct text out = TEXT("");

	while (!text_absent(rows)) {
		struct text word = text_cut(&rows, ' '), name = word;

		name = text_cut(&name, '=');
		if (form->message &&
		    strstr(form->lacks, arena_printf(keep, " " TEXT_FMT " ", TEXT_ARG(name)).p))
			continue;
		out = arena_printf(keep, TEXT_FMT " " TEXT_FMT, TEXT_ARG(out), TEXT_ARG(word));
	}
	return out;
}

struct tally {
	uint32_t rules, tried[FORMS], same[FORMS];
};

static bool
found_alike(struct tally *t, const struct detection *d, const struct sample_event *ev,
	    struct arena *keep)
{
	struct text binary = rows_in_form(d->search, &forms[0], ev, keep);

	if (binary.n == 0)
		return false;
	for (size_t i = 0; i < FORMS; i++) {
		struct text rows, want = comparable(&forms[i], binary, keep);

		if (!form_tells(&forms[i], ev))
			continue;
		rows = comparable(&forms[i], rows_in_form(d->search, &forms[i], ev, keep), keep);
		t->tried[i]++;
		t->same[i] += text_eq(rows, want);
		if (!text_eq(rows, want))
			printf("# " TEXT_FMT ", %s:\n#   " TEXT_FMT "\n#   not " TEXT_FMT "\n",
			       TEXT_ARG(d->name), forms[i].name, TEXT_ARG(rows), TEXT_ARG(want));
	}
	return true;
}

/* Every kind of event, as different logs feed one rule. */
static bool
try_rule(struct tally *t, const struct detection *d, struct arena *keep)
{
	const struct pred *pred = search_leaf_pred(d->search, 0);
	struct text        words[WORDS];
	struct filling     fill = { .names = words, .n = words_of(d->search_text, words) };
	struct made_kind  *kinds = arena_new(keep, struct made_kind, KINDS);
	size_t             n = pred ? made_kinds(pred, keep, kinds, KINDS) : 0;
	bool               tried = false;

	fill.varied = fill.n;
	for (size_t i = 0; i < n; i++) {
		struct search_stats stats = { 0 };
		struct sample_event sample;
		struct event        ev;
		enum sample_log     log;
		uint32_t            choice = 0;

		if (!log_of(&kinds[i], &log))
			continue;
		while (choice < CHOICES && !satisfy(pred, &kinds[i], choice, &fill, keep, &ev))
			choice++;
		if (choice == CHOICES || attempt_rows(d->search, &ev, 1, &stats, keep) == 0)
			continue;
		least(d->search, &ev, keep);
		if (as_sample(&ev, log, keep, &sample))
			tried |= found_alike(t, d, &sample, keep);
	}
	return tried;
}

int
main(void)
{
	struct arena    keep = arena_open((size_t)1 << 34), text = arena_open(1 << 20);
	const char     *shared = getenv("SHARED");
	struct ruleset *rs = ruleset_new();
	struct err      err = { 0 };
	struct tally    t = { 0 };
	struct text     path = arena_printf(&text, "%s/security_content", shared ? shared : "");
	uint32_t        tried = 0;

	if (!shared || !ruleset_load(rs, path, &err)) {
		ruleset_free(rs);
		skip_all("no detections in $SHARED/security_content");
	}
	ruleset_compile(rs);
	for (uint32_t i = 0; i < ruleset_count(rs); i++) {
		const struct detection *d = ruleset_get(rs, i);

		/* OpCode is a number in some forms, its words in others, in Splunk as well. */
		if (d->search && text_find(d->search_text, TEXT("OpCode")) == TEXT_NOWHERE) {
			t.rules++;
			tried += try_rule(&t, d, &keep);
		}
		arena_reset(&keep, (size_t)1 << 20);
	}
	printf("# %u of %u rules have a row for one event of these logs\n", tried, t.rules);
	ok(tried * 3 >= t.rules * 2, "two of three rules can be tried with one event");
	for (size_t i = 0; i < FORMS; i++)
		ok(t.same[i] == t.tried[i], "%s: the rows of %u of %u events are those of the binary log",
		   forms[i].name, t.same[i], t.tried[i]);
	ruleset_free(rs);
	arena_close(&text);
	arena_close(&keep);
	return done_testing();
}
