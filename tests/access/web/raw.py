"""A connection on which a test says what it likes, to the byte."""

import socket

PATIENCE_SECONDS = 30


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Wire:
    """One connection to a server on this machine."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)

    def send(self, content: bytes) -> None:
        """Say something."""
        self.socket.sendall(content)

    def rest(self) -> bytes:
        """Return everything that comes until the server hangs up; waiting for ever fails."""
        heard = b""
        try:
            while piece := self.socket.recv(65_536):
                heard += piece
        except ConnectionResetError:
            pass
        finally:
            self.socket.close()
        return heard

    def hear(self, least: int = 1) -> bytes:
        """Return what came, that many bytes or more, or all until the server hung up."""
        heard = b""
        while len(heard) < least and (piece := self.socket.recv(65_536)):
            heard += piece
        return heard

    def open_websocket(self, path: str, host: str) -> bytes:
        """Ask for a websocket as a page of `host` does; return the head of the answer."""
        asked = (
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nConnection: Upgrade\r\n"
            "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r\n\r\n"
        )
        self.send(asked.encode())
        return self.hear().partition(b"\r\n\r\n")[0]

    def send_message(self, content: bytes, length: int | None = None) -> None:
        """Send one binary message over the websocket, which says it is `length` long if that is named."""
        size = len(content) if length is None else length
        self.send(b"\x82\xff" + size.to_bytes(8, "big") + b"\0\0\0\0" + content)
