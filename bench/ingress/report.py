"""From what was measured to a table of medians, and to the goals."""

from dataclasses import dataclass
from statistics import median
from typing import Callable

# A plain proxy is compared with repeated tokens: there, ours hardly verifies either.
COMPARED = {"distinct": "distinct", "repeated": "repeated", "plain": "repeated"}
HEAD = ("server", "scenario", "req/s", "CPU µs/req", "× tongs", "p50 µs", "p99 µs", "core %", "errors", "start ms",
        "RSS MB idle", "loaded")


class NotMeasured(Exception):
    pass


class Results:
    """Everything that was measured: lists of values, and their medians."""

    def __init__(self):
        self.rounds = {}  # (server, scenario): one dict of numbers a round
        self.starts = {}  # server: seconds
        self.idle = {}  # server: bytes
        self.rsa_verify_us = []

    def add(self, server, scenario, measured):
        self.rounds.setdefault((server, scenario), []).append(measured)

    def middle(self, server, scenario, what):
        rounds = self.rounds.get((server, scenario))
        if not rounds:
            raise NotMeasured
        return median(one[what] for one in rounds)

    def errors(self, server, scenario):
        return sum(one["errors"] for one in self.rounds[server, scenario])

    def cpu(self, server, scenario):
        return self.middle(server, scenario, "cpu_us")

    def cpu_ratio(self, server, scenario):
        """How many times our CPU time this server takes for a request."""
        return self.cpu(server, scenario) / self.cpu("tongs", COMPARED[scenario])

    def start_ms(self, server):
        if not self.starts.get(server):
            raise NotMeasured
        return 1e3 * median(self.starts[server])

    def idle_mb(self, server):
        if server not in self.idle:
            raise NotMeasured
        return self.idle[server] / 1e6

    def loaded_mb(self, server):
        return max(one["rss"] for (name, _), rounds in self.rounds.items() if name == server for one in rounds) / 1e6

    def rsa_us(self):
        if not self.rsa_verify_us:
            raise NotMeasured
        return median(self.rsa_verify_us)

    def as_json(self):
        return {
            "rounds": [{"server": server, "scenario": scenario, "rounds": rounds}
                       for (server, scenario), rounds in self.rounds.items()],
            "start_seconds": self.starts,
            "idle_bytes": self.idle,
            "openssl_rsa2048_verify_us": self.rsa_verify_us,
        }


@dataclass(frozen=True)
class Goal:
    what: str
    limit: float
    value: Callable
    unit: str = ""
    at_least: bool = False

    def judge(self, results):
        """(verdict, value or None)"""
        try:
            value = self.value(results)
        except NotMeasured:
            return "not measured", None
        return ("PASS" if (value >= self.limit if self.at_least else value <= self.limit) else "short"), value


def at_least(what, limit, value):
    return Goal(what, limit, value, "×", at_least=True)


def ours_over(what, limit, value):
    return Goal(what, limit, value, "×")


# Ahead of every peer, and close to what the machine allows.
GOALS = (
    at_least("distinct: CPU of HAProxy with jwt_verify over ours", 1.6, lambda r: r.cpu_ratio("haproxy", "distinct")),
    at_least("distinct: CPU of fastify with jose over ours", 6, lambda r: r.cpu_ratio("fastify", "distinct")),
    ours_over("distinct: ours over (ours repeated + bare RSA verify)", 1.15,
              lambda r: r.cpu("tongs", "distinct") / (r.cpu("tongs", "repeated") + r.rsa_us())),
    at_least("repeated: CPU of HAProxy with jwt_verify over ours", 4, lambda r: r.cpu_ratio("haproxy", "repeated")),
    at_least("repeated: CPU of node with fast-jwt's cache over ours", 5,
             lambda r: r.cpu_ratio("fast-jwt", "repeated")),
    ours_over("repeated: ours over nginx as a plain proxy", 0.9, lambda r: 1 / r.cpu_ratio("nginx", "plain")),
    ours_over("repeated: ours over a raw epoll proxy", 1.25, lambda r: 1 / r.cpu_ratio("raw", "plain")),
    ours_over("repeated: our p99 over that of nginx as a plain proxy", 1,
              lambda r: r.middle("tongs", "repeated", "p99_us") / r.middle("nginx", "plain", "p99_us")),
    ours_over("start to first verified 200: ours over HAProxy", 0.35,
              lambda r: r.start_ms("tongs") / r.start_ms("haproxy")),
    ours_over("start to first verified 200: ours over the faster node peer", 0.1,
              lambda r: r.start_ms("tongs") / min(r.start_ms("fastify"), r.start_ms("fast-jwt"))),
    Goal("start to first verified 200", 15, lambda r: r.start_ms("tongs"), " ms"),
    Goal("memory when idle", 15, lambda r: r.idle_mb("tongs"), " MB"),
)


def cell(format_text, function, *arguments):
    try:
        return format_text.format(function(*arguments))
    except NotMeasured:
        return "–"


def row(results, kind, scenario, first):
    def middle(what, format_text):
        return cell(format_text, results.middle, kind.name, scenario, what)
    once = (cell("{:.1f}", results.start_ms, kind.name), cell("{:.1f}", results.idle_mb, kind.name),
            cell("{:.1f}", results.loaded_mb, kind.name)) if first else ("", "", "")
    return (kind.title, scenario, middle("per_second", "{:,.0f}"), middle("cpu_us", "{:.1f}"),
            cell("{:.2f}", results.cpu_ratio, kind.name, scenario), middle("p50_us", "{:,.0f}"),
            middle("p99_us", "{:,.0f}"), middle("core_share", "{:.0%}").rstrip("%"),
            str(results.errors(kind.name, scenario)), *once)


def aligned(rows, text_columns):
    """A Markdown table that can be read as it is."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    def line(row):
        return "| " + " | ".join(text.ljust(width) if i < text_columns else text.rjust(width)
                                 for i, (text, width) in enumerate(zip(row, widths))) + " |"
    rule = "|" + "|".join("-" * (width + 2) if i < text_columns else "-" * (width + 1) + ":"
                          for i, width in enumerate(widths)) + "|"
    return "\n".join([line(rows[0]), rule, *map(line, rows[1:])])


def table(results, kinds):
    rows, seen = [HEAD], set()
    for scenario in COMPARED:
        for kind in kinds:
            if (kind.name, scenario) in results.rounds:
                rows.append(row(results, kind, scenario, kind.name not in seen))
                seen.add(kind.name)
    return aligned(rows, 2)


def goals(results):
    rows = [("goal", "limit", "measured", "verdict")]
    for goal in GOALS:
        verdict, value = goal.judge(results)
        rows.append((goal.what, f"{'≥' if goal.at_least else '≤'} {goal.limit:g}{goal.unit}",
                     "–" if value is None else f"{value:.2f}{goal.unit}", verdict))
    return aligned(rows, 1)
