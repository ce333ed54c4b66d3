/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dump_events FILE... - what the importers make of files, for comparison with other readers: a
 * line per field, "record, tab, its number among the fields, tab, name, tab, value", line ends and
 * tabs in values as blanks. Records of one number are told apart by ".2", ".3" behind it.
 */
#include "config.h"

#include <stdio.h>

#include "importers/importer.h"

struct dump {
	uint64_t *seen; /* record ids so far */
	size_t n, cap;
	struct arena mem;
};

static void
plain(struct text t)
{
	bool blank = true; /* runs of blanks are one, and none at the ends */

	t = text_trim(t);
	for (size_t i = 0; i < t.n; i++) {
		bool is_blank = (unsigned char)t.p[i] <= ' ';

		if (!is_blank || !blank)
			putchar(is_blank ? ' ' : t.p[i]);
		blank = is_blank;
	}
}

static bool
dump_event(void *self, struct event *ev)
{
	struct dump *d = self;
	unsigned same = 1;

	for (size_t i = 0; i < d->n; i++)
		same += d->seen[i] == ev->record_id;
	arena_grow(&d->mem, d->seen, d->n, &d->cap);
	d->seen[d->n++] = ev->record_id;
	for (uint32_t i = 0; i < ev->n_fields; i++) {
		printf("%llu", (unsigned long long)ev->record_id);
		if (same > 1)
			printf(".%u", same);
		printf("\t%u\t", i);
		plain(ev->fields[i].name);
		putchar('\t');
		plain(ev->fields[i].value);
		putchar('\n');
	}
	return true;
}

static bool
dump_file(struct text path, struct arena keep, struct err *err)
{
	struct dump d = { .mem = arena_open((size_t)1 << 30) };
	struct import_options opt = { .recover = false };
	struct sink sink = { .self = &d, .event = dump_event };
	char *head = arena_new(&keep, char, SNIFF_BYTES);
	const struct importer *imp;
	struct text reason;
	struct input in;
	size_t got = 0;
	bool ignore, good = true;

	if (!input_open(&in, &keep, path, err))
		return false;
	good = in.read_at(in.self, 0, head, SNIFF_BYTES, &got, err);
	imp = good ? importer_find((struct text){ head, got }, in.size, &reason, &ignore) : NULL;
	if (imp)
		good = imp->decode(&in, 0, in.size, &opt, &sink, err);
	input_close(&in);
	arena_close(&d.mem);
	return good;
}

int
main(int argc, char **argv)
{
	struct arena keep = arena_open((size_t)1 << 24);
	struct err err = { .kind = ERR_NONE };

	for (int i = 1; i < argc; i++)
		if (!dump_file(text_of(argv[i]), keep, &err)) {
			fprintf(stderr, "dump_events: %s: %s\n", argv[i], err.what);
			return 1;
		}
	return 0;
}
