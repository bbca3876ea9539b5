"""Which breaks of a rule there are, by what names they are known, and that the list of survivors is true."""

import tomllib

import pytest

from tests.mutants.__main__ import HERE, ROOT, Tried, listed, rules, wrong
from tests.mutants.breaks import breaks
from tests.mutants.stage import Fate

RULE = '''
"""What it is for."""

from math import floor

MOST = 3


class Mark:
    """A mark."""

    @property
    def met(self) -> bool:
        """Whether it is reached."""
        return self.done and self.late <= MOST
'''


def names(source: str) -> set[tuple[str, str]]:
    return {(one.where, one.change) for one in breaks(source)}


def changes(line: str) -> set[str]:
    return {change for _, change in names(f"def rule(x, y):\n    {line}\n")}


def test_a_rule_is_broken_in_its_constants_its_boundaries_and_each_of_its_parts() -> None:
    assert names(RULE) == {
        ("MOST", "MOST = 3 → MOST = 4"),
        ("MOST", "MOST = 3 → MOST = 2"),
        ("Mark.met", "… and self.done → without it"),
        ("Mark.met", "… and self.late <= MOST → without it"),
        ("Mark.met", "self.late <= MOST → self.late < MOST"),
        ("Mark.met", "self.late <= MOST → self.late > MOST"),
    }


@pytest.mark.parametrize(
    ("line", "broken"),
    [
        ("return max(0, x)", {"max(0, x) → min(0, x)", "max(0, x) → 0", "max(0, x) → x", "return max… → return None"}),
        ("if x: pass", {"if x → always", "if x → never"}),
        ("while x: pass", {"if x → never"}),
        ("y = [a for a in x if a.passed]", {"if a.passed → always"}),
        ("y.shuffle(x)", {"y.shuffle(x) → pass"}),
        ("y = x.sample(y, 2)", {"x.sample(y, 2) → list(y)[:2]"}),
        ("y = x(at=y)", {"x(…, at=…) → without at"}),
        ("y = {x, y}", {"(…, x, …) → without x", "(…, y, …) → without y"}),
        ("y = {'a': x}", {"{'a': …} → without 'a'"}),
        ("y = not x", {"not x → x"}),
        ("x += y", {"x += y → pass", "x += y → x -= y"}),
        ("raise x", {"raise x → pass"}),
        ("y = 'a'", {"y = 'a' → y = 'XXa'"}),
        ("y = sorted(x)", {"sorted(x) → list(x)"}),
        ("y = x if y else 0", {"x if y else 0 → x", "x if y else 0 → 0"}),
    ],
)
def test_each_kind_of_line_is_broken(line: str, broken: set[str]) -> None:
    assert broken <= changes(line)


def test_a_break_keeps_its_name_when_its_line_moves() -> None:
    moved = "# a comment\n\n" + RULE.replace("MOST = 3", "LEAST = 1\n\nMOST = 3")
    assert names(RULE) < names(moved)


def test_equal_breaks_in_one_function_are_told_apart_by_their_number() -> None:
    twice = breaks("def rule(x):\n    if x > 1:\n        return x > 1\n")
    same = [one.nth for one in twice if one.change == "x > 1 → x >= 1"]
    assert same == [1, 2]


def test_what_is_broken_is_whole_again_afterwards() -> None:
    (first, *_) = breaks("def rule(x):\n    return x > 1\n")
    for _ in range(2):
        found: dict[str, object] = {}
        exec(first.compiled("rule.py"), found)
        assert found["rule"](1) is True
    other = breaks("def rule(x):\n    return x > 1\n")[1]
    exec(other.compiled("rule.py"), found)
    assert found["rule"](1) is True
    assert found["rule"](2) is False


def test_every_rule_and_its_tests_exist() -> None:
    for rule in rules():
        assert rule.tests
        assert all((ROOT / path).is_file() for path in (rule.path, *rule.tests)), rule


def test_every_survivor_on_the_list_exists_and_has_its_reason() -> None:
    existing = {one.name for rule in rules() for one in breaks((ROOT / rule.path).read_text())}
    assert {name for name in listed() if name not in existing} == set()
    assert all(len(reason) > 20 for reason in listed().values())


def test_the_list_names_no_break_twice() -> None:
    groups = tomllib.loads((HERE / "survivors.toml").read_text())["survivor"]
    every = [(group["where"], change) for group in groups for change in group["changes"]]
    assert len(set(every)) == len(every)


def test_a_survivor_that_is_not_listed_and_a_listed_one_that_is_noticed_are_wrong() -> None:
    found = breaks(RULE)
    tried = [Tried("rule.py", {**dict.fromkeys(found, Fate.KILLED), found[0]: Fate.SURVIVED}, 0.0)]
    every = {one.name for one in found}
    assert wrong(tried, {found[0].name: "A reason."}, every) == []
    assert wrong(tried, {}, every) == ["rule.py:6: no test notices “MOST = 3 → MOST = 4” in MOST. Write one that does."]
    assert wrong(tried, {found[0].name: "A reason.", found[1].name: "No longer."}, every) == [
        "survivors.toml: a test now notices “MOST = 3 → MOST = 2” in MOST. Take it off the list."
    ]
    gone = ("MOST", "MOST = 9 → MOST = 8", 2)
    assert wrong(tried, {found[0].name: "A reason.", gone: "Was."}, every) == [
        "survivors.toml: there is no “MOST = 9 → MOST = 8”  #2 in MOST any more. Take it off the list."
    ]
