/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "samples/sample.h"

#include <assert.h>

/* Providers and GUIDs as registered by Windows and by the Sysmon installer. */
const struct sample_channel sample_channels[LOG_COUNT] = {
	[LOG_SECURITY] = { "Security", "Microsoft-Windows-Security-Auditing",
			   "{54849625-5478-4994-A5BA-3E3B0328C30D}", "Security" },
	[LOG_SYSMON] = { "Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon",
			 "{5770385F-C22A-43E0-BF4C-06F5698FFBD9}",
			 "Microsoft-Windows-Sysmon%4Operational" },
	[LOG_POWERSHELL] = { "Microsoft-Windows-PowerShell/Operational",
			     "Microsoft-Windows-PowerShell",
			     "{A0C1853B-5C40-4B15-8766-3CF1C58F985A}",
			     "Microsoft-Windows-PowerShell%4Operational" },
	[LOG_SYSTEM] = { "System", "Service Control Manager",
			 "{555908D1-A6D7-4695-8E1E-26931D2012F4}", "System" },
	[LOG_WINRM] = { "Microsoft-Windows-WinRM/Operational", "Microsoft-Windows-WinRM",
			"{A7975C8F-AC13-49F1-87DA-5A984A4AB417}",
			"Microsoft-Windows-WinRM%4Operational" },
	[LOG_WMI] = { "Microsoft-Windows-WMI-Activity/Operational",
		      "Microsoft-Windows-WMI-Activity", "{1418EF04-B0B4-4623-BF7E-D74AB47BBDAA}",
		      "Microsoft-Windows-WMI-Activity%4Operational" },
};

uint64_t
sample_random(struct sample_rng *r)
{
	r->state ^= r->state >> 12;
	r->state ^= r->state << 25;
	r->state ^= r->state >> 27;
	return r->state * UINT64_C(0x2545F4914F6CDD1D);
}

uint32_t
sample_below(struct sample_rng *r, uint32_t n)
{
	return (uint32_t)((sample_random(r) >> 32) % n);
}

const char *
sample_pick(struct sample_rng *r, const char *const *list, uint32_t n)
{
	return list[sample_below(r, n)];
}

void
sample_data(struct sample_event *ev, const char *name, const char *value)
{
	assert(ev->n_data < SAMPLE_DATA_MAX);
	ev->data[ev->n_data].name = name;
	ev->data[ev->n_data].value = value;
	ev->n_data++;
}
