"""The one importer: whatever file a user sends, CSV or XLSX, becomes rows of typed values, or a report of every bad cell.

A service says which columns it wants and how a cell of each is read (`Column`); everything about files - encodings, delimiters,
line ends, headers in zh and en, what spreadsheets do to numbers - is known here and nowhere else. Nothing here knows a service.
"""

from files.amounts import Amounts
from files.columns import Column, of_field, of_money, of_whole, one_of, yes_or_no
from files.content import Unreadable
from files.reading import Key, Reading, read

__all__ = ["Amounts", "Column", "Key", "Reading", "Unreadable", "of_field", "of_money", "of_whole", "one_of", "read", "yes_or_no"]
