"""The door of the server: what it refuses before Streamlit sees it, the headers it sends, and the way to sign in."""
