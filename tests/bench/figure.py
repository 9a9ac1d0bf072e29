"""A figure: a name, a value, a unit; and the list of what can be measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.bench.stage import Stage


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the result. A name that ends in `_floor` is what the figure of that name is to be compared with."""

    name: str
    value: float
    unit: str

    def __str__(self) -> str:
        return f"{self.name} {self.value:.{0 if self.value >= 100 else 2}f} {self.unit}"


Measurement = Callable[[Stage], Iterator[Figure]]
MEASUREMENTS: dict[str, Measurement] = {}


def measurement(work: Measurement) -> Measurement:
    """Makes it known under the name of the function."""
    MEASUREMENTS[work.__name__] = work
    return work
