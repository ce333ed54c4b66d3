/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions of time; "now" is the case clock. */
#include "config.h"

#include "base/when.h"
#include "rules/functions.h"
#include "rules/time_format.h"
#include "rules/timespec.h"

struct value
function_now(const struct expr *call, struct eval *ev)
{
	(void)call;
	return value_of_time(pipe_clock(ev->run));
}

struct value
function_time(const struct expr *call, struct eval *ev)
{
	return function_now(call, ev);
}

static bool
arg_time(const struct expr *call, struct eval *ev, size_t i, int64_t *ns)
{
	struct value v = arg_value(call, ev, i);

	v = value_first(&v);
	return value_time(&v, ns);
}

struct value
function_relative_time(const struct expr *call, struct eval *ev)
{
	struct text spec;
	int64_t     ns;

	if (!arg_time(call, ev, 0, &ns) || !arg_text(call, ev, 1, &spec) ||
	    !timespec_resolve(spec, ns, &ns) || ns == WHEN_NONE)
		return (struct value){ 0 };
	return value_of_time(ns);
}

struct value
function_strftime(const struct expr *call, struct eval *ev)
{
	struct text format;
	int64_t     ns;

	if (!arg_time(call, ev, 0, &ns) || !arg_text(call, ev, 1, &format))
		return (struct value){ 0 };
	return value_of_text(time_format(ns, format, ev->run->scratch));
}

struct value
function_strptime(const struct expr *call, struct eval *ev)
{
	struct text t, format;
	int64_t     ns;

	if (!arg_text(call, ev, 0, &t) || !arg_text(call, ev, 1, &format) ||
	    !time_parse(t, format, &ns))
		return (struct value){ 0 };
	return value_of_time(ns);
}
