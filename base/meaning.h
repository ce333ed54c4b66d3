/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * meaning.h - what codes in fields stand for, to be shown beside them: "%%1937" is a full token,
 * logon type 3 a network logon, S-1-5-18 the system itself.
 *
 * Values are never replaced; searches and rules see what was logged.
 *
 * Sources: message tables of Windows' audit events, [MS-DTYP] 2.4.2.4 (well-known SIDs), [MS-ERREF]
 * 2.3 (NTSTATUS), WBEM and WSMan error codes.
 */
#ifndef AUGER_BASE_MEANING_H
#define AUGER_BASE_MEANING_H

#include "base/arena.h"
#include "base/event.h"

/* A few words for the value of the field; absent when it speaks for itself or is not known. What is
 * not a fixed text is made in KEEP. */
struct text field_meaning(const struct event *ev, struct text name, struct text value,
			  struct arena *keep);

/* As field_meaning, of single codes only, which have fixed texts. */
struct text code_meaning(const struct event *ev, struct text name, struct text value);

#endif
