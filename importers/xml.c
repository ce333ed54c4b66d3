/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rendered event XML: the elements of a file, one event each. */
#include "config.h"
#include "importers/formats.h"

#include "importers/textlog.h"

static enum bid
xml_bid(struct text head, uint64_t size)
{
	(void)size;
	return textlog_bid(head, RECORD_XML, RECORD_XML);
}

const struct importer importer_xml = {
	.name = "xml",
	.title = "event XML: Splunk XmlWinEventLog, wevtutil, Event Viewer, evtx_dump",
	.format = FORMAT_XML,
	.bid = xml_bid,
	.decode = textlog_decode,
};
