"""Whole stories in a real Chromium, on a real server with a small demonstration."""
