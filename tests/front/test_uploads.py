"""The sender's half of the upload protocol, against a server that loses pieces and connections on purpose."""

import json
from urllib.parse import parse_qs

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GALLERY = "/gallery/"
PIECE = 2 * 1024 * 1024


class Receiver:
    """Keeps what it is sent, as the protocol says; `faults` are what befalls the next pieces ("drop", "lose")."""

    def __init__(self, page, faults=(), refusal=None):
        self.files, self.metadata, self.faults, self.refusal = {}, [], list(faults), refusal
        self.cancelled = []
        page.route("**/gallery/uploads**", self.handle)

    def handle(self, route):
        request, (number, step) = route.request, self.place(route.request.url)
        if request.method == "POST" and number is None:
            return self.create(route)
        if request.method == "PATCH":
            return self.piece(route, number)
        if request.method == "DELETE":
            self.cancelled.append(number)
            return route.fulfill(status=204)
        assert step == "complete"
        return self.answer(route, 201, {"url": f"/gallery/#item-{number}"})

    @staticmethod
    def place(url):
        rest = url.split("/gallery/uploads", 1)[1].strip("/").split("/")
        return (int(rest[0]), rest[-1]) if rest[0] else (None, "")

    @staticmethod
    def answer(route, status, body):
        route.fulfill(status=status, content_type="application/json", body=json.dumps(body))

    def create(self, route):
        if self.refusal:
            return self.answer(route, *self.refusal)
        number = len(self.files)
        self.files[number] = b""
        self.metadata.append({name: values[0] for name, values in parse_qs(route.request.post_data).items()})
        place = f"/gallery/uploads/{number}"
        return self.answer(route, 201, {"url": place, "complete_url": f"{place}/complete", "received": 0})

    def piece(self, route, number):
        fault = self.faults.pop(0) if self.faults else None
        if fault == "drop":
            return route.abort("connectionreset")
        offset, held = int(route.request.headers["upload-offset"]), self.files[number]
        if offset != len(held):
            return self.answer(route, 409, {"received": len(held)})
        self.files[number] = held + (route.request.post_data_buffer or b"")
        if fault == "lose":
            return route.abort("connectionreset")
        return self.answer(route, 200, {"received": len(self.files[number])})


def send(page, *files):
    page.set_input_files("#dropzone-files", [{"name": n, "mimeType": "text/plain", "buffer": b} for n, b in files])


def states(page):
    return page.locator(".upload-item").evaluate_all("items => items.map((item) => item.dataset.state)")


def wait_for(page, state, count=1):
    page.wait_for_function(
        "([state, count]) => document.querySelectorAll(`.upload-item[data-state=${state}]`).length === count",
        arg=[state, count],
    )


def test_files_are_sent_in_pieces_and_arrive_whole(open_page):
    page = open_page(GALLERY).page
    receiver = Receiver(page)
    large = bytes(range(256)) * (PIECE // 128)
    send(page, ("large.bin", large), ("small.txt", b"small"))
    wait_for(page, "done", 2)
    assert receiver.files == {0: large, 1: b"small"}
    assert [said["file_name"] for said in receiver.metadata] == ["large.bin", "small.txt"]
    assert receiver.metadata[0]["size"] == str(len(large))
    assert page.get_attribute(".upload-item a", "href") == "/gallery/#item-0"


def test_lost_connection_is_waited_out(open_page):
    page = open_page(GALLERY).page
    receiver = Receiver(page, faults=["drop"])
    send(page, ("a.txt", b"abc"))
    wait_for(page, "lost")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    wait_for(page, "done")
    assert receiver.files == {0: b"abc"}


def test_piece_that_arrived_without_its_answer_is_not_stored_twice(open_page):
    page = open_page(GALLERY).page
    content = b"x" * (PIECE + 10)
    receiver = Receiver(page, faults=["lose"])
    send(page, ("a.bin", content))
    wait_for(page, "lost")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    wait_for(page, "done")
    assert receiver.files == {0: content}


def test_refusal_is_shown_in_the_servers_words_and_can_be_tried_again(open_page):
    page = open_page(GALLERY).page
    receiver = Receiver(page, refusal=(400, {"detail": "This file is empty."}))
    send(page, ("a.txt", b"abc"))
    wait_for(page, "failed")
    assert page.inner_text(".upload-note") == "This file is empty."
    receiver.refusal = None
    page.get_by_role("button", name="Try again").click()
    wait_for(page, "done")


def test_conflict_without_an_amount_is_a_refusal_not_a_loop(open_page):
    page = open_page(GALLERY).page
    Receiver(page, refusal=(409, {"detail": "The case is closed."}))
    send(page, ("a.txt", b"abc"))
    wait_for(page, "failed")
    assert page.inner_text(".upload-note") == "The case is closed."


def test_one_refused_file_does_not_stop_the_next(open_page):
    page = open_page(GALLERY).page
    receiver = Receiver(page)
    receiver.refusal = (413, {"detail": "Too large."})
    send(page, ("a.txt", b"abc"))
    wait_for(page, "failed")
    receiver.refusal = None
    send(page, ("b.txt", b"def"))
    wait_for(page, "done")
    assert states(page) == ["failed", "done"]


def test_cancelled_upload_tells_the_server(open_page):
    page = open_page(GALLERY).page
    receiver = Receiver(page, faults=["drop"] * 50)
    send(page, ("a.txt", b"abc"))
    wait_for(page, "lost")
    page.get_by_role("button", name="Cancel", exact=True).and_(page.locator(".upload-item button")).click()
    wait_for(page, "cancelled")
    page.wait_for_function("() => document.querySelector('.upload-item button').textContent === 'Try again'")
    assert receiver.cancelled == [0]


def test_file_over_the_limit_is_not_even_announced(open_page):
    page = open_page(GALLERY).page
    receiver = Receiver(page)
    page.evaluate("document.querySelector('[data-upload]').dataset.maxBytes")
    page.evaluate(
        """async () => {
          const { startDropzone } = await import('/static/js/upload.js');
          const zone = document.querySelector('[data-upload]').cloneNode(true);
          zone.dataset.maxBytes = 2;
          document.querySelector('[data-upload]').replaceWith(zone);
          startDropzone(zone);
        }"""
    )
    send(page, ("a.txt", b"abc"))
    wait_for(page, "failed")
    assert "Larger than 2 B" in page.inner_text(".upload-note")
    assert receiver.metadata == []


def test_dropped_files_are_taken(open_page):
    page = open_page(GALLERY).page
    receiver = Receiver(page)
    transfer = page.evaluate_handle(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(['dropped'], 'dropped.txt'));
          return data;
        }"""
    )
    page.dispatch_event("[data-upload]", "dragover", {"dataTransfer": transfer})
    assert page.locator("[data-upload].over").count() == 1
    page.dispatch_event("[data-upload]", "drop", {"dataTransfer": transfer})
    wait_for(page, "done")
    assert receiver.files == {0: b"dropped"}
