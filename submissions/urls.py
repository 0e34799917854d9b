from django.urls import path

from submissions import views

app_name = "submissions"
HERE = "jams/<slug:slug>/submissions/"

urlpatterns = [
    path(HERE, views.Gallery.as_view(), name="gallery"),
    path(f"{HERE}start/", views.Start.as_view(), name="start"),
    path(f"{HERE}<int:pk>/", views.Detail.as_view(), name="detail"),
    path(f"{HERE}<int:pk>/edit/", views.Edit.as_view(), name="edit"),
    path(f"{HERE}<int:pk>/autosave/", views.Autosave.as_view(), name="autosave"),
    path(f"{HERE}<int:pk>/preview/", views.Preview.as_view(), name="preview"),
    path(f"{HERE}<int:pk>/hand-in/", views.HandIn.as_view(), name="hand_in"),
    path(f"{HERE}<int:pk>/receipts/<int:number>/", views.Receipt.as_view(), name="receipt"),
    path(
        f"{HERE}<int:pk>/receipts/<int:number>/content.json",
        views.ReceiptContent.as_view(),
        name="receipt_content",
    ),
    path(f"{HERE}<int:pk>/organize/", views.Organize.as_view(), name="organize"),
    path(f"{HERE}<int:pk>/withdraw/", views.Withdraw.as_view(), name="withdraw"),
    path(f"{HERE}<int:pk>/leave/", views.Leave.as_view(), name="leave"),
    path(f"{HERE}<int:pk>/invitation/", views.RenewInvitation.as_view(), name="renew_invitation"),
    path(f"{HERE}<int:pk>/join/<str:token>/", views.Invitation.as_view(), name="invitation"),
    path(f"{HERE}<int:pk>/files/", views.Upload.as_view(), name="upload"),
    path(f"{HERE}<int:pk>/files/<int:file_pk>/", views.Download.as_view(), name="file"),
    path(
        f"{HERE}<int:pk>/files/<int:file_pk>/remove/",
        views.RemoveFile.as_view(),
        name="remove_file",
    ),
]
