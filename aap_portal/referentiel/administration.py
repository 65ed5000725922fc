"""What the admin of every app starts from: history for all, and rows that the portal alone writes."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from simple_history.admin import SimpleHistoryAdmin


class HistoriqueAdmin(SimpleHistoryAdmin):
    """History within the same bounds as the object: SimpleHistoryAdmin checks neither the queryset nor, on POST, the right."""

    def history_view(self, request, object_id, extra_context=None):
        self._exiger_visible(request, object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        self._exiger_visible(request, object_id)
        if request.method == "POST" and not self.has_change_permission(request):
            raise PermissionDenied("Ces données ne se modifient pas ici.")
        return super().history_form_view(request, object_id, version_id, extra_context)

    def _exiger_visible(self, request, object_id):
        if self.get_object(request, object_id) is None:
            raise Http404


class LectureSeuleAdmin(HistoriqueAdmin):
    """Rows whose states, locks and amounts are written by the portal's own pages only."""

    def get_readonly_fields(self, request, obj=None):
        return self.fields or [
            champ.name
            for champ in (*self.opts.fields, *self.opts.many_to_many)
            if champ.editable and champ.name not in (self.exclude or ())
        ]

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
