from .attesting import Attestation
from .giving import UNDER_WAY, Answer, Conflict, Helpful, Need, Rating, Score, Skip
from .judging import JudgeAssignment, JudgeLink, JudgeNote
from .results import Appeal, Award, Prize, Results, Standing
from .rules import (
    MOST_STARS,
    Anchor,
    Criterion,
    Example,
    Judge,
    Practice,
    Pseudonym,
    RatingRules,
    new_salt,
    pseudonym,
)

__all__ = [
    "MOST_STARS",
    "UNDER_WAY",
    "Anchor",
    "Answer",
    "Attestation",
    "Appeal",
    "Award",
    "Conflict",
    "Criterion",
    "Example",
    "Helpful",
    "Judge",
    "JudgeAssignment",
    "JudgeLink",
    "JudgeNote",
    "Need",
    "Practice",
    "Prize",
    "Pseudonym",
    "Rating",
    "RatingRules",
    "Results",
    "Score",
    "Skip",
    "Standing",
    "new_salt",
    "pseudonym",
]
