/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/names.h"

#include "base/name_entry.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct name_entry table[] = {
#define NAME(set, word, where, id, way, arg)                                                       \
	{ .name = TEXT_INIT(word), .model = MODEL_##set, .scope = SCOPE_##where, .event_id = (id), \
	  .how = HOW_##way, .argument = TEXT_INIT(arg) },
#include "base/names.def"
#undef NAME
};

enum verbatim
name_verbatim(const struct name_entry *e)
{
	static const enum verbatim of[] = {
#define HOW(word, origin, verbatim) [HOW_##word] = VERBATIM_##verbatim,
		NAME_HOWS
#undef HOW
	};

	return of[e->how];
}

static int
entry_cmp(const struct name_entry *e, enum model model, struct text name)
{
	if (e->model != model)
		return e->model < model ? -1 : 1;
	return text_cmp(e->name, name);
}

/* First line of the table that does not sort before (MODEL, NAME). */
static size_t
table_lower_bound(enum model model, struct text name)
{
	size_t low = 0, high = COUNT(table);

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (entry_cmp(&table[mid], model, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

enum model
name_model(struct text *name)
{
	for (enum model m = MODEL_NONE + 1; m < MODEL_COUNT; m++) {
		struct text prefix = model_prefix(m);

		if (name->n > prefix.n + 1 && name->p[prefix.n] == '.' &&
		    text_starts(*name, prefix)) {
			*name = text_from(*name, prefix.n + 1);
			if (m == MODEL_CHANGE && text_starts(*name, TEXT("Account_Management.")))
				*name = text_from(*name, sizeof("Account_Management.") - 1);
			return m;
		}
	}
	return MODEL_NONE;
}

struct name_ref
name_ref(struct text name)
{
	struct text     bare = name;
	enum model      model = name_model(&bare);
	struct name_ref ref = { .name = name, .key = text_key(bare), .model = model };
	size_t          i = table_lower_bound(model, bare), end = i;

	while (end < COUNT(table) && entry_cmp(&table[end], model, bare) == 0)
		end++;
	ref.entries = end > i ? &table[i] : NULL;
	ref.n_entries = (uint32_t)(end - i);
	ref.verbatim = true;
	for (; i < end; i++)
		ref.verbatim = ref.verbatim && name_verbatim(&table[i]) >= VERBATIM_WHOLE;
	return ref;
}

size_t
name_constants(const struct name_ref *ref, struct text *out, size_t cap)
{
	size_t n = 0;

	for (uint32_t i = 0; i < ref->n_entries && n < cap; i++)
		if (ref->entries[i].how == HOW_CONST)
			out[n++] = ref->entries[i].argument;
	return n;
}


size_t
name_entries(const struct name_entry **out)
{
	*out = table;
	return COUNT(table);
}

size_t
names_all(const struct text **out)
{
	static const struct text names[] = {
#define NAME(set, word, where, id, way, arg) TEXT_INIT(word),
#include "base/names.def"
#undef NAME
	};

	*out = names;
	return COUNT(names);
}

/* Where a view came from, in the words of its line. */
static struct text
origin_of(const struct name_entry *e, struct arena *keep)
{
	static const struct text origins[] = {
#define HOW(word, origin, verbatim) [HOW_##word] = TEXT_INIT(origin),
		NAME_HOWS
#undef HOW
	};
	struct text origin = origins[e->how];

	if (!text_starts(origin, TEXT("%s")))
		return origin;
	return arena_join(keep, e->argument, text_from(origin, 2));
}

struct named_list {
	struct named_value *items;
	size_t              n, cap;
};

static void
add_named(struct named_list *list, struct arena *keep, struct named_value value)
{
	arena_grow(keep, list->items, list->n, &list->cap);
	list->items[list->n++] = value;
}

static bool
is_raw_name(const struct event *ev, struct text name)
{
	return event_field(ev, 0, name) != NULL;
}

static void
add_view(struct named_list *list, const struct event *ev, struct arena *keep, struct text name,
	 const struct name_ref *ref)
{
	struct text              values[NAME_VALUES_MAX];
	size_t                   n;
	const struct name_entry *e = name_values(ev, ref, keep, values, NAME_VALUES_MAX, &n);

	for (size_t i = 0; e && i < n; i++)
		add_named(list, keep,
			  (struct named_value){ name, values[i], origin_of(e, keep) });
}

size_t
event_named_values(const struct event *ev, struct arena *keep, struct named_value **out)
{
	struct named_list list = { 0 };

	/* room for all of them, so that values made meanwhile do not push the list aside */
	list.cap = ev->n_fields + COUNT(table);
	list.items = arena_new(keep, struct named_value, list.cap);
	for (uint32_t i = 0; i < ev->n_fields; i++)
		add_named(&list, keep,
			  (struct named_value){ ev->fields[i].name, ev->fields[i].value, TEXT_NONE });
	for (size_t i = 0, end; i < COUNT(table); i = end) {
		const struct name_entry *e = &table[i];
		struct name_ref          ref = { .name = e->name, .model = e->model, .entries = e };
		struct text              name = e->name;

		for (end = i + 1; end < COUNT(table) && entry_cmp(&table[end], e->model, e->name) == 0;)
			end++;
		ref.n_entries = (uint32_t)(end - i);
		if (e->how == HOW_WHOLE_EVENT || (e->model == MODEL_NONE && is_raw_name(ev, name)))
			continue;
		if (e->model != MODEL_NONE) {
			if (!model_has(e->model, ev))
				continue;
			name = arena_join(keep, arena_join(keep, model_prefix(e->model), TEXT(".")), name);
		}
		add_view(&list, ev, keep, name, &ref);
	}
	*out = list.items;
	return list.n;
}
