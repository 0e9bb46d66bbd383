"""The `flask` commands that belong to no domain."""

from flask import Flask


def register(app: Flask) -> None:
    from app.cli.backup import backup, restore
    from app.cli.doctor import doctor
    from app.cli.engines import group
    from app.cli.seed import seed
    from app.cli.simulate import simulate
    from app.cli.up import up

    for command in (up, seed, simulate, doctor, group, backup, restore):
        app.cli.add_command(command)
