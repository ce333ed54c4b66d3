/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * faults - a disk that fails, as a library to be preloaded: LD_PRELOAD=tests/faults.so auger ...
 *
 *   FAULT_AT=N      the Nth call on a case, what SQLite keeps beside it, or a temporary file fails
 *   FAULT_PATH      instead of these, a file in whose path this is
 *   FAULT_CALLS     which calls count: any of the letters w(rite), s(ync), t(runcate), r(ead),
 *                   f(cntl), o(pen, of what is or can be there), l(stat), e (stat)
 *   FAULT_ERRNO     the number it fails with (default: EIO)
 *   FAULT_LASTS     when set, all later ones fail too: a disk that stays full
 *   FAULT_SIGNAL    a signal that the process gets there instead
 *   FAULT_SHRINK    a file that loses its second half there instead: evidence that changes
 *   FAULT_COUNT     a file that gets the number of calls there were
 *   FAULT_CLOCK     seconds by which the clock of the day is wrong
 *   FAULT_THREADS   when set, no thread is to be had
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long            calls;
static int             count_fd = -1, shrink_fd = -1;

/* Opened before the program gives up its rights. */
__attribute__((constructor)) static void
begin(void)
{
	const char *path = getenv("FAULT_COUNT"), *victim = getenv("FAULT_SHRINK");

	if (victim)
		shrink_fd = open(victim, O_RDWR | O_CLOEXEC);
	if (path)
		count_fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

__attribute__((destructor)) static void
finish(void)
{
	if (count_fd >= 0)
		dprintf(count_fd, "%ld\n", calls);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static bool
is_meant_path(const char *path)
{
	const char *meant = getenv("FAULT_PATH");

	if (meant)
		return strstr(path, meant) != NULL;
	return strstr(path, ".auger") != NULL || strstr(path, "(deleted)") != NULL;
}

static bool
is_meant(int fd)
{
	char    link[64], path[4096];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (n < 0)
		return false;
	path[n] = '\0';
	return is_meant_path(path);
}

static bool
counts(char kind)
{
	const char *which = getenv("FAULT_CALLS");

	return which && strchr(which, kind);
}

/* Where the thread that takes signals is another one, it has this one before the call goes on. */
static void
wait_until_taken(int number)
{
	sigset_t pending;

	for (long i = 0; i < 10000000; i++) {
		if (sigpending(&pending) != 0 || !sigismember(&pending, number))
			return;
		sched_yield();
	}
}

/* One more that is meant: is it the one? */
static bool
falls_due(void)
{
	const char *at = getenv("FAULT_AT");
	const char *code = getenv("FAULT_ERRNO"), *number = getenv("FAULT_SIGNAL");
	long        n;

	pthread_mutex_lock(&lock);
	n = ++calls;
	pthread_mutex_unlock(&lock);
	if (!at || (getenv("FAULT_LASTS") ? n < atol(at) : n != atol(at)))
		return false;
	if (number) {
		kill(getpid(), atoi(number));
		wait_until_taken(atoi(number));
		return false;
	}
	if (shrink_fd >= 0) {
		REAL(ftruncate)(shrink_fd, lseek(shrink_fd, 0, SEEK_END) / 2);
		return false;
	}
	errno = code ? atoi(code) : EIO;
	return true;
}

static bool
fails(int fd, char kind)
{
	return counts(kind) && is_meant(fd) && falls_due();
}

int
lstat(const char *path, struct stat *st)
{
	return counts('l') && is_meant_path(path) && falls_due() ? -1 : REAL(lstat)(path, st);
}

int
stat(const char *path, struct stat *st)
{
	return counts('e') && is_meant_path(path) && falls_due() ? -1 : REAL(stat)(path, st);
}

int
stat64(const char *path, struct stat64 *st)
{
	return counts('e') && is_meant_path(path) && falls_due() ? -1 : REAL(stat64)(path, st);
}

ssize_t
pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	return fails(fd, 'w') ? -1 : REAL(pwrite64)(fd, p, n, at);
}

ssize_t
pwrite(int fd, const void *p, size_t n, off_t at)
{
	return fails(fd, 'w') ? -1 : REAL(pwrite)(fd, p, n, at);
}

ssize_t
write(int fd, const void *p, size_t n)
{
	return fails(fd, 'w') ? -1 : REAL(write)(fd, p, n);
}

ssize_t
pread64(int fd, void *p, size_t n, off64_t at)
{
	return fails(fd, 'r') ? -1 : REAL(pread64)(fd, p, n, at);
}

ssize_t
pread(int fd, void *p, size_t n, off_t at)
{
	return fails(fd, 'r') ? -1 : REAL(pread)(fd, p, n, at);
}

int
fsync(int fd)
{
	return fails(fd, 's') ? -1 : REAL(fsync)(fd);
}

int
fdatasync(int fd)
{
	return fails(fd, 's') ? -1 : REAL(fdatasync)(fd);
}

int
ftruncate64(int fd, off64_t n)
{
	return fails(fd, 't') ? -1 : REAL(ftruncate64)(fd, n);
}

int
ftruncate(int fd, off_t n)
{
	return fails(fd, 't') ? -1 : REAL(ftruncate)(fd, n);
}

int
fcntl64(int fd, int what, ...)
{
	va_list list;
	void   *value;

	va_start(list, what);
	value = va_arg(list, void *);
	va_end(list);
	return fails(fd, 'f') ? -1 : REAL(fcntl64)(fd, what, value);
}

int
fcntl(int fd, int what, ...)
{
	va_list list;
	void   *value;

	va_start(list, what);
	value = va_arg(list, void *);
	va_end(list);
	return fails(fd, 'f') ? -1 : REAL(fcntl)(fd, what, value);
}

/* MADE: the file was not there before, and is not after a failure. */
static int
opened(int fd, const char *path, bool made)
{
	int code;

	if (fd < 0 || !fails(fd, 'o'))
		return fd;
	code = errno;
	close(fd);
	if (made)
		unlink(path);
	errno = code;
	return -1;
}

static bool
will_be_made(const char *path, int flags)
{
	return (flags & O_CREAT) && access(path, F_OK) != 0;
}

int
open(const char *path, int flags, ...)
{
	va_list list;
	mode_t  mode = 0;
	bool    made = will_be_made(path, flags);

	va_start(list, flags);
	if (flags & O_CREAT)
		mode = va_arg(list, mode_t);
	va_end(list);
	return opened(REAL(open)(path, flags, mode), path, made);
}

int
open64(const char *path, int flags, ...)
{
	va_list list;
	mode_t  mode = 0;
	bool    made = will_be_made(path, flags);

	va_start(list, flags);
	if (flags & O_CREAT)
		mode = va_arg(list, mode_t);
	va_end(list);
	return opened(REAL(open64)(path, flags, mode), path, made);
}

int
pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*run)(void *), void *ctx)
{
	return getenv("FAULT_THREADS") ? EAGAIN : REAL(pthread_create)(thread, how, run, ctx);
}

int
clock_gettime(clockid_t clock, struct timespec *t)
{
	const char *shift = getenv("FAULT_CLOCK");
	int         failed = REAL(clock_gettime)(clock, t);

	if (shift && clock == CLOCK_REALTIME)
		t->tv_sec += atol(shift);
	return failed;
}
