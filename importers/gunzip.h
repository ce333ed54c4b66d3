/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gunzip.h - what gzip packed, checked against the sums that it carries.
 *
 * libarchive unpacks gzip, too, but looks neither at the checksum nor at what lies behind the end, so
 * a damaged file would be taken for a sound one. Read are several streams behind one another, gzip in
 * gzip, and zeros behind the end (RFC 1952; padding to the block of a tape).
 * Errors: ERR_INPUT, in words for a gap, once all that came before the damage was given out.
 */
#ifndef AUGER_IMPORTERS_GUNZIP_H
#define AUGER_IMPORTERS_GUNZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

struct gunzip;

/* The next packed bytes, valid until the next call; none: the end. */
typedef bool gunzip_packed_fn(void *ctx, struct text *bytes, struct err *err);

bool gunzip_knows(struct text head);

/* Gzip in gzip may grow to FREE_BYTES on the way, and then to GROWTH times the packed bytes. */
struct gunzip *gunzip_open(gunzip_packed_fn *packed, void *ctx, uint64_t free_bytes,
			   uint64_t growth);
void           gunzip_close(struct gunzip *g); /* NULL: nothing to do */

/* The next bytes, valid until the next call; none: the end. After false it returns the same again. */
bool gunzip_read(struct gunzip *g, struct text *bytes, struct err *err);

#endif
