from cases.models.accounts import Account, Observation
from cases.models.cases import Case, Membership
from cases.models.idempotency import IdempotencyKey
from cases.models.imported_logs import ImportedLog
from cases.models.jobs import JobRun
from cases.models.names import Name
from cases.models.organisations import Organisation
from cases.models.people import Person
from cases.models.policies import CasePolicy, HousePolicy
from cases.models.tokens import ApiToken
from cases.models.users import User

__all__ = [
    "Account",
    "ApiToken",
    "Case",
    "CasePolicy",
    "HousePolicy",
    "IdempotencyKey",
    "ImportedLog",
    "JobRun",
    "Membership",
    "Name",
    "Observation",
    "Organisation",
    "Person",
    "User",
]
