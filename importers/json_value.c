/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "importers/json_value.h"

#include <errno.h>

#include "base/arena.h"
#include "importers/spelling.h"

#define PATH_DEPTH 8 /* of keys that are looked through for dots */

struct json_object *
json_parse(struct json_tokener *tokener, struct text t)
{
	struct json_object *object;

	json_tokener_reset(tokener);
	errno = 0;
	object = json_tokener_parse_ex(tokener, t.p, (int)t.n);
	/* What it has no memory for it takes for bad JSON. */
	if (errno == ENOMEM)
		arena_exhausted(t.n);
	return object;
}

static struct json_member
member_at(struct lh_entry *e)
{
	if (!e)
		return (struct json_member){ .key = TEXT_NONE };
	return (struct json_member){
		.key = text_of(lh_entry_k(e)),
		.value = lh_entry_v(e),
		.at = e,
	};
}

struct json_member
json_first(struct json_object *object)
{
	return member_at(json_is_object(object) ? json_object_get_object(object)->head : NULL);
}

struct json_member
json_next(struct json_member m)
{
	return member_at(m.at ? m.at->next : NULL);
}

bool
json_is_object(struct json_object *value)
{
	return json_object_is_type(value, json_type_object);
}

bool
json_is_list(struct json_object *value)
{
	return json_object_is_type(value, json_type_array);
}

struct json_object *
json_get(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	if (!json_is_object(object) || !json_object_object_get_ex(object, key, &value))
		return NULL;
	return value;
}

bool
json_has(struct json_object *object, const char *key)
{
	return json_is_object(object) && json_object_object_get_ex(object, key, NULL);
}

static struct json_object *
only_item(struct json_object *value)
{
	if (json_is_list(value) && json_object_array_length(value) == 1)
		return json_object_array_get_idx(value, 0);
	return value;
}

static bool
has_dotted_key(struct json_object *object, int depth)
{
	for (struct json_member m = json_first(object); !text_absent(m.key); m = json_next(m))
		if (text_find_byte(m.key, '.') != TEXT_NOWHERE ||
		    (depth > 0 && json_is_object(m.value) && has_dotted_key(m.value, depth - 1)))
			return true;
	return false;
}

struct json_paths
json_paths(struct json_object *top)
{
	return (struct json_paths){ top, has_dotted_key(top, PATH_DEPTH) };
}

static struct json_object *
member_of(struct json_object *object, struct text name)
{
	char key[128];

	if (name.n >= sizeof(key))
		return NULL;
	memcpy(key, name.p, name.n);
	key[name.n] = '\0';
	return only_item(json_get(object, key));
}

static struct json_object *
dotted_path(struct json_object *object, struct text path)
{
	/* The longest key that is there, then the rest of the path below it. */
	for (size_t n = path.n; n > 0; n--) {
		struct json_object *value;

		if (n < path.n && path.p[n] != '.')
			continue;
		value = member_of(object, text_head(path, n));
		if (value && n == path.n)
			return value;
		if (value && (value = dotted_path(value, text_from(path, n + 1))))
			return value;
	}
	return NULL;
}

struct json_object *
json_path(const struct json_paths *paths, struct text path)
{
	struct json_object *value = paths->top;

	if (paths->dotted)
		return dotted_path(value, path);
	while (value && path.n > 0)
		value = member_of(value, text_cut(&path, '.'));
	return value;
}

/* Most numbers, without a detour through printf; absent: not one of them. */
static struct text
whole_number(struct json_object *value, struct arena *keep)
{
	int64_t number = json_object_get_int64(value);
	char    digits[20], *at = digits + sizeof(digits);

	if (number < 0 || number == INT64_MAX)
		return TEXT_NONE;
	do {
		*--at = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	return arena_copy(keep, (struct text){ at, (size_t)(digits + sizeof(digits) - at) });
}

struct text
json_text(struct json_object *value, struct arena *keep)
{
	struct text t;

	switch (json_object_get_type(value)) {
	case json_type_null:
		return TEXT_NONE;
	case json_type_string:
		t = (struct text){ json_object_get_string(value),
				   (size_t)json_object_get_string_len(value) };
		return spelling_guid(spelling_lines(t, keep), false, keep);
	case json_type_boolean:
		return json_object_get_boolean(value) ? TEXT("true") : TEXT("false");
	case json_type_int:
		t = whole_number(value, keep);
		if (!text_absent(t))
			return t;
		break;
	case json_type_double:
	case json_type_object:
	case json_type_array:
		break;
	}
	return arena_copy(keep,
			  text_of(json_object_to_json_string_ext(
			      value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)));
}

struct text
json_get_text(struct json_object *object, const char *key, struct arena *keep)
{
	return json_text(json_get(object, key), keep);
}
