"""Pages, in every language."""

urlpatterns: list[object] = []
