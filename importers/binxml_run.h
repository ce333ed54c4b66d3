/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * binxml_run.h - the state of running compiled binary XML for a record, and what makes fields.
 *
 * binxml.c walks fragments, template instances and steps; binxml_field.c turns the values that
 * the steps name into fields of the draft. Private to these two.
 */
#ifndef AUGER_IMPORTERS_BINXML_RUN_H
#define AUGER_IMPORTERS_BINXML_RUN_H

#include "importers/binxml.h"
#include "importers/binxml_cache.h"
#include "importers/binxml_program.h"
#include "importers/evtx_value.h"

struct binxml {
	struct binxml_chunk    chunk;
	struct binxml_cache   *cache;
	struct binxml_compiler compiler;
	struct arena           scratch; /* programs of plain records, until the next record */
	struct evtx_value     *values;
	uint32_t               n_values;
	uint32_t               open[BINXML_DEPTH_MAX]; /* definitions that are being run */
	unsigned               depth;
	int64_t                work, chunk_work;
	struct evtx_dates      dates;
	struct evtx_draft     *draft;
	struct text            own_name; /* what a ROLE_NAME step said */
	const char            *damage;
	bool                   borrows; /* templates of other chunks, when a record's own is lost */
	bool                   stop; /* a limit is reached: nothing more of this record */
};

/* The values of an instance. */
struct binxml_frame {
	const struct evtx_value *v;
	uint32_t                 n;
};

static inline void
binxml_damaged(struct binxml *b, const char *why)
{
	if (b->damage == NULL)
		b->damage = why;
}

static inline void
binxml_stop(struct binxml *b, const char *why)
{
	binxml_damaged(b, why);
	b->stop = true;
}

/* The value of a slot; one that the instance does not have is NULL. */
static inline const struct evtx_value *
frame_value(const struct binxml_frame *f, uint32_t slot)
{
	static const struct evtx_value null_value = { (const uint8_t *)"", 0, EVTX_NULL };

	return slot < f->n ? &f->v[slot] : &null_value;
}

/* Decodes a value that is binary XML itself, as content at PLACE. */
void binxml_nested(struct binxml *b, const struct evtx_value *v, enum evtx_place place);

/* The steps that make fields: of one value, of several pieces (up to END), of fixed text. */
void binxml_slot(struct binxml *b, const struct step *s, const struct evtx_value *v);
void binxml_mixed(struct binxml *b, const struct step *s, const struct step *end,
		  const struct binxml_frame *f);
void binxml_text(struct binxml *b, const struct step *s);

/* Appends T to the text of the draft; false: no room. */
bool binxml_put_text(struct binxml *b, struct text t);

#endif
