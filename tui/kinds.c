/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of screens. */
#include "config.h"

#include "tui/app.h"

const struct view_kind *const view_kinds[] = {
#define VIEW(name) &view_##name,
#include "tui/views.def"
#undef VIEW
	NULL,
};
