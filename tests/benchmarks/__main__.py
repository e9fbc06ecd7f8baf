"""`python -m tests.benchmarks [--quick]`: run, print and (unless quick) save the benchmarks."""

import argparse
import os
import platform
import re
import sys
import time
from pathlib import Path

from tests.benchmarks import plot, site
from tests.benchmarks.figures import LoadResult, RenderResult
from tests.benchmarks.servers import ROOT, WORKERS, running

HERE = Path(__file__).parent
PAGE = ROOT / "docs" / "performance.md"
# The results of the last run are between these markers.
RESULTS = re.compile(r"(?<=<!-- make bench -->\n).*?(?=<!-- end of make bench -->)", re.DOTALL)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less exact, in a minute; not saved")
    quick = parser.parse_args().quick
    started = time.monotonic()
    with site.prepare():
        load_results, render_results = _measure(quick=quick, started=started)
        from tests.benchmarks import cold, report

        text = report.markdown(
            load_results,
            render_results,
            cold.promise_results(render_results),
            _about(time.monotonic() - started),
        )
        lines = report.series(load_results, render_results)
    print(text)
    if not quick:
        _save(text, plot.render_svg("CPU time, rendered and served from cache", lines))


def _measure(*, quick: bool, started: float) -> tuple[list[LoadResult], list[RenderResult]]:
    # Modules that use Django can be imported only after its settings are prepared.
    from tests.benchmarks import cold, warm

    def log(step: str) -> None:
        print(f"{time.monotonic() - started:5.0f} s  {step}", file=sys.stderr, flush=True)

    with running("tests.benchmarks.hello:application") as hello, running("workshop.wsgi") as served:
        under_load = warm.measure(hello, served, rounds=1 if quick else 5, seconds=1, log=log)
    sizes = cold.DOCUMENT_SIZES[:1] if quick else cold.DOCUMENT_SIZES
    return under_load, cold.measure(rounds=1 if quick else 3, document_sizes=sizes, log=log)


def _about(seconds: float) -> str:
    version = platform.python_version()
    return (
        f"One run of {seconds / 60:.0f} minutes on a machine with {os.cpu_count()} processors, "
        f"Python {version}, SQLite, gunicorn with {WORKERS} sync workers for both."
    )


def _save(text: str, picture: str) -> None:
    (HERE / "growth.svg").write_text(picture)
    page = PAGE.read_text()
    PAGE.write_text(RESULTS.sub(lambda _last: f"\n{text}\n\n", page))


if __name__ == "__main__":
    main()
