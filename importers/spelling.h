/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * spelling.h - one spelling for values that every format writes in its own way.
 *
 * The spelling is that of the binary log, so that an event is the same from whatever file.
 */
#ifndef AUGER_IMPORTERS_SPELLING_H
#define AUGER_IMPORTERS_SPELLING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

#define SPELLING_GUID_BYTES 38

/* In place: a GUID in braces gets capital letters, anything else stays. */
void spelling_guid_in_place(char *p, size_t n);

/* A GUID with capital letters, and with braces if ADD_BRACES; T itself when it is none. */
struct text spelling_guid(struct text t, bool add_braces, struct arena *keep);

/* A time of seven fraction digits and Z ("2024-03-05T09:15:27.1234567Z"), nine if they say more;
 * T itself when it is no time. */
struct text spelling_time(struct text t, struct arena *keep);
struct text spelling_time_ns(int64_t ns, struct arena *keep);

/* Keywords as "0x8020000000000000" from signed or unsigned decimal; T itself when it is neither. */
struct text spelling_hex64(struct text t, struct arena *keep);

/* The readable text inside raw data given as hexadecimal digits: runs of four and more printable
 * characters of UTF-16LE, a line each. Empty when there are none. */
struct text spelling_payload(struct text hex, struct arena *keep);
/* The same into OUT, which has room for hex.n bytes; returns the length. */
size_t spelling_payload_to(char *out, struct text hex);

/* T with CR LF turned into LF; T itself when it has none. */
struct text spelling_lines(struct text t, struct arena *keep);

#endif
