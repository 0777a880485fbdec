"""Pictures of what was read: a page with its rows, columns, unread text and problems marked in colour."""

from kratom_quality.drawing.page import draw_page

__all__ = ["draw_page"]
