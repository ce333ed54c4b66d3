/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * binxml_records.h - one file of records made of what a test puts into them.
 *
 * f is that file; templated and plain begin it anew. What is imported belongs to the caller
 * (outcome_free).
 */
#ifndef AUGER_TESTS_BINXML_RECORDS_H
#define AUGER_TESTS_BINXML_RECORDS_H

#include "tests/evtx_forge.h"

static struct forge f;

#define UTF16(s) EVTX_STRING, u"" s, sizeof(u"" s) - 2

__attribute__((unused)) static struct outcome
imported(void)
{
	return forge_import(forge_end(&f), false);
}

/* A record whose outer template has System and, in Event, slot 0; VALUE is that slot. */
__attribute__((unused)) static void
event_around(const struct forge_value *value)
{
	forge_record(&f);
	size_t size_at = forge_definition(&f, 0x1001);
	size_t event = forge_event(&f);

	forge_slot(&f, 0, true);
	forge_close(&f, event);
	forge_definition_end(&f, size_at);
	forge_values(&f, value, 1);
	forge_record_end(&f);
}

/* A templated record: EventData with what BODY adds, and its values. */
__attribute__((unused)) static void
templated(void (*body)(void), const struct forge_value *v, uint32_t n)
{
	forge_begin(&f);
	forge_record(&f);
	size_t size_at = forge_definition(&f, 0x1002);
	size_t event = forge_event(&f);
	size_t data = forge_open(&f, "EventData", false, 0xffff);

	forge_content(&f);
	body();
	forge_close(&f, data);
	forge_close(&f, event);
	forge_definition_end(&f, size_at);
	forge_values(&f, v, n);
	forge_record_end(&f);
}

/* A record without a template: an event with what BODY adds behind System. */
__attribute__((unused)) static void
plain(void (*body)(void))
{
	forge_begin(&f);
	forge_record(&f);
	size_t event = forge_event(&f);

	body();
	forge_close(&f, event);
	forge_record_end(&f);
}

#endif
