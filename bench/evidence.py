# SPDX-License-Identifier: GPL-3.0-or-later
"""evidence.py - what is measured on: generated sets, real logs repeated, sets of detections.

Everything is made once per folder and found again by its name, which says what is in it.
"""
import os
import re
import shutil
import struct
import subprocess
import zlib

from measuring import stop

BYTES_PER_EVENT = 1000  # of the set and its case together, upwards
CHUNK = 65536
RECORD_MAGIC = b"\x2a\x2a\x00\x00"
HOUR = 3600 * 10 ** 7         # in ticks of FILETIME
TAIL = 12                      # padding of a record, with rests of older ones, and its size
YEAR_2000 = 125911584000000000 # some exporters leave the time of a record's header 0


def made(folder, make):
    """FOLDER, made by MAKE(folder) unless it is there whole."""
    if not os.path.isdir(folder):
        partial = folder + ".partial"
        shutil.rmtree(partial, ignore_errors=True)
        os.makedirs(partial)
        make(partial)
        os.rename(partial, folder)
    return folder


def files(folder, end=".evtx"):
    found = []
    for at, _, names in os.walk(folder):
        found += [os.path.join(at, n) for n in names if n.lower().endswith(end)]
    return sorted(found)


def bytes_of(paths):
    return sum(os.path.getsize(p) for p in paths)


def warm(paths):
    """Reads the files once, so that no run is the first to meet the disk."""
    for path in paths:
        with open(path, "rb") as f:
            while f.read(1 << 20):
                pass


def generated(bench, events, seed=1, hosts=50):
    """N everyday events from a seed, as the event logs of 50 hosts."""
    folder = os.path.join(bench.dir, "generated-%d-%d" % (events, seed))
    free = shutil.disk_usage(bench.dir).free
    if not os.path.isdir(folder) and free < events * BYTES_PER_EVENT:
        stop("%s: %d GB free, %d million events need %d" %
             (bench.dir, free >> 30, events // 1000000, events * BYTES_PER_EVENT >> 30))

    def make(into):
        subprocess.run([bench.program("samples/mksamples"), "--events", str(events), "--hosts",
                        str(hosts), "--seed", str(seed), into], check=True,
                       stdout=subprocess.DEVNULL)
    return made(folder, make)


def some_of(bench, folder, most_bytes):
    """Whole hosts of a generated set, up to MOST_BYTES: links to their files."""
    def make(into):
        total = 0
        for host in sorted(os.listdir(folder)):
            logs = files(os.path.join(folder, host))
            if total and total + bytes_of(logs) > most_bytes:
                break
            total += bytes_of(logs)
            for log in logs:
                os.link(log, os.path.join(into, host + "-" + os.path.basename(log)))
    return made("%s-part-%d" % (folder, most_bytes), make)


# ---- real logs, repeated ----

def moved(record, seconds):
    """The record with every time within an hour of its own moved on."""
    own, = struct.unpack_from("<Q", record, 16)
    out = bytearray(record)
    if own < YEAR_2000:
        return out
    for high in range(own - HOUR >> 48, (own + HOUR >> 48) + 1):
        mark = struct.pack("<H", high & 0xffff)
        at = record.find(mark, 16 + 6)
        while at >= 0:
            ticks, = struct.unpack_from("<Q", record, at - 6)
            if abs(ticks - own) <= HOUR and at + 2 < len(record) - TAIL:
                struct.pack_into("<Q", out, at - 6, ticks + seconds * 10 ** 7)
                at = record.find(mark, at + 8)
            else:
                at = record.find(mark, at + 1)
    return out


def later(data, seconds):
    """An event log whose records are SECONDS later: other events, of the same size and shape."""
    out = bytearray(data)
    for chunk in range(4096, len(data) - CHUNK + 1, CHUNK):
        if data[chunk:chunk + 8] != b"ElfChnk\0":
            continue
        end = chunk + min(struct.unpack_from("<I", data, chunk + 48)[0], CHUNK)
        at = chunk + 512
        while at + 24 < end and data[at:at + 4] == RECORD_MAGIC:
            size, = struct.unpack_from("<I", data, at + 4)
            if size < 24 or at + size > end:
                break
            out[at:at + size] = moved(data[at:at + size], seconds)
            at += size
        struct.pack_into("<I", out, chunk + 52, zlib.crc32(out[chunk + 512:end]))
        head = out[chunk:chunk + 120] + out[chunk + 128:chunk + 512]
        struct.pack_into("<I", out, chunk + 124, zlib.crc32(head))
    return bytes(out)


def real(bench, copies):
    """The real event logs COPIES times. Each copy is some days later than the one before: copies of
    the same records would be told as duplicates and left out, which measures nothing."""
    found = files(os.path.join(bench.shared, "evidence"))

    def make(into):
        for n, path in enumerate(found):
            with open(path, "rb") as f:
                data = f.read()
            for copy in range(copies):
                with open(os.path.join(into, "%d-%d.evtx" % (n, copy)), "wb") as f:
                    f.write(later(data, copy * 1000003) if copy else data)
    if not found:
        return None
    return made(os.path.join(bench.dir, "real-%d" % copies), make)


# ---- detections ----

def detections(bench, count):
    """COUNT published detections, the same ones again under other ids and names until there are
    enough, with their macros and lookups. 0: all of them, once."""
    content = os.path.join(bench.shared, "security_content")
    found = files(os.path.join(content, "detections"), ".yml")

    def make(into):
        os.mkdir(os.path.join(into, "detections"))
        for beside in ("macros", "lookups"):
            if os.path.isdir(os.path.join(content, beside)):
                shutil.copytree(os.path.join(content, beside), os.path.join(into, beside))
        for n in range(count or len(found)):
            turn, path = n // len(found), found[n % len(found)]
            with open(path, encoding="utf-8") as f:
                text = f.read()
            text = re.sub(r"^id: .*", "id: bench-%d" % n, text, count=1, flags=re.M)
            text = re.sub(r"^name: .*", r"\g<0> (%d)" % turn, text, count=1, flags=re.M)
            with open(os.path.join(into, "detections", "%d.yml" % n), "w", encoding="utf-8") as f:
                f.write(text)
    if not found:
        return None, 0
    folder = made(os.path.join(bench.dir, "detections-%d" % count), make)
    return os.path.join(folder, "detections"), count or len(found)
