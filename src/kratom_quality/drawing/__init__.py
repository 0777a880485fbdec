"""Pictures of what was read: whole pages with all that was read marked in colour, and single rows cut out."""

from kratom_quality.drawing.page import draw_page
from kratom_quality.drawing.rows import Place, draw_rows

__all__ = ["Place", "draw_page", "draw_rows"]
