/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/pages.h"

#include <endian.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "store/pages_total.h"

#define HEAD_LEAST 100 /* bytes of the file's header, on the first page */
#define HEAD       128
#define PAGE_MOST  65536
#define WORD       sizeof(uint64_t)
#define LOCKS_AT   (INT64_C(1) << 30) /* the page that begins here is never written (1.6) */

enum pages_op { OP_WRONG = PAGES_OP_WRONG, OP_CHECKED, OP_UNSUMMED, OP_LOOK, OP_TOTAL, OP_UNREAD };

struct pages_file {
	sqlite3_file   base;
	int            page_bytes; /* 0: not known yet, or nothing is checked */
	int64_t        wrong, unsummed;
	unsigned char *page;       /* room for one */
	sqlite3_file  *real;       /* behind this struct */
	int            reason;     /* why the last write failed: an errno */
	int            unread;     /* why a read failed, since the last look: an errno */
	struct pages_total total;
};

struct pages_fs {
	sqlite3_vfs  vfs;
	sqlite3_vfs *real;
};

static const char magic[16] = "SQLite format 3";

/* Written by whoever changes anything at all or makes a copy page by page, or set by hand: whether there
 * is a log, change counter and size, the schema's counter, user_version, application_id, the version of
 * SQLite; and the total of all. (file format, 1.3) */
static const struct {
	unsigned char from, to;
} pages_free[] = {
	{ 18, 20 }, { 24, 32 }, { 40, 44 }, { 60, 64 }, { 68, 72 }, { 92, 100 },
	{ PAGES_TOTAL_FROM, PAGES_TOTAL_TO },
};

static uint64_t
word_at(const unsigned char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	return le64toh(w);
}

/* For a given rest every word has its own outcome, so that no change within one goes unseen. */
static inline uint64_t
stir(uint64_t sum, uint64_t word)
{
	sum ^= word;
	return (sum << 29 | sum >> 35) * UINT64_C(0x9e3779b97f4a7c15);
}

/* Four at a time, which do not wait for each other. */
static uint64_t
sum_of(const unsigned char *page, size_t bytes, uint64_t number)
{
	uint64_t a = number, b = 1, c = 2, d = 3, sum = number;
	size_t   at = 0;

	for (; at + 4 * WORD <= bytes; at += 4 * WORD) {
		a = stir(a, word_at(page + at));
		b = stir(b, word_at(page + at + WORD));
		c = stir(c, word_at(page + at + 2 * WORD));
		d = stir(d, word_at(page + at + 3 * WORD));
	}
	for (; at + WORD <= bytes; at += WORD)
		sum = stir(sum, word_at(page + at));
	sum = stir(stir(stir(stir(sum, a), b), c), d);
	return sum ? sum : 1;
}

static uint64_t
sum_of_page(const struct pages_file *f, const unsigned char *page, int64_t at)
{
	size_t        bytes = (size_t)f->page_bytes - PAGES_RESERVED;
	uint64_t      number = (uint64_t)(at / f->page_bytes) + 1;
	unsigned char head[HEAD];

	if (at != 0)
		return sum_of(page, bytes, number);
	memcpy(head, page, HEAD);
	for (size_t i = 0; i < sizeof(pages_free) / sizeof(*pages_free); i++)
		memset(head + pages_free[i].from, 0,
		       (size_t)(pages_free[i].to - pages_free[i].from));
	return sum_of(page + HEAD, bytes - HEAD, sum_of(head, HEAD, number));
}

static bool
is_right(struct pages_file *f, const unsigned char *page, int64_t at)
{
	size_t   bytes = (size_t)f->page_bytes;
	uint64_t stored = word_at(page + bytes - PAGES_RESERVED);

	if (at == LOCKS_AT)
		return true;
	if (stored)
		return stored == sum_of_page(f, page, at);
	f->unsummed++;
	return (page[0] != 0 || memcmp(page, page + 1, bytes - 1) != 0) &&
	       (at == 0 || pages_total_foreign(f->real, f->page_bytes));
}

static bool
is_page(const struct pages_file *f, int bytes, int64_t at)
{
	return f->page_bytes && bytes == f->page_bytes && at % f->page_bytes == 0;
}

/* The first page says how large pages are and how much of them is ours; one that ceases to say so does
 * not end the checks. */
static int
learn(struct pages_file *f, const unsigned char *head)
{
	int bytes = head[16] << 8 | head[17];

	if (bytes == 1)
		bytes = PAGE_MOST;
	if (memcmp(head, magic, sizeof(magic)) != 0 || head[20] != PAGES_RESERVED || bytes < 512 ||
	    (bytes & (bytes - 1)))
		bytes = 0;
	if (f->page_bytes && bytes != f->page_bytes) {
		f->wrong = 1;
		return SQLITE_CORRUPT;
	}
	if (bytes > f->page_bytes) {
		unsigned char *room = sqlite3_realloc(f->page, bytes);

		if (!room)
			return SQLITE_IOERR_NOMEM;
		f->page = room;
	}
	f->page_bytes = bytes;
	return SQLITE_OK;
}

static int
pages_close(sqlite3_file *file)
{
	struct pages_file *f = (struct pages_file *)file;

	sqlite3_free(f->page);
	return f->real->pMethods->xClose(f->real);
}

static int
looked_at(struct pages_file *f, const unsigned char *page, int64_t at)
{
	if (is_right(f, page, at))
		return SQLITE_OK;
	f->wrong = at / f->page_bytes + 1;
	return SQLITE_CORRUPT;
}

/* A disk that cannot be read says nothing of what is on it. */
static int
read_real(struct pages_file *f, void *out, int bytes, int64_t at)
{
	int code = f->real->pMethods->xRead(f->real, out, bytes, at);

	if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ)
		f->real->pMethods->xFileControl(f->real, SQLITE_FCNTL_LAST_ERRNO, &f->unread);
	return code == SQLITE_IOERR_CORRUPTFS ? SQLITE_IOERR_READ : code;
}

static int
read_here(struct pages_file *f, int64_t at)
{
	int code = read_real(f, f->page, f->page_bytes, at);

	return code != SQLITE_OK ? code : looked_at(f, f->page, at);
}

static int
pages_read(sqlite3_file *file, void *out, int bytes, sqlite3_int64 at)
{
	struct pages_file *f = (struct pages_file *)file;
	int64_t            within = f->page_bytes ? at % f->page_bytes : 0;
	int                code;

	if (at >= f->page_bytes && within + bytes < f->page_bytes) {
		code = read_here(f, at - within);
		if (code == SQLITE_OK)
			memcpy(out, f->page + within, (size_t)bytes);
		return code;
	}
	code = read_real(f, out, bytes, at);
	if (code == SQLITE_OK && at == 0 && bytes >= HEAD_LEAST)
		code = learn(f, out);
	if (code == SQLITE_OK && is_page(f, bytes, at)) {
		code = looked_at(f, out, at);
		/* What SQLite writes into its log has no sum. */
		memset((char *)out + bytes - PAGES_RESERVED, 0, PAGES_RESERVED);
		if (at == 0)
			memset((char *)out + PAGES_TOTAL_FROM, 0, PAGES_TOTAL_TO - PAGES_TOTAL_FROM);
	}
	return code;
}

static int
kept_or_lost(struct pages_file *f, int code)
{
	if (code == SQLITE_OK)
		return code;
	pages_total_lose(&f->total);
	/* Before SQLite reads on, and forgets it. */
	f->real->pMethods->xFileControl(f->real, SQLITE_FCNTL_LAST_ERRNO, &f->reason);
	return code;
}

static int
pages_write(sqlite3_file *file, const void *p, int bytes, sqlite3_int64 at)
{
	struct pages_file *f = (struct pages_file *)file;
	uint64_t           sum;
	int                code = SQLITE_OK;

	f->reason = 0;
	if (at == 0 && bytes >= HEAD)
		code = learn(f, p);
	if (code != SQLITE_OK || !is_page(f, bytes, at))
		return code != SQLITE_OK ? code : f->real->pMethods->xWrite(f->real, p, bytes, at);
	memcpy(f->page, p, (size_t)bytes);
	sum = sum_of_page(f, f->page, at);
	code = pages_total_replace(&f->total, f->real, f->page_bytes, at, sum);
	if (code != SQLITE_OK)
		return code;
	if (at == 0)
		pages_total_put(&f->total, f->page);
	sum = htole64(sum);
	memcpy(f->page + bytes - PAGES_RESERVED, &sum, PAGES_RESERVED);
	return kept_or_lost(f, f->real->pMethods->xWrite(f->real, f->page, bytes, at));
}

static int
pages_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	struct pages_file *f = (struct pages_file *)file;
	int                code = SQLITE_OK;

	if (f->page_bytes)
		code = pages_total_cut(&f->total, f->real, f->page_bytes, size);
	return code != SQLITE_OK ? code
				 : kept_or_lost(f, f->real->pMethods->xTruncate(f->real, size));
}

static int
pages_sync(sqlite3_file *file, int flags)
{
	struct pages_file *f = (struct pages_file *)file;
	int                code = kept_or_lost(f, f->real->pMethods->xSync(f->real, flags));

	return code == SQLITE_OK ? pages_total_end(&f->total, f->real) : code;
}

static int
pages_size(sqlite3_file *file, sqlite3_int64 *size)
{
	struct pages_file *f = (struct pages_file *)file;

	return f->real->pMethods->xFileSize(f->real, size);
}

static int
pages_lock(sqlite3_file *file, int level)
{
	struct pages_file *f = (struct pages_file *)file;

	return f->real->pMethods->xLock(f->real, level);
}

static int
pages_unlock(sqlite3_file *file, int level)
{
	struct pages_file *f = (struct pages_file *)file;

	return f->real->pMethods->xUnlock(f->real, level);
}

static int
pages_reserved(sqlite3_file *file, int *out)
{
	struct pages_file *f = (struct pages_file *)file;

	return f->real->pMethods->xCheckReservedLock(f->real, out);
}

/* The page of that number; its checksum instead of the number. */
static int
look(struct pages_file *f, int64_t *number)
{
	int      code = SQLITE_OK;
	uint64_t sum = 0;

	f->unread = 0;
	if (f->page_bytes)
		code = read_here(f, (*number - 1) * f->page_bytes);
	if (f->page_bytes && code == SQLITE_OK)
		sum = word_at(f->page + f->page_bytes - PAGES_RESERVED);
	memcpy(number, &sum, sizeof(sum));
	return code;
}

static int
pages_control(sqlite3_file *file, int op, void *arg)
{
	struct pages_file *f = (struct pages_file *)file;
	int64_t           *number = arg;

	switch (op) {
	case OP_WRONG:
		*number = f->wrong;
		return SQLITE_OK;
	case OP_CHECKED:
		*number = f->page_bytes != 0;
		return SQLITE_OK;
	case OP_UNSUMMED:
		*number = f->unsummed;
		return SQLITE_OK;
	case OP_LOOK:
		return look(f, number);
	case OP_UNREAD:
		*number = f->unread;
		return SQLITE_OK;
	case OP_TOTAL:
		return pages_total_read(f->real, f->page_bytes, arg);
	case SQLITE_FCNTL_CKPT_START:
		pages_total_let_go(&f->total);
		return f->real->pMethods->xFileControl(f->real, op, arg);
	case SQLITE_FCNTL_LAST_ERRNO:
		if (f->reason) {
			*(int *)arg = f->reason;
			return SQLITE_OK;
		}
		return f->real->pMethods->xFileControl(f->real, op, arg);
	default:
		return f->real->pMethods->xFileControl(f->real, op, arg);
	}
}

static int
pages_sector(sqlite3_file *file)
{
	struct pages_file *f = (struct pages_file *)file;

	return f->real->pMethods->xSectorSize(f->real);
}

static int
pages_device(sqlite3_file *file)
{
	struct pages_file *f = (struct pages_file *)file;

	return f->real->pMethods->xDeviceCharacteristics(f->real);
}

static int
pages_shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
	struct pages_file *f = (struct pages_file *)file;

	return f->real->pMethods->xShmMap(f->real, region, size, extend, out);
}

static int
pages_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
	struct pages_file *f = (struct pages_file *)file;

	return f->real->pMethods->xShmLock(f->real, offset, n, flags);
}

static void
pages_shm_barrier(sqlite3_file *file)
{
	struct pages_file *f = (struct pages_file *)file;

	f->real->pMethods->xShmBarrier(f->real);
}

static int
pages_shm_unmap(sqlite3_file *file, int drop)
{
	struct pages_file *f = (struct pages_file *)file;

	return f->real->pMethods->xShmUnmap(f->real, drop);
}

#define METHODS(version)                                                                           \
	.iVersion = (version), .xClose = pages_close, .xRead = pages_read, .xWrite = pages_write,  \
	.xTruncate = pages_truncate, .xSync = pages_sync, .xFileSize = pages_size,                 \
	.xLock = pages_lock, .xUnlock = pages_unlock, .xCheckReservedLock = pages_reserved,        \
	.xFileControl = pages_control, .xSectorSize = pages_sector,                                \
	.xDeviceCharacteristics = pages_device

/* Version 3 would read through a mapping, past us. */
static const sqlite3_io_methods methods_alone = { METHODS(1) };
static const sqlite3_io_methods methods_shared = {
	METHODS(2), .xShmMap = pages_shm_map, .xShmLock = pages_shm_lock,
	.xShmBarrier = pages_shm_barrier, .xShmUnmap = pages_shm_unmap,
};

static int
pages_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *flags_out)
{
	sqlite3_vfs       *real = ((struct pages_fs *)vfs)->real;
	struct pages_file *f = (struct pages_file *)file;
	int                code;

	/* Of a log nothing is checked: its head is too short to learn from. But that it cannot be read is
	 * no damage either. */
	if (!(flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)))
		return real->xOpen(real, name, file, flags, flags_out);
	*f = (struct pages_file){ .real = (sqlite3_file *)(f + 1) };
	code = real->xOpen(real, name, f->real, flags, flags_out);
	if (f->real->pMethods)
		f->base.pMethods = f->real->pMethods->xShmMap ? &methods_shared : &methods_alone;
	return code;
}

static const char *
file_system(const char *name, const char *real_name)
{
	sqlite3_mutex   *one = sqlite3_mutex_alloc(SQLITE_MUTEX_STATIC_APP1);
	sqlite3_vfs     *real = sqlite3_vfs_find(real_name);
	struct pages_fs *fs;

	sqlite3_mutex_enter(one);
	if (real && !sqlite3_vfs_find(name) && (fs = malloc(sizeof(*fs)))) {
		*fs = (struct pages_fs){ *real, real };
		fs->vfs.pNext = NULL;
		fs->vfs.zName = name;
		fs->vfs.szOsFile += (int)sizeof(struct pages_file);
		fs->vfs.xOpen = pages_open;
		sqlite3_vfs_register(&fs->vfs, 0);
	}
	sqlite3_mutex_leave(one);
	return sqlite3_vfs_find(name) ? name : NULL;
}

const char *
pages_vfs(void)
{
	return file_system("auger", "unix");
}

const char *
pages_vfs_unlocked(void)
{
	return file_system("auger-none", "unix-none");
}

bool
pages_begin(sqlite3 *db)
{
	int bytes = PAGES_RESERVED;

	return sqlite3_file_control(db, "main", SQLITE_FCNTL_RESERVE_BYTES, &bytes) == SQLITE_OK;
}

static int64_t
number_of(sqlite3 *db, enum pages_op op)
{
	int64_t number = 0;

	sqlite3_file_control(db, "main", (int)op, &number);
	return number;
}

bool
pages_checked(sqlite3 *db)
{
	return number_of(db, OP_CHECKED) != 0;
}

int64_t
pages_unsummed(sqlite3 *db)
{
	return number_of(db, OP_UNSUMMED);
}

bool
pages_look(sqlite3 *db, int64_t page, uint64_t *sum)
{
	bool good = sqlite3_file_control(db, "main", OP_LOOK, &page) == SQLITE_OK;

	*sum = (uint64_t)page;
	return good;
}

int
pages_unread(sqlite3 *db)
{
	return (int)number_of(db, OP_UNREAD);
}

bool
pages_total(sqlite3 *db, uint64_t *sum, bool *known)
{
	int code = sqlite3_file_control(db, "main", OP_TOTAL, sum);

	*known = code == SQLITE_OK;
	return *known || code == SQLITE_NOTFOUND;
}
