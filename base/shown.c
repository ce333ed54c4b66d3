/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Event Viewer and text logs show for the numbers of an event's task and level. */
#include "config.h"

#include "base/names.h"

#include "base/name_entry.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct task {
	struct text provider; /* absent: of Security's */
	uint32_t    number;
	struct text name, category;
};

static bool
is_of_provider(const struct task *task, const struct event *ev)
{
	return task->provider.n ? text_ieq(task->provider, ev->provider)
				: ev->scope == SCOPE_SECURITY;
}

/* The task that all events like this one are of; 0: not known. */
static uint64_t
usual_task(const struct event *ev)
{
	static const struct {
		struct text provider;
		uint32_t    event_id, number;
	} usual[] = {
#define TASK_OF(from, id, called, of)
#define TASK(id, called, of)
#define EVENT_TASK(from, event_id, number) { TEXT_INIT(from), (event_id), (number) },
#include "base/tasks.def"
#undef EVENT_TASK
#undef TASK
#undef TASK_OF
	};

	for (size_t i = 0; i < COUNT(usual); i++)
		if (usual[i].event_id == ev->event_id && text_ieq(usual[i].provider, ev->provider))
			return usual[i].number;
	return 0;
}

/* The task that the event is of, by its number, of a log without numbers by its name, and of one that
 * says neither by what the event is. */
static const struct task *
task_of(const struct event *ev)
{
	static const struct task tasks[] = {
#define TASK_OF(from, id, called, of)                                                              \
	{ TEXT_INIT(from), (id), TEXT_INIT(called), TEXT_INIT(of) },
#define TASK(id, called, of) TASK_OF("", id, called, of)
#define EVENT_TASK(from, event_id, number)
#include "base/tasks.def"
#undef EVENT_TASK
#undef TASK
#undef TASK_OF
	};
	struct text name = event_body(ev, TEXT("TaskCategory"));
	uint64_t    number;

	if (!text_to_u64(event_get(ev, TEXT("Task")), &number))
		number = name.n ? 0 : usual_task(ev);
	for (size_t i = 0; i < COUNT(tasks); i++)
		if ((number ? tasks[i].number == number : text_ieq(tasks[i].name, name)) &&
		    is_of_provider(&tasks[i], ev))
			return &tasks[i];
	return NULL;
}

/* A task without a name is shown as its number, and 0 as none. */
static struct text
task_name(const struct event *ev, struct arena *keep)
{
	const struct task *task = task_of(ev);
	struct text        number = event_get(ev, TEXT("Task"));

	if (task)
		return task->name;
	if (number.n == 0 || text_eq(number, TEXT("0")))
		return number.n ? TEXT("None") : TEXT_NONE;
	return arena_printf(keep, "(" TEXT_FMT ")", TEXT_ARG(number));
}

struct level {
	struct text number, type, severity;
};

/* Security's events have no level (0). */
static const struct level *
level_of(const struct event *ev)
{
	static const struct level levels[] = {
		{ TEXT_INIT("0"), TEXT_INIT("Information"), TEXT_INIT("informational") },
		{ TEXT_INIT("1"), TEXT_INIT("Critical"), TEXT_INIT("critical") },
		{ TEXT_INIT("2"), TEXT_INIT("Error"), TEXT_INIT("high") },
		{ TEXT_INIT("3"), TEXT_INIT("Warning"), TEXT_INIT("medium") },
		{ TEXT_INIT("4"), TEXT_INIT("Information"), TEXT_INIT("informational") },
		{ TEXT_INIT("5"), TEXT_INIT("Verbose"), TEXT_INIT("informational") },
	};
	struct text number = event_get(ev, TEXT("Level"));

	for (size_t i = 0; i < COUNT(levels); i++)
		if (text_eq(levels[i].number, number))
			return &levels[i];
	return NULL;
}

struct text
shown_value(const struct event *ev, const struct name_entry *e, struct arena *keep)
{
	const struct level *level;
	const struct task  *task;

	switch ((int)e->how) {
	case HOW_TASK:
		return task_name(ev, keep);
	case HOW_TASK_CATEGORY:
		task = task_of(ev);
		return task ? task->category : TEXT_NONE;
	case HOW_LEVEL_TYPE:
		level = level_of(ev);
		return level ? level->type : TEXT_NONE;
	case HOW_SEVERITY:
		level = level_of(ev);
		return level ? level->severity : TEXT_NONE;
	}
	return TEXT_NONE;
}
