/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * member_again.h - a member of an archive, unpacked once more as the import did.
 */
#ifndef AUGER_CLI_MEMBER_AGAIN_H
#define AUGER_CLI_MEMBER_AGAIN_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

struct member_how {
	const char        *case_path; /* relative paths may lie beside it */
	uint64_t           most;      /* archives of more bytes are not unpacked; 0: of any size */
	const char *const *passwords; /* for encrypted members; all are tried */
	uint32_t           n_passwords;
};

/* "folder/archive.zip:member": the file that stands before some colon; absent: there is none. */
struct text member_archive(struct text path, struct arena scratch);

/* An unlinked file, for the caller to close, with the bytes of the member PATH ("a.zip:b.gz:b"),
 * which must have that SHA-256. -1: ERR says why not. */
int member_unpack(struct text path, struct text sha256, const struct member_how *how,
		  struct arena *keep, struct err *err);

#endif
