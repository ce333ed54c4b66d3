/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON of any bytes. */
#include "config.h"

#include "importers/formats.h"
#include "tests/fuzz/fuzz_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	return fuzz_import(&importer_json, p, n);
}
