"""The proceedings of a jam: what was made and how it was rated, to be kept without Peerjam.

A static site in a zip that any browser opens from the disk (`site.py` says what is in it,
`keeping.py` builds and keeps it), and one long document to print (`sheets.py`).
"""
