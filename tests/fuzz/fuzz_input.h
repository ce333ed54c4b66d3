/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_input.h - bytes from the fuzzer as evidence; the first byte chooses the read window.
 */
#ifndef AUGER_TESTS_FUZZ_INPUT_H
#define AUGER_TESTS_FUZZ_INPUT_H

#include <stdlib.h>

#include "importers/importer.h"

struct fuzz_evidence {
	const uint8_t *p;
	size_t         n;
};

static bool
fuzz_read_at(void *self, uint64_t offset, void *buf, size_t n, size_t *got, struct err *err)
{
	const struct fuzz_evidence *e = self;

	(void)err;
	*got = offset >= e->n ? 0 : n < e->n - offset ? n : e->n - (size_t)offset;
	if (*got > 0)
		memcpy(buf, e->p + offset, *got);
	return true;
}

/* Touches every byte that an event promises, and holds it to its contract. */
static bool
fuzz_event(void *self, struct event *ev)
{
	const struct fuzz_evidence *e = self;
	volatile uint32_t           sum = 0;

	if (ev->offset > e->n || ev->length > e->n - ev->offset || ev->n_system > ev->n_fields)
		abort();
	for (uint32_t i = 0; i < ev->n_fields; i++) {
		if (text_absent(ev->fields[i].value) || text_absent(ev->fields[i].name))
			abort();
		if (ev->fields[i].key != text_key(ev->fields[i].name))
			abort();
		sum += text_key(ev->fields[i].value);
	}
	sum += text_key(ev->message) + text_key(ev->remark);
	(void)sum;
	return true;
}

static bool
fuzz_gap(void *self, const struct gap *gap)
{
	const struct fuzz_evidence *e = self;

	if (gap->offset > e->n || gap->length > e->n - gap->offset || gap->reason.n == 0)
		abort();
	return true;
}

static inline int
fuzz_import(const struct importer *imp, const uint8_t *p, size_t n)
{
	static const size_t windows[] = { 0, 4, 16, 100 };
	struct fuzz_evidence e = { p + (n > 0), n - (n > 0) };
	struct input in = { .name = TEXT("fuzz"), .size = e.n, .self = &e,
			    .read_at = fuzz_read_at, .seekable = true };
	struct import_options opt = { .window_bytes = windows[n > 0 ? p[0] & 3 : 0] };
	struct sink sink = { .self = &e, .event = fuzz_event, .gap = fuzz_gap };
	struct err  err = { .kind = ERR_NONE };
	struct text reason;
	bool        ignore;

	importer_find((struct text){ (const char *)e.p, e.n < SNIFF_BYTES ? e.n : SNIFF_BYTES }, e.n,
		      &reason, &ignore);
	if (!imp->decode(&in, 0, e.n, &opt, &sink, &err))
		abort();
	return 0;
}

#endif
