"""Pages leave compressed: on a slow line they are most of what is waited for."""

from django.middleware.gzip import GZipMiddleware


class PagesCompresseesMiddleware(GZipMiddleware):
    """Compress HTML only: a PDF or a spreadsheet is compressed already, and keeps its length.

    A page that holds a secret beside what a stranger may put in it could be read through its length (BREACH). Here the
    CSRF token is masked anew each time, and up to a hundred random bytes blur the length of every page.
    """

    def process_response(self, request, response):
        if not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
