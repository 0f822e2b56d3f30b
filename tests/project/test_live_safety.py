"""Are the examples of how a running API is tested safely files that can be used?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from apicheck import settings, testdata
from apicheck.credentials import Scheme

TEXT = (Path(__file__).parents[2] / "docs" / "live-veiligheid.md").read_text("utf-8")


def example(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    return str(found)


def test_the_settings_can_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLIENT_ID", "toets")
    monkeypatch.setenv("CLIENT_SECRET", "geheim")
    (tmp_path / "eigen-ca.pem").write_text("")
    (tmp_path / "apicheck.toml").write_text(example("toml"))
    assert list(settings.read().auth) == ["oauth"]


def test_the_test_data_can_be_used(tmp_path: Path) -> None:
    (tmp_path / "testdata.yaml").write_text(example("yaml"))
    data = testdata.read(tmp_path / "testdata.yaml")
    assert data.body("POST /gebouwen") == {"naam": "Toets"}


def test_every_way_to_log_in_is_told() -> None:
    (union, *_) = get_args(Scheme)
    kinds = {get_args(scheme.model_fields["type"].annotation)[0] for scheme in get_args(union)}
    assert kinds == set(re.findall(r"^\| `([a-z0-9-]+)` \| `", TEXT, re.MULTILINE))
