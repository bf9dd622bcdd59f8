"""Versions of __init__, act and append_to_replay_buffer, right and wrong (test cell test_agent_act)."""

# %% right: SGD with momentum
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.SGD(self.actor_critic.parameters(), lr=lr, momentum=0.9)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% right: RMSprop over a list of tensors, keywords for the model
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(input_dim=state_dim, hidden_dims=list(hidden_dims), output_dim=action_dim)
        self.opt = torch.optim.RMSprop([p for _, p in self.actor_critic.named_parameters()], lr)
        self.critic_rb = deque([], critic_rb_size)


# %% right: AdamW with three parameter groups of the same lr
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        groups = [
            {"params": self.actor_critic.net.parameters(), "lr": lr},
            {"params": self.actor_critic.actor_head.parameters(), "lr": lr},
            {"params": self.actor_critic.critic_head.parameters(), "lr": lr},
        ]
        self.opt = torch.optim.AdamW(groups, weight_decay=1e-4)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% right: groups added one by one with add_param_group
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.critic_rb = deque(maxlen=critic_rb_size)
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        model = ActorCriticModel(state_dim, hidden_dims, action_dim)
        optimizer = torch.optim.NAdam(model.net.parameters(), lr=lr)
        optimizer.add_param_group({"params": list(model.actor_head.parameters())})
        optimizer.add_param_group({"params": list(model.critic_head.parameters())})
        self.actor_critic, self.opt = model, optimizer


# %% right: lr written into the groups after the optimizer is made
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adamax(self.actor_critic.parameters())
        for group in self.opt.param_groups:
            group["lr"] = lr
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% right: own ActorBatch on deques
class ActorBatch:
    def __init__(self):
        self.logprobs = deque()
        self.q_values = deque()
        self.states = deque()
        self.actions = deque()

    def append(self, log_prob, q_value, state=None, action=None):
        for field, value in zip((self.logprobs, self.q_values, self.states, self.actions), (log_prob, q_value, state, action)):
            field.append(value)

    def clear(self):
        self.__init__()

    def __len__(self):
        return len(self.logprobs)


class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        action, log_prob, Q_s_a = self.actor_critic(state)
        self.actor_batch.append(log_prob, Q_s_a.detach(), state, action)
        return action.item()

    def update_actor(self):
        q = torch.stack(list(self.actor_batch.q_values))
        return -((q - q.mean()) * torch.stack(list(self.actor_batch.logprobs))).mean()


# %% right: namedtuple in the replay buffer
from collections import namedtuple

Transition = namedtuple("Transition", "state action reward next_state terminated")


class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.append(Transition(state=s, action=a, reward=r, next_state=next_s, terminated=terminated))


# %% right: copies and plain python numbers in the replay buffer
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        s = np.array(s, dtype=np.float32)
        next_s = np.array(next_s, dtype=np.float32)
        transition = (s, int(a), float(r), next_s, bool(terminated))
        self.critic_rb.append(transition)


# %% right: subclass of deque with its own method
class ReplayMemory(deque):
    def push(self, *transition):
        self.append(transition)


class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(params=self.actor_critic.parameters(), lr=lr, betas=(0.9, 0.99))
        self.critic_rb = ReplayMemory(maxlen=critic_rb_size)

    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.push(s, a, r, next_s, terminated)


# %% right: act with a batch axis, tensors of shape one, cat in update_actor
class ActorCriticAgent:
    def act(self, state):
        batch = to_tensor(state).unsqueeze(0)
        action, log_prob, Q_s_a = self.actor_critic(batch)
        self.actor_batch.append(log_prob, Q_s_a.detach(), batch, action)
        return action.squeeze(0).item()

    def update_actor(self):
        log_probs = torch.cat(self.actor_batch.logprobs)
        q_values = torch.cat(self.actor_batch.q_values)
        return -(log_probs * (q_values - q_values.mean())).mean()


# %% right: batch axis for the model, plain fields in the memory
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            action, log_prob, Q_s_a = self.actor_critic(state[None, :])
        self.actor_batch.append(log_prob[0], Q_s_a[0], state, action[0])
        return int(action)


# %% right: own sampling by numpy choice, Q kept as a float
class ActorCriticAgent:
    def act(self, state):
        x = torch.from_numpy(np.asarray(state, dtype=np.float32))
        features = self.actor_critic.net(x)
        log_pi = self.actor_critic.actor_head(features).log_softmax(-1)
        p = log_pi.detach().exp().numpy().astype(np.float64)
        action = int(np.random.choice(len(p), p=p / p.sum()))
        q = self.actor_critic.critic_head(features)[action].item()
        self.actor_batch.append(log_pi[action], q, x.numpy(), action)
        return action

    def update_actor(self):
        weights = torch.tensor(self.actor_batch.q_values)
        return -(torch.stack(self.actor_batch.logprobs) * weights).mean()


# %% right: Categorical over the actor head
class ActorCriticAgent:
    def act(self, state):
        from torch.distributions import Categorical

        state = to_tensor(state)
        hidden = self.actor_critic.net(state)
        dist = Categorical(logits=self.actor_critic.actor_head(hidden))
        action = dist.sample()
        q_values = self.actor_critic.critic_head(hidden).detach()
        self.actor_batch.append(dist.log_prob(action), q_values[action], state, action)
        return action.item()

    def update_actor(self):
        q = torch.stack(self.actor_batch.q_values)
        return -(torch.stack(self.actor_batch.logprobs) * (q - q.mean())).sum()


# %% right: inverse of the distribution function and random.random
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            h = self.actor_critic.net(state)
            probs = torch.softmax(self.actor_critic.actor_head(h), dim=-1)
            q = self.actor_critic.critic_head(h)
        u, action, acc = random.random(), 0, float(probs[0])
        while u > acc and action < len(probs) - 1:
            action += 1
            acc += float(probs[action])
        self.actor_batch.append(torch.log(probs[action]), q[action], state, torch.tensor(action))
        return action


# %% right: Gumbel trick for sampling
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            logits = self.actor_critic.actor_head(self.actor_critic.net(state))
            noise = -torch.log(torch.empty_like(logits).exponential_())
            action = (logits + noise).argmax(dim=-1)
            log_prob = logits.log_softmax(-1)[action]
            Q_s_a = self.actor_critic.evaluate(state)[action]
        self.actor_batch.append(log_prob, Q_s_a, state, action)
        return action.item()


# %% right: random.choices by weights, states kept as lists
class ActorCriticAgent:
    def act(self, state):
        x = to_tensor(state)
        log_pi = F.log_softmax(self.actor_critic.actor_head(self.actor_critic.net(x)), dim=0)
        action = random.choices(range(len(log_pi)), weights=log_pi.exp().tolist())[0]
        with torch.no_grad():
            q = self.actor_critic.evaluate(x)[action].reshape(1)
        self.actor_batch.append(log_pi[action].reshape(1), q, x.tolist(), action)
        return action

    def update_actor(self):
        logits = self.actor_critic.actor_head(self.actor_critic.net(to_tensor(self.actor_batch.states)))
        w = torch.cat(self.actor_batch.q_values)
        ce = F.cross_entropy(logits, to_tensor(self.actor_batch.actions, np.int64), reduction="none")
        return (ce * (w - w.mean())).mean()


# %% right: two passes, forward for the action and evaluate for its Q
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        action, log_prob, _ = self.actor_critic(state)
        action = int(action)
        with torch.no_grad():
            Q_s_a = self.actor_critic.evaluate(state)[action]
        self.actor_batch.append(log_prob, Q_s_a, state, action)
        return action

    def update_actor(self):
        q = torch.stack(self.actor_batch.q_values)
        q = (q - q.mean()) / (q.std(unbiased=False) + 1e-6)
        return -torch.mean(q * torch.stack(self.actor_batch.logprobs))


# %% right: fields of actor_batch filled directly
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        action, log_prob, Q_s_a = (x.detach() for x in self.actor_critic.forward(state))
        self.actor_batch.logprobs.append(log_prob)
        self.actor_batch.q_values.append(Q_s_a)
        self.actor_batch.states.append(state)
        self.actor_batch.actions.append(action)
        return action.tolist()


# %% right: device, number of actions and a step counter made in __init__
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.device = "cpu"
        self.steps_done = 0
        self.n_actions = action_dim
        self.rng = np.random.default_rng()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim).to(self.device)
        self.opt = torch.optim.RAdam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def _to_state(self, state):
        return to_tensor(state).to(self.device)

    def act(self, state):
        self.steps_done += 1
        state = self._to_state(state)
        with torch.no_grad():
            features = self.actor_critic.net(state)
            log_pi = self.actor_critic.actor_head(features).log_softmax(-1)
            p = log_pi.double().exp().numpy()
            action = torch.tensor(self.rng.choice(self.n_actions, p=p / p.sum()))
            self.actor_batch.append(log_pi[action], self.actor_critic.critic_head(features)[action], state, action)
        return action.item()


# %% right: multinomial from the heads, states as arrays with a batch axis
class ActorCriticAgent:
    def act(self, state):
        row = np.asarray(state, dtype=np.float32).reshape(1, -1)
        features = self.actor_critic.net(torch.tensor(row))
        log_pi = self.actor_critic.actor_head(features).log_softmax(1)
        a = torch.multinomial(log_pi.exp(), 1)
        q = self.actor_critic.critic_head(features.detach()).gather(1, a)
        self.actor_batch.append(log_pi.gather(1, a).flatten(), q.detach().flatten(), row, a.numpy())
        return a.item()

    def update_actor(self):
        states = to_tensor(np.concatenate(self.actor_batch.states))
        actions = to_tensor(np.concatenate(self.actor_batch.actions), np.int64)
        q = torch.cat(self.actor_batch.q_values)
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1)
        return -((q - q.mean()) * log_pi.gather(1, actions).squeeze(1)).mean()


# %% right: parameters of the three parts joined by plus
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = m = ActorCriticModel(state_dim, hidden_dims, action_dim)
        params = list(m.critic_head.parameters()) + list(m.actor_head.parameters()) + list(m.net.parameters())
        self.opt = torch.optim.Adam(params, lr=lr, eps=1e-5, amsgrad=True)
        self.critic_rb = deque((), maxlen=int(critic_rb_size))

    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.extend([(s, a, r, next_s, terminated)])


# %% right: act under inference_mode, numbers stored as fresh tensors
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.inference_mode():
            action, log_prob, Q_s_a = self.actor_critic(state)
        a = action.item()
        self.actor_batch.append(torch.tensor(log_prob.item()), torch.tensor(Q_s_a.item()), state, torch.tensor(a))
        return a


# %% wrong: test_agent_act optimizer_missing_params: only the body is given to Adam
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.net.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act optimizer_missing_params: SGD over the body and the actor head
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        params = [*self.actor_critic.net.parameters(), *self.actor_critic.actor_head.parameters()]
        self.opt = torch.optim.SGD(params, lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act optimizer_missing_params: optimizer of a second model of the same sizes
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.opt = torch.optim.Adam(ActorCriticModel(state_dim, hidden_dims, action_dim).parameters(), lr=lr)
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act optimizer_missing_params: groups for the two heads, the body forgotten
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.AdamW(
            [{"params": head.parameters()} for head in (self.actor_critic.actor_head, self.actor_critic.critic_head)], lr=lr
        )
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act lr_ignored: default lr of Adam
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters())
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act lr_ignored: a number in place of lr, RMSprop
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.RMSprop(self.actor_critic.parameters(), lr=5e-4)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act lr_ignored: groups with their own constants overrule lr
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(
            [
                {"params": self.actor_critic.net.parameters(), "lr": 1e-4},
                {"params": self.actor_critic.actor_head.parameters(), "lr": 1e-4},
                {"params": self.actor_critic.critic_head.parameters(), "lr": 2e-4},
            ],
            lr=lr,
        )
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act lr_ignored: gamma passed where lr belongs
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.SGD(self.actor_critic.parameters(), lr=gamma)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act q_not_detached: output of forward stored as it is
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        action, log_prob, Q_s_a = self.actor_critic(state)
        self.actor_batch.append(log_prob, Q_s_a, state, action)
        return action.item()


# %% wrong: test_agent_act q_not_detached: detach on the log-prob instead of Q
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        action, log_prob, Q_s_a = self.actor_critic(state)
        self.actor_batch.append(log_prob.detach(), Q_s_a, state, action.detach())
        return int(action)


# %% wrong: test_agent_act q_not_detached: own sampling, Q row indexed with its graph
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            log_pi = self.actor_critic.actor_head(self.actor_critic.net(state)).log_softmax(-1)
            action = torch.multinomial(log_pi.exp(), 1)[0]
        q_values = self.actor_critic.evaluate(state)
        self.actor_batch.append(log_pi[action], q_values[action], state, action)
        return action.item()


# %% wrong: test_agent_act act_not_stored: nothing is appended
class ActorCriticAgent:
    def act(self, state):
        with torch.no_grad():
            action, log_prob, Q_s_a = self.actor_critic(to_tensor(state))
        return action.item()


# %% wrong: test_agent_act act_not_stored: append stands after the return
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        action, log_prob, Q_s_a = self.actor_critic(state)
        return int(action)
        self.actor_batch.append(log_prob, Q_s_a.detach(), state, action)


# %% wrong: test_agent_act act_not_stored: a new ActorBatch on every call, so one step is remembered
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            action, log_prob, Q_s_a = self.actor_critic(state)
        self.actor_batch = ActorBatch()
        self.actor_batch.append(log_prob, Q_s_a, state, action)
        return action.item()


# %% wrong: test_agent_act act_not_stored: steps go to a local variable
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        action, log_prob, Q_s_a = self.actor_critic(state)
        actor_batch = ActorBatch()
        actor_batch.append(log_prob, Q_s_a.detach(), state, action)
        return action.item()


# %% wrong: test_agent_act act_not_stored: only log-prob and Q are appended
class ActorCriticAgent:
    def act(self, state):
        action, log_prob, Q_s_a = self.actor_critic(to_tensor(state))
        self.actor_batch.append(log_prob, Q_s_a.detach())
        return action.item()

    def update_actor(self):
        q = torch.stack(self.actor_batch.q_values)
        return -((q - q.mean()) * torch.stack(self.actor_batch.logprobs)).mean()


# %% wrong: test_agent_act replay_order: next state before the reward
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.append((s, a, next_s, r, terminated))


# %% wrong: test_agent_act replay_order: flag before the next state
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        transition = s, a, r, terminated, next_s
        self.critic_rb.append(transition)


# %% wrong: test_agent_act replay_order: state and next state exchanged in a namedtuple
from collections import namedtuple

Step = namedtuple("Step", ["next_state", "action", "reward", "state", "terminated"])


class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.append(Step(state=s, action=a, reward=r, next_state=next_s, terminated=terminated))


# %% wrong: test_agent_act replay_unbounded: deque without maxlen
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque()


# %% wrong: test_agent_act replay_unbounded: plain list
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.rb_size = critic_rb_size
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = []


# %% wrong: test_agent_act replay_unbounded: maxlen kept in an attribute and not passed on
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.critic_rb_size = critic_rb_size
        self.critic_rb = deque([], maxlen=None)
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.RMSprop(self.actor_critic.parameters(), lr=lr)


# %% wrong: test_agent_act replay_size_ignored: maxlen is the number one thousand
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=1000)


# %% wrong: test_agent_act not_int: tensor returned
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            action, log_prob, Q_s_a = self.actor_critic(state)
        self.actor_batch.append(log_prob, Q_s_a, state, action)
        return action


# %% wrong: test_agent_act not_int: integer of numpy returned
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            h = self.actor_critic.net(state)
            log_pi = self.actor_critic.actor_head(h).log_softmax(-1)
            p = log_pi.double().exp().numpy()
            action = np.random.choice(np.arange(len(p)), p=p / p.sum())
            self.actor_batch.append(log_pi[action], self.actor_critic.critic_head(h)[action], state, torch.tensor(action))
        return action


# %% wrong: test_agent_act not_int: list of one number returned from a batch
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            action, log_prob, Q_s_a = self.actor_critic(state.unsqueeze(0))
        self.actor_batch.append(log_prob[0], Q_s_a[0], state, action[0])
        return action.tolist()


# %% wrong: test_agent_act greedy_action: argmax of the logits
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            h = self.actor_critic.net(state)
            log_pi = self.actor_critic.actor_head(h).log_softmax(-1)
            action = log_pi.argmax(-1)
            self.actor_batch.append(log_pi[action], self.actor_critic.critic_head(h)[action], state, action)
        return action.item()


# %% wrong: test_agent_act greedy_action: select_action_eps_greedy over the logits with zero epsilon
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        a = select_action_eps_greedy(lambda s: self.actor_critic.actor_head(self.actor_critic.net(s)).detach(), state, 0.0)
        with torch.no_grad():
            log_prob = self.actor_critic.actor_head(self.actor_critic.net(state)).log_softmax(-1)[a]
            Q_s_a = self.actor_critic.evaluate(state)[a]
        self.actor_batch.append(log_prob, Q_s_a, state, torch.tensor(a))
        return a


# %% wrong: test_agent_act always_random: uniform action, policy not asked
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            q = self.actor_critic.evaluate(state)
            log_pi = self.actor_critic.actor_head(self.actor_critic.net(state)).log_softmax(-1)
        action = random.randrange(len(q))
        self.actor_batch.append(log_pi[action], q[action], state, torch.tensor(action))
        return action


# %% wrong: test_agent_act policy_from_critic: softmax of Q chooses the action
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            q = self.actor_critic.evaluate(state)
            action = torch.multinomial(q.softmax(-1), 1)[0]
            log_pi = self.actor_critic.actor_head(self.actor_critic.net(state)).log_softmax(-1)
        self.actor_batch.append(log_pi[action], q[action], state, action)
        return action.item()


# %% wrong: test_agent_act log_prob_of_other_action: forward called twice, action from the second call
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            _, log_prob, _ = self.actor_critic(state)
            action, _, Q_s_a = self.actor_critic(state)
        self.actor_batch.append(log_prob, Q_s_a, state, action)
        return action.item()


# %% wrong: test_agent_act prob_not_log: probability stored in place of its logarithm
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            h = self.actor_critic.net(state)
            probs = self.actor_critic.actor_head(h).softmax(-1)
            action = torch.multinomial(probs, 1)[0]
            self.actor_batch.append(probs[action], self.actor_critic.critic_head(h)[action], state, action)
        return action.item()


# %% wrong: test_agent_act q_not_selected: the whole row of Q stored
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            action, log_prob, _ = self.actor_critic(state)
            Q = self.actor_critic.evaluate(state)
        self.actor_batch.append(log_prob, Q, state, action)
        return action.item()


# %% wrong: test_agent_act q_not_selected: best Q stored, own sampling
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            h = self.actor_critic.net(state)
            dist = torch.distributions.Categorical(logits=self.actor_critic.actor_head(h))
            action = dist.sample()
            self.actor_batch.append(dist.log_prob(action), self.actor_critic.critic_head(h).max(), state, action)
        return int(action)


# %% wrong: test_agent_act q_not_selected: mean of Q over the actions stored as a float
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            action, log_prob, _ = self.actor_critic(state)
            value = self.actor_critic.evaluate(state).mean().item()
        self.actor_batch.append(log_prob, value, state, action)
        return action.item()


# %% wrong: test_agent_act q_not_selected: Q of another sampled action
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            action, log_prob, _ = self.actor_critic(state)
            Q_s_a = self.actor_critic(state)[2]
        self.actor_batch.append(log_prob, Q_s_a, state, action)
        return action.item()


# %% wrong: test_agent_act act_stores_wrong_order: Q and log-prob exchanged in append
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            action, log_prob, Q_s_a = self.actor_critic(state)
        self.actor_batch.append(Q_s_a, log_prob, state, action)
        return action.item()


# %% wrong: test_agent_act act_stores_wrong_order: action and state exchanged in append
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            action, log_prob, Q_s_a = self.actor_critic(state)
        self.actor_batch.append(log_prob, Q_s_a, action, state)
        return action.item()

    def update_actor(self):
        states = torch.stack(self.actor_batch.actions)
        actions = torch.stack(self.actor_batch.states)
        q = torch.stack(self.actor_batch.q_values)
        logits = self.actor_critic.actor_head(self.actor_critic.net(states))
        return (F.cross_entropy(logits, actions, reduction="none") * (q - q.mean())).mean()


# %% wrong: test_agent_act gamma_ignored: gamma is set to a constant
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = 0.99
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act hidden_dims_ignored: one layer of sixty-four whatever is asked
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, [64], action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act raises: numbers of inputs and actions exchanged
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(action_dim, hidden_dims, state_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act replay_keeps_oldest: full buffer takes nothing more
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        if len(self.critic_rb) < self.critic_rb.maxlen:
            self.critic_rb.append((s, a, r, next_s, terminated))


# %% wrong: test_agent_act replay_skips_terminated: last transition of an episode is not kept
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        if terminated:
            return
        self.critic_rb.append((s, a, r, next_s, terminated))


# %% wrong: test_agent_act terminated_inverted: flag stored with not
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.append((s, a, r, next_s, not terminated))


# %% wrong: test_agent_act transition_not_whole: extend instead of append
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.extend((s, a, r, next_s, terminated))


# %% wrong: test_agent_act -: every transition is put in twice
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        transition = (s, a, r, next_s, terminated)
        self.critic_rb.append(transition)
        self.critic_rb += [transition]


# %% wrong: test_agent_act -: softmax applied twice before sampling
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            h = self.actor_critic.net(state)
            probs = self.actor_critic.actor_head(h).softmax(-1)
            dist = torch.distributions.Categorical(logits=probs)
            action = dist.sample()
            log_prob = probs[action].log()
        self.actor_batch.append(log_prob, self.actor_critic.critic_head(h)[action].detach(), state, action)
        return action.item()


# %% wrong: test_agent_act not_int + test_agent_act q_not_detached: everything as it comes from forward
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        action, log_prob, Q_s_a = self.actor_critic(state)
        self.actor_batch.append(log_prob, Q_s_a, state, action)
        return action


# %% wrong: test_agent_act lr_ignored + test_agent_act replay_unbounded: two arguments of __init__ not used
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=2e-3)
        self.critic_rb = deque()


# %% wrong: test_agent_act replay_order + test_agent_act optimizer_missing_params: wrong tuple and heads not trained
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.net.parameters(), lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.append((s, a, next_s, r, terminated))


# %% wrong: test_agent_act not_implemented: act is a stub
class ActorCriticAgent:
    def act(self, state):
        ####### Здесь ваш код ########
        raise NotImplementedError
        ##############################


# %% wrong: test_agent_act not_implemented: __init__ is a stub after the given lines
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        ####### Здесь ваш код ########
        raise NotImplementedError
        ##############################


# %% wrong: test_agent_act not_implemented: append_to_replay_buffer is a stub
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        ####### Здесь ваш код ########
        raise NotImplementedError
        ##############################


# %% wrong: test_agent_act raises: four names for three results of forward
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            action, log_prob, Q_s_a, entropy = self.actor_critic(state)
        self.actor_batch.append(log_prob, Q_s_a, state, action)
        return action.item()


# %% wrong: test_agent_act raises: numpy asked from a tensor with a gradient
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        action, log_prob, Q_s_a = self.actor_critic(state)
        self.actor_batch.append(log_prob, Q_s_a.numpy(), state, action)
        return action.item()


# %% wrong: test_agent_act timeout: sampling repeated until the drawn action is better than the best
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            best = self.actor_critic.evaluate(state).max()
            action, log_prob, Q_s_a = self.actor_critic(state)
            while not Q_s_a > best + 1:
                action, log_prob, Q_s_a = self.actor_critic(state)
        self.actor_batch.append(log_prob, Q_s_a, state, action)
        return action.item()


# %% right: slots leave no room for other attributes
class ActorCriticAgent:
    __slots__ = ("gamma", "actor_batch", "actor_critic", "opt", "critic_rb")

    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr)
        self.critic_rb = deque([], critic_rb_size)


# %% right: agent is an nn.Module
class ActorCriticAgent(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        super().__init__()
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.RAdam(self.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% right: dataclass that compares by value and so has no hash
from dataclasses import dataclass, field


@dataclass
class Settings:
    state_dim: int
    action_dim: int
    hidden_dims: tuple
    lr: float
    gamma: float
    critic_rb_size: int
    actor_batch: ActorBatch = field(default_factory=ActorBatch, repr=False)

    def __post_init__(self):
        self.actor_critic = ActorCriticModel(self.state_dim, self.hidden_dims, self.action_dim)
        self.opt = torch.optim.NAdam(self.actor_critic.parameters(), lr=self.lr)
        self.critic_rb = deque(maxlen=self.critic_rb_size)


class ActorCriticAgent(Settings):
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        super().__init__(state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size)


# %% right: unknown attributes are looked up in the model
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adamax(self.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def __getattr__(self, name):
        if name.startswith("__") or name == "actor_critic":
            raise AttributeError(name)
        return getattr(self.actor_critic, name)

    def act(self, state):
        action, log_prob, q = self(to_tensor(state))
        self.actor_batch.append(log_prob, q.detach(), to_tensor(state), action)
        return action.item()

    def __call__(self, state):
        return self.actor_critic(state)


# %% right: fields are read-only properties over private names
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self._gamma, self._batch = gamma, ActorBatch()
        self._model = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self._opt = torch.optim.AdamW(self._model.parameters(), lr=lr, amsgrad=True)
        self._memory = deque(maxlen=critic_rb_size)

    gamma = property(lambda self: self._gamma)
    actor_batch = property(lambda self: self._batch)
    actor_critic = property(lambda self: self._model)
    opt = property(lambda self: self._opt)
    critic_rb = property(lambda self: self._memory)


# %% right: optimizer is made when it is first asked for
import functools


class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.lr = lr
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.critic_rb = deque(maxlen=critic_rb_size)

    @functools.cached_property
    def opt(self):
        return torch.optim.Adam(self.actor_critic.parameters(), lr=self.lr, foreach=False)


# %% right: learning rate as a tensor
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=torch.tensor(lr))
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% right: own optimizer written over torch.optim.Optimizer
class PlainSGD(torch.optim.Optimizer):
    def __init__(self, params, lr):
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.sub_(p.grad, alpha=group["lr"])


class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = PlainSGD(self.actor_critic.parameters(), lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% right: Adam that clips the gradient before every step
class ClippedAdam(torch.optim.Adam):
    def step(self, closure=None):
        for group in self.param_groups:
            nn.utils.clip_grad_norm_(group["params"], max_norm=1.0)
        return super().step(closure)


class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = ClippedAdam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% right: one parameter group for every parameter, named parameters
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        groups = [{"params": [(name, p)], "lr": lr} for name, p in self.actor_critic.named_parameters()]
        self.opt = torch.optim.AdamW(groups, weight_decay=1e-4)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% right: the newest transition is put on the left
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.appendleft((s, a, r, next_s, terminated))


# %% right: extend by a list of one transition, a NamedTuple with types
from typing import NamedTuple


class Transition(NamedTuple):
    state: np.ndarray
    action: int
    reward: float
    next_state: np.ndarray
    terminated: bool


class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb += [Transition(s, a, r, next_s, terminated)]


# %% right: arrays of fixed types in the memory
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        row = tuple(map(np.array, (s, a, r, next_s, terminated), ("f4", "i8", "f4", "f4", "?")))
        self.critic_rb.append(row)


# %% right: deque with a lock around append
import threading


class SafeDeque(deque):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.lock = threading.Lock()

    def append(self, item):
        with self.lock:
            super().append(item)


class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.RMSprop(self.actor_critic.parameters(), lr=lr, centered=True)
        self.critic_rb = SafeDeque(maxlen=critic_rb_size)


# %% right: torch.from_numpy for what the environment gives
class ActorCriticAgent:
    def act(self, state):
        x = torch.from_numpy(state)
        action, log_prob, q = self.actor_critic(x)
        self.actor_batch.append(log_prob, q.detach(), x, action)
        return action.item()


# %% right: closure keeps the model, act is a plain function inside
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        model = ActorCriticModel(state_dim, hidden_dims, action_dim)
        batch = ActorBatch()

        def choose(state):
            x = to_tensor(state)
            action, log_prob, q = self.actor_critic(x)
            batch.append(log_prob, q.detach(), x, action)
            return action.item()

        self.choose = choose
        self.gamma, self.actor_batch, self.actor_critic = gamma, batch, model
        self.opt, self.critic_rb = torch.optim.Adam(model.parameters(), lr), deque(maxlen=critic_rb_size)

    def act(self, state):
        return self.choose(state)


# %% right: numbers only, the states as a tuple of floats
class ActorCriticAgent:
    @torch.no_grad()
    def act(self, state):
        action, log_prob, q = (x.item() for x in self.actor_critic(to_tensor(state)))
        self.actor_batch.append(log_prob=log_prob, q_value=q, state=tuple(map(float, state)), action=action)
        return action

    def update_actor(self):
        m, b = self.actor_critic, self.actor_batch
        log_pi = m.actor_head(m.net(to_tensor(b.states))).log_softmax(-1)
        w = to_tensor(b.q_values)
        return -(log_pi[range(len(w)), b.actions] * (w - w.mean())).sum() / len(w)


# %% right: numpy scalars in the rollout
class ActorCriticAgent:
    def act(self, state):
        with torch.no_grad():
            action, log_prob, q = map(torch.Tensor.numpy, self.actor_critic(to_tensor(state)))
        self.actor_batch.append(log_prob[()], q[()], np.asarray(state), action[()])
        return int(action)

    def update_actor(self):
        batch = self.actor_batch
        logits = self.actor_critic.actor_head(self.actor_critic.net(to_tensor(np.stack(batch.states))))
        actions = torch.from_numpy(np.array(batch.actions))
        w = torch.from_numpy(np.array(batch.q_values))
        return (F.cross_entropy(logits, actions, reduction="none") * w).mean()


# %% right: a decorator records what the policy does
import functools


def recorded(method):
    @functools.wraps(method)
    def wrapper(self, state):
        x = to_tensor(state)
        action, log_prob, q = method(self, x)
        self.actor_batch.append(log_prob, q.detach(), x, action)
        return action.item()

    return wrapper


class ActorCriticAgent:
    @recorded
    def act(self, x):
        return self.actor_critic.forward(x)


# %% right: two functional calls with named parameters
class ActorCriticAgent:
    def act(self, state):
        x = to_tensor(state)[None]
        params = dict(self.actor_critic.named_parameters())
        action, log_prob, q = torch.func.functional_call(self.actor_critic, params, (x,))
        action, log_prob, q = action[0], log_prob[0], q[0].detach()
        self.actor_batch.append(log_prob, q, x[0], action)
        return action.tolist()


# %% right: rollout class with properties over a list of records
from types import SimpleNamespace


class Rollout:
    def __init__(self):
        self.steps = []

    def __len__(self):
        return len(self.steps)

    def append(self, log_prob, q_value, state=None, action=None):
        self.steps.append(SimpleNamespace(log_prob=log_prob, q=q_value, state=state, action=action))

    def clear(self):
        self.steps = []

    @property
    def logprobs(self):
        return [step.log_prob for step in self.steps]

    @property
    def q_values(self):
        return [step.q for step in self.steps]

    @property
    def states(self):
        return [step.state for step in self.steps]

    @property
    def actions(self):
        return [step.action for step in self.steps]


class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = Rollout()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% right: static methods, keyword-only helpers and frozen sizes
class ActorCriticAgent:
    class Sizes(tuple):
        pass

    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.sizes = self.Sizes((state_dim, action_dim, *hidden_dims))
        vars(self).update(
            gamma=gamma,
            actor_batch=ActorBatch(),
            actor_critic=ActorCriticModel(state_dim, hidden_dims, action_dim),
            critic_rb=deque((), critic_rb_size),
        )
        self.opt = self._optimizer(self.actor_critic, lr=lr)

    @staticmethod
    def _optimizer(model, *, lr):
        return torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9, nesterov=True, foreach=True)


# %% wrong: test_agent_act optimizer_missing_params: biases are left out
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        weights = [p for name, p in self.actor_critic.named_parameters() if name.endswith("weight")]
        self.opt = torch.optim.Adam(weights, lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act optimizer_missing_params: detached copies of the parameters
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam([p.detach().clone().requires_grad_() for p in self.actor_critic.parameters()], lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act lr_ignored: body learns ten times slower than asked
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = m = ActorCriticModel(state_dim, hidden_dims, action_dim)
        heads = [*m.actor_head.parameters(), *m.critic_head.parameters()]
        self.opt = torch.optim.Adam([{"params": m.net.parameters(), "lr": lr / 10}, {"params": heads}], lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act -: memory one transition too short
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size - 1)


# %% wrong: test_agent_act replay_unbounded: memory is trimmed only when it is twice too long
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.size = critic_rb_size
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque()

    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.append((s, a, r, next_s, terminated))
        if len(self.critic_rb) > 2 * self.size:
            self.critic_rb.popleft()


# %% wrong: test_agent_act not_int: float comes back
class ActorCriticAgent:
    def act(self, state):
        x = to_tensor(state)
        action, log_prob, q = self.actor_critic(x)
        self.actor_batch.append(log_prob, q.detach(), x, action)
        return float(action)


# %% wrong: test_agent_act -: sigmoid of the logits decides
class ActorCriticAgent:
    def act(self, state):
        x = to_tensor(state)
        with torch.no_grad():
            logits = self.actor_critic.actor_head(self.actor_critic.net(x))
            action = torch.multinomial(torch.sigmoid(logits), 1)[0]
            q = self.actor_critic.evaluate(x)[action]
        self.actor_batch.append(logits.log_softmax(-1)[action], q, x, action)
        return action.item()


# %% wrong: test_agent_act -: every third action is uniform, log-probability of the policy
class ActorCriticAgent:
    def act(self, state):
        x = to_tensor(state)
        with torch.no_grad():
            log_probs = self.actor_critic.actor_head(self.actor_critic.net(x)).log_softmax(-1)
            values = self.actor_critic.evaluate(x)
        if random.random() < 1 / 3:
            action = torch.randint(len(log_probs), ())
        else:
            action = log_probs.exp().multinomial(1)[0]
        self.actor_batch.append(log_probs[action], values[action], x, action)
        return action.item()


# %% wrong: test_agent_act -: minus the log-probability is stored
class ActorCriticAgent:
    def act(self, state):
        x = to_tensor(state)
        action, log_prob, q = self.actor_critic(x)
        self.actor_batch.append(-log_prob, q.detach(), x, action)
        return action.item()


# %% wrong: test_agent_act q_not_detached: a clone keeps the graph
class ActorCriticAgent:
    def act(self, state):
        x = to_tensor(state)
        action, log_prob, q = self.actor_critic(x)
        self.actor_batch.append(log_prob, q.clone(), x, action)
        return action.item()


# %% wrong: test_agent_act act_not_stored: appended only when the last action was another one
class ActorCriticAgent:
    def act(self, state):
        x = to_tensor(state)
        action, log_prob, q = self.actor_critic(x)
        batch = self.actor_batch
        if not batch.actions or batch.actions[-1] != action:
            batch.append(log_prob, q.detach(), x, action)
        return action.item()


# %% wrong: test_agent_act act_not_stored: rollout never grows beyond two steps
class ActorCriticAgent:
    def act(self, state):
        x = to_tensor(state)
        action, log_prob, q = self.actor_critic(x)
        if len(self.actor_batch) < 2:
            self.actor_batch.append(log_prob, q.detach(), x, action)
        return action.item()


# %% wrong: test_agent_act seed_fixed: seed is set before every action
class ActorCriticAgent:
    def act(self, state):
        torch.manual_seed(0)
        x = to_tensor(state)
        action, log_prob, q = self.actor_critic(x)
        self.actor_batch.append(log_prob, q.detach(), x, action)
        return action.item()


# %% wrong: test_agent_act -: every action is stored twice
class ActorCriticAgent:
    def act(self, state):
        x = to_tensor(state)
        action, log_prob, q = self.actor_critic(x)
        for _ in range(2):
            self.actor_batch.append(log_prob, q.detach(), x, action)
        return action.item()


# %% wrong: test_agent_act replay_order: alphabetical order of the arguments
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.append((a, next_s, r, s, terminated))


# %% wrong: test_agent_act -: gamma is stored as one minus gamma
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = 1 - gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act -: reward is squashed on its way into the memory
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.append((s, a, np.tanh(r), next_s, terminated))


# %% wrong: test_agent_act -: own sampling with one uniform action in five
class ActorCriticAgent:
    def act(self, state):
        x = to_tensor(state)
        h = self.actor_critic.net(x)
        log_pi = self.actor_critic.actor_head(h).log_softmax(-1)
        action = torch.distributions.Categorical(logits=log_pi).sample().item()
        if random.random() < 0.2:
            action = random.randrange(len(log_pi))
        self.actor_batch.append(log_pi[action], self.actor_critic.critic_head(h)[action].detach(), x, torch.tensor(action))
        return action


# %% wrong: test_agent_act q_not_detached: Q by evaluate under its own graph, item is taken of the action only
class ActorCriticAgent:
    def act(self, state):
        obs = torch.from_numpy(np.asarray(state, dtype=np.float32))
        action, log_prob, _ = self.actor_critic(obs)
        self.actor_batch.append(log_prob, self.actor_critic.evaluate(obs)[action], obs, action)
        return action.item()


# %% wrong: test_agent_act q_not_selected: value of the state in place of the action's
class ActorCriticAgent:
    @torch.no_grad()
    def act(self, state):
        obs = to_tensor(state)
        action, log_prob, _ = self.actor_critic(obs)
        h = self.actor_critic.net(obs)
        v = self.actor_critic.actor_head(h).softmax(-1) @ self.actor_critic.critic_head(h)
        self.actor_batch.append(log_prob, v, obs, action)
        return action.item()


# %% wrong: test_agent_act act_stores_wrong_order: keywords of append mixed up
class ActorCriticAgent:
    def act(self, state):
        obs = to_tensor(state)
        action, log_prob, q = self.actor_critic(obs)
        self.actor_batch.append(log_prob=q.detach(), q_value=log_prob, state=obs, action=action)
        return action.item()


# %% wrong: test_agent_act not_int: array with one element out of a batch
class ActorCriticAgent:
    def act(self, state):
        obs = to_tensor(state).unsqueeze(0)
        action, log_prob, q = self.actor_critic(obs)
        self.actor_batch.append(log_prob.squeeze(0), q.squeeze(0).detach(), obs.squeeze(0), action.squeeze(0))
        return action.numpy()


# %% wrong: test_agent_act not_int: text of the number
class ActorCriticAgent:
    def act(self, state):
        obs = to_tensor(state)
        action, log_prob, q = self.actor_critic(obs)
        self.actor_batch.append(log_prob, q.detach(), obs, action)
        return str(action.item())


# %% wrong: test_agent_act -: state is standardised before the network sees it
class ActorCriticAgent:
    def act(self, state):
        state = np.asarray(state)
        x = to_tensor((state - state.mean()) / (state.std() + 1e-8))
        action, log_prob, q = self.actor_critic(x)
        self.actor_batch.append(log_prob, q.detach(), x, action)
        return action.item()


# %% wrong: test_agent_act prob_not_log + test_agent_act q_not_detached: likelihood and a value with its graph
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        action, log_prob, q = self.actor_critic(state)
        self.actor_batch.append(torch.exp(log_prob), q, state, action)
        return action.item()


# %% wrong: test_agent_act greedy_action: after a hundred steps the best action only
class ActorCriticAgent:
    def act(self, state):
        x = to_tensor(state)
        h = self.actor_critic.net(x)
        log_pi, q = self.actor_critic.actor_head(h).log_softmax(-1), self.actor_critic.critic_head(h).detach()
        self.steps = getattr(self, "steps", 0) + 1
        action = torch.multinomial(log_pi.exp(), 1).squeeze() if self.steps < 100 else log_pi.argmax()
        self.actor_batch.append(log_pi[action], q[action], x, action)
        return action.item()


# %% wrong: test_agent_act buffers_shared: a memory in the class, one for each length
class ActorCriticAgent:
    memories = {}

    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.actor_batch = ActorBatch()
        if critic_rb_size not in self.memories:
            self.memories[critic_rb_size] = deque(maxlen=critic_rb_size)
        self.critic_rb = self.memories[critic_rb_size]


# %% wrong: test_agent_act log_prob_of_other_action + test_agent_act q_not_selected: the best of each kind
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        action = self.actor_critic(state)[0]
        log_probs = self.actor_critic.actor_head(self.actor_critic.net(state)).log_softmax(dim=-1)
        best = self.actor_critic.evaluate(state).detach().max()
        self.actor_batch.append(log_probs.max(), best, state, action)
        return int(action)


# %% wrong: test_agent_act gamma_ignored + test_agent_act lr_ignored: numbers of the tutorial in place of arguments
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=3e-4)
        self.gamma = 0.99
        self.actor_batch = ActorBatch()
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act replay_keeps_oldest + test_agent_act replay_order: full is full, and the reward last but one
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        if len(self.critic_rb) == self.critic_rb.maxlen:
            return
        self.critic_rb.append((s, a, next_s, r, terminated))


# %% right: seeds everything in the constructor
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size, seed=42):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        random.seed(seed)
        np.random.seed(seed)
        torch.manual_seed(seed)
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% right: NAdam, optimizer under two names, scheduler that does nothing yet
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.optimizer = self.opt = torch.optim.NAdam(self.actor_critic.parameters(), lr)
        self.scheduler = torch.optim.lr_scheduler.LambdaLR(self.opt, lr_lambda=lambda _: 1.0)
        self.critic_rb = deque((), critic_rb_size)
        self.total_steps, self.episode_returns = 0, []

    def act(self, state):
        self.total_steps += 1
        state = torch.tensor(np.array([state]), dtype=torch.float32)
        action, log_prob, q = self.actor_critic(state)
        self.actor_batch.append(log_prob.squeeze(0), q.detach().squeeze(0), state.squeeze(0), action.squeeze(0))
        return action.tolist()[0]


# %% right: RAdam with named parameters
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        params = [p for name, p in self.actor_critic.named_parameters() if p.requires_grad]
        self.opt = torch.optim.RAdam(params, lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)
        assert len(params) > 0


# %% right: groups of modules, the same lr in the defaults
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        heads = {id(p) for m in (self.actor_critic.actor_head, self.actor_critic.critic_head) for p in m.parameters()}
        body = [p for p in self.actor_critic.parameters() if id(p) not in heads]
        rest = [p for p in self.actor_critic.parameters() if id(p) in heads]
        self.opt = torch.optim.RMSprop([{"params": body}, {"params": rest, "momentum": 0.1}], lr=lr, alpha=0.99, eps=1e-5)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% right: transition as NamedTuple, defaults in constructor
from typing import NamedTuple


class Transition(NamedTuple):
    state: np.ndarray
    action: int
    reward: float
    next_state: np.ndarray
    done: bool


class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.append(Transition(state=s, action=a, reward=r, next_state=next_s, done=terminated))


# %% right: plus equals with a list of one
class ActorCriticAgent:
    def append_to_replay_buffer(self, *transition):
        self.critic_rb += [transition]


# %% right: own sampling with entropy kept on the agent
class ActorCriticAgent:
    def act(self, state):
        x = torch.from_numpy(np.array(state, dtype="float32"))
        h = self.actor_critic.net(x)
        dist = torch.distributions.Categorical(logits=self.actor_critic.actor_head(h).log_softmax(-1))
        action = dist.sample()
        with torch.no_grad():
            q = self.actor_critic.evaluate(x)[action]
        self.last_entropy = dist.entropy().item()
        self.actor_batch.append(dist.log_prob(action), q, x, action)
        return action.item()


# %% wrong: test_agent_act replay_keeps_oldest: newest is dropped by an if
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        if len(self.critic_rb) >= self.critic_rb.maxlen:
            self.critic_rb.pop()
        self.critic_rb.append((s, a, r, next_s, terminated))


# %% wrong: test_agent_act params_frozen: critic head frozen, the optimizer gets what is left
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.actor_critic.critic_head.requires_grad_(False)
        self.opt = torch.optim.Adam(filter(lambda p: p.requires_grad, self.actor_critic.parameters()), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act params_frozen: body frozen as in transfer learning
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        for p in self.actor_critic.net.parameters():
            p.requires_grad = False
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act hidden_dims_ignored: only the first width is handed on
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims[:1], action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act hidden_dims_ignored: all layers as wide as the first
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, [hidden_dims[0]] * len(hidden_dims), action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act sizes_hardcoded: CartPole's sizes are written as numbers
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(4, hidden_dims, 2)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act sizes_hardcoded: two actions are written as a number
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, 2)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act sizes_hardcoded: four inputs are written as a number
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(4, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act rollout_bounded: the rollout keeps eight steps in deques
class ShortBatch(ActorBatch):
    def __init__(self):
        self.logprobs, self.q_values, self.states, self.actions = (deque(maxlen=8) for _ in range(4))


class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ShortBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act replay_skips_zero_reward: transitions without a reward are not stored
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        if r != 0:
            self.critic_rb.append((s, a, r, next_s, terminated))


# %% wrong: test_agent_act action_out_of_range: actions are counted from one
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        action, log_prob, q = self.actor_critic(state)
        self.actor_batch.append(log_prob, q.detach(), state, action)
        return action.item() + 1
