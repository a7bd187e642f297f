"""What is looked at before a workbook is written: damaged ones too, which break nothing."""

import io
import zipfile

import pytest

from intake.staging import people, user_export

SHEET = "xl/worksheets/sheet1.xml"
METHODS = {"stored": zipfile.ZIP_STORED, "deflated": zipfile.ZIP_DEFLATED, "lzma": zipfile.ZIP_LZMA}


def damaged_workbook(method: int) -> bytes:
    """Return a zip whose sheet's packed bytes are overwritten in their middle."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        archive.writestr(SHEET, "".join(f"<c><v>{number}</v></c>" for number in range(5_000)))
    content = bytearray(written.getvalue())
    start = content.index(SHEET.encode()) + len(SHEET)
    content[start + 10 : start + 400] = b"\xff" * 390
    return bytes(content)


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_a_workbook_that_cannot_be_unpacked_is_left_to_the_check(method):
    content = damaged_workbook(method)
    assert people.workbook_holds_address(content) is False
    assert user_export.counted_workbook(content) is None
