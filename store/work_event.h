/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * work_event.h - which event a note is about, in any copy of the case.
 *
 * The key of an event says what its record is: "event|HOST|CHANNEL|CODE|RECORD|TIME", the host
 * folded, RECORD as r4711 (record id) or h4711 (hash of the content, without one), TIME in
 * nanoseconds since 1970 with a ~ behind it when the log did not say its zone. '|', '%' and control
 * characters of names are written %7C. The event that a key means is found by the rules that tell
 * records of one event (identity.h), for another copy of the case may have read it from another form.
 */
#ifndef AUGER_STORE_WORK_EVENT_H
#define AUGER_STORE_WORK_EVENT_H

#include "base/err.h"
#include "store/casefile.h"

/* Has the form of an event's key. */
bool work_event_key_is_sound(struct text key);

/* ERR_INPUT: there is no such event. */
bool work_event_key(struct casefile *cf, int64_t event, struct arena *keep, struct text *key,
		    struct err *err);
/* 0: not in this case; or not yet known, while a first import goes on. */
int64_t work_event_of(struct casefile *cf, struct text key, struct arena scratch, struct err *err);

#endif
