/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "importers/xml_event.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <pthread.h>
#include <string.h>

#include "base/when.h"
#include "importers/decode.h"
#include "importers/spelling.h"
#include "importers/xml_clean.h"

#define XML_DEPTH 64
#define XML_MIXED_MAX 65536  /* text of an element that has children */
#define XML_DICT_MAX 4000000 /* libxml2 stops at 10 MB: a new context before that */

/* An element that is open. */
struct level {
	struct text name;      /* in the parser's dictionary */
	struct text data_name; /* from its attribute Name; absent without */
	char *text;	       /* NULL: none */
	size_t text_n;
	enum evtx_place place;
	bool has_children;
	bool has_attribute; /* that is a field of its own */
};

struct xml_reader {
	xmlParserCtxtPtr strict, lenient; /* made when needed */
	struct event_builder *builder;
	struct arena *keep; /* of the current record */
	struct level levels[XML_DEPTH];
	size_t depth; /* open elements; more than XML_DEPTH are not kept */
	struct xml_cleaned cleaned;
	bool dropped; /* something was too deep or too mixed to keep */
	bool has_system;
};

static struct text
text_of_xml(const xmlChar *s, size_t n)
{
	return (struct text){ (const char *)s, n };
}

/* A value as it stays: line ends LF, control characters back. P is our own memory. */
static struct text
settle(const struct xml_reader *x, char *p, size_t n)
{
	if (x->cleaned.controls)
		n = xml_restore(p, n);
	n = line_ends_to_lf(p, n);
	spelling_guid_in_place(p, n);
	return (struct text){ p, n };
}

/* Without entity substitution libxml2 leaves an ampersand of an attribute as "&#38;". */
static struct text
attribute_value(const struct xml_reader *x, const xmlChar *begin, const xmlChar *end)
{
	struct text raw = text_of_xml(begin, (size_t)(end - begin));
	char *p = arena_alloc(x->keep, 1, 1, raw.n);
	size_t n = 0;

	for (size_t i = 0; i < raw.n; i++) {
		p[n++] = raw.p[i];
		if (raw.p[i] == '&' && text_starts(text_from(raw, i), TEXT("&#38;")))
			i += 4;
	}
	return settle(x, p, n);
}

static void
attribute(struct xml_reader *x, struct level *l, struct text name, struct text value)
{
	struct evtx_shape shape = evtx_shape_attribute(l->place, l->name, name, x->keep);

	if (shape.role == ROLE_NAME)
		l->data_name = value;
	else if (value.n > 0 || !shape.omit_empty)
		builder_add(x->builder, shape.role, shape.name, value);
	l->has_attribute |= shape.role == ROLE_BODY;
}

static void
on_start(void *ctx, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
	 int n_namespaces, const xmlChar **namespaces, int n_attributes, int n_defaulted,
	 const xmlChar **attributes)
{
	struct xml_reader *x = ((xmlParserCtxtPtr)ctx)->_private;
	struct level *l, *parent;

	(void)prefix, (void)uri, (void)n_namespaces, (void)namespaces, (void)n_defaulted;
	if (x->depth++ >= XML_DEPTH) {
		x->dropped = true;
		return;
	}
	l = &x->levels[x->depth - 1];
	*l = (struct level){ .name = text_of_xml(local, strlen((const char *)local)) };
	if (x->depth > 1) {
		parent = l - 1;
		parent->has_children = true;
		l->place = evtx_shape_inside(parent->place, parent->name);
	}
	if (x->depth == 2 && text_eq(l->name, TEXT("System")))
		x->has_system = true;
	for (int i = 0; i < n_attributes; i++) {
		const xmlChar **a = attributes + 5 * i; /* name, prefix, uri, value, end */

		attribute(x, l, text_of_xml(a[0], strlen((const char *)a[0])),
			  attribute_value(x, a[3], a[4]));
	}
}

static void
add_text(struct xml_reader *x, struct level *l, const xmlChar *s, size_t n)
{
	char *p;

	if (l->text && l->text + l->text_n != x->keep->at) {
		/* A child's value came between: rare, and so bounded. */
		if (l->text_n + n > XML_MIXED_MAX) {
			x->dropped = true;
			return;
		}
		p = arena_alloc(x->keep, 1, 1, l->text_n);
		memcpy(p, l->text, l->text_n);
		l->text = p;
	}
	p = arena_alloc(x->keep, 1, 1, n);
	memcpy(p, s, n);
	if (!l->text)
		l->text = p;
	l->text_n += n;
}

static void
on_characters(void *ctx, const xmlChar *s, int n)
{
	struct xml_reader *x = ((xmlParserCtxtPtr)ctx)->_private;
	struct level *l;

	if (x->depth == 0 || x->depth > XML_DEPTH || n <= 0)
		return;
	l = &x->levels[x->depth - 1];
	if (l->has_children && text_trim(text_of_xml(s, (size_t)n)).n == 0)
		return; /* indentation */
	add_text(x, l, s, (size_t)n);
}

static void
element(struct xml_reader *x, const struct level *l, const struct level *parent)
{
	struct evtx_shape shape = evtx_shape_content(l->place, l->name, x->keep);
	struct text value = l->text ? settle(x, l->text, l->text_n) : TEXT("");

	if (shape.role <= ROLE_OTHER_FACT || l->has_children)
		value = text_trim(value);
	if (value.n == 0 && (shape.omit_empty || l->has_children || l->has_attribute))
		return;
	if (!text_absent(l->data_name))
		builder_add(x->builder, ROLE_BODY, l->data_name, value);
	else if (shape.leaf && parent)
		builder_leaf(x->builder, parent->name, shape.name, value, x->keep);
	else
		builder_add(x->builder, shape.role, shape.name, value);
	if (shape.role == ROLE_PAYLOAD && spelling_payload(value, x->keep).n > 0)
		builder_body(x->builder, TEXT("EventPayloadText"),
			     spelling_payload(value, x->keep));
}

static void
on_end(void *ctx, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
	struct xml_reader *x = ((xmlParserCtxtPtr)ctx)->_private;

	(void)local, (void)prefix, (void)uri;
	if (x->depth == 0)
		return;
	if (x->depth <= XML_DEPTH) {
		const struct level *l = &x->levels[x->depth - 1];

		element(x, l, x->depth > 1 ? l - 1 : NULL);
	}
	x->depth--;
}

static xmlEntityPtr
on_entity(void *ctx, const xmlChar *name)
{
	(void)ctx;
	return xmlGetPredefinedEntity(name);
}

static void
on_doctype(void *ctx, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	(void)name, (void)external, (void)system;
	xmlStopParser(ctx);
}

/* The context remembers the last error; nothing is printed. */
static void
on_error(void *ctx, xmlErrorPtr error)
{
	(void)ctx, (void)error;
}

static xmlParserCtxtPtr
context_new(int more_options)
{
	xmlSAXHandler sax = {
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_characters,
		.ignorableWhitespace = on_characters,
		.cdataBlock = on_characters,
		.getEntity = on_entity,
		.internalSubset = on_doctype,
		.serror = on_error,
	};
	xmlParserCtxtPtr ctxt = xmlCreatePushParserCtxt(&sax, NULL, NULL, 0, NULL);

	if (!ctxt)
		arena_exhausted(sizeof(*ctxt));
	xmlCtxtUseOptions(ctxt, XML_PARSE_NONET | more_options);
	return ctxt;
}

static void
context_free(xmlParserCtxtPtr ctxt)
{
	if (!ctxt)
		return;
	if (ctxt->myDoc)
		xmlFreeDoc(ctxt->myDoc);
	ctxt->myDoc = NULL;
	xmlFreeParserCtxt(ctxt);
}

/* libxml2 sets its tables up when it is first used, and does not expect two threads to be first. */
static void
library_begin(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, xmlInitParser);
}

struct xml_reader *
xml_reader_open(struct event_builder *b, struct arena *keep)
{
	struct xml_reader *x = arena_new(keep, struct xml_reader, 1);

	library_begin();
	x->builder = b;
	return x;
}

void
xml_reader_close(struct xml_reader *x)
{
	context_free(x->strict);
	context_free(x->lenient);
}

/* The parser compares every attribute of an element with those before it: a million of them keep it
 * busy for hours. */
#define ATTRIBUTES_MAX 1000
#define ATTRIBUTE_LEAST 4 /* bytes of one */

/* TAG begins behind "<"; it may end anywhere. */
static bool
has_crowd(struct text tag)
{
	size_t n = 0;

	for (size_t i = 0; i < tag.n && tag.p[i] != '>'; i++) {
		const char *close;

		if (tag.p[i] != '"' && tag.p[i] != '\'')
			continue;
		close = memchr(tag.p + i + 1, tag.p[i], tag.n - i - 1);
		if (++n > ATTRIBUTES_MAX || !close)
			return n > ATTRIBUTES_MAX;
		i = (size_t)(close - tag.p);
	}
	return false;
}

/* Does an element have more attributes than the parser can cope with? Between two "<", which no
 * attribute has, there has to be room for them. */
static bool
is_crowded(struct text xml)
{
	const char *p = xml.n ? memchr(xml.p, '<', xml.n) : NULL, *end = xml.p + xml.n;

	while (p) {
		const char *begin = p + 1;
		size_t      n;

		p = memchr(begin, '<', (size_t)(end - begin));
		n = (size_t)((p ? p : end) - begin);
		if (n > ATTRIBUTES_MAX * ATTRIBUTE_LEAST && has_crowd((struct text){ begin, n }))
			return true;
	}
	return false;
}

/* True: the parser is content with the record. */
static bool
parse(struct xml_reader *x, xmlParserCtxtPtr *ctxt, int more_options, struct text record)
{
	if (*ctxt && xmlDictGetUsage((*ctxt)->dict) > XML_DICT_MAX) {
		context_free(*ctxt);
		*ctxt = NULL;
	}
	if (!*ctxt)
		*ctxt = context_new(more_options);
	x->depth = 0;
	x->dropped = false;
	x->has_system = false;
	if (xmlCtxtResetPush(*ctxt, NULL, 0, NULL, NULL) != 0)
		return false;
	(*ctxt)->_private = x;
	xmlParseChunk(*ctxt, record.p, (int)record.n, 1);
	if ((*ctxt)->errNo == XML_ERR_NO_MEMORY)
		arena_exhausted(record.n);
	return (*ctxt)->wellFormed && !(*ctxt)->disableSAX;
}

static struct text
parser_complaint(xmlParserCtxtPtr ctxt, struct arena *keep)
{
	xmlErrorPtr e = xmlCtxtGetLastError(ctxt);
	struct text message = e && e->message ? text_trim(text_of(e->message)) : TEXT("refused");

	return arena_printf(keep, "event XML is not well-formed (" TEXT_FMT ")",
			    TEXT_ARG(text_head(message, 120)));
}

static void
finish(struct xml_reader *x, struct event *ev)
{
	struct field *time = &x->builder->fields[ROLE_TIME];

	if (!text_absent(builder_get(x->builder, ROLE_TIME)))
		time->value = spelling_time(time->value, x->keep);
	ev->format = FORMAT_XML;
	ev->time_ns = WHEN_NONE;
	builder_finish(x->builder, ev);
	if (x->cleaned.bare_ampersands)
		ev->remark = TEXT("bare ampersands taken as text");
}

enum xml_outcome
xml_read(struct xml_reader *x, struct text record, struct arena *keep, struct event *ev,
	 struct text *why)
{
	enum xml_outcome outcome = XML_WHOLE;
	struct text clean;

	*ev = (struct event){ .id = 0 };
	x->keep = keep;
	builder_clear(x->builder);
	if (is_crowded(record)) {
		*why = TEXT("an element has more attributes than are read");
		return XML_LOST;
	}
	clean = xml_clean(record, keep, &x->cleaned);
	if (!parse(x, &x->strict, 0, clean)) {
		outcome = XML_DAMAGED;
		*why = parser_complaint(x->strict, keep);
		builder_clear(x->builder);
		parse(x, &x->lenient, XML_PARSE_RECOVER, clean);
	} else if (x->dropped || x->builder->overfull) {
		outcome = XML_DAMAGED;
		*why = TEXT("event has more or deeper fields than are read");
	}
	if (text_absent(builder_get(x->builder, ROLE_EVENT_ID))) {
		if (outcome == XML_WHOLE)
			*why = x->has_system ? TEXT("event without an event id")
					     : TEXT("event without its System part");
		return XML_LOST;
	}
	finish(x, ev);
	if (outcome == XML_DAMAGED)
		ev->flags |= EVENT_DAMAGED;
	return outcome;
}

void
xml_read_fragment(struct xml_reader *x, struct text xml, struct arena *keep)
{
	x->keep = keep;
	if (!is_crowded(xml))
		parse(x, &x->lenient, XML_PARSE_RECOVER, xml_clean(xml, keep, &x->cleaned));
}
