"""`make engines`: the promises of background work with each engine; prints a Markdown table."""

import os
import subprocess
import sys
from xml.etree import ElementTree

from tests.services.machines import PostgreSQL, Redis
from tests.serving import ROOT

ENGINES = {"tasks_db": "django-tasks-db 0.13", "huey": "Huey 3.5", "q2": "django-q2 1.11"}
TESTS = "tests/workshop/ops/test_task_queues.py"
PACKAGES = ROOT / "var" / "engines"
REPORT = PACKAGES / "report.xml"


def main() -> None:
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--upgrade")
    requirements = ROOT / "tests" / "engines" / "requirements.txt"
    subprocess.run(  # noqa: S603
        [*pip, "--target", str(PACKAGES), "--requirement", str(requirements)], check=True
    )
    _print_table("SQLite", {})
    with PostgreSQL() as postgresql, Redis() as redis:
        servers = {"DATABASE_URL": postgresql.database("workshop"), "CACHE_URL": redis.url}
        _print_table("PostgreSQL and Redis", servers)


def _print_table(title: str, servers: dict[str, str]) -> None:
    columns = [
        (f"{name}, alone" if alone else name, _results(engine, alone=alone, **servers))
        for engine, name in ENGINES.items()
        for alone in (True, False)
    ]
    promises = list(dict.fromkeys(promise for _name, results in columns for promise in results))
    print(f"| {title} | " + " | ".join(name for name, _results in columns) + " |")
    print("|---" * (len(columns) + 1) + "|")
    for promise in promises:
        cells = [results.get(promise, "no result") for _name, results in columns]
        print(f"| {promise} | " + " | ".join(cells) + " |")
    print(flush=True)


def _results(engine: str, *, alone: bool, **servers: str) -> dict[str, str]:
    """Kept or not, with seconds, by name of the test."""
    environment = {
        **os.environ,
        **servers,
        "ENGINE": engine,
        "DJANGO_SETTINGS_MODULE": f"tests.engines.{engine}_settings",
        "PYTHONPATH": f"{PACKAGES}:{ROOT}",
        **({"ALONE": "1"} if alone else {}),
    }
    REPORT.unlink(missing_ok=True)
    options = ("-W", "default", f"--junit-xml={REPORT}", "-p", "no:cacheprovider")
    command = [sys.executable, "-m", "pytest", *options, TESTS]
    subprocess.run(command, cwd=ROOT, env=environment, check=False, stdout=sys.stderr)  # noqa: S603
    results = {}
    for case in ElementTree.parse(REPORT).iter("testcase"):  # noqa: S314
        promise = case.attrib["name"].removeprefix("test_").replace("_", " ")
        is_kept = case.find("failure") is None and case.find("error") is None
        seconds = round(float(case.attrib["time"]))
        results[promise] = f"{'kept' if is_kept else '**not kept**'} ({seconds} s)"
    return results


if __name__ == "__main__":
    main()
