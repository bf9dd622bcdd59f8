"""Oddities of `actor_critic`."""

from __future__ import annotations

import copy
import json
import textwrap
from functools import partial

import nbformat

from tests.submissions import odd
from tests.submissions.odd import (
    as_old_json,
    cell_of,
    moved_down,
    own,
    own_before,
    position,
    split,
    take_out,
    without_ids,
)

oddity = partial(odd.oddity, "actor_critic")

AGENT_TESTS = (
    "test_agent_act",
    "test_td_loss",
    "test_update_critic",
    "test_update_actor",
    "test_agent_learns",
)


SOLUTIONS = ("tensor_utils", "eps_greedy", "sample_batch", "actor_critic_model", "actor_critic_agent")


# --- nothing may be lost ---


@oddity("own cells everywhere: some fail, one is Markdown turned into code, one prints a lot")
def own_cells_everywhere(pristine, solved):
    own(solved, "imports", "1 / 0", "this is no Python", "print('x' * 100_000)")
    own(solved, "tensor_utils", "print(symlog(torch.tensor(3.0)))")
    text = cell_of(solved, "eps_greedy_text")
    text.cell_type, text.outputs, text.execution_count = "code", [], None
    return own(solved, "test_agent_act", "raise SystemExit", "del undefined")


@oddity("own cells bind the names that checks and given cells use")
def names_bound_anew(pristine, solved):
    own(solved, "imports", "check = hint = object()", "answer = probe = names = 0")
    return own(solved, "test_sample_batch", "env, state, agent = 1, 2, 3\nlist_of_agents = [agent]")


@oddity("a test cell moved to the top, the others deleted")
def tests_deleted_and_moved(pristine, solved):
    solved.cells.insert(0, take_out(solved, "test_agent_learns"))
    for wanted in ("test_tensor_utils", "test_eps_greedy", "test_td_loss", "test_update_actor"):
        take_out(solved, wanted)
    return solved


@oddity("test cells edited: one asserts, one is emptied, one is Markdown")
def tests_edited(pristine, solved):
    cell_of(solved, "test_tensor_utils").source = "assert False"
    cell_of(solved, "test_eps_greedy").source = ""
    cell_of(solved, "test_td_loss").cell_type = "markdown"
    return solved


@oddity("a wrong draft above the right copy, under the same id")
def right_copy_is_the_last(pristine, solved):
    draft = copy.deepcopy(cell_of(solved, "sample_batch"))
    draft.source = "def sample_batch(replay_buffer, n_samples):\n    return None"
    solved.cells.insert(position(solved, "sample_batch"), draft)
    return solved


@oddity("a draft that never ends above the right copy, with a helper that the copy uses")
def draft_with_a_helper(pristine, solved):
    right = cell_of(solved, "eps_greedy")
    draft = copy.deepcopy(right)
    draft.source = (
        "def best(values):\n    return int(values.argmax())\n\ndef select_action_eps_greedy(Q, s, e):\n    ?"
    )
    draft.source = draft.source.replace("    ?", "    while True: pass")
    right.source = right.source.replace("int(q_values.argmax())", "best(q_values)")
    solved.cells.insert(position(solved, "eps_greedy"), draft)
    return solved


@oddity("a cell of functions split by JupyterLab: both halves carry the id")
def split_between_functions(pristine, solved):
    return split(split(solved, "tensor_utils", "def symexp"), "tensor_utils", "def symlog")


@oddity("a class split between methods: both halves carry the id")
def split_between_methods(pristine, solved):
    return split(
        split(solved, "actor_critic_agent", "    def update_actor"), "actor_critic_agent", "    def act"
    )


@oddity("a class split between methods, the cursor before the word def: the indentation stays above")
def split_at_the_cursor(pristine, solved):
    split(solved, "actor_critic_model", "    def forward")
    at = position(solved, "actor_critic_model")
    first, second = solved.cells[at : at + 2]
    first.source, second.source = first.source + "\n\n    ", second.source[4:]
    return solved


@oddity("a class split between methods, the second half without an id")
def split_and_id_lost(pristine, solved):
    return split(solved, "actor_critic_agent", "    def update_critic", keep_ids=False)


@oddity("functions split, the second half without an id and an own cell between them")
def split_with_a_cell_between(pristine, solved):
    split(solved, "tensor_utils", "def symlog", keep_ids=False)
    return own(solved, "tensor_utils", "print(to_tensor([1, 2]))")


@oddity("two solutions merged into the earlier cell")
def merged_upwards(pristine, solved):
    cell_of(solved, "eps_greedy").source += "\n\n" + take_out(solved, "sample_batch").source
    return solved


@oddity("two solutions merged into the later cell, whose tests come after those of the first")
def merged_downwards(pristine, solved):
    later = cell_of(solved, "actor_critic_model")
    later.source = take_out(solved, "tensor_utils").source + "\n\n" + later.source
    return solved


@oddity("all metadata lost, and stale drafts left above")
def ids_lost_and_drafts_left(pristine, solved):
    own(solved, "imports", "def symlog(x):\n    return x", "def sample_batch(b, n):\n    return 0")
    return without_ids(solved)


@oddity("each of two solutions in the cell of the other")
def pasted_crosswise(pristine, solved):
    one, other = cell_of(solved, "eps_greedy"), cell_of(solved, "sample_batch")
    one.source, other.source = other.source, one.source
    return solved


@oddity("solutions in own cells just above the stubs, which are left as they were")
def written_above_the_stub(pristine, solved):
    for wanted in ("tensor_utils", "actor_critic_model"):
        at = position(pristine, wanted)
        pristine.cells.insert(at, nbformat.v4.new_code_cell(cell_of(solved, wanted).source))
    for wanted in ("eps_greedy", "sample_batch", "actor_critic_agent"):
        cell_of(pristine, wanted).source = cell_of(solved, wanted).source
    return pristine


@oddity("all solutions in own cells at the end with helpers between them, the stubs left as they were")
def written_below_everything(pristine, solved):
    for wanted in SOLUTIONS:
        source = cell_of(solved, wanted).source
        if wanted == "sample_batch":
            pristine.cells.append(nbformat.v4.new_code_cell("def columns(rows):\n    return zip(*rows)"))
            source = source.replace("zip(*transitions)", "columns(transitions)")
        pristine.cells.append(nbformat.v4.new_code_cell(source))
    return pristine


@oddity("one function of a cell filled in place, the other two in an own cell below")
def half_in_an_own_cell(pristine, solved):
    whole = cell_of(solved, "tensor_utils").source
    head, _, tail = whole.partition("def symlog")
    stub = cell_of(pristine, "tensor_utils").source
    cell_of(solved, "tensor_utils").source = head + "def symlog" + stub.partition("def symlog")[2]
    return own(solved, "test_tensor_utils", "def symlog" + tail)


@oddity("magics and shell lines in solution cells")
def magics(pristine, solved):
    cell_of(solved, "tensor_utils").source += "\n\n%time symlog(torch.tensor(2.0))\n!echo done\nhere = %pwd"
    cell_of(solved, "eps_greedy").source = "%%time\n" + cell_of(solved, "eps_greedy").source
    cell_of(solved, "sample_batch").source = "# @title Память\n%matplotlib inline\n" + (
        cell_of(solved, "sample_batch").source
    )
    return solved


@oddity("magics in solution cells whose ids are lost")
def magics_without_ids(pristine, solved):
    return without_ids(magics(pristine, solved))


@oddity("a name given to a class and functions of other names")
def assigned_names(pristine, solved):
    agent, utils = cell_of(solved, "actor_critic_agent"), cell_of(solved, "tensor_utils")
    agent.source = agent.source.replace("class ActorCriticAgent", "class MyAgent")
    agent.source += "\n\nActorCriticAgent = MyAgent"
    utils.source = utils.source.replace("def symexp(x):", "def my_symexp(x):")
    utils.source += "\n\nsymexp = lambda x: my_symexp(x)"
    return without_ids(solved)


@oddity("given cells edited: an import more, an own ActorBatch")
def given_cells_edited(pristine, solved):
    cell_of(solved, "imports").source += "\nfrom torch.nn.functional import one_hot"
    cell_of(solved, "actor_batch").source += "\n\n    def last(self):\n        return self.actions[-1]"
    agent = cell_of(solved, "actor_critic_agent")
    agent.source = agent.source.replace("return action.item()", "return self.actor_batch.last().item()")
    return solved


@oddity("own imports in cells that carry the ids of a test and of a text")
def stolen_ids(pristine, solved):
    for stolen, source in (("test_agent_learns", "import math"), ("sources", "LOWEST = 0.0")):
        cell = nbformat.v4.new_code_cell(source, metadata=copy.deepcopy(cell_of(solved, stolen).metadata))
        solved.cells.insert(position(solved, "imports") + 1, cell)
    greedy = cell_of(solved, "eps_greedy")
    greedy.source = greedy.source.replace("random.random() <", "math.floor(LOWEST) + random.random() <")
    return solved


# --- something is lost, and nothing else ---


@oddity("a solution cell deleted", {"test_sample_batch": "not_attempted"})
def solution_deleted(pristine, solved):
    take_out(solved, "sample_batch")
    return solved


@oddity("a solution cell emptied", {"test_actor_critic_model": "not_attempted"})
def solution_emptied(pristine, solved):
    cell_of(solved, "actor_critic_model").source = "\n  \n"
    return solved


@oddity("the agent deleted", dict.fromkeys(AGENT_TESTS, "not_attempted"))
def agent_deleted(pristine, solved):
    take_out(solved, "actor_critic_agent")
    return solved


@oddity("a stub left, split in two", {"test_tensor_utils": "not_attempted"})
def stub_split(pristine, solved):
    cell_of(solved, "tensor_utils").source = cell_of(pristine, "tensor_utils").source
    return split(solved, "tensor_utils", "def symlog")


@oddity("a solution turned into Markdown", {"test_eps_greedy": "not_attempted"})
def solution_as_text(pristine, solved):
    cell_of(solved, "eps_greedy").cell_type = "markdown"
    return solved


@oddity("a wrong copy below the right one", {"test_sample_batch": "failed"})
def wrong_copy_is_the_last(pristine, solved):
    copied = copy.deepcopy(cell_of(solved, "sample_batch"))
    copied.source = "def sample_batch(replay_buffer, n_samples):\n    raise ValueError(n_samples)"
    solved.cells.append(copied)
    return solved


@oddity("a syntax error", {"test_eps_greedy": "error"})
def syntax_error(pristine, solved):
    cell_of(solved, "eps_greedy").source = "def select_action_eps_greedy(Q, state, epsilon)\n    return 0"
    return solved


@oddity("non-breaking spaces for indentation", {"test_sample_batch": "error"})
def non_breaking_spaces(pristine, solved):
    cell_of(solved, "sample_batch").source = cell_of(solved, "sample_batch").source.replace(
        "    ", "\xa0" * 4
    )
    return solved


@oddity("an import of what is not there", {"test_actor_critic_model": "error"})
def import_that_does_not_exist(pristine, solved):
    model = cell_of(solved, "actor_critic_model")
    model.source = "import no_such_module\n\n" + model.source
    return solved


@oddity("an exception before anything is defined", {"test_tensor_utils": "error"})
def exception_first(pristine, solved):
    utils = cell_of(solved, "tensor_utils")
    utils.source = "assert 1 > 2, 'later'\n\n" + utils.source
    return solved


@oddity("SystemExit before the agent is defined", dict.fromkeys(AGENT_TESTS, "error"))
def system_exit(pristine, solved):
    agent = cell_of(solved, "actor_critic_agent")
    agent.source = "raise SystemExit\n\n" + agent.source
    return solved


@oddity("an endless loop in front of the definition", {"test_sample_batch": "timeout"})
def endless_loop(pristine, solved):
    batch = cell_of(solved, "sample_batch")
    batch.source = "while True:\n    pass\n\n" + batch.source
    return solved


@oddity("an endless loop that does not let itself be interrupted", {"test_eps_greedy": "timeout"})
def stubborn_loop(pristine, solved):
    greedy = cell_of(solved, "eps_greedy")
    loop = "while True:\n    try:\n        while True: pass\n    except BaseException: pass\n\n"
    greedy.source = loop + greedy.source
    return solved


@oddity("a process that ends while the cell runs", {"test_eps_greedy": "timeout"})
def kernel_ended(pristine, solved):
    greedy = cell_of(solved, "eps_greedy")
    greedy.source = "import os\n\nos._exit(1)\n\n" + greedy.source
    return solved


@oddity("a name misspelt", {"test_sample_batch": "missing"})
def name_misspelt(pristine, solved):
    batch = cell_of(solved, "sample_batch")
    batch.source = batch.source.replace("def sample_batch", "def sample_bach")
    return solved


@oddity(
    "a wrong solution merged into a right one",
    {"test_eps_greedy": "failed"},
)
def wrong_one_merged(pristine, solved):
    take_out(solved, "eps_greedy")
    cell_of(
        solved, "sample_batch"
    ).source += "\n\ndef select_action_eps_greedy(Q, state, epsilon):\n    return None"
    return solved


@oddity("a wrong solution in an own cell, the stub left", {"test_actor_critic_model": "failed"})
def wrong_one_in_an_own_cell(pristine, solved):
    cell_of(solved, "actor_critic_model").source = cell_of(pristine, "actor_critic_model").source
    solved.cells.append(nbformat.v4.new_code_cell("class ActorCriticModel(nn.Module):\n    pass"))
    return solved


# --- own cells that end, silence or rename things ---


@oddity("exit() in own cells and at the end of a solution")
def exits(pristine, solved):
    cell_of(solved, "sample_batch").source += "\n\nexit()"
    return own(own_before(solved, "sample_batch", "exit()"), "test_td_loss", "quit()")


@oddity("exit() in an own cell, and the end of the process in another")
def exits_and_ends(pristine, solved):
    return own(own_before(solved, "sample_batch", "exit()"), "eps_greedy", "import os\nos._exit(1)")


@oddity("thirty megabytes printed at once")
def prints_much(pristine, solved):
    return own_before(solved, "sample_batch", 'print("x" * 30_000_000)')


@oddity("an own cell without stderr")
def stderr_is_none(pristine, solved):
    return own_before(solved, "tensor_utils", "import sys\nsys.stderr = None")


@oddity("names of builtins bound")
def builtins_bound(pristine, solved):
    agent = cell_of(solved, "actor_critic_agent")
    assert "torch.stack(losses).mean()" in agent.source
    agent.source = agent.source.replace("torch.stack(losses).mean()", "sum(losses) / len(losses)")
    rest = "list = [1, 2, 3]\nmax = 7\nprint = None\nlen = 5\nzip = 0\nrange = 4\nint = 2"
    return own(solved, "test_eps_greedy", "sum = 0\nfor reward in [1, 2]:\n    sum += reward", rest)


@oddity("given names bound before the solutions that use them")
def given_names_bound_early(pristine, solved):
    own(solved, "imports", "np = 42", "torch = 'x'")
    return own_before(solved, "actor_critic_model", "nn = 3", "F = 2.5", "deque = []")


@oddity("names of earlier solutions bound")
def solutions_bound(pristine, solved):
    return own(solved, "test_agent_act", "to_tensor = None", "sample_batch = 5", "ActorBatch = 3")


@oddity("gradients switched off by an own cell")
def gradients_off(pristine, solved):
    return own_before(solved, "actor_critic_model", "torch.set_grad_enabled(False)")


@oddity("numbers are float64 unless said otherwise, by own cells in the middle and at the top")
def double_by_default(pristine, solved):
    own(solved, "test_eps_greedy", "np.seterr(all='raise')\ntorch.set_default_dtype(torch.float64)")
    return own(solved, "imports", "torch.set_default_dtype(torch.float64)")


@oddity("magics of Colab on top of solutions")
def magics_of_colab(pristine, solved):
    magics = {
        "eps_greedy": "%tensorflow_version 2.x",
        "sample_batch": "%load_ext google.colab.data_table",
        "tensor_utils": "#@title Solution\n%%time",
    }
    for wanted, magic in magics.items():
        cell_of(solved, wanted).source = f"{magic}\n{cell_of(solved, wanted).source}"
    return solved


@oddity("a module written by a cell")
def module_written(pristine, solved):
    solution = cell_of(solved, "tensor_utils")
    solution.source = f"%%writefile my_tools.py\nimport numpy as np, torch\n{solution.source}"
    return own(solved, "tensor_utils", "from my_tools import *")


@oddity("a module written by an own cell below the stub")
def module_written_below(pristine, solved):
    code = cell_of(solved, "tensor_utils").source
    cell_of(solved, "tensor_utils").source = cell_of(pristine, "tensor_utils").source
    written = f"%%writefile my_tools.py\nimport numpy as np, torch\n{code}"
    return own(solved, "tensor_utils", written, "from my_tools import to_tensor, symlog, symexp")


# --- solutions put together ---


@oddity("a class that inherits from the stub")
def inherits_from_the_stub(pristine, solved):
    agent = cell_of(solved, "actor_critic_agent")
    code = agent.source.replace("class ActorCriticAgent:", "class ActorCriticAgent(ActorCriticAgent):")
    agent.source = cell_of(pristine, "actor_critic_agent").source
    return own(solved, "actor_critic_agent", code[: code.index("    def update(")])


@oddity("a class of another name that inherits from the stub")
def another_name_inherits_from_the_stub(pristine, solved):
    agent = cell_of(solved, "actor_critic_agent")
    code = agent.source.replace("class ActorCriticAgent:", "class MyAgent(ActorCriticAgent):")
    agent.source = cell_of(pristine, "actor_critic_agent").source
    own(solved, "actor_critic_agent", code[: code.index("    def update(")], "ActorCriticAgent = MyAgent")
    return solved


@oddity("ids lost, a method put into its class by the next cell")
def method_patched_in(pristine, solved):
    agent = cell_of(solved, "actor_critic_agent")
    start, end = (agent.source.index(f"    def {name}(") for name in ("update_actor", "update"))
    method = textwrap.dedent(agent.source[start:end])
    agent.source = agent.source[:start] + agent.source[end:]
    own(solved, "actor_critic_agent", f"{method}\n\nActorCriticAgent.update_actor = update_actor")
    return without_ids(solved)


@oddity("moved to the end, below a star import that it needs")
def star_import_at_the_end(pristine, solved):
    return moved_down(
        pristine,
        solved,
        "actor_critic_model",
        "torch.multinomial(log_probs.exp(), 1)",
        "Categorical(logits=log_probs).sample().unsqueeze(-1)",
        "from torch.distributions import *",
    )


@oddity("moved to the end, below a loop whose variable it needs")
def loop_variable_at_the_end(pristine, solved):
    return moved_down(
        pristine,
        solved,
        "eps_greedy",
        "int(q_values.argmax())",
        "int(q_values.argmax(dim=AXIS))",
        "for AXIS in [-3, -2, -1]:\n    print(AXIS)",
    )


@oddity("moved to the end, below a method put into torch that it needs")
def patched_tensor_at_the_end(pristine, solved):
    return moved_down(
        pristine,
        solved,
        "eps_greedy",
        "int(q_values.argmax())",
        "q_values.best()",
        "torch.Tensor.best = lambda q: int(q.argmax())",
    )


@oddity("a solution that checks itself and insists on the points")
def insists_on_its_check(pristine, solved):
    own(
        solved,
        "eps_greedy",
        "assert check('test_eps_greedy') == 0.25",
        "assert check('test_tensor_utils') > 0",
    )
    cell_of(
        solved, "eps_greedy"
    ).source += "\n\n\nhint('test_eps_greedy')\nassert check('test_eps_greedy') > 0"
    return solved
