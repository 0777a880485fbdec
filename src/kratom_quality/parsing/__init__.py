"""From pages to certificates: lines, tables, results and header fields."""
