/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * digest.h - SHA-256 (libcrypto), as 64 lower-case hex digits.
 */
#ifndef AUGER_BASE_DIGEST_H
#define AUGER_BASE_DIGEST_H

#include "base/text.h"

#define DIGEST_HEX 64

struct digest; /* running */
struct digest *digest_new(void);
void           digest_add(struct digest *d, const void *p, size_t n);
void           digest_finish(struct digest *d, char hex[DIGEST_HEX + 1]); /* frees D */
/* For many: D begins anew, which costs less than another one. */
void           digest_next(struct digest *d, char hex[DIGEST_HEX + 1]);
void           digest_free(struct digest *d);
void           digest_text(struct text t, char hex[DIGEST_HEX + 1]);

#endif
