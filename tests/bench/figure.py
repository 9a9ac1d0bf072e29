"""A figure: name, value, unit; and the list of measurements."""

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
#: Long measurements, which run only when named.
ON_REQUEST: set[str] = set()


def measurement(work: Measurement) -> Measurement:
    """Registers a measurement under the name of its function."""
    MEASUREMENTS[work.__name__] = work
    return work


def measurement_on_request(work: Measurement) -> Measurement:
    """Registers a measurement that runs only with `--only` and its name."""
    ON_REQUEST.add(work.__name__)
    return measurement(work)
