"""One who asks the server for everything a visitor can, without a browser, and keeps whatever it says.

A page comes by its websocket, in the very messages a browser gets; what is pressed there and taken away, too. All else
comes by HTTP.
"""

import json
import re
import urllib.error
import urllib.request
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode, urlsplit

from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.browser import legible
from tests.browser.server import PASSWORD

PATIENCE_SECONDS = 90
# What stands in the HTML of a way on (ui/ways.py): the parameter that makes a table of a chart, the one that opens how
# it is cited, and the file that is asked for.
SWITCHES = re.compile(r'data-go="{&quot;([\w-]+_as)&quot;: &quot;table')
CITED = re.compile(r'data-go="{&quot;cite&quot;: &quot;([\w-]+)&quot;}')
WISHES = re.compile(r'data-take="([\w-]+)"')


@dataclass
class Visitor:
    """`heard` are the texts of everything that came, with where each came first."""

    address: str
    cookie: str = ""
    heard: dict[str, str] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)

    @classmethod
    def signed_in(cls, address: str, email: str) -> "Visitor":
        """Return one who has signed in, and sees what they may."""
        form = urlencode({"username": email, "password": PASSWORD}).encode()
        asked = urllib.request.Request(f"{address}/account/login", form, {"Origin": address})
        opened = urllib.request.build_opener(_Stay).open(asked, timeout=PATIENCE_SECONDS)
        cookies = [value.partition(";")[0] for value in opened.headers.get_all("set-cookie")]
        return cls(address, "; ".join(cookies))

    def read(self, path: str, **headers: str) -> bytes:
        """GET an address and return the body, without following where it leads to; keep what it says."""
        asked = urllib.request.Request(self.address + path, headers={"Accept-Encoding": "gzip", **headers})
        if self.cookie:
            asked.add_header("Cookie", self.cookie)
        with urllib.request.build_opener(_Stay).open(asked, timeout=PATIENCE_SECONDS) as answer:
            body: bytes = answer.read()
            self.answers[path] = answer.status
            self._keep(path, str(answer.headers))
            for text in legible.of_body(body, answer.headers.get("content-type", "")):
                self._keep(path, text)
        return body

    @contextmanager
    def page(self, name: str, **parameters: str) -> Iterator["Shown"]:
        """Open a page in a window of its own and yield what it shows."""
        host = urlsplit(self.address).netloc
        headers = {"Cookie": self.cookie} if self.cookie else {}
        with connect(
            f"ws://{host}/_stcore/stream", origin=Origin(self.address), subprotocols=[Subprotocol("streamlit")],
            max_size=None, additional_headers=headers,
        ) as window:  # fmt: skip
            shown = Shown(self, window, name, urlencode(parameters))
            shown.run()
            yield shown

    def _keep(self, where: str, text: str) -> None:
        if text:
            self.heard.setdefault(text, where)


class Shown:
    """A page as it stands in a window: its buttons and the files it offers, and how often it could not be shown."""

    def __init__(self, visitor: Visitor, window: ClientConnection, name: str, query: str) -> None:
        self.visitor = visitor
        self.window = window
        self.name = name
        self.query = query
        self.where = f"/{name}?{query}" if query else f"/{name}"
        self.session = ""
        self.texts: set[str] = set()
        self.buttons: dict[str, str] = {}  # id -> label
        self.files: dict[str, str] = {}  # id -> label
        self.html = ""
        self.handed: list[bytes] = []

    def run(self, pressed: str = "", **more: str) -> None:
        """Run the page, as after a button was pressed or more was written into its address; keep all it says."""
        asked = BackMsg()
        asked.rerun_script.page_name = self.name
        asked.rerun_script.query_string = "&".join(filter(None, (self.query, urlencode(more))))
        asked.rerun_script.context_info.url = f"{self.visitor.address}/{self.name}"
        asked.rerun_script.context_info.timezone = "Asia/Almaty"
        if pressed:
            asked.rerun_script.widget_states.widgets.add(id=pressed, trigger_value=True)
        self.window.send(asked.SerializeToString())
        self.buttons, self.files, self.html = {}, {}, ""
        while (message := self._next()).WhichOneof("type") != "script_finished" or message.script_finished == 2:
            self._see(message)
        assert message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY, self.where

    def press_each_kind(self) -> None:
        """Press one button of every label, one after the other, each on the page as it first was."""
        first = {label: button for button, label in reversed(self.buttons.items())}
        for button in first.values():
            if button not in self.buttons:
                self.run()
            if button in self.buttons:
                self.run(pressed=button)
        for what in sorted(set(CITED.findall(self.html))):
            self.run(cite=what)

    def take_all(self, but: str = "") -> list[str]:
        """Take away every file the page offers `but` those with a label, and return the labels."""
        wishes = sorted(set(WISHES.findall(self.html)))
        for wish in wishes:
            before = len(self.handed)
            self.run(take=wish)
            assert len(self.handed) == before + 1, (self.where, wish)
            for text in legible.of_body(self.handed[-1]):
                self.visitor._keep(f"{self.where}: {wish}", text)
        taken = [(file, label) for file, label in self.files.items() if label != but]
        for number, (file, _label) in enumerate(taken):
            asked = BackMsg()
            asked.backend_operation_request.request_id = str(number)
            asked.backend_operation_request.session_id = self.session
            asked.backend_operation_request.deferred_file.file_id = file
            self.window.send(asked.SerializeToString())
            while (message := self._next()).WhichOneof("type") != "backend_operation_response":
                self._see(message)
            answer = message.backend_operation_response
            assert answer.deferred_file.url, (self.where, answer.error_msg)
            self.visitor.read(quote(answer.deferred_file.url, safe="/?=&%"))
        return [*wishes, *(label for _file, label in taken)]

    @property
    def switches(self) -> dict[str, str]:
        """The parameters with which every chart of the page is a table."""
        return dict.fromkeys(SWITCHES.findall(self.html), "table")

    def _next(self) -> ForwardMsg:
        frame = self.window.recv(timeout=PATIENCE_SECONDS)
        assert isinstance(frame, bytes)
        for text in legible.of_frame(frame):
            self.texts.add(text)
            self.visitor._keep(self.where, text)
        return ForwardMsg.FromString(frame)

    def _see(self, message: ForwardMsg) -> None:
        if message.WhichOneof("type") == "new_session":
            self.session = message.new_session.initialize.session_id or self.session
        elif message.WhichOneof("type") == "delta":
            self._note(message.delta)

    def _note(self, message: Message) -> None:
        """Note the buttons and files anywhere in what is to be shown; an exception shown to a visitor fails."""
        for field_, value in message.ListFields():
            assert field_.name != "exception", (self.where, str(value)[:500])
            if field_.name == "button":
                self.buttons[value.id] = value.label
            elif field_.name == "download_button" and value.HasField("deferred_file_id"):
                self.files[value.deferred_file_id] = value.label
            elif field_.name == "html":
                self.html += value.body
            elif field_.name == "bidi_component" and value.id.endswith("-hand"):
                self.handed.append(b64decode(json.loads(value.json)["content"]))
            elif isinstance(value, Message):
                self._note(value)


class _Stay(urllib.request.HTTPRedirectHandler, urllib.request.HTTPErrorProcessor):
    """Follows nothing and takes a refusal for an answer."""

    def redirect_request(self, *_given: object) -> None:
        return None

    def http_response(self, _request: object, response: object) -> object:
        return response
