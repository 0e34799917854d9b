from django.urls import path

from ratings.views import rating, results

app_name = "ratings"
RATE = "jams/<slug:slug>/rate/"
RESULTS = "jams/<slug:slug>/results/"

urlpatterns = [
    path(RATE, rating.RateView.as_view(), name="rate"),
    path(f"{RATE}next/", rating.NextView.as_view(), name="next"),
    path(f"{RATE}<int:pk>/", rating.SubmissionView.as_view(), name="submission"),
    path(f"{RATE}<int:pk>/autosave/", rating.AutosaveView.as_view(), name="autosave"),
    path(f"{RATE}<int:pk>/skip/", rating.SkipView.as_view(), name="skip"),
    path(f"{RATE}<int:pk>/unskip/", rating.UnskipView.as_view(), name="unskip"),
    path(RESULTS, results.ResultsView.as_view(), name="results"),
    path(f"{RESULTS}<int:pk>/", results.SubmissionResultsView.as_view(), name="submission_results"),
]
