"""One module a version of the schema; what was released is never changed."""
