"""Oddities of `gaussian_actor_critic`."""

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

oddity = partial(odd.oddity, "gaussian_actor_critic")

SOLUTIONS = (
    "gaussian_actor",
    "value_critic",
    "sample_action",
    "returns_and_advantages",
    "losses",
    "trainer",
)


def replaced(notebook, wanted, *pairs):
    """Other words in a cell, each of which has to be there."""
    cell = cell_of(notebook, wanted)
    for old, new in pairs:
        assert old in cell.source, old
        cell.source = cell.source.replace(old, new)
    return notebook


# --- nothing may be lost ---


@oddity("own cells that train, draw, fail and stop")
def own_cells_everywhere(pristine, solved):
    own(solved, "imports", "1 / 0", "это не Python", "torch.manual_seed(0)\nnp.random.seed(0)")
    own(solved, "sample_action", "actor = ActorNetwork(3, 1)\nprint(sample_action(actor, np.zeros(3), -2, 2))")
    own(solved, "losses", "plt.plot(discounted_returns([1.0] * 50, 0.9))\nplt.show()")
    return own(solved, "trainer", "raise SystemExit", "del undefined", "raise KeyboardInterrupt")


@oddity("own cells bind the names of given things and of earlier solutions")
def names_bound_anew(pristine, solved):
    own(solved, "imports", "check = hint = env = 1", "Normal = 5", "np = torch = None")
    own(solved, "test_value_critic", "actor = critic = policy = 3", "CriticNetwork = None")
    return own(solved, "test_losses", "compute_gae = 'done'", "actor_critic_losses, nn = 1, 2")


@oddity("settings of numpy, torch and Python changed by own cells")
def settings_changed(pristine, solved):
    own(solved, "imports", "torch.set_printoptions(precision=2)\nnp.set_printoptions(suppress=True)")
    own(solved, "gaussian_actor", "torch.set_grad_enabled(False)", "torch.set_num_threads(1)")
    own(solved, "value_critic", "import warnings\nwarnings.filterwarnings('error')\nnp.seterr(all='raise')")
    return own(solved, "losses", "torch.autograd.set_detect_anomaly(True)", "import sys\nsys.stdout = None")


@oddity("numbers are float64 unless said otherwise, by an own cell at the top")
def double_by_default(pristine, solved):
    return own(solved, "imports", "torch.set_default_dtype(torch.float64)")


@oddity("all tests deleted, given cells edited")
def tests_deleted(pristine, solved):
    for wanted in SOLUTIONS:
        take_out(solved, f"test_{wanted}")
    cell_of(solved, "imports").source += "\nimport math\nfrom typing import Any, Tuple"
    replaced(solved, "losses", (".exp()", ".exp().clamp(max=math.inf)"))
    return replaced(solved, "run_gaussian_actor_critic", ("def ", "def my_"))


@oddity("constants and a shared class in own cells above the networks")
def pieces_above(pristine, solved):
    mlp = (
        "class Mlp(nn.Module):\n"
        "    def __init__(self, n_in, width):\n"
        "        super().__init__()\n"
        "        self.body = nn.Sequential(\n"
        "            nn.Linear(n_in, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh()\n"
        "        )"
    )
    own_before(solved, "gaussian_actor", "LOG_STD_MIN, LOG_STD_MAX = -20, 2", mlp)
    start = "self.body = nn.Sequential(\n            nn.Linear("
    source = cell_of(solved, "gaussian_actor").source
    begin, end = source.index(start), source.index("        self.mean =")
    cell_of(solved, "gaussian_actor").source = source[:begin] + source[end:].lstrip()
    return replaced(
        solved,
        "gaussian_actor",
        ("class ActorNetwork(nn.Module)", "class ActorNetwork(Mlp)"),
        ("super().__init__()", "super().__init__(state_dim, hidden_dim)"),
        (".clamp(-20, 2)", ".clamp(LOG_STD_MIN, LOG_STD_MAX)"),
    )


@oddity("a device chosen in an own cell, everything sent there")
def device_chosen(pristine, solved):
    own_before(solved, "gaussian_actor", 'device = torch.device("cuda" if torch.cuda.is_available() else "cpu")')
    replaced(solved, "gaussian_actor", ("self.body(state)", "self.body(state.to(device))"))
    return replaced(
        solved,
        "sample_action",
        ("torch.as_tensor(state, dtype=torch.float32)", "torch.as_tensor(state, dtype=torch.float32, device=device)"),
        ("action.numpy()", "action.cpu().numpy()"),
        ("log_prob.numpy()", "log_prob.cpu().numpy()"),
    )


@oddity("a cell of functions split by JupyterLab: both halves carry the id")
def split_between_functions(pristine, solved):
    return split(solved, "returns_and_advantages", "def compute_gae")


@oddity("classes split between methods, the second halves without an id")
def split_between_methods(pristine, solved):
    split(solved, "gaussian_actor", "    def forward", keep_ids=False)
    return split(solved, "trainer", "    def _step", keep_ids=False)


@oddity("both networks in the cell of the critic, both functions of the losses in the cell of the returns")
def merged(pristine, solved):
    critic = cell_of(solved, "value_critic")
    critic.source = take_out(solved, "gaussian_actor").source + "\n\n\n" + critic.source
    cell_of(solved, "returns_and_advantages").source += "\n\n\n" + take_out(solved, "losses").source
    return solved


@oddity("all solutions merged into one cell without an id, at the top")
def all_merged_at_the_top(pristine, solved):
    sources = [take_out(solved, wanted).source for wanted in SOLUTIONS]
    return own(solved, "imports", "\n\n".join(sources))


@oddity("all metadata lost, and drafts that are wrong left above")
def ids_lost_and_drafts_left(pristine, solved):
    own(solved, "imports", "def discounted_returns(rewards, gamma):\n    return rewards")
    own(solved, "gaussian_actor_text", "class ActorNetwork(nn.Module):\n    pass")
    return without_ids(solved)


@oddity("only the solutions pasted into a new notebook, with imports of the student's own")
def only_solutions_pasted(pristine, solved):
    imports = "import torch, numpy as np\nfrom torch import nn\nfrom torch.distributions import Normal"
    sources = [imports, *(cell_of(solved, wanted).source for wanted in SOLUTIONS)]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])


@oddity("solutions in own cells at the end with a helper between them, the stubs left as they were")
def written_below_everything(pristine, solved):
    for wanted in SOLUTIONS:
        source = cell_of(solved, wanted).source
        if wanted == "losses":
            helper = "def surrogate(ratio, limited, advantages):\n    return torch.min(ratio * advantages, limited * advantages)"
            pristine.cells.append(nbformat.v4.new_code_cell(helper))
            old = "torch.min(ratio * advantages, clipped * advantages)"
            assert old in source
            source = source.replace(old, "surrogate(ratio, clipped, advantages)")
        pristine.cells.append(nbformat.v4.new_code_cell(source))
    return pristine


@oddity("one function filled in place, the other in an own cell below")
def half_in_an_own_cell(pristine, solved):
    whole = cell_of(solved, "returns_and_advantages").source
    head, _, tail = whole.partition("def compute_gae")
    stub = cell_of(pristine, "returns_and_advantages").source
    cell_of(solved, "returns_and_advantages").source = head + "def compute_gae" + stub.partition("def compute_gae")[2]
    return own(solved, "test_returns_and_advantages", "def compute_gae" + tail)


@oddity("magics and shell lines in solution cells whose ids are lost")
def magics_without_ids(pristine, solved):
    cell_of(solved, "gaussian_actor").source += "\n\n!pip list | head -3\nhere = %pwd"
    cell_of(solved, "trainer").source = "%%capture noise\n" + cell_of(solved, "trainer").source
    own(solved, "imports", "%load_ext autoreload\n%autoreload 2")
    critic = cell_of(solved, "value_critic")
    critic.source = f'# @title Критик {{ display-mode: "form" }}\n%%time\n{critic.source}'
    return without_ids(solved)


@oddity("the trainer inherits from the stub's class in a cell below")
def inherits_from_the_stub(pristine, solved):
    source = cell_of(solved, "trainer").source
    body = source[source.index("    def update(") :]
    cell_of(solved, "trainer").source = cell_of(pristine, "trainer").source
    return own(solved, "trainer", f"class ActorCriticTrainer(ActorCriticTrainer):\n{body}")


@oddity("update written as a function and put into the class of the stub by the next cell")
def method_patched_in(pristine, solved):
    source = cell_of(solved, "trainer").source
    cell_of(solved, "trainer").source = cell_of(pristine, "trainer").source
    methods = textwrap.dedent(source[source.index("    def update(") :])
    put = "ActorCriticTrainer.update, ActorCriticTrainer._step = update, _step"
    return own(solved, "trainer", f"{methods}\n\n{put}")


@oddity("classes of other names, the wanted ones given to them at the end, ids lost")
def assigned_names(pristine, solved):
    replaced(solved, "gaussian_actor", ("class ActorNetwork", "class GaussianPolicy"))
    replaced(solved, "value_critic", ("class CriticNetwork", "class V"))
    cell_of(solved, "value_critic").source += "\n\nActorNetwork, CriticNetwork = GaussianPolicy, V"
    return without_ids(solved)


@oddity("moved to the end, below an import under another name that it needs")
def import_at_the_end(pristine, solved):
    return moved_down(
        pristine,
        solved,
        "sample_action",
        "Normal(mean, log_std.exp(), validate_args=False)",
        "D.Normal(mean, log_std.exp(), validate_args=False)",
        "import torch.distributions as D",
    )


@oddity("a right copy below drafts that never end and that end the kernel")
def right_copy_is_the_last(pristine, solved):
    for draft in ("while True:\n    pass", "import os\nos._exit(1)", "def actor_critic_losses(*a):\n    return a"):
        cell = copy.deepcopy(cell_of(solved, "losses"))
        cell.source = draft
        solved.cells.insert(position(solved, "losses"), cell)
    return solved


@oddity("a longer training loop of the student's own in the middle, which never ends")
def own_endless_training(pristine, solved):
    loop = "actor = ActorNetwork(3, 1)\nwhile True:\n    sample_action(actor, np.zeros(3, np.float32), -2, 2)"
    return own(solved, "test_sample_action", loop)


@oddity("exit() in own cells and at the end of solutions")
def exits(pristine, solved):
    cell_of(solved, "losses").source += "\n\nexit()"
    return own(own_before(solved, "value_critic", "exit()"), "test_sample_action", "quit()")


@oddity("a solution that checks itself and insists on the points")
def insists_on_its_check(pristine, solved):
    cell_of(solved, "value_critic").source += "\n\n\nassert check('test_value_critic') == 1"
    return own(solved, "losses", "assert check('test_losses') > 0\nhint('test_trainer')")


# --- something is lost, and nothing else ---


@oddity("a solution cell deleted", {"test_losses": "not_attempted"})
def solution_deleted(pristine, solved):
    take_out(solved, "losses")
    return solved


@oddity("both networks emptied", dict.fromkeys(("test_gaussian_actor", "test_value_critic"), "not_attempted"))
def networks_emptied(pristine, solved):
    cell_of(solved, "gaussian_actor").source = ""
    cell_of(solved, "value_critic").source = "\n  \n"
    return solved


@oddity("a solution turned into Markdown", {"test_returns_and_advantages": "not_attempted"})
def solution_as_text(pristine, solved):
    cell_of(solved, "returns_and_advantages").cell_type = "markdown"
    return solved


@oddity("a syntax error", {"test_sample_action": "error"})
def syntax_error(pristine, solved):
    return replaced(solved, "sample_action", ("with torch.no_grad():", "with torch.no_grad()"))


@oddity("an import of what is not there", {"test_gaussian_actor": "error"})
def import_that_does_not_exist(pristine, solved):
    actor = cell_of(solved, "gaussian_actor")
    actor.source = "from stable_baselines3.common.policies import no_such_policy\n\n" + actor.source
    return solved


@oddity("an exception before anything is defined", {"test_losses": "error"})
def exception_first(pristine, solved):
    losses = cell_of(solved, "losses")
    losses.source = "print(rollout['rewards'].mean())\n\n" + losses.source
    return solved


@oddity("an endless loop in front of the definition", {"test_value_critic": "timeout"})
def endless_loop(pristine, solved):
    critic = cell_of(solved, "value_critic")
    critic.source = "while True:\n    pass\n\n" + critic.source
    return solved


@oddity("a process that ends while the cell runs", {"test_trainer": "timeout"})
def kernel_ended(pristine, solved):
    trainer = cell_of(solved, "trainer")
    trainer.source = "import os\n\nos._exit(1)\n\n" + trainer.source
    return solved


@oddity("a class of another name", {"test_value_critic": "missing"})
def name_misspelt(pristine, solved):
    return replaced(solved, "value_critic", ("class CriticNetwork", "class ValueNetwork"))


@oddity("a wrong copy below the right one", {"test_trainer": "failed"})
def wrong_copy_is_the_last(pristine, solved):
    copied = copy.deepcopy(cell_of(solved, "trainer"))
    copied.source = "class ActorCriticTrainer:\n    def __init__(self, *parts, **settings):\n        pass"
    solved.cells.append(copied)
    return solved


