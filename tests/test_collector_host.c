/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hosts out of the folders that collectors make. */
#include "config.h"

#include "importers/collector_host.h"
#include "tests/tap.h"

#define LOGS "Windows/System32/winevt/Logs/Security.csv"

static void
collectors_name_their_hosts(void)
{
	static const struct {
		struct text path, host;
		const char *what;
	} cases[] = {
		{ TEXT_INIT("/mnt/kape/WS-07/C/" LOGS), TEXT_INIT("WS-07"), "a KAPE folder" },
		{ TEXT_INIT("out/2024-03-05T091527_WS-07/C/" LOGS), TEXT_INIT("WS-07"),
		  "a KAPE folder with a time" },
		{ TEXT_INIT("srv_2.corp.example.zip:C/" LOGS), TEXT_INIT("srv_2.corp.example"),
		  "a CyLR archive" },
		{ TEXT_INIT("x/DC01.7z:C:/" LOGS), TEXT_INIT("DC01"), "a drive with its colon" },
		{ TEXT_INIT("DC01/uploads/auto/C%3A/" LOGS), TEXT_INIT("DC01"),
		  "a Velociraptor upload" },
		{ TEXT_INIT("Collection-WS-07-2024-03-05T09_15_27Z.zip:uploads/auto/C%3A/" LOGS),
		  TEXT_INIT("WS-07"), "a Velociraptor collection" },
		{ TEXT_INIT("Collection-ws07.corp.example-2024-03-05T09_15_27Z/results/a.json"),
		  TEXT_INIT("ws07.corp.example"), "its results too" },
		{ TEXT_INIT("e/WS-07-C.0123456789abcdef-F.CNB1S0.zip:x.json"), TEXT_INIT("WS-07"),
		  "a flow that was downloaded" },
		{ TEXT_INIT("HOST9/windows/system32/winevt/logs/a.csv"), TEXT_INIT("HOST9"),
		  "a folder of files without the drive" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		is(collector_host(cases[i].path), cases[i].host, cases[i].what);
}

static void
other_folders_name_none(void)
{
	static const struct text paths[] = {
		TEXT_INIT(""),
		TEXT_INIT("Security.csv"),
		TEXT_INIT("reports/WS-07/Security.csv"),
		TEXT_INIT("C/" LOGS),
		TEXT_INIT("/evidence/C/" LOGS),
		TEXT_INIT("2024-03-05T091527/C/" LOGS),
		TEXT_INIT("12345/C/" LOGS),
		TEXT_INIT("no host/C/" LOGS),
		TEXT_INIT("evil\033[2J/C/" LOGS),
		TEXT_INIT("Collection-.zip:a"),
		TEXT_INIT(":::::"),
		TEXT_INIT("Windows/System32"),
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		ok(text_absent(collector_host(paths[i])), "path %zu names no host", i);
}

int
main(void)
{
	collectors_name_their_hosts();
	other_folders_name_none();
	return done_testing();
}
