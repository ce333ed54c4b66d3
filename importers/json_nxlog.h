/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * json_nxlog.h - the zone in which a recording by NXLog wrote its local times.
 */
#ifndef AUGER_IMPORTERS_JSON_NXLOG_H
#define AUGER_IMPORTERS_JSON_NXLOG_H

#include "importers/json_form.h"

/* What one record says: EventReceivedTime is local, @timestamp the same moment in UTC. Seconds
 * east of UTC. False: the record does not tell. */
bool nxlog_zone(struct json_object *top, struct arena *keep, int32_t *zone_s);

#endif
