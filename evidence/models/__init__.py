from evidence.models.blobs import Blob, Derivative, FixityCheck
from evidence.models.custody import CustodyEvent
from evidence.models.items import Item, TextLayer
from evidence.models.sources import OriginChange, OriginGroup, Source, SourceGrade
from evidence.models.tickets import DownloadTicket
from evidence.models.uploads import Upload

__all__ = [
    "Blob",
    "CustodyEvent",
    "Derivative",
    "DownloadTicket",
    "FixityCheck",
    "Item",
    "OriginChange",
    "OriginGroup",
    "Source",
    "SourceGrade",
    "TextLayer",
    "Upload",
]
