/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "importers/container_parts.h"

#include <errno.h>
#include <malloc.h>

/* What unpacking may take. zstd -22 wants 128 MiB, xz -9 and 7z half of it; libarchive itself lets
 * an archive ask for gigabytes. */
#define MEMORY_MAX ((size_t)144 << 20)

/* ---- what libarchive asks for ---- */

static size_t
at_once(const struct container *c)
{
	return c->passing ? CONTAINER_PASS : CONTAINER_READ;
}

/* The next bytes of the evidence; none: the end. Behind a place that could not be read there are none. */
static bool
next_bytes(void *self, struct text *bytes, struct err *err)
{
	struct container *c = self;
	size_t            got = c->waiting;

	*bytes = TEXT_NONE;
	c->waiting = 0;
	if (c->unread.kind != ERR_NONE)
		return err_set(err, c->unread.kind, "%s", c->unread.what);
	if (got == 0 && !c->in->read_at(c->in->self, c->at, c->buf, at_once(c), &got, err)) {
		err_set(&c->unread, err->kind, "%s", err->what);
		return false;
	}
	c->at += got;
	c->fed += got;
	*bytes = (struct text){ c->buf, got };
	return true;
}

/* A tar may go on behind zeros, of which there can be any number. */
static bool
header_is_far(struct archive *a, const struct container *c)
{
	uint64_t passed = c->header < 0 ? 0 : (uint64_t)(archive_filter_bytes(a, 0) - c->header);

	return passed > c->limits.free_bytes &&
	       passed / c->limits.growth > c->fed - c->header_fed + CONTAINER_READ;
}

/* After an error libarchive would forget what it has not given out yet, so gzip data that is damaged
 * ends for it. */
static la_ssize_t
feed(struct archive *a, void *self, const void **bytes)
{
	struct container *c = self;
	struct err        err = { 0 };
	struct text       next = TEXT_NONE;

	if (c->cancel && *c->cancel) {
		archive_set_error(a, EINTR, "interrupted");
		return -1;
	}
	if (header_is_far(a, c)) {
		archive_set_error(a, EINVAL, "grows out of proportion, as if made to fill the disk");
		return -1;
	}
	if (c->gunzip) {
		if (c->trouble.kind == ERR_NONE)
			gunzip_read(c->gunzip, &next, &c->trouble);
	} else if (!next_bytes(c, &next, &err)) {
		archive_set_error(a, EIO, "%s", err.what);
		return -1;
	}
	*bytes = next.p;
	return (la_ssize_t)next.n;
}

static la_int64_t
jump(struct archive *a, void *self, la_int64_t offset, int whence)
{
	struct container *c = self;
	la_int64_t        base = whence == SEEK_SET   ? 0
				 : whence == SEEK_CUR ? (la_int64_t)c->at
						      : (la_int64_t)c->in->size;

	(void)a;
	if (offset > INT64_MAX - base || base + offset < 0)
		return ARCHIVE_FATAL;
	c->at = (uint64_t)(base + offset);
	c->waiting = 0;
	return base + offset;
}

static la_int64_t
pass_over(struct archive *a, void *self, la_int64_t n)
{
	struct container *c = self;
	uint64_t          left = c->at < c->in->size ? c->in->size - c->at : 0;

	(void)a;
	if (n < 0)
		return 0;
	if ((uint64_t)n > left)
		n = (la_int64_t)left;
	c->at += (uint64_t)n;
	c->waiting = 0;
	return n;
}

/* Bytes in large blocks of memory: dictionaries are that. A decoder has one from the moment in
 * which it knows how large it is, and fills it as it goes, so this is known before it costs. */
static size_t
large_blocks(void)
{
#ifdef HAVE_MALLINFO2
	return mallinfo2().hblkhd;
#else
	return 0;
#endif
}

/* With what other threads took since. */
static size_t
taken_since_begin(const struct container *c)
{
	size_t now = large_blocks();

	return now > c->memory ? now - c->memory : 0;
}

static size_t
memory_most(const struct container *c)
{
	size_t given = c->opt->memory_bytes;

	return given && given < MEMORY_MAX ? given : MEMORY_MAX;
}

/* ---- opening ---- */

static void
choose_formats(struct archive *a, bool single)
{
	if (!single) {
		archive_read_support_format_tar(a);
		archive_read_support_format_zip(a);
		archive_read_support_format_7zip(a);
	}
	archive_read_set_option(a, "tar", "read_concatenated_archives", "1");
	archive_read_support_format_raw(a);
	archive_read_support_format_empty(a);
	archive_read_support_filter_bzip2(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_zstd(a);
	archive_read_support_filter_lz4(a);
}

/* Whether it is gzip. */
static void
look_for_gzip(struct container *c)
{
	gunzip_close(c->gunzip);
	c->gunzip = NULL;
	c->trouble = (struct err){ 0 };
	c->told = false;
	c->at = 0;
	c->waiting = 0;
	if (c->in->read_at(c->in->self, 0, c->buf, at_once(c), &c->waiting, &c->unread) &&
	    gunzip_knows((struct text){ c->buf, c->waiting }))
		c->gunzip = gunzip_open(next_bytes, c, c->limits.free_bytes, c->limits.growth);
}

void
container_begin(struct container *c, bool single)
{
	look_for_gzip(c);
	c->memory = large_blocks();
	c->archive = archive_read_new();
	if (!c->archive)
		arena_exhausted(CONTAINER_READ);
	choose_formats(c->archive, single);
	for (uint32_t i = 0; i < c->opt->n_passwords; i++)
		archive_read_add_passphrase(c->archive,
			c->opt->passwords[(c->password + i) % c->opt->n_passwords]);
	archive_read_set_callback_data(c->archive, c);
	archive_read_set_read_callback(c->archive, feed);
	if (!c->gunzip && c->in->seekable && c->in->size < INT64_MAX) {
		archive_read_set_seek_callback(c->archive, jump);
		archive_read_set_skip_callback(c->archive, pass_over);
	}
	c->opened = false;
	c->header = -1;
	c->single = single;
}

/* Zeros are an archive of nothing to tar, or one behind them is looked for; when they were compressed,
 * they are a file that begins with zeros, such as the image of a disk. */
bool
container_begin_again(struct container *c)
{
	if (c->single || c->entries || !c->in->seekable ||
	    (!c->gunzip && archive_filter_count(c->archive) < 2) ||
	    (archive_format(c->archive) & ARCHIVE_FORMAT_BASE_MASK) != ARCHIVE_FORMAT_TAR)
		return false;
	archive_read_free(c->archive);
	container_begin(c, true);
	return true;
}

int
container_header(struct container *c, struct archive_entry **entry)
{
	locale_t before = c->utf8 ? uselocale(c->utf8) : (locale_t)0;
	int      r = ARCHIVE_RETRY;

	if (!c->opened)
		r = archive_read_open1(c->archive);
	c->opened = true;
	if (r != ARCHIVE_FATAL) {
		c->header = c->whole ? archive_filter_bytes(c->archive, 0) : -1;
		c->header_fed = c->fed;
		r = ARCHIVE_RETRY;
		for (unsigned i = 0; i < CONTAINER_IDLE && r == ARCHIVE_RETRY; i++)
			r = archive_read_next_header(c->archive, entry);
		c->header = -1;
	}
	if (before)
		uselocale(before);
	return r;
}

/* An archive ends before the checksum of what it is packed in. */
struct text
container_behind(struct container *c, const atomic_bool *cancel)
{
	struct text bytes;
	uint64_t    passed = 0;

	while (c->gunzip && c->trouble.kind == ERR_NONE && !*cancel &&
	       gunzip_read(c->gunzip, &bytes, &c->trouble) && bytes.n > 0) {
		passed += bytes.n;
		if (passed > c->limits.free_bytes && passed / c->limits.growth > c->fed)
			return TEXT("its end is not read: grows out of proportion");
	}
	if (c->trouble.kind == ERR_NONE || c->told)
		return TEXT_NONE;
	return arena_printf(&c->text, "damaged: %s", c->trouble.what);
}

/* ---- memory ---- */

static bool
goes_on(int r)
{
	return r != ARCHIVE_EOF && r >= ARCHIVE_WARN;
}

/* Nobody else takes any: what the archive has taken when the entry of that number was met and SIZE
 * bytes of it came out, or before, once that is too much. */
static size_t
taken_alone(const struct container *c, uint32_t entries, uint64_t size, const atomic_bool *cancel)
{
	struct container     *again = container_open(c->in, c->opt);
	struct archive_entry *entry;
	const void           *bytes;
	size_t                n = 0, most = memory_most(c), taken = 0;
	la_int64_t            offset = 0;
	int                   r = ARCHIVE_OK;

	archive_read_free(again->archive);
	again->password = c->password;
	container_begin(again, c->single);
	for (uint32_t i = 0; i < entries && goes_on(r) && taken <= most && !*cancel; i++) {
		r = container_header(again, &entry);
		taken = taken_since_begin(again);
	}
	for (unsigned idle = 0; (uint64_t)offset + n < size && idle < CONTAINER_IDLE && goes_on(r) &&
				taken <= most && !*cancel; idle = n > 0 ? 0 : idle + 1) {
		r = archive_read_data_block(again->archive, &bytes, &n, &offset);
		taken = taken_since_begin(again);
	}
	container_close(again);
	return taken;
}

/* Large blocks are those of all threads, so what seems too much is measured by reading the archive
 * once more, alone. */
struct text
container_too_large(struct container *c, uint32_t entries, uint64_t size, const atomic_bool *cancel)
{
	size_t most = memory_most(c), taken = taken_since_begin(c);

	if (taken <= most)
		return TEXT_NONE;
	if (c->opt->alone)
		c->opt->alone(c->opt->ctx, true);
	if (c->in->seekable && !*cancel) {
		taken = taken_alone(c, entries, size, cancel);
		c->memory = taken < large_blocks() ? large_blocks() - taken : 0; /* of others */
	}
	if (c->opt->alone)
		c->opt->alone(c->opt->ctx, false);
	if (taken <= most || *cancel)
		return TEXT_NONE;
	return arena_printf(&c->text,
			    "unpacking it takes %zu MiB of memory, more than the %zu that it may have",
			    taken >> 20, most >> 20);
}
