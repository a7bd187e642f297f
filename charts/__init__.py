"""Pure: a tidy DataFrame in, a Plotly figure out. No Streamlit, no database.

SIGNATURES (being filled in). Every chart has a text alternative.

charts.theme: Caption(source: str, last_update: str = "", base: str = "", provisional: str = "", demonstration: bool = False)
charts.theme.Measure(name, unit="", decimals=0, percent=False)       how numbers of a measure are written
charts.trend.trend(frame, measure, caption, *, target=None, baseline=None) / trend.alt_text(frame, measure)
charts.bars.ranked(frame, measure, caption, *, selected=None, names="name", codes="area_code") / bars.alt_text(frame, measure)
      customdata of each bar is its code: event.selection.points[i]["customdata"][0]
charts.spark.spark(frame) / spark.alt_text(frame, measure)
charts.claims.announced(frame, caption) / claims.alt_text(frame)      frame of analytics.registry.announced_and_measured
charts.timeline.timeline(frame, caption, today) / timeline.alt_text(frame)
charts.theme.CONFIG  plotly config for st.plotly_chart
"""
