"""Repeat a stored run of the gate from the inputs that were stored with it: what did the rules see and say?"""

import types
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from audit.canonical import parse
from claims.gate.evaluation import judge
from claims.gate.facts import ClaimFacts
from claims.models import GateEvaluation


@dataclass(frozen=True)
class Repeated:
    """One rule, as it answered then and as it answers the same inputs now."""

    rule: str
    then: str
    now: str
    same_rule: bool

    @property
    def agrees(self) -> bool:
        return self.then == self.now

    @property
    def is_broken(self) -> bool:
        """Whether a rule that says it is the same answers the same inputs otherwise."""
        return self.same_rule and not self.agrees


def replay(run: GateEvaluation) -> list[Repeated] | None:
    """Each rule of a stored run with its answer to the stored inputs now; None for a run without inputs.

    A rule that has changed since says so by its version; one that is gone answers "".
    """
    if run.inputs is None:
        return None
    now = {entry.rule.id: entry for entry in judge(thaw(bytes(run.inputs))).entries}
    return [_repeated(entry, now.get(entry["rule"])) for entry in run.results]


def _repeated(then: Mapping[str, Any], now) -> Repeated:
    if now is None:
        return Repeated(then["rule"], then["verdict"], "", False)
    return Repeated(then["rule"], then["verdict"], now.verdict, then.get("version") == now.rule.version)


def thaw(inputs: bytes) -> ClaimFacts:
    """The facts from their canonical JSON; a fact that was not known then has its default."""
    return _value(ClaimFacts, parse(inputs))


def _value(kind: Any, value: Any) -> Any:
    """`value` of JSON as `kind`: a dataclass, a tuple or set of something, a date, or itself."""
    found = value
    if value is None:
        return None
    if isinstance(kind, types.UnionType):
        found = _value(next(one for one in get_args(kind) if one is not types.NoneType), value)
    elif is_dataclass(kind):
        said = {name: _value(hint, value[name]) for name, hint in _hints(kind).items() if name in value}
        found = kind(**said)
    elif get_origin(kind) in (frozenset, tuple):
        found = get_origin(kind)(_value(get_args(kind)[0], each) for each in value)
    elif kind in (date, datetime):
        found = kind.fromisoformat(value)
    return found


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
