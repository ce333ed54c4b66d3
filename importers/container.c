/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "importers/container_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/temporary.h"
#include "base/visible.h"

#define NAME_BYTES   4096 /* a longer name is cut */
#define MEMORY_CHECK ((uint64_t)16 << 20) /* bytes that come out between two looks */

static const struct container_limits limits_of_every_day = {
	.member_bytes = (uint64_t)64 << 30,
	.free_bytes = (uint64_t)1 << 30,
	.growth = 200,
	.total_bytes = (uint64_t)16 << 30,
	.vain_bytes = (uint64_t)4 << 30,
	.members = 10000,
};

struct signature {
	size_t      offset;
	struct text bytes;
	const char *kind;
};

const char *
container_kind(struct text head)
{
	static const struct signature table[] = {
		{ 0, TEXT_INIT("PK\x03\x04"), "zip" },
		{ 0, TEXT_INIT("PK\x05\x06"), "zip" },
		{ 0, TEXT_INIT("PK\x07\x08"), "zip" },
		{ 0, TEXT_INIT("7z\xbc\xaf\x27\x1c"), "7z" },
		{ 257, TEXT_INIT("ustar"), "tar" },
		{ 0, TEXT_INIT("\x1f\x8b\x08"), "gzip" }, /* as gunzip_knows() */
		{ 0, TEXT_INIT("\xfd" "7zXZ\0"), "xz" },
		{ 0, TEXT_INIT("\x28\xb5\x2f\xfd"), "zstd" },
		{ 0, TEXT_INIT("\x04\x22\x4d\x18"), "lz4" },
		{ 0, TEXT_INIT("\x02\x21\x4c\x18"), "lz4" }, /* as before 2013, and of kernels */
		{ 4, TEXT_INIT("1AY&SY"), "bzip2" }, /* behind "BZh" and a digit */
		{ 4, TEXT_INIT("\x17\x72\x45\x38\x50\x90"), "bzip2" }, /* of nothing */
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		const struct signature *s = &table[i];

		if (head.n < s->offset || !text_starts(text_from(head, s->offset), s->bytes))
			continue;
		if (s->offset != 4 || text_starts(head, TEXT("BZh")))
			return s->kind;
	}
	return NULL;
}
/* ---- opening ---- */

struct container *
container_open(struct input *in, const struct container_options *opt)
{
	struct container *c = calloc(1, sizeof(*c));

	if (!c || !(c->buf = malloc(CONTAINER_READ)))
		arena_exhausted(CONTAINER_READ);
	c->in = in;
	c->opt = opt;
	c->limits = opt->limits.members ? opt->limits : limits_of_every_day;
	c->text = arena_open((size_t)1 << 20);
	c->whole = true;
	c->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	container_begin(c, false);
	return c;
}

void
container_close(struct container *c)
{
	archive_read_free(c->archive);
	gunzip_close(c->gunzip);
	if (c->utf8)
		freelocale(c->utf8);
	arena_close(&c->text);
	free(c->buf);
	free(c);
}

uint32_t
container_entries(const struct container *c)
{
	return c->entries;
}

uint64_t
container_position(const struct container *c)
{
	return c->at;
}

/* ---- members ---- */

/* Well-formed UTF-8, with '/' between folders. */
static struct text
label(struct container *c, struct archive_entry *entry)
{
	const char *name = archive_entry_pathname_utf8(entry);
	struct text raw, out;
	char       *p;

	if (archive_format(c->archive) == ARCHIVE_FORMAT_RAW)
		return TEXT_NONE;
	if (!name)
		name = archive_entry_pathname(entry);
	raw = text_head(name ? text_of(name) : TEXT("?"), NAME_BYTES);
	p = arena_new(&c->text, char, 3 * raw.n + 1); /* U+FFFD for a byte is three */
	out = (struct text){ p, 0 };
	for (size_t i = 0; i < raw.n;) {
		uint32_t code;

		i += utf8_decode(raw.p + i, raw.p + raw.n, &code);
		out.n += utf8_encode(code == '\\' ? '/' : code, p + out.n);
	}
	return out;
}

struct spool {
	struct container *c;
	struct member    *m;
	struct digest    *digest;
	uint64_t          fed; /* when the member began */
};

/* The first reason is the one that counts. Returns false. */
static bool
cut(struct spool *s, const char *what, const char *why)
{
	struct member *m = s->m;

	if (text_absent(m->gap))
		m->gap = arena_printf(&s->c->text, "%s: %s", what, why ? why : "no reason given");
	return false;
}

static bool
grows_too_much(const struct container *c, const struct spool *s, uint64_t size)
{
	uint64_t read = c->fed - s->fed + CONTAINER_READ, all = c->total + size;

	return (size > c->limits.free_bytes && size / c->limits.growth > read) ||
	       (all > c->limits.total_bytes && all / c->limits.growth > c->fed + CONTAINER_READ);
}

static bool
spool_write(struct spool *s, const void *bytes, size_t n)
{
	const char *p = bytes;

	if (s->m->size + n > s->c->limits.member_bytes)
		return cut(s, "cut off", "larger than a member may be");
	if (grows_too_much(s->c, s, s->m->size + n))
		return cut(s, "cut off", "grows out of proportion, as if made to fill the disk");
	digest_add(s->digest, bytes, n);
	s->m->size += n;
	while (n > 0) {
		ssize_t put = write(s->m->fd, p, n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0) {
			s->m->no_room = true;
			return cut(s, "cannot be unpacked, TMPDIR may name a larger disk",
				   strerror(errno));
		}
		p += put;
		n -= (size_t)put;
	}
	return true;
}

/* Zeros that a sparse member leaves out. */
static bool
spool_hole(struct spool *s, uint64_t until, const atomic_bool *cancel)
{
	static const char zeros[65536];

	while (s->m->size < until && !*cancel) {
		uint64_t n = until - s->m->size;

		if (!spool_write(s, zeros, n < sizeof(zeros) ? (size_t)n : sizeof(zeros)))
			return false;
	}
	return true;
}

static void
failed(struct spool *s, bool encrypted)
{
	const char *why = archive_error_string(s->c->archive);

	if (s->c->unread.kind != ERR_NONE) {
		s->c->told = true;
		cut(s, "not read further", s->c->unread.what);
	} else if (encrypted && s->m->size == 0) {
		s->m->locked = true;
		cut(s, "encrypted",
		    archive_format(s->c->archive) == ARCHIVE_FORMAT_7ZIP
			    ? "of 7z files only those without a password can be read"
		    : s->c->opt->n_passwords ? "no --password that was given opens it"
					     : "give --password");
	} else {
		s->c->told = s->c->trouble.kind != ERR_NONE;
		cut(s, encrypted && s->c->vain >= s->c->limits.vain_bytes ? "damaged, or of another --password"
							   : "damaged",
		    s->c->told ? s->c->trouble.what : why);
	}
}

/* What the member holds, into its file. */
static void
unpack(struct spool *s, bool encrypted, const atomic_bool *cancel)
{
	struct container *c = s->c;
	unsigned          idle = 0;
	uint64_t          check = 0; /* when the member has that many bytes */

	while (!*cancel && idle < CONTAINER_IDLE) {
		const void *bytes = NULL;
		size_t      n = 0;
		la_int64_t  offset = 0;
		int         r = archive_read_data_block(c->archive, &bytes, &n, &offset);

		if (r < ARCHIVE_OK || (r == ARCHIVE_EOF && c->trouble.kind != ERR_NONE &&
				       archive_format(c->archive) == ARCHIVE_FORMAT_RAW))
			failed(s, encrypted);
		c->whole = r == ARCHIVE_EOF;
		if (c->whole)
			break;
		if (r < ARCHIVE_WARN && r != ARCHIVE_RETRY) {
			c->ended = r == ARCHIVE_FATAL;
			break;
		}
		if (s->m->size >= check) {
			struct text why = container_too_large(c, c->entries, s->m->size + n, cancel);

			check = s->m->size + MEMORY_CHECK;
			if (!text_absent(why)) {
				cut(s, "not read further", why.p);
				c->ended = true;
				break;
			}
		}
		idle = n > 0 && r == ARCHIVE_OK ? 0 : idle + 1;
		if (r == ARCHIVE_OK && offset > 0 && !spool_hole(s, (uint64_t)offset, cancel))
			break;
		if (r == ARCHIVE_OK && n > 0 && !spool_write(s, bytes, n))
			break;
	}
}

/* A zip tells by a byte or two whether a password fits, so one of some hundred wrong ones seems to,
 * and libarchive does not look at those behind it. */
static bool
may_be_of_another(struct container *c, const struct member *m)
{
	const char *why = archive_error_string(c->archive);

	return !text_absent(m->gap) && !m->no_room && c->in->seekable && c->opt->n_passwords > 1 &&
	       c->vain < c->limits.vain_bytes &&
	       !(why && strcmp(why, "Incorrect passphrase") == 0); /* none of them fits */
}

/* The archive from its beginning to the member at hand, with the next password before the rest. */
static bool
begin_with_next_password(struct container *c)
{
	struct archive_entry *entry;
	int                   r = ARCHIVE_OK;

	archive_read_free(c->archive);
	c->password = (c->password + 1) % c->opt->n_passwords;
	c->passing = true;
	container_begin(c, c->single);
	for (uint32_t i = 0; i < c->entries && (r == ARCHIVE_OK || r == ARCHIVE_WARN); i++)
		r = container_header(c, &entry);
	c->passing = false;
	return r == ARCHIVE_OK || r == ARCHIVE_WARN;
}

/* unpack(), with each of the passwords if need be. */
static void
unpack_encrypted(struct spool *s, const atomic_bool *cancel)
{
	struct container *c = s->c;
	struct member    *m = s->m;
	uint64_t          ways = 0; /* bytes read to come to the member again */

	unpack(s, true, cancel);
	for (uint32_t i = 0; i < c->opt->n_passwords && may_be_of_another(c, m); i++) {
		uint64_t fed = c->fed;

		if (!begin_with_next_password(c)) {
			c->ended = true;
			return;
		}
		ways += c->fed - fed;
		c->ended = false;
		m->gap = TEXT_NONE;
		m->locked = false;
		m->size = 0;
		if (ftruncate(m->fd, 0) != 0 || lseek(m->fd, 0, SEEK_SET) != 0) {
			m->no_room = true;
			cut(s, "cannot be unpacked", strerror(errno));
			return;
		}
		digest_finish(s->digest, m->sha256);
		s->digest = digest_new();
		unpack(s, true, cancel);
	}
	if (!text_absent(m->gap))
		c->vain += ways;
}

static void
read_member(struct container *c, struct archive_entry *entry, struct member *m,
	    const atomic_bool *cancel)
{
	struct spool s = { .c = c, .m = m, .fed = c->fed };
	bool         encrypted = archive_entry_is_encrypted(entry) > 0;

	m->name = label(c, entry);
	m->fd = temporary_file();
	if (m->fd < 0) {
		m->no_room = true;
		cut(&s, "cannot be unpacked, TMPDIR may name another folder", strerror(errno));
		return;
	}
	s.digest = digest_new();
	if (encrypted)
		unpack_encrypted(&s, cancel);
	else
		unpack(&s, false, cancel);
	digest_finish(s.digest, m->sha256);
	c->total += m->size;
	m->unread |= c->unread.kind != ERR_NONE;
	if (!text_absent(m->gap) && (m->size == 0 || m->no_room)) {
		close(m->fd);
		m->fd = -1;
	}
}

/* The archive's own end, when it is not a good one. */
static bool
last_gap(struct container *c, struct member *m, int r, struct text memory, const atomic_bool *cancel)
{
	const char *why = archive_error_string(c->archive);
	bool        encrypted = archive_read_has_encrypted_entries(c->archive) > 0;

	c->ended = true;
	if (!text_absent(memory)) {
		m->gap = memory;
		return true;
	}
	m->unread = c->unread.kind != ERR_NONE;
	if (m->unread && c->told)
		return false;
	if (m->unread) {
		m->gap = arena_printf(&c->text, "not read further: %s", c->unread.what);
		return true;
	}
	if (r == ARCHIVE_EOF || c->trouble.kind != ERR_NONE) {
		m->gap = container_behind(c, cancel);
		return !text_absent(m->gap);
	}
	m->locked = encrypted && c->members == 0;
	if (m->locked)
		m->gap = TEXT("encrypted with its list of files: unpack it first");
	else
		m->gap = arena_printf(&c->text, "the rest of the archive cannot be read: %s",
				      why ? why : "no reason given");
	return true;
}

bool
container_next(struct container *c, struct member *m, const atomic_bool *cancel)
{
	struct archive_entry *entry;
	struct text           memory;
	int                   r = ARCHIVE_EOF;

	arena_reset(&c->text, 4 * NAME_BYTES);
	*m = (struct member){ .fd = -1 };
	c->cancel = cancel;
	while (!c->ended && !*cancel) {
		r = container_header(c, &entry);
		if (*cancel)
			break;
		m->offset = c->at < c->in->size ? c->at : c->in->size;
		if (r != ARCHIVE_OK && r != ARCHIVE_WARN && container_begin_again(c))
			continue;
		memory = container_too_large(c, c->entries + 1, 0, cancel);
		if ((r != ARCHIVE_OK && r != ARCHIVE_WARN) || !text_absent(memory))
			return last_gap(c, m, r, memory, cancel);
		c->entries++;
		c->whole = archive_entry_filetype(entry) != AE_IFREG;
		if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry))
			continue;
		if (c->members++ == c->limits.members) {
			m->gap = arena_printf(&c->text,
					      "more than %u members: the rest is not read",
					      c->limits.members);
			c->ended = true;
			return true;
		}
		read_member(c, entry, m, cancel);
		if (!*cancel)
			return true;
		if (m->fd >= 0)
			close(m->fd);
	}
	return false;
}

struct text
container_single(struct text path)
{
	struct text name = text_last_part(path);
	size_t      dot = text_rfind_byte(name, '.');

	return dot != TEXT_NOWHERE && dot > 0 ? text_head(name, dot) : TEXT("data");
}
