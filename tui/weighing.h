/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * weighing.h - what risk is counted from, by keys: risk given by hand, what is known of hosts and
 * users, risk factors.
 *
 * What is asked for is typed into a prompt, or is a row; before it counts, the user sees whose risk
 * it changes (view_weighing.c).
 */
#ifndef AUGER_TUI_WEIGHING_H
#define AUGER_TUI_WEIGHING_H

#include "tui/app.h"

/* w K; false: not its business. */
bool weighing_act(struct app *app, struct view *v, enum action action);

/* The prompt for such a change, with START in it; Enter tries it. A change of a row is tried at once. */
void weighing_ask(struct app *app, const struct risk_wish *wish, struct text start);
void weighing_try(struct app *app, const struct risk_wish *wish);

/* Whether NAME is who the place is about; of a place about everybody all are. */
struct whose {
	struct casefile    *cf;
	struct called_book *users;
	struct text         key; /* absent: everybody */
	bool                nobody; /* one that the case does not have */
};
struct whose weighing_whose(struct app *app, const struct level *level, struct arena *keep);
bool         weighing_is_of(const struct whose *w, enum risk_object_type type, struct text name,
			    struct arena scratch);

void weighing_close(struct weighing *w); /* of view_weighing.c */

#endif
