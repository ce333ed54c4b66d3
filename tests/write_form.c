/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * write_form [NAME] - the sample intrusion in the form of that name to standard output, which must
 * be a file; without a name the names.
 */
#include "config.h"

#include <string.h>

#include "tests/forms.h"

int
main(int argc, char **argv)
{
	struct arena keep = arena_open((size_t)1 << 28);
	struct sample_event *story;
	size_t n = sample_story(&keep, &story);

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		if (argc < 2)
			puts(forms[i].name);
		else if (strcmp(forms[i].name, argv[1]) == 0)
			form_write(&forms[i], story, n, &keep, stdout);
	}
	return 0;
}
