/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/names.h"

#include "base/decoded.h"
#include "base/name_entry.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct name_entry table[] = {
#define LINE(word, where, id, way, arg, again)                                                     \
	{ .name = TEXT_INIT(word), .scope = SCOPE_##where, .event_id = (id), .how = HOW_##way,     \
	  .argument = TEXT_INIT(arg), .more = (again) },
#define NAME(word, where, id, way, arg) LINE(word, where, id, way, arg, false)
#define ELSE(word, where, id, way, arg) LINE(word, where, id, way, arg, true)
#include "base/names.def"
#undef NAME
#undef ELSE
#undef LINE
};

size_t
names_all(const struct text **out)
{
	static const struct text names[] = {
#define NAME(word, where, id, way, arg) TEXT_INIT(word),
#define ELSE(word, where, id, way, arg)
#include "base/names.def"
#undef NAME
#undef ELSE
	};

	*out = names;
	return COUNT(names);
}

enum verbatim
name_verbatim(const struct name_entry *e)
{
	static const enum verbatim of[] = {
#define HOW(word, origin, verbatim, maker) [HOW_##word] = VERBATIM_##verbatim,
		NAME_HOWS
#undef HOW
	};

	return of[e->how];
}

/* "Account_Management.src_user": parts of a data set have the fields of the whole. */
static void
cut_part(enum model model, struct text *name)
{
	struct text rest = *name, part = text_cut(&rest, '.');

	for (enum model m = model + 1; m < MODEL_COUNT && rest.n; m++)
		if (text_eq(model_prefix(m), model_prefix(model)) && text_eq(model_name(m), part)) {
			*name = rest;
			return;
		}
}

enum model
name_model(struct text *name)
{
	if (text_find_byte(*name, '.') == TEXT_NOWHERE)
		return MODEL_NONE;
	for (enum model m = MODEL_NONE + 1; m <= MODEL_RISK; m++) {
		struct text prefix = model_prefix(m);

		if (name->n <= prefix.n + 1 || name->p[prefix.n] != '.' ||
		    !text_starts(*name, prefix))
			continue;
		*name = text_from(*name, prefix.n + 1);
		cut_part(m, name);
		return m;
	}
	return MODEL_NONE;
}

/* Compares a name of the table with PREFIX '.' BARE, or with BARE when there is no prefix. */
static int
name_cmp(struct text name, struct text prefix, struct text bare)
{
	int c;

	if (prefix.n) {
		c = text_cmp(text_head(name, prefix.n), prefix);
		name = text_from(name, prefix.n);
		if (c == 0)
			c = text_cmp(text_head(name, 1), TEXT("."));
		name = text_from(name, 1);
		if (c != 0)
			return c;
	}
	return text_cmp(name, bare);
}

/* NAME is BARE of the model; if it is in the table, then from line AT on. */
static struct name_ref
ref_at(size_t at, struct text name, enum model model, struct text bare)
{
	struct name_ref ref = { .name = name, .key = text_key(bare), .model = model };
	size_t          end = at;

	ref.verbatim = true;
	for (; end < COUNT(table); end++) {
		if (name_cmp(table[end].name, model_prefix(model), bare) != 0)
			break;
		if (name_verbatim(&table[end]) < VERBATIM_WHOLE)
			ref.verbatim = false;
	}
	ref.n_entries = (uint32_t)(end - at);
	ref.entries = ref.n_entries ? &table[at] : NULL;
	return ref;
}

struct name_ref
name_ref(struct text name)
{
	struct text bare = name;
	enum model  model = name_model(&bare);
	size_t      low = 0, high = COUNT(table);

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (name_cmp(table[mid].name, model_prefix(model), bare) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return ref_at(low, name, model, bare);
}

bool
name_is_host(const struct name_ref *ref)
{
	const struct name_entry *e = ref->entries;

	if (ref->n_entries == 0 || e->how != HOW_COMPUTER || e->scope != SCOPE_ANY || e->event_id)
		return false;
	for (uint32_t i = 1; i < ref->n_entries; i++)
		if (e[i].how != HOW_CONST)
			return false;
	return true;
}

size_t
name_constants(const struct name_ref *ref, struct text *out, size_t cap)
{
	size_t n = 0;

	for (uint32_t i = 0; i < ref->n_entries && n < cap; i++)
		if (name_verbatim(&ref->entries[i]) == VERBATIM_FIXED)
			out[n++] = ref->entries[i].argument;
	return n;
}

/* Where a view came from, in the words of its line. */
static struct text
origin_of(const struct name_entry *e, struct arena *keep)
{
	static const struct text origins[] = {
#define HOW(word, origin, verbatim, maker) [HOW_##word] = TEXT_INIT(origin),
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

static void
add_view(struct named_list *list, const struct event *ev, struct arena *keep,
	 const struct name_ref *ref)
{
	struct text              values[NAME_VALUES_MAX];
	size_t                   n;
	const struct name_entry *e = name_values(ev, ref, keep, values, NAME_VALUES_MAX, &n);

	for (size_t i = 0; e && i < n; i++)
		add_named(list, keep,
			  (struct named_value){ ref->name, values[i], origin_of(e, keep) });
}

static struct named_value
raw_value(const struct event *ev, const struct field *f, struct arena *keep)
{
	struct named_value v = { f->name, f->value, TEXT_NONE };

	if (name_is_decoded(f->name))
		v.origin = decoded_origin(ev, f, keep);
	return v;
}

/* What every event has says nothing about it, nor does what its time says better. */
static bool
is_listed(const struct name_entry *e)
{
	return e->how != HOW_WHOLE_EVENT && e->how != HOW_DATE &&
	       !text_eq(e->name, TEXT("date_zone")) && !text_eq(e->name, TEXT("index")) &&
	       !text_eq(e->name, TEXT("_indextime"));
}

size_t
event_named_values(const struct event *ev, bool models, struct arena *keep,
		   struct named_value **out)
{
	struct named_list list = { .cap = ev->n_fields + COUNT(table) };

	/* room for nearly all, so that values made meanwhile do not push the list aside */
	list.items = arena_new(keep, struct named_value, list.cap);
	for (uint32_t i = 0; i < ev->n_fields; i++)
		add_named(&list, keep, raw_value(ev, &ev->fields[i], keep));
	for (size_t i = 0, end; i < COUNT(table); i = end) {
		struct text     bare = table[i].name;
		bool            applies = false;
		enum model      model;
		struct name_ref ref;

		for (end = i; end < COUNT(table) && (end == i || table[end].more); end++)
			applies |= name_applies(ev, &table[end]);
		if (!applies || !is_listed(&table[i]))
			continue;
		model = name_model(&bare);
		if ((!models && model != MODEL_NONE) || event_field(ev, 0, table[i].name))
			continue;
		ref = ref_at(i, table[i].name, model, bare);
		add_view(&list, ev, keep, &ref);
	}
	*out = list.items;
	return list.n;
}

static struct text
scope_word(enum event_scope scope)
{
	switch (scope) {
	case SCOPE_OTHER:
		return TEXT("any event");
	case SCOPE_SYSMON:
		return TEXT("SYSMON");
	case SCOPE_SECURITY:
		return TEXT("SECURITY");
	case SCOPE_POWERSHELL:
		return TEXT("POWERSHELL");
	case SCOPE_SYSTEM:
		return TEXT("SYSTEM");
	case SCOPE_APPLICATION:
		return TEXT("APPLICATION");
	case SCOPE_WMI:
		return TEXT("WMI");
	case SCOPE_WINRM:
		return TEXT("WINRM");
	case SCOPE_TASK:
		return TEXT("TASK");
	case SCOPE_DEFENDER:
		return TEXT("DEFENDER");
	case SCOPE_CROWDSTRIKE:
		return TEXT("CROWDSTRIKE");
	}
	return TEXT("any event");
}

struct text
event_name_rule(const struct event *ev, struct text name, struct arena *keep)
{
	static const struct text hows[] = {
#define HOW(word, origin, verbatim, maker) [HOW_##word] = TEXT_INIT(#word),
		NAME_HOWS
#undef HOW
	};
	struct arena             scratch = *keep;
	struct text              values[NAME_VALUES_MAX], scope;
	struct name_ref          ref = name_ref(name);
	size_t                   n;
	const struct name_entry *e = NULL;

	if (event_field(ev, 0, name) == NULL)
		e = name_values(ev, &ref, &scratch, values, NAME_VALUES_MAX, &n);
	if (!e)
		return TEXT_NONE;
	scope = scope_word(e->scope);
	if (e->event_id)
		return arena_printf(keep, TEXT_FMT "(" TEXT_FMT "), for " TEXT_FMT " %u",
				    TEXT_ARG(hows[e->how]), TEXT_ARG(e->argument), TEXT_ARG(scope),
				    e->event_id);
	return arena_printf(keep, TEXT_FMT "(" TEXT_FMT "), for " TEXT_FMT, TEXT_ARG(hows[e->how]),
			    TEXT_ARG(e->argument), TEXT_ARG(scope));
}
