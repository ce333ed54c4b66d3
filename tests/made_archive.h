/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * made_archive.h - for tests: archives written in memory, and what unpacking them gives.
 *
 * The bytes of an archive belong to whoever made it: free(made.bytes).
 */
#ifndef AUGER_TESTS_MADE_ARCHIVE_H
#define AUGER_TESTS_MADE_ARCHIVE_H

#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>

#include "importers/container.h"
#include "tests/import_help.h"

#define ARCHIVE_MAX ((size_t)8 << 20)

/* Archives are written into memory by libarchive itself. */
struct made {
	struct archive *archive;
	char           *bytes;
	size_t          n;
};

__attribute__((unused)) static void
made_begin(struct made *m, int (*format)(struct archive *), int (*filter)(struct archive *),
	   const char *options)
{
	m->bytes = malloc(ARCHIVE_MAX);
	m->n = 0;
	m->archive = archive_write_new();
	format(m->archive);
	if (filter)
		filter(m->archive);
	archive_write_set_bytes_in_last_block(m->archive, 1);
	if (options)
		archive_write_set_options(m->archive, options);
}

__attribute__((unused)) static void
made_open(struct made *m)
{
	archive_write_open_memory(m->archive, m->bytes, ARCHIVE_MAX, &m->n);
}

__attribute__((unused)) static void
made_entry(struct made *m, const char *name, unsigned type, struct text content)
{
	struct archive_entry *e = archive_entry_new();

	archive_entry_set_pathname(e, name);
	archive_entry_set_filetype(e, type);
	archive_entry_set_perm(e, 0644);
	if (type == AE_IFLNK)
		archive_entry_set_symlink(e, "/etc/passwd");
	archive_entry_set_size(e, type == AE_IFREG ? (la_int64_t)content.n : 0);
	archive_write_header(m->archive, e);
	if (type == AE_IFREG)
		archive_write_data(m->archive, content.p, content.n);
	archive_entry_free(e);
}

__attribute__((unused)) static struct text
made_end(struct made *m)
{
	archive_write_close(m->archive);
	archive_write_free(m->archive);
	return (struct text){ m->bytes, m->n };
}

/* Three logs, and what is no log: a folder, a link. */
__attribute__((unused)) static struct text
three_logs(struct made *m, int (*format)(struct archive *), int (*filter)(struct archive *))
{
	made_begin(m, format, filter, NULL);
	made_open(m);
	made_entry(m, "logs", AE_IFDIR, TEXT_NONE);
	made_entry(m, "logs/one.xml", AE_IFREG, TEXT("<Event>one</Event>"));
	made_entry(m, "logs/link.xml", AE_IFLNK, TEXT_NONE);
	made_entry(m, "logs/two.xml", AE_IFREG, TEXT("<Event>two</Event>"));
	made_entry(m, "logs/three.xml", AE_IFREG, TEXT("<Event>three</Event>"));
	return made_end(m);
}

/* What comes out, written down: a line per member or gap. Others take so much memory meanwhile. */
__attribute__((unused)) static struct outcome
unpack_input(struct input *in, const struct container_options *opt, size_t others_bytes)
{
	struct container *c = container_open(in, opt);
	struct outcome    o = outcome_new((size_t)1 << 20);
	void *volatile    others = others_bytes ? malloc(others_bytes) : NULL;
	const atomic_bool never = false;
	struct member     m;

	while (container_next(c, &m, &never)) {
		char    content[64] = "";
		ssize_t n = m.fd >= 0 ? pread(m.fd, content, sizeof(content), 0) : 0;

		outcome_say(&o, "[" TEXT_FMT "]", TEXT_ARG(m.name));
		if (m.fd >= 0)
			outcome_say(&o, " %llu bytes <%.*s>", (unsigned long long)m.size, (int)n,
				    content);
		if (!text_absent(m.gap))
			outcome_say(&o, " gap: " TEXT_FMT, TEXT_ARG(m.gap));
		outcome_say(&o, "%s\n", m.locked ? " locked" : "");
		o.events += m.fd >= 0;
		o.gaps += !text_absent(m.gap);
		if (m.fd >= 0)
			close(m.fd);
	}
	container_close(c);
	free(others);
	return o;
}

__attribute__((unused)) static struct outcome
unpack_beside(struct text bytes, const struct container_options *opt, size_t others_bytes)
{
	struct memory_evidence e = { bytes };
	struct input in = { .name = TEXT("a"), .size = bytes.n, .self = &e,
			    .read_at = memory_evidence_read, .seekable = true };

	return unpack_input(&in, opt, others_bytes);
}

__attribute__((unused)) static struct outcome
unpack(struct text bytes, const struct container_options *opt)
{
	return unpack_beside(bytes, opt, 0);
}

#endif
