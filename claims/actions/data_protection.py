"""Writing down why a case may hold and publish data about people (G-62)."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from cases.exceptions import InvalidInput, NotVisible
from cases.history import record
from cases.models import Case, Person, User
from claims.enums import LawfulBasis, Retention, SpecialGround
from claims.models import DataProtectionRecord
from claims.permissions import check_write_claims
from evidence.seals import seal_row

SHORTEST, LONGEST = 40, 20_000
LONGEST_UNSEEN = timedelta(days=5 * 366)
# What is asked of every record, in the order of the form.
TEXTS = ("purpose", "special_reasoning", "criminal_reasoning", "transparency", "contact", "public_interest")
FIELDS = (*TEXTS, "lawful_basis", "special_ground", "has_criminal_data", "retention", "review_at")
_CHOICES = {"lawful_basis": LawfulBasis, "special_ground": SpecialGround, "retention": Retention}


@transaction.atomic
def write_record(
    *,
    actor: User,
    case: Case,
    purpose: str,
    lawful_basis: str,
    retention: str,
    review_at: date,
    transparency: str,
    contact: str,
    has_criminal_data: bool,
    special_ground: str = "",
    special_reasoning: str = "",
    criminal_reasoning: str = "",
    public_interest: str = "",
    person: Person | None = None,
) -> DataProtectionRecord:
    """Write the next record of a case, or of one `person` in it, which replaces the one before and keeps it.

    Raises InvalidInput, naming the field, for what is missing or too short to be a reason (40 characters).
    """
    check_write_claims(actor, case)
    if person is not None and person.case_id != case.pk:
        raise NotVisible("There is no such person in this case.")
    row = DataProtectionRecord(
        case=case,
        person=person,
        purpose=purpose.strip(),
        lawful_basis=lawful_basis,
        special_ground=special_ground,
        special_reasoning=special_reasoning.strip(),
        has_criminal_data=has_criminal_data,
        criminal_reasoning=criminal_reasoning.strip(),
        retention=retention,
        review_at=review_at,
        transparency=transparency.strip(),
        contact=contact.strip(),
        public_interest=public_interest.strip(),
        written_by=actor,
    )
    _check(row)
    Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    row.number = (case.data_protection_records.aggregate(last=Max("number"))["last"] or 0) + 1
    seal_row(row).save(force_insert=True)
    after = {name: getattr(row, name) for name in FIELDS} | {"review_at": row.review_at.isoformat()}
    about = {"person": str(person.pk)} if person else {}
    record(actor, "data_protection_recorded", case, after={"number": row.number} | about | after)
    return row


def _check(row: DataProtectionRecord) -> None:
    for name, choices in _CHOICES.items():
        value = getattr(row, name)
        if value not in choices.values and (value or name != "special_ground"):
            raise InvalidInput(f"{name} is one of: {', '.join(choices.values)}.", field=name)
    needed = {"purpose": True, "transparency": True, "public_interest": row.person is not None}
    needed |= {"special_reasoning": bool(row.special_ground), "criminal_reasoning": row.has_criminal_data}
    for name, is_needed in needed.items():
        if is_needed and len(getattr(row, name)) < SHORTEST:
            raise InvalidInput(f"Say it in at least {SHORTEST} characters.", field=name)
    if long := next((name for name in TEXTS if len(getattr(row, name)) > LONGEST), None):
        raise InvalidInput(f"Say it in at most {LONGEST} characters.", field=long)
    if row.public_interest and row.person is None:
        raise InvalidInput("Only a record of one person says why that person is named.", field="public_interest")
    if not 0 < len(row.contact) <= 300:
        raise InvalidInput("Name an address to which people can write, in up to 300 characters.", field="contact")
    if row.review_at <= timezone.now().date():
        raise InvalidInput("Look at it again on a day that is still to come.", field="review_at")
    if row.review_at > timezone.now().date() + LONGEST_UNSEEN:
        raise InvalidInput("Look at it again within five years: nothing is kept unseen.", field="review_at")
