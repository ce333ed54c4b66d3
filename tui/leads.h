/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * leads.h - where an event leads: what was around it, its user and their logons, its process,
 * and the computers on the other side of what was done over the network.
 */
#ifndef AUGER_TUI_LEADS_H
#define AUGER_TUI_LEADS_H

#include "tui/app.h"

enum lead_kind {
	LEAD_AROUND, /* events of HOST around TIME_NS */
	LEAD_USER,   /* all of USER, in HOST's place of value */
	LEAD_SEARCH, /* SEARCH over SPAN */
};

struct lead {
	enum lead_kind kind;
	struct text    name;   /* as the menu shows it */
	struct text    why;    /* where it was read; absent: plain */
	struct text    value;  /* host or user */
	struct text    search;
	struct span    span;
	int64_t        time_ns;
};

#define LEADS_MAX    40
#define LEADS_EVENTS 20 /* events of a finding that are asked for other computers */

/* What is known of the event. Returns how many are in OUT. */
size_t leads_of_event(struct app *app, const struct event *ev, struct lead *out, size_t cap,
		      struct arena *keep);
/* Of a finding: its host, user and time, and the other computers of its events. */
size_t leads_of_finding(struct app *app, const struct finding *f, struct lead *out, size_t cap,
			struct arena *keep);

size_t leads_of_user(struct app *app, struct text user, struct lead *out, size_t cap,
		     struct arena *keep);

/* Computers that a command or script names as its target: behind -ComputerName, -CN, -Target,
 * /node: and the like. At most CAP, each once; variables are not names. */
size_t leads_targets(struct text command, struct text *out, size_t cap);

#endif
