"""The routes keep what their own description promises, whatever is asked of them within and beyond it.

Schemathesis reads the description, asks at the edges of every parameter and at random, and holds each answer to it:
the status, the media type, the headers and the rows as described; what fits is answered, what does not is refused.
"""

import re
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from publishing.web import openapi
from tests.access.web.asgi import HOST


class Routes:
    """Hands on to the routes that a fixture has made: the requests are described before there is a database."""

    behind: Any = None

    async def __call__(self, scope, receive, send):
        """Let the routes answer."""
        await self.behind(scope, receive, send)


documented = schemathesis.openapi.from_dict(openapi.document())
documented.app = Routes()
# What fits is answered, unless there is no such release, or it was withdrawn, or was never made.
documented.config.checks.positive_data_acceptance.expected_statuses = ["2xx", "304", "404", "410"]
# Each table once, not in each of its forms: those read their parameters in the same place.
BY_FORM = r"^/api/v1/[a-z]+\.(csv|json)$|/latest/"


@pytest.fixture(autouse=True)
def answered(client):
    """Let the routes on a country with three releases answer."""
    documented.app.behind = client.app


def described(path):
    """Return the test of one path. A test of all of them would have one name, by which workers are told what to run."""

    @documented.include(path=path).parametrize()
    @settings(max_examples=5, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def test_every_answer_is_as_described(case):
        case.call_and_validate(headers={"host": HOST})

    return test_every_answer_is_as_described


for path in openapi.document()["paths"]:
    if not re.search(BY_FORM, path):
        globals()["test_every_answer_is_as_described_" + re.sub(r"\W+", "_", path).strip("_")] = described(path)
