/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * date_line.h - date and time as Windows writes them in some locale: "03/05/2024 10:15:27 AM".
 *
 * Accepts English names of months before the day ("Mar 5, 2024 @ 10:15:27"); year, month and day in any order with '/', '.' or '-', fractions, AM and PM, the
 * invisible direction marks that Windows inserts, and a zone if there is one. Between "3/5" and
 * "5/3" only the file as a whole can decide: date_order_of tells what one date proves.
 */
#ifndef AUGER_IMPORTERS_DATE_LINE_H
#define AUGER_IMPORTERS_DATE_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define DATE_LINE_MAX 96 /* bytes, with line end and marks */

enum date_order {
	DATE_ORDER_OPEN,
	DATE_MONTH_FIRST,
	DATE_DAY_FIRST,
};

/* Whether T can be nothing but a date and a time. */
bool date_line_like(struct text t);

/* DATE_ORDER_OPEN when both numbers may be a month, or when T is no date. */
enum date_order date_order_of(struct text t);

/* Whether the date means another day if its order is the other one. */
bool date_order_assumed(struct text t);

/* DATE_ORDER_OPEN counts as month first beside AM or PM, else as day first. *HAS_ZONE: *NS is UTC; else it is local digits taken as
 * UTC. False: no date that exists. */
bool date_line_parse(struct text t, enum date_order order, int64_t *ns, bool *has_zone);

#endif
