/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/json_write.h"

#include "base/visible.h"

void
json_write(FILE *out, struct text t)
{
	uint32_t code;

	putc('"', out);
	for (size_t i = 0; i < t.n;) {
		size_t n = utf8_decode(t.p + i, t.p + t.n, &code);

		if (code == '"' || code == '\\')
			fprintf(out, "\\%c", (int)code);
		else if (code == '\n')
			fputs("\\n", out);
		else if (code == '\t')
			fputs("\\t", out);
		else if (code == 0xfffd && n == 1)
			fputs("\xef\xbf\xbd", out);
		else if (code != ' ' && code < 0x10000 && code_hostile(code))
			fprintf(out, "\\u%04x", (unsigned)code);
		else if (code_hostile(code))
			fprintf(out, "\\u%04x\\u%04x", 0xd7c0u + (unsigned)(code >> 10),
				0xdc00u + (unsigned)(code & 0x3ff));
		else
			fwrite(t.p + i, 1, n, out);
		i += n;
	}
	putc('"', out);
}
