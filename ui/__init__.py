"""What pages share: the dashboard script, scope filters, figure cards, provenance panel, downloads and theme."""
