/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "importers/json_value.h"

#include "importers/spelling.h"

struct json_object *
json_parse(struct json_tokener *tokener, struct text t)
{
	json_tokener_reset(tokener);
	return json_tokener_parse_ex(tokener, t.p, (int)t.n);
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

struct json_object *
json_path(struct json_object *object, struct text path)
{
	char key[128];

	/* The longest key that is there, then the rest of the path below it. */
	for (size_t n = path.n; n > 0;) {
		struct json_object *value;

		if (n < sizeof(key) && (n == path.n || path.p[n] == '.')) {
			memcpy(key, path.p, n);
			key[n] = '\0';
			value = only_item(json_get(object, key));
			if (value && n == path.n)
				return value;
			if (value && (value = json_path(value, text_from(path, n + 1))))
				return value;
		}
		n--;
	}
	return NULL;
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
