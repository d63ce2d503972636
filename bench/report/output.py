"""Files and charts that all measurements write alike."""

import json
from pathlib import Path

import pygal

LOOKS = {
    "style": pygal.style.CleanStyle(font_family="sans-serif", colors=(*pygal.style.CleanStyle.colors, "#2a9d8f")),
    "height": 400,
    "explicit_size": True,
    "js": (),
    "disable_xml_declaration": True,
}


def save(document: object, path: Path) -> None:
    """Write what was measured, for programs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def line_chart(title: str, labels: list[str], *, x_title: str) -> pygal.Line:
    """An empty chart of lines over these labels, from zero: what is flat must look flat, and what is not must not."""
    lines = pygal.Line(include_x_axis=True, legend_at_bottom=True, x_title=x_title, **LOOKS)
    lines.title, lines.x_labels = title, labels
    return lines


def bar_chart(title: str, bars: dict[str, tuple[float, str]]) -> pygal.Bar:
    """A bar per name, with its colour."""
    chart = pygal.Bar(show_legend=False, print_values=True, **LOOKS)
    chart.title, chart.x_labels = title, list(bars)
    chart.add("", [{"value": round(value), "color": colour} for value, colour in bars.values()])
    return chart
