/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * text_labels.h - labels of events that Windows wrote as text, in whatever language.
 */
#ifndef AUGER_IMPORTERS_TEXT_LABELS_H
#define AUGER_IMPORTERS_TEXT_LABELS_H

#include <stdbool.h>

#include "base/text.h"

/* "Ereignis-ID" is "Event ID"; what is English or not known is as it was. *FOREIGN is set to true
 * when the label was not English, else left. */
struct text text_label(struct text shown, bool *foreign);

/* Whether the line begins with the label, in whatever language, and a colon behind it. */
bool text_label_begins(struct text line, struct text english);

#endif
