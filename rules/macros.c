/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Search macros, by name and number of arguments. */
#include "config.h"

#include "rules/search.h"

/* What detections of every year rely on; files with the same names replace them. */
static const struct {
	const char *name, *arg, *definition;
} builtin_macros[] = {
    {"security_content_ctime", "field", "convert timeformat=\"%Y-%m-%dT%H:%M:%S\" ctime($field$)"},
    {"security_content_summariesonly", NULL,
     "summariesonly=`summariesonly_config` allow_old_summaries=`oldsummaries_config` "
     "fillnull_value=`fillnull_config`"},
    {"summariesonly_config", NULL, "false"},
    {"oldsummaries_config", NULL, "true"},
    {"fillnull_config", NULL, "null"},
    {"summariesonly", NULL, "summariesonly=false"},
    {"comment", "text", ""},
    {"drop_dm_object_name", "object", "rename \"$object$.*\" as \"*\""},
    {"process_powershell", NULL,
     "(Processes.process_name=pwsh.exe OR Processes.process_name=powershell.exe OR "
     "Processes.process_name=powershell_ise.exe OR Processes.original_file_name=pwsh.dll OR "
     "Processes.original_file_name=PowerShell.EXE OR "
     "Processes.original_file_name=powershell_ise.EXE)"},
    {"powershell", NULL,
     "(source=WinEventLog:Microsoft-Windows-PowerShell/Operational OR "
     "source=\"XmlWinEventLog:Microsoft-Windows-PowerShell/Operational\" OR "
     "source=WinEventLog:PowerShellCore/Operational OR "
     "source=\"XmlWinEventLog:PowerShellCore/Operational\")"},
    {"sysmon", NULL,
     "(sourcetype=XmlWinEventLog:Microsoft-Windows-Sysmon/Operational OR "
     "source=XmlWinEventLog:Microsoft-Windows-Sysmon/Operational OR "
     "source=WinEventLog:Microsoft-Windows-Sysmon/Operational OR "
     "source=Syslog:Linux-Sysmon/Operational)"},
    {"wineventlog_security", NULL,
     "(eventtype=wineventlog_security OR Channel=security OR source=XmlWinEventLog:Security)"},
    {"wineventlog_system", NULL,
     "(eventtype=wineventlog_system OR Channel=system OR source=XmlWinEventLog:System)"},
    {"wineventlog_application", NULL,
     "(eventtype=wineventlog_application OR source=XmlWinEventLog:Application)"},
    {"process_auditpol", NULL,
     "(Processes.process_name=auditpol.exe OR Processes.original_file_name=AUDITPOL.EXE)"},
    {"process_sqlcmd", NULL,
     "(Processes.process_name=sqlcmd.exe OR Processes.original_file_name=sqlcmd.exe)"},
    {"wineventlog_appxdeploymentserver", NULL,
     "source=\"XmlWinEventLog:Microsoft-Windows-AppXDeploymentServer/Operational\""},
    {"wineventlog_appxpackaging", NULL,
     "source=\"XmlWinEventLog:Microsoft-Windows-AppxPackaging/Operational\""},
    {"important_audit_policy_subcategory_guids", NULL,
     "(SubcategoryGuid IN (\"{0CCE922B-69AE-11D9-BED3-505054503030}\", "
     "\"{0CCE9215-69AE-11D9-BED3-505054503030}\", "
     "\"{0CCE922F-69AE-11D9-BED3-505054503030}\"))"},
    {"get_risk_severity", "score",
     "eval severity=case($score$>=500,\"critical\",$score$>=250,\"high\",$score$>=100,"
     "\"medium\",true(),\"low\")"},
};

struct macros {
	struct arena        *keep;
	const struct macro **items; /* by name, then number of arguments */
	size_t               n, cap;
};

static int
macro_order(const struct macro *m, struct text name, uint32_t n_args)
{
	int order = text_cmp(m->name, name);

	return order ? order : (m->n_args > n_args) - (m->n_args < n_args);
}

/* Index of the first macro that is not before (NAME, N_ARGS). */
static size_t
macro_seek(const struct macros *m, struct text name, uint32_t n_args)
{
	size_t low = 0, high = m->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (macro_order(m->items[mid], name, n_args) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct macros *
macros_new(struct arena *keep)
{
	struct macros *m = arena_new(keep, struct macros, 1);

	m->keep = keep;
	for (size_t i = 0; i < sizeof(builtin_macros) / sizeof(builtin_macros[0]); i++) {
		struct text  arg = text_of(builtin_macros[i].arg);
		struct macro macro = {
			.name = text_of(builtin_macros[i].name),
			.args = &arg,
			.n_args = builtin_macros[i].arg != NULL,
			.definition = text_of(builtin_macros[i].definition),
			.place = { TEXT("(built in)"), 1, 1 },
		};

		macros_add(m, &macro);
	}
	return m;
}

void
macros_add(struct macros *m, const struct macro *macro)
{
	struct macro *copy = arena_new(m->keep, struct macro, 1);
	size_t        at = macro_seek(m, macro->name, macro->n_args);

	*copy = *macro;
	copy->name = arena_copy(m->keep, macro->name);
	copy->definition = arena_copy(m->keep, macro->definition);
	copy->place.file = arena_copy(m->keep, macro->place.file);
	copy->args = arena_new(m->keep, struct text, macro->n_args);
	for (uint32_t i = 0; i < macro->n_args; i++)
		copy->args[i] = arena_copy(m->keep, macro->args[i]);
	if (at < m->n && macro_order(m->items[at], macro->name, macro->n_args) == 0) {
		m->items[at] = copy;
		return;
	}
	arena_grow(m->keep, m->items, m->n, &m->cap);
	memmove(m->items + at + 1, m->items + at, (m->n - at) * sizeof(*m->items));
	m->items[at] = copy;
	m->n++;
}

const struct macro *
macros_find(const struct macros *m, struct text name, uint32_t n_args)
{
	size_t at = macro_seek(m, name, n_args);

	return at < m->n && macro_order(m->items[at], name, n_args) == 0 ? m->items[at] : NULL;
}

const struct macro *
macros_get(const struct macros *m, size_t i)
{
	return i < m->n ? m->items[i] : NULL;
}
