/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mksamples.c - writes sample evidence: the intrusion of the demo, or any number of everyday events.
 *
 *   mksamples DIR                                    the demo: a folder per host
 *   mksamples --events N [--hosts H] [--seed S] DIR  N events of H hosts, as binary logs
 */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/when.h"
#include "samples/write_evtx.h"

static _Noreturn void
fail(const char *path)
{
	fprintf(stderr, "mksamples: %s: %s\n", path, errno ? strerror(errno) : "cannot be written");
	exit(3);
}

static void
make_folder(const char *path)
{
	if (mkdir(path, 0777) != 0 && errno != EEXIST)
		fail(path);
}

static FILE *
create(const char *path)
{
	FILE *f = fopen(path, "w+b");

	if (!f)
		fail(path);
	return f;
}

static void
finish(FILE *f, const char *path)
{
	if (fflush(f) != 0 || ferror(f))
		fail(path);
	fclose(f);
}

/* ---- one binary log ---- */

static void
add_record(struct evtx_writer *w, const struct sample_event *ev)
{
	errno = 0;
	if (!sample_write_evtx(w, ev))
		fail(sample_channels[ev->log].channel);
}

/* ---- the demo ---- */

enum form { FORM_EVTX, FORM_XML, FORM_XML_UTF16, FORM_TEXT };

/* How each host's logs were collected; hosts that are not listed are binary logs. */
static const struct collected {
	const char *host;
	enum form   form;
} collected[] = {
	{ "LW-SRV-SQL1.larchwood.example", FORM_XML },
	{ "LW-SRV-FILE.larchwood.example", FORM_XML_UTF16 },
	{ "LW-JUMP.larchwood.example", FORM_TEXT },
};

/* This copy ended early, as when a disk was full: the end of its last chunk is missing. */
static const char cut_short[] = "LW-WS-11/Security.evtx";
#define CUT_BYTES 30000

struct demo {
	const char          *dir;
	struct sample_event *events;
	size_t               n;
	struct arena        *keep;
};

static enum form
form_of(const char *host)
{
	for (size_t i = 0; i < sizeof(collected) / sizeof(*collected); i++)
		if (strcmp(host, collected[i].host) == 0)
			return collected[i].form;
	return FORM_EVTX;
}

static struct text
folder_of(struct demo *d, const char *host)
{
	struct text rest = text_of(host), label = text_cut(&rest, '.');
	struct text path = arena_printf(d->keep, "%s/" TEXT_FMT, d->dir, TEXT_ARG(label));

	make_folder(path.p);
	return path;
}

static void
write_evtx(struct demo *d, const char *host, enum sample_log log)
{
	struct text         folder = folder_of(d, host);
	const char         *path = arena_printf(d->keep, TEXT_FMT "/%s.evtx", TEXT_ARG(folder),
						sample_channels[log].file).p;
	struct evtx_writer *w = NULL;
	FILE               *f = NULL;
	long                size;

	for (size_t i = 0; i < d->n; i++) {
		if (d->events[i].log != log || strcmp(d->events[i].host, host) != 0)
			continue;
		if (!w) {
			f = create(path);
			w = evtx_writer_open(d->keep, f);
		}
		add_record(w, &d->events[i]);
	}
	if (!w)
		return;
	if (!evtx_writer_finish(w))
		fail(path);
	size = ftell(f);
	finish(f, path);
	if (text_iends(text_of(path), text_of(cut_short)) && truncate(path, size - CUT_BYTES) != 0)
		fail(path);
}

/* All logs of a host in one file. */
static void
write_plain(struct demo *d, const char *host, FILE *f, enum form form)
{
	if (form == FORM_XML_UTF16)
		fputs("<?xml version=\"1.0\" encoding=\"utf-16\" standalone=\"yes\"?>\r\n"
		      "<Events>", f);
	for (size_t i = 0; i < d->n; i++) {
		if (strcmp(d->events[i].host, host) != 0)
			continue;
		if (form == FORM_TEXT)
			sample_write_text(f, &d->events[i]);
		else
			sample_write_xml(f, &d->events[i]);
	}
	if (form == FORM_XML_UTF16)
		fputs("</Events>\r\n", f);
}

/* ASCII is all that the hosts collected in this form have. */
static void
widen(FILE *f, const char *bytes, size_t n)
{
	fputs("\xff\xfe", f);
	for (size_t i = 0; i < n; i++) {
		putc(bytes[i], f);
		putc(0, f);
	}
}

static void
write_file(struct demo *d, const char *host, enum form form)
{
	struct text folder = folder_of(d, host);
	const char *path = arena_printf(d->keep, TEXT_FMT "/%s", TEXT_ARG(folder),
					form == FORM_TEXT  ? "wineventlog.txt"
					: form == FORM_XML ? "xmlwineventlog.log"
							   : "exported-events.xml").p;
	FILE       *f = create(path), *wide;
	char       *bytes = NULL;
	size_t      n = 0;

	if (form == FORM_XML_UTF16) {
		wide = open_memstream(&bytes, &n);
		if (!wide)
			fail(path);
		write_plain(d, host, wide, form);
		fclose(wide);
		widen(f, bytes, n);
		free(bytes);
	} else {
		write_plain(d, host, f, form);
	}
	finish(f, path);
}

static void
write_host(struct demo *d, const char *host)
{
	enum form form = form_of(host);

	if (form != FORM_EVTX) {
		write_file(d, host, form);
		return;
	}
	for (enum sample_log log = 0; log < LOG_COUNT; log++)
		write_evtx(d, host, log);
}

static void
write_demo(const char *dir)
{
	struct arena keep = arena_open((size_t)1 << 32);
	struct demo  d = { .dir = dir, .keep = &keep };

	d.n = sample_story(&keep, &d.events);
	make_folder(dir);
	for (size_t i = 0; i < d.n; i++) {
		bool seen = false;

		for (size_t k = 0; k < i && !seen; k++)
			seen = strcmp(d.events[k].host, d.events[i].host) == 0;
		if (!seen)
			write_host(&d, d.events[i].host);
	}
	arena_close(&keep);
}

/* ---- any amount ---- */

struct amount {
	uint64_t    events, hosts, seed;
	const char *dir;
};

/* One script block in some hundreds runs something on another host, so that there are findings. */
static void
stir(struct sample_event *ev, struct sample_rng *rng)
{
	if (ev->event_id != 4104 || sample_below(rng, 300) != 0)
		return;
	for (uint32_t i = 0; i < ev->n_data; i++)
		if (strcmp(ev->data[i].name, "ScriptBlockText") == 0)
			ev->data[i].value = "Invoke-Command -ComputerName SRV-01 { Get-Process }";
}

static void
write_life(const struct amount *a, uint64_t number, uint64_t events)
{
	struct arena        keep = arena_open((size_t)1 << 30), scratch = arena_open(1 << 24);
	const char         *host = arena_printf(&keep, "HOST-%04u.example", (unsigned)number).p;
	const char         *user = arena_printf(&keep, "user%03u", (unsigned)number % 211).p;
	struct text         folder = arena_printf(&keep, "%s/HOST-%04u", a->dir, (unsigned)number);
	struct evtx_writer *writers[LOG_COUNT] = { 0 };
	FILE               *files[LOG_COUNT] = { 0 };
	struct sample_life  life = {
		 .rng = { (a->seed + 1) * UINT64_C(0x9E3779B97F4A7C15) + number },
		 .host = host, .address = "10.30.0.9", .domain = "EXAMPLE", .user = user,
		 .user_sid = "S-1-5-21-1004336348-1177238915-682003330-1104",
		 .now_ns = INT64_C(1767225600) * WHEN_SECOND, /* 2026-01-01 */
		 .mean_gap_ns = 30 * WHEN_DAY / (int64_t)(events ? events : 1), .next_pid = 4000,
	};

	make_folder(folder.p);
	for (uint64_t i = 0; i < events; i++) {
		struct sample_event ev;

		arena_reset(&scratch, 1 << 20);
		sample_next(&life, &ev, &scratch);
		ev.record_id = ++life.record_id[ev.log];
		stir(&ev, &life.rng);
		if (!files[ev.log]) {
			files[ev.log] = create(arena_printf(&keep, TEXT_FMT "/%s.evtx",
							    TEXT_ARG(folder),
							    sample_channels[ev.log].file).p);
			writers[ev.log] = evtx_writer_open(&keep, files[ev.log]);
		}
		add_record(writers[ev.log], &ev);
	}
	for (enum sample_log log = 0; log < LOG_COUNT; log++) {
		if (!files[log])
			continue;
		if (!evtx_writer_finish(writers[log]))
			fail(folder.p);
		finish(files[log], folder.p);
	}
	arena_close(&scratch);
	arena_close(&keep);
}

static void
write_amount(const struct amount *a)
{
	make_folder(a->dir);
	for (uint64_t host = 0; host < a->hosts; host++)
		write_life(a, host + 1,
			   a->events / a->hosts + (host < a->events % a->hosts ? 1 : 0));
}

/* ---- the command line ---- */

static _Noreturn void
usage(void)
{
	fputs("usage: mksamples DIR\n"
	      "       mksamples --events N [--hosts H] [--seed S] DIR\n", stderr);
	exit(2);
}

int
main(int argc, char **argv)
{
	struct amount a = { .hosts = 10, .seed = 1 };

	for (int i = 1; i < argc; i++) {
		uint64_t *number = strcmp(argv[i], "--events") == 0  ? &a.events
				   : strcmp(argv[i], "--hosts") == 0 ? &a.hosts
				   : strcmp(argv[i], "--seed") == 0  ? &a.seed
								     : NULL;

		if (number) {
			if (++i == argc || !text_to_u64(text_of(argv[i]), number))
				usage();
		} else if (a.dir || argv[i][0] == '-') {
			usage();
		} else {
			a.dir = argv[i];
		}
	}
	if (!a.dir || a.hosts == 0)
		usage();
	if (a.events)
		write_amount(&a);
	else
		write_demo(a.dir);
	return 0;
}
