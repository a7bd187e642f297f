"""The script Streamlit runs: who asks, in which language, which page. The pages stand in `pages/`."""

import streamlit as st

from ui import asking, citing, filters, footer, navigation, taking, theme

# Before the navigation: the browser would else ask another host for the page's own icon, to show it in the tab.
st.set_page_config(page_title="Uptake", page_icon=theme.ICON, layout="wide", initial_sidebar_state="collapsed")
now = asking.begin()
filters.begin_view()
taking.hear()
pages = navigation.pages()
page = st.navigation([navigation.doormat(), *pages.values()], position="hidden")
if page not in pages.values():
    page.run()
st.set_page_config(page_title=f"{page.title} · Uptake")
navigation.follow(pages)
navigation.bar(page, now)
body = st.container(key="body")
footer.show()  # before the page: one that ends early stops the script, and has a foot too
with body:
    navigation.open_page(pages, page, now)
filters.end_view()
taking.hand_out()
citing.open_if_asked()
