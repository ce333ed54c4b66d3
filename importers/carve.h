/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * carve.h - chunks and records of event logs out of any bytes: unused space, memory, disks.
 *
 * A chunk is taken wherever its signature stands; it ends where the next one begins. Between
 * chunks every whole record is read as well: the place of its chunk is told by a definition it
 * carries, else guessed from what was read last and from the regular grid of a log; a template
 * that is lost is borrowed from a chunk before. Everything read is flagged EVENT_RECOVERED. What
 * is no part of an event log is passed over in silence.
 */
#ifndef AUGER_IMPORTERS_CARVE_H
#define AUGER_IMPORTERS_CARVE_H

#include "importers/importer.h"

/* Bids for nothing: it is for inputs that the user names. */
extern const struct importer importer_carve;

#endif
