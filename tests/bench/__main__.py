"""`./run bench [--quick]`: how fast the public pages are and what a first visit weighs.

Makes a database of its own in a throw-away folder with the real networks and cities, and starts gunicorn with two
plain workers and the settings of production. A row is five pairs "bare page, then page", each a second with eight
connections; **cost** is the bare page's requests per second divided by the page's, median (least to most), **p95 ×**
the page's 95th percentile divided by the bare page's.
Milliseconds and requests per second hold for this machine only, the cost for all. Nothing here fails: targets are
printed beside. `bench.json` has the rows.

Queries (sql) are counted in this process: of the second request where a row is warm, of the first where it is cold.
"""

import argparse
import contextlib
import io
import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from network.embedded import server

HOST = "127.0.0.1"
CONNECTIONS = 8
COLD_ADDRESSES = 4000  # for one run: more than any server here answers in it
PROJECT = Path(__file__).resolve().parents[2]


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def production(folder: Path) -> dict[str, str]:
    """The environment of a real portal on the folder's database."""
    media = folder / "media"
    media.mkdir()
    database = server.ensure(folder / "postgres", durable=False)
    return {
        "PORTAL": "",
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        "SECRET_KEY": secrets.token_urlsafe(40),
        "ALLOWED_HOSTS": f"{HOST},testserver",
        "DATABASE_URL": f"postgresql://portal@/postgres?host={database}",
        "MAIL_URL": "smtp://127.0.0.1",
        "MEDIA": str(media),
    }


def fill() -> None:
    """The tables, static files, networks and cities."""
    import django  # noqa: PLC0415 - the environment must be complete before

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from network import catalogues, statics  # noqa: PLC0415

    quiet: dict[str, Any] = {"verbosity": 0, "stdout": io.StringIO()}
    call_command("migrate", interactive=False, **quiet)
    catalogues.compile_all()
    statics.collect()
    call_command("load_networks", **quiet)
    call_command("import_cities", PROJECT / "cities" / "data", **quiet)


@contextlib.contextmanager
def gunicorn(*options: str) -> Iterator[int]:
    """The portal and the bare page on a free port, until the end of the block."""
    with socket.socket() as trial:
        trial.bind((HOST, 0))
        port: int = trial.getsockname()[1]
    words = [sys.executable, "-m", "gunicorn", "tests.bench.wsgi", "-b", f"{HOST}:{port}", "--log-level", "warning"]
    process = subprocess.Popen([*words, "--no-control-socket", *options], cwd=PROJECT)
    try:
        end = time.monotonic() + 30
        while True:
            with contextlib.suppress(URLError, ConnectionError):
                get(port, "/bare/")
                break
            if process.poll() is not None or time.monotonic() > end:
                raise SystemExit("gunicorn did not start.")
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def get(port: int, path: str) -> Any:
    request = Request(f"http://{HOST}:{port}{path}", headers={"X-Forwarded-Proto": "https"})
    with urlopen(request, timeout=30) as answer:  # noqa: S310 - our own server
        answer.read()
        return answer


class Load:
    """The process that asks."""

    def __init__(self, port: int) -> None:
        self.port = port
        words = [sys.executable, "-m", "tests.bench.load"]
        self.process = subprocess.Popen(words, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, paths: list[str], seconds: float, **more: Any) -> dict[str, Any]:
        order = {"host": HOST, "port": self.port, "paths": paths, "seconds": seconds, "connections": CONNECTIONS}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order | more) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("The load generator has ended.")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)


def queries(path: str, headers: dict[str, str], *, warm: bool) -> int:
    """How many queries one request makes; warm: the second one."""
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    client = Client()
    if warm:
        client.get(path, secure=True, headers=headers)
    with CaptureQueriesContext(connection) as seen:
        client.get(path, secure=True, headers=headers)
    return len(seen)


def measure(load: Load, row: Any, pairs: int, seconds: float) -> dict[str, Any]:
    """One row of the table."""
    headers = dict(row.headers)
    if row.unchanged:
        headers["If-None-Match"] = get(load.port, row.path).headers["ETag"]
    path = next(row.cold) if row.cold else row.path
    if row.cold:
        queries(next(row.cold), headers, warm=False)  # the directory itself is in memory
    asked = queries(path, headers, warm=row.cold is None)
    if not row.cold:
        load([row.path], 0.3, headers=headers)
    costs, pages, bares = [], [], []
    for _ in range(pairs):
        bare = load(["/bare/"], seconds)
        paths = list(islice(row.cold, COLD_ADDRESSES)) if row.cold else [row.path]
        page = load(paths, seconds, headers=headers, again=not row.cold)
        wrong = set(page["statuses"]) - {"304" if row.unchanged else "200"}
        if wrong or not page["count"] or set(bare["statuses"]) != {"200"}:
            raise SystemExit(f"{row.name}: answers were {page['statuses']}, of the bare page {bare['statuses']}.")
        costs.append(bare["rps"] / page["rps"])
        pages.append(page)
        bares.append(bare)
    middle = {name: statistics.median(page[name] for page in pages) for name in ("rps", "p50", "p95", "bytes")}
    return row_of(row.name, costs, middle, bares, asked)


def staff_at_work(load: Load, pairs: int, seconds: float) -> list[dict[str, Any]]:
    """City staff: opening a section, saving an answer, and 200 people saving at once."""
    from tests.bench.applications import STAFF, desks, saves  # noqa: PLC0415
    from tests.bench.rows import Row  # noqa: PLC0415

    staff = desks()
    opening = Row("section, 40 questions", f"/de/applications/{staff[0].pk}/many/")
    opening.headers = {"Cookie": f"sessionid={staff[0].session}"}
    found = [measure(load, opening, pairs, seconds)]
    costs, pages, bares = [], [], []
    for run in range(pairs):
        bare = load(["/bare/"], seconds)
        order = saves(staff, load.port, run=run, rounds=max(2, round(10 * seconds)))
        pages.append(load(order.pop("paths"), seconds, **order))
        costs.append(bare["rps"] / pages[-1]["rps"])
        bares.append(bare)
    order = saves(staff, load.port, run=pairs, rounds=20)
    at_once = load(order.pop("paths"), 5 * seconds, **order, connections=STAFF)
    for name, runs, cost in (("save one answer", pages, costs), (f"{STAFF} save at once", [at_once], costs)):
        wrong = {status: number for run in runs for status, number in run["statuses"].items() if status != "200"}
        if wrong:
            raise SystemExit(f"{name}: answers were {wrong}.")
        middle = {key: statistics.median(run[key] for run in runs) for key in ("rps", "p50", "p95", "bytes")}
        found.append(row_of(name, cost, middle, bares, 0))
    return found


def coordinator_at_work(load: Load, pairs: int, seconds: float) -> Iterator[dict[str, Any]]:
    """The pages of a coordinator whose network has 10,000 applications, and the memory of the files of all of them."""
    from tests.bench import cases  # noqa: PLC0415

    coordinator = cases.fill()
    analyse()
    for row in cases.rows(coordinator):
        yield measure(load, row, pairs, max(seconds, 2.0))  # on a busy machine such a page takes a second
    for one in cases.memory_of_files(coordinator):
        of = one["query"] or "all applications"
        grown = f"the process grew by {one['grown_mb']} MB"
        say(f"{one['file']}, {of}: {one['bytes'] / 1000:.0f} kB, memory at most {one['peak_mb']} MB, {grown}")
    say(f"Proposal of reviewers for all under review: {cases.seconds_of_a_proposal(coordinator):.1f} s")


def exchange_of_many(load: Load, pairs: int, seconds: float) -> Iterator[dict[str, Any]]:
    """The list of practices with those that the portal brings, and with 50,000; the first page after an edit."""
    from django.core.management import call_command  # noqa: PLC0415

    from tests.bench import practices  # noqa: PLC0415

    quiet: dict[str, Any] = {"verbosity": 0, "stdout": io.StringIO()}
    call_command("load_exchange", **quiet)
    call_command("import_practices", PROJECT / "exchange" / "data", **quiet)
    for size in ("60", "50,000"):
        if size != "60":
            practices.fill()
        analyse()
        for _ in range(8):
            get(load.port, "/de/practices/")  # both processes read all practices once
        for row in practices.rows(size):
            yield measure(load, row, pairs, seconds)
        yield after_edits(load, f"exchange {size}, after an edit", 5 * pairs)
    for one in practices.memory_of_files():
        say(f"{one['file']}: {one['kb']} kB in {one['s']} s, memory at most {one['mb']} MB")


def after_edits(load: Load, name: str, edits: int) -> dict[str, Any]:
    """How long one reader waits for the list when a practice has been changed just before."""
    from tests.bench.practices import edit  # noqa: PLC0415

    waits = []
    for turn in range(edits):
        edit(turn)
        begun = time.perf_counter()
        get(load.port, "/de/practices/")
        waits.append(1000 * (time.perf_counter() - begun))
    bare = load(["/bare/"], 1.0)
    waits.sort()
    middle = {"rps": 1000 / statistics.mean(waits), "p50": statistics.median(waits), "bytes": 0,
              "p95": waits[int(len(waits) * 0.95)]}  # fmt: skip
    return row_of(name, [bare["rps"] / middle["rps"]], middle, [bare], 0)


def analyse() -> None:
    """What the database does by itself a minute after so many rows have come."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def row_of(
    name: str, costs: list[float], middle: dict[str, float], bares: list[dict[str, Any]], asked: int
) -> dict[str, Any]:
    """One line of bench.json."""
    bare = {key: statistics.median(one[key] for one in bares) for key in ("rps", "p95")}
    return {
        "name": name,
        "cost": round(statistics.median(costs), 2),
        "rps": round(middle["rps"]),
        "bare_rps": round(bare["rps"]),
        "queries": asked,
        "p50_ms": round(middle["p50"], 2),
        "p95_ms": round(middle["p95"], 2),
        "p95_times": round(middle["p95"] / bare["p95"], 1),
        "bytes": round(middle["bytes"]),
        "cost_min": round(min(costs), 2),
        "cost_max": round(max(costs), 2),
    }


def table_line(found: dict[str, Any], at_most: float | None) -> str:
    spread = f"({found['cost_min']:.1f}-{found['cost_max']:.1f})"
    target = "" if at_most is None else f"≤ {at_most:g} {'ok' if found['cost'] <= at_most else 'OVER'}"
    return (
        f"{found['name']:<27}{found['cost']:>6.1f} {spread:<12}{found['rps']:>6}{found['bare_rps']:>7}"
        f"{found['queries']:>5}{found['p50_ms']:>8.1f}{found['p95_ms']:>8.1f}"
        f"{found['p95_times']:>7.1f}{found['bytes']:>9}  {target}"
    )


def weights(port: int) -> None:
    """The table of first visits."""
    from tests.bench.weight import KINDS, weigh  # noqa: PLC0415

    visits = weigh(f"http://{HOST}:{port}")
    if not visits:
        say("There is no Chromium here: first visits are not weighed.")
        return
    say("\nFirst visit, kB on the wire with headers. The portal compresses static files itself; what views make")
    say("(html and data) the proxy before it compresses: here as sent, `br` is both with brotli 5, `sum` counts `br`.")
    say(f"{'page':<22}{'requests':>9}" + "".join(f"{kind:>8}" for kind in KINDS) + f"{'br':>8}{'sum':>8}  no scripts")
    for visit in visits:
        sizes = "".join(f"{visit.bytes[kind] / 1000:>8.1f}" for kind in KINDS)
        most = "" if visit.most_kb is None else f"≤ {visit.most_kb} kB, "
        say(
            f"{visit.name:<22}{visit.requests:>9}{sizes}{visit.compressed / 1000:>8.1f}"
            f"{visit.total / 1000:>8.1f}  {'usable' if visit.usable else 'NOT usable':<11}"
            f"{most}≤ {visit.most_requests} requests {visit.verdict}"
        )


def bench(options: argparse.Namespace) -> None:
    from tests.bench.rows import rows  # noqa: PLC0415

    pairs, seconds = (1, 0.4) if options.quick else (5, 1.0)
    load_before = os.getloadavg()[0]
    say(f"Load of the machine before: {load_before:.1f}; {os.cpu_count()} processors; {pairs} pairs a row.")
    say("The bare page: 30,000 bytes, eight usual middleware, same processes; the portal has eleven.\n")
    say(
        f"{'page':<27}{'cost':>6} {'':<12}{'rps':>6}{'bare':>7}{'sql':>5}{'p50 ms':>8}{'p95 ms':>8}"
        f"{'p95 ×':>7}{'bytes':>9}  target"
    )
    found = []
    with gunicorn("--workers", "2", "--worker-class", "sync") as port:
        load = Load(port)
        try:
            load(["/bare/", "/de/cities/"], 1.0)
            for row in rows():
                if options.only and options.only not in row.name:
                    continue
                found.append(measure(load, row, pairs, seconds))
                say(table_line(found[-1], row.at_most))
            if not options.only or options.only in "section save staff":
                for line in staff_at_work(load, pairs, seconds):
                    found.append(line)
                    say(table_line(line, None))
            if not options.only or options.only in "exchange of many":
                for line in exchange_of_many(load, pairs, seconds):
                    found.append(line)
                    say(table_line(line, None))
            if not options.only or options.only in "desk of a coordinator":
                for line in coordinator_at_work(load, pairs, seconds):
                    found.append(line)
                    say(table_line(line, None))
        finally:
            load.close()
    Path(options.output).write_text(json.dumps(found, indent=1) + "\n")
    if not options.only:
        # A browser opens connections ahead; a plain worker would wait for them.
        with gunicorn("--workers", "2", "--worker-class", "gthread", "--threads", "8") as port:
            weights(port)
    say(f"\nLoad of the machine after: {os.getloadavg()[0]:.1f}. Rows: {options.output}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run bench", description="How fast the public pages are.")
    parser.add_argument("--quick", action="store_true", help="one short pair a row: only whether all works")
    parser.add_argument("--only", default="", metavar="WORD", help="only rows with this word in their name")
    parser.add_argument("--output", default=PROJECT / "bench.json", metavar="FILE")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="city-networks-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if os.geteuid() == 0:
            folder.chmod(0o711)  # where root must really become another user to run a database
        try:
            os.environ |= production(folder)
            fill()
            bench(options)
        except server.NoServerError as problem:
            sys.stderr.write(f"{problem}\n")
            return 1
        except KeyboardInterrupt:
            return 130
        finally:
            server.stop(folder / "postgres")
    return 0


if __name__ == "__main__":
    sys.exit(main())
