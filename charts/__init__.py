"""Pure: a tidy DataFrame in, a Plotly figure out. No Streamlit, no database. Beside each its text alternative."""
