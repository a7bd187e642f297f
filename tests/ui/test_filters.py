"""The address as pages read it."""

from contextvars import Context
from types import SimpleNamespace

import streamlit as st

from ui import filters


def test_a_callback_reads_the_address_though_its_run_has_not_begun(monkeypatch):
    monkeypatch.setattr(st, "query_params", SimpleNamespace(to_dict=lambda: {"answers": "7"}))
    read = (Context().run(filters.address, name) for name in ("answers", "area"))
    assert list(read) == ["7", None]
