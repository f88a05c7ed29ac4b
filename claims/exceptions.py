"""What can go wrong with claims beyond `cases/exceptions.py`."""

from cases.exceptions import Conflict
from cases.sentences import Sentence


class GateRefused(Conflict):
    """The gate does not let a version through; `evaluation` is the stored run with one entry per rule."""

    def __init__(self, evaluation):
        self.evaluation = evaluation
        self.missing = [entry for entry in evaluation.results if entry["blocks"]]
        values = {"version": evaluation.version, "rules": ", ".join(entry["rule"] for entry in self.missing)}
        # What the API adds to the problem document.
        self.extra = {"evaluation": str(evaluation.pk), "missing": self.missing}
        super().__init__(Sentence("The gate refuses %(version)s. Not met: %(rules)s.", **values))
