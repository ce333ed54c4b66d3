/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions that change JSON: a member or an element set, added, taken away. */
#include "config.h"

#include "rules/document.h"
#include "rules/functions.h"

/* One step of a path such as a.b{0}: a name, or behind it a number in braces. */
struct step {
	struct text name; /* absent: an element */
	uint64_t    index;
};

static bool
cut_json_step(struct text *path, struct step *step)
{
	size_t end = 0;

	if (path->n && path->p[0] == '{') {
		end = text_find_byte(*path, '}');
		if (end == TEXT_NOWHERE ||
		    !text_to_u64((struct text){ path->p + 1, end - 1 }, &step->index))
			return false;
		step->name = TEXT_NONE;
		end++;
	} else {
		while (end < path->n && path->p[end] != '.' && path->p[end] != '{')
			end++;
		step->name = text_head(*path, end);
		if (end == 0)
			return false;
	}
	if (end < path->n && path->p[end] == '.')
		end++;
	*path = text_from(*path, end);
	return true;
}

static struct doc **
member_at(struct doc *parent, const struct step *step)
{
	struct doc **at = &parent->first;
	uint64_t     i = 0;

	if (parent->kind != (step->name.p ? DOC_OBJECT : DOC_ARRAY))
		return NULL;
	for (; *at; at = &(*at)->next, i++)
		if (step->name.p ? text_eq((*at)->name, step->name) : i == step->index)
			break;
	return at;
}

/* Where PATH leads: an empty place behind the last member when only the last step is missing. */
static struct doc **
place_at(struct doc **root, struct text path, struct text *name)
{
	struct doc **at = root;

	*name = TEXT_NONE;
	while (path.n) {
		struct step step;

		if (*at == NULL || !cut_json_step(&path, &step))
			return NULL;
		at = member_at(*at, &step);
		if (at == NULL)
			return NULL;
		*name = step.name;
	}
	return at;
}

/* --- out again --- */

static void
write_doc(const struct doc *d, struct json_pieces *out)
{
	bool object = d->kind == DOC_OBJECT;

	if (d->kind != DOC_OBJECT && d->kind != DOC_ARRAY) {
		json_put(out, d->source);
		return;
	}
	json_put(out, object ? TEXT("{") : TEXT("["));
	for (const struct doc *kid = d->first; kid; kid = kid->next) {
		if (kid != d->first)
			json_put(out, TEXT(","));
		if (object) {
			json_put(out, json_quoted(kid->name, out->scratch));
			json_put(out, TEXT(":"));
		}
		write_doc(kid, out);
	}
	json_put(out, object ? TEXT("}") : TEXT("]"));
}

static struct value
json_out(const struct doc *root, struct arena *scratch)
{
	struct json_pieces out = { .scratch = scratch };

	write_doc(root, &out);
	return value_of_text(json_whole(&out));
}

static struct doc *
json_in(const struct expr *call, struct eval *ev)
{
	struct text t;

	return arg_text(call, ev, 0, &t) ? doc_read_json(t, ev->run->scratch) : NULL;
}

/* Argument I as a node; NULL: it has no value. */
static struct doc *
node_of(const struct expr *call, struct eval *ev, size_t i)
{
	struct value v = arg_value(call, ev, i);
	struct doc  *d;

	if (v.kind == VALUE_NULL)
		return NULL;
	d = doc_read_json(json_of(&v, ev->run->scratch), ev->run->scratch);
	if (!d) {
		d = arena_new(ev->run->scratch, struct doc, 1);
		d->source = json_of(&v, ev->run->scratch);
	}
	return d;
}

static void
put_node(struct doc **at, struct text name, struct doc *node)
{
	node->name = name;
	node->next = *at ? (*at)->next : NULL;
	*at = node;
}

enum editing { EDIT_SET, EDIT_SET_EXACT, EDIT_APPEND, EDIT_EXTEND };

/* An array there gets the node, or with EXTEND the elements of the node; anything else becomes one. */
static void
append_node(struct doc **at, struct doc *node, enum editing how, struct arena *keep)
{
	struct doc *array = *at, **end;

	if (array->kind != DOC_ARRAY) {
		array = arena_new(keep, struct doc, 1);
		array->kind = DOC_ARRAY;
		array->first = *at;
		put_node(at, (*at)->name, array);
		array->first->next = NULL;
	}
	for (end = &array->first; *end; end = &(*end)->next)
		;
	*end = how == EDIT_EXTEND && node->kind == DOC_ARRAY ? node->first : node;
}

static struct value
edited(const struct expr *call, struct eval *ev, enum editing how)
{
	struct arena *keep = ev->run->scratch;
	struct doc   *root = json_in(call, ev);

	for (size_t i = 1; root && i + 1 < call->n_kids; i += 2) {
		struct text  path, name;
		struct doc  *node = node_of(call, ev, i + 1), **at;
		struct step  exact;

		if (!node || !arg_text(call, ev, i, &path))
			return (struct value){ 0 };
		exact = (struct step){ .name = path };
		name = path;
		at = how == EDIT_SET_EXACT ? member_at(root, &exact) : place_at(&root, path, &name);
		if (at == NULL)
			continue;
		if (how == EDIT_SET || how == EDIT_SET_EXACT)
			put_node(at, name, node);
		else if (*at)
			append_node(at, node, how, keep);
	}
	return root ? json_out(root, keep) : (struct value){ 0 };
}

struct value
function_json_set(const struct expr *call, struct eval *ev)
{
	return edited(call, ev, EDIT_SET);
}

struct value
function_json_set_exact(const struct expr *call, struct eval *ev)
{
	return edited(call, ev, EDIT_SET_EXACT);
}

struct value
function_json_append(const struct expr *call, struct eval *ev)
{
	return edited(call, ev, EDIT_APPEND);
}

struct value
function_json_extend(const struct expr *call, struct eval *ev)
{
	return edited(call, ev, EDIT_EXTEND);
}

struct value
function_json_delete(const struct expr *call, struct eval *ev)
{
	struct doc *root = json_in(call, ev);

	for (size_t i = 1; root && i < call->n_kids; i++) {
		struct text  path, name;
		struct doc **at;

		if (!arg_text(call, ev, i, &path))
			return (struct value){ 0 };
		at = place_at(&root, path, &name);
		if (at && *at && at != &root)
			*at = (*at)->next;
	}
	return root ? json_out(root, ev->run->scratch) : (struct value){ 0 };
}

struct value
function_json(const struct expr *call, struct eval *ev)
{
	const struct doc *d = json_in(call, ev);

	return d ? json_out(d, ev->run->scratch) : (struct value){ 0 };
}

struct value
function_json_entries(const struct expr *call, struct eval *ev)
{
	struct json_pieces out = { .scratch = ev->run->scratch };
	const struct doc  *d = json_in(call, ev);

	if (!d || d->kind != DOC_OBJECT)
		return (struct value){ 0 };
	json_put(&out, TEXT("["));
	for (const struct doc *kid = d->first; kid; kid = kid->next) {
		json_put(&out, kid == d->first ? TEXT("{\"key\":") : TEXT(",{\"key\":"));
		json_put(&out, json_quoted(kid->name, out.scratch));
		json_put(&out, TEXT(",\"value\":"));
		write_doc(kid, &out);
		json_put(&out, TEXT("}"));
	}
	json_put(&out, TEXT("]"));
	return value_of_text(json_whole(&out));
}

enum truth
function_json_has_key_exact_truth(const struct expr *call, struct eval *ev)
{
	struct doc *d = json_in(call, ev), **at;
	struct text key;

	if (!d || !arg_text(call, ev, 1, &key))
		return TRUTH_UNKNOWN;
	at = member_at(d, &(struct step){ .name = key });
	return truth_of(at && *at);
}

struct value
function_json_has_key_exact(const struct expr *call, struct eval *ev)
{
	enum truth has = function_json_has_key_exact_truth(call, ev);

	return has == TRUTH_UNKNOWN ? (struct value){ 0 } : value_of_number(has == TRUTH_TRUE);
}
