/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * event_layouts.h - names of an event's values in template order, for sources that lost them.
 *
 * Source: the manifests of the providers; only events whose layouts are few and well known.
 */
#ifndef AUGER_IMPORTERS_EVENT_LAYOUTS_H
#define AUGER_IMPORTERS_EVENT_LAYOUTS_H

#include "base/text.h"

/* N names, or NULL when no layout of N values is known for the event. */
const struct text *event_layout(struct text provider, struct text event_id, size_t n);

#endif
