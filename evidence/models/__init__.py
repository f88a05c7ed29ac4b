from evidence.models.blobs import Blob, Derivative, FixityCheck
from evidence.models.custody import CustodyEvent
from evidence.models.items import Item, TextLayer
from evidence.models.media import (
    Fingerprint,
    Frame,
    IgnoredPicture,
    LookUp,
    Match,
    MatchJudgement,
    MatchNotice,
    MediaFinding,
    MediaReport,
    MediaScan,
    PackedPrint,
    WaitingForMatches,
)
from evidence.models.sources import OriginChange, OriginGroup, Source, SourceGrade
from evidence.models.tickets import DownloadTicket
from evidence.models.uploads import Upload

__all__ = [
    "Blob",
    "CustodyEvent",
    "Derivative",
    "DownloadTicket",
    "Fingerprint",
    "FixityCheck",
    "Frame",
    "IgnoredPicture",
    "Item",
    "LookUp",
    "Match",
    "MatchJudgement",
    "MatchNotice",
    "MediaFinding",
    "MediaReport",
    "MediaScan",
    "OriginChange",
    "OriginGroup",
    "PackedPrint",
    "Source",
    "SourceGrade",
    "TextLayer",
    "Upload",
    "WaitingForMatches",
]
