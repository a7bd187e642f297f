"""Signing in at a ministry's identity provider (OpenID Connect 1.0, authorization code with PKCE).

It ends in the same session on this server as a password does: `settings` says which provider, `discovery` what it says
of itself, `exchange` goes there and back, `admission` finds whose account it is, `rules` which roles its claims give.
"""
