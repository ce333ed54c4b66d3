/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a detection matched is marked in the fields that its names stand for.
 */
#include "config.h"

#include "tests/events.h"
#include "tests/tap.h"
#include "tui/matched.h"

#define POWERSHELL "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe"

/* SHOWN, a field of EV, with what SEARCH matched between brackets. */
static struct text
marked(struct arena *keep, const struct event *ev, const char *field, const char *search)
{
	struct search    *s;
	struct err        err = { 0 };
	struct text       shown = event_body(ev, text_of(field)), out = TEXT("");
	struct search_env env = { 0 };
	struct range      ranges[MATCHED_MAX];
	struct arena      scratch = arena_open((size_t)1 << 28);
	size_t            n, at = 0;

	if (!search_compile(&s, keep, text_of(search), (struct place){ TEXT("test"), 1, 1 }, &env,
			    &err)) {
		printf("# %s\n", err.what);
		return TEXT("");
	}
	n = matched_ranges(&(struct detection){ .search = s }, ev, shown, scratch, ranges);
	arena_close(&scratch);
	for (size_t i = 0; i < n; i++) {
		struct text before = { shown.p + at, ranges[i].start - at };
		struct text inside = { shown.p + ranges[i].start, ranges[i].n };

		out = arena_printf(keep, TEXT_FMT TEXT_FMT "[" TEXT_FMT "]", TEXT_ARG(out),
				   TEXT_ARG(before), TEXT_ARG(inside));
		at = ranges[i].start + ranges[i].n;
	}
	return arena_join(keep, out, text_from(shown, at));
}

static struct event
process(struct arena *keep, const char *channel, uint32_t id, const char *image_name,
	const char *image, const char *command)
{
	struct event ev = event_new(keep, "WS-07", channel, id, 1, 0);

	event_with(&ev, keep, image_name, text_of(image));
	event_with(&ev, keep, "CommandLine", text_of(command));
	event_with(&ev, keep, "ParentImage", TEXT("C:\\Windows\\explorer.exe"));
	return ev;
}

static void
conditions_over_a_data_set_are_marked(struct arena *keep)
{
	static const char *tstats =
	    "| tstats count from datamodel=Endpoint.Processes where "
	    "Processes.process_name=powershell.exe Processes.process=\"*invoke-wmimethod*\" "
	    "NOT Processes.process=\"*-create*\" by Processes.dest";
	static const char *from = "| from datamodel Endpoint.Processes "
				  "| search process_name=powershell.exe process=\"*-CN*\"";
	struct event ev = process(keep, "Microsoft-Windows-Sysmon/Operational", 1, "Image",
				  POWERSHELL, "powershell Invoke-WmiMethod -CN a");

	is(marked(keep, &ev, "CommandLine", tstats), TEXT("powershell [Invoke-WmiMethod] -CN a"),
	   "tstats: the command line");
	is(marked(keep, &ev, "Image", tstats),
	   TEXT("C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\[powershell.exe]"),
	   "and the end of the path, which is the name of the process");
	is(marked(keep, &ev, "ParentImage", tstats), TEXT("C:\\Windows\\explorer.exe"),
	   "nothing that the search does not ask for");
	is(marked(keep, &ev, "CommandLine", from), TEXT("powershell Invoke-WmiMethod [-CN] a"),
	   "from datamodel and search: the same");
	is(marked(keep, &ev, "Image", from),
	   TEXT("C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\[powershell.exe]"), "in both fields");
	is(marked(keep, &ev, "CommandLine", "EventCode=1 CommandLine=\"*wmi*-cn*\""),
	   TEXT("powershell Invoke-[Wmi]Method [-CN] a"), "as in a search without a data set");
}

/* Security 4688: the process is told as path and arguments, which no field holds as such. */
static void
a_view_of_two_fields_is_marked_in_both(struct arena *keep)
{
	static const char *search = "| tstats count from datamodel=Endpoint.Processes where "
				    "Processes.process=\"*\\\\powershell.exe*-enc*\"";
	struct event ev = process(keep, "Security", 4688, "NewProcessName", POWERSHELL,
				  "\"powershell\"   -nop -enc SQBFAFgA ");

	is(marked(keep, &ev, "NewProcessName", search),
	   TEXT("C:\\Windows\\System32\\WindowsPowerShell\\v1.0[\\powershell.exe]"), "its path in one");
	is(marked(keep, &ev, "CommandLine", search), TEXT("\"powershell\"   -nop [-enc] SQBFAFgA "),
	   "its arguments in the other");
	is(marked(keep, &ev, "CommandLine", "EventCode=4688 process=\"*-create*\""),
	   TEXT("\"powershell\"   -nop -enc SQBFAFgA "), "what does not match is not marked");
}

int
main(void)
{
	struct arena keep = arena_open((size_t)1 << 28);

	conditions_over_a_data_set_are_marked(&keep);
	a_view_of_two_fields_is_marked_in_both(&keep);
	arena_close(&keep);
	return done_testing();
}
