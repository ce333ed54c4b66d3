/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * machine.h - inside the store: which host names are names of one machine.
 *
 * Names that differ in letter case are one row of table host from the start. A bare name and a
 * name with a domain behind it are one machine when the events of the case know that first label
 * with no second domain; else nobody can tell whose the bare name is, and every name stays by
 * itself. Addresses are never put together. The full name stands for the machine, in the spelling
 * that most events have. What is decided depends on the names alone, not on the order in which
 * they came, and is decided anew when an import is finished (and when one brings a name that may
 * be another's, for those who look at the case meanwhile).
 */
#ifndef AUGER_STORE_MACHINE_H
#define AUGER_STORE_MACHINE_H

#include "store/db.h"

/* Fills host.machine, name and aliases. Inside a transaction. */
bool machines_decide(struct casefile *cf, struct err *err);

/* Ids of all names of the machines that NAME may mean: the one with that name, else those with
 * that first label when NAME is bare, else one that is known by its bare name only. At most CAP;
 * returns how many there are. */
size_t machine_hosts(struct casefile *cf, struct text name, int64_t *out, size_t cap);

/* A name that findings use. */
struct mention {
	struct text value; /* as it stands in its column */
	struct text name;  /* that without blanks around it; and folded: */
	struct text fold, label;
	bool        make;  /* without a machine of that name, it gets one, known without events */
	int64_t     host;  /* row that stands for the machine; 0: none */
};

struct mention mention_of(struct text value, bool make, struct arena *keep);
/* Finds the machines of all mentions at once, since two may decide what a third one means; leaves
 * them sorted by value. Inside a transaction. */
bool machines_find(struct casefile *cf, struct mention *mentions, size_t n, struct arena scratch,
		   struct err *err);

#endif
