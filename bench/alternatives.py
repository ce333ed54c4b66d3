# SPDX-License-Identifier: GPL-3.0-or-later
"""alternatives.py - substring search: sketches of a case, looking at every event, FTS5.

FTS5 gets the values of every event as one text into a table of its own, without a copy of the text
(content=''), once with positions (detail=full: it answers alone) and once
without (detail=none: it names candidates that still have to be looked at). Its times leave out
that looking, so they flatter it.
"""
import html
import json
import os
import re
import sqlite3
import subprocess
import time

from measuring import Failed, median

ABSENT, RARE, COMMON = "zq9-needle-that-is-nowhere", "srv-01", "powershell"


def texts(bench, case):
    """The values of every event, one text each."""
    spl = "* | table Computer Channel EventCode EventData_Xml UserData_Xml"
    child = subprocess.Popen([bench.auger, "search", case, spl, "--format", "jsonl", "--quiet"],
                             stdout=subprocess.PIPE, text=True)
    with child.stdout:
        for line in child.stdout:
            values = "\n".join(str(v) for v in json.loads(line).values() if v)
            yield html.unescape(re.sub(r"(<[^>]*>)+", "\n", values))
    if child.wait() > 1:
        raise Failed("auger search of all events")


def build(path, rows, detail):
    """Returns the events, and the seconds that FTS5 alone took."""
    if os.path.exists(path):
        os.remove(path)
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA page_size=16384")
    db.execute("PRAGMA journal_mode=OFF")
    db.execute("PRAGMA synchronous=OFF")
    db.execute("CREATE VIRTUAL TABLE t USING fts5(x, content='', tokenize='trigram', detail=%s)"
               % detail)
    events, took, some = 0, 0.0, []

    def put():
        nonlocal took, events
        begin = time.perf_counter()
        db.execute("BEGIN")
        db.executemany("INSERT INTO t(rowid, x) VALUES(?, ?)", some)
        db.execute("COMMIT")
        took += time.perf_counter() - begin
        events += len(some)
        some.clear()
    for line in rows:
        some.append((events + len(some) + 1, line))
        if len(some) == 8192:
            put()
    put()
    db.close()
    return events, took


def ask(path, word, detail):
    """Milliseconds until all rowids of WORD are there, the median of three; and how many."""
    # without positions only single trigrams can be asked for
    match = '"%s"' % word if detail == "full" else " AND ".join(
        '"%s"' % word[i:i + 3] for i in range(len(word) - 2))
    took, n = [], 0
    for _ in range(3):
        db = sqlite3.connect(path)
        begin = time.perf_counter()
        n = sum(1 for _ in db.execute("SELECT rowid FROM t WHERE t MATCH ?", (match,)))
        took.append(time.perf_counter() - begin)
        db.close()
    return 1e3 * sorted(took)[1], n


def sketch_bytes(case):
    db = sqlite3.connect("file:%s?mode=ro" % case, uri=True)
    try:
        return db.execute("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'sketch%'").fetchone()[0]
    finally:
        db.close()


def alternatives(bench, case, runs):
    f, events = bench.figures, bench.events
    try:
        f.add("substring.sketches.size", "sketches: size", sketch_bytes(case) / events,
              "bytes/event", note="built with the case, see the stages of an import")
    except sqlite3.OperationalError as e:
        f.failed("substring.sketches.size", "sketches: size", "no dbstat: %s" % e)
    for name, word in (("absent", ABSENT), ("rare", RARE), ("common", COMMON)):
        took = [bench.run([bench.auger, "search", case, '"*%s*" | stats count' % word, "--quiet"])
                for _ in range(runs)]
        f.add("substring.sketches.%s" % name, "sketches: %s word, all of it counted" % name,
              1e3 * median(took), "ms", [1e3 * r.seconds for r in took], note="whole process")
    took = [bench.run([bench.auger, "search", case, '"*zq*" | stats count', "--quiet"])
            for _ in range(runs)]
    f.add("substring.scan", "every event looked at, two cores: two letters, counted",
          1e3 * median(took), "ms", [1e3 * r.seconds for r in took], note="whole process")
    for detail in ("full", "none"):
        path = bench.path("trigram-%s.db" % detail)
        n, seconds = build(path, texts(bench, case), detail)
        f.add("substring.fts5.%s.build" % detail, "FTS5 trigram, detail=%s: build" % detail,
              1e6 * seconds / n, "us/event", note="%.0f s for %d events" % (seconds, n))
        f.add("substring.fts5.%s.size" % detail, "FTS5 trigram, detail=%s: size" % detail,
              os.path.getsize(path) / n, "bytes/event")
        for name, word in (("absent", ABSENT), ("rare", RARE), ("common", COMMON)):
            ms, rows = ask(path, word, detail)
            f.add("substring.fts5.%s.%s" % (detail, name),
                  "FTS5 trigram, detail=%s: %s word, rowids" % (detail, name), ms, "ms",
                  note="%d rows" % rows)
        os.remove(path)
