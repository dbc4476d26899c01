"""Indexes in the order in which a list shows its rows."""

from django.db import models
from django.db.models.expressions import OrderBy


class IndexInOrder(models.Index):
    """An index of columns whose empty values stand where the list shows them, for PostgreSQL to read the list from.

    SQLite has no word for it in an index: there an empty value is less than any other, and stands where such an order wants it.
    """

    def create_sql(self, model, schema_editor, using="", **kwargs):
        if schema_editor.connection.vendor == "postgresql":
            return super().create_sql(model, schema_editor, using, **kwargs)
        plain = models.Index(*map(_without_nulls, self.expressions), name=self.name)
        return plain.create_sql(model, schema_editor, using, **kwargs)


def _without_nulls(expression):
    is_order = isinstance(expression, OrderBy)
    return OrderBy(expression.expression, descending=expression.descending) if is_order else expression
