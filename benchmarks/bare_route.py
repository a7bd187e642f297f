"""The measure of the routes: one Starlette route that returns the same content as a JSON response, and nothing else."""

import json
import os
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

ANSWER = "UPTAKE_BENCHMARK_ANSWER"


def main() -> None:
    """Serve it with the settings of the server."""
    content = json.loads(Path(os.environ[ANSWER]).read_bytes())

    async def figures(_request: Request) -> JSONResponse:
        return JSONResponse(content)

    app = Starlette(routes=[Route("/figures", figures)])
    uvicorn.run(
        app, host="127.0.0.1", port=int(os.environ["PORT"]), loop="uvloop", http="httptools", access_log=False,
        server_header=False, log_level="warning",
    )  # fmt: skip


if __name__ == "__main__":
    main()
