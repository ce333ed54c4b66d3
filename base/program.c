/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/program.h"

#include <elf.h>
#include <link.h>
#include <string.h>

/* Names and contents of notes are filled up to whole words (elf(5)). */
#define WHOLE(n) (((size_t)(n) + 3) & ~(size_t)3)

static void
add_build_id(struct digest *d, const char *p, size_t n)
{
	ElfW(Nhdr) note;

	while (n >= sizeof(note)) {
		size_t size;

		memcpy(&note, p, sizeof(note));
		size = sizeof(note) + WHOLE(note.n_namesz) + WHOLE(note.n_descsz);
		if (size > n)
			return;
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == sizeof(ELF_NOTE_GNU) &&
		    memcmp(p + sizeof(note), ELF_NOTE_GNU, sizeof(ELF_NOTE_GNU)) == 0)
			digest_add(d, p + sizeof(note) + WHOLE(note.n_namesz), note.n_descsz);
		p += size;
		n -= size;
	}
}

/* The program itself comes first (dl_iterate_phdr(3)). */
static int
on_object(struct dl_phdr_info *info, size_t size, void *ctx)
{
	(void)size;
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];

		if (part->p_type == PT_NOTE)
			/* where it was loaded is a number until here */
			add_build_id(ctx, (const char *)(info->dlpi_addr + part->p_vaddr),
				     part->p_memsz);
	}
	return 1;
}

void
program_digest(struct digest *d)
{
	digest_add(d, PACKAGE_STRING, sizeof(PACKAGE_STRING));
	dl_iterate_phdr(on_object, d);
}
