"""Files that users send: how they travel, and what is reported of them. Every command that imports a file says it so."""

from typing import Annotated, Any, Literal

from marshmallow import fields, validate

from chassis.wire import Part, text, whole

MOST_BYTES = 15_000_000
MOST_ROWS = 100_000
MOST_BAD_ROWS = 1_000

Encoding = Literal["utf-8", "utf-16", "gb18030", "cp1252"]
Delimiter = Literal[",", ";", "\t"]


class FileField(fields.String):
    """A file in base64."""

    def __init__(self, **options: Any) -> None:
        metadata = {"format": "byte", "contentEncoding": "base64", **options.pop("metadata", {})}
        longest = 4 * -(-MOST_BYTES // 3)
        super().__init__(**{**options, "metadata": metadata, "validate": validate.Length(min=1, max=longest)})


class TableFile(Part):
    """A file of rows, and how to read it where it does not say so itself.

    The file is CSV or XLSX, at most 15 MB and 100,000 rows, with a header. In JSON it travels as base64; as
    `multipart/form-data` it is sent as it is, the options beside it. Encoding and delimiter are found out, and named in the
    report; `encoding` and `delimiter` overrule that. Of a workbook the first sheet is read, or `sheet`. Columns are known by
    their names in English or Chinese, in any order; `columns` names the file's own headers instead (field: header), and the
    other columns are then ignored.
    """

    file: Annotated[str, FileField]
    encoding: Encoding | None = None
    delimiter: Delimiter | None = None
    sheet: Annotated[str | None, text(100)] = None
    columns: dict[str, str] | None = None


class UploadedFile(Part):
    """A file that is kept as it is, or cleaned: a photo, a video, a paper. In a form its name is the part's own."""

    file: Annotated[str, FileField]
    file_name: Annotated[str | None, text(255)] = None


class BadRow(Part):
    """A cell of a file that breaks a rule. Rows and columns count as a spreadsheet shows them: row 1, column A.

    `field` is the field's name as the contract has it, or what stands in the header; `file` and `row` for what is wrong with
    the whole of them, and then there is no column. `rule` is the code, `values` are the facts of the case, `message` says it in
    the language asked for.
    """

    row: Annotated[int, whole(1)]
    column: str
    field: str
    rule: str
    values: dict[str, Any]
    message: str = ""


class TableFileReport(Part):
    """What became of a file: everything was imported, or - when there is one bad row - nothing.

    At most 1,000 bad rows are shown, `bad_rows_total` says how many there are. `encoding` and `delimiter` are those a CSV was
    read with, `sheet` is the sheet of a workbook that was read.
    """

    imported: bool
    rows: int
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    bad_rows: list[BadRow]
    bad_rows_total: int
