from .rating import Autosave, Next, Rate, RateSubmission, Skip, Unskip
from .results import ResultsPage, SubmissionResults

__all__ = [
    "Autosave",
    "Next",
    "Rate",
    "RateSubmission",
    "ResultsPage",
    "Skip",
    "SubmissionResults",
    "Unskip",
]
