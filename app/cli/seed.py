"""`flask seed`"""

import click

from app.core.errors import Refusal, say_and_exit
from app.core.extensions import settings


@click.command("seed")
@click.argument("name", type=click.Choice(["demo"]), default="demo")
def seed(name: str) -> None:
    """Put the state called NAME into the embedded database, which must have no contests yet."""
    from app.core import schema
    from app.seeds import demo

    try:
        if settings().database_url:
            raise Refusal("DATABASE_URL is set.", "Demo states only go into the embedded database: unset it.")
        schema.ensure_ready()
        codes = demo.plant()
    except Refusal as refusal:
        say_and_exit(refusal)
    click.echo(f"Planted the {name} state: {', '.join(codes)}.")
