"""Texts of the demonstration data: plain literals that the command ``seed_demo`` reads.

Every person, local site, submission and figure in here is invented. The hosts and the starter
resources of the Interpretability Hackathon 2.0 are real and public.
"""
