"""Fictional data to try the portal with: loaded by `manage.py demonstration`, never on a real installation.

Everything goes through the portal's own gestures, each at its own instant, so that what is shown is what they make.
"""
