"""The outlines of areas that maps are drawn from: ours, or a ministry's own file in their place."""
