"""Every single break of a rule: its syntax tree, changed in one place.

What is changed: comparisons and their boundaries, each part of an “and” or “or”, conditions (stuck at yes, stuck at
no), filters, numbers (one more, one less), words, arithmetic, least and greatest, order and shuffling, members of sets,
keys of dictionaries, entries of constant lists, arguments given by name, statements and answers that go missing.
Constants, properties, defaults and the values of enumerations are rules like any other.

What is not: docstrings and imports (they decide nothing); annotations, aliases of types, decorators and `None` (mypy,
strict, holds them).
"""

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType

AT_THE_BOUNDARY = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
OPPOSITE = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ANOTHER = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
OTHER_NAME = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "sorted": "list",
    "reversed": "list",
    "startswith": "endswith",
    "endswith": "startswith",
}
WITHOUT_EFFECT = ("strip", "lower", "upper", "casefold", "removeprefix", "removesuffix", "union", "difference")
LONGEST = 100
"""So many signs of the surroundings of a change are shown at most."""

Change = tuple[ast.AST, str]
"""What is put in the place of a node, and words for it, or "" where the code speaks for itself."""


@dataclass(frozen=True)
class Break:
    """One change in one place.

    Attributes:
        where: the qualified name of the function or of the constant, without its module.
        change: the smallest piece of code around it, before and after.
        nth: which of the equal changes in there it is, from 1, in the order of the file.
    """

    where: str
    change: str
    nth: int
    line: int
    spot: "Spot"

    @property
    def name(self) -> tuple[str, str, int]:
        """What it is known by, wherever its file is moved."""
        return self.where, self.change, self.nth

    def compiled(self, path: str) -> CodeType:
        """Return the broken module."""
        self.spot.put(self.spot.new)
        try:
            return compile(ast.fix_missing_locations(self.spot.tree), path, "exec")
        finally:
            self.spot.put(self.spot.node)


@dataclass(frozen=True, kw_only=True, eq=False)
class Spot:
    """A node at its place in the tree, and what is put there instead."""

    tree: ast.Module
    holder: ast.AST
    name: str
    place: int | None
    node: ast.AST
    new: ast.AST

    def put(self, node: ast.AST) -> None:
        """Put a node there."""
        if self.place is None:
            setattr(self.holder, self.name, node)
        else:
            getattr(self.holder, self.name)[self.place] = node


def breaks(source: str) -> tuple[Break, ...]:
    """Return every single break of a module, in the order of the file."""
    tree = ast.parse(source)
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for where, local, holder, name, place, node in _nodes(tree, "", local=False):
        for new, words in (
            *_stuck(node, holder, name),
            *_instead(node, list_of_constants=not local and _is_list(node, holder)),
        ):
            spot = Spot(tree=tree, holder=holder, name=name, place=place, node=node, new=new)
            change = words or _change(spot)
            seen[where, change] += 1
            found.append(Break(where, change, seen[where, change], getattr(node, "lineno", 0), spot))
    return tuple(found)


def _nodes(node: ast.AST, where: str, *, local: bool) -> Iterator[tuple[str, bool, ast.AST, str, int | None, ast.AST]]:
    """Yield every node that may decide something: whose it is, whether it is inside a function, where it is held."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "bases", "pattern", "format_spec", "ctx"):
            continue
        for place, child in enumerate(value) if isinstance(value, list) else ((None, value),):
            if isinstance(child, ast.AST) and not _decides_nothing(child, node):
                inside = where if local else f"{where}.{_named(child)}".strip(".")
                below = local or isinstance(child, ast.FunctionDef)
                yield inside, below, node, name, place, child
                yield from _nodes(child, inside, local=below)


def _decides_nothing(node: ast.AST, holder: ast.AST) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True  # a docstring
    if isinstance(holder, ast.JoinedStr):
        return isinstance(node, ast.Constant)  # the words are changed as one
    return isinstance(holder, ast.Module) and isinstance(node, ast.Assign) and _is_type(node.value)


def _is_list(node: ast.AST, holder: ast.AST) -> bool:
    """Say whether the entries of a tuple or list can be left out one by one: it is not taken apart into names."""
    taken_apart = isinstance(holder, ast.Assign) and isinstance(holder.targets[0], ast.Tuple)
    return isinstance(node, ast.Tuple | ast.List) and isinstance(node.ctx, ast.Load) and not taken_apart


def _is_type(node: ast.expr) -> bool:
    of_two = isinstance(node, ast.BinOp) and isinstance(node.left, ast.Name) and node.left.id.istitle()
    of_parts = isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id[0] != "_"
    return of_two or of_parts


def _named(node: ast.AST) -> str:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name
    if isinstance(node, ast.Assign | ast.AnnAssign):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        return ast.unparse(target)
    return ""


def _change(spot: Spot) -> str:
    shown = spot.holder if isinstance(spot.node, ast.Constant | ast.JoinedStr | ast.Name) else spot.node
    if isinstance(shown, ast.FunctionDef | ast.If | ast.While | ast.For) or len(ast.unparse(shown)) > LONGEST:
        shown = spot.node
    before = ast.unparse(shown)
    if shown is spot.node:
        return f"{before} → {ast.unparse(spot.new)}"
    spot.put(spot.new)
    after = ast.unparse(shown)
    spot.put(spot.node)
    return f"{before} → {after}"


def _stuck(node: ast.AST, holder: ast.AST, name: str) -> Iterator[Change]:
    """Yield yes and no in the place of a condition; a loop is never stuck at yes, as it would not end."""
    if name == "ifs" or (name == "test" and isinstance(holder, ast.If)):
        yield ast.Constant(value=True), f"if {ast.unparse(node)} → always"
    if name == "test" and isinstance(holder, ast.If | ast.While):
        yield ast.Constant(value=False), f"if {ast.unparse(node)} → never"


def _instead(node: ast.AST, *, list_of_constants: bool) -> Iterator[Change]:
    """Yield what may stand in the place of a node."""
    match node:
        case ast.Compare():
            yield from _compared(node)
        case ast.BoolOp():
            yield from _without_a_part(node)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand, ""
        case ast.BinOp() if type(node.op) in ANOTHER:
            yield _with(node, op=ANOTHER[type(node.op)]()), ""
        case ast.IfExp():
            yield node.body, ""
            yield node.orelse, ""
        case ast.Constant() | ast.JoinedStr():
            yield from _another_value(node)
        case ast.Call():
            yield from _called_otherwise(node)
        case ast.Set() | ast.Dict():
            yield from _without_a_member(node)
        case ast.Tuple() | ast.List() if list_of_constants:
            yield from _without_a_member(node)
        case ast.stmt():
            yield from _left_out(node)


def _with(node: ast.AST, **fields: object) -> ast.AST:
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _without(items: list[ast.AST], place: int) -> list[ast.AST]:
    return [*items[:place], *items[place + 1 :]]


def _compared(node: ast.Compare) -> Iterator[Change]:
    for place, op in enumerate(node.ops):
        for table in (AT_THE_BOUNDARY, OPPOSITE):
            if other := table.get(type(op)):
                yield _with(node, ops=[*node.ops[:place], other(), *node.ops[place + 1 :]]), ""


def _without_a_part(node: ast.BoolOp) -> Iterator[Change]:
    word = "and" if isinstance(node.op, ast.And) else "or"
    for place, part in enumerate(node.values):
        left = _without(node.values, place)
        new = left[0] if len(left) == 1 else _with(node, values=left)
        yield new, f"… {word} {ast.unparse(part)} → without it"


def _another_value(node: ast.Constant | ast.JoinedStr) -> Iterator[Change]:
    if isinstance(node, ast.JoinedStr):
        yield ast.Constant(value="XX"), ""
    elif isinstance(node.value, bool):
        yield ast.Constant(value=not node.value), ""
    elif isinstance(node.value, int):
        yield ast.Constant(value=node.value + 1), ""
        yield ast.Constant(value=node.value - 1), ""
    elif isinstance(node.value, str):
        yield ast.Constant(value=f"XX{node.value}"), ""
    elif isinstance(node.value, bytes):
        yield ast.Constant(value=b"XX" + node.value), ""


def _called_otherwise(node: ast.Call) -> Iterator[Change]:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name in OTHER_NAME:
        other = OTHER_NAME[name]
        new = ast.Name(other, ast.Load()) if isinstance(node.func, ast.Name) else _with(node.func, attr=other)
        keywords = [] if other == "list" else node.keywords
        yield _with(node, func=new, keywords=keywords), ""
    if name in ("min", "max") and len(node.args) > 1:
        yield from ((one, "") for one in node.args)
    if name == "sample":
        kept = ast.Slice(upper=node.args[1])
        yield ast.Subscript(ast.Call(ast.Name("list", ast.Load()), [node.args[0]], []), kept, ast.Load()), ""
    if name in WITHOUT_EFFECT and isinstance(node.func, ast.Attribute):
        yield node.func.value, ""
    for place, keyword in enumerate(node.keywords):
        # a word or number given by name is changed by itself
        if keyword.arg and not isinstance(keyword.value, ast.Constant | ast.JoinedStr):
            words = f"{ast.unparse(node.func)}(…, {keyword.arg}=…) → without {keyword.arg}"
            yield _with(node, keywords=_without(node.keywords, place)), words


def _without_a_member(node: ast.Set | ast.Dict | ast.Tuple | ast.List) -> Iterator[Change]:
    if isinstance(node, ast.Dict):
        for place, key in enumerate(node.keys):
            shown = ast.unparse(key) if key else f"**{ast.unparse(node.values[place])}"
            new = _with(node, keys=_without(node.keys, place), values=_without(node.values, place))
            yield new, f"{{{shown}: …}} → without {shown}"
        return
    for place, member in enumerate(node.elts):
        shown = ast.unparse(member)
        yield _with(node, elts=_without(node.elts, place)), f"(…, {shown}, …) → without {shown}"


def _left_out(node: ast.stmt) -> Iterator[Change]:
    match node:
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()) | ast.Raise() | ast.Continue() | ast.Break():
            yield ast.Pass(), ""
        case ast.AugAssign():
            yield ast.Pass(), ""
            if type(node.op) in ANOTHER:
                yield _with(node, op=ANOTHER[type(node.op)]()), ""
        case ast.Return(value=ast.Name() | ast.Attribute() | ast.Call() | ast.Subscript() | ast.Tuple() | ast.Dict()):
            begin = ast.unparse(node).split("(")[0]
            yield ast.Return(ast.Constant(value=None)), f"{begin}… → return None"
