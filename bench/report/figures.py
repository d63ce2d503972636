"""Results of the measurements into the documents: tables between their marks, charts beside them.

python -m bench.report.figures      # whatever of them bench/out holds
"""

import re
import shutil

from bench.arms.worker import OUT
from deploy.dev.infrastructure import PROJECT

PAGES = {
    "arms": PROJECT / "README.md",
    "gates": PROJECT / "docs" / "performance.md",
    "scaling": PROJECT / "docs" / "scaling.md",
    "scale-out": PROJECT / "docs" / "scaling.md",
    "soak": PROJECT / "docs" / "scaling.md",
    "backups": PROJECT / "docs" / "runbooks" / "backing-up.md",
    "console": PROJECT / "docs" / "console.md",
}
FIGURES = PROJECT / "docs" / "figures"


def main() -> None:
    """Copy what was measured; a run that was not made leaves its part of the page as it is."""
    FIGURES.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        measured = OUT / f"{name}.md"
        if measured.exists():
            text = filled(page.read_text(encoding="utf-8"), name, measured.read_text(encoding="utf-8"))
            page.write_text(text, encoding="utf-8")
        for chart in OUT.glob(f"{name}-*.svg"):
            shutil.copyfile(chart, FIGURES / chart.name)


def filled(page: str, name: str, text: str) -> str:
    """The page with this text between the marks of that name. Raises ValueError when it has no such marks."""
    marks = re.compile(rf"(<!-- measured: {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    if not marks.search(page):
        raise ValueError(f"no marks for {name}")
    return marks.sub(lambda found: f"{found[1]}{text}{found[2]}", page)


if __name__ == "__main__":
    main()
