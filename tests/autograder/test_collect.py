"""Archives as LMSs and people make them, and as nobody should."""

from __future__ import annotations

import io
import random
import stat
import zipfile

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder import archive
from autograder.cli import main
from autograder.collect import Fate, collect
from autograder.usage import UsageError
from autograder.visible import visible
from tests.autograder.handing_in import NAME


@pytest.fixture
def notebook(assignment):
    return nbformat.writes(assignment.pristine)


def made(path, files):
    """An archive of files, given by name with what is in them; a name may come twice."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files:
            target.writestr(name, content)
    return path


def collected(course):
    """What lies in submitted/, by student."""
    found = course.root.glob(f"submitted/*/{NAME}/{NAME}.ipynb")
    return {path.parts[-3]: path.read_text(encoding="utf-8") for path in found}


MOODLE_FOLDERS = [
    ("Анна Иванова_1234567_assignsubmission_file_/actor_critic.ipynb", "Анна Иванова_1234567"),
    ("Boris O'Neil_1234568_assignsubmission_file/actor_critic (1).ipynb", "Boris O'Neil_1234568"),
    ("Participant_99_assignsubmission_file_/deep/er/Untitled.ipynb", "Participant_99"),
]
MOODLE_FLAT = [
    ("Анна Иванова_1234567_assignsubmission_file_actor_critic.ipynb", "Анна Иванова_1234567"),
    ("Boris_B_12_assignsubmission_file_a_b.ipynb", "Boris_B_12"),
]
CANVAS = [
    ("ivanovaanna_10234_556677_actor_critic.ipynb", "ivanovaanna_10234"),
    ("borisov_LATE_10235_556678_actor_critic-1.ipynb", "borisov_10235"),
]
FOLDERS = [("anna/actor_critic.ipynb", "anna"), ("boris/actor_critic/actor_critic.ipynb", "boris")]
AROUND = [(f"class 5/submitted/{name}", student) for name, student in FOLDERS]
CANVAS_AROUND = [(f"submissions/{name}", student) for name, student in CANVAS]
MOODLE_AROUND = [(f"class/{name}", student) for name, student in [*MOODLE_FOLDERS, *MOODLE_FLAT[1:]]]
ARCHIVES = [MOODLE_FOLDERS, MOODLE_FLAT, CANVAS, FOLDERS, AROUND, CANVAS_AROUND, MOODLE_AROUND]


@pytest.mark.parametrize("files", ARCHIVES)
def test_everybody_is_found(course, notebook, tmp_path, files):
    path = made(tmp_path / "class.zip", [(name, notebook) for name, _ in files])
    assert {one.fate for one in collect(course, path)} == {Fate.COLLECTED}
    assert collected(course) == {student: notebook for _, student in files}


@pytest.mark.parametrize("loose", ["grades.csv", "readme.txt", "class/readme.txt"])
def test_a_loose_file_makes_nobody_of_anybody(course, notebook, tmp_path, loose):
    files = [("class/anna/ac/x.ipynb", notebook), ("class/boris/ac/x.ipynb", notebook), (loose, "-")]
    found = list(collect(course, made(tmp_path / "class.zip", files)))
    assert set(collected(course)) == {"anna", "boris"}
    assert [one.said for one in found if one.student is None] == [f"whose {loose} is cannot be seen"]


CLAIMS = [
    "eve_1_assignsubmission_file_/anna_2_assignsubmission_file_/hw.ipynb",
    "eve_1_assignsubmission_file_/anna_2_77_hw.ipynb",
    "anna_2_assignsubmission_file_x_1_assignsubmission_file_/hw.ipynb",
    "eve_1_assignsubmission_file_x_2_assignsubmission_file_hw.ipynb",
    "eve/anna_2_77_hw.ipynb",
]


@pytest.mark.parametrize("claim", CLAIMS)
def test_nobody_hands_in_for_somebody_else(course, notebook, tmp_path, claim):
    other = notebook.replace("NotImplementedError", "NotImplementedError()")
    files = [("anna_2_assignsubmission_file_/hw.ipynb", notebook), (claim, other)]
    list(collect(course, made(tmp_path / "class.zip", files)))
    assert collected(course)["anna_2"] == notebook


def test_what_was_killed_while_writing_is_written_again(course, notebook, tmp_path):
    folder = course.root / "submitted" / "anna" / NAME
    folder.mkdir(parents=True)
    (folder / f".{NAME}.ipynb.unfinished").write_text("half", encoding="ascii")
    (one,) = collect(course, made(tmp_path / "class.zip", [("anna/x.ipynb", notebook)]))
    assert one.fate is Fate.COLLECTED
    assert collected(course) == {"anna": notebook}


def test_an_archive_that_chance_has_changed_costs_its_owner_only(course, notebook, tmp_path):
    inner = io.BytesIO()
    made(inner, [("hw.ipynb", notebook[:2000]), ("дом.ipynb", notebook[:2000])])
    rng = random.Random(0)
    files = [("anna/hw.ipynb", notebook)]
    for number in range(300):
        changed = bytearray(inner.getvalue())
        for _ in range(rng.choice([1, 3, 30])):
            changed[rng.randrange(len(changed))] = rng.randrange(256)
        files.append((f"student-{number}/hw.zip", bytes(changed)))
    found = list(collect(course, made(tmp_path / "class.zip", files)))
    assert {one.student for one in found} == {"anna", *(f"student-{number}" for number in range(300))}
    assert collected(course)["anna"] == notebook


def test_what_is_very_large_is_not_looked_into(course, notebook, tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.collect.LARGEST_TO_LOOK_INTO", 100)
    monkeypatch.setattr("autograder.collect.parse_submission", None)
    path = made(tmp_path / "class.zip", [("anna/x.ipynb", notebook)])
    (unclear,) = collect(course, path)
    assert (unclear.fate, "--assignment" in unclear.said) == (Fate.LEFT, True)
    (one,) = collect(course, path, NAME)
    assert one.fate is Fate.COLLECTED


@pytest.mark.parametrize("other", ["gaussian_actor_critic", NAME])
def test_what_cannot_be_recognised_is_of_the_assignment_that_it_is_called_after(course, tmp_path, other):
    (one,) = collect(course, made(tmp_path / "class.zip", [(f"anna/{other}_final.ipynb", "no notebook")]))
    assert one.fate is Fate.COLLECTED
    assert (course.root / "submitted" / "anna" / other / f"{other}.ipynb").is_file()


def test_a_class_that_hands_in_two_assignments_at_once_is_sorted(course, notebook, tmp_path):
    other = course.assignment("gaussian_actor_critic").pristine
    files = [("anna/a.ipynb", notebook), ("anna/b.ipynb", nbformat.writes(other))]
    found = list(collect(course, made(tmp_path / "class.zip", files)))
    assert [one.fate for one in found] == [Fate.COLLECTED] * 2
    assert collected(course)["anna"] == notebook


def test_what_comes_again_is_replaced_only_when_asked(course, notebook, tmp_path):
    path = made(tmp_path / "class.zip", [("anna/a.ipynb", notebook), ("boris/a.ipynb", notebook)])
    list(collect(course, path))
    newer = notebook.replace("NotImplementedError", "NotImplementedError()")
    path = made(tmp_path / "again.zip", [("anna/a.ipynb", newer), ("boris/a.ipynb", notebook)])
    anna, boris = collect(course, path)
    assert (anna.fate, boris.fate) == (Fate.LEFT, Fate.UNCHANGED)
    assert "--update" in anna.said
    assert collected(course)["anna"] == notebook
    timestamp = course.root / "submitted" / "anna" / NAME / "timestamp.txt"
    timestamp.write_text("2030-01-01 12:00:00 UTC", encoding="ascii")
    anna, boris = collect(course, path, update=True)
    assert (anna.fate, boris.fate) == (Fate.REPLACED, Fate.UNCHANGED)
    assert anna.said == "timestamp.txt there is of the earlier submission"
    assert collected(course)["anna"] == newer


def test_of_several_the_newest_of_this_assignment_counts(course, notebook, tmp_path):
    newest = notebook.replace("NotImplementedError", "NotImplementedError()")
    files = [
        ("anna_1_20_actor_critic.ipynb", newest),
        ("anna_1_9_actor_critic.ipynb", notebook),
        ("anna_1_21_notes.ipynb", nbformat.writes(nbformat.v4.new_notebook())),
    ]
    (one,) = collect(course, made(tmp_path / "class.zip", files))
    assert one.fate is Fate.COLLECTED
    assert one.said == "actor_critic.ipynb is the newest of 3 notebooks"
    assert collected(course)["anna_1"] == newest


def test_a_student_may_hand_in_an_archive(course, notebook, tmp_path):
    inner = io.BytesIO()
    made(inner, [("__MACOSX/._hw.ipynb", b"\0"), ("home work/hw.ipynb", notebook)])
    path = made(tmp_path / "class.zip", [("Anna_7_assignsubmission_file_/hw.zip", inner.getvalue())])
    assert [one.fate for one in collect(course, path)] == [Fate.COLLECTED]
    assert collected(course) == {"Anna_7": notebook}


def test_of_an_archive_of_a_students_own_the_newest_counts(course, notebook, tmp_path):
    older = notebook.replace("NotImplementedError", "NotImplementedError()")
    inner, day = io.BytesIO(), (2026, 11, 30, 12, 0, 0)
    with zipfile.ZipFile(inner, "w") as target:
        target.writestr(zipfile.ZipInfo("OLD.IPYNB", (2020, 1, 1, 0, 0, 0)), older)
        target.writestr(zipfile.ZipInfo("new.ipynb", day), notebook)
        target.writestr(zipfile.ZipInfo("again/new.ipynb", day), notebook)
    path = made(tmp_path / "class.zip", [("Anna_7_assignsubmission_file_/hw.zip", inner.getvalue())])
    (one,) = collect(course, path)
    assert one.said == "hw.zip/new.ipynb was taken, one of 2 that are equally new"
    assert collected(course) == {"Anna_7": notebook}


def test_the_only_student_of_an_archive_is_who_moodle_says(course, notebook, tmp_path):
    path = made(tmp_path / "class.zip", [("Eve_1_assignsubmission_file_/anna_2_77_hw.ipynb", notebook)])
    list(collect(course, path))
    assert set(collected(course)) == {"Eve_1"}


def test_what_is_no_notebook_is_told_and_a_broken_one_goes_to_whoever_grades(course, notebook, tmp_path):
    files = [
        ("anna/essay.docx", b"PK"),
        ("boris/hw.ipynb", "no notebook"),
        ("vera/hw.zip", b"no archive"),
        ("actor_critic.ipynb", notebook),
    ]
    found = {one.student: one for one in collect(course, made(tmp_path / "class.zip", files), NAME)}
    assert found["anna"].said == "no notebook, but: essay.docx"
    assert "damaged archive" in found["vera"].said
    assert "whose actor_critic.ipynb is cannot be seen" in found[None].said
    assert collected(course) == {"boris": "no notebook"}


def test_a_name_that_the_archive_holds_elsewhere_is_read(course, notebook, tmp_path, monkeypatch):
    """From Python 3.12 on `zipfile` takes it from there, and the entry does not say that it is Unicode."""
    path = made(tmp_path / "class.zip", [("ANNA/a.ipynb", notebook)])
    listed = zipfile.ZipFile.infolist

    def as_later_pythons_do(self):
        entries = listed(self)
        for entry in entries:
            entry.filename = entry.filename.replace("ANNA", "Анна")
        return entries

    monkeypatch.setattr(zipfile.ZipFile, "infolist", as_later_pythons_do)
    assert set(archive.read(path).students) == {"Анна"}


def test_names_from_windows_are_read(course, notebook, tmp_path):
    path = tmp_path / "class.zip"
    made(path, [("ANNA/a.ipynb", notebook), ("BORIS/a.ipynb", notebook)])
    content = (
        path.read_bytes().replace(b"ANNA", "Анна".encode("cp866")).replace(b"BORIS", "Борис".encode("cp866"))
    )
    path.write_bytes(content)
    list(collect(course, path))
    assert set(collected(course)) == {"Анна", "Борис"}


def everything_in(folder):
    return {path for path in folder.rglob("*") if ".autograder" not in path.parts}


HOSTILE = [
    "../../evil.ipynb",
    "/etc/evil.ipynb",
    "..",
    "a/../../b/x.ipynb",
    "c\\..\\..\\x.ipynb",
    ".ssh/x.ipynb",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_is_written_elsewhere(course, notebook, tmp_path, name):
    before = everything_in(tmp_path)
    path = made(tmp_path / "class.zip", [(name, notebook), ("anna/x.ipynb", notebook)])
    list(collect(course, path))
    submitted = course.root / "submitted"
    assert all(submitted in new.parents for new in everything_in(tmp_path) - before - {path})
    assert all(path.parent.parent.parent == submitted for path in submitted.rglob("*.ipynb"))


def test_links_are_not_followed(course, notebook, tmp_path):
    link = zipfile.ZipInfo("eve/actor_critic.ipynb")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    secret = str(course.private / "hidden_seed")
    list(collect(course, made(tmp_path / "class.zip", [(link, secret), ("anna/x.ipynb", notebook)])))
    assert set(collected(course)) == {"anna"}


def test_a_bomb_costs_its_owner_only(course, notebook, tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "LARGEST", 2_000_000)
    inner = io.BytesIO()
    made(inner, [(f"{number}.ipynb", b"0" * 900_000) for number in range(3)])
    files = [
        ("eve/hw.ipynb", b"0" * 3_000_000),
        ("mallory/hw.zip", inner.getvalue()),
        ("anna/hw.ipynb", notebook),
    ]
    found = {one.student: one for one in collect(course, made(tmp_path / "class.zip", files))}
    assert {student: one.fate for student, one in found.items()} == {
        "anna": Fate.COLLECTED,
        "eve": Fate.LEFT,
        "mallory": Fate.LEFT,
    }


@pytest.mark.parametrize("content", [b"", b"Rar!\x1a\x07\x00", b"PK\x03\x04"])
def test_what_is_no_archive_is_refused(course, tmp_path, content):
    path = tmp_path / "class.zip"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="cannot be read as a zip archive"):
        list(collect(course, path))


def test_an_archive_that_is_not_there_or_empty(course, tmp_path):
    with pytest.raises(UsageError, match="does not exist"):
        list(collect(course, tmp_path / "none.zip"))
    with pytest.raises(UsageError, match="no files of students"):
        list(collect(course, made(tmp_path / "class.zip", [])))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(st.text(min_size=1, max_size=300), min_size=1, max_size=5))
def test_any_names_make_names_of_folders(tmp_path_factory, names):
    path = tmp_path_factory.mktemp("any") / "class.zip"
    with zipfile.ZipFile(path, "w") as target:
        for name in set(names):
            target.writestr(zipfile.ZipInfo(name.encode("utf-8", "replace").decode()), b"")
    for student, members in archive.read(path).students.items():
        for name in (student, *(member.name for member in members)):
            assert name not in ("", ".", "..")
            assert "/" not in name
            assert len(name.encode()) <= 255
            assert visible(name) == name
            assert not {"\n", "\t"} & set(name)


def test_the_command_says_what_it_did(course, notebook, tmp_path, capsys):
    path = made(tmp_path / "class.zip", [("anna/x.ipynb", notebook), ("boris/x.txt", "-")])
    with pytest.raises(SystemExit) as ended:
        main(["collect", str(path), "--course-dir", str(course.root)])
    said = capsys.readouterr().out
    assert ended.value.code == 1
    assert "1 collected, 0 replaced, 0 unchanged, 1 left out" in said
    assert "no notebook, but: x.txt" in said
