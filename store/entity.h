/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * entity.h - what is known of hosts and users besides events, as lists of assets and identities
 * have it: priority, category, watchlist, and whatever else is told. A new case knows nothing.
 *
 * Risk events have it as fields: user_priority of the user, dest_priority of the system,
 * risk_object_priority of their own object. Source: Splunk Enterprise Security, asset and identity
 * framework.
 */
#ifndef AUGER_STORE_ENTITY_H
#define AUGER_STORE_ENTITY_H

#include "base/arena.h"
#include "base/err.h"
#include "base/finding.h"
#include "store/called.h"
#include "store/casefile.h"

struct entity_attribute {
	enum risk_object_type kind;
	struct text           name, attribute; /* the attribute in lower case */
	struct text           value;           /* several: one to a line */
	/* read only: */
	struct text author;
	int64_t     time_ns;
};
/* All or none. An empty value: forget it. What is so already is no change, and leaves no entry in the
 * log. */
bool entities_set(struct casefile *cf, const struct entity_attribute *all, size_t n, struct err *err);
/* By kind, name, attribute. */
size_t entities(struct casefile *cf, struct arena *keep, struct entity_attribute **out);

/* The same text for all names of one host or user; absent: the case has no such one, or several. */
struct text entity_key(struct casefile *cf, const struct called_book *users,
		       enum risk_object_type kind, struct text name, struct arena *keep);

/* The same by the hosts and users of the case, to be asked for many risk events. A name that may mean
 * several of them says nothing of any. NULL: nothing is known. */
struct entity_book;
struct entity_book *entity_book_open(struct casefile *cf, struct arena *keep);
/* Whom a risk event is about. */
struct entity_about {
	enum risk_object_type type;
	struct text           normalized; /* of its object */
	int64_t               host;       /* that its object is; 0: none */
	int64_t               row_host;   /* of its finding; 0: none */
	struct text           row_user;   /* of its finding, as user_risk has users */
};
/* ROW, as in struct risk_event, and behind it what is known. */
struct text entity_fields(const struct entity_book *book, const struct entity_about *about,
			  struct text row, struct arena *keep);

#endif
