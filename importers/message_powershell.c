/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "importers/message_powershell.h"

static bool
is_number(struct text t, uint64_t *n)
{
	return t.n > 0 && t.n < 10 && t.p[0] != '0' && text_to_u64(t, n);
}

/* "Creating Scriptblock text (2 of 3):" */
static void
script_part_numbers(struct event_builder *b, struct text first_line)
{
	size_t open = text_rfind_byte(first_line, '('), of;
	struct text inside, number, total;
	uint64_t n;

	if (open == TEXT_NOWHERE)
		return;
	inside = text_from(first_line, open + 1);
	inside = text_head(inside, text_rfind_byte(inside, ')'));
	of = text_find_byte(inside, ' ');
	if (of == TEXT_NOWHERE)
		return;
	number = text_head(inside, of);
	total = text_from(inside, text_rfind_byte(inside, ' ') + 1);
	if (!is_number(number, &n) || !is_number(total, &n))
		return;
	builder_body(b, TEXT("MessageNumber"), number);
	builder_body(b, TEXT("MessageTotal"), total);
}

static size_t
last_line_that_starts(struct text t, struct text head)
{
	size_t end = t.n;

	while (end > 0) {
		size_t lf = text_rfind_byte(text_head(t, end), '\n');
		size_t at = lf == TEXT_NOWHERE ? 0 : lf + 1;

		if (text_istarts(text_from(t, at), head))
			return at;
		if (at == 0)
			break;
		end = at - 1;
	}
	return TEXT_NOWHERE;
}

/* 4104: the text of the script ends at the last "ScriptBlock ID:" line, minus a blank line. */
static bool
script_block(struct event_builder *b, struct text message, enum message_labels labels)
{
	size_t lf = text_find_byte(message, '\n');
	size_t id = last_line_that_starts(message, TEXT("ScriptBlock ID:"));
	struct text script, rest, value;

	if (lf == TEXT_NOWHERE || id == TEXT_NOWHERE || id <= lf)
		return false;
	script_part_numbers(b, text_head(message, lf));
	script = text_from(text_head(message, id), lf + 1);
	for (int i = 0; i < 2 && script.n > 0 && script.p[script.n - 1] == '\n'; i++)
		script.n--;
	builder_body(b, TEXT("ScriptBlockText"), script);
	rest = text_from(message, id);
	value = text_trim(text_from(text_cut(&rest, '\n'), 15));
	builder_body(b, TEXT("ScriptBlockId"), value);
	if (labels == LABELS_ALL)
		builder_body(b, TEXT("ScriptBlock_ID"), value);
	if (text_istarts(rest, TEXT("Path:"))) {
		value = text_trim(text_from(text_cut(&rest, '\n'), 5));
		builder_body(b, TEXT("Path"), value.n > 0 ? value : TEXT(""));
	}
	return true;
}

/* Cuts MESSAGE at the line TITLE ("Details:"): the part before is returned without the blank line
 * in front of the title, *MESSAGE becomes the part behind it. Absent: no such line. */
static struct text
part_before(struct text *message, struct text title)
{
	size_t at = 0;

	while (at < message->n) {
		struct text line = text_from(*message, at);
		size_t lf = text_find_byte(line, '\n');
		size_t n = lf == TEXT_NOWHERE ? line.n : lf;

		if (text_eq(text_trim(text_head(line, n)), title)) {
			struct text before = text_head(*message, at);

			*message = text_from(*message, at + n + (lf != TEXT_NOWHERE));
			while (before.n > 0 && before.p[before.n - 1] == '\n')
				before.n--;
			return before;
		}
		at += n + 1;
	}
	return TEXT_NONE;
}

static struct text
present(struct text t)
{
	return t.n > 0 ? t : TEXT("");
}

/* 4103: payload, "Context:", context, "User Data:", user data. */
static bool
module_logging(struct event_builder *b, struct text message)
{
	struct text payload = part_before(&message, TEXT("Context:"));
	struct text context = part_before(&message, TEXT("User Data:"));

	if (text_absent(payload) || text_absent(context))
		return false;
	builder_body(b, TEXT("ContextInfo"), present(context));
	builder_body(b, TEXT("UserData"), present(text_trim(message)));
	builder_body(b, TEXT("Payload"), present(payload));
	return true;
}

/* What stands between HEAD and TAIL in T; absent when T is not built that way. */
static struct text
between(struct text t, struct text head, struct text tail)
{
	t = text_trim(t);
	if (!text_starts(t, head) || !text_iends(t, tail) || t.n < head.n + tail.n)
		return TEXT_NONE;
	return text_head(text_from(t, head.n), t.n - head.n - tail.n);
}

static void
three_values(struct event_builder *b, struct text first, struct text second, struct text third)
{
	builder_body(b, TEXT("Data"), present(first));
	builder_body(b, TEXT("Data"), present(second));
	builder_body(b, TEXT("Data"), present(third));
}

/* 400, 403: "Engine state is changed from %2 to %1."; 600: Provider "%1" is %2. */
static bool
engine(struct event_builder *b, uint32_t event_id, struct text message)
{
	struct text first = part_before(&message, TEXT("Details:"));
	bool provider = event_id == 600;
	struct text states = provider
				 ? between(first, TEXT("Provider \""), TEXT("."))
				 : between(first, TEXT("Engine state is changed from "), TEXT("."));
	struct text middle = provider ? TEXT("\" is ") : TEXT(" to ");
	size_t at = text_find(states, middle);

	if (text_absent(states) || at == TEXT_NOWHERE)
		return false;
	if (provider)
		three_values(b, text_head(states, at), text_from(states, at + middle.n), message);
	else
		three_values(b, text_from(states, at + middle.n), text_head(states, at), message);
	return true;
}

/* 800: "Pipeline execution details for command line: %1.", context, details. */
static bool
pipeline(struct event_builder *b, struct text message)
{
	struct text first = part_before(&message, TEXT("Context Information:"));
	struct text context = part_before(&message, TEXT("Details:"));
	struct text command =
	    between(first, TEXT("Pipeline execution details for command line: "), TEXT("."));

	if (text_absent(command) || text_absent(context))
		return false;
	three_values(b, command, context, message);
	return true;
}

bool
message_powershell(struct event_builder *b, uint32_t event_id, struct text message,
		   enum message_labels labels)
{
	switch (event_id) {
	case 4103:
		return module_logging(b, message);
	case 4104:
		return script_block(b, message, labels);
	case 400:
	case 403:
	case 600:
		return engine(b, event_id, message);
	case 800:
		return pipeline(b, message);
	default:
		return false;
	}
}
