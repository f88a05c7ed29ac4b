"""`/api/v1/cases/{ref}/replies/{number}/`: requests for reply, what was sent, and what came back."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import ChoiceFilter, FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.strict import Reason, RowInCase, StrictSerializer
from cases.enums import Precision
from cases.exceptions import InvalidInput
from cases.models import Account, Organisation, Person
from cases.permissions import Permission
from claims import queries
from claims.actions import letters, replies
from claims.api.claims import EditedViewSet
from claims.enums import Channel, ReplyOutcome, SendingKind
from claims.models import ClaimVersion, ReplyRequest
from claims.reply_forms import RequestFilter
from claims.telling import labels_of, party_label, readable_replies, told, with_parts
from evidence.models import Item

LONG = 20_000


def _row(model, **options: Any) -> RowInCase:
    return RowInCase(model, required=False, allow_null=True, **options)


def _text(limit: int = LONG) -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, max_length=limit)


# --- what is taken


class AllegationInput(StrictSerializer):
    claim = serializers.IntegerField(min_value=1)
    text = serializers.CharField(max_length=LONG)


class AskInput(StrictSerializer):
    """Exactly one of the parties is named."""

    account = _row(Account)
    person = _row(Person)
    organisation = _row(Organisation)
    party_text = _text(300)
    allegations = AllegationInput(many=True, allow_empty=False)
    language = serializers.CharField(required=False, max_length=35)
    letter = _text()
    deadline = serializers.DateTimeField(required=False, allow_null=True)
    urgency = _text()
    asked_by = _text(300)


class LetterInput(StrictSerializer):
    language = serializers.CharField(required=False, max_length=35)
    letter = _text()
    deadline = serializers.DateTimeField(required=False, allow_null=True)
    urgency = _text()


class SendingInput(StrictSerializer):
    channel = serializers.ChoiceField(choices=Channel.choices)
    kind = serializers.ChoiceField(choices=SendingKind.choices, required=False)
    address = _text(300)
    account = _row(Account)
    sent_at = serializers.DateTimeField()
    sent_precision = serializers.ChoiceField(choices=Precision.choices, required=False)
    item = _row(Item)


class EmailInput(StrictSerializer):
    address = serializers.EmailField(max_length=300)
    subject = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(choices=SendingKind.choices, required=False)
    text = _text()


class ReplyInput(StrictSerializer):
    text = serializers.CharField(max_length=LONG)
    language = serializers.CharField(max_length=35)
    received_at = serializers.DateTimeField()
    received_precision = serializers.ChoiceField(choices=Precision.choices, required=False)
    speaker = _text(300)
    verbatim = serializers.BooleanField(required=False)
    translation = _text()
    translator = _text(200)
    item = _row(Item)


class OutcomeInput(StrictSerializer):
    outcome = serializers.ChoiceField(choices=["no_response", "declined", "unreachable"])
    note = _text()


class SearchInput(StrictSerializer):
    searched_on = serializers.DateField()
    note = serializers.CharField(max_length=LONG)


# --- what is shown


class ToldSendingSerializer(serializers.Serializer):
    kind = serializers.CharField()
    channel = serializers.CharField()
    at = serializers.DateTimeField()
    precision = serializers.CharField()
    exhibit = serializers.IntegerField(allow_null=True)


class ToldReplySerializer(serializers.Serializer):
    speaker = serializers.CharField()
    text = serializers.CharField()
    verbatim = serializers.BooleanField()
    language = serializers.CharField()
    translation = serializers.CharField()
    translator = serializers.CharField()
    at = serializers.DateTimeField()
    precision = serializers.CharField()
    exhibit = serializers.IntegerField()


class AllegationSerializer(serializers.Serializer):
    claim = serializers.IntegerField(source="version.claim.number")
    version = serializers.IntegerField(source="version.number")
    text = serializers.CharField()


class RequestSerializer(serializers.Serializer):
    """One request; `words` is the sentence that readers are told."""

    number = serializers.IntegerField()
    party = serializers.CharField()
    asked_by = serializers.CharField()
    stage = serializers.ChoiceField(choices=[stage for stage, _ in RequestFilter.STATES])
    outcome = serializers.CharField()
    reason = serializers.CharField()
    words = serializers.CharField()
    language = serializers.CharField()
    letter = serializers.CharField()
    deadline = serializers.DateTimeField(allow_null=True)
    urgency = serializers.CharField()
    searched_on = serializers.DateField(allow_null=True)
    search_note = serializers.CharField()
    allegations = AllegationSerializer(many=True)
    sent = ToldSendingSerializer(many=True)
    replies = ToldReplySerializer(many=True)
    edit_version = serializers.IntegerField()


class RequestFilterSet(FilterSet):
    stage = ChoiceFilter(choices=RequestFilter.STATES)
    outcome = ChoiceFilter(choices=ReplyOutcome.choices)


class RequestViewSet(EditedViewSet):
    """Requests for reply. Nothing is sent but by `email`, and that only where the installation has an address."""

    model = ReplyRequest
    serializer_class = RequestSerializer
    lookup_field = "number"
    lookup_value_converter = "int"
    filterset_class = RequestFilterSet
    search_fields = ("party_text", "party_person__label", "party_organisation__label", "letter")
    default_order = "number"
    write_serializers = {
        "create": AskInput,
        "partial_update": LetterInput,
        "destroy": StrictSerializer,
        "sending": SendingInput,
        "email": EmailInput,
        "reply": ReplyInput,
        "close": OutcomeInput,
        "withhold": Reason,
        "search": SearchInput,
    }
    needs = dict.fromkeys(
        ("create", "partial_update", "destroy", "sending", "email", "reply", "close", "search"), Permission.CLAIM_WRITE
    ) | {"withhold": Permission.GATE_OVERRIDE}

    def visible(self) -> QuerySet[ReplyRequest]:
        if getattr(self, "swagger_fake_view", False):
            return ReplyRequest.objects.none()
        return with_parts(queries.requests_of(self.request.user, self.case, now=timezone.now()))

    def get_serializer(self, *args: Any, **kwargs: Any) -> serializers.Serializer:
        """Rows are put into the words that readers get, and replies are open to whoever may open their exhibits."""
        if args:
            many = kwargs.get("many", False)
            shown = self._told(list(args[0]) if many else [args[0]])
            args = (shown if many else shown[0], *args[1:])
        return super().get_serializer(*args, **kwargs)

    def _told(self, rows: list[ReplyRequest]) -> list[dict[str, Any]]:
        labels = labels_of(rows)
        shown = readable_replies(self.request.user, self.case, [told(row, party_label(row, labels)) for row in rows])
        return [
            one
            | {name: getattr(row, name) for name in ("stage", "language", "letter", "urgency", "edit_version")}
            | {"allegations": row.allegations.all()}
            for row, one in zip(rows, shown, strict=True)
        ]

    def represent(self, row: ReplyRequest) -> dict[str, Any]:
        """As it is now, with its parts: actions give back bare rows."""
        return super().represent(self.visible().get(pk=row.pk))

    def create(self, request: Request, ref: str) -> Response:
        said = self.validated()
        parties = [said.pop(name, None) for name in ("account", "person", "organisation", "party_text")]
        given = [party for party in parties if party]
        if len(given) != 1:
            raise InvalidInput("Name one party: account, person, organisation or party_text.", field="party_text")
        put = [(self._version(one["claim"]), one["text"]) for one in said.pop("allegations")]
        made = replies.ask(actor=request.user, case=self.case, party=given[0], allegations=put, **said)
        return self.created(made)

    def _version(self, number: int) -> ClaimVersion:
        return queries.get_version(self.request.user, self.kwargs["ref"], number)

    def partial_update(self, request: Request, ref: str, number: int) -> Response:
        expected, changes = self.expected_version(), self.validated()
        changed = replies.edit_request(
            actor=request.user, request=self.get_object(), expected_version=expected, changes=changes
        )
        return self.respond(changed)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, ref: str, number: int) -> Response:
        replies.discard_request(actor=request.user, request=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @action(detail=True, methods=["post"])
    def sending(self, request: Request, **kwargs: Any) -> Response:
        """Note that a letter or a reminder went out."""
        return self._act(letters.note_sending)

    @action(detail=True, methods=["post"])
    def email(self, request: Request, **kwargs: Any) -> Response:
        """Send the letter as an e-mail, now."""
        return self._act(letters.send_by_email)

    @action(detail=True, methods=["post"])
    def reply(self, request: Request, **kwargs: Any) -> Response:
        """Keep what the party answered."""
        return self._act(letters.note_reply)

    @action(detail=True, methods=["post"])
    def close(self, request: Request, **kwargs: Any) -> Response:
        """Note what came of it."""
        return self._act(replies.close_request)

    @action(detail=True, methods=["post"])
    def withhold(self, request: Request, **kwargs: Any) -> Response:
        """An editor who wrote none of the claims decides that the party is not asked."""
        return self._act(replies.withhold_request)

    @action(detail=True, methods=["post"])
    def search(self, request: Request, **kwargs: Any) -> Response:
        """Note a search for what the party said in public."""
        return self._act(replies.note_search)

    def _act(self, act) -> Response:
        row = self.get_object()
        act(actor=self.request.user, request=row, **self.validated())
        row.refresh_from_db()
        return self.respond(row)
