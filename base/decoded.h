/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * decoded.h - fields that hold the decoded layers of other fields (unwrap.h).
 *
 * ScriptBlockText_decoded stands behind the body of an event whose ScriptBlockText has layers, each
 * of them on lines of its own. It is made before an event is stored or matched and is a field like
 * any other from then on, so that rules, words and indexes find what it says. Messages, body XML
 * and the identity of an event are without it. MemberSid_decoded is the name of the account that
 * MemberSid is the identifier of, as other events of the case say it: the store adds it.
 */
#ifndef AUGER_BASE_DECODED_H
#define AUGER_BASE_DECODED_H

#include "base/arena.h"
#include "base/event.h"

/* Adds the decoded fields, made in KEEP with a new array of fields, or renews those that are there.
 * Events whose text another event carries (EVENT_SCRIPT_REST) get none. False: nothing was added
 * or renewed. PATIENCE: as of unwrap_patiently; NULL: each text has its own. */
bool event_unwrap(struct event *ev, size_t *patience, struct arena *keep);

/* Gives the event a decoded field, or that field another value; neither is copied. */
void event_set_decoded(struct event *ev, struct text name, struct text value, struct arena *keep);

/* Is it the name of a decoded field? */
bool name_is_decoded(struct text name);

/* How a decoded field came about: "ScriptBlockText, base64 UTF-16LE, base64 deflate"; absent when
 * the event's fields do not decode to that value. */
struct text decoded_origin(const struct event *ev, const struct field *f, struct arena *keep);

/* The event without its decoded fields. The fields are copied to KEEP when there are any. */
struct event event_undecoded(const struct event *ev, struct arena *keep);

#endif
