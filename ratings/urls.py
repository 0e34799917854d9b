from django.urls import path

from ratings.views import (
    attesting,
    awards,
    ceremony,
    checking,
    coverage,
    feedback,
    integrity,
    judges,
    notes,
    overview,
    practice,
    proceedings,
    rating,
    results,
    scores,
    setting_up,
)

app_name = "ratings"
RATE = "jams/<slug:slug>/rate/"
RESULTS = "jams/<slug:slug>/results/"
SET_UP = "jams/<slug:slug>/set-up/"

urlpatterns = [
    path(f"{SET_UP}rating/", setting_up.RulesPage.as_view(), name="rules"),
    path(f"{SET_UP}criteria/", setting_up.CriteriaPage.as_view(), name="criteria"),
    path(f"{SET_UP}prizes/", setting_up.PrizesPage.as_view(), name="prizes"),
    path(RATE, rating.RateView.as_view(), name="rate"),
    path(f"{RATE}next/", rating.NextView.as_view(), name="next"),
    path("judge/<str:secret>/", judges.JudgeLinkView.as_view(), name="judge_link"),
    path(f"{RATE}judges/", judges.JudgesView.as_view(), name="judges"),
    path(f"{RATE}judges/<int:pk>/", judges.JudgeView.as_view(), name="judge"),
    path(f"{RATE}notes/", notes.NotesView.as_view(), name="notes"),
    path(f"{RATE}<int:pk>/notes/", notes.NoteView.as_view(), name="note"),
    path(f"{RATE}awards/", awards.AwardsView.as_view(), name="awards"),
    path(f"{RATE}<int:pk>/", rating.SubmissionView.as_view(), name="submission"),
    path(f"{RATE}<int:pk>/autosave/", rating.AutosaveView.as_view(), name="autosave"),
    path(f"{RATE}<int:pk>/skip/", rating.SkipView.as_view(), name="skip"),
    path(f"{RATE}<int:pk>/conflict/", rating.ConflictView.as_view(), name="conflict"),
    path(f"{RATE}<int:pk>/no-conflict/", rating.NoConflictView.as_view(), name="no_conflict"),
    path(f"{RATE}<int:pk>/ran/", attesting.AttestView.as_view(), name="attest"),
    path(f"{RATE}<int:pk>/unskip/", rating.UnskipView.as_view(), name="unskip"),
    path(f"{RATE}own/<int:pk>/", feedback.OwnView.as_view(), name="own"),
    path(f"{RATE}appeals/", feedback.AppealsView.as_view(), name="appeals"),
    path(f"{RATE}practice/", practice.PracticeView.as_view(), name="practice"),
    path(f"{RATE}integrity/", integrity.IntegrityView.as_view(), name="integrity"),
    path(
        "jams/<slug:slug>/submissions/organize/",
        overview.SubmissionsView.as_view(),
        name="submissions",
    ),
    path(f"{RATE}coverage/", coverage.CoverageView.as_view(), name="coverage"),
    path(RESULTS, results.ResultsView.as_view(), name="results"),
    path(f"{RESULTS}changes/", integrity.ChangesView.as_view(), name="changes"),
    path(f"{RESULTS}agreement/", scores.AgreementView.as_view(), name="agreement"),
    path(f"{RESULTS}ratings.csv", checking.RatingsFileView.as_view(), name="ratings_file"),
    path(f"{RESULTS}rules.json", checking.RulesFileView.as_view(), name="rules_file"),
    path(f"{RESULTS}standings.csv", checking.StandingsFileView.as_view(), name="standings_file"),
    path(f"{RESULTS}ceremony/", ceremony.CeremonyView.as_view(), name="ceremony"),
    path(f"{RESULTS}<int:pk>/", scores.SubmissionResultsView.as_view(), name="submission_results"),
    path(f"{RESULTS}proceedings/", proceedings.ProceedingsView.as_view(), name="proceedings"),
    path(
        f"{RESULTS}proceedings.zip", proceedings.ProceedingsFile.as_view(), name="proceedings_file"
    ),
    path(
        f"{RESULTS}proceedings/print/",
        proceedings.ProceedingsPrint.as_view(),
        name="proceedings_print",
    ),
]
