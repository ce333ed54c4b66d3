/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * import_help.h - evidence out of memory, and events written down as text, for importer tests.
 */
#ifndef AUGER_TESTS_IMPORT_HELP_H
#define AUGER_TESTS_IMPORT_HELP_H

#include "base/arena.h"
#include "base/when.h"
#include "importers/importer.h"
#include "tests/tap.h"

struct memory_evidence {
	struct text bytes;
};

static bool
memory_evidence_read(void *self, uint64_t offset, void *buf, size_t n, size_t *got, struct err *err)
{
	struct memory_evidence *m = self;
	struct text rest = text_head(text_from(m->bytes, (size_t)offset), n);

	(void)err;
	if (rest.n > 0)
		memcpy(buf, rest.p, rest.n);
	*got = rest.n;
	return true;
}

/* What came out: one line per fact, so that two runs can be compared and searched. */
struct outcome {
	struct arena mem;
	char        *log;
	size_t       n, size;
	size_t       events, gaps, stop_after;
	uint64_t     lost;
};

__attribute__((format(printf, 2, 3), unused)) static void
outcome_say(struct outcome *o, const char *fmt, ...)
{
	va_list ap;
	int     n;

	va_start(ap, fmt);
	n = vsnprintf(o->log + o->n, o->size - o->n, fmt, ap);
	va_end(ap);
	if (n > 0 && (size_t)n < o->size - o->n)
		o->n += (size_t)n;
}

static bool
outcome_event(void *self, struct event *ev)
{
	struct outcome *o = self;
	char            iso[WHEN_TEXT_MAX];

	when_to_iso(ev->time_ns, iso);
	outcome_say(o, "event %u time=%s host=" TEXT_FMT " channel=" TEXT_FMT " provider=" TEXT_FMT
		       " record=%llu format=%d flags=%u at=%llu+%llu\n",
		    ev->event_id, iso, TEXT_ARG(ev->host), TEXT_ARG(ev->channel),
		    TEXT_ARG(ev->provider), (unsigned long long)ev->record_id, (int)ev->format,
		    ev->flags, (unsigned long long)ev->offset, (unsigned long long)ev->length);
	for (uint32_t i = 0; i < ev->n_fields; i++)
		outcome_say(o, "%s " TEXT_FMT "=[" TEXT_FMT "]\n", i < ev->n_system ? "sys" : "body",
			    TEXT_ARG(ev->fields[i].name), TEXT_ARG(ev->fields[i].value));
	if (!text_absent(ev->message))
		outcome_say(o, "message=[" TEXT_FMT "]\n", TEXT_ARG(ev->message));
	if (ev->remark.n > 0)
		outcome_say(o, "remark=[" TEXT_FMT "]\n", TEXT_ARG(ev->remark));
	o->events++;
	return o->stop_after == 0 || o->events < o->stop_after;
}

static bool
outcome_gap(void *self, const struct gap *gap)
{
	struct outcome *o = self;

	outcome_say(o, "gap at=%llu+%llu lost=%llu reason=[" TEXT_FMT "]\n",
		    (unsigned long long)gap->offset, (unsigned long long)gap->length,
		    (unsigned long long)gap->records_lost, TEXT_ARG(gap->reason));
	o->gaps++;
	o->lost += gap->records_lost;
	return true;
}

__attribute__((unused)) static struct outcome
outcome_new(size_t log_bytes)
{
	struct outcome o = { .mem = arena_open(log_bytes + 4096), .size = log_bytes };

	o.log = o.mem.at;
	return o;
}

__attribute__((unused)) static void
outcome_free(struct outcome *o)
{
	arena_close(&o->mem);
}

__attribute__((unused)) static struct outcome
import_with(const struct importer *imp, struct text bytes, const struct import_options *opt)
{
	struct memory_evidence m = { bytes };
	struct input   in = { .name = TEXT("memory"), .size = bytes.n, .self = &m,
			      .read_at = memory_evidence_read, .seekable = true };
	struct outcome o = outcome_new(bytes.n * 64 + (1 << 20));
	struct sink    sink = { .self = &o, .event = outcome_event, .gap = outcome_gap };
	struct err     err = { .kind = ERR_NONE };

	if (!imp->decode(&in, 0, bytes.n, opt, &sink, &err))
		outcome_say(&o, "failed: %s\n", err.what);
	return o;
}

/* Decodes BYTES with whatever importer bids for them; no bid leaves an outcome of one line. */
__attribute__((unused)) static struct outcome
import(struct text bytes)
{
	struct import_options  opt = { .window_bytes = 0 };
	struct text            reason;
	bool                   ignore;
	const struct importer *imp =
	    importer_find(text_head(bytes, SNIFF_BYTES), bytes.n, &reason, &ignore);

	if (!imp) {
		struct outcome o = outcome_new(1 << 12);

		outcome_say(&o, "no importer: " TEXT_FMT "\n", TEXT_ARG(reason));
		return o;
	}
	return import_with(imp, bytes, &opt);
}

__attribute__((unused)) static bool
outcome_has(const struct outcome *o, const char *line)
{
	struct text log = { o->log, o->n };
	bool        has = text_find(log, text_of(line)) != TEXT_NOWHERE;

	if (!has)
		printf("# looked for: %s\n# in:\n%.*s\n", line, (int)(o->n < 4000 ? o->n : 4000),
		       o->log);
	return has;
}

__attribute__((unused)) static bool
outcome_same(const struct outcome *a, const struct outcome *b)
{
	return text_eq((struct text){ a->log, a->n }, (struct text){ b->log, b->n });
}

#endif
