/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/app.h"

const struct view_kind *const view_kinds[] = {
	&view_hosts,    &view_findings,  &view_events,     &view_timeline, &view_ledger,
	&view_evidence, &view_users,     &view_attack,     &view_risk,     &view_processes,
	&view_finding,  &view_event,     &view_search,     &view_rule,     &view_drilldowns,
	&view_help,     &view_messages,  &view_incidents,  &view_notes,
	&view_hiding,   &view_hidden,    &view_report,     NULL,
};
