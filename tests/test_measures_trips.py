"""What a year's trips take, by hand: 100 person-km one way to the shop and 400 to the pump."""

from __future__ import annotations

import pandas as pd
import pytest

from glesservice.config import Trips
from glesservice.measures import shopping_trips

PERSON_KM = pd.DataFrame({"dagligvaror": [100.0, 0.0], "drivmedel": [400.0, 0.0]}, index=["A", "B"])
RULE = Trips(
    per_person_week={"dagligvaror": 1.5, "drivmedel": 0.5}, co2_kg_per_km=0.2, sek_per_km=2.5
)


def test_a_years_trips_there_and_back():
    # 52 weeks × 2 × (1.5 × 100 + 0.5 × 400) = 104 × 350 = 36 400 km; × 0.2 kg = 7.28 tonnes;
    # × 2.50 kr = 91 000 kr.
    found = shopping_trips(PERSON_KM, RULE)
    assert found.loc["A"].to_dict() == pytest.approx(
        {"trip_km": 36_400, "co2_tonnes": 7.28, "trip_cost_sek": 91_000}
    )
    assert (found.loc["B"] == 0).all()


def test_a_service_that_nobody_is_said_to_drive_to_adds_nothing():
    found = shopping_trips(PERSON_KM.rename(columns={"drivmedel": "skola"}), RULE)
    assert found.loc["A", "trip_km"] == pytest.approx(104 * 150)
