app_name = "jam"
urlpatterns = []
