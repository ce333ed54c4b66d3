/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * evtx.h - binary Windows event logs (EVTX), and single chunks of them cut out of an image.
 *
 * The size of the input decides, never its header: chunks are taken one behind the other to the
 * end, and looked for at every sector where the grid is broken. A range decodes the chunks whose
 * first byte lies in it and reads past its end for the last one. `consumed` counts from the
 * beginning of the range.
 */
#ifndef AUGER_IMPORTERS_EVTX_H
#define AUGER_IMPORTERS_EVTX_H

#include "importers/importer.h"

extern const struct importer importer_evtx;

#endif
