/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/watch.h"

#include <langinfo.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/counted.h"
#include "base/visible.h"

#define BAR_EVERY_MS   200

struct watch {
	struct progress *progress;
	pthread_t        thread;
	pthread_mutex_t  lock;
	sigset_t         signals, saved;
	bool             bar, quiet, ascii;
	bool             drawn; /* a bar stands on the last line */
	atomic_bool      over;
	int64_t          begun_ms, drawn_ms, line_every_ms;
	char             doing[512];
};

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
size_words(char *out, size_t cap, uint64_t bytes)
{
	if (bytes >= (uint64_t)10 << 30)
		snprintf(out, cap, "%.1f GB", (double)bytes / (1 << 30));
	else
		snprintf(out, cap, "%.1f MB", (double)bytes / (1 << 20));
}

static void
time_words(char *out, size_t cap, double seconds)
{
	if (seconds >= 3600)
		snprintf(out, cap, "%d h %02d min", (int)(seconds / 3600),
			 (int)(seconds / 60) % 60);
	else if (seconds >= 60)
		snprintf(out, cap, "%d min %02d s", (int)(seconds / 60), (int)seconds % 60);
	else
		snprintf(out, cap, "%d s", (int)(seconds + 0.5));
}

/* "12.0 MB of 40.2 MB, 90,312 events, 60,211 a second, 12 s left, Security.evtx" */
static void
progress_line(const struct watch *w, char *out, size_t cap)
{
	uint64_t done = w->progress->bytes_done, total = w->progress->bytes_total;
	uint64_t events = w->progress->events;
	double   seconds = (double)(now_ms() - w->begun_ms) / 1000 + 0.001;
	char     have[32], all[32], left[32];

	size_words(have, sizeof(have), done / PASSES);
	size_words(all, sizeof(all), total / PASSES);
	if (done && done < total && seconds > 1)
		time_words(left, sizeof(left),
			   seconds * (double)(total - done) / (double)done);
	else
		snprintf(left, sizeof(left), "%s", done < total ? "?" : "0 s");
	snprintf(out, cap, "%s of %s, %s, %s a second, %s left, %s", have, all,
		 counted(events, "event").words, counted_number((uint64_t)((double)events / seconds)).words,
		 left, w->doing);
}

static unsigned
bar_width(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 10)
		return size.ws_col;
	return 80;
}

static void
bar_wipe(struct watch *w)
{
	if (w->drawn)
		fputs("\r\033[K", stderr);
	w->drawn = false;
}

static void
bar_draw(struct watch *w, const char *line)
{
	uint64_t total = w->progress->bytes_total;
	unsigned width = bar_width() - 1, full = 0, cells = 20;
	char     text[1024];

	if (total)
		full = (unsigned)((double)cells * (double)w->progress->bytes_done / (double)total);
	if (full > cells)
		full = cells;
	snprintf(text, sizeof(text), "[%.*s%.*s] %s", (int)full, "####################",
		 (int)(cells - full), "....................", line);
	fprintf(stderr, "\r\033[K%.*s", (int)width, text);
	fflush(stderr);
	w->drawn = true;
}

static void
tick(struct watch *w)
{
	char    line[768];
	int64_t now = now_ms();

	pthread_mutex_lock(&w->lock);
	if (!w->quiet && now - w->drawn_ms >= (w->bar ? BAR_EVERY_MS : w->line_every_ms)) {
		w->drawn_ms = now;
		progress_line(w, line, sizeof(line));
		if (w->bar)
			bar_draw(w, line);
		else
			fprintf(stderr, "auger: %s\n", line);
	}
	pthread_mutex_unlock(&w->lock);
}

static void
interrupted(struct watch *w)
{
	if (atomic_exchange(&w->progress->cancel, true))
		_exit(3);
	watch_say(w, "stopping after the current batch (once more: at once)");
}

static void *
watch_thread(void *ctx)
{
	struct watch          *w = ctx;
	const struct timespec  pause = { 0, BAR_EVERY_MS * 1000000L / 2 };
	int                    signal;

	while (!w->over) {
		signal = sigtimedwait(&w->signals, NULL, &pause);
		if (signal == SIGINT || signal == SIGTERM || signal == SIGHUP)
			interrupted(w);
		tick(w);
	}
	return NULL;
}

/* Blocked signals are never ignored: one that nohup has ignored must not be waited for. */
static bool
is_ignored(int signal)
{
	struct sigaction now;

	return sigaction(signal, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

struct watch *
watch_begin(struct progress *progress, bool quiet, uint32_t every_s, struct err *err)
{
	struct watch *w = calloc(1, sizeof(*w));

	if (!w)
		arena_exhausted(sizeof(*w));
	w->progress = progress;
	w->quiet = quiet;
	w->line_every_ms = (int64_t)every_s * 1000;
	w->bar = isatty(STDERR_FILENO);
	w->ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	w->begun_ms = w->drawn_ms = now_ms();
	pthread_mutex_init(&w->lock, NULL);
	sigemptyset(&w->signals);
	sigaddset(&w->signals, SIGINT);
	sigaddset(&w->signals, SIGTERM);
	if (!is_ignored(SIGHUP))
		sigaddset(&w->signals, SIGHUP);
	sigaddset(&w->signals, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &w->signals, &w->saved);
	if (pthread_create(&w->thread, NULL, watch_thread, w) == 0)
		return w;
	err_set(err, ERR_IO, "no thread to be had: out of memory, or of processes (ulimit -u)");
	pthread_sigmask(SIG_SETMASK, &w->saved, NULL);
	pthread_mutex_destroy(&w->lock);
	free(w);
	return NULL;
}

void
watch_doing(struct watch *w, struct text what)
{
	struct arena memory = arena_open(1 << 20);
	struct text  safe = visible_line(text_head(what, 4096), true, &memory);

	/* the end of a long path says more than its beginning */
	if (safe.n >= sizeof(w->doing))
		safe = text_from(safe, safe.n - sizeof(w->doing) + 1);
	pthread_mutex_lock(&w->lock);
	snprintf(w->doing, sizeof(w->doing), TEXT_FMT, TEXT_ARG(safe));
	pthread_mutex_unlock(&w->lock);
	arena_close(&memory);
}

__attribute__((format(printf, 2, 0))) static void
say(struct watch *w, const char *fmt, va_list ap)
{
	struct arena memory = arena_open(1 << 20);
	char         line[4096];
	struct text  safe;

	vsnprintf(line, sizeof(line), fmt, ap);
	safe = visible_line(text_of(line), w->ascii, &memory);
	pthread_mutex_lock(&w->lock);
	bar_wipe(w);
	fprintf(stderr, "auger: " TEXT_FMT "\n", TEXT_ARG(safe));
	pthread_mutex_unlock(&w->lock);
	arena_close(&memory);
}

void
watch_say(struct watch *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(w, fmt, ap);
	va_end(ap);
}

void
watch_remark(struct watch *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (!w->quiet)
		say(w, fmt, ap);
	va_end(ap);
}

void
watch_end(struct watch *w)
{
	w->over = true;
	pthread_kill(w->thread, SIGUSR1); /* no need to wait for the end of its pause */
	pthread_join(w->thread, NULL);
	bar_wipe(w);
	fflush(stderr);
	/* an interrupt that came last has nothing left to stop */
	while (sigtimedwait(&w->signals, NULL, &(struct timespec){ 0, 0 }) > 0)
		w->progress->cancel = true;
	pthread_sigmask(SIG_SETMASK, &w->saved, NULL);
	pthread_mutex_destroy(&w->lock);
	free(w);
}
