/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One event: all its fields, its script block joined from its parts, where it came from. */
#include "config.h"

#include "base/counted.h"
#include "base/decoded.h"
#include "base/meaning.h"
#include "base/when.h"
#include "tui/app.h"
#include "tui/filter.h"
#include "tui/matched.h"
#include "tui/record.h"
#include "tui/remarks.h"

static const enum action hints[] = { ACTION_MATCH_NEXT, ACTION_ITEM_NEXT, ACTION_AROUND,
				     ACTION_BOOKMARK,	ACTION_NOTE,	  ACTION_FIND,
				     ACTION_RAW,	ACTION_PIN,	  ACTION_COPY,
				     ACTION_EXPORT,	ACTION_NONE };

enum { MODE_JOINED, MODE_PART, MODE_RECORD, N_MODES };

#define SCRIPT_LONG 4096 /* bytes */
#define PARTS_NAMED 24 /* a block of more parts is not told part by part when it is whole */

struct event_state {
	struct event ev;
	struct event
	    block; /* carries the joined script text; ev itself unless that is a later part */
	struct event_rule *rules;
	size_t             n_rules;
};

static const struct detection *
detection(const struct app *app, struct text id)
{
	return app->rules ? ruleset_find(app->rules, id) : NULL;
}

/* All rules that the event satisfied have their say. */
static size_t
ranges_of_all(struct app *app, const struct event_state *s, struct text value, struct range *out)
{
	struct arena scratch = app->frame;
	size_t       n = 0;
	struct range *one = arena_new(&scratch, struct range, MATCHED_MAX);

	for (size_t i = 0; i < s->n_rules; i++) {
		size_t k =
		    matched_ranges(detection(app, s->rules[i].id), &s->block, value, scratch, one);

		for (size_t r = 0; r < k && n < MATCHED_MAX; r++)
			out[n++] = one[r];
	}
	return matched_merge(out, n);
}

static void
say_flags(struct doc *d, uint32_t flags)
{
	static const struct {
		uint32_t    flag;
		const char *words;
	} table[] = {
		{ EVENT_ZONE_ASSUMED,
		  "the log wrote local time without a zone; it is shown as if UTC" },
		{ EVENT_TIME_FALLBACK,
		  "TimeCreated is missing: the time is that of the record header" },
		{ EVENT_RECOVERED, "recovered from slack space or a damaged region" },
		{ EVENT_SCRIPT_GAPS, "this script block lacks parts: its text says which" },
		{ EVENT_DAMAGED, "decoded in part; the rest could not be read" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (flags & table[i].flag)
			doc_field(d, "Remark", text_of(table[i].words))->role = ROLE_FLAG;
}

static void
say_core(struct app *app, struct doc *d, const struct event *ev)
{
	char        iso[WHEN_TEXT_MAX];
	struct text title = event_title(ev);

	(void)app;
	doc_field(d, "Time",
		  arena_copy(d->keep, (struct text){ iso, when_to_iso(ev->time_ns, iso) }));
	doc_field(d, "Computer", ev->host);
	doc_fact(d, "User", ev->user);
	doc_field(d, "EventCode", arena_printf(d->keep, "%u  " TEXT_FMT, (unsigned)ev->event_id,
					       TEXT_ARG(title)));
	doc_fact(d, "Channel", ev->channel);
	doc_fact(d, "Provider", ev->provider);
	if (ev->has_record_id)
		doc_field(d, "Record",
			  arena_printf(d->keep, "%llu", (unsigned long long)ev->record_id));
	say_flags(d, ev->flags);
	if (ev->remark.n)
		doc_field(d, "Remark", ev->remark)->role = ROLE_FLAG;
}

static void
say_rules(const struct screen *screen, struct doc *d, const struct event_state *s)
{
	int room = doc_plain_columns(screen, 0);

	if (!s->n_rules)
		return;
	doc_rule(d, TEXT("rules it satisfies"), TEXT_NONE);
	for (size_t i = 0; i < s->n_rules; i++) {
		struct text name = s->rules[i].name, both;

		both = arena_printf(d->keep, TEXT_FMT "   " TEXT_FMT, TEXT_ARG(name),
				    TEXT_ARG(s->rules[i].id));
		doc_plain(d, screen_width(screen, both) <= room ? both : name);
	}
}

static void
say_parts(struct app *app, struct view *v, struct doc *d)
{
	struct script_part *parts;
	size_t              n = query_script_parts(app->cf, v->id, d->keep, &parts);
	struct text         line = TEXT("");
	size_t              bytes = 0, missing = 0;

	if (n < 2)
		return;
	for (size_t i = 0; i < n; i++) {
		line =
		    parts[i].id
			? arena_printf(d->keep, TEXT_FMT "%s%u%s", TEXT_ARG(line), i ? " " : "",
				       (unsigned)parts[i].number, parts[i].id == v->id ? "*" : "")
			: arena_printf(d->keep, TEXT_FMT "%s(%u missing)", TEXT_ARG(line),
				       i ? " " : "", (unsigned)parts[i].number);
		bytes += parts[i].bytes;
		missing += !parts[i].id;
	}
	if (!missing && n > PARTS_NAMED)
		line = arena_printf(d->keep, "all");
	doc_field(d, "Parts",
		  arena_printf(d->keep, TEXT_FMT " of %zu   %s   %s", TEXT_ARG(line), n,
			       counted(bytes, "byte").words, missing ? "INCOMPLETE" : "complete"))
	    ->role = missing ? ROLE_FLAG : ROLE_TEXT;
}

/* The text of the block with a line at the start of every part. */
static void
say_script(struct app *app, struct view *v, struct doc *d, const struct event_state *s,
	   struct text script)
{
	struct script_part *parts;
	size_t              n = query_script_parts(app->cf, v->id, d->keep, &parts);
	size_t              at = 0, n_ranges, sum = 0;
	struct range       *ranges = arena_new(d->keep, struct range, MATCHED_MAX);
	uint32_t            number = 0;

	n_ranges = ranges_of_all(app, s, script, ranges);
	doc_rule(d, v->mode == MODE_JOINED && n > 1 ? TEXT("ScriptBlockText, joined")
						    : TEXT("ScriptBlockText"),
		 n_ranges ? arena_printf(d->keep, "%s matched places", counted_number(n_ranges).words) : TEXT_NONE);
	for (size_t i = 0; i < n; i++)
		sum += parts[i].bytes;
	if (n < 2 || v->mode == MODE_PART || sum != script.n) {
		doc_script(d, script, ranges, n_ranges);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct text   piece = { script.p + at, parts[i].bytes };
		struct range *inside = arena_new(d->keep, struct range, n_ranges + 1);
		size_t        k = 0, first = d->n;

		doc_plain(d, parts[i].id ? arena_printf(d->keep, "-- part %u of %zu, event %lld --",
							(unsigned)parts[i].number, n,
							(long long)parts[i].id)
					 : arena_printf(d->keep, "-- part %u of %zu is missing --",
							(unsigned)parts[i].number, n))
		    ->role = ROLE_DIM;
		for (size_t r = 0; r < n_ranges; r++) {
			size_t from = ranges[r].start > at ? ranges[r].start : at;
			size_t to = ranges[r].start + ranges[r].n;

			to = to < at + piece.n ? to : at + piece.n;
			if (from < to)
				inside[k++] = (struct range){ from - at, to - from };
		}
		doc_script(d, piece, inside, k);
		for (size_t line = first; line < d->n; line++)
			if (d->items[line].kind == DOC_CODE && d->items[line].number)
				d->items[line].number = ++number;
		at += piece.n;
	}
}

/* What encoded texts say, layer by layer. */
static void
say_decoded(struct app *app, struct doc *d, const struct event_state *s)
{
	struct range *ranges = arena_new(d->keep, struct range, MATCHED_MAX);

	for (uint32_t i = s->block.n_system; i < s->block.n_fields; i++) {
		const struct field *f = &s->block.fields[i];
		struct text         origin;

		if (!name_is_decoded(f->name))
			continue;
		origin = decoded_origin(&s->block, f, d->keep);
		doc_rule(d,
			 arena_printf(d->keep, "decoded from " TEXT_FMT,
				      TEXT_ARG(origin.n ? origin : f->name)),
			 TEXT("not executed"));
		doc_script(d, f->value, ranges, ranges_of_all(app, s, f->value, ranges));
	}
}

/* Where no evidence can be read. */
static void
say_xml(struct doc *d, const struct event *ev)
{
	doc_blank(d);
	doc_plain(d, TEXT("Instead, XML made of what the case keeps: names and values in their order. "
			  "Whether they stood in EventData or UserData is not kept."))
	    ->role = ROLE_DIM;
	doc_rule(d, TEXT("fields as XML"), TEXT_NONE);
	doc_code(d, record_xml(ev, d->keep), NULL, 0);
}

#define HEX_MAX ((size_t)65536)

static void
say_bytes(struct doc *d, struct text bytes)
{
	struct text rows = record_hex(text_head(bytes, HEX_MAX), d->keep);

	doc_rule(d, TEXT("its bytes"),
		 arena_printf(d->keep, "%s%s", counted_number(bytes.n).words, bytes.n > HEX_MAX ? ", the first 65,536" : ""));
	while (rows.n)
		doc_plain(d, text_cut(&rows, '\n'));
}

/* The record as the first evidence that is still there has it. */
static void
say_record(struct app *app, struct doc *d, int64_t id, const struct event *ev)
{
	const struct services *services = app->setup->services;
	struct event_origin   *origins;
	size_t                 n = query_event_origins(app->cf, id, d->keep, &origins);

	for (size_t i = 0; i < n; i++) {
		struct err        err = { 0 };
		struct raw_record raw = { 0 };

		doc_field(d, "File", origins[i].path);
		if (!services ||
		    !services->record(services->self, &origins[i], d->keep, &raw, &err)) {
			doc_field(d, "",
				  arena_printf(d->keep, "not shown: %s",
					       services ? err.what : "evidence is not read here"))
			    ->role = ROLE_FLAG;
			continue;
		}
		doc_field(d, "", raw.remark)->role = ROLE_DIM;
		doc_rule(d, raw.decoded ? TEXT("the record of the file, decoded again")
					: TEXT("the record as it stands in the file"),
			 arena_printf(d->keep, "%s at 0x%llx", counted(origins[i].length, "byte").words,
				      (unsigned long long)origins[i].offset));
		if (raw.text.n)
			doc_code(d, raw.text, NULL, 0);
		else
			doc_plain(d, TEXT("No UTF-8 text; its bytes follow."))->role = ROLE_DIM;
		say_bytes(d, raw.bytes);
		return;
	}
	say_xml(d, ev);
}

/* A long script is shown once: it is not repeated inside of the message. */
static struct text
without_script(struct text message, struct text script, struct arena *keep)
{
	size_t at = script.n > SCRIPT_LONG ? text_find(message, script) : TEXT_NOWHERE;

	if (at == TEXT_NOWHERE)
		return message;
	return arena_printf(keep, TEXT_FMT "(%s, under ScriptBlockText)" TEXT_FMT,
			    TEXT_ARG(text_head(message, at)), counted(script.n, "byte").words,
			    TEXT_ARG(text_from(message, at + script.n)));
}

static void
say_fields(struct app *app, struct doc *d, const struct event_state *s, struct text script)
{
	struct range *ranges = arena_new(d->keep, struct range, MATCHED_MAX);
	struct text   meaning;
	bool          built;

	doc_rule(d, TEXT("fields of the record"), TEXT_NONE);
	for (uint32_t i = 0; i < s->ev.n_fields; i++) {
		const struct field *f = &s->ev.fields[i];
		struct doc_item    *item;

		if (text_eq(f->name, TEXT("ScriptBlockText")) || name_is_decoded(f->name))
			continue;
		item = doc_field(d, arena_cstr(d->keep, f->name), f->value);
		if (i >= s->ev.n_system)
			doc_match(d, item, ranges, ranges_of_all(app, s, f->value, ranges));
		meaning = field_meaning(&s->ev, f->name, f->value, d->keep);
		if (meaning.n)
			doc_field(d, "", arena_join(d->keep, TEXT("= "), meaning))->role = ROLE_DIM;
	}
	doc_rule(d, TEXT("message"), TEXT_NONE);
	doc_plain(d, without_script(event_message(&s->ev, d->keep, &built), script, d->keep));
	if (built)
		doc_plain(d, TEXT("(built from the fields: the log carried no rendered text)"))
		    ->role = ROLE_DIM;
}

static void
say_views(struct doc *d, const struct event *ev)
{
	struct named_value *names;
	size_t              n = event_named_values(ev, true, d->keep, &names);
	bool                begun = false;

	for (size_t i = 0; i < n; i++) {
		if (text_absent(names[i].origin) || names[i].value.n > 200 ||
		    text_find_byte(names[i].value, '\n') != TEXT_NOWHERE)
			continue;
		if (!begun)
			doc_rule(d, TEXT("as searches see it"), TEXT_NONE);
		begun = true;
		doc_field(d, arena_cstr(d->keep, names[i].name), names[i].value);
	}
}

static void
say_origin(struct app *app, struct doc *d, int64_t id)
{
	struct event_origin *origins;
	size_t               n = query_event_origins(app->cf, id, d->keep, &origins);

	doc_rule(d, TEXT("where it came from"), TEXT_NONE);
	for (size_t i = 0; i < n; i++) {
		doc_field(d, "File", origins[i].path);
		doc_field(d, "SHA-256", origins[i].sha256);
		doc_field(d, "Offset", arena_printf(d->keep, "0x%llx, %s, " TEXT_FMT,
						    (unsigned long long)origins[i].offset,
						    counted(origins[i].length, "byte").words,
						    TEXT_ARG(origins[i].format)));
	}
}

/* The event of the block that has its joined text: the first part that is there. */
static bool
load_block(struct app *app, struct view *v, struct event_state *s, struct err *err)
{
	struct script_part *parts;
	size_t              n;

	s->block = s->ev;
	if (v->mode != MODE_JOINED || !(s->ev.flags & EVENT_SCRIPT_REST))
		return true;
	n = query_script_parts(app->cf, v->id, &v->arena, &parts);
	for (size_t i = 0; i < n; i++)
		if (parts[i].id)
			return query_event(app->cf, parts[i].id, true, &v->arena, &s->block, err);
	return true;
}

static struct text
heading(const struct screen *screen, struct arena *keep, const struct event_state *s)
{
	char human[WHEN_TEXT_MAX];

	human[zone_human(&screen->zone, s->ev.time_ns, human)] = '\0';
	return arena_printf(keep, "%s " TEXT_FMT "   %u " TEXT_FMT "   %s", human[0] ? human : "no time",
			    TEXT_ARG(human[0] ? zone_label(&screen->zone, s->ev.time_ns, keep)
					      : TEXT("")),
			    (unsigned)s->ev.event_id, TEXT_ARG(event_title(&s->ev)),
			    counted(s->n_rules, "rule").words);
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct event_state *s = arena_new(&v->arena, struct event_state, 1);
	struct doc         *d = &v->doc;
	struct text         script;

	doc_reset(d, &v->arena);
	if (!query_event(app->cf, v->id, v->mode == MODE_JOINED, &v->arena, &s->ev, err))
		return false;
	if (!load_block(app, v, s, err))
		return false;
	s->n_rules =
	    query_event_rules(app->cf, s->block.id ? s->block.id : v->id, &v->arena, &s->rules);
	v->level->heading = heading(&app->screen, &v->arena, s);
	d->label_width = 18;
	v->data = s;
	if (v->mode == MODE_RECORD) {
		say_record(app, d, v->id, &s->ev);
		return true;
	}
	remarks_tell(app, d, v->id);
	say_core(app, d, &s->ev);
	say_parts(app, v, d);
	say_rules(&app->screen, d, s);
	script = event_get(&s->block, TEXT("ScriptBlockText"));
	d->pane = 1;
	if (script.n)
		say_script(app, v, d, s, script);
	say_decoded(app, d, s);
	d->pane = script.n ? 0 : 1;
	say_fields(app, d, s, script);
	d->pane = 0;
	say_origin(app, d, v->id);
	say_views(d, &s->ev);
	return true;
}

static struct text
host(struct app *app, struct view *v)
{
	const struct event_state *s = v->data;

	(void)app;
	return s ? s->ev.host : TEXT_NONE;
}

/* Is the item one of the facts above the first heading? Further down names are those of fields. */
static bool
is_fact(const struct doc *d, const struct doc_item *item)
{
	for (const struct doc_item *i = d->items; i < item; i++)
		if (i->kind == DOC_RULE)
			return false;
	return true;
}

static bool
cell(struct app *app, struct view *v, struct condition *out)
{
	const struct event_state *s = v->data;
	const struct doc_item    *item = doc_current(&v->doc);
	struct text              *value;

	if (!s || !item || item->kind != DOC_FIELD || !item->label.n || !item->text.n)
		return false;
	if (is_fact(&v->doc, item)) {
		if (text_eq(item->label, TEXT("Time")))
			filter_from_time(s->ev.time_ns, out);
		else if (text_eq(item->label, TEXT("EventCode")))
			return filter_from_name(
			    item->label,
			    arena_printf(&app->frame, "%u", (unsigned)s->ev.event_id), out,
			    &app->frame);
		else
			return filter_from_name(item->label, item->text, out, &app->frame);
		return s->ev.time_ns != WHEN_NONE;
	}
	value = arena_new(&app->frame, struct text, 1);
	*value = item->text;
	*out = (struct condition){
		.part = FILTER_FIELD, .name = item->label, .values = value, .n_values = 1
	};
	return true;
}

/* Fields, the part of a script block as recorded, the record in the evidence; and fields again. */
static void
next_mode(struct app *app, struct view *v)
{
	static const char *const said[N_MODES] = {
		[MODE_JOINED] = "fields; x: the record in the evidence",
		[MODE_PART] = ("this part of the script block as it was recorded; x: the record in "
			      "the evidence"),
		[MODE_RECORD] = "the record as the evidence has it; x: fields",
	};
	struct script_part *parts;

	v->mode = (v->mode + 1) % N_MODES;
	if (v->mode == MODE_PART &&
	    query_script_parts(app->cf, v->id, &app->frame, &parts) < 2)
		v->mode = MODE_RECORD;
	v->loaded = false;
	doc_rewind(&v->doc);
	app_say(app, "%s", said[v->mode]);
}

static bool
act(struct app *app, struct view *v, enum action action)
{
	const struct event_state *s = v->data;

	if (!s)
		return false;
	if (action == ACTION_RAW) {
		next_mode(app, v);
		return true;
	}
	if (action == ACTION_AROUND) {
		open_around(app, s->ev.host, s->ev.time_ns);
		return true;
	}
	if (action == ACTION_DRILLDOWN) {
		open_leads(app, v->id);
		return true;
	}
	if (action == ACTION_RULE) {
		open_rule(app, s->n_rules ? s->rules[0].id : TEXT_NONE);
		return true;
	}
	return false;
}

static struct work_about
about(const struct view *v, int64_t row)
{
	(void)row;
	return (struct work_about){ .event = v->id };
}

const struct view_kind view_event = {
	.name = "event",
	.title = "Event",
	.keys = KEYS_MOVES | KEYS_TEXT | KEYS_INSIDE | KEYS_EVENT | KEYS_AROUND | KEYS_DRILLS | KEYS_PANES |
		KEYS_CELLS | KEYS_NOTED,
	.hints = hints,
	.load = load,
	.act = act,
	.about = about,
	.host = host,
	.cell = cell,
};
