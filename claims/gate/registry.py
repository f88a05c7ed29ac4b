"""The gate's rules: one small class each. A new rule is a new class with `@register`; nothing else changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from cases.sentences import Sentence
from claims.gate.facts import ClaimFacts

BLOCKS, WARNS = "B", "W"


@dataclass(frozen=True)
class Problem:
    """One thing that is missing: the sentence for a person, and where it is mended.

    `target` is a key such as "version", "citations", "citation:<id>", "item:<exhibit>", "source:<id>", "account:<id>",
    "review", "replies", "hypotheses", "legal", "record", "record:<person>" or "claim:<number>"; the pages turn it
    into a link.
    """

    text: str
    target: str

    def as_dict(self) -> dict[str, object]:
        """As it is stored: the English sentence, and how it was made where it holds values."""
        stored: dict[str, object] = {"text": str(self.text), "target": self.target}
        return stored | ({"said": list(self.text.said)} if isinstance(self.text, Sentence) else {})


class Rule:
    """A rule of EDITORIAL_GATE.md; its docstring is what the documentation says of it."""

    id: ClassVar[str]
    level: ClassVar[str] = BLOCKS
    title: ClassVar[str]
    basis: ClassVar[str]
    # Goes up whenever the rule may answer otherwise from the same facts; a stored run says which it asked.
    version: ClassVar[int] = 1

    def applies(self, facts: ClaimFacts) -> bool:
        """Whether the rule has anything to say of this claim."""
        return True

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        """What is missing; nothing when the rule is met."""
        return iter(())


_RULES: dict[str, Rule] = {}


def register(rule: type[Rule]) -> type[Rule]:
    """Add a rule to the gate; its id must be new."""
    if rule.id in _RULES:
        raise ValueError(f"{rule.id} is already a rule")
    _RULES[rule.id] = rule()
    return rule


def rule_named(rule_id: str) -> Rule | None:
    """The rule of that id, if there is one."""
    return _RULES.get(rule_id)


def registered() -> list[Rule]:
    """All registered rules in the order of their ids."""
    return [_RULES[rule_id] for rule_id in sorted(_RULES)]
