/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/evidence_again.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/counted.h"
#include "cli/member_again.h"
#include "importers/evtx_record.h"

#define HASHED_MAX ((uint64_t)16 << 20) /* larger files are not hashed for a key */

static bool
hash(struct input *in, char hex[DIGEST_HEX + 1], struct err *err)
{
	struct arena   memory = arena_open((size_t)1 << 24);
	struct digest *digest = digest_new();
	const size_t   window = (size_t)1 << 18;
	char          *buf = arena_new(&memory, char, window);
	uint64_t       at = 0;
	size_t         got = 1;
	bool           good = true;

	while (good && got > 0) {
		good = in->read_at(in->self, at, buf, window, &got, err);
		if (good)
			digest_add(digest, buf, got);
		at += got;
	}
	digest_finish(digest, hex);
	arena_close(&memory);
	return good;
}

bool
evidence_hash(struct text path, char hex[DIGEST_HEX + 1], struct err *err)
{
	struct arena memory = arena_open((size_t)1 << 16);
	struct input in = { 0 };
	bool         good = input_open(&in, &memory, path, err) && hash(&in, hex, err);

	input_close(&in);
	arena_close(&memory);
	return good;
}

static bool
lies_at(struct text path, struct arena scratch)
{
	return access(arena_cstr(&scratch, path), F_OK) == 0 ||
	       !text_absent(member_archive(path, scratch));
}

const char *
evidence_gone(struct text path)
{
	return text_starts(path, TEXT("/"))
		       ? "the file is not at its place any more"
		       : "no file of that name is in this folder or in that of the case";
}

struct text
evidence_place(struct text path, const char *case_path, struct arena *keep)
{
	struct text of_case = text_of(case_path), beside;
	size_t      slash = text_rfind_byte(of_case, '/');

	if (slash == TEXT_NOWHERE || text_starts(path, TEXT("/")) || text_eq(path, TEXT("-")) ||
	    lies_at(path, *keep))
		return path;
	beside = arena_join(keep, text_head(of_case, slash + 1), path);
	return lies_at(beside, *keep) ? beside : path;
}

static bool
cannot_look(struct text path, struct err *err)
{
	if (errno == ENOENT || errno == ENOTDIR)
		return err_set(err, ERR_INPUT, "%s", evidence_gone(path));
	return err_set(err, ERR_INPUT, "the file cannot be looked at: %s", strerror(errno));
}

/* Errors say what became of the file; ST is what it is now. */
static bool
is_there(const struct event_origin *o, struct arena *keep, struct stat *st, struct err *err)
{
	if (text_eq(o->path, TEXT("-")))
		return err_set(err, ERR_INPUT, "it came from standard input");
	if (stat(arena_cstr(keep, o->path), st) != 0)
		return cannot_look(o->path, err);
	if (!S_ISREG(st->st_mode))
		return err_set(err, ERR_INPUT, "there is no plain file at its place now");
	return (uint64_t)st->st_size == o->size ||
	       err_set(err, ERR_INPUT,
		       "the file has changed: it has %s, %s when it was imported",
		       counted((uint64_t)st->st_size, "byte").words, counted_number(o->size).words);
}

static bool
is_what_was_imported(struct input *in, const struct event_origin *o, const struct member_how *how,
		     struct raw_record *out, struct err *err)
{
	char hex[DIGEST_HEX + 1];

	if (!o->sha256.n || (how->most && o->size > HASHED_MAX)) {
		out->remark = TEXT("the file has the size it had when it was imported; its SHA-256 "
				   "was not computed again (auger verify does)");
		return true;
	}
	if (!hash(in, hex, err))
		return false;
	if (!text_eq(text_of(hex), o->sha256))
		return err_set(err, ERR_INPUT,
			       "the file has changed: its SHA-256 is not the one it was imported with");
	out->remark = TEXT("the file is what was imported: same SHA-256");
	return true;
}

/* Between the hash and the record somebody may have written into the file, or put another one there. */
static bool
stayed(const struct event_origin *o, const struct stat *was, struct arena *keep, struct err *err)
{
	struct stat now;

	if (stat(arena_cstr(keep, o->path), &now) != 0)
		return cannot_look(o->path, err);
	return (now.st_dev == was->st_dev && now.st_ino == was->st_ino && now.st_size == was->st_size &&
		now.st_mtim.tv_sec == was->st_mtim.tv_sec && now.st_mtim.tv_nsec == was->st_mtim.tv_nsec) ||
	       err_set(err, ERR_INPUT, "the file changed while the record was read");
}

static bool
read_binary(struct input *in, const struct event_origin *o, struct arena *keep,
	    struct raw_record *out, struct err *err)
{
	struct evtx_record record;

	if (!evtx_record_read(in, o->offset, o->length, keep, &record, err))
		return false;
	out->bytes = record.bytes;
	out->text = record.xml;
	out->decoded = true;
	if (record.why)
		out->remark = arena_printf(keep, TEXT_FMT "; the record could be decoded in part: %s",
					   TEXT_ARG(out->remark), record.why);
	return true;
}

static bool
read_text(struct input *in, const struct event_origin *o, struct arena *keep,
	  struct raw_record *out, struct err *err)
{
	size_t n = o->length < RAW_RECORD_MAX ? (size_t)o->length : RAW_RECORD_MAX, at = 0, got = 1;
	char  *bytes = arena_new(keep, char, n + 1);

	for (; at < n && got; at += got)
		if (!in->read_at(in->self, o->offset + at, bytes + at, n - at, &got, err))
			return false;
	out->bytes = (struct text){ bytes, at };
	if (n < o->length)
		out->remark = arena_printf(keep, TEXT_FMT "; shown are the first %s of %s",
					   TEXT_ARG(out->remark), counted_number(n).words,
					   counted(o->length, "byte").words);
	if (!memchr(bytes, 0, at))
		out->text = out->bytes;
	return at > 0 || err_set(err, ERR_INPUT, "the file ends before the record");
}

static bool
read_record(struct input *in, const struct event_origin *o, struct arena *keep, struct raw_record *out,
	    struct err *err)
{
	return text_eq(o->format, TEXT("evtx")) ? read_binary(in, o, keep, out, err)
						: read_text(in, o, keep, out, err);
}

static bool
record_of_file(const struct event_origin *o, const struct member_how *how, struct arena *keep,
	       struct raw_record *out, struct err *err)
{
	struct input in = { 0 };
	struct stat  st;
	bool         good = is_there(o, keep, &st, err) && input_open(&in, keep, o->path, err) &&
			    is_what_was_imported(&in, o, how, out, err) &&
			    read_record(&in, o, keep, out, err) && stayed(o, &st, keep, err);

	input_close(&in);
	return good;
}

/* Unpacked into a file of our own. */
static bool
record_of_member(const struct event_origin *o, const struct member_how *how, struct arena *keep,
		 struct raw_record *out, struct err *err)
{
	struct input in = { 0 };
	int          fd = member_unpack(o->path, o->sha256, how, keep, err);
	bool         good;

	out->remark = TEXT("unpacked again: the member is what was imported, same SHA-256");
	good = fd >= 0 && input_open_fd(&in, keep, o->path, fd, err) && read_record(&in, o, keep, out, err);
	input_close(&in);
	if (fd >= 0)
		close(fd);
	return good;
}

bool
evidence_record(const struct event_origin *origin, const struct member_how *how, struct arena *keep,
		struct raw_record *out, struct err *err)
{
	struct event_origin here = *origin;
	bool                good;

	*out = (struct raw_record){ 0 };
	if (!origin->length)
		return err_set(err, ERR_INPUT, "where in the file it stood is not known");
	here.path = evidence_place(origin->path, how->case_path, keep);
	if (access(arena_cstr(keep, here.path), F_OK) == 0 || text_absent(member_archive(here.path, *keep)))
		good = record_of_file(&here, how, keep, out, err);
	else
		good = record_of_member(&here, how, keep, out, err);
	if (!good)
		*out = (struct raw_record){ 0 };
	return good;
}
