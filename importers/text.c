/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Classic WinEventLog text: the blocks of a file, one event each. */
#include "config.h"
#include "importers/formats.h"

#include "importers/textlog.h"

static enum bid
text_bid(struct text head, uint64_t size)
{
	(void)size;
	return textlog_bid(head, RECORD_CLASSIC, RECORD_VIEWER);
}

const struct importer importer_text = {
	.name = "text",
	.title = "event text: Splunk WinEventLog, wevtutil /f:text, Event Viewer",
	.format = FORMAT_TEXT,
	.bid = text_bid,
	.decode = textlog_decode,
};
