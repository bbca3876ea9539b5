"""Say where the site answers, and how to sign in to the demonstration."""

from rich.console import Console
from rich.table import Table

from trainer.demo.seed import DEMO_STAFF, DEMO_TRAINEES, invitation_is_open, key_file, key_of
from trainer.installation import Installation
from trainer.serving.port import address_leads_elsewhere


def who_can_sign_in(installation: Installation, port: int) -> None:
    """Print where the site answers, and how to sign in as each role of the demonstration, if it is there."""
    console = Console()
    address = f"http://127.0.0.1:{port}"
    console.print(f"\nTrainer answers at [bold]{address}[/bold]")
    if warning := address_leads_elsewhere(installation.settings.base_url, port):
        console.print(warning, soft_wrap=True)
    if sign_ins(installation):
        console.print(f"A verifier needs no account: {address}/verify\n")


def sign_ins(installation: Installation) -> bool:
    """Print the people of the demonstration with their addresses, and an invitation as long as nobody has used it.

    What opens it is shown to somebody at a terminal only: any other output is somebody's log.

    Returns:
        Whether there is a demonstration.
    """
    key = key_of(installation)
    if key is None:
        return False
    console = Console()
    shown = console.is_terminal
    password = f": {key.password}" if shown else f" stands in {key_file(installation)}"
    table = Table(title=f"Everybody's password in this demonstration{password}", title_justify="left")
    for heading in ("role", "sign in as", "who"):
        table.add_column(heading)
    for email, (name, role) in DEMO_STAFF.items():
        table.add_row(role.value, email, name)
    for email, (name, stage) in DEMO_TRAINEES.items():
        table.add_row("trainee", email, f"{name} {stage}")
    console.print(table)
    if shown and invitation_is_open(installation, key.invitation):
        console.print(f"An open invitation: {key.invitation}", soft_wrap=True)
    return True
