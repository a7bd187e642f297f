"""A browser's part in a rerun, without a browser: Streamlit's websocket, and the processor time the server spends."""

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

PATIENCE_SECONDS = 120
# How a run ends that leads on to another page: that one's run follows.
LED_ON = ForwardMsg.FINISHED_EARLY_FOR_RERUN
SCHEDULED = 2  # of a process's clocks, the one of the time it was scheduled


@dataclass
class Shown:
    """What one run showed: the points of each chart, the values of the cards by label, and any exception's text."""

    points: list[int] = field(default_factory=list)
    cards: dict[str, str] = field(default_factory=dict)
    exceptions: list[str] = field(default_factory=list)
    elements: int = 0


class Visit:
    """An open page: every `run` is one rerun of its script."""

    def __init__(self, port: int, page: str = "", query: Mapping[str, str] | None = None, cookie: str = "") -> None:
        self.page = page
        self.query = "&".join(f"{name}={value}" for name, value in (query or {}).items())
        self.connection: ClientConnection = connect(
            f"ws://localhost:{port}/_stcore/stream",
            origin=Origin(f"http://localhost:{port}"),
            subprotocols=[Subprotocol("streamlit")],
            additional_headers={"Cookie": cookie} if cookie else {},
            max_size=None,
        )

    def run(self) -> Shown:
        """Run the script once and return what it showed."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_name = self.page
        self.connection.send(message.SerializeToString())
        shown, started = Shown(), False
        while True:
            received = ForwardMsg()
            received.ParseFromString(self.connection.recv(timeout=PATIENCE_SECONDS))
            kind = received.WhichOneof("type")
            started = started or kind == "new_session"
            if kind == "delta":
                _note(shown, received)
            elif kind == "script_finished" and started and received.script_finished != LED_ON:
                return shown

    def close(self) -> None:
        """Leave the page."""
        self.connection.close()


def _note(shown: Shown, message: ForwardMsg) -> None:
    shown.elements += 1
    if message.delta.WhichOneof("type") != "new_element":
        return
    element = message.delta.new_element
    kind = element.WhichOneof("type")
    if kind == "plotly_chart":
        shown.points.append(_points(json.loads(element.plotly_chart.spec)))
    elif kind == "metric":
        shown.cards[element.metric.label] = element.metric.body
    elif kind == "exception":
        shown.exceptions.append(element.exception.message)


def _points(spec: Mapping[str, Any]) -> int:
    """Return how many points a chart's traces have, whichever way their arrays are written: a map's outlines too."""
    return sum(
        max(_length(trace.get(name)) for name in ("x", "y", "lon", "lat")) + _outline_points(trace.get("geojson"))
        for trace in spec["data"]
    )


def _outline_points(geojson: Mapping[str, Any] | None) -> int:
    """Return how many points the outlines of a map have; all are sent as polygons of rings."""
    features = geojson["features"] if geojson else []
    total = 0
    for feature in features:
        parts = feature["geometry"]["coordinates"]
        polygons = parts if feature["geometry"]["type"] == "MultiPolygon" else [parts]
        total += sum(len(ring) for polygon in polygons for ring in polygon)
    return total


def _length(values: Any) -> int:
    if isinstance(values, dict):  # a typed array, as base64
        size = int("".join(filter(str.isdigit, values["dtype"]))[-1])
        return len(base64.b64decode(values["bdata"])) // size
    return len(values) if values is not None else 0


def processor_seconds(process: int) -> float:
    """Return the processor time that a process has spent so far, in its own and the system's code, all its threads.

    From the clock that Linux keeps of every process (clock_getcpuclockid(3) makes its number so): to the microsecond,
    where /proc/PID/stat counts in hundredths of a second.
    """
    return time.clock_gettime(~process << 3 | SCHEDULED)
