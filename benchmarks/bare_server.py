"""The bare page's server: `uvicorn benchmarks.bare_server:app`."""

from pathlib import Path

import streamlit as st

app = st.App(Path(__file__).with_name("bare_page.py"))
