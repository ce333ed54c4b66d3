/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auger show: one event or finding, whole. */
#include "config.h"

#include "base/counted.h"
#include "base/meaning.h"
#include "base/names.h"
#include "base/scored.h"
#include "cli/cli.h"
#include "cli/evidence_again.h"
#include "cli/sheet.h"
#include "store/work.h"
#include "tui/record.h"

static void
show_origins(struct sheet *s, struct casefile *cf, int64_t id, struct arena *keep)
{
	struct event_origin *origins;
	size_t               n = query_event_origins(cf, id, keep, &origins);

	sheet_section(s, "origin");
	for (size_t i = 0; i < n; i++) {
		const struct event_origin *o = &origins[i];

		sheet_text(s, TEXT("evidence"), o->path, o->format);
		sheet_text(s, TEXT("sha256"), o->sha256, TEXT_NONE);
		sheet_count(s, TEXT("offset"), o->offset);
		sheet_count(s, TEXT("length"), o->length);
	}
}

static void
show_script_parts(struct sheet *s, struct casefile *cf, int64_t id, struct arena *keep)
{
	struct script_part *parts;
	size_t              n = query_script_parts(cf, id, keep, &parts);

	sheet_section(s, "script block");
	for (size_t i = 0; i < n; i++) {
		const struct script_part *part = &parts[i];
		struct text name = arena_printf(keep, "part %u of %u", part->number, part->total);

		if (part->id)
			sheet_text(s, name,
				   arena_printf(keep, "event:%lld, %s", (long long)part->id,
						counted(part->bytes, "byte").words),
				   TEXT_NONE);
		else
			sheet_text(s, name, TEXT("missing: not in the evidence"), TEXT_NONE);
	}
}

static void
show_rules(struct sheet *s, struct casefile *cf, int64_t id, struct arena *keep)
{
	struct event_rule *rules;
	size_t             n = query_event_rules(cf, id, keep, &rules);

	sheet_section(s, "rules satisfied");
	for (size_t i = 0; i < n; i++)
		sheet_field(s, TEXT("rule"), rules[i].name, TEXT_NONE, TEXT_NONE, rules[i].id);
}

/* The fields that the record has, and the names that searches know them by. EXPLAIN: where each
 * comes from, and by which line of the map. */
static void
show_fields(struct sheet *s, const struct event *ev, bool explain, struct arena *keep)
{
	struct named_value *values;
	size_t              n = event_named_values(ev, true, keep, &values);

	sheet_section(s, "fields");
	for (size_t i = 0; i < n; i++) {
		const struct named_value *v = &values[i];
		struct text meaning = field_meaning(ev, v->name, v->value, keep);
		struct text rule = TEXT_NONE, origin = v->origin;

		if (explain)
			rule = event_name_rule(ev, v->name, keep);
		if (explain && i < ev->n_system)
			origin = TEXT("recorded, system part");
		else if (explain && i < ev->n_fields && text_absent(origin))
			origin = TEXT("recorded");
		else if (!explain && i >= ev->n_fields)
			origin = TEXT_NONE;
		sheet_field(s, v->name, v->value, origin, meaning, rule);
	}
}

static bool
show_entry(void *ctx, const struct work_entry *e)
{
	if (e->current && e->value.n && e->author.n)
		sheet_text(ctx, TEXT("by"), e->author, text_of(work_kind_name(e->kind)));
	return true;
}

/* What analysts said of the event. */
static void
show_work(struct sheet *s, struct casefile *cf, int64_t id, struct arena *keep)
{
	struct work_state said;

	sheet_section(s, "analysts");
	if (!work_state(cf, 0, id, keep, &said) || (!said.bookmark && !said.note.n))
		return;
	sheet_text(s, TEXT("bookmark"), said.bookmark ? TEXT("yes") : TEXT_NONE, TEXT_NONE);
	sheet_text(s, TEXT("note"), said.note, TEXT_NONE);
	work_log(cf, said.number, show_entry, s, NULL);
}

static void
show_event(struct sheet *s, struct casefile *cf, const struct event *ev, bool explain,
	   struct arena *keep)
{
	int64_t             id = ev->id;
	bool                built;
	struct text         message;

	sheet_section(s, "event");
	sheet_text(s, TEXT("event"), arena_printf(keep, "event:%lld", (long long)id), TEXT_NONE);
	sheet_text(s, TEXT("title"), event_title(ev), TEXT_NONE);
	sheet_time(s, TEXT("time"), ev->time_ns);
	sheet_text(s, TEXT("host"), ev->host, TEXT_NONE);
	sheet_text(s, TEXT("channel"), ev->channel, TEXT_NONE);
	sheet_text(s, TEXT("provider"), ev->provider, TEXT_NONE);
	sheet_count(s, TEXT("event_id"), ev->event_id);
	if (ev->has_record_id)
		sheet_count(s, TEXT("record_id"), ev->record_id);
	sheet_text(s, TEXT("user"), ev->user.n ? ev->user : TEXT_NONE, TEXT_NONE);
	if (ev->flags & EVENT_RECOVERED)
		sheet_text(s, TEXT("recovered"), TEXT("from slack space or a damaged region"),
			   TEXT_NONE);
	sheet_text(s, TEXT("remark"), ev->remark, TEXT_NONE);
	show_work(s, cf, id, keep);
	show_origins(s, cf, id, keep);
	show_script_parts(s, cf, id, keep);
	show_rules(s, cf, id, keep);
	sheet_section(s, "message");
	message = event_message(ev, keep, &built);
	sheet_text(s, TEXT("message"), message, built ? TEXT("built from the fields") : TEXT_NONE);
	show_fields(s, ev, explain, keep);
}

/* The record as every evidence has it that is still there; false: as none has it. */
static bool
show_raw(struct sheet *s, struct casefile *cf, int64_t id, const struct member_how *how,
	 struct arena *keep)
{
	struct event_origin *origins;
	size_t               n = query_event_origins(cf, id, keep, &origins);
	bool                 shown = false;

	for (size_t i = 0; i < n; i++) {
		struct raw_record raw;
		struct err        err = { 0 };

		sheet_section(s, "record");
		sheet_text(s, TEXT("evidence"), origins[i].path, origins[i].format);
		sheet_count(s, TEXT("offset"), origins[i].offset);
		sheet_count(s, TEXT("length"), origins[i].length);
		if (!evidence_record(&origins[i], how, keep, &raw, &err)) {
			sheet_text(s, TEXT("not shown"), arena_printf(keep, "%s", err.what),
				   TEXT_NONE);
			continue;
		}
		sheet_text(s, TEXT("remark"), raw.remark, TEXT_NONE);
		sheet_text(s, raw.decoded ? TEXT("xml") : TEXT("text"), raw.text, TEXT_NONE);
		sheet_text(s, TEXT("bytes"), record_hex(raw.bytes, keep), TEXT_NONE);
		shown = true;
	}
	return shown;
}

struct shown {
	int64_t *ids;
	size_t   n, cap;
};

static bool
shown_before(struct shown *shown, int64_t id, struct arena *keep)
{
	for (size_t i = 0; i < shown->n; i++)
		if (shown->ids[i] == id)
			return true;
	arena_grow(keep, shown->ids, shown->n, &shown->cap);
	shown->ids[shown->n++] = id;
	return false;
}

static void
show_finding_event(struct sheet *s, int64_t id, struct text note, struct arena *keep)
{
	sheet_text(s, TEXT("event"), arena_printf(keep, "event:%lld", (long long)id), note);
}

/* An event, and when it is a part of a script block, all the others of that. */
static void
show_behind(struct sheet *s, struct casefile *cf, int64_t id, struct shown *shown,
	    struct arena *keep)
{
	struct script_part *parts;
	size_t              n = query_script_parts(cf, id, keep, &parts);

	for (size_t i = 0; n > 1 && i < n; i++) {
		struct text note = arena_printf(keep, "part %u of %u", parts[i].number,
						parts[i].total);

		if (parts[i].id && !shown_before(shown, parts[i].id, keep))
			show_finding_event(s, parts[i].id, note, keep);
	}
	if (!shown_before(shown, id, keep))
		show_finding_event(s, id, TEXT_NONE, keep);
}

static void
show_finding_parts(struct sheet *s, struct casefile *cf, const struct finding *f,
		   struct arena *keep)
{
	struct shown shown = { 0 };

	sheet_section(s, "risk");
	for (uint32_t i = 0; i < f->n_objects; i++) {
		sheet_text(s, f->objects[i].value,
			   arena_printf(keep, TEXT_FMT "  " TEXT_FMT,
					TEXT_ARG(scored(&f->objects[i], keep)),
					TEXT_ARG(f->objects[i].message)),
			   text_of(risk_object_type_name(f->objects[i].type)));
	}
	sheet_section(s, "threat objects");
	for (uint32_t i = 0; i < f->n_threats; i++)
		sheet_text(s, f->threats[i].value, f->threats[i].type, TEXT_NONE);
	sheet_section(s, "row");
	for (uint32_t i = 0; i < f->n_fields; i++)
		sheet_text(s, f->fields[i].name, f->fields[i].value, TEXT_NONE);
	sheet_section(s, "events");
	for (uint32_t i = 0; i < f->n_events; i++)
		show_behind(s, cf, f->events[i], &shown, keep);
	if (f->events_capped)
		sheet_text(s, TEXT("and"), TEXT("more; the drilldown shows all"), TEXT_NONE);
}

static void
show_finding(struct sheet *s, struct casefile *cf, const struct finding_row *row,
	     struct arena *keep)
{
	const struct finding *f = &row->finding;

	sheet_section(s, "finding");
	sheet_text(s, TEXT("finding"), arena_printf(keep, "finding:%lld", (long long)row->id),
		   TEXT_NONE);
	sheet_text(s, TEXT("message"), f->message, TEXT_NONE);
	sheet_text(s, TEXT("rule"), f->rule, TEXT_NONE);
	sheet_text(s, TEXT("rule_id"), f->rule_id, TEXT_NONE);
	sheet_text(s, TEXT("type"), f->type, TEXT_NONE);
	sheet_text(s, TEXT("technique"), f->techniques, f->tactics);
	sheet_time(s, TEXT("first_time"), f->first_ns);
	sheet_time(s, TEXT("last_time"), f->last_ns);
	sheet_text(s, TEXT("host"), f->host, TEXT_NONE);
	sheet_text(s, TEXT("user"), f->user, TEXT_NONE);
	sheet_number(s, TEXT("risk_score"), f->risk_score);
	sheet_count(s, TEXT("count"), f->count);
	sheet_text(s, TEXT("stories"), f->stories, TEXT_NONE);
	sheet_text(s, TEXT("verdict"), row->verdict, TEXT_NONE);
	sheet_text(s, TEXT("note"), row->note, TEXT_NONE);
	sheet_text(s, TEXT("bookmark"), row->bookmark ? TEXT("yes") : TEXT_NONE, TEXT_NONE);
	sheet_text(s, TEXT("remarks"), f->remarks, TEXT_NONE);
	show_finding_parts(s, cf, f, keep);
}

static int
show(struct cli *cli, struct casefile *cf, struct err *err)
{
	struct text        what = text_of(cli->opt->args[1]), kind = text_cut(&what, ':');
	const struct option_values *passwords = &cli->opt->values[OPTION_PASSWORD];
	const struct member_how     how = { cli->opt->args[0], 0, passwords->items, passwords->n };
	bool               event = text_eq(kind, TEXT("event")), good;
	struct print_style style;
	struct sheet      *s;
	struct event       ev;
	struct finding_row row;
	int64_t            id;

	if ((!event && !text_eq(kind, TEXT("finding"))) || text_absent(what) ||
	    !text_to_i64(what, &id) || id < 1) {
		err_set(err, ERR_USAGE,
			"%s: neither event:N nor finding:N; auger search and auger findings list "
			"the numbers",
			cli->opt->args[1]);
		return cli_fail(err);
	}
	good = event ? query_event(cf, id, true, cli->keep, &ev, err)
		     : query_finding(cf, id, cli->keep, &row, err);
	if (!good || !cli_style(cli, cf, &style, err))
		return cli_fail(err);
	s = sheet_begin(&style);
	if (event && option_given(cli->opt, OPTION_RAW))
		good = show_raw(s, cf, id, &how, cli->keep);
	else if (event)
		show_event(s, cf, &ev, option_given(cli->opt, OPTION_EXPLAIN), cli->keep);
	else
		show_finding(s, cf, &row, cli->keep);
	sheet_end(s);
	if (!good)
		cli_warn("%s: no evidence has its record now, see the result", cli->opt->args[1]);
	return cli_style_end(&style, good ? EXIT_DONE : EXIT_PARTLY);
}

int
command_show(struct cli *cli)
{
	return cli_with_case(cli, show);
}
