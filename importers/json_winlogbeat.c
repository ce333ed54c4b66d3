/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Winlogbeat 7 and 8 ("winlog", Elastic Common Schema) and Winlogbeat 6 (flat, "event_data").
 * Keys may be nested, dotted, or both.
 */
#include "config.h"
#include "importers/json_form.h"

#include "importers/spelling.h"

struct path_fact {
	enum evtx_role role;
	struct text path;
};

static const struct path_fact facts7[] = {
	{ ROLE_PROVIDER, TEXT_INIT("winlog.provider_name") },
	{ ROLE_PROVIDER, TEXT_INIT("event.provider") },
	{ ROLE_GUID, TEXT_INIT("winlog.provider_guid") },
	{ ROLE_EVENT_ID, TEXT_INIT("winlog.event_id") },
	{ ROLE_EVENT_ID, TEXT_INIT("event.code") },
	{ ROLE_VERSION, TEXT_INIT("winlog.version") },
	{ ROLE_LEVEL, TEXT_INIT("log.level") },
	{ ROLE_OPCODE, TEXT_INIT("winlog.opcode") },
	{ ROLE_RECORD_ID, TEXT_INIT("winlog.record_id") },
	{ ROLE_ACTIVITY, TEXT_INIT("winlog.activity_id") },
	{ ROLE_RELATED_ACTIVITY, TEXT_INIT("winlog.related_activity_id") },
	{ ROLE_PROCESS, TEXT_INIT("winlog.process.pid") },
	{ ROLE_THREAD, TEXT_INIT("winlog.process.thread.id") },
	{ ROLE_CHANNEL, TEXT_INIT("winlog.channel") },
	{ ROLE_HOST, TEXT_INIT("winlog.computer_name") },
	{ ROLE_HOST, TEXT_INIT("host.name") },
	{ ROLE_USER, TEXT_INIT("winlog.user.identifier") },
};

static const struct path_fact facts6[] = {
	{ ROLE_PROVIDER, TEXT_INIT("source_name") },
	{ ROLE_GUID, TEXT_INIT("provider_guid") },
	{ ROLE_EVENT_ID, TEXT_INIT("event_id") },
	{ ROLE_VERSION, TEXT_INIT("version") },
	{ ROLE_LEVEL, TEXT_INIT("level") },
	{ ROLE_OPCODE, TEXT_INIT("opcode") },
	{ ROLE_RECORD_ID, TEXT_INIT("record_number") },
	{ ROLE_ACTIVITY, TEXT_INIT("activity_id") },
	{ ROLE_RELATED_ACTIVITY, TEXT_INIT("related_activity_id") },
	{ ROLE_PROCESS, TEXT_INIT("process_id") },
	{ ROLE_THREAD, TEXT_INIT("thread_id") },
	{ ROLE_CHANNEL, TEXT_INIT("log_name") },
	{ ROLE_HOST, TEXT_INIT("computer_name") },
	{ ROLE_USER, TEXT_INIT("user.identifier") },
};

static const struct move {
	enum event_scope scope;
	uint32_t event_id;
	struct text field, path;
} moves[] = {
#define MOVE(scope, event_id, field, path) { scope, event_id, TEXT_INIT(field), TEXT_INIT(path) },
#include "importers/winlogbeat_moves.def"
#undef MOVE
};

static void
add_facts(struct json_run *run, const struct json_paths *paths, const struct path_fact *facts,
	  size_t n)
{
	/* Audit events are "log always", which is shown as "information". */
	for (size_t i = 0; i < n; i++)
		if (facts[i].role == ROLE_PROVIDER &&
		    text_ieq(json_text(json_path(paths, facts[i].path), run->keep),
			     TEXT("Microsoft-Windows-Security-Auditing")))
			builder_fact(run->b, ROLE_LEVEL, TEXT("0"));
	for (size_t i = 0; i < n; i++)
		json_fact(run, facts[i].role, json_text(json_path(paths, facts[i].path), run->keep));
}

/* A list of words in one value; the words are all that is left of the bits. */
static void
add_keywords(struct json_run *run, struct json_object *words)
{
	struct text all = TEXT_NONE;
	size_t n = json_is_list(words) ? json_object_array_length(words) : 0;

	if (!json_is_list(words))
		all = json_text(words, run->keep);
	for (size_t i = 0; i < n; i++) {
		struct text t = json_text(json_object_array_get_idx(words, i), run->keep);

		if (all.n > 0)
			all = arena_join(run->keep, all, TEXT(","));
		all = arena_join(run->keep, all, t);
	}
	if (all.n > 0)
		json_fact(run, ROLE_KEYWORDS, all);
}

static void
add_members(struct json_run *run, struct json_object *data)
{
	for (struct json_member m = json_first(data); !text_absent(m.key); m = json_next(m))
		if (!text_eq(m.key, TEXT("xml_name")))
			json_body(run, m.key, m.value, true);
}

static void
add_dotted(struct json_run *run, struct json_object *holder, struct text prefix)
{
	for (struct json_member m = json_first(holder); !text_absent(m.key); m = json_next(m))
		if (text_starts(m.key, prefix))
			json_body(run, text_from(m.key, prefix.n), m.value, true);
}

/* event_data and user_data, nested or as dotted keys of the top or of what holds them. */
static void
add_data(struct json_run *run, const struct json_paths *paths, struct text prefix)
{
	struct text holder, inner = prefix;

	add_members(run, json_path(paths, text_head(prefix, prefix.n - 1)));
	if (!paths->dotted)
		return;
	add_dotted(run, paths->top, prefix);
	holder = text_cut(&inner, '.');
	if (inner.n > 0)
		add_dotted(run, json_path(paths, holder), inner);
}

/* Kibana's tables have the time of the analyst's browser. */
static void
add_time(struct json_run *run, const struct json_paths *paths)
{
	json_set_time(run, json_text(json_path(paths, TEXT("@timestamp")), run->keep), false);
}

static void
add_words(struct json_run *run, struct json_object *task, struct json_object *opcode,
	  struct json_object *message)
{
	json_body(run, TEXT("TaskCategory"), task, false);
	json_body(run, TEXT("OpCode"), opcode, false);
	if (message)
		builder_add(run->b, ROLE_MESSAGE, TEXT_NONE, json_text(message, run->keep));
}

/* "MD5=...,SHA256=..." from what HOLDER, "process" or "file", has of them, in Sysmon's order. */
static struct text
moved_hashes(struct json_run *run, const struct json_paths *paths, const char *holder)
{
	static const struct {
		const char *path;
		struct text name;
	} kinds[] = {
		{ "hash.sha1", TEXT_INIT("SHA1=") },
		{ "hash.md5", TEXT_INIT("MD5=") },
		{ "hash.sha256", TEXT_INIT("SHA256=") },
		{ "pe.imphash", TEXT_INIT("IMPHASH=") },
	};
	struct text all = TEXT_NONE;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct text at = arena_printf(run->keep, "%s.%s", holder, kinds[i].path);
		struct text t = json_text(json_path(paths, at), run->keep);
		struct text capitals;
		char *p;

		if (t.n == 0)
			continue;
		capitals = arena_copy(run->keep, t);
		p = arena_alloc(run->keep, 1, 1, t.n);
		for (size_t k = 0; k < t.n; k++)
			p[k] = (char)(t.p[k] >= 'a' && t.p[k] <= 'f' ? t.p[k] - 32 : t.p[k]);
		capitals.p = p;
		if (all.n > 0)
			all = arena_join(run->keep, all, TEXT(","));
		all = arena_join(run->keep, arena_join(run->keep, all, kinds[i].name), capitals);
	}
	return all;
}

/* The modules count hashes of deleted files and of clipboards among those of the process. */
static const char *
holder_of_hashes(uint64_t event_id)
{
	return event_id == 1 || (event_id >= 23 && event_id <= 26) ? "process" : "file";
}

/* One field has another name than the others. */
static void
move_hashes(struct json_run *run, const struct json_paths *paths, uint64_t event_id)
{
	struct text field = event_id == 15 ? TEXT("Hash") : TEXT("Hashes");
	struct text all;

	if (!text_absent(builder_body_get(run->b, field)))
		return;
	all = moved_hashes(run, paths, holder_of_hashes(event_id));
	if (all.n > 0)
		builder_body(run->b, field, all);
}

static void
move_user(struct json_run *run, const struct json_paths *paths)
{
	struct text domain = json_text(json_path(paths, TEXT("user.domain")), run->keep);
	struct text name = json_text(json_path(paths, TEXT("user.name")), run->keep);

	if (name.n == 0)
		return;
	if (domain.n > 0)
		name = arena_printf(run->keep, TEXT_FMT "\\" TEXT_FMT, TEXT_ARG(domain),
				    TEXT_ARG(name));
	builder_body(run->b, TEXT("User"), name);
}

static bool
is_hex_field(struct text field)
{
	return text_eq(field, TEXT("ProcessId")) || text_eq(field, TEXT("NewProcessId"));
}

/* Does an event with this id have another field there than most? */
static bool
is_other_field(const struct move *m, uint64_t event_id)
{
	for (size_t i = 0; m->event_id == 0 && i < sizeof(moves) / sizeof(*moves); i++)
		if (moves[i].scope == m->scope && moves[i].event_id == event_id &&
		    text_eq(moves[i].path, m->path))
			return true;
	return false;
}

static void
move_back(struct json_run *run, const struct json_paths *paths)
{
	enum event_scope scope = json_scope(run);
	uint64_t id = 0;

	if (!text_to_u64(builder_get(run->b, ROLE_EVENT_ID), &id))
		return;
	for (size_t i = 0; i < sizeof(moves) / sizeof(*moves); i++) {
		const struct move *m = &moves[i];
		struct text value;

		if (m->scope != scope || (m->event_id != 0 && m->event_id != id) ||
		    is_other_field(m, id))
			continue;
		if (!text_absent(builder_body_get(run->b, m->field)))
			continue;
		value = json_text(json_path(paths, m->path), run->keep);
		if (text_absent(value))
			continue;
		/* Ids of processes are hexadecimal in Security events. */
		if (scope == SCOPE_SECURITY && is_hex_field(m->field))
			value = spelling_hex64(value, run->keep);
		builder_body(run->b, m->field, value);
	}
	if (scope != SCOPE_SYSMON)
		return;
	move_hashes(run, paths, id);
	if (text_absent(builder_body_get(run->b, TEXT("User"))))
		move_user(run, paths);
}

static bool
matches7(struct json_object *top)
{
	if (json_has(top, "winlog"))
		return true;
	for (struct json_member m = json_first(top); !text_absent(m.key); m = json_next(m))
		if (text_starts(m.key, TEXT("winlog.")))
			return true;
	return false;
}

/* 3 of "param3"; 0: it is called otherwise. */
static uint64_t
value_number(const struct field *f)
{
	uint64_t number = 0;

	return text_starts(f->name, TEXT("param")) && text_to_u64(text_from(f->name, 5), &number)
		   ? number : 0;
}

/* Providers without a manifest, and so without a GUID, log values that have no names: Winlogbeat
 * numbers them. */
static void
unname_values(struct event_builder *b)
{
	struct text   name = TEXT("Data");
	struct field *body = b->fields + BUILDER_FACTS;
	uint32_t      n = b->n_fields - BUILDER_FACTS;

	if (!text_absent(builder_get(b, ROLE_GUID)) ||
	    text_istarts(builder_get(b, ROLE_PROVIDER), TEXT("Microsoft-Windows-")) ||
	    text_ieq(builder_get(b, ROLE_PROVIDER), TEXT("Service Control Manager")))
		return;
	for (uint32_t i = 0; i < n; i++)
		if (text_eq(body[i].name, TEXT("Binary"))) { /* what else such an event can have */
			struct field binary = body[i];

			body[i] = body[--n];
			body[n] = binary;
		}
	for (uint32_t i = 0; i < n; i++)
		if (value_number(&body[i]) == 0 || value_number(&body[i]) > n)
			return;
	/* keys of JSON may come sorted: param10 before param2 */
	for (uint32_t i = 0; i < n; i++)
		for (uint64_t number; (number = value_number(&body[i])) != i + 1;) {
			struct field other = body[number - 1];

			if (value_number(&other) == number)
				return; /* there are two of it */
			body[number - 1] = body[i];
			body[i] = other;
		}
	for (uint32_t i = 0; i < n; i++) {
		body[i].name = name;
		body[i].key = text_key(name);
	}
}

static enum json_outcome
read7(struct json_run *run, struct json_object *top)
{
	struct json_paths paths = json_paths(top);

	add_facts(run, &paths, facts7, sizeof(facts7) / sizeof(*facts7));
	add_keywords(run, json_path(&paths, TEXT("winlog.keywords")));
	add_time(run, &paths);
	add_data(run, &paths, TEXT("winlog.event_data."));
	add_data(run, &paths, TEXT("winlog.user_data."));
	unname_values(run->b);
	move_back(run, &paths);
	add_words(run, json_path(&paths, TEXT("winlog.task")),
		  json_path(&paths, TEXT("winlog.opcode")), json_path(&paths, TEXT("message")));
	return JSON_EVENT;
}

const struct json_form json_winlogbeat = {
	.name = "Winlogbeat 7 or 8",
	.matches = matches7,
	.read = read7,
};

static bool
matches6(struct json_object *top)
{
	return json_has(top, "event_id") && json_has(top, "log_name") &&
	       json_has(top, "source_name");
}

static enum json_outcome
read6(struct json_run *run, struct json_object *top)
{
	struct json_paths paths = json_paths(top);

	add_facts(run, &paths, facts6, sizeof(facts6) / sizeof(*facts6));
	add_keywords(run, json_get(top, "keywords"));
	add_time(run, &paths);
	add_data(run, &paths, TEXT("event_data."));
	add_data(run, &paths, TEXT("user_data."));
	unname_values(run->b);
	add_words(run, json_get(top, "task"), json_get(top, "opcode"), json_get(top, "message"));
	return JSON_EVENT;
}

const struct json_form json_winlogbeat6 = {
	.name = "Winlogbeat 6",
	.matches = matches6,
	.read = read6,
};
