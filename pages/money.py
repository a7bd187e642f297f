"""Money: from fund to recipient, planned and paid out, what it costs per person reached, a fund, a scenario."""

import streamlit as st

from access.language import _
from ui import fund, investment, money, share

# One fund?
facts = fund.chosen()
if facts is not None:
    corner = fund.heading(facts)
    fund.capital(facts)
    fund.portfolio(facts)
    fund.not_known(facts)
    fund.benchmarks(facts)
else:
    # Or all the money of a country: which country, and what of it?
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(_("Money"), anchor=False)
        corner = st.container(width="content")
    country = money.choose_country()
    if country is None:
        st.info(_("No fund is known."))
        st.stop()
    view = money.choose_view()

    if view == "funds":
        # Which funds are there, and what is known of them?
        fund.listing(country)
    elif view == "case":
        # What would it mean to spend as the leading countries are said to?
        investment.case(country)
    else:
        moment = money.choose_moment()
        known = money.known(country, moment)
        if known.transactions and view == "flows":
            # Who gave how much to whom, and was what was promised paid out?
            currency = money.choose_currency(known)
            money.flows(country, known, currency, moment)
            money.over_time(known, currency, moment)
        elif known.transactions:
            # What does it come to for each person who is reached?
            money.costs(known, money.choose_currency(known), moment)

share.link_to_view(corner)
