"""Pure: a tidy DataFrame in, a Plotly figure out, with a text alternative. No Streamlit, no database."""
