"""What must be true when it is over."""

import collections
from dataclasses import dataclass, field

MEMORY_GROWTH = 4e6  # bytes, of the peak in the second half: what comes and goes with the load, and no leak
LONG_RUN = 60  # seconds from which that says something about memory
DESCRIPTOR_GROWTH = 32  # of the peak; a leak has grown past it in seconds
LEFT_OPEN = 64  # descriptors at the end, beyond those at the start: idle connections to the backend


@dataclass
class Outcome:
    """Everything that was counted."""

    seconds: float = 0  # that it took
    good: int = 0
    refused: int = 0
    unavailable: int = 0
    wrong: list = field(default_factory=list)  # a line for each
    loads: list = field(default_factory=list)  # what the load generator said of each burst
    resets: int = 0
    rotations: int = 0
    reloads: int = 0
    restarts: int = 0
    recovery: float = 0  # seconds at most, from when the backend was back until it was in use
    accepted: int = 0  # by the gateway's own count
    memory: tuple = (0, 0, 0)  # bytes at the start, at the end, growth of the peak in the second half
    descriptors: tuple = (0, 0, 0)
    exit_status: int = 0
    errors: list = field(default_factory=list)  # lines of the gateway's log

    @property
    def load_answers(self):
        return sum(load["answers"] for load in self.loads)


def findings(outcome):
    """What is not as it must be, a sentence each."""
    found = [f"{count} × {what}" for what, count in collections.Counter(outcome.wrong).most_common(20)]
    for load in outcome.loads:
        if load["refused"] or load["broken"]:
            found.append(f"under load, {load['refused']} good requests were refused and {load['broken']} broken off")
    if outcome.accepted < outcome.good + sum(load["good"] for load in outcome.loads):
        found.append(f"the gateway counts only {outcome.accepted} verdicts that let somebody in")
    if outcome.memory[2] > MEMORY_GROWTH and outcome.seconds >= LONG_RUN:
        found.append(f"memory grew by {outcome.memory[2] / 1e6:.1f} MB in the second half")
    if outcome.descriptors[2] > DESCRIPTOR_GROWTH:
        found.append(f"descriptors grew by {outcome.descriptors[2]:.0f} in the second half")
    if outcome.descriptors[1] > outcome.descriptors[0] + LEFT_OPEN:
        found.append(f"{outcome.descriptors[1] - outcome.descriptors[0]} more descriptors are open than at the start")
    if outcome.exit_status != 0:
        found.append(f"the gateway ended with status {outcome.exit_status}")
    found += [f"the gateway logged: {line}" for line in outcome.errors[:10]]
    for what in ("good", "refused", "load_answers", "resets", "rotations", "reloads", "restarts"):
        if not getattr(outcome, what):
            found.append(f"nothing was tried: {what} is 0")
    return found


def report(outcome):
    low, high, grown = (size / 1e6 for size in outcome.memory)
    first, last, more = outcome.descriptors
    lines = (("good tokens let in", f"{outcome.good:,}"),
             ("bad tokens refused", f"{outcome.refused:,}"),
             ("good tokens while the backend was away", f"{outcome.unavailable:,}"),
             ("wrong answers", f"{len(outcome.wrong):,}"),
             ("requests of the load generator", f"{outcome.load_answers:,}"),
             ("connections that callers reset", f"{outcome.resets:,}"),
             ("rotations, other reloads, restarts of the backend",
              f"{outcome.rotations}, {outcome.reloads}, {outcome.restarts}"),
             ("longest time until the backend was found again", f"{outcome.recovery:.2f} s"),
             ("memory: start, end, growth of the peak", f"{low:.1f} MB, {high:.1f} MB, {grown:+.1f} MB"),
             ("descriptors: start, end, growth of the peak", f"{first}, {last}, {more:+.0f}"),
             ("exit status", str(outcome.exit_status)))
    width = max(len(what) for what, _ in lines)
    return "\n".join(f"{what:{width}}  {value}" for what, value in lines)
