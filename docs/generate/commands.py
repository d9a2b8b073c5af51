"""The command line reference: every subcommand with its words, from the parser itself."""

from __future__ import annotations

import argparse
import os
import re
from unittest.mock import patch

from docs.generate.markdown import code, text

from glesservice.cli import parser


def page() -> str:
    """Return the reference as MyST Markdown."""
    lines: list[str] = []
    for name, command in subcommands().items():
        lines += ["", f"(command-{name})=", f"## {code('glesservice ' + name)}", ""]
        lines += [text(_sentence(about)) + "\n" for about in _about(name, command)]
        lines += ["```text", _usage(command), "```"]
        for group in command._action_groups:
            shown = [action for action in group._group_actions if action.dest != "help"]
            if shown and group.title not in {"options", "positional arguments"}:
                lines += ["", f"**{(group.title or '').capitalize()}**"]
            for action in shown:
                lines += ["", code(_call(action)), f": {text(_sentence(_help(action, command)))}"]
    return "\n".join(lines) + "\n"


def subcommands() -> dict[str, argparse.ArgumentParser]:
    """Return the parser of each subcommand, by name, in the order of ``--help``."""
    return dict(_subparsers().choices)


def _subparsers() -> argparse._SubParsersAction[argparse.ArgumentParser]:
    """Find the subcommands of the command."""
    (found,) = [a for a in parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return found


def _about(name: str, command: argparse.ArgumentParser) -> list[str]:
    """Return what a subcommand is for: its line in ``--help``, and its own description."""
    (short,) = [a.help for a in _subparsers()._choices_actions if a.dest == name]
    return [about for about in (short, command.description) if about]


def _usage(command: argparse.ArgumentParser) -> str:
    """Write how the subcommand is called, 80 letters wide on any terminal."""
    with patch.dict(os.environ, {"COLUMNS": "82", "NO_COLOR": "1"}):
        usage = command.format_usage().rstrip()
    return usage.replace("\n" + " " * len("usage: "), "\n").removeprefix("usage: ")


def _call(action: argparse.Action) -> str:
    """Write an option and what it takes: ``--config FILE``."""
    taken = action.metavar if action.nargs != 0 else None
    words = " ".join(taken) if isinstance(taken, tuple) else taken or ""
    if not action.option_strings:
        return words or action.dest
    if not words and action.nargs != 0:
        words = action.dest.upper()
    return " ".join(filter(None, [", ".join(action.option_strings), words]))


def _help(action: argparse.Action, command: argparse.ArgumentParser) -> str:
    """Write what an option is for, with its default."""
    words = (action.help or "") % {**vars(action), "prog": command.prog}
    if isinstance(action, argparse._AppendAction) and "several times" not in words:
        words += "; may be given several times"
    return words


def _sentence(words: str) -> str:
    """Begin with a capital and end with a stop."""
    words = re.sub(r"\s+", " ", words).strip()
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "!", "?")) else ".")
