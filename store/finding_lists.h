/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * finding_lists.h - what a finding has several of, each list as one text of its row.
 *
 * Fields and threat objects: name and value, value and type, each as its length in bytes, ':' and
 * itself; "-:" is an absent one. "4:dest5:WS-07" is one field. Events: a JSON array of their ids,
 * which SQL takes apart with json_each. One text costs a tenth of a row for each item.
 */
#ifndef AUGER_STORE_FINDING_LISTS_H
#define AUGER_STORE_FINDING_LISTS_H

#include "base/arena.h"
#include "base/finding.h"

/* Items one behind the other. */
struct text finding_list_text(const struct text *items, size_t n, struct arena *keep);
struct text finding_fields_text(const struct finding *f, struct arena *keep);
struct text finding_threats_text(const struct finding *f, struct arena *keep);
struct text finding_events_text(const struct finding *f, struct arena *keep);
/* What the row of a risk event says: absent when it says what the finding does. */
static inline struct text
finding_object_message(const struct finding *f, const struct risk_object *o)
{
	return text_eq(o->message, f->message) ? TEXT_NONE : o->message;
}

/* The same back into F. What is behind a damaged item is left out. */
void finding_fields_read(struct text t, struct finding *f, struct arena *keep);
void finding_threats_read(struct text t, struct finding *f, struct arena *keep);
void finding_events_read(struct text t, struct finding *f, struct arena *keep);

#endif
