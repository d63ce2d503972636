"""Results of `make scaling` and `make soak` into docs/: tables between their marks in docs/scaling.md, charts into docs/figures/.

python -m bench.report.figures      # whatever of the two bench/out holds
"""

import re
import shutil

from bench.arms.worker import OUT
from deploy.dev.infrastructure import PROJECT

PAGE = PROJECT / "docs" / "scaling.md"
FIGURES = PROJECT / "docs" / "figures"


def main() -> None:
    """Copy what was measured; a run that was not made leaves its part of the page as it is."""
    page = PAGE.read_text(encoding="utf-8")
    FIGURES.mkdir(exist_ok=True)
    for name in ("scaling", "soak"):
        measured = OUT / f"{name}.md"
        if measured.exists():
            page = filled(page, name, measured.read_text(encoding="utf-8"))
        for chart in OUT.glob(f"{name}-*.svg"):
            shutil.copyfile(chart, FIGURES / chart.name)
    PAGE.write_text(page, encoding="utf-8")


def filled(page: str, name: str, text: str) -> str:
    """The page with this text between the marks of that name. Raises ValueError when it has no such marks."""
    marks = re.compile(rf"(<!-- measured: {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    if not marks.search(page):
        raise ValueError(f"no marks for {name}")
    return marks.sub(lambda found: f"{found[1]}{text}{found[2]}", page)


if __name__ == "__main__":
    main()
