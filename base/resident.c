/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/resident.h"

#include <fcntl.h>
#ifdef HAVE_MALLOC_TRIM
#include <malloc.h>
#endif
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/instrumented.h"

/* Pages and blocks of the case that a reader has at hand. */
#define READER_BYTES ((size_t)16 << 20)

size_t
resident_bytes(void)
{
	struct rusage most = { 0 };
	char          line[128];
	size_t        page = (size_t)sysconf(_SC_PAGESIZE);
	int           fd;
	ssize_t       n;
	char         *second;

	if (instrumented())
		return 0;
	fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, line, sizeof(line) - 1);
	if (fd >= 0)
		close(fd);
	if (n > 0) {
		line[n] = '\0';
		strtoull(line, &second, 10); /* all addresses */
		return (size_t)strtoull(second, NULL, 10) * page;
	}
	getrusage(RUSAGE_SELF, &most);
	return (size_t)most.ru_maxrss * 1024;
}

void
resident_trim(void)
{
#ifdef HAVE_MALLOC_TRIM
	malloc_trim(0);
#endif
}

size_t
resident_left(size_t promised_bytes, unsigned n_readers)
{
	size_t taken = resident_bytes() + n_readers * READER_BYTES;

	/* Tables are copied when they grow, and rows in work are not all counted. */
	return promised_bytes > taken ? (promised_bytes - taken) / 4 * 3 : 0;
}
