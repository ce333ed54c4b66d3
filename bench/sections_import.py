# SPDX-License-Identifier: GPL-3.0-or-later
"""sections_import.py - what is measured of the way in: decoding, importing, against others."""
import os
import re
import shutil
import subprocess
import tempfile
from collections import namedtuple

import evidence
import stages
from measuring import Failed, in_turn, median

Section = namedtuple("Section", "name title usual measure")


def forget(case):
    for end in ("", "-wal", "-shm"):
        if os.path.exists(case + end):
            os.remove(case + end)


def importing(bench, case, paths, *options):
    """A job that imports PATHS into CASE anew."""
    def job():
        forget(case)
        return bench.run([bench.auger, "import", case, *paths, "--quiet", *options])
    return job


def megabytes(paths):
    return evidence.bytes_of(paths) / 1e6


# ---- decoding ----

def decoding(bench):
    """bench/decode prints megabytes and records a second of processor time."""
    real = evidence.real(bench, 1)
    sets = {"generated": evidence.files(evidence.generated(bench, bench.events)),
            "real": evidence.files(real) if real else []}
    for name, found in sets.items():
        best = sorted((p for p in found if name == "real" or p.endswith("Security.evtx")),
                      key=os.path.getsize)[-4:]
        if not best:
            continue
        out = subprocess.run([bench.program("bench/decode"), *best], capture_output=True,
                             text=True, check=True).stdout
        for what, unit, dense in (("MB/s", "MB/s", ("400", "800")),
                                  ("records/s", "records/s", ("500000", "1000000"))):
            values = [float(v) for v in re.findall(r"([\d.]+) %s" % what, out)]
            promise, goal = dense if name == "generated" else ("", "")
            bench.figures.add("decode.%s.%s" % (name, unit), "decode, one core, %s" % (
                "dense Security logs" if name == "generated" else "the largest real logs"),
                sorted(values)[len(values) // 2], unit, values, promise, goal,
                "of %d files" % len(values))


# ---- importing ----

def import_all(bench):
    """The generated set with one and two threads, in turn."""
    folder = evidence.generated(bench, bench.events)
    found, f = evidence.files(folder), bench.figures
    evidence.warm(found)
    cases = {n: bench.path("import-%d.auger" % n) for n in (1, 2)}
    took, failed = in_turn({n: importing(bench, cases[n], [folder], "--threads", str(n))
                            for n in cases}, bench.runs)
    for n, why in failed.items():
        f.failed("import.%d" % n, "import, %d threads" % n, why)
    for n, runs in took.items():
        seconds = median(runs)
        f.add("import.%d" % n, "import, all in, %d decoding thread%s" % (n, "s" * (n > 1)),
              bench.events / seconds, "events/s", [bench.events / r.seconds for r in runs],
              "60000" if n == 2 else "", "120000" if n == 2 else "",
              "%.1f s, %.0f MB/s" % (seconds, megabytes(found) / seconds))
        f.add("import.%d.cpu" % n, "processor time of it",
              1e6 * median(runs, "cpu_s") / bench.events, "us/event")
        f.add("import.%d.peak" % n, "peak memory of it", median(runs, "peak_mib"), "MiB",
              [r.peak_mib for r in runs], "256", "128")
    if 2 in took:
        f.add("case.size", "case file", os.path.getsize(cases[2]) / bench.events, "bytes/event",
              promise="500", goal="350", note="%.0f bytes/event of evidence" %
              (1e6 * megabytes(found) / bench.events))


def import_detections(bench):
    """The five, all published detections, and 2,000 of them, on generated and on real events."""
    all_rules, n = evidence.detections(bench, 0)
    many, _ = evidence.detections(bench, 2000)
    if not many:
        print("  no published detections in %s" % bench.shared)
        return
    real = evidence.real(bench, bench.copies)
    for name, folder in (("generated", evidence.generated(bench, bench.events)), ("real", real)):
        if not folder:
            continue
        evidence.warm(evidence.files(folder))
        case = bench.path("detections-%s-%%d.auger" % name)
        jobs = {5: importing(bench, case % 5, [folder]),
                n: importing(bench, case % n, [folder], "--rules", all_rules),
                2000: importing(bench, case % 2000, [folder], "--rules", many)}
        took, failed = in_turn(jobs, bench.runs)
        for count, why in failed.items():
            bench.figures.failed("detections.%s.%d" % (name, count), "%d detections" % count, why)
        if 5 not in took:
            continue
        events, base = bench.events_in(case % 5), median(took[5])
        for count, runs in took.items():
            bench.figures.add("detections.%s.%d" % (name, 500 if count == n else count),
                              "import, %s events, %d detections" % (name, count),
                              events / median(runs), "events/s",
                              [events / r.seconds for r in runs],
                              note="" if count == 5 else "%.2f of the speed with five" %
                              (base / median(runs)))
            bench.figures.add("detections.%s.%d.peak" % (name, 500 if count == n else count),
                              "peak memory of it", median(runs, "peak_mib"), "MiB",
                              promise="256", goal="128")
        if 2000 in took:
            bench.figures.add("detections.%s.share" % name,
                              "speed with 2,000 detections, %s events" % name,
                              base / median(took[2000]), "of five",
                              [a.seconds / b.seconds for a, b in zip(took[5], took[2000])],
                              "0.50", "0.67")


# ---- others on the same files ----

def on_each(command):
    """One process a file, as these programs want it; a file it cannot read costs only itself."""
    return lambda paths: ["sh", "-c", 'for f do %s "$f"; done; exit 0' % command, "sh", *paths]


# name, program, word in its help that tells it from others of the name, what it does, its command
PEERS = [
    ("evtxexport", "evtxexport", "evtx", "writes XML, one core", on_each("evtxexport -f xml")),
    ("evtx_dump -t 1", "evtx_dump", "evtx", "writes JSON lines, one core",
     on_each("evtx_dump -t 1 -o jsonl")),
    ("evtx_dump -t 2", "evtx_dump", "evtx", "writes JSON lines, two cores",
     on_each("evtx_dump -t 2 -o jsonl")),
    ("chainsaw search", "chainsaw", "hunt", "looks for one word in every record",
     lambda paths: ["chainsaw", "search", "-q", "-i", "needle", os.path.dirname(paths[0])]),
    ("hayabusa", "hayabusa", "csv-timeline", "runs its own rules, writes a timeline",
     lambda paths: ["hayabusa", "csv-timeline", "-w", "-q", "-C", "-d", os.path.dirname(paths[0]),
                    "-o", os.path.join(tempfile.gettempdir(), "auger-bench-hayabusa.csv")]),
    ("zircolite", "zircolite", "ruleset", "runs its own rules over a database in memory",
     lambda paths: ["zircolite", "--events", os.path.dirname(paths[0])]),
]


def is_peer(program, word):
    """Is there a PROGRAM, and is it the one meant? Names are not unique."""
    if not shutil.which(program):
        return False
    out = b""
    for ask in ("--help", "-h"):
        try:
            done = subprocess.run([program, ask], capture_output=True, timeout=20, check=False)
            out += done.stdout + done.stderr
        except (OSError, subprocess.TimeoutExpired):
            pass
    return word.encode() in out.lower()


def against_peers(bench):
    """Other programs and the bare bytes against auger import, which does more than they do: it
    hashes, normalises, matches, indexes and commits. Whole processes, output thrown away."""
    sets = {"generated": evidence.some_of(bench, evidence.generated(bench, bench.events), 10 ** 8),
            "real": evidence.real(bench, bench.copies)}
    present = [p for p in PEERS if is_peer(p[1], p[2])]
    for name in {p[1]: 0 for p in PEERS if p not in present}:
        print("  %s is not installed: left out" % name)
    for name, folder in sets.items():
        if not folder:
            continue
        found, case = evidence.files(folder), bench.path("peers-%s.auger" % name)
        evidence.warm(found)
        jobs = {"cat": lambda: bench.run(["cat", *found]),
                "sha256": lambda: bench.run(["openssl", "dgst", "-sha256", *found]),
                "auger, 1 thread": importing(bench, case, [folder], "--threads", "1"),
                "auger, 2 threads": importing(bench, case, [folder], "--threads", "2")}
        for p in present:
            jobs[p[0]] = lambda command=p[4](found): bench.run(command)
        took, failed = in_turn(jobs, bench.runs)
        for job, why in failed.items():
            bench.figures.failed("peers.%s.%s" % (name, job), job, why)
        report_peers(bench, name, took, found)


def report_peers(bench, name, took, found):
    does = {"cat": "the bytes from memory", "sha256": "hashes the bytes, one core",
            "auger, 1 thread": "decodes with one thread, writes with another",
            "auger, 2 threads": "decodes, matches five rules, indexes, commits"}
    does.update({p[0]: p[3] for p in PEERS})
    mine = took.get("auger, 2 threads")
    for job, runs in took.items():
        ratio = ""
        if mine and not job.startswith(("auger", "cat", "sha")):
            ratio = "; %.1f times auger's time" % (median(runs) / median(mine))
        bench.figures.add("peers.%s.%s" % (name, job), "%s files (%.0f MB): %s" % (
            name, megabytes(found), job), median(runs), "s", [r.seconds for r in runs],
            note=does[job] + ratio + ", %.0f MiB" % median(runs, "peak_mib"))
    for peer, key, promise, goal in (("evtxexport", "evtxexport", "10", "30"),
                                     ("evtx_dump -t 2", "evtx_dump", "", "")):
        if mine and peer in took:
            bench.figures.add("peers.%s.ratio.%s" % (name, key),
                              "%s files: import is as fast as %s" % (name, peer),
                              median(took[peer]) / median(mine), "times",
                              [b.seconds / a.seconds for a, b in zip(mine, took[peer])],
                              promise, goal)


# ---- growth ----

def growth(bench):
    """The cost of an event in a quarter of the set and in all of it; of one file into an empty case
    and into the full one."""
    sizes = {n: evidence.generated(bench, n) for n in (bench.events // 4, bench.events)}
    case = bench.path("growth-%d.auger")
    took, failed = in_turn({n: importing(bench, case % n, [folder])
                            for n, folder in sizes.items()}, bench.runs)
    if failed:
        raise Failed("; ".join(failed.values()))
    for n, runs in took.items():
        bench.figures.add("growth.%d" % n, "import of %d events" % n, 1e6 * median(runs) / n,
                          "us/event", [1e6 * r.seconds / n for r in runs],
                          note="%.1f us/event of processor time" %
                          (1e6 * median(runs, "cpu_s") / n))
    one = evidence.generated(bench, 10000, seed=2, hosts=1)
    full, copy, empty = case % bench.events, bench.path("growth-copy.auger"), \
        bench.path("growth-empty.auger")

    def into_full():
        forget(copy)
        shutil.copyfile(full, copy)
        return bench.run([bench.auger, "import", copy, one, "--quiet"])
    took, failed = in_turn({"an empty case": importing(bench, empty, [one]),
                            "a case of %d events" % bench.events: into_full}, bench.runs)
    for (where, runs), key in zip(took.items(), ("empty", "full")):
        bench.figures.add("growth.into.%s" % key, "import of 10000 events into %s" % where,
                          1e3 * median(runs), "ms", [1e3 * r.seconds for r in runs],
                          note="%.0f ms of processor time" % (1e3 * median(runs, "cpu_s")))
    for path in (copy, empty):
        forget(path)
    if failed:
        raise Failed("; ".join(failed.values()))
    few_more(bench, full)


def few_more(bench, full):
    """Thirty events into a full case, with five and with many detections: what has nothing new to
    read is not run again."""
    few = evidence.generated(bench, 30, seed=5, hosts=1)
    many, _ = evidence.detections(bench, 2000)
    cases = {5: (full, ())}
    if many:
        case = bench.path("growth-%d-2000.auger" % bench.events)
        importing(bench, case, [evidence.generated(bench, bench.events)], "--rules", many)()
        cases[2000] = (case, ("--rules", many))
    copy = bench.path("growth-copy.auger")

    def one_more(case, options):
        def job():
            forget(copy)
            shutil.copyfile(case, copy)
            return bench.run([bench.auger, "import", copy, few, "--quiet", *options])
        return job
    took, failed = in_turn({n: one_more(*case) for n, case in cases.items()}, bench.runs)
    for n, runs in took.items():
        bench.figures.add("growth.few.%d" % n, "import of 30 events into a case of %d events, "
                          "%d detections" % (bench.events, n), 1e3 * median(runs), "ms",
                          [1e3 * r.seconds for r in runs],
                          note="%.0f ms of processor time" % (1e3 * median(runs, "cpu_s")))
    forget(copy)
    if failed:
        raise Failed("; ".join(failed.values()))


SECTIONS = [
    Section("decode", "Decoding only, one thread, processor time", True, decoding),
    Section("import", "Import, all in: decode, normalise, match, index, commit", True, import_all),
    Section("detections", "Import with 5, all published and 2,000 detections, in turn", True,
            import_detections),
    Section("peers", "Import against others on the same files, in turn", True, against_peers),
    Section("stages", "Where the processor time of an import goes, and its floor", True,
            stages.stages),
    Section("growth", "Cost of an event by size of set and of case", True, growth),
]
