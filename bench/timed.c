/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * timed - what one command took: bench/timed COMMAND [ARG...]
 *
 * The command's output goes nowhere; one line on standard output says wall clock and processor time
 * in seconds, peak memory in KiB and the exit status (128 and the signal when it was killed). A
 * program of its own because peak memory begins with what the parent had when it forked: that of a
 * script is more than auger's.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static _Noreturn void
become(char **command)
{
	int null = open("/dev/null", O_RDWR);

	if (null >= 0) {
		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		execvp(command[0], command);
	}
	_exit(127);
}

static double
seconds(time_t s, long ns)
{
	return (double)s + (double)ns / 1e9;
}

int
main(int argc, char **argv)
{
	struct timespec begin, end;
	struct rusage   used;
	int             raw;

	if (argc < 2) {
		fprintf(stderr, "usage: timed COMMAND [ARG...]\n");
		return 2;
	}
	clock_gettime(CLOCK_MONOTONIC, &begin);
	pid_t pid = fork();

	if (pid == 0)
		become(argv + 1);
	if (pid < 0 || wait4(pid, &raw, 0, &used) != pid) {
		perror("timed");
		return 3;
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%.6f %.6f %ld %d\n", seconds(end.tv_sec - begin.tv_sec, end.tv_nsec - begin.tv_nsec),
	       seconds(used.ru_utime.tv_sec + used.ru_stime.tv_sec,
		       (used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1000),
	       used.ru_maxrss, WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw));
	return 0;
}
