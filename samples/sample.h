/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sample.h - made-up events for the demo, the tests and the bench: one struct, several writers.
 *
 * Everything is invented and deterministic: the same seed gives the same bytes. Events are as
 * Windows would log them (field names, order and value forms of the event manifests).
 */
#ifndef AUGER_SAMPLES_SAMPLE_H
#define AUGER_SAMPLES_SAMPLE_H

#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"

enum sample_log {
	LOG_SECURITY,
	LOG_SYSMON,
	LOG_POWERSHELL,
	LOG_SYSTEM,
	LOG_WINRM,
	LOG_WMI,
	LOG_COUNT,
};

struct sample_channel {
	const char *channel, *provider, *guid;
	const char *file; /* usual file name, without .evtx */
};
extern const struct sample_channel sample_channels[LOG_COUNT];

#define SAMPLE_DATA_MAX 24

struct sample_event {
	int64_t         time_ns;
	const char     *host; /* as in Computer */
	enum sample_log log;
	uint32_t        event_id;
	uint8_t         version, level, opcode;
	uint16_t        task;
	uint64_t        keywords;
	uint64_t        record_id;
	uint32_t        pid, tid;  /* Execution */
	const char     *user_sid;  /* Security/@UserID; NULL: none */
	struct {
		const char *name, *value;
	}               data[SAMPLE_DATA_MAX];
	uint32_t        n_data;
};

/* xorshift64*: small, seeded, the same everywhere. */
struct sample_rng {
	uint64_t state;
};
uint64_t    sample_random(struct sample_rng *r);
uint32_t    sample_below(struct sample_rng *r, uint32_t n);
const char *sample_pick(struct sample_rng *r, const char *const *list, uint32_t n);

void sample_data(struct sample_event *ev, const char *name, const char *value);

/* The everyday life of one host: each call gives its next event, in order of time. */
struct sample_life {
	struct sample_rng rng;
	const char       *host, *address, *domain;
	const char       *user, *user_sid;
	int64_t           now_ns;
	int64_t           mean_gap_ns;
	uint64_t          record_id[LOG_COUNT];
	uint32_t          next_pid;
};
/* Texts that the event points to live in KEEP. */
void sample_next(struct sample_life *life, struct sample_event *ev, struct arena *keep);

/* The intrusion of the demo: all its events, sorted by time. */
size_t sample_story(struct arena *keep, struct sample_event **out);

/* One event as XmlWinEventLog text: single quotes, on one line but for line ends in values. */
void sample_write_xml(FILE *f, const struct sample_event *ev);
/* One event as classic WinEventLog text, times in UTC. Only what the text form can say. */
void sample_write_text(FILE *f, const struct sample_event *ev);
/* Its rendered message alone. */
void sample_write_message(FILE *f, const struct sample_event *ev);

#endif
