"""`python -m tests.benchmarks [--quick]`: one run; prints it, and keeps it unless it was quick."""

import argparse
import os
import platform
import re
import sys
import time
from pathlib import Path

from tests.benchmarks import plot, site
from tests.benchmarks.figures import Drawn, Served
from tests.benchmarks.servers import ROOT, WORKERS, running

HERE = Path(__file__).parent
README = ROOT / "README.md"
# What stands between these in the README is the last run.
SHOWN = re.compile(r"(?<=<!-- make bench -->\n).*?(?=<!-- end of make bench -->)", re.DOTALL)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="less exact, in a minute; kept nowhere"
    )
    quick = parser.parse_args().quick
    started = time.monotonic()
    with site.prepared():
        served, drawn = _measured(quick=quick, started=started)
        from tests.benchmarks import cold, report

        text = report.markdown(
            served, drawn, cold.verdicts(drawn), _about(time.monotonic() - started)
        )
        lines = report.series(served, drawn)
    print(text)
    if not quick:
        _keep(text, plot.drawn("Processor time, drawn once and served ready", lines))


def _measured(*, quick: bool, started: float) -> tuple[list[Served], list[Drawn]]:
    # What knows Django can be imported only once its settings are made.
    from tests.benchmarks import cold, warm

    def say(doing: str) -> None:
        print(f"{time.monotonic() - started:5.0f} s  {doing}", file=sys.stderr, flush=True)

    with running("tests.benchmarks.hello:application") as hello, running("workshop.wsgi") as served:
        under_load = warm.measured(hello, served, rounds=1 if quick else 5, seconds=1, say=say)
    papers = cold.PAPERS[:1] if quick else cold.PAPERS
    return under_load, cold.measured(rounds=1 if quick else 3, with_papers=papers, say=say)


def _about(seconds: float) -> str:
    version = platform.python_version()
    return (
        f"One run of {seconds / 60:.0f} minutes on a machine with {os.cpu_count()} processors, "
        f"Python {version}, SQLite, gunicorn with {WORKERS} sync workers for both."
    )


def _keep(text: str, picture: str) -> None:
    (HERE / "growth.svg").write_text(picture)
    readme = README.read_text()
    README.write_text(SHOWN.sub(lambda _last: f"\n{text}\n\n", readme))


if __name__ == "__main__":
    main()
