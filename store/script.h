/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * script.h - inside the store: script blocks that Windows wrote as several events, made whole.
 *
 * A block is known by machine, channel, ScriptBlockId, process id and number of parts. The event
 * of its first part present stands for it (EVENT_SCRIPT_WHOLE), the others lose their text
 * (EVENT_SCRIPT_REST). A missing part leaves a line "[auger: part 2 of 5 is missing]". Of several
 * events for one part the one stored first counts; a copy with the same text is REST, one with
 * another text stays an event of its own. So do the parts behind SCRIPT_MAX bytes, which the last
 * line of the joined text says.
 */
#ifndef AUGER_STORE_SCRIPT_H
#define AUGER_STORE_SCRIPT_H

#include "store/blocks.h"
#include "store/import.h"
#include "store/writer.h"

#define SCRIPT_PARTS_MAX 100000 /* more parts than this is no script block */
#define SCRIPT_MAX ((size_t)16 << 20) /* bytes of the parts that are joined */

/* An event that has a part of a script block. */
struct script_piece {
	int64_t  event;
	uint32_t number; /* from 1 */
};
/* Those of the block, by number and then by event. */
bool script_pieces(struct casefile *cf, int64_t block, struct arena *keep,
		   struct script_piece **out, size_t *count, struct err *err);
/* ScriptBlockText of one event, as recorded; empty when it has none, or with ERR set. */
struct text script_part_text(struct casefile *cf, int64_t event, struct arena *keep,
			     struct err *err);

/* How many of the pieces are joined: the others are behind SCRIPT_MAX. */
size_t script_joined(struct casefile *cf, const struct script_piece *pieces, size_t n,
		     struct err *err);

/* Gives a loaded event its place in its script block, if it has one. False: a part cannot be read,
 * and the text has nothing in its place. */
bool script_apply(struct casefile *cf, struct event *ev, struct arena *keep, struct err *err);

/* Joins the blocks that got parts since the last time. */
bool script_join(struct writer *w, struct casefile *cf, match_fn *match, void *ctx,
		 struct err *err);
/* Stores the hits that MATCH finds in the event. */
bool script_hits(struct writer *w, struct casefile *cf, const struct event *ev, match_fn *match,
		 void *ctx, struct err *err);

#endif
