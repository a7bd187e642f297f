"""Pure pictures: a tidy DataFrame in, a Plotly figure out. No Streamlit, no database."""
