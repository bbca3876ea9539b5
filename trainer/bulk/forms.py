"""A table to check."""

from flask_wtf.file import FileField
from wtforms import TextAreaField
from wtforms.validators import Length

from trainer.web.forms import Form

_LONGEST_TEXT = 500_000


class TableForm(Form):
    """A file, or lines pasted from a spreadsheet."""

    file = FileField(
        "A CSV file",
        description="Up to 1,000 rows: the number, and in a second column a name to compare, if you like.",
        render_kw={"accept": ".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"},
    )
    lines = TextAreaField(
        "Or the rows themselves",
        [Length(max=_LONGEST_TEXT, message="This is too long; send it as a file.")],
        description="Pasted from a spreadsheet, or one number in each line.",
        render_kw={"spellcheck": "false", "autocomplete": "off", "rows": "8"},
    )
