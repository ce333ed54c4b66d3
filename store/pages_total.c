/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/pages_total.h"

#include <endian.h>
#include <string.h>

#define RECORD (PAGES_TOTAL_TO - PAGES_TOTAL_FROM)

enum state {
	STATE_NONE,
	STATE_KNOWN = 0x6d757341,
	STATE_CHANGING = 0x676e6843,
	STATE_FOREIGN = 0x72656874,
};

struct record {
	uint64_t sum, owner;
	uint32_t state;
};

static void
encode(const struct record *r, unsigned char *out)
{
	uint64_t sum = htole64(r->sum), owner = htole64(r->owner);
	uint32_t state = htole32(r->state);

	memcpy(out, &sum, sizeof(sum));
	memcpy(out + 8, &owner, sizeof(owner));
	memcpy(out + 16, &state, sizeof(state));
}

static int
read_bytes(sqlite3_file *real, void *out, int n, int64_t at, bool *there)
{
	int code = real->pMethods->xRead(real, out, n, at);

	*there = code == SQLITE_OK;
	if (code == SQLITE_IOERR_CORRUPTFS) /* the disk, which says nothing of what is on it */
		return SQLITE_IOERR_READ;
	return code == SQLITE_IOERR_SHORT_READ ? SQLITE_OK : code;
}

/* 0 also where the file has no such page. */
static int
stored_at(sqlite3_file *real, int page_bytes, int64_t at, uint64_t *sum)
{
	bool there;
	int  code = read_bytes(real, sum, sizeof(*sum), at + page_bytes - PAGES_RESERVED, &there);

	*sum = there ? le64toh(*sum) : 0;
	return code;
}

/* The first page is in every log that auger leaves: if it has no sum, another program put the log into
 * the case. */
static int
read_record(sqlite3_file *real, int page_bytes, struct record *r)
{
	unsigned char bytes[RECORD];
	uint64_t      first;
	bool          there;
	int           code = read_bytes(real, bytes, RECORD, PAGES_TOTAL_FROM, &there);

	*r = (struct record){ 0 };
	if (!there)
		return code;
	memcpy(&r->sum, bytes, sizeof(r->sum));
	memcpy(&r->owner, bytes + 8, sizeof(r->owner));
	memcpy(&r->state, bytes + 16, sizeof(r->state));
	*r = (struct record){ le64toh(r->sum), le64toh(r->owner), le32toh(r->state) };
	code = stored_at(real, page_bytes, 0, &first);
	if (code == SQLITE_OK && first == 0)
		r->state = STATE_FOREIGN;
	return code;
}

static int
write_record(sqlite3_file *real, const struct record *r)
{
	unsigned char bytes[RECORD];

	encode(r, bytes);
	return real->pMethods->xWrite(real, bytes, RECORD, PAGES_TOTAL_FROM);
}

/* Of all pages from FROM on. */
static int
add_up(sqlite3_file *real, int page_bytes, int64_t from, uint64_t *total)
{
	sqlite3_int64 size;
	uint64_t      one;
	int           code = real->pMethods->xFileSize(real, &size);

	*total = 0;
	for (int64_t at = from; code == SQLITE_OK && at + page_bytes <= size; at += page_bytes) {
		code = stored_at(real, page_bytes, at, &one);
		*total += one;
	}
	return code;
}

static int
mark(const struct pages_total *t, sqlite3_file *real)
{
	const struct record r = { 0, t->owner, STATE_CHANGING };
	int                 code = write_record(real, &r);

	return code == SQLITE_OK ? real->pMethods->xSync(real, SQLITE_SYNC_NORMAL) : code;
}

static int
hold(struct pages_total *t, sqlite3_file *real, int page_bytes)
{
	struct record r;
	int           code;

	if (t->held)
		return SQLITE_OK;
	while (t->owner == 0)
		sqlite3_randomness(sizeof(t->owner), &t->owner);
	if ((code = read_record(real, page_bytes, &r)) != SQLITE_OK)
		return code;
	if (r.state == STATE_CHANGING && r.owner == t->owner) {
		t->held = true;
		return SQLITE_OK;
	}
	t->foreign = r.state == STATE_FOREIGN;
	t->sum = r.sum;
	if (!t->foreign && r.state != STATE_KNOWN)
		code = add_up(real, page_bytes, 0, &t->sum);
	/* Into an empty file the mark goes with the first page. */
	if (code == SQLITE_OK && !t->foreign && !(r.state == STATE_NONE && t->sum == 0))
		code = mark(t, real);
	t->held = code == SQLITE_OK;
	return code;
}

int
pages_total_replace(struct pages_total *t, sqlite3_file *real, int page_bytes, int64_t at, uint64_t sum)
{
	uint64_t before = 0;
	int      code = hold(t, real, page_bytes);

	if (code != SQLITE_OK || t->foreign)
		return code;
	code = stored_at(real, page_bytes, at, &before);
	if (code == SQLITE_OK)
		t->sum += sum - before;
	return code;
}

int
pages_total_cut(struct pages_total *t, sqlite3_file *real, int page_bytes, int64_t size)
{
	sqlite3_int64 now;
	uint64_t      rest;
	int           code = real->pMethods->xFileSize(real, &now);

	if (code != SQLITE_OK || now <= size)
		return code;
	code = hold(t, real, page_bytes);
	if (code == SQLITE_OK)
		code = add_up(real, page_bytes, size, &rest);
	if (code == SQLITE_OK)
		t->sum -= rest;
	return code;
}

void
pages_total_put(const struct pages_total *t, unsigned char *first_page)
{
	const struct record r = { 0, t->owner, t->foreign ? STATE_FOREIGN : STATE_CHANGING };

	encode(&r, first_page + PAGES_TOTAL_FROM);
}

int
pages_total_end(struct pages_total *t, sqlite3_file *real)
{
	const struct record r = { t->foreign ? 0 : t->sum, 0, t->foreign ? STATE_FOREIGN : STATE_KNOWN };
	sqlite3_int64       size;
	int                 code;

	if (!t->held)
		return SQLITE_OK;
	t->held = false;
	code = real->pMethods->xFileSize(real, &size);
	return code == SQLITE_OK && size > 0 ? write_record(real, &r) : code;
}

int
pages_total_read(sqlite3_file *real, int page_bytes, uint64_t *sum)
{
	struct record r;
	int           code = read_record(real, page_bytes, &r);

	*sum = r.sum;
	return code == SQLITE_OK && r.state != STATE_KNOWN ? SQLITE_NOTFOUND : code;
}

bool
pages_total_foreign(sqlite3_file *real, int page_bytes)
{
	struct record r;

	return read_record(real, page_bytes, &r) == SQLITE_OK && r.state == STATE_FOREIGN;
}
