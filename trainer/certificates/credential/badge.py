"""What a holder puts on a page of their own: a small picture of the certificate, and a link for a profile.

The picture is drawn afresh whenever somebody's browser asks for it, so it shows the status of that moment. It
names no holder: whoever embeds it says that themselves, and a copied picture proves nothing about anybody.
"""

from datetime import date
from unicodedata import east_asian_width
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from trainer.certificates.facts.claim import Claim
from trainer.certificates.facts.zone import zone_named
from trainer.registry.status import Status, Word

WIDTH, HEIGHT = 360, 152
"""In CSS pixels; the picture scales."""
_TITLE_LINES, _TITLE_WIDTH, _LINE_WIDTH = 3, 34, 46  # in letters of average width

_INK, _SOFT, _PAPER, _EDGE = "#22302e", "#4d5c5a", "#fdfcf9", "#c9d3d0"
_MARKS = {  # colour and shape: nobody has to tell the colours apart
    Word.VALID: ("#1f6b4f", "M-6 0 L-2 5 L7 -6"),
    Word.NOT_YET_VALID: ("#4d5c5a", "M0 -6 V1 L5 4"),
    Word.EXPIRED: ("#4d5c5a", "M-6 0 H6"),
    Word.SUSPENDED: ("#8a5a00", "M-3 -6 V6 M3 -6 V6"),
    Word.SUPERSEDED: ("#4d5c5a", "M-6 0 H6 M2 -4 L6 0 L2 4"),
    Word.REVOKED: ("#a3262a", "M-5 -5 L5 5 M5 -5 L-5 5"),
    Word.SURRENDERED: ("#a3262a", "M-5 -5 L5 5 M5 -5 L-5 5"),
    Word.ERASED: ("#4d5c5a", "M-6 0 H6"),
}


def badge_svg(claim: Claim, status: Status) -> str:
    """Return the picture as SVG, with a title and a description for those who do not see it."""
    colour, mark = _MARKS[status.word]
    standing = _standing(claim, status)
    title = f"{claim.credential}: {standing}"
    described = f"Issued by {claim.issuer}, number {claim.number}. {claim.statement}"
    lines = [(line, 15, _INK, "600") for line in _wrapped(claim.credential, _TITLE_WIDTH, _TITLE_LINES)]
    lines += [(line, 12, _SOFT, "400") for line in _wrapped(claim.issuer, _LINE_WIDTH, 1)]
    lines += [(f"No. {claim.number}", 12, _SOFT, "400"), (standing, 13, colour, "600")]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
        ' role="img" aria-labelledby="title desc" lang="en">'
        f'<title id="title">{escape(title)}</title><desc id="desc">{escape(described)}</desc>'
        f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="10" fill="{_PAPER}" stroke="{_EDGE}"/>'
        f'<g transform="translate(40 {HEIGHT // 2})"><circle r="20" fill="{colour}"/>'
        f'<path d="{mark}" fill="none" stroke="{_PAPER}" stroke-width="2.5" stroke-linecap="round"'
        f' stroke-linejoin="round"/></g>{_set(lines)}</svg>'
    )


def add_to_profile_link(claim: Claim, base_url: str) -> str:
    """Return an address that opens LinkedIn's form for a certificate, filled in.

    It only fills in a form: the holder must be signed in there and press save, nothing is sent from here, and
    LinkedIn checks none of it, so what a profile shows proves nothing; the address in it leads to our counter.
    The names of the parameters are those of LinkedIn's own "Add to profile" button; there is no contract about
    them, and a parameter that LinkedIn drops one day leaves a field empty. The issuer is passed as text, because
    only an organisation with a page there has a number.
    """
    until = claim.valid_until
    facts = {
        "startTask": "CERTIFICATION_NAME",
        "name": claim.credential,
        "organizationName": claim.issuer,
        "issueYear": claim.issued_on.year,
        "issueMonth": claim.issued_on.month,
        "expirationYear": until.year,
        "expirationMonth": until.month,
        "certUrl": claim.address(base_url),
        "certId": claim.number,
    }
    return f"https://www.linkedin.com/profile/add?{urlencode(facts)}"


def _standing(claim: Claim, status: Status) -> str:
    match status.word:
        case Word.VALID:
            return f"Valid until {_day(claim.valid_until)}"
        case Word.NOT_YET_VALID:
            return f"Valid from {_day(claim.issued_on)}"
        case _:
            since = status.since.astimezone(zone_named(claim.days.name)).date()
            return f"{status.word.value.capitalize()} since {_day(since)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _set(lines: list[tuple[str, int, str, str]]) -> str:
    """Set the lines under each other, centred beside the mark."""
    y = (HEIGHT - sum(size + 7 for _, size, _, _ in lines)) / 2
    written = []
    for text, size, colour, weight in lines:
        y += size + 7
        written.append(
            f'<text x="76" y="{y - 6:.1f}" font-family="Source Sans 3, Segoe UI, Helvetica, Arial, sans-serif"'
            f' font-size="{size}" font-weight="{weight}" fill="{colour}">{escape(text)}</text>'
        )
    return "".join(written)


def _wrapped(text: str, width: int, lines: int) -> list[str]:
    """Break a text into at most so many lines; what does not fit ends in three dots, as the title says all of it."""
    found = [""]
    for word in text.split():
        longer = f"{found[-1]} {word}".strip()
        if _wide(longer) <= width or not found[-1]:
            found[-1] = longer
        else:
            found.append(word)
    kept = found[:lines]
    if len(found) > lines:
        kept[-1] = kept[-1].rstrip(",;:") + "…"
    return [_cut(line, width) for line in kept]


def _cut(line: str, width: int) -> str:
    if _wide(line) <= width:
        return line
    while line and _wide(line) >= width:
        line = line[:-1]
    return line.rstrip() + "…"


def _wide(text: str) -> int:
    """Return the width of a text in letters; those of East Asia count twice."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
