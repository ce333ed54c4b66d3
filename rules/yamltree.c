/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/yamltree.h"

#include <yaml.h>

#include "base/ascii.h"

#define ANCHORS_MAX 1000

struct anchor {
	struct text             name;
	const struct yaml_node *node;
};

struct reading {
	yaml_parser_t     parser;
	struct text       source;
	struct arena     *keep;
	struct err       *err;
	struct yaml_node *open[YAML_DEPTH_MAX]; /* lists and maps that are not closed yet */
	struct yaml_node *last[YAML_DEPTH_MAX]; /* their newest member */
	struct text       key[YAML_DEPTH_MAX];  /* a map's key that still waits for its value */
	uint32_t          depth, nodes, documents;
	size_t            line_at; /* where the line of the newest node begins */
	uint32_t          line;
	struct yaml_node *root, *last_root;
	struct anchor    *anchors; /* of this document */
	size_t            n_anchors, anchors_cap;
};

/* Counted from where line FIRST begins. */
static void
place_behind(struct text source, size_t begin, uint32_t first, size_t at, uint32_t *line,
	     uint32_t *column)
{
	*line = first;
	*column = 1;
	for (size_t i = begin; i < at && i < source.n; i++) {
		if (source.p[i] == '\n') {
			++*line;
			*column = 1;
		} else if (((unsigned char)source.p[i] & 0xc0) != 0x80) {
			++*column;
		}
	}
}

static void
place_of(struct text source, size_t at, uint32_t *line, uint32_t *column)
{
	place_behind(source, 0, 1, at, line, column);
}

static bool
fail(struct reading *r, const yaml_mark_t *mark, const char *what)
{
	err_set(r->err, ERR_RULE, "%s", what);
	return err_where(r->err, "%zu:%zu", mark->line + 1, mark->column + 1);
}

static bool
fail_parser(struct reading *r)
{
	const yaml_mark_t *mark = &r->parser.problem_mark;
	uint32_t           line, column;

	if (r->parser.error == YAML_MEMORY_ERROR)
		arena_exhausted(r->source.n);
	if (r->parser.error == YAML_READER_ERROR) {
		place_of(r->source, r->parser.problem_offset, &line, &column);
		err_set(r->err, ERR_RULE, "not text: %s at byte %zu", r->parser.problem,
			r->parser.problem_offset);
		return err_where(r->err, "%u:%u", line, column);
	}
	if (r->parser.problem && strstr(r->parser.problem, "cannot start any token"))
		err_set(r->err, ERR_RULE, "not valid YAML: quote this value, or write it below | : "
			"plain values cannot begin like this");
	else
		err_set(r->err, ERR_RULE, "not valid YAML: %s%s%s",
			r->parser.context ? r->parser.context : "", r->parser.context ? ", " : "",
			r->parser.problem ? r->parser.problem : "unreadable");
	return err_where(r->err, "%zu:%zu", mark->line + 1, mark->column + 1);
}

static enum yaml_style
style_of(yaml_scalar_style_t style)
{
	switch (style) {
	case YAML_SINGLE_QUOTED_SCALAR_STYLE:
		return YAML_STYLE_SINGLE;
	case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
		return YAML_STYLE_DOUBLE;
	case YAML_LITERAL_SCALAR_STYLE:
		return YAML_STYLE_LITERAL;
	case YAML_FOLDED_SCALAR_STYLE:
		return YAML_STYLE_FOLDED;
	case YAML_ANY_SCALAR_STYLE:
	case YAML_PLAIN_SCALAR_STYLE:
		break;
	}
	return YAML_STYLE_PLAIN;
}

/* Nodes come in the order of their lines. */
static size_t
begin_of_line(struct reading *r, uint32_t line)
{
	while (r->line < line && r->line_at < r->source.n)
		r->line += r->source.p[r->line_at++] == '\n';
	return r->line_at;
}

/* Hangs a new node below the innermost open list or map, or makes it a document. */
static bool
attach(struct reading *r, const yaml_event_t *event, struct yaml_node *node)
{
	uint32_t top = r->depth - 1;

	if (++r->nodes > YAML_NODES_MAX)
		return fail(r, &event->start_mark, "too many values for a rule file");
	node->line = (uint32_t)event->start_mark.line + 1;
	node->column = (uint32_t)event->start_mark.column + 1;
	node->line_at = begin_of_line(r, node->line);
	if (r->depth == 0) {
		if (r->last_root)
			r->last_root->next = node;
		else
			r->root = node;
		r->last_root = node;
		return true;
	}
	if (r->open[top]->kind == YAML_KIND_MAP) {
		node->key = r->key[top];
		r->key[top] = TEXT_NONE;
	}
	if (r->last[top])
		r->last[top]->next = node;
	else
		r->open[top]->first = node;
	r->last[top] = node;
	return true;
}

/* "&name" in front of a value; a later one of that name counts from there on. */
static bool
remember(struct reading *r, const yaml_event_t *event, const yaml_char_t *name,
	 const struct yaml_node *node)
{
	if (!name)
		return true;
	if (r->n_anchors == ANCHORS_MAX)
		return fail(r, &event->start_mark, "too many YAML anchors for a rule file");
	arena_grow(r->keep, r->anchors, r->n_anchors, &r->anchors_cap);
	r->anchors[r->n_anchors++] =
	    (struct anchor){ arena_copy(r->keep, text_of((const char *)name)), node };
	return true;
}

static bool
is_open(const struct reading *r, const struct yaml_node *node)
{
	for (uint32_t i = 0; i < r->depth; i++)
		if (r->open[i] == node)
			return true;
	return false;
}

/* "*name": the value again, at its first place. Members are shared, so that nothing multiplies. */
static bool
on_alias(struct reading *r, const yaml_event_t *event)
{
	struct text       name = text_of((const char *)event->data.alias.anchor);
	struct yaml_node *node = arena_new(r->keep, struct yaml_node, 1);
	size_t            i = r->n_anchors;

	while (i > 0 && !text_eq(r->anchors[i - 1].name, name))
		i--;
	if (i == 0)
		return fail(r, &event->start_mark, "no value before this is marked with & and that name");
	if (is_open(r, r->anchors[i - 1].node))
		return fail(r, &event->start_mark, "a value that contains itself");
	if (r->depth && r->open[r->depth - 1]->kind == YAML_KIND_MAP &&
	    text_absent(r->key[r->depth - 1]))
		return fail(r, &event->start_mark, "a key must be plain text");
	*node = *r->anchors[i - 1].node;
	node->next = NULL;
	node->key = TEXT_NONE;
	if (!attach(r, event, node))
		return false;
	node->line = r->anchors[i - 1].node->line;
	node->column = r->anchors[i - 1].node->column;
	return true;
}

static bool
on_scalar(struct reading *r, const yaml_event_t *event)
{
	struct text value =
	    arena_copy(r->keep, (struct text){(const char *)event->data.scalar.value,
					      event->data.scalar.length});
	struct yaml_node *node;

	if (r->depth && r->open[r->depth - 1]->kind == YAML_KIND_MAP &&
	    text_absent(r->key[r->depth - 1])) {
		if (++r->nodes > YAML_NODES_MAX)
			return fail(r, &event->start_mark, "too many values for a rule file");
		r->key[r->depth - 1] = value;
		return true;
	}
	node = arena_new(r->keep, struct yaml_node, 1);
	node->kind = YAML_KIND_SCALAR;
	node->style = style_of(event->data.scalar.style);
	node->value = value;
	return attach(r, event, node) && remember(r, event, event->data.scalar.anchor, node);
}

static bool
on_open(struct reading *r, const yaml_event_t *event, enum yaml_kind kind,
	const yaml_char_t *anchor)
{
	struct yaml_node *node = arena_new(r->keep, struct yaml_node, 1);

	if (r->depth && r->open[r->depth - 1]->kind == YAML_KIND_MAP &&
	    text_absent(r->key[r->depth - 1]))
		return fail(r, &event->start_mark, "a key must be plain text");
	if (r->depth == YAML_DEPTH_MAX)
		return fail(r, &event->start_mark, "nested too deeply for a rule file");
	node->kind = kind;
	if (!attach(r, event, node) || !remember(r, event, anchor, node))
		return false;
	r->open[r->depth] = node;
	r->last[r->depth] = NULL;
	r->key[r->depth] = TEXT_NONE;
	r->depth++;
	return true;
}

static bool
on_event(struct reading *r, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return on_scalar(r, event);
	case YAML_SEQUENCE_START_EVENT:
		return on_open(r, event, YAML_KIND_LIST, event->data.sequence_start.anchor);
	case YAML_MAPPING_START_EVENT:
		return on_open(r, event, YAML_KIND_MAP, event->data.mapping_start.anchor);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		r->depth--;
		return true;
	case YAML_ALIAS_EVENT:
		return on_alias(r, event);
	case YAML_DOCUMENT_START_EVENT:
		r->n_anchors = 0;
		r->documents++;
		return true;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		break;
	}
	return true;
}

static bool
read_events(struct reading *r)
{
	yaml_event_t event;
	bool         good = true, end = false;

	while (good && !end) {
		if (!yaml_parser_parse(&r->parser, &event))
			return fail_parser(r);
		end = event.type == YAML_STREAM_END_EVENT;
		good = on_event(r, &event);
		yaml_event_delete(&event);
	}
	return good;
}

bool
yaml_read(struct yaml_node **out, uint32_t *documents, struct arena *keep, struct text source,
	  struct err *err)
{
	struct reading r = { .source = source, .keep = keep, .err = err, .line = 1 };
	bool           good;

	if (source.n > YAML_FILE_MAX) {
		err_set(err, ERR_RULE, "larger than a rule file can be (%zu bytes)", source.n);
		return err_where(err, "1:1");
	}
	if (!yaml_parser_initialize(&r.parser))
		arena_exhausted(sizeof(r.parser));
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)source.p, source.n);
	good = read_events(&r);
	yaml_parser_delete(&r.parser);
	if (good && !r.root) {
		err_set(err, ERR_RULE, "the file is empty");
		good = err_where(err, "1:1");
	}
	*out = r.root;
	if (documents)
		*documents = r.documents;
	return good;
}

const struct yaml_node *
yaml_get(const struct yaml_node *node, const char *key)
{
	const struct yaml_node *found = NULL;
	const struct text       name = text_of(key);

	if (!node || node->kind != YAML_KIND_MAP)
		return NULL;
	for (const struct yaml_node *n = node->first; n; n = n->next) {
		if (text_eq(n->key, name))
			found = n;
	}
	return found;
}

#define KEYS_COMPARED 200

static const struct yaml_node *
repeated_in(const struct yaml_node *map)
{
	uint32_t n = 0;

	for (const struct yaml_node *k = map->first; k && n < KEYS_COMPARED; k = k->next, n++)
		for (const struct yaml_node *before = map->first; before != k; before = before->next)
			if (text_eq(before->key, k->key))
				return k;
	return NULL;
}

const struct yaml_node *
yaml_repeated(const struct yaml_node *root)
{
	const struct yaml_node *found = NULL;

	if (root->kind == YAML_KIND_MAP)
		found = repeated_in(root);
	for (const struct yaml_node *n = root->first; n && !found; n = n->next)
		if (n->kind == YAML_KIND_MAP)
			found = repeated_in(n);
	return found;
}

struct text
yaml_text(const struct yaml_node *node, const char *key)
{
	const struct yaml_node *n = yaml_get(node, key);

	return n && n->kind == YAML_KIND_SCALAR ? n->value : TEXT_NONE;
}

uint32_t
yaml_texts(const struct yaml_node *node, struct arena *keep, struct text **out)
{
	uint32_t n = 0;

	*out = NULL;
	if (!node || node->kind == YAML_KIND_MAP)
		return 0;
	if (node->kind == YAML_KIND_SCALAR) {
		if (node->value.n == 0)
			return 0;
		*out = arena_new(keep, struct text, 1);
		(*out)[0] = node->value;
		return 1;
	}
	for (const struct yaml_node *k = node->first; k; k = k->next)
		n += k->kind == YAML_KIND_SCALAR && k->value.n > 0;
	*out = arena_new(keep, struct text, n);
	n = 0;
	for (const struct yaml_node *k = node->first; k; k = k->next) {
		if (k->kind == YAML_KIND_SCALAR && k->value.n > 0)
			(*out)[n++] = text_trim(k->value);
	}
	return n;
}

/* Its column counts characters. The end of SOURCE when there is no such place. */
static size_t
node_offset(const struct yaml_node *node, struct text source)
{
	size_t   at = node->line_at;
	uint32_t column = node->column;

	while (column > 1 && at < source.n && source.p[at] != '\n') {
		at++;
		while (at < source.n && ((unsigned char)source.p[at] & 0xc0) == 0x80)
			at++;
		column--;
	}
	return at;
}

/* The first byte of the value itself: past the quote, or on the first line of a block. */
static size_t
value_offset(const struct yaml_node *node, struct text source)
{
	size_t at = node_offset(node, source);

	switch (node->style) {
	case YAML_STYLE_PLAIN:
		break;
	case YAML_STYLE_SINGLE:
	case YAML_STYLE_DOUBLE:
		at++;
		break;
	case YAML_STYLE_LITERAL:
	case YAML_STYLE_FOLDED:
		while (at < source.n && source.p[at] != '\n')
			at++;
		break;
	}
	return at < source.n ? at : source.n;
}

void
yaml_value_place(const struct yaml_node *node, struct text source, uint32_t *line, uint32_t *column)
{
	size_t at = value_offset(node, source);

	while (at < source.n && ascii_blank(source.p[at]) && node->value.n &&
	       !ascii_blank(node->value.p[0]))
		at++;
	place_behind(source, node->line_at, node->line, at, line, column);
}

/* Length of a double-quoted escape at AT (a backslash) that stands for one character, not blank. */
static size_t
escape_length(struct text source, size_t at)
{
	char c = at + 1 < source.n ? source.p[at + 1] : '\0';

	return c == 'x' ? 4 : c == 'u' ? 6 : c == 'U' ? 10 : 2;
}

static bool
escape_is_blank(struct text source, size_t at)
{
	char c = at + 1 < source.n ? source.p[at + 1] : '\0';

	return c == 'n' || c == 't' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Blanks and line ends correspond as whole runs, other characters one by one. */
void
yaml_locate(const struct yaml_node *node, struct text source, uint32_t *line, uint32_t *column)
{
	struct text value = node->value;
	size_t      target = 0, at = value_offset(node, source), i = 0;
	uint32_t    skip = *line - 1;
	bool        dq = node->style == YAML_STYLE_DOUBLE, sq = node->style == YAML_STYLE_SINGLE;

	while (skip && target < value.n)
		skip -= value.p[target++] == '\n';
	target += *column - 1;
	while (at < source.n) {
		bool escape = dq && source.p[at] == '\\';

		if (ascii_blank(source.p[at]) || (escape && escape_is_blank(source, at))) {
			at += escape ? 2 : 1;
			continue;
		}
		while (i < value.n && ascii_blank(value.p[i]) && i < target)
			i++;
		if (i >= target || i >= value.n)
			break;
		if (escape)
			at += escape_length(source, at);
		else if (sq && source.p[at] == '\'')
			at += 2;
		else
			at++;
		i++;
		if (escape) {
			while (i < value.n && ((unsigned char)value.p[i] & 0xc0) == 0x80)
				i++;
		}
	}
	place_behind(source, node->line_at, node->line, at, line, column);
}
