"""What a form with files may send at once: judged by its announced length, then by what arrives."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from evidence.exceptions import FileTooBigInForm, TooLarge

ROOM_FOR_FIELDS = 2 * 1024**2


class BoundedUploadHandler(FileUploadHandler):
    """First of the handlers; the ones after it keep the bytes (A46).

    Nothing longer than the announced length is ever read, so that alone bounds what a request can put on the disk. Of
    a stranger no file is taken at all: forms are read before anybody has asked who sends them. Beside the fields there
    is room for a file that is a little too large: it ends with the first piece that passes the limit, unkept.
    """

    def handle_raw_input(self, input_data: Any, META: dict, content_length: int, *_: Any) -> None:
        user = getattr(self.request, "user", None)
        known = user is not None and user.is_authenticated
        if content_length > ROOM_FOR_FIELDS + (settings.MAX_EVIDENCE_BYTES if known else 0):
            raise RequestDataTooBig("The request announces more bytes than one file may have.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > settings.MAX_EVIDENCE_BYTES:
            self._discard()
            raise FileTooBigInForm(str(TooLarge(settings.MAX_EVIDENCE_BYTES)))
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

    def _discard(self) -> None:
        """Close, and so delete, what the other handlers began to keep: Django leaves that to the garbage collector."""
        for handler in self.request.upload_handlers:
            if (begun := getattr(handler, "file", None)) is not None:
                begun.close()
