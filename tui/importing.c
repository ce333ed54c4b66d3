/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/importing.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGUMENTS_MAX 64
#define PATH_BYTES    4096
/* What the screen says: a path that ends with NUL, or this byte and NUL. */
#define STOP "\001"
/* How the line with the exit status begins; lines of the import hold no control characters. */
#define ENDED '\001'

extern char **environ;

struct importer {
	pid_t  helper;
	int    to, from; /* pipes */
	char   buffer[4096];
	size_t n;
	bool   running, closed, has_status;
	int    status;
};

/* ---- the helper ---- */

struct helper {
	const char        *program, *case_path;
	const char *const *options;
	int                in, out;  /* from and to the screen */
	pid_t              child;
	int                said;     /* its standard error; -1: none runs */
	char               path[PATH_BYTES];
	size_t             n_path;
	bool               quit;
};

static void
write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t k = write(fd, p, n);

		if (k < 0 && errno != EINTR)
			return;
		p += k > 0 ? k : 0;
		n -= k > 0 ? (size_t)k : 0;
	}
}

static void
tell(const struct helper *h, const char *line)
{
	write_all(h->out, line, strlen(line));
}

/* posix_spawn takes strings that it promises not to change. */
static char *
argument(const char *s)
{
	union {
		const char *in;
		char       *out;
	} u = { .in = s };

	return u.out;
}

static int
spawn(struct helper *h, int pipe_end)
{
	posix_spawn_file_actions_t files;
	char                      *argv[ARGUMENTS_MAX + 8];
	size_t                     n = 0;
	int                        failed;

	argv[n++] = argument(h->program);
	argv[n++] = argument("import");
	argv[n++] = argument("--progress");
	argv[n++] = argument("1");
	for (size_t i = 0; i < ARGUMENTS_MAX && h->options[i]; i++)
		argv[n++] = argument(h->options[i]);
	argv[n++] = argument("--");
	argv[n++] = argument(h->case_path);
	argv[n++] = h->path;
	argv[n] = NULL;
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&files, pipe_end, STDERR_FILENO);
	failed = posix_spawnp(&h->child, h->program, &files, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	return failed;
}

static void
start_child(struct helper *h)
{
	int ends[2], failed;

	if (pipe2(ends, O_CLOEXEC) != 0) {
		tell(h, "no pipe for the import\n\0013\n");
		return;
	}
	failed = spawn(h, ends[1]);
	close(ends[1]);
	h->said = ends[0];
	if (failed) {
		close(ends[0]);
		h->said = -1;
		tell(h, "cannot start the import: ");
		tell(h, strerror(failed));
		tell(h, "\n\0013\n");
	}
}

static void
hear_screen(struct helper *h)
{
	ssize_t got = read(h->in, h->path + h->n_path, sizeof(h->path) - h->n_path);

	if (got < 0 && errno == EINTR)
		return;
	if (got <= 0 || h->n_path + (size_t)got == sizeof(h->path)) {
		h->quit = true;
		return;
	}
	h->n_path += (size_t)got;
	for (;;) {
		const char *end = memchr(h->path, '\0', h->n_path);
		size_t      n = end ? (size_t)(end - h->path) + 1 : 0;

		if (!end)
			return;
		if (strcmp(h->path, STOP) == 0 && h->said >= 0)
			kill(h->child, SIGINT);
		else if (strcmp(h->path, STOP) != 0 && h->said < 0)
			start_child(h);
		memmove(h->path, h->path + n, h->n_path - n);
		h->n_path -= n;
	}
}

static void
hear_child(struct helper *h)
{
	char    said[4096], ended[16];
	ssize_t got = read(h->said, said, sizeof(said));
	int     how = 0, n;

	if (got < 0 && errno == EINTR)
		return;
	if (got > 0) {
		write_all(h->out, said, (size_t)got);
		return;
	}
	while (waitpid(h->child, &how, 0) < 0 && errno == EINTR)
		;
	close(h->said);
	h->said = -1;
	n = snprintf(ended, sizeof(ended), "%c%d\n", ENDED, WIFEXITED(how) ? WEXITSTATUS(how) : 3);
	write_all(h->out, ended, (size_t)n);
}

static void
helper_run(struct helper *h)
{
	signal(SIGPIPE, SIG_IGN);
	while (!h->quit) {
		struct pollfd fds[2] = { { .fd = h->in, .events = POLLIN },
					 { .fd = h->said, .events = POLLIN } };

		if (poll(fds, h->said >= 0 ? 2 : 1, -1) < 0)
			continue;
		if (h->said >= 0 && fds[1].revents)
			hear_child(h);
		if (fds[0].revents)
			hear_screen(h);
	}
	if (h->said >= 0) {
		kill(h->child, SIGINT);
		while (waitpid(h->child, NULL, 0) < 0 && errno == EINTR)
			;
	}
}

/* ---- the screen's side ---- */

struct importer *
importer_open(const char *program, const char *const *options, const char *case_path)
{
	struct importer *im = calloc(1, sizeof(*im));
	struct helper    h = { .program = program, .options = options, .case_path = case_path,
			       .said = -1 };
	int              there[2], back[2];

	if (!im)
		arena_exhausted(sizeof(*im));
	if (pipe2(there, O_CLOEXEC) != 0) {
		free(im);
		return NULL;
	}
	if (pipe2(back, O_CLOEXEC) != 0) {
		close(there[0]);
		close(there[1]);
		free(im);
		return NULL;
	}
	h.in = there[0];
	h.out = back[1];
	im->to = there[1];
	im->from = back[0];
	im->helper = fork();
	if (im->helper == 0) {
		close(im->to);
		close(im->from);
		helper_run(&h);
		_exit(0);
	}
	close(h.in);
	close(h.out);
	if (im->helper < 0) {
		close(im->to);
		close(im->from);
		free(im);
		return NULL;
	}
	if (fcntl(im->from, F_SETFL, O_NONBLOCK) < 0) { /* the screen would wait for words */
		importer_close(im);
		return NULL;
	}
	return im;
}

void
importer_close(struct importer *im)
{
	if (!im)
		return;
	close(im->to);
	close(im->from);
	while (waitpid(im->helper, NULL, 0) < 0 && errno == EINTR)
		;
	free(im);
}

bool
importer_start(struct importer *im, const char *path, struct err *err)
{
	size_t n = strlen(path) + 1;

	if (n >= PATH_BYTES)
		return err_set(err, ERR_USAGE, "the path is too long");
	if (im->closed)
		return err_set(err, ERR_IO, "the helper that starts imports is gone; open the case "
					    "again");
	write_all(im->to, path, n);
	im->running = true;
	return true;
}

bool
importer_running(const struct importer *im)
{
	return im && im->running;
}

void
importer_cancel(struct importer *im)
{
	if (im->running && !im->closed)
		write_all(im->to, STOP, sizeof(STOP));
}

int
importer_descriptor(const struct importer *im)
{
	return im->closed ? -1 : im->from;
}

static void
fill(struct importer *im)
{
	ssize_t got;

	while (!im->closed && im->n < sizeof(im->buffer)) {
		got = read(im->from, im->buffer + im->n, sizeof(im->buffer) - im->n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN)
			return;
		if (got <= 0)
			im->closed = true;
		else
			im->n += (size_t)got;
	}
}

static void
take_status(struct importer *im, struct text line)
{
	uint64_t status = 3;

	text_to_u64(text_from(line, 1), &status);
	im->status = (int)status;
	im->has_status = true;
}

bool
importer_line(struct importer *im, struct arena *keep, struct text *line, bool *progress)
{
	for (;;) {
		struct text rest;
		size_t      end;

		fill(im);
		rest = (struct text){ im->buffer, im->n };
		end = text_find_byte(rest, '\n');
		if (end == TEXT_NOWHERE && (im->closed || im->n == sizeof(im->buffer)))
			end = im->n; /* without its end, or too long to have one */
		if (!im->n || end == TEXT_NOWHERE)
			return false;
		*line = arena_copy(keep, text_head(rest, end));
		end += end < im->n;
		memmove(im->buffer, im->buffer + end, im->n - end);
		im->n -= end;
		if (!line->n || line->p[0] != ENDED)
			break;
		take_status(im, *line);
	}
	if (text_starts(*line, TEXT("auger: ")))
		*line = text_from(*line, 7);
	/* "12.0 MB of 40.2 MB, 90312 events, 60211 a second, 12 s left, Security.evtx" */
	*progress = text_find(*line, TEXT(" a second, ")) != TEXT_NOWHERE;
	return true;
}

bool
importer_ended(struct importer *im, int *status)
{
	if (!im->running || (!im->has_status && !im->closed))
		return false;
	*status = im->has_status ? im->status : 3;
	im->running = im->has_status = false;
	return true;
}
