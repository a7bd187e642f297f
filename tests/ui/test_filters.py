"""What is chosen on screen and kept in the address, also when a click comes before the page is drawn."""

from streamlit.testing.v1 import AppTest


def page_of_two_choices() -> None:
    import streamlit as st

    from access.identity import PUBLIC
    from ui import asking, filters

    asking._asking.set(asking.Asking(PUBLIC, asking.clock()))  # a run begins
    filters.begin_view()
    filters.choose("initiative", "Initiative", {"a": "A", "b": "B"}, "a")
    if st.session_state.get("interrupted"):
        st.stop()
    filters.choose("measure", "Measure", {"x": "X", "y": "Y"}, "x")
    filters.end_view()


def test_a_choice_writes_the_whole_view_into_the_address():
    app = AppTest.from_function(page_of_two_choices).run()
    app.get_by_key("choice_initiative").set_value("b").run()
    assert app.query_params == {"initiative": "b", "measure": "x"}


def test_a_choice_before_the_page_is_drawn_to_its_end_keeps_what_the_address_says():
    app = AppTest.from_function(page_of_two_choices)
    app.query_params["measure"] = "y"
    app.run()
    app.session_state["interrupted"] = True
    app.run()  # such a run has not come to the second choice yet
    app.session_state["interrupted"] = False
    app.get_by_key("choice_initiative").set_value("b").run()
    assert app.query_params == {"initiative": "b", "measure": "y"}


def test_a_parameter_that_no_control_knows_is_left_out_of_a_whole_view():
    app = AppTest.from_function(page_of_two_choices)
    app.query_params["unknown"] = "1"
    app.run()
    app.get_by_key("choice_initiative").set_value("b").run()
    assert "unknown" not in app.query_params
