"""The measure of the pages: a Streamlit script that draws as many Plotly charts of as many points, and nothing else.

It is tuned as the pages are: the same settings and event loop; each figure built once, without Plotly's large template,
and kept as a resource.
"""

import os

import plotly.graph_objects as go
import streamlit as st

POINTS = "BARE_POINTS"  # how many points each chart has, comma-separated
IDLE_RUN = "idle"  # in the address: draw nothing


@st.cache_resource
def figure(points: int) -> go.Figure:
    """Return a line through so many points."""
    made = go.Figure(go.Scatter(x=list(range(points)), y=[number % 7 for number in range(points)]))
    made.layout.template = None  # Plotly's own would be half of what a small chart sends
    return made


def draw() -> None:
    """Draw the charts."""
    st.title("Bare")
    if IDLE_RUN in st.query_params:
        return
    for number, points in enumerate(os.environ[POINTS].split(",")):
        st.plotly_chart(figure(int(points)), key=str(number))


if __name__ == "__main__":
    draw()
