/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/evidence_again.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/counted.h"
#include "cli/member_again.h"
#include "importers/evtx_record.h"

#define HASHED_MAX ((uint64_t)16 << 20) /* larger files are not hashed for one record */

bool
evidence_hash(struct text path, char hex[DIGEST_HEX + 1], struct err *err)
{
	struct arena   memory = arena_open((size_t)1 << 24);
	struct digest *digest = digest_new();
	const size_t   window = (size_t)1 << 18;
	char          *buf = arena_new(&memory, char, window);
	struct input   in = { 0 };
	uint64_t       at = 0;
	size_t         got = 1;
	bool           good = input_open(&in, &memory, path, err);

	while (good && got > 0) {
		good = in.read_at(in.self, at, buf, window, &got, err);
		if (good)
			digest_add(digest, buf, got);
		at += got;
	}
	input_close(&in);
	digest_finish(digest, hex);
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

/* Errors say what became of the file. */
static bool
is_there(const struct event_origin *o, struct arena *keep, struct raw_record *out, struct err *err)
{
	const char *path = arena_cstr(keep, o->path);
	struct stat st;
	char        hex[DIGEST_HEX + 1];

	if (text_eq(o->path, TEXT("-")))
		return err_set(err, ERR_INPUT, "it came from standard input");
	if (stat(path, &st) != 0)
		return err_set(err, ERR_INPUT, "%s", evidence_gone(o->path));
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_INPUT, "there is no plain file at its place now");
	if ((uint64_t)st.st_size != o->size)
		return err_set(err, ERR_INPUT,
			       "the file has changed: it has %s, %llu when it was imported",
			       counted((uint64_t)st.st_size, "byte").words, (unsigned long long)o->size);
	if (!o->sha256.n || o->size > HASHED_MAX) {
		out->remark = TEXT("the file has the size it had when it was imported; its SHA-256 "
				   "was not computed again (auger verify does)");
		return true;
	}
	if (!evidence_hash(o->path, hex, err))
		return false;
	if (!text_eq(text_of(hex), o->sha256))
		return err_set(err, ERR_INPUT,
			       "the file has changed: its SHA-256 is not the one it was imported with");
	out->remark = TEXT("the file is what was imported: same SHA-256");
	return true;
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
		out->remark = arena_printf(keep, TEXT_FMT "; shown are the first %zu of %llu bytes",
					   TEXT_ARG(out->remark), n, (unsigned long long)o->length);
	if (!memchr(bytes, 0, at))
		out->text = out->bytes;
	return at > 0 || err_set(err, ERR_INPUT, "the file ends before the record");
}

/* The file itself, or a member of it that is unpacked into *FD. */
static bool
open_evidence(const struct event_origin *o, const struct member_how *how, struct input *in, int *fd,
	      struct arena *keep, struct raw_record *out, struct err *err)
{
	*fd = -1;
	if (access(arena_cstr(keep, o->path), F_OK) == 0 ||
	    text_absent(member_archive(o->path, *keep)))
		return is_there(o, keep, out, err) && input_open(in, keep, o->path, err);
	*fd = member_unpack(o->path, o->sha256, how, keep, err);
	out->remark = TEXT("unpacked again: the member is what was imported, same SHA-256");
	return *fd >= 0 && input_open_fd(in, keep, o->path, *fd, err);
}

bool
evidence_record(const struct event_origin *origin, const struct member_how *how, struct arena *keep,
		struct raw_record *out, struct err *err)
{
	struct input        in = { 0 };
	struct event_origin here = *origin;
	bool                good;
	int                 fd;

	*out = (struct raw_record){ 0 };
	if (!origin->length)
		return err_set(err, ERR_INPUT, "where in the file it stood is not known");
	here.path = evidence_place(origin->path, how->case_path, keep);
	good = open_evidence(&here, how, &in, &fd, keep, out, err);
	good = good && (text_eq(origin->format, TEXT("evtx")) ? read_binary(&in, origin, keep, out, err)
						      : read_text(&in, origin, keep, out, err));
	input_close(&in);
	if (fd >= 0)
		close(fd);
	return good;
}
