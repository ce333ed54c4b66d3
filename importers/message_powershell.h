/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * message_powershell.h - the fields of PowerShell events out of their English messages.
 *
 * Layouts: the message templates of the providers Microsoft-Windows-PowerShell, PowerShellCore
 * (4103, 4104) and PowerShell (400, 403, 600, 800).
 */
#ifndef AUGER_IMPORTERS_MESSAGE_POWERSHELL_H
#define AUGER_IMPORTERS_MESSAGE_POWERSHELL_H

#include "importers/message_fields.h"

/* True: the message had the layout of the event, its fields are in the body. */
bool message_powershell(struct event_builder *b, uint32_t event_id, struct text message,
			enum message_labels labels);

#endif
