"""Which municipalities, and the settings of each: those that all share, with its own border."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from glesservice.config import Settings, load_common_settings, settings_for
from glesservice.errors import Fault, SettingsError
from glesservice.sources import municipalities_in
from glesservice.swedish import collation_key, enumeration

# Sweden's municipalities; and so many are named one by one.
ALL, NAMED = 290, 4


# SCB's codes of the counties.
COUNTIES = {
    "01": "Stockholms län",
    "03": "Uppsala län",
    "04": "Södermanlands län",
    "05": "Östergötlands län",
    "06": "Jönköpings län",
    "07": "Kronobergs län",
    "08": "Kalmar län",
    "09": "Gotlands län",
    "10": "Blekinge län",
    "12": "Skåne län",
    "13": "Hallands län",
    "14": "Västra Götalands län",
    "17": "Värmlands län",
    "18": "Örebro län",
    "19": "Västmanlands län",
    "20": "Dalarnas län",
    "21": "Gävleborgs län",
    "22": "Västernorrlands län",
    "23": "Jämtlands län",
    "24": "Västerbottens län",
    "25": "Norrbottens län",
}


def title_of(chosen: Sequence[Settings], lan: str, *, everything: bool) -> str:
    """Return what municipalities are together.

    Parameters
    ----------
    chosen
        Their settings.
    lan
        The county that was asked for; empty for none.
    everything
        Whether all were asked for.

    Examples
    --------
    >>> title_of([], "24", everything=False)
    'Västerbottens län'
    """
    if lan:
        return COUNTIES.get(lan, f"län {lan}")
    if everything:
        return "Sverige" if len(chosen) == ALL else f"{len(chosen)} kommuner"
    names = sorted((one.area.name for one in chosen), key=collation_key)
    return enumeration(names) if len(names) <= NAMED else f"{len(names)} kommuner"


def settings_of_one(path: Path, kommun: str) -> Settings:
    """Return the settings of one municipality out of a settings file for many.

    Parameters
    ----------
    path
        The settings file.
    kommun
        Municipality code.

    Returns
    -------
    Settings
        Those that a batch uses for it.

    Raises
    ------
    SettingsError
        If the settings cannot be used or the municipality is not among the borders.
    InputError
        If the file of borders cannot be read.
    """
    return settings_of_many(load_common_settings(path), str(path), (kommun,))[0]


def settings_of_many(
    common: Settings, where: str, kommuner: Sequence[str] = (), lan: str = ""
) -> list[Settings]:
    """Return the settings of each municipality, by code.

    Parameters
    ----------
    common
        The settings that they share.
    where
        The settings file, for the messages.
    kommuner
        Municipality codes.
    lan
        County code, two digits: all its municipalities. With neither, all there are.

    Returns
    -------
    list of Settings
        At least one.

    Raises
    ------
    SettingsError
        If a code is not among the borders; all such codes are told together.
    InputError
        If the file of borders cannot be read.
    """
    known = municipalities_in(common.boundary)
    chosen = sorted(set(kommuner)) or [code for code in known if code.startswith(lan)]
    faults = [
        Fault(
            f"the municipality {code} is not among the borders",
            where,
            "Write SCB's code, four digits, of a municipality that the file of borders holds",
        )
        for code in chosen
        if code not in known
    ]
    if not chosen:
        what = f"no municipality of county {lan} is among the borders"
        faults.append(Fault(what, where, "Write SCB's code of the county, two digits"))
    if faults:
        raise SettingsError(*faults)
    return [settings_for(common, code, known[code]) for code in chosen]
