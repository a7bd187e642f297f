"""The questions: a function takes a session and a Scope and returns a tidy DataFrame. No Streamlit, no Plotly."""
