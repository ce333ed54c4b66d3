/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * readable.h - are these bytes a text that people wrote?
 *
 * Random bytes can be read as UTF-16 or UTF-8, too: a text has no control characters but tabs and
 * line ends, no halves of letters, and is mostly ASCII. MARKED: something announced it as a text;
 * then half of it may be of any script.
 */
#ifndef AUGER_BASE_READABLE_H
#define AUGER_BASE_READABLE_H

#include "base/arena.h"
#include "base/text.h"

/* As UTF-8 without mark and CRs, in KEEP; absent: it is none. */
struct text readable_utf16(struct text bytes, bool marked, struct arena *keep); /* UTF-16LE */
struct text readable_utf8(struct text bytes, bool marked, struct arena *keep);

/* UTF-8 without a letter at its end that is not all there. */
struct text readable_whole(struct text t);

#endif
