from django.urls import path

from submissions import views

app_name = "submissions"
HERE = "jams/<slug:slug>/submissions/"
SET_UP = "jams/<slug:slug>/set-up/"
TEAMS = "jams/<slug:slug>/teams/"

urlpatterns = [
    path(f"{SET_UP}submissions/", views.RulesPage.as_view(), name="rules"),
    path(f"{SET_UP}tracks/", views.TracksPage.as_view(), name="tracks"),
    path(f"{SET_UP}submission-questions/", views.QuestionsPage.as_view(), name="questions"),
    path(HERE, views.Gallery.as_view(), name="gallery"),
    path(f"{HERE}start/", views.Start.as_view(), name="start"),
    path(f"{HERE}<int:pk>/", views.Detail.as_view(), name="detail"),
    path(f"{HERE}<int:pk>/edit/", views.Edit.as_view(), name="edit"),
    path("jams/<slug:slug>/ideas/<int:pk>/take-up/", views.TakeUp.as_view(), name="take_up"),
    path(f"{HERE}<int:pk>/origins/", views.Origins.as_view(), name="origins"),
    path(f"{HERE}<int:pk>/continued/", views.Continued.as_view(), name="continued"),
    path(f"{HERE}<int:pk>/discussion/", views.Discussion.as_view(), name="discussion"),
    path(f"{HERE}<int:pk>/discussion/<int:comment_pk>/", views.Thread.as_view(), name="thread"),
    *(
        path(
            f"{HERE}<int:pk>/discussion/<int:comment_pk>/{act}/",
            view.as_view(),
            name=f"{act}_comment",
        )
        for act, view in (
            ("edit", views.EditComment),
            ("delete", views.DeleteComment),
            ("hide", views.HideComment),
            ("report", views.ReportComment),
        )
    ),
    path(f"{HERE}<int:pk>/autosave/", views.Autosave.as_view(), name="autosave"),
    path(f"{HERE}<int:pk>/preview/", views.Preview.as_view(), name="preview"),
    path(f"{HERE}<int:pk>/hand-in/", views.HandIn.as_view(), name="hand_in"),
    path(f"{HERE}<int:pk>/receipts/<int:number>/", views.Receipt.as_view(), name="receipt"),
    path(f"{HERE}<int:pk>/revisions/<int:number>/", views.Record.as_view(), name="record"),
    path(
        f"{HERE}<int:pk>/revisions/<int:number>/content.json",
        views.RecordContent.as_view(),
        name="record_content",
    ),
    path(
        f"{HERE}<int:pk>/revisions/<int:number>/SHA256SUMS",
        views.Checksums.as_view(),
        name="checksums",
    ),
    path(f"{HERE}<int:pk>/cite/<str:file>", views.Cite.as_view(), name="cite"),
    path(f"{HERE}<int:pk>/picture.png", views.LinkPicture.as_view(), name="link_picture"),
    path(f"{HERE}<int:pk>/changes/", views.Changes.as_view(), name="changes"),
    path(f"{HERE}<int:pk>/later/", views.AddLater.as_view(), name="add_later"),
    path(f"{HERE}<int:pk>/organize/", views.Organize.as_view(), name="organize"),
    path(f"{HERE}<int:pk>/more-time/", views.AskTime.as_view(), name="ask_time"),
    path(f"{HERE}<int:pk>/withdraw/", views.Withdraw.as_view(), name="withdraw"),
    path(f"{HERE}<int:pk>/leave/", views.Leave.as_view(), name="leave"),
    path(f"{HERE}<int:pk>/invitation/", views.RenewInvitation.as_view(), name="renew_invitation"),
    path(f"{HERE}<int:pk>/join/<str:token>/", views.Invitation.as_view(), name="invitation"),
    path(f"{HERE}<int:pk>/files/", views.AddFiles.as_view(), name="upload"),
    path(f"{HERE}<int:pk>/files/<int:file_pk>/", views.Download.as_view(), name="file"),
    path(f"{HERE}<int:pk>/files/<int:file_pk>/read/", views.Read.as_view(), name="read"),
    path(
        f"{HERE}<int:pk>/files/<int:file_pk>/pictures/<int:number>/",
        views.Picture.as_view(),
        name="picture",
    ),
    path(f"{HERE}<int:pk>/search/", views.Search.as_view(), name="search"),
    path(
        f"{HERE}<int:pk>/files/<int:file_pk>/remove/",
        views.RemoveFile.as_view(),
        name="remove_file",
    ),
    path(
        f"{HERE}<int:pk>/files/<int:file_pk>/strip/", views.StripFile.as_view(), name="strip_file"
    ),
    path(f"{HERE}<int:pk>/readme/", views.Readme.as_view(), name="readme"),
    path(f"{HERE}<int:pk>/uploads/", views.BeginUpload.as_view(), name="begin_upload"),
    path(f"{HERE}<int:pk>/uploads/<int:upload_pk>/", views.Pieces.as_view(), name="pieces"),
    path(
        f"{HERE}<int:pk>/uploads/<int:upload_pk>/give-up/",
        views.GiveUpUpload.as_view(),
        name="give_up_upload",
    ),
    path(f"{HERE}<int:pk>/looking/", views.TeamCard.as_view(), name="team_card"),
    path(TEAMS, views.Board.as_view(), name="board"),
    path(f"{TEAMS}mine/", views.OwnCard.as_view(), name="own_card"),
    path(f"{TEAMS}asks/", views.Asks.as_view(), name="asks"),
    path(f"{TEAMS}<int:card_pk>/", views.CardPage.as_view(), name="card"),
    path(f"{TEAMS}<int:card_pk>/report/", views.ReportCard.as_view(), name="report_card"),
    path("jams/<slug:slug>/certificates/", views.Certificates.as_view(), name="certificates"),
    path("certificates/<slug:code>/", views.CertificatePage.as_view(), name="certificate"),
    path(
        "certificates/<slug:code>/certificate.pdf",
        views.CertificatePdf.as_view(),
        name="certificate_pdf",
    ),
]
