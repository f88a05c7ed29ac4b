"""The page `docs/gate.md`, made from the rules themselves; a test compares it with the file."""

from claims.gate.evaluation import GATE_VERSION
from claims.gate.registry import BLOCKS, Rule, registered

_HEAD = """# The gate

Made from the code by `manage.py gate_rules > docs/gate.md`; do not edit. Gate version {version}, {count} rules.
A rule that **blocks** stops approval and publication. One that **warns** is shown, and blocks under the strict
policy of a case. Every run is stored with its inputs' hash.

| rule | level | title | basis |
|---|---|---|---|
"""


def render() -> str:
    """The whole page as Markdown."""
    rules = registered()
    lines = [f"| {rule.id} | {_level(rule)} | {rule.title} | {rule.basis} |" for rule in rules]
    sections = [f"## {rule.id} {rule.title}\n\n{_sentences(rule)}\n" for rule in rules]
    return _HEAD.format(version=GATE_VERSION, count=len(rules)) + "\n".join(lines) + "\n\n" + "\n".join(sections)


def _level(rule: Rule) -> str:
    return "blocks" if rule.level == BLOCKS else "warns"


def _sentences(rule: Rule) -> str:
    return " ".join((type(rule).__doc__ or "").split())
