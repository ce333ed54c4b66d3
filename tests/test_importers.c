/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which format a file is, folders, and files read by place. */
#include "config.h"

#include <sys/stat.h>
#include <unistd.h>

#include "tests/import_help.h"

static void
is_found(struct text head, const char *name, const char *what)
{
	struct text reason;
	bool ignore;
	const struct importer *imp = importer_find(head, head.n, &reason, &ignore);

	ok(imp && strcmp(imp->name, name) == 0, "%s is %s", what, name);
}

static void
is_refused(struct text head, const char *words)
{
	struct text reason;
	bool ignore;
	const struct importer *imp = importer_find(head, head.n, &reason, &ignore);
	bool good = !imp && text_find(reason, text_of(words)) != TEXT_NOWHERE;

	ok(good && !ignore, "refused: %s", words);
	if (!good)
		printf("#   %s " TEXT_FMT "\n", imp ? imp->name : "no importer", TEXT_ARG(reason));
}

static void
content_decides_on_the_format(void)
{
	is_found(TEXT("ElfFile\0............"), "evtx", "a binary log");
	is_found(TEXT("<Event xmlns='x'><System>"), "xml", "a bare event");
	is_found(TEXT("\xef\xbb\xbf<?xml version='1.0'?>\n<Events><Event>"), "xml", "an export");
	is_found(TEXT("Record 1\n<?xml version='1.0'?>\n<Event>"), "xml", "output of a decoder");
	is_found(TEXT("03/05/2024 10:15:27 AM\nLogName=Security\n"), "text", "a classic block");
	is_found(TEXT("0\0003\0/\0000\0005\0/\0002\0000\0002\0004\0 "
		      "\0001\0000\0:\0001\0005\0:\0002\0007\0"
		      "\n\0L\0o\0g\0N\0a\0m\0e\0=\0S\0\n\0"),
		 "text", "a classic block in UTF-16");
	is_found(TEXT("Event[0]:\n  Log Name: System\n"), "text", "wevtutil's text");
	is_found(TEXT("Log Name:      System\nSource:        x\n"), "text", "Event Viewer's copy");
	is_found(TEXT("some words first\n<Event><System>"), "xml", "an event behind other words");
}

static void
what_is_no_event_log_is_named(void)
{
	is_refused(TEXT("\x30\0\0\0LfLe\1\0\0\0"), ".evt");
	is_refused(TEXT("SQLite format 3\0"), "SQLite");
	is_refused(TEXT("MZ\x90\0"), "program (MZ)");
	is_refused(TEXT("\x7f"
			"ELF\2"),
		   "program (ELF)");
	is_refused(TEXT("%PDF-1.7"), "PDF");
	is_refused(TEXT("\x0a\x0d\x0d\x0a\x1c"), "pcapng");
	is_refused(TEXT("\xd4\xc3\xb2\xa1\2\0"), "pcap");
	is_refused(TEXT("\xff\xfe\0\0<\0\0\0"), "UTF-32");
	is_refused(TEXT("version https://git-lfs.github.com/spec/v1\noid sha256:1\n"), "Git LFS");
	is_refused(TEXT("\r\n<!DOCTYPE html><html>"), "web page");
	is_refused(TEXT("<HTML><body>"), "web page");
	is_refused(TEXT("<Objs Version='1.1.0.1'>"), "CLIXML");
	is_refused(TEXT("#separator \\x09\n"), "Zeek");
	is_refused(TEXT("<?xml version='1.0'?><catalog/>"), "without events");
	is_refused(TEXT("just some words\n"), "not known");
	is_refused(TEXT("cut at `<Event ...>...</Event>` or\n"), "not known");
	is_refused(TEXT("\1\2\3\4\5\6\7\1\2\3\4\5\6"), "binary");
	is_refused(TEXT(""), "empty");
	is_refused(TEXT(" \r\n "), "blanks");
}

static void
companion_files_are_passed_over(void)
{
	struct text reason;
	bool ignore;

	ok(!importer_find(TEXT("\0\5\x16\7\0\2"), 6, &reason, &ignore) && ignore,
	   "AppleDouble holds no evidence");
}

struct trail {
	char text[1024];
	size_t n, stop_after, seen;
	size_t troubles;
};

static bool
note_path(void *ctx, struct text path, uint64_t size)
{
	struct trail *t = ctx;
	struct text name = text_last_part(path);

	t->n += (size_t)snprintf(t->text + t->n, sizeof(t->text) - t->n, TEXT_FMT ":%llu ",
				 TEXT_ARG(name), (unsigned long long)size);
	return ++t->seen != t->stop_after;
}

static void
note_trouble(void *ctx, struct text path, const char *why)
{
	struct trail *t = ctx;

	(void)path, (void)why;
	t->troubles++;
}

static void
put_file(struct arena *a, const char *folder, const char *name, const char *content)
{
	FILE *f = fopen(arena_cstr(a, arena_printf(a, "%s/%s", folder, name)), "w");

	if (f) {
		fputs(content, f);
		fclose(f);
	}
}

static void
folders_are_walked_in_the_order_of_paths(void)
{
	struct arena a = arena_open(1 << 20);
	char folder[] = "/tmp/auger-walk-XXXXXX";
	struct trail t = { .n = 0 };
	struct input in;
	struct err err = { .kind = ERR_NONE };
	struct text root, pipe;
	static const char *const left[] = {
		"/a", "/b.log", "/b/z", "/b", "/c", "/pipe", "/loop", ""
	};

	if (!mkdtemp(folder)) {
		skip("no temporary folder");
		return;
	}
	root = text_of(folder);
	mkdir(arena_cstr(&a, arena_printf(&a, "%s/b", folder)), 0700);
	put_file(&a, folder, "b.log", "12");
	put_file(&a, folder, "b/z", "1");
	put_file(&a, folder, "a", "");
	put_file(&a, folder, "c", "123");
	pipe = arena_printf(&a, "%s/pipe", folder);
	if (mkfifo(arena_cstr(&a, pipe), 0600) != 0 ||
	    symlink(folder, arena_cstr(&a, arena_printf(&a, "%s/loop", folder))) != 0)
		skip("no pipes or links here");
	ok(evidence_walk(root, note_path, note_trouble, &t), "walked to the end");
	is(text_head(text_of(t.text), t.n), TEXT("a:0 b.log:2 z:1 c:3 "),
	   "files in bytewise order");
	ok(t.troubles == 2, "the pipe and the link to a folder are named, not followed");
	t = (struct trail){ .stop_after = 2 };
	ok(!evidence_walk(root, note_path, note_trouble, &t) && t.seen == 2, "stops when told to");
	t = (struct trail){ .n = 0 };
	evidence_walk(arena_printf(&a, "%s/missing", folder), note_path, note_trouble, &t);
	ok(t.troubles == 1 && t.seen == 0, "a path that is not there is trouble");
	ok(!input_open(&in, &a, pipe, &err) && strstr(err.what, "named pipe") && err.where[0],
	   "a named pipe is refused and does not hang");
	input_close(&in);
	err = (struct err){ .kind = ERR_NONE };
	ok(!input_open(&in, &a, root, &err) && strstr(err.what, "folder"), "so is a folder");
	err = (struct err){ .kind = ERR_NONE };
	ok(!input_open(&in, &a, TEXT("/dev/null"), &err) && strstr(err.what, "device"),
	   "and a device");
	for (size_t i = 0; i < sizeof(left) / sizeof(*left); i++)
		remove(arena_cstr(&a, arena_printf(&a, "%s%s", folder, left[i])));
	arena_close(&a);
}

static void
a_file_is_read_by_place(void)
{
	struct arena a = arena_open(1 << 20);
	char path[] = "/tmp/auger-input-XXXXXX";
	int fd = mkstemp(path);
	struct input in;
	struct err err = { .kind = ERR_NONE };
	char buf[8];
	size_t got = 0;

	if (fd < 0 || write(fd, "0123456789", 10) != 10) {
		skip("no temporary file");
		return;
	}
	ok(input_open(&in, &a, text_of(path), &err) && in.size == 10 && in.seekable, "opened");
	ok(in.read_at(in.self, 6, buf, sizeof(buf), &got, &err) && got == 4 &&
	       memcmp(buf, "6789", 4) == 0,
	   "the last bytes");
	ok(in.read_at(in.self, 2, buf, 3, &got, &err) && got == 3 && memcmp(buf, "234", 3) == 0,
	   "and earlier ones after them");
	ok(in.read_at(in.self, UINT64_MAX - 1, buf, 3, &got, &err) && got == 0, "far past the end");
	input_close(&in);
	input_close(&in);
	ok(!input_open(&in, &a, TEXT("/nowhere/at/all"), &err) && err.kind == ERR_INPUT,
	   "a missing file is said");
	close(fd);
	unlink(path);
	arena_close(&a);
}

int
main(void)
{
	content_decides_on_the_format();
	what_is_no_event_log_is_named();
	companion_files_are_passed_over();
	folders_are_walked_in_the_order_of_paths();
	a_file_is_read_by_place();
	return done_testing();
}
