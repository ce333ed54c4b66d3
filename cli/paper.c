/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/paper.h"

#include "base/ascii.h"
#include "base/visible.h"

static const char style[] =
    "body{font:15px/1.45 sans-serif;color:#111;background:#fff;max-width:75em;margin:2em auto;"
    "padding:0 1em}\n"
    "h1,h2,h3{line-height:1.2}h2{border-bottom:1px solid #999;margin-top:2em}\n"
    "h3{margin-top:1.6em}\n"
    "table{border-collapse:collapse;margin:.6em 0;font-size:13px}\n"
    "th,td{border:1px solid #bbb;padding:.15em .5em;text-align:left;vertical-align:top;"
    "overflow-wrap:anywhere;white-space:pre-wrap}\n"
    "th{background:#eee}\n"
    "pre{background:#f4f4f4;border:1px solid #ccc;padding:.5em;white-space:pre-wrap;"
    "overflow-wrap:anywhere;font-size:12.5px}\n"
    "@media print{body{margin:0;max-width:none;font-size:10pt}table{font-size:8pt}"
    "tr,pre{break-inside:avoid}h2,h3{break-after:avoid}}\n";

/* ---- escaping ---- */

static void
put_html(struct paper *p, struct text t)
{
	struct arena scratch = p->scratch;

	t = visible_block(t, false, &scratch);
	for (size_t i = 0; i < t.n; i++) {
		switch (t.p[i]) {
		case '&':
			fputs("&amp;", p->out);
			break;
		case '<':
			fputs("&lt;", p->out);
			break;
		case '>':
			fputs("&gt;", p->out);
			break;
		case '"':
			fputs("&quot;", p->out);
			break;
		case '\'':
			fputs("&#39;", p->out);
			break;
		default:
			putc(t.p[i], p->out);
		}
	}
}

static bool
is_word(char c)
{
	return ascii_alnum(c) || (c & 0x80);
}

/* Whether a Markdown reader could take byte I for markup, or for a part of a link. */
static bool
is_markup(struct text t, size_t i)
{
	char c = t.p[i], before = i ? t.p[i - 1] : ' ', next = i + 1 < t.n ? t.p[i + 1] : ' ';

	if (memchr("\\`*[]<>|~&@$", c, 12))
		return true;
	if (c == '_')
		return !is_word(before) || !is_word(next);
	if (c == ':')
		return next == '/';
	if (c == '.')
		return i >= 3 && (before | 0x20) == 'w' && (t.p[i - 2] | 0x20) == 'w';
	return i == 0 && memchr("#+-=", c, 4);
}

/* One line. */
static void
put_markdown(struct paper *p, struct text t)
{
	struct arena scratch = p->scratch;

	t = visible_line(t, false, &scratch);
	for (size_t i = 0; i < t.n; i++) {
		if (is_markup(t, i))
			putc('\\', p->out);
		putc(t.p[i], p->out);
	}
}

static void
put(struct paper *p, struct text t)
{
	if (p->form == PAPER_HTML)
		put_html(p, t);
	else
		put_markdown(p, t);
}

/* ---- pieces ---- */

void
paper_begin(struct paper *p, FILE *out, enum paper_form form, struct text title)
{
	*p = (struct paper){ out, form, arena_open((size_t)1 << 32) };
	if (form == PAPER_HTML) {
		fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		      "style-src 'unsafe-inline'\">\n<title>",
		      out);
		put(p, title);
		fprintf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n", style);
	}
	paper_heading(p, 1, title);
}

void
paper_end(struct paper *p)
{
	if (p->form == PAPER_HTML)
		fputs("</body>\n</html>\n", p->out);
	arena_close(&p->scratch);
}

void
paper_heading(struct paper *p, int level, struct text t)
{
	if (p->form == PAPER_HTML)
		fprintf(p->out, "<h%d>", level);
	else
		fprintf(p->out, "%.*s ", level, "######");
	put(p, t);
	if (p->form == PAPER_HTML)
		fprintf(p->out, "</h%d>\n", level);
	else
		fputs("\n\n", p->out);
}

void
paper_text(struct paper *p, struct text t)
{
	fputs(p->form == PAPER_HTML ? "<p>" : "", p->out);
	put(p, t);
	fputs(p->form == PAPER_HTML ? "</p>\n" : "\n\n", p->out);
}

void
paper_facts_begin(struct paper *p)
{
	fputs(p->form == PAPER_HTML ? "<table>\n" : "| | |\n| --- | --- |\n", p->out);
}

void
paper_fact(struct paper *p, const char *name, struct text value)
{
	if (!value.n)
		return;
	fprintf(p->out, p->form == PAPER_HTML ? "<tr><th>%s</th><td>" : "| %s | ", name);
	put(p, value);
	fputs(p->form == PAPER_HTML ? "</td></tr>\n" : " |\n", p->out);
}

void
paper_facts_end(struct paper *p)
{
	fputs(p->form == PAPER_HTML ? "</table>\n" : "\n", p->out);
}

static void
put_cells(struct paper *p, const char *tag, const struct text *cells, size_t n)
{
	fputs(p->form == PAPER_HTML ? "<tr>" : "|", p->out);
	for (size_t i = 0; i < n; i++) {
		if (p->form == PAPER_HTML)
			fprintf(p->out, "<%s>", tag);
		else
			putc(' ', p->out);
		put(p, cells[i]);
		if (p->form == PAPER_HTML)
			fprintf(p->out, "</%s>", tag);
		else
			fputs(" |", p->out);
	}
	fputs(p->form == PAPER_HTML ? "</tr>\n" : "\n", p->out);
}

void
paper_table_begin(struct paper *p, const struct text *heads, size_t n)
{
	if (p->form == PAPER_HTML)
		fputs("<table>\n", p->out);
	put_cells(p, "th", heads, n);
	if (p->form == PAPER_HTML)
		return;
	putc('|', p->out);
	for (size_t i = 0; i < n; i++)
		fputs(" --- |", p->out);
	putc('\n', p->out);
}

void
paper_row(struct paper *p, const struct text *cells, size_t n)
{
	put_cells(p, "td", cells, n);
}

void
paper_table_end(struct paper *p)
{
	fputs(p->form == PAPER_HTML ? "</table>\n" : "\n", p->out);
}
