"""Say in words from which browser somebody signed in, as far as the browser says it itself."""

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
"""The first sign that is found decides: Edge also says Chrome, and Chrome also says Safari; Android also says Linux."""


def browser_in_words(user_agent: str) -> str:
    """Return browser and system, such as "Firefox on Windows"; of what we do not know, what it calls itself."""
    browser = next((words for sign, words in _BROWSERS if sign in user_agent), "")
    system = next((words for sign, words in _SYSTEMS if sign in user_agent), "")
    if not browser:
        return user_agent[:60]
    return f"{browser} on {system}" if system else browser
