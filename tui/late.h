/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * late.h - the rules of a case, compiled beside the screen that is shown already.
 */
#ifndef AUGER_TUI_LATE_H
#define AUGER_TUI_LATE_H

#include "tui/tui.h"

struct late;

/* Starts setup->load_rules on a thread of its own. */
struct late *late_start(const struct tui_setup *setup);
/* Readable when they are there. */
int late_descriptor(const struct late *l);
bool late_ready(const struct late *l);
/* Waits for them and frees L; false: they cannot be loaded. GONE: see tui.h. */
bool late_take(struct late *l, struct ruleset **out, struct err *gone, struct err *err);

#endif
