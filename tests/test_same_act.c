/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The same act in every form: the sample intrusion is written in each of them, and what rules see
 * of every event is the same as in the binary log.
 */
#include "config.h"

#include "base/names.h"
#include "tests/forms.h"
#include "tests/import_help.h"

enum { SCRIPT };

/* What the built-in rules name, and the data model of processes. */
static const char *const names[] = {
	[SCRIPT] = "ScriptBlockText", "dest", "Computer", "ComputerName", "host", "EventCode",
	"EventID", "signature_id",
	"signature", "user_id", "vendor_product", "Guid", "Opcode", "Name", "ProcessID",
	"RecordNumber", "Channel", "source", "ScriptBlockId", "MessageNumber",
	"MessageTotal", "Path", "Message", "User", "CommandLine", "NewProcessName", "Image",
	"ParentImage", "Processes.dest", "Processes.user", "Processes.process",
	"Processes.process_name", "Processes.process_path", "Processes.process_id",
	"Processes.process_guid", "Processes.process_hash", "Processes.parent_process",
	"Processes.parent_process_name", "Processes.parent_process_path",
	"Processes.parent_process_id", "Processes.parent_process_guid",
	"Processes.original_file_name", "Processes.process_integrity_level",
	"Processes.process_current_directory", "Processes.vendor_product",
};
#define NAMES (sizeof(names) / sizeof(*names))

struct told {
	int64_t time_ns;
	uint64_t record_id;
	struct text host, channel;
	struct text values[NAMES]; /* several joined by '|' */
};

struct telling {
	struct arena mem;
	struct told *events;
	size_t n, cap;
};

static bool
keep_event(void *self, struct event *ev)
{
	struct telling *t = self;
	struct told *to;

	arena_grow(&t->mem, t->events, t->n, &t->cap);
	to = &t->events[t->n++];
	*to = (struct told){ .time_ns = ev->time_ns,
			     .record_id = ev->record_id,
			     .host = arena_copy(&t->mem, ev->host),
			     .channel = arena_copy(&t->mem, ev->channel) };
	for (size_t i = 0; i < NAMES; i++) {
		struct name_ref ref = name_ref(text_of(names[i]));
		struct text values[NAME_VALUES_MAX];
		size_t n = event_values(ev, &ref, &t->mem, values, NAME_VALUES_MAX);

		to->values[i] = n ? arena_copy(&t->mem, values[0]) : TEXT("");
		for (size_t k = 1; k < n; k++)
			to->values[i] =
			    arena_printf(&t->mem, TEXT_FMT "|" TEXT_FMT, TEXT_ARG(to->values[i]),
					 TEXT_ARG(values[k]));
	}
	return true;
}

static struct telling
tell(struct text bytes)
{
	struct telling t = { .mem = arena_open((size_t)1 << 30) };
	struct memory_evidence m = { bytes };
	struct input in = { .name = TEXT("memory"), .size = bytes.n, .self = &m,
			    .read_at = memory_evidence_read, .seekable = true };
	struct sink sink = { .self = &t, .event = keep_event };
	struct import_options opt = { .window_bytes = 0 };
	struct err err = { .kind = ERR_NONE };
	struct text reason;
	bool ignore;
	const struct importer *imp =
	    importer_find(text_head(bytes, SNIFF_BYTES), bytes.n, &reason, &ignore);

	if (imp)
		imp->decode(&in, 0, bytes.n, &opt, &sink, &err);
	return t;
}

static const struct told *
find(const struct telling *t, const struct told *like)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->events[i].record_id == like->record_id &&
		    text_eq(t->events[i].host, like->host) &&
		    text_eq(t->events[i].channel, like->channel))
			return &t->events[i];
	return NULL;
}

/* A message that is not the event's own lists whatever a form has beside the event. */
static bool
lacks(const struct form *form, const char *name, const struct told *told)
{
	char word[64];

	if (strcmp(name, "Message") == 0)
		return told->values[SCRIPT].n == 0;
	snprintf(word, sizeof(word), " %s ", name);
	return strstr(form->lacks, word) != NULL;
}

/* Lines of a message lose the blanks at their ends. */
static bool
same_value(const struct form *form, struct text a, struct text b)
{
	return form->message ? text_eq(text_trim(a), text_trim(b)) : text_eq(a, b);
}

static bool
same(const struct form *form, const struct told *a, const struct told *b)
{
	int64_t unit = WHEN_SECOND;
	bool good = true;

	for (int i = 0; i < form->digits; i++)
		unit /= 10;
	if (a->time_ns / unit != b->time_ns / unit) {
		printf("# time differs: %lld, %lld\n", (long long)a->time_ns, (long long)b->time_ns);
		good = false;
	}
	for (size_t i = 0; i < NAMES; i++) {
		if (same_value(form, a->values[i], b->values[i]) || lacks(form, names[i], a))
			continue;
		printf("# %s of " TEXT_FMT " %llu: [" TEXT_FMT "], not [" TEXT_FMT "]\n", names[i],
		       TEXT_ARG(a->channel), (unsigned long long)a->record_id,
		       TEXT_ARG(b->values[i]), TEXT_ARG(a->values[i]));
		good = false;
	}
	return good;
}

int
main(void)
{
	struct arena keep = arena_open((size_t)1 << 28);
	struct sample_event *story;
	size_t n = sample_story(&keep, &story), expected;
	struct telling binary = tell(form_text(&forms[0], story, n, &keep));

	ok(binary.n == n, "the binary log has every event of the story");
	for (size_t k = 1; k < sizeof(forms) / sizeof(*forms); k++) {
		struct telling t = tell(form_text(&forms[k], story, n, &keep));
		size_t alike = 0;

		expected = 0;
		for (size_t i = 0; i < n; i++)
			expected += form_tells(&forms[k], &story[i]);
		for (size_t i = 0; i < t.n; i++) {
			const struct told *twin = find(&binary, &t.events[i]);

			alike += twin && same(&forms[k], twin, &t.events[i]);
		}
		ok(t.n == expected && alike == expected, "%s: %zu of %zu events as in the binary log",
		   forms[k].name, alike, expected);
		arena_close(&t.mem);
	}
	arena_close(&binary.mem);
	arena_close(&keep);
	return done_testing();
}
