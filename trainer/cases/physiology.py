"""Effect and vital signs over time: one documented curve for each substance, and a person drawn from a seed.

The curve stands for the effect, not for a plasma level. Its landmarks are published figures, and a
test simulates 2,000 people against them. All draws come from BLAKE2b, and what leaves this file is
whole numbers, so that a replay is the same on every machine.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from math import exp
from pathlib import Path
from statistics import NormalDist
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "profiles"
STEP = 5
"""Minutes between two readings of the jitter."""


@dataclass(frozen=True)
class Vital:
    """How one vital sign behaves; `distress` is what each point of distress adds."""

    base: int
    sd: int
    delta: int
    spread: float
    noise: int
    distress: int


@dataclass(frozen=True)
class Landmark:
    """A published figure that the profile must reproduce."""

    name: str
    measure: str
    target: float
    within: float
    source: str
    of: str = ""
    above: int = 0


@dataclass(frozen=True)
class Profile:
    """The effect curve of one substance and dose; lag and peak in hours."""

    name: str
    title: str
    lag: float
    peak: float
    vitals: Mapping[str, Vital]
    landmarks: tuple[Landmark, ...]


@cache
def profile_names() -> tuple[str, ...]:
    """Return the names a case may give as its `profile`."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@cache
def profile(name: str) -> Profile:
    """Return a profile by its name; raises FileNotFoundError for an unknown one."""
    fields: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return Profile(
        name=name,
        title=fields["title"],
        lag=fields["effect"]["lag"],
        peak=fields["effect"]["peak"],
        vitals={key: Vital(**value) for key, value in fields["vitals"].items()},
        landmarks=tuple(Landmark(**one) for one in fields["landmarks"]),
    )


@cache
def intensity(name: str, minute: int) -> int:
    """Return the effect in thousandths of its peak, so many minutes after the dose."""
    curve = profile(name)
    x = (minute / 60 - curve.lag) / (curve.peak - curve.lag)
    return round((x * exp(1 - x)) ** 2 * 1000) if x > 0 else 0


def phase(name: str, minute: int) -> str:
    """Name the part of the curve, for display only."""
    now, rising = intensity(name, minute), minute / 60 < profile(name).peak
    if now >= 700:
        return "peak"
    if rising:
        return "before" if now == 0 else "onset" if now < 100 else "rise"
    return "come-down" if now >= 100 else "after"


@lru_cache(maxsize=200_000)
def reading(
    name: str, vital: str, base: int, effect: int, seed: int, minute: int, distress: int, spread: int = 100
) -> int:
    """Return one vital sign as a whole number.

    Args:
        name: the profile.
        vital: sbp, dbp or hr.
        base: the person's resting value.
        effect: strength in per cent of the usual.
        seed: the person.
        minute: minutes since the dose.
        distress: points of distress, each of which adds a little.
        spread: how far people differ, in per cent of the population.
    """
    how = profile(name).vitals[vital]
    rise = how.delta * sensitivity(name, vital, seed, spread) * intensity(name, minute) * effect
    return base + round(rise / 100_000_000) + how.distress * distress + _noise(how.noise, seed, vital, minute)


@lru_cache(maxsize=20_000)
def sensitivity(name: str, vital: str, seed: int, spread: int = 100) -> int:
    """Return how strongly this person responds, in thousandths of the usual, from 0 to 3000."""
    # One draw for both pressures: they rise together.
    person = drawn(seed, "heart" if vital == "hr" else "pressure")
    return min(3000, max(0, round(1000 + 10 * spread * profile(name).vitals[vital].spread * person)))


@lru_cache(maxsize=50_000)
def drawn(seed: int, *names: str | int) -> float:
    """Draw from the standard normal distribution, the same for the same seed and names."""
    return NormalDist().inv_cdf((number_of(seed, *names) + 0.5) / 2**32)


def number_of(seed: int, *names: str | int) -> int:
    """Draw a whole number below 2**32, the same for the same seed and names."""
    text = "/".join(map(str, (seed, *names)))
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest(), "big")


def resting(name: str, vital: str, seed: int) -> int:
    """Draw a resting value from the population; a case gives its own instead."""
    how = profile(name).vitals[vital]
    return how.base + round(how.sd * drawn(seed, "rest", vital))


def measured(name: str, landmark: Landmark, seeds: Iterable[int]) -> float:
    """Measure a landmark in simulated people: hours, a mean peak, or a share in per cent."""
    if landmark.measure == "hours":
        return sum(1 for minute in range(720) if intensity(name, minute) >= 100) / 60
    peaks = [_highest(name, landmark.of, seed) for seed in seeds]
    if landmark.measure == "mean peak":
        return sum(peaks) / len(peaks)
    return 100 * sum(peak > landmark.above for peak in peaks) / len(peaks)


def _highest(name: str, vital: str, seed: int) -> int:
    """Measure every quarter of an hour around the peak, and keep the highest."""
    base, top = resting(name, vital, seed), round(profile(name).peak * 60)
    return max(reading(name, vital, base, 100, seed, top + shift, 0) for shift in range(-60, 75, 15))


def _noise(width: int, seed: int, vital: str, minute: int) -> int:
    return number_of(seed, vital, minute // STEP) % (2 * width + 1) - width
