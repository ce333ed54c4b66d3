/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * facts.h - what a case answers about itself when it is asked why a rule or a search found
 * nothing.
 */
#ifndef AUGER_TUI_FACTS_H
#define AUGER_TUI_FACTS_H

#include "rules/silence.h"
#include "store/casefile.h"

/* In KEEP; kinds of events that come into the case later are not in it. */
bool facts_of_case(struct casefile *cf, struct arena *keep, struct case_facts *out, struct err *err);

#endif
