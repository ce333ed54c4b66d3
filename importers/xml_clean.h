/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * xml_clean.h - makes well-formed what writers of event XML get wrong in values.
 *
 * XML 1.0 has no characters below blank but tab and line ends, yet logs hold them, as bytes and as
 * references (&#27;). They travel through the parser as the noncharacters U+FDD0 to U+FDEF, which
 * XML allows and text does not use. An ampersand that begins no reference stays an ampersand.
 */
#ifndef AUGER_IMPORTERS_XML_CLEAN_H
#define AUGER_IMPORTERS_XML_CLEAN_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/text.h"

struct xml_cleaned {
	bool controls; /* values must go through xml_restore */
	bool bare_ampersands;
};

/* T itself when nothing is wrong with it, else a copy in KEEP. */
struct text xml_clean(struct text t, struct arena *keep, struct xml_cleaned *what);

/* In place: the control characters come back. Returns the new length. */
size_t xml_restore(char *p, size_t n);

#endif
