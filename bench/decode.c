/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * decode - how fast evidence becomes events: bench/decode [-n RUNS] FILE...
 *
 * Decodes each file RUNS times on one core with the importer that claims it, into a sink that
 * only counts, and prints the median: megabytes (10^6), records and fields a second of processor
 * time, so that a busy machine spoils little. The first run, which warms the page cache, does not
 * count.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "importers/importer.h"

#define RUNS_MAX 1000

struct count {
	uint64_t records, fields, gaps, text_bytes;
};

static bool
count_event(void *self, struct event *ev)
{
	struct count *c = self;

	c->records++;
	c->fields += ev->n_fields;
	for (uint32_t i = 0; i < ev->n_fields; i++)
		c->text_bytes += ev->fields[i].value.n;
	return true;
}

static bool
count_gap(void *self, const struct gap *gap)
{
	struct count *c = self;

	(void)gap;
	c->gaps++;
	return true;
}

static void
ignore_progress(void *self, uint64_t bytes)
{
	(void)self;
	(void)bytes;
}

static double
now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static const struct importer *
importer_of(struct input *in, struct err *err)
{
	static char head[SNIFF_BYTES];
	size_t      n = 0, got = 1;
	struct text reason = TEXT_NONE;
	bool        ignore = false;

	while (n < sizeof(head) && got > 0) {
		if (!in->read_at(in->self, n, head + n, sizeof(head) - n, &got, err))
			return NULL;
		n += got;
	}
	return importer_find((struct text){ head, n }, in->size, &reason, &ignore);
}

static bool
measure(const char *path, int runs, struct err *err)
{
	struct arena          keep = arena_open(1 << 20);
	struct input          in = { .size = 0 };
	struct count          count = { 0 };
	struct sink           sink = { &count, count_event, count_gap, ignore_progress };
	struct import_options options = { .window_bytes = 0 };
	double                seconds[RUNS_MAX];

	if (!input_open(&in, &keep, text_of(path), err))
		return false;
	const struct importer *importer = importer_of(&in, err);

	if (importer == NULL)
		return err_set(err, ERR_INPUT, "%s: no importer claims it", path);
	for (int i = -1; i < runs; i++) {
		double begin = now_s();

		count = (struct count){ 0 };
		if (!importer->decode(&in, 0, in.size, &options, &sink, err))
			return false;
		if (i >= 0)
			seconds[i] = now_s() - begin;
	}
	qsort(seconds, (size_t)runs, sizeof(seconds[0]), by_size);
	double median = seconds[runs / 2];

	printf("%s: %s, %.1f MB, %llu records, %llu fields, %.1f MB of text, %llu gaps\n", path,
	       importer->name, (double)in.size / 1e6, (unsigned long long)count.records,
	       (unsigned long long)count.fields, (double)count.text_bytes / 1e6,
	       (unsigned long long)count.gaps);
	printf("  median of %d: %.1f ms, %.0f MB/s, %.0f records/s, %.1f million fields/s; best "
	       "%.1f ms\n",
	       runs, median * 1e3, (double)in.size / 1e6 / median, (double)count.records / median,
	       (double)count.fields / 1e6 / median, seconds[0] * 1e3);
	input_close(&in);
	arena_close(&keep);
	return true;
}

int
main(int argc, char **argv)
{
	int        runs = 9, first = 1;
	struct err err = { .kind = ERR_NONE };

	if (argc > 3 && strcmp(argv[1], "-n") == 0) {
		runs = atoi(argv[2]);
		first = 3;
	}
	if (first >= argc || runs < 1 || runs > RUNS_MAX) {
		fprintf(stderr, "usage: decode [-n RUNS] FILE...\n");
		return 2;
	}
	for (int i = first; i < argc; i++) {
		if (!measure(argv[i], runs, &err)) {
			fprintf(stderr, "decode: %s\n", err.what);
			return 3;
		}
	}
	return 0;
}
