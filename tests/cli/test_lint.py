"""Does ``apicheck lint`` say what it should, and fail well?"""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from apicheck.demo import planted_faults, written_document
from apicheck.resources import resource

from .conftest import INTERRUPTIBLE, Run

GOOD = str(resource("examples") / "gebouwen" / "openapi.yaml")
OTHER = str(resource("rules") / "nlgov-adr" / "baseline.openapi.yaml")
SWAGGER = '{"swagger": "2.0", "info": {"title": "x", "version": "1.0.0"}, "paths": {}}'


def test_a_good_document_ends_with_0_and_never_claims_that_the_api_conforms(run: Run) -> None:
    result = run("lint", GOOD, "--lang", "en")
    assert result.code == 0
    assert "nlgov-adr@2.2" in result.out
    assert "fails" not in result.out.lower().replace("does not fail", "")
    assert json.loads(run("lint", GOOD, "--format", "json").out)["conclusion"] == "incomplete"


def test_a_fault_ends_with_1_and_shows_rule_place_and_remedy(run: Run) -> None:
    fault = next(fault for fault in planted_faults() if fault.name == "query-key-in-snake-case")
    with written_document([fault]) as document:
        result = run("lint", str(document))
        expected = document.read_text().splitlines()
    assert result.code == 1
    assert "/core/query-keys-camel-case" in result.out
    line = int(result.out.split("openapi.json:")[1].split(":")[0])
    assert "page_size" in "".join(expected[line - 1 : line + 2])


def test_twenty_runs_give_the_same_bytes(run: Run) -> None:
    assert len({run("lint", GOOD, "--standard", "nlgov-adr@2.0") for _ in range(20)}) == 1


def test_a_report_for_machines_differs_in_nothing_but_the_time(run: Run) -> None:
    def once() -> object:
        report = json.loads(run("lint", GOOD, "--format", "json").out)
        return {**report, "run": {**report["run"], "started": "", "finished": ""}}

    assert once() == once()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.yaml", "", "bevat niets"),
        ("page.html", "<!DOCTYPE html><html><body>hello</body></html>", "HTML"),
        ("swagger.json", SWAGGER, "2.0"),
        ("list.json", "[]", "list.json"),
        ("broken.json", '{"openapi": "3.0.3", ', "broken.json"),
    ],
)
def test_what_is_no_openapi_gets_one_sentence_and_4(run: Run, tmp_path: Path, name: str, content: str, said: str) -> None:
    (tmp_path / name).write_text(content)
    result = run("lint", name)
    assert result.code == 4
    assert result.out == ""
    assert said in result.err
    assert result.err.count("\n") == 1


def test_a_missing_file_and_a_folder_get_one_sentence_and_4(run: Run, tmp_path: Path) -> None:
    for spec in ("nowhere.yaml", str(tmp_path)):
        result = run("lint", spec)
        assert (result.code, result.out, result.err.count("\n")) == (4, "", 1)


def test_standard_input_is_read(run: Run) -> None:
    document = Path(GOOD).read_text("utf-8")
    assert run("lint", "-", stdin=document).code == 0


@pytest.mark.parametrize("edition", ["2.0", "2.1", "2.2"])
def test_every_output_names_the_edition(run: Run, edition: str) -> None:
    assert f"nlgov-adr@{edition}" in run("lint", GOOD, "--standard", f"nlgov-adr@{edition}").out


@pytest.mark.parametrize(
    "arguments",
    [
        ("lint",),
        ("lint", GOOD, "--standard", "nlgov-adr@9.9"),
        ("lint", GOOD, "--format", "papyrus"),
        ("lint", GOOD, "--no-such-option"),
        ("check", GOOD),
        ("rules", "show", "/core/nowhere"),
        ("lint", GOOD, OTHER, "--format", "json"),
        ("probe", GOOD, "--url", "http://127.0.0.1:9", "--header", "Authorization=secret"),
    ],
)
def test_wrong_use_ends_with_2(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.code == 2
    assert result.err


def test_a_file_that_cannot_be_written_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    result = run("lint", GOOD, "--format", "json=taken/report.json")
    assert result.code == 4
    assert "taken/report.json" in result.err


def test_an_unreadable_document_does_not_keep_the_others_from_being_read(run: Run) -> None:
    result = run("lint", "nowhere.yaml", GOOD)
    assert result.code == 4
    assert "nowhere.yaml" in result.err
    assert "openapi.yaml" in result.out


def test_what_a_document_leaves_open_is_no_failure_of_lint(run: Run, tmp_path: Path) -> None:
    document = Path(GOOD).read_text("utf-8").replace("application/json:", "application/geo+json:", 1)
    (tmp_path / "geo.yaml").write_text(document, "utf-8")
    assert run("lint", "geo.yaml").code == 0


def test_what_to_fail_on_is_for_the_user_to_say(run: Run, tmp_path: Path) -> None:
    document = Path(GOOD).read_text("utf-8")
    (tmp_path / "plain.yaml").write_text(document, "utf-8")
    assert run("lint", "plain.yaml", "--fail-on", "should", "--format", "json=report.json").code == 0
    assert run("report", "report.json", "--fail-on", "open").code == 0
    fault = next(fault for fault in planted_faults() if fault.name == "query-key-in-snake-case")
    with written_document([fault]) as broken:
        run("lint", str(broken), "--format", "json=broken.json")
    assert run("report", "broken.json").code == 0
    assert run("report", "broken.json", "--fail-on", "must").code == 1
    assert run("lint", "plain.yaml", "--fail-on", "nothing").code == 2


def test_many_documents_are_worked_through_in_order_each_as_if_alone(run: Run, tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"api-{number:02}.yaml").write_text(Path(GOOD).read_text("utf-8"))
    (tmp_path / "api-03.yaml").write_text("nothing: here")
    result = run("lint", "*.yaml")
    assert result.code == 4
    assert "api-03.yaml" in result.err
    alone = run("lint", "api-00.yaml").out
    assert result.out == "".join(alone.replace("api-00", f"api-{number:02}") for number in range(12) if number != 3)


def test_a_format_for_machines_goes_to_a_file_of_each_document(run: Run, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "openapi.yaml").write_text(Path(GOOD).read_text("utf-8"))
    refused = run("lint", "*/openapi.yaml", "--format", "json=report.json")
    assert (refused.code, refused.out) == (2, "")
    assert "{name}" in refused.err
    assert run("lint", "*/openapi.yaml", "--format", "json=reports/{name}.json").code == 0
    assert sorted(file.name for file in (tmp_path / "reports").iterdir()) == ["a-openapi.yaml.json", "b-openapi.yaml.json"]


def test_documents_that_would_be_written_over_each_other_are_refused(run: Run, tmp_path: Path) -> None:
    for name in ("a b.yaml", "a-b.yaml"):
        (tmp_path / name).write_text(Path(GOOD).read_text("utf-8"))
    assert run("lint", "*.yaml", "--format", "json={name}.json").code == 2
    assert not list(tmp_path.glob("*.json"))


def test_a_pattern_that_fits_nothing_is_said(run: Run) -> None:
    result = run("lint", "nowhere/**/*.yaml")
    assert (result.code, result.out) == (2, "")
    assert "nowhere/**/*.yaml" in result.err


def test_standard_input_may_stand_for_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "apis").mkdir()
    (tmp_path / "apis" / "paths.json").write_text('{"get": {"responses": {"200": {"description": "ok"}}}}')
    spec = '{"openapi": "3.0.3", "info": {"title": "x", "version": "1.0.0"}, "paths": {"/Gebouwen": {"$ref": "paths.json"}}}'
    alone, named = run("lint", "-", stdin=spec), run("lint", "-", "--stdin-filename", "apis/openapi.json", stdin=spec)
    assert "apis/openapi.json:1:" in named.out
    assert "paths.json" in alone.out
    assert "paths.json" not in named.out.replace("apis/paths.json", "")


def test_a_change_is_seen_at_once_while_watching(tmp_path: Path) -> None:
    document = tmp_path / "openapi.json"
    document.write_text(SWAGGER)
    command = [sys.executable, "-c", INTERRUPTIBLE, "lint", "openapi.json", "--watch", "--lang", "en"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as watching:
        assert watching.stderr
        assert watching.stdout
        assert "2.0" in watching.stderr.readline()
        assert "Ctrl-C" in watching.stderr.readline()
        (tmp_path / "saved").write_text(Path(GOOD).read_text("utf-8"))
        (tmp_path / "saved").replace(document)
        assert "Ctrl-C" in watching.stderr.readline()
        watching.send_signal(signal.SIGINT)
        assert "nlgov-adr@2.2" in watching.stdout.read()
        assert "Traceback" not in watching.stderr.read()


def test_editions_stand_side_by_side_with_what_the_last_asks_more(run: Run, tmp_path: Path) -> None:
    document = json.dumps(openapi_with(paths={"/gebouw_delen": {"get": {"responses": {"200": {"description": "ok"}}}}}))
    (tmp_path / "openapi.json").write_text(document)
    result = run("lint", "openapi.json", "--editions", "2.0,2.2", "--lang", "en")
    row = next(line for line in result.out.splitlines() if line.startswith("/core/path-segments-kebab-case"))
    assert row.split() == ["/core/path-segments-kebab-case", "-", "not", "met"]
    more = result.out[result.out.index("Found with nlgov-adr@2.2 and not with nlgov-adr@2.0") :]
    assert "openapi.json:1:" in more
    assert "gebouw_delen" in more
    assert result.code == 1
    assert run("lint", "openapi.json", "--editions", "1.0").code == 2


def test_a_difference_tells_only_what_is_new_and_what_is_gone(run: Run, tmp_path: Path) -> None:
    answer = {"get": {"responses": {"200": {"description": "ok"}}}}
    (tmp_path / "old.json").write_text(json.dumps(openapi_with(paths={"/oud_pad": answer, "/zelfde_pad": answer})))
    (tmp_path / "new.json").write_text(json.dumps(openapi_with(paths={"/zelfde_pad": answer, "/nieuw_pad": answer})))
    worse = run("lint", "new.json", "--diff", "old.json", "--lang", "en")
    new, gone = worse.out.split("Gone (")
    assert "nieuw_pad" in new
    assert "oud_pad" in gone
    assert "zelfde_pad" not in worse.out
    assert worse.code == 1
    assert run("lint", "old.json", "--diff", "old.json").code == 0


@pytest.mark.parametrize("more", [["--format", "json"], ["--editions", "2.0"], ["--watch"], ["other.json"]])
def test_a_comparison_goes_with_nothing_else(run: Run, more: list[str]) -> None:
    assert run("lint", "new.json", "--diff", "old.json", *more).code == 2


def openapi_with(**fields: object) -> dict[str, object]:
    return {"openapi": "3.0.3", "info": {"title": "x", "version": "1.0.0"}, "paths": {}, **fields}
