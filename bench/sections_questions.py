# SPDX-License-Identifier: GPL-3.0-or-later
"""sections_questions.py - what is measured of a case: questions, searches, keys, upkeep."""
import json
import os
import shutil
import subprocess
import sys
import time

import alternatives
import evidence
from measuring import Failed, in_turn, median, percentile
from sections_import import Section, forget, importing, is_peer

ABSENT, RARE, COMMON = ("*%s*" % word for word in
                        (alternatives.ABSENT, alternatives.RARE, alternatives.COMMON))
SHORT = "*zq*" # too short for an index of three letters: every event is looked at


def case_of(bench):
    return bench.path("case-%d.auger" % bench.events)


def import_whole(bench):
    """Imports the whole generated set once, as the case that questions are put to; the run."""
    partial = case_of(bench) + ".partial"
    run = importing(bench, partial, [evidence.generated(bench, bench.events)])()
    os.rename(partial, case_of(bench))
    return run


def full_case(bench):
    """The case of the whole generated set, imported once."""
    if not os.path.exists(case_of(bench)):
        import_whole(bench)
    return case_of(bench)


def answers(bench, key, jobs):
    """JOBS: name -> arguments of auger, or with the budget behind them; each a whole process."""
    took, failed = in_turn({name: lambda a=job: bench.run([bench.auger, *a[0]])
                            for name, job in jobs.items()}, max(5, bench.runs))
    for name, why in failed.items():
        bench.figures.failed("%s.%s" % (key, name), name, why)
    for name, runs in took.items():
        _, promise, goal = jobs[name]
        bench.figures.add("%s.%s" % (key, name), name, 1e3 * median(runs), "ms",
                          [1e3 * r.seconds for r in runs], promise, goal,
                          "%.0f MiB" % median(runs, "peak_mib"))


def first_host(bench, case):
    out = subprocess.run([bench.auger, "hosts", case, "--format", "csv"], capture_output=True,
                         text=True, check=True).stdout
    return out.split("\n")[1].split(",")[0]


def screen(case, keys, promise="", goal=""):
    """The screen that KEYS lead to, drawn once, with its budget."""
    return (["browse", case, "--read-only", "--size", "120x40", "--keys", keys], promise, goal)


def spl(case, text, promise="", goal=""):
    return (["search", case, text, "--quiet"], promise, goal)


def questions(bench):
    """What the screens ask, each as a command and as the screen itself drawn once."""
    case = full_case(bench)
    host = first_host(bench, case)
    answers(bench, "ask", {
        "auger --version": (["--version"], "10", "5"),
        "hosts by risk": (["hosts", case], "", ""),
        "first screen: hosts": screen(case, "", "50", "30"),
        "screen: a host": screen(case, "<Enter>"),
        "screen: its events": screen(case, "<Enter>3"),
        "screen: all findings": screen(case, "2"),
        "screen: all events": screen(case, "3"),
        "screen: timeline": screen(case, "4"),
        "screen: events of one host, pinned": screen(case, "c3"),
        "screen: last of all events": screen(case, "3G"),
        "findings of one host": (["findings", case, "--host", host], "", ""),
        "incidents": (["incidents", case], "", ""),
        "risk events": (["risk", case], "", ""),
        "ledger": (["ledger", case], "", ""),
        "drilldowns of one host": (["drilldown", case, host], "", ""),
    })


def searches(bench):
    """By index, by substring, and by looking at everything."""
    case = full_case(bench)
    host = first_host(bench, case)
    answers(bench, "search", {
        "one event id of one host, counted":
            spl(case, 'EventCode=4104 Computer="%s" | stats count' % host),
        "one event id of one host, first 50":
            spl(case, 'EventCode=4104 Computer="%s" | head 50' % host),
        "rare substring, first 50": spl(case, '"%s" | head 50' % RARE, "100", "30"),
        "rare substring, counted": spl(case, '"%s" | stats count' % RARE, "1500", "300"),
        "absent substring, counted": spl(case, '"%s" | stats count' % ABSENT, "1500", "300"),
        "common substring, first 50": spl(case, '"%s" | head 50' % COMMON),
        "common substring, counted": spl(case, '"%s" | stats count' % COMMON),
        "two letters, every event looked at": spl(case, '"%s" | stats count' % SHORT),
    })


def upkeep(bench):
    """retag and verify; on a copy, since retag writes."""
    case, copy = full_case(bench), bench.path("retag.auger")
    many, _ = evidence.detections(bench, 2000)

    def retag(*options):
        def job():
            forget(copy)
            shutil.copyfile(case, copy)
            return bench.run([bench.auger, "retag", copy, "--quiet", *options])
        return job
    jobs = {"retag, five detections, 1 thread": retag("--threads", "1"),
            "retag, five detections, 2 threads": retag("--threads", "2"),
            "verify, with the hashes of the evidence":
                lambda: bench.run([bench.auger, "verify", case, "--quiet"])}
    if many:
        jobs["retag, 2,000 detections, 2 threads"] = retag("--threads", "2", "--rules", many)
    took, failed = in_turn(jobs, bench.runs)
    for name, why in failed.items():
        bench.figures.failed("upkeep." + name, name, why)
    for name, runs in took.items():
        bench.figures.add("upkeep." + name, name, bench.events / median(runs), "events/s",
                          [bench.events / r.seconds for r in runs],
                          note="%.1f s, %.0f MiB" % (median(runs), median(runs, "peak_mib")))
    forget(copy)


# ---- keys ----

KEYS = ["wait quiet 300", "cycle j,k x50", "key <PageDown> x20", "cycle G,g x20",
        "cycle ?,<Esc> x10", "cycle <Enter>,<Esc> x20", "key c x10", "key 3", "wait quiet 300",
        "cycle j,k x50", "key <PageDown> x20", "cycle G,g x20", "cycle <Enter>,<Esc> x20", "mem UI"]
# While the screen also changes by itself every key must have an effect: a press without one would be
# given the time of the next change that is not its own.
KEYS_IMPORTING = ["wait quiet 300", "cycle j,k x50", "cycle <PageDown>,<PageUp> x20", "cycle G,g x20"]
STATUS_LINE = "-2" # progress is said there
KEYS_LNAV = ["wait quiet 500", "cycle j,k x50", "key <PageDown> x20", "cycle G,g x10", "mem UI"]
# The moves of the budget; other keys open or ask, and have budgets of their own.
MOVES = ("j", "k", "<PageDown>", "<PageUp>", "G", "g")


def instrument(bench):
    path = os.path.join(bench.shared, "tools", "tui_latency.py")
    return path if os.path.exists(path) else None


def press(bench, command, keys, ready, before=None, mask=""):
    """Keys pressed at a terminal of 120x40, seen from outside; the instrument's own samples.
    MASK: lines whose changes are not a key's."""
    out = bench.path("keys.json")
    line = [sys.executable, instrument(bench), "run", "--size", "120x40", "--json", out]
    line += ["--ready", ready] if ready else []
    line += ["--mask=" + mask] if mask else []
    for key in keys:
        line += ["-k", key]
    begun = before() if before else None
    try:
        done = subprocess.run([*line, "--", *command], capture_output=True, text=True, check=False)
    finally:
        if begun:
            begun.wait()
    if done.returncode != 0:
        raise Failed("the latency instrument: " + done.stderr.strip()[-200:])
    with open(out, encoding="utf-8") as f:
        return json.load(f)


def report_keys(bench, key, name, seen, budgets):
    pressed = [seen["keys"][k] for k in MOVES if k in seen["keys"]]
    moves = [v for k in pressed for v in k["paint"]]
    idle = sum(k["n"] for k in pressed) - len(moves)
    if not moves:
        raise Failed("no key was answered")
    for (what, p), budget in zip((("p50", 50), ("p95", 95), ("max", 100)), budgets):
        bench.figures.add("%s.%s" % (key, what), "%s, j k page g G: %s" % (name, what),
                          percentile(moves, p), "ms", promise=budget[0], goal=budget[1],
                          note="%d presses" % len(moves) +
                          ("; %d left out, that changed nothing" % idle if idle else ""))


def keys(bench):
    """At rest, and while an import runs beside it."""
    if not instrument(bench):
        print("  no tools/tui_latency.py in %s" % bench.shared)
        return
    case, f = full_case(bench), bench.figures
    seen = press(bench, [bench.auger, case], KEYS, "Hosts")
    report_keys(bench, "keys", "keys", seen, (("1", "0.5"), ("3", "1.5"), ("16", "8")))
    start = seen["start"][0]
    f.add("keys.open", "open: first ranked hosts on the screen", float(start["ready"]), "ms",
          promise="50", goal="30")
    for k, name, promise, goal in (("<Enter>", "Enter on a row", "30", ""), ("?", "help", "5", ""),
                                   ("c", "filter to one computer", "50", "10")):
        paint = seen["keys"].get(k, {}).get("paint")
        if paint:
            f.add("keys." + k, name + ": p95", float(percentile(paint, 95)), "ms",
                  promise=promise, goal=goal, note="%d presses" % len(paint))
    for m in seen["memory"].get("UI", []):
        f.add("keys.memory", "memory of the UI", m["rss_kb"] / 1024, "MiB", promise="64",
              goal="32")

    copy, more = bench.path("keys.auger"), evidence.generated(bench, bench.events // 4, seed=3)
    forget(copy)
    shutil.copyfile(case, copy)

    def beside():
        child = subprocess.Popen([bench.auger, "import", copy, more, "--quiet"],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.3)
        return child
    seen = press(bench, [bench.auger, copy], KEYS_IMPORTING, "Hosts", beside, STATUS_LINE)
    report_keys(bench, "keys.importing", "during an import", seen,
                (("2", ""), ("16", "5"), ("50", "")))
    forget(copy)


def keys_lnav(bench):
    """lnav on as many lines of text as the case has events."""
    if not instrument(bench) or not is_peer("lnav", "lnav"):
        print("  lnav or tools/tui_latency.py is not there: left out")
        return
    log = bench.path("lines-%d.log" % bench.events)
    if not os.path.exists(log):
        with open(log + ".partial", "wb") as f:
            subprocess.run([sys.executable, instrument(bench), "gen", "--lines",
                            str(bench.events)], stdout=f, check=True)
        os.rename(log + ".partial", log)
    seen = press(bench, ["lnav", "-N", log], KEYS_LNAV, "L0")
    report_keys(bench, "keys.lnav", "lnav", seen, (("", ""), ("", ""), ("", "")))
    bench.figures.add("keys.lnav.open", "lnav: first lines on the screen",
                      float(seen["start"][0]["ready"]), "ms")
    for m in seen["memory"].get("UI", []):
        bench.figures.add("keys.lnav.memory", "lnav: memory", m["rss_kb"] / 1024, "MiB")


def substring(bench):
    alternatives.alternatives(bench, full_case(bench), max(3, bench.runs))


SECTIONS = [
    Section("questions", "Questions to the case, whole processes", True, questions),
    Section("search", "Searches of the case, whole processes", True, searches),
    Section("keys", "Keys, seen from outside (tui_latency.py, 120x40)", True, keys),
    Section("lnav", "Keys of lnav on as many lines", True, keys_lnav),
    Section("upkeep", "Retag and verify", True, upkeep),
    Section("substring", "Ways to search for a substring: sketches, everything, FTS5 trigram",
            False, substring),
]
