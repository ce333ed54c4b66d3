/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "importers/signatures.h"

#include <stddef.h>

#include "base/ascii.h"

struct signature {
	size_t      offset;
	struct text bytes, reason; /* reason absent: ignore the file */
};

#define SIGNATURE(offset, bytes, reason) { offset, TEXT_INIT(bytes), TEXT_INIT(reason) }

static const struct signature binaries[] = {
	SIGNATURE(0, "\x30\0\0\0LfLe",
		  "event log of Windows XP or 2003 (.evt): convert it with Event Viewer or "
		  "'wevtutil epl FILE.evt FILE.evtx /lf:true'"),
	SIGNATURE(0, "SQLite f", "SQLite database, not an event log (a case is opened, not imported)"),
	{ 0, TEXT_INIT("\x00\x05\x16\x07"), { NULL, 0 } }, /* AppleDouble: "._name" beside a file */
	SIGNATURE(0, "MZ", "program (MZ), not an event log"),
	SIGNATURE(0, "\x7f"
		     "ELF",
		  "program (ELF), not an event log"),
	SIGNATURE(0, "%PDF", "PDF document, not an event log"),
	SIGNATURE(0, "\x0a\x0d\x0d\x0a", "packet capture (pcapng), not an event log"),
	SIGNATURE(0, "\xd4\xc3\xb2\xa1", "packet capture (pcap), not an event log"),
	SIGNATURE(0, "\xff\xfe\0\0", "text in UTF-32: convert it to UTF-8"),
	SIGNATURE(0, "\0\0\xfe\xff", "text in UTF-32: convert it to UTF-8"),
	SIGNATURE(0, "version https://git-lfs.github.com/spec/v1",
		  "Git LFS pointer: the real file was never downloaded (git lfs pull)"),
};

/* Beginnings of text, without case. */
static const struct signature texts[] = {
	SIGNATURE(0, "<!doctype html", "web page saved as a log: download the file itself"),
	SIGNATURE(0, "<html", "web page saved as a log: download the file itself"),
	SIGNATURE(0, "<objs ", "PowerShell CLIXML: export as EVTX or XML instead"),
	SIGNATURE(0, "#< clixml", "PowerShell CLIXML: export as EVTX or XML instead"),
	SIGNATURE(0, "#separator", "Zeek log, not Windows events"),
	SIGNATURE(0, "#fields", "Zeek log, not Windows events"),
	SIGNATURE(0, "CEF:", "CEF: it carries parts of events only; export as EVTX, XML or JSON"),
	SIGNATURE(0, "LEEF:", "LEEF: it carries parts of events only; export as EVTX, XML or JSON"),
	SIGNATURE(0, "TimeCreated  ", "a list or table as PowerShell shows it: export with "
				      "Export-Csv, ConvertTo-Json or as EVTX"),
	SIGNATURE(0, "Message  ", "a list as PowerShell shows it: export with Export-Csv, "
				  "ConvertTo-Json or as EVTX"),
	SIGNATURE(0, "ProviderName: ", "a table as PowerShell shows it: export with Export-Csv, "
				       "ConvertTo-Json or as EVTX"),
	SIGNATURE(0, "[]", "JSON without records: an empty list"),
	SIGNATURE(0, "<?xml", "XML, but without events in it"),
	SIGNATURE(0, "<", "XML or HTML, but without events in it"),
};

bool
signature_find(struct text head, struct text *reason, bool *ignore)
{
	for (size_t i = 0; i < sizeof(binaries) / sizeof(*binaries); i++) {
		const struct signature *s = &binaries[i];

		if (head.n < s->offset || !text_starts(text_from(head, s->offset), s->bytes))
			continue;
		*reason = s->reason;
		*ignore = text_absent(s->reason);
		return true;
	}
	return false;
}

/* "<14>": the priority that begins a line of syslog. */
static bool
is_syslog(struct text head)
{
	size_t n = 1;

	while (n < head.n && n < 5 && ascii_digit(head.p[n]))
		n++;
	return n > 1 && n < head.n && head.p[0] == '<' && head.p[n] == '>';
}

bool
text_signature_find(struct text head, struct text *reason)
{
	if (is_syslog(head)) {
		*reason = TEXT("syslog without JSON or event XML in it: it carries parts of events "
			       "only; export as EVTX, XML or JSON");
		return true;
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (!text_istarts(head, texts[i].bytes))
			continue;
		*reason = texts[i].reason;
		return true;
	}
	return false;
}
