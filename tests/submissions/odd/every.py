"""Oddities that have nothing to do with the assignment."""

from __future__ import annotations

import json

import nbformat

from tests.submissions.odd import as_old_json, cell_of, shared, solutions, take_out, without_ids


@shared("the solution cells in reverse order at the end, the tests where they were")
def solutions_reversed_at_the_end(pristine, solved):
    solved.cells += [take_out(solved, wanted) for wanted in reversed(solutions(solved))]
    return solved


@shared("the whole notebook in reverse order")
def everything_reversed(pristine, solved):
    solved.cells.reverse()
    return solved


@shared("all solutions merged into one cell without an id, at the end")
def all_merged(pristine, solved):
    sources = [take_out(solved, wanted).source for wanted in solutions(solved)]
    solved.cells.append(nbformat.v4.new_code_cell("\n\n".join(sources)))
    return solved


@shared("all metadata lost")
def all_ids_lost(pristine, solved):
    return without_ids(solved)


@shared("the code pasted into a new notebook: code cells only, no text, no tests")
def pasted_into_a_new_notebook(pristine, solved):
    tests = {cell.source for cell in solved.cells if cell.metadata.nbgrader.grade}
    code = [cell for cell in solved.cells if cell.cell_type == "code" and cell.source not in tests]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell.source) for cell in code])


@shared("saved by Colab: format 4.0, no ids, sources as lists, a byte order mark")
def saved_by_colab(pristine, solved):
    for cell in solved.cells:
        cell.metadata.update({"id": "aB3dEf_gH1jK", "outputId": "0-1", "colab": {"base_uri": "https://x"}})
    old = as_old_json(solved)
    old["metadata"] = {"colab": {"provenance": []}, "kernelspec": {"name": "python3"}, "accelerator": "GPU"}
    return "\ufeff" + json.dumps(old)


@shared("odd outputs: unknown types, huge numbers, nothing where a list should be")
def odd_outputs(pristine, solved):
    made = json.loads(json.dumps(solved))
    code = [cell for cell in made["cells"] if cell["cell_type"] == "code"]
    code[0]["outputs"] = [{"output_type": "hologram", "data": None}]
    code[1]["outputs"] = [{"output_type": "error", "ename": 3, "traceback": None}]
    code[2]["outputs"], code[2]["execution_count"] = None, "many"
    return made


@shared("Windows line ends, form feeds and spaces after every line")
def windows_lines(pristine, solved):
    for cell in solved.cells:
        cell.source = cell.source.replace("\n\n\n", "\n\x0c\n\n").replace("\n", "  \r\n")
    return solved


@shared("tabs for indentation")
def tabs(pristine, solved):
    for wanted in solutions(solved):
        cell_of(solved, wanted).source = cell_of(solved, wanted).source.replace("    ", "\t")
    return solved


@shared("duplicate cell ids, raw cells, an unknown cell type, attachments")
def odd_cells(pristine, solved):
    made = json.loads(json.dumps(solved))
    for cell in made["cells"]:
        cell["id"] = "same"
    made["cells"].insert(2, {"cell_type": "raw", "metadata": {}, "source": "raw"})
    made["cells"].insert(2, {"cell_type": "slide", "metadata": {}, "source": ["a", "b"]})
    made["cells"][0]["attachments"] = {"a.png": {"image/png": "AAAA"}}
    return made


@shared("metadata of the wrong types")
def odd_metadata(pristine, solved):
    made = json.loads(json.dumps(solved))
    code = [cell for cell in made["cells"] if cell["cell_type"] == "code"]
    odd = (None, [], 7, {"nbgrader": []}, {"nbgrader": {"grade_id": 5}}, {"nbgrader": {"grade_id": None}})
    for cell, metadata in zip(code, odd * len(code), strict=False):
        cell["metadata"] = metadata
    made["metadata"] = {"kernelspec": 3}
    return made


@shared("a notebook of format 3")
def format_three(pristine, solved):
    return nbformat.convert(solved, 3)


@shared("everything deleted but the tests", "not_attempted")
def only_tests_left(pristine, solved):
    solved.cells = [cell for cell in solved.cells if cell.metadata.nbgrader.grade]
    return solved
