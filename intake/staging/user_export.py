"""A vendor's export of users on its way in: the one place where it is met, in memory, before anything is written."""

from collections.abc import AsyncIterator

from intake.findings import message
from intake.refusal import Refused
from intake.staging.drafts import Draft


async def receive_user_export(head: bytes, pieces: AsyncIterator[bytes]) -> Draft:
    """Take an export of users that begins with `head`, of which nothing may reach the disk.

    Raises Refused (`personal_data`): people are not counted here, so their file is turned away.
    """
    raise Refused("personal_data", message("personal_data", "", "", {}))
