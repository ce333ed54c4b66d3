/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * json_value.h - looking things up in parsed JSON (json-c), for the forms of json_form.h.
 *
 * Texts point into the JSON objects, or into KEEP where they had to be made.
 */
#ifndef AUGER_IMPORTERS_JSON_VALUE_H
#define AUGER_IMPORTERS_JSON_VALUE_H

#include <json-c/json.h>

#include "base/arena.h"
#include "base/text.h"

#define JSON_DEPTH 64 /* nesting that is read */

/* One document; NULL: it does not parse, the tokener says why. Free it with json_object_put. */
struct json_object *json_parse(struct json_tokener *tokener, struct text t);

/* Members of an object in their order. */
struct json_member {
	struct text         key;
	struct json_object *value; /* NULL: JSON null */
	struct lh_entry    *at;
};

struct json_member json_first(struct json_object *object); /* key absent: no members, no object */
struct json_member json_next(struct json_member m);

/* NULL: not there, null, or OBJECT is none. */
struct json_object *json_get(struct json_object *object, const char *key);
bool                json_has(struct json_object *object, const char *key); /* even if null */

/* A record whose values are found by paths such as "winlog.process.pid". */
struct json_paths {
	struct json_object *top;
	bool                dotted; /* some key has a dot in it */
};

struct json_paths json_paths(struct json_object *top);

/* Whichever dots of the path are nesting and which part of a key. A list of one stands for its
 * item. */
struct json_object *json_path(const struct json_paths *paths, struct text path);

/* A value as text: strings without CR LF, numbers in their own digits, lists and objects as JSON.
 * Absent for NULL. */
struct text json_text(struct json_object *value, struct arena *keep);

/* json_text of a member; absent when it is not there or null. */
struct text json_get_text(struct json_object *object, const char *key, struct arena *keep);

bool json_is_object(struct json_object *value);
bool json_is_list(struct json_object *value);

#endif
