/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the status line has said: errors stay readable after the next key. */
#include "config.h"

#include "tui/app.h"

static const enum action hints[] = { ACTION_FIND, ACTION_COPY_ROW, ACTION_NONE };

static bool
load(struct app *app, struct view *v, struct err *err)
{
	size_t kept = app->n_messages < MESSAGES_KEPT ? app->n_messages : MESSAGES_KEPT;

	(void)err;
	doc_reset(&v->doc, &v->arena);
	for (size_t i = 1; i <= kept; i++) {
		const struct message *m = &app->messages[(app->n_messages - i) % MESSAGES_KEPT];
		struct doc_item      *item = doc_plain(
		    &v->doc, arena_printf(&v->arena, "%s%s", m->bad ? "! " : "  ", m->text));

		item->role = m->bad ? ROLE_FLAG : ROLE_TEXT;
	}
	if (!kept)
		doc_plain(&v->doc, TEXT("Nothing has been said yet."));
	return true;
}

const struct view_kind view_messages = {
	.name = "messages",
	.title = "Messages",
	.keys = KEYS_MOVES | KEYS_TEXT,
	.hints = hints,
	.load = load,
};
