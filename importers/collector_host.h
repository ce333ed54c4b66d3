/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * collector_host.h - the host that a collection was made on, from the names of its folders.
 *
 * Collectors put a host's files into a folder or archive that bears its name: KAPE and CyLR
 * HOST/C/Windows/... and HOST.zip, Velociraptor Collection-HOST-TIME.zip and
 * HOST-C.CLIENT-F.FLOW.zip with uploads/auto/C%3A/... inside. Sources: the tools' documentation.
 * It is a guess, for records that do not say where they come from.
 */
#ifndef AUGER_IMPORTERS_COLLECTOR_HOST_H
#define AUGER_IMPORTERS_COLLECTOR_HOST_H

#include "base/text.h"

/* PATH as evidence has it, "archive.zip:member" too. The result is a part of PATH; absent: the
 * path does not look like a collector's. */
struct text collector_host(struct text path);

#endif
