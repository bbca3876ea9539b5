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
from statistics import NormalDist, mean, pstdev
from typing import Any, NamedTuple

import yaml

FOLDER = Path(__file__).parent / "profiles"
_ALL_DAY = range(720)
STEP = 5
"""Minutes between two readings of the jitter."""


NEVER = -1
"""The minute of a supplemental dose that was not taken."""


class Doses(NamedTuple):
    """What a person has taken: how strongly it acts, in per cent of the usual, and the minute of the supplement."""

    effect: int = 100
    supplement: int = NEVER


ONCE = Doses()


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
    """A published figure that the profile must reproduce.

    Attributes:
        measure: what is measured in simulated people, see `measured`.
        target, within: hours, mmHg, beats a minute or per cent, as the measure says.
        of: the vital sign; empty for the effect.
        above: the value a share of people exceeds.
        pending: no published figure could be read; an estimate that clinicians have still to review.
    """

    name: str
    measure: str
    target: float
    within: float
    source: str
    of: str = ""
    above: int = 0
    pending: bool = False


@dataclass(frozen=True)
class Profile:
    """The effect curve of one substance and dose; lag and peak in hours.

    Attributes:
        supplement: the share of the first dose that a supplemental one has, 0 where there is none.
        usual: when it is usually taken, in hours after the first.
    """

    name: str
    title: str
    lag: float
    peak: float
    supplement: float
    usual: float
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
        supplement=fields.get("supplement", {}).get("share", 0.0),
        usual=fields.get("supplement", {}).get("usual", 0.0),
        vitals={key: Vital(**value) for key, value in fields["vitals"].items()},
        landmarks=tuple(Landmark(**field) for field in fields["landmarks"]),
    )


@cache
def intensity(name: str, minute: int, supplement: int = NEVER) -> int:
    """Return the effect in thousandths of the first dose's peak, so many minutes after that dose.

    A supplement adds its share of the same curve from its own minute on. That the two simply add up is an assumption.
    """
    first = _curve(name, minute)
    if supplement == NEVER or minute <= supplement:
        return first
    return first + round(profile(name).supplement * _curve(name, minute - supplement))


@cache
def _curve(name: str, minute: int) -> int:
    curve = profile(name)
    x = (minute / 60 - curve.lag) / (curve.peak - curve.lag)
    return round((x * exp(1 - x)) ** 2 * 1000) if x > 0 else 0


def phase(name: str, minute: int, supplement: int = NEVER) -> str:
    """Name the part of the curve, for display only."""
    now, rising = intensity(name, minute, supplement), minute / 60 < profile(name).peak
    if now >= 700:
        return "peak"
    if rising:
        return "before" if now == 0 else "onset" if now < 100 else "rise"
    return "come-down" if now >= 100 else "after"


class Body(NamedTuple):
    """Somebody on whom a substance acts.

    Attributes:
        profile: the name of the substance's curves.
        seed: the person.
        spread: how far people differ, in per cent of the population.
    """

    profile: str
    seed: int
    spread: int = 100


@lru_cache(maxsize=200_000)
def vital_at(body: Body, vital: str, base: int, doses: Doses, minute: int, distress: int) -> int:
    """Return one vital sign as a whole number.

    Args:
        vital: sbp, dbp or hr.
        base: the person's resting value.
        doses: how strongly they act, and when the supplement was taken.
        minute: minutes since the dose.
        distress: points of distress, each of which adds a little.
    """
    name, seed, spread = body
    how = profile(name).vitals[vital]
    rise = how.delta * sensitivity(name, vital, seed, spread) * intensity(name, minute, doses.supplement) * doses.effect
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
    """Measure a landmark: in the curve itself, or in simulated people.

    The measures are hours (for which the effect is above a tenth), hours with supplement, hour of peak, mean peak,
    spread of peaks (standard deviation) and share above (in per cent of people).
    """
    match landmark.measure:
        case "hours":
            return _hours(name, NEVER)
        case "hours with supplement":
            return _hours(name, round(profile(name).usual * 60))
        case "hour of peak":
            return max(_ALL_DAY, key=lambda minute: intensity(name, minute)) / 60
    peaks = [_highest(name, landmark.of, seed) for seed in seeds]
    match landmark.measure:
        case "mean peak":
            return mean(peaks)
        case "spread of peaks":
            return pstdev(peaks)
        case "share above":
            return 100 * sum(peak > landmark.above for peak in peaks) / len(peaks)
    raise ValueError(f"The profile {name} has a landmark that measures {landmark.measure!r}, which is not known.")


def _hours(name: str, supplement: int) -> float:
    return sum(1 for minute in _ALL_DAY if intensity(name, minute, supplement) >= 100) / 60


def _highest(name: str, vital: str, seed: int) -> int:
    """Measure every quarter of an hour around the peak, and keep the highest."""
    base, top, body = resting(name, vital, seed), round(profile(name).peak * 60), Body(name, seed)
    return max(vital_at(body, vital, base, ONCE, top + shift, 0) for shift in range(-60, 75, 15))


def _noise(width: int, seed: int, vital: str, minute: int) -> int:
    return number_of(seed, vital, minute // STEP) % (2 * width + 1) - width
