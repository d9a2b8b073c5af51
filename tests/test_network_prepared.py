"""A prepared network answers as the one it was made from."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from glesservice.analysis import build_network
from glesservice.errors import InputError
from glesservice.network import load_network, nearest, save_network, snap


@pytest.fixture(scope="module")
def network(inputs, settings):
    return build_network(inputs, settings)


def answers(network, inputs):
    cells = snap(network, inputs.cells.geometry.centroid, 2000)
    sites = snap(network, inputs.sites.geometry, 2000)
    found = nearest(network, cells, sites, k=3)
    return found.site, found.seconds, found.metres


def test_the_loaded_network_gives_the_same_answers(network, inputs, tmp_path):
    save_network(network, tmp_path / "net")
    loaded = load_network(tmp_path / "net")
    for before, after in zip(answers(network, inputs), answers(loaded, inputs), strict=True):
        np.testing.assert_array_equal(before, after)


def test_the_loaded_network_has_the_same_table(network, tmp_path):
    save_network(network, tmp_path / "net")
    loaded = load_network(tmp_path / "net").table()
    assert loaded.crs == network.table().crs
    assert loaded.geometry.geom_equals(network.table().geometry).all()
    plain = [pd.DataFrame(t.drop(columns="geometry")) for t in (loaded, network.table())]
    pd.testing.assert_frame_equal(
        plain[0].astype(object).where(plain[0].notna(), None),
        plain[1].astype(object).where(plain[1].notna(), None)[plain[0].columns],
    )


def test_saving_twice_replaces_the_first(network, tmp_path):
    save_network(network, tmp_path / "net")
    save_network(network, tmp_path / "net")
    assert [item.name for item in tmp_path.iterdir()] == ["net"]


def test_another_version_and_another_folder_are_refused(network, tmp_path):
    with pytest.raises(InputError, match="no prepared network"):
        load_network(tmp_path / "none")
    save_network(network, tmp_path / "net")
    header = tmp_path / "net" / "network.json"
    header.write_text(json.dumps(json.loads(header.read_text()) | {"format": 0}))
    with pytest.raises(InputError, match="another version"):
        load_network(tmp_path / "net")
