"""What Grafana shows of a suite. `make drills` asks every query of a running Prometheus: a panel that shows nothing is found."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grafana_foundation_sdk.builders.common import VizLegendOptions
from grafana_foundation_sdk.builders.dashboard import Dashboard, DatasourceVariable, Row
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.builders.timeseries import Panel as Graph
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import LegendDisplayMode, LegendPlacement
from grafana_foundation_sdk.models.dashboard import DataSourceRef

FOLDER = Path(__file__).with_name("dashboards")
OF_A_DELIVERY = 'subscriber=~"billing.issue_invoices|parts.deduct_stock|crm.schedule_follow_up"'
SOURCE = DataSourceRef(type_val="prometheus", uid="${source}")
HEIGHT, WIDTH = 8, 12


@dataclass(frozen=True)
class Panel:
    """One graph: what it is called, in which unit, and its queries, each with what its lines are called."""

    title: str
    unit: str
    queries: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Board:
    """One dashboard: its rows, each with its panels."""

    uid: str
    title: str
    rows: dict[str, tuple[Panel, ...]]

    @property
    def panels(self) -> Iterator[Panel]:
        """All of them."""
        for panels in self.rows.values():
            yield from panels

    def render(self) -> str:
        """As Grafana imports it."""
        board = Dashboard(self.title).uid(self.uid).tags(["servicelane"]).refresh("30s").time("now-3h", "now").editable()
        board = board.with_variable(DatasourceVariable("source").label("Prometheus").type("prometheus"))
        number = 0
        for name, panels in self.rows.items():
            board = board.with_row(Row(name).id(number := number + 1))
            for panel in panels:
                board = board.with_panel(_graph(panel).id(number := number + 1))
        return JSONEncoder(sort_keys=True, indent=2).encode(board.build()) + "\n"


def _graph(panel: Panel) -> Any:
    graph = Graph().title(panel.title).unit(panel.unit).min(0).datasource(SOURCE).height(HEIGHT).span(WIDTH)
    below = VizLegendOptions().show_legend(True).display_mode(LegendDisplayMode.LIST).placement(LegendPlacement.BOTTOM)
    graph = graph.legend(below)
    for number, (query, legend) in enumerate(panel.queries):
        graph = graph.with_target(Dataquery().expr(query).legend_format(legend).ref_id("ABCDEFGH"[number]).datasource(SOURCE))
    return graph


def _slow(metric: str, by: str, part: float, *, only: str = "") -> str:
    return f"histogram_quantile({part}, sum by ({by}, le) (rate(servicelane_{metric}_bucket{{{only}}}[5m])))"


def _busiest(metric: str, by: str, part: float) -> str:
    return f"{_slow(metric, by, part)} and topk(10, sum by ({by}) (rate(servicelane_{metric}_count[5m])))"


BOARDS = (
    Board(
        "servicelane-deliveries",
        "ServiceLane: deliveries and their effects",
        {
            "In time": (
                Panel(
                    "Effects that came later than 5 s (0.1 % may)",
                    "percentunit",
                    (("servicelane:delivery_effects_late:ratio1h", "1 h"), ("servicelane:delivery_effects_late:ratio6h", "6 h")),
                ),
                Panel(
                    "From the delivery to each effect, 99 %",
                    "s",
                    ((_slow("effect_seconds", "subscriber", 0.99, only=OF_A_DELIVERY), "{{subscriber}}"),),
                ),
                Panel(
                    "Effects per minute",
                    "short",
                    (
                        (
                            f"sum by (subscriber) (rate(servicelane_effect_seconds_count{{{OF_A_DELIVERY}}}[5m])) * 60",
                            "{{subscriber}}",
                        ),
                    ),
                ),
                Panel("From any event to its effect, 99 %", "s", ((_slow("effect_seconds", "service", 0.99), "{{service}}"),)),
            ),
            "On the way": (
                Panel(
                    "Oldest event that is not published",
                    "s",
                    (("max by (service) (servicelane_outbox_oldest_seconds)", "{{service}}"),),
                ),
                Panel(
                    "Events that are not published", "short", (("max by (service) (servicelane_outbox_pending)", "{{service}}"),)
                ),
                Panel("Messages that wait in a queue", "short", (("max by (queue) (servicelane_queue_messages)", "{{queue}}"),)),
                Panel(
                    "Published per second",
                    "short",
                    (("sum by (service) (rate(servicelane_outbox_published_total[5m]))", "{{service}}"),),
                ),
                Panel(
                    "Parked messages",
                    "short",
                    (("max by (service, kind) (servicelane_parked_messages)", "{{service}} {{kind}}"),),
                ),
                Panel(
                    "Messages that came again, per minute",
                    "short",
                    (("sum by (service) (rate(servicelane_inbox_duplicates_total[5m])) * 60", "{{service}}"),),
                ),
            ),
        },
    ),
    Board(
        "servicelane-processes",
        "ServiceLane: requests and processes",
        {
            "Requests": (
                Panel(
                    "HTTP, 95 %, the ten busiest routes",
                    "s",
                    ((_busiest("http_seconds", "service, route", 0.95), "{{service}} {{route}}"),),
                ),
                Panel(
                    "HTTP answers per second",
                    "short",
                    (("sum by (service, status) (rate(servicelane_http_answers_total[5m]))", "{{service}} {{status}}"),),
                ),
                Panel(
                    "RPC, 95 %, the ten busiest methods",
                    "s",
                    ((_busiest("rpc_seconds", "service, method", 0.95), "{{service}}.{{method}}"),),
                ),
                Panel(
                    "Lost races and dropped calls, per minute",
                    "short",
                    (
                        ("sum by (service) (rate(servicelane_concurrency_retries_total[5m])) * 60", "{{service}} lost races"),
                        ("sum by (service) (rate(servicelane_rpc_expired_total[5m])) * 60", "{{service}} dropped"),
                    ),
                ),
            ),
            "Processes": (
                Panel("Up", "short", (('sum by (instance) (up{job=~".*servicelane"})', "{{instance}}"),)),
                Panel(
                    "Leaders, of which there is one each",
                    "short",
                    (("sum by (service, leadership) (servicelane_leading)", "{{service}} {{leadership}}"),),
                ),
                Panel(
                    "How late a process is, 95 %",
                    "s",
                    ((_slow("loop_lag_seconds", "service, instance", 0.95), "{{service}} {{instance}}"),),
                ),
                Panel(
                    "Connections to the database, of those there may be",
                    "percentunit",
                    (("servicelane_database_connections / servicelane_database_connections_most", "{{service}} {{instance}}"),),
                ),
                Panel(
                    "Workers that answer calls, of those there are",
                    "percentunit",
                    (("servicelane_rpc_workers / servicelane_rpc_workers_most", "{{service}} {{instance}}"),),
                ),
                Panel("Processor", "percentunit", (("rate(servicelane_process_cpu_seconds_total[5m])", "{{instance}}"),)),
                Panel("Memory", "bytes", (("servicelane_process_resident_memory_bytes", "{{instance}}"),)),
                Panel(
                    "Spans a second",
                    "short",
                    (("sum by (service, outcome) (rate(servicelane_spans_total[5m]))", "{{service}} {{outcome}}"),),
                ),
            ),
        },
    ),
)


def files() -> dict[Path, str]:
    """Each file and what is in it."""
    return {FOLDER / f"{board.uid}.json": board.render() for board in BOARDS}
