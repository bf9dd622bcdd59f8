"""Whole agents, and pairs of ActorCriticModel and ActorCriticAgent which belong together, right and wrong."""

# %% right: one joint step on the sum of both losses, log-probs kept with a graph
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def act(self, state):
        action, log_prob, Q_s_a = self.actor_critic(to_tensor(state))
        self.actor_batch.append(log_prob, Q_s_a.detach(), state, action)
        return action.item()

    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.append((s, a, r, next_s, terminated))

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        states, next_states = to_tensor(states), to_tensor(next_states)
        actions = to_tensor(actions, dtype=np.int64)
        Q_s_a = self.actor_critic.evaluate(states)[torch.arange(len(actions)), actions]
        with torch.no_grad():
            probs = F.softmax(self.actor_critic.actor_head(self.actor_critic.net(next_states)), dim=-1)
            V = torch.sum(probs * self.actor_critic.evaluate(next_states), dim=-1)
            target = to_tensor(rewards) + self.gamma * V * (1 - to_tensor(terminateds))
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True).sum()
        loss = 0
        for _ in range(n_updates):
            loss += self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
        return loss / n_updates

    def update_actor(self):
        q = torch.stack(self.actor_batch.q_values)
        log_probs = torch.stack(self.actor_batch.logprobs)
        return -((q - q.mean()) * log_probs).mean()

    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch.logprobs) < rollout_size:
            return None
        critic_loss = self.update_critic(critic_batch_size, critic_updates_per_actor)
        actor_loss = self.update_actor()
        self.opt.zero_grad()
        (actor_loss + critic_loss).backward()
        self.opt.step()
        self.actor_batch.clear()
        return actor_loss.item(), critic_loss.item()


# %% right: gradient norm clipped before every step
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.max_norm = 5.0
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.AdamW(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            action, log_prob, Q_s_a = self.actor_critic(state)
        self.actor_batch.append(log_prob, float(Q_s_a), state, int(action))
        return int(action)

    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        logits = self.actor_critic.actor_head(self.actor_critic.net(states))
        w = torch.tensor(self.actor_batch.q_values)
        ce = F.cross_entropy(logits, torch.tensor(self.actor_batch.actions), reduction="none")
        return (ce * (w - w.mean())).mean()

    def _step(self, loss):
        self.opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.actor_critic.parameters(), self.max_norm)
        self.opt.step()
        return loss.item()

    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch) < rollout_size:
            return None
        actor_loss = self._step(self.update_actor())
        for _ in range(critic_updates_per_actor):
            critic_loss = self._step(self.update_critic(critic_batch_size))
        self.actor_batch.clear()
        return actor_loss, critic_loss


# %% right: critic steps first, then the actor on recomputed probabilities
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            action, log_prob, Q_s_a = self.actor_critic(state)
        self.actor_batch.append(log_prob, Q_s_a, state, action)
        return action.item()

    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        dist = torch.distributions.Categorical(logits=self.actor_critic.actor_head(self.actor_critic.net(states)))
        with torch.no_grad():
            q = self.actor_critic.evaluate(states)
            adv = q[torch.arange(len(actions)), actions] - (dist.probs * q).sum(-1)
        return -(dist.log_prob(actions) * adv).mean() - 0.01 * dist.entropy().mean()

    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch.states) < rollout_size:
            return None
        for _ in range(critic_updates_per_actor):
            self.opt.zero_grad()
            critic_loss = self.update_critic(critic_batch_size, n_updates=1)
            critic_loss.backward()
            self.opt.step()
        self.opt.zero_grad()
        actor_loss = self.update_actor()
        actor_loss.backward()
        self.opt.step()
        self.actor_batch.clear()
        return actor_loss.item(), critic_loss.item()


# %% right: two backward calls into the same gradients and one step
class ActorCriticAgent:
    def act(self, state):
        x = to_tensor(state).view(1, -1)
        action, log_prob, Q_s_a = self.actor_critic(x)
        self.actor_batch.append(log_prob, Q_s_a.detach(), x, action)
        return action.item()

    def update_actor(self):
        advantage = torch.cat(self.actor_batch.q_values)
        advantage = (advantage - advantage.mean()) / (advantage.std(unbiased=False) + 1e-6)
        return torch.mean(-advantage * torch.cat(self.actor_batch.logprobs))

    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if rollout_size > len(self.actor_batch.logprobs):
            return None
        self.actor_critic.zero_grad()
        actor_loss = self.update_actor()
        actor_loss.backward()
        critic_loss = self.update_critic(critic_batch_size, critic_updates_per_actor)
        critic_loss.backward()
        self.opt.step()
        self.actor_batch.clear()
        return actor_loss.item(), critic_loss.item()


# %% right: beginner's agent made of loops
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.action_dim = action_dim
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.RMSprop(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def act(self, state):
        s = to_tensor(state)
        a, lp, q = self.actor_critic(s)
        self.actor_batch.append(lp, q.item(), s, a.item())
        return a.item()

    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        item = (s, a, r, next_s, terminated)
        self.critic_rb.append(item)

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        n = len(states)
        td_loss = torch.zeros(())
        Q_s_a = []
        for i in range(n):
            q = self.actor_critic.evaluate(to_tensor(states[i]))[int(actions[i])]
            y = float(rewards[i])
            if not terminateds[i]:
                with torch.no_grad():
                    h = self.actor_critic.net(to_tensor(next_states[i]))
                    p = torch.softmax(self.actor_critic.actor_head(h), dim=-1)
                    q2 = self.actor_critic.critic_head(h)
                    for a in range(self.action_dim):
                        y += self.gamma * p[a].item() * q2[a].item()
            td_loss = td_loss + (q - y) ** 2
            Q_s_a.append(q)
        td_loss = td_loss / n
        Q_s_a = torch.stack(Q_s_a)
        return td_loss + regularizer * Q_s_a.mean()

    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.tensor(0.0, requires_grad=True)
        losses = []
        for _ in range(n_updates):
            s, a, r, s2, t = sample_batch(self.critic_rb, batch_size)
            losses.append(self.compute_td_loss(s, a, r, s2, t))
        return sum(losses) / len(losses)

    def update_actor(self):
        n = len(self.actor_batch.logprobs)
        mean_q = sum(self.actor_batch.q_values) / n
        loss = 0
        for i in range(n):
            loss = loss - (self.actor_batch.q_values[i] - mean_q) * self.actor_batch.logprobs[i]
        return loss / n


# %% right: methods built on private helpers of the agent
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def _log_policy(self, x):
        return F.log_softmax(self.actor_critic.actor_head(self.actor_critic.net(x)), dim=-1)

    def _pick(self, table, actions):
        return table.gather(-1, actions.unsqueeze(-1)).squeeze(-1)

    def _v(self, x):
        with torch.no_grad():
            return (self._log_policy(x).exp() * self.actor_critic.evaluate(x)).sum(-1)

    def act(self, state):
        x = to_tensor(state)
        with torch.no_grad():
            log_pi = self._log_policy(x)
            action = torch.multinomial(log_pi.exp(), 1).squeeze(-1)
            self.actor_batch.append(self._pick(log_pi, action), self._pick(self.actor_critic.evaluate(x), action), x, action)
        return action.item()

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self._pick(self.actor_critic.evaluate(to_tensor(states)), to_tensor(actions, np.int64))
        target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * self._v(to_tensor(next_states))
        td_loss = (Q_s_a - target).pow(2).mean()
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        x, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        weight = self._pick(self.actor_critic.evaluate(x).detach(), a) - self._v(x)
        return -(self._pick(self._log_policy(x), a) * weight).mean()


# %% right: own rollout class over numpy arrays
class StepMemory:
    def __init__(self):
        self.clear()

    def __len__(self):
        return len(self.actions)

    def append(self, log_prob, q_value, state=None, action=None):
        self.logprobs.append(log_prob)
        self.q_values.append(q_value)
        self.states.append(np.asarray(state, dtype=np.float32))
        self.actions.append(np.int64(action))

    def clear(self):
        self.logprobs, self.q_values, self.states, self.actions = [], [], [], []


class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = StepMemory()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def act(self, state):
        with torch.no_grad():
            action, log_prob, Q_s_a = self.actor_critic(to_tensor(state))
        action = action.item()
        self.actor_batch.append(log_prob, Q_s_a.reshape(1), state, action)
        return action

    def update_actor(self):
        states = torch.from_numpy(np.stack(self.actor_batch.states))
        actions = torch.from_numpy(np.stack(self.actor_batch.actions))
        q = torch.cat(self.actor_batch.q_values)
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1)
        return F.nll_loss(log_pi * (q - q.mean()).unsqueeze(-1), actions, reduction="sum")


# %% right: joint loss with weights of its parts and the gradient values clipped
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.value_coef, self.entropy_coef = 0.5, 0.01
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam([{"params": m.parameters()} for m in self.actor_critic.children()], lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def _dist(self, x):
        from torch.distributions import Categorical

        return Categorical(logits=self.actor_critic.actor_head(self.actor_critic.net(to_tensor(x))))

    def act(self, state):
        dist = self._dist(state)
        action = dist.sample()
        q = self.actor_critic.evaluate(to_tensor(state)).detach()[action]
        self.actor_batch.append(dist.log_prob(action).detach(), q, to_tensor(state), action)
        return int(action)

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = q[np.arange(len(actions)), actions]
        V = (self._dist(next_states).probs * self.actor_critic.evaluate(to_tensor(next_states))).sum(-1)
        target = (to_tensor(rewards) + self.gamma * V * to_tensor(~terminateds)).detach()
        td_loss = nn.MSELoss()(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        dist = self._dist(states)
        q = torch.stack(self.actor_batch.q_values)
        return -((q - q.mean()) * dist.log_prob(actions)).mean() - self.entropy_coef * dist.entropy().mean()

    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch.logprobs) < rollout_size:
            return None
        actor_loss = self.update_actor()
        critic_loss = self.update_critic(critic_batch_size, critic_updates_per_actor)
        self.opt.zero_grad()
        (actor_loss + self.value_coef * critic_loss).sum().backward()
        nn.utils.clip_grad_value_(self.actor_critic.parameters(), 1.0)
        self.opt.step()
        self.actor_batch.clear()
        return actor_loss.item(), critic_loss.item()


# %% right: softmax inside the actor head, agent takes probabilities from it
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        sizes = [input_dim] + list(hidden_dims)
        layers = []
        for i in range(len(sizes) - 1):
            layers.append(nn.Linear(sizes[i], sizes[i + 1]))
            layers.append(nn.ReLU())
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Sequential(nn.Linear(sizes[-1], output_dim), nn.Softmax(dim=-1))
        self.critic_head = nn.Linear(sizes[-1], output_dim)

    def forward(self, state):
        features = self.net(state)
        dist = torch.distributions.Categorical(probs=self.actor_head(features))
        action = dist.sample()
        Q_s_a = self.critic_head(features).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, dist.log_prob(action), Q_s_a

    def evaluate(self, state):
        return self.critic_head(self.net(state))


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            features = self.actor_critic.net(to_tensor(next_states))
            probs = self.actor_critic.actor_head(features)
            V = (probs * self.actor_critic.critic_head(features)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions).unsqueeze(-1)
        features = self.actor_critic.net(states)
        probs = self.actor_critic.actor_head(features)
        q = self.actor_critic.critic_head(features).detach()
        adv = q.gather(-1, actions) - (probs.detach() * q).sum(-1, keepdim=True)
        return -(adv * torch.log(probs.gather(-1, actions))).mean()


# %% right: log-softmax inside the actor head
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        dims = [input_dim, *hidden_dims]
        self.net = nn.Sequential()
        for a, b in zip(dims, dims[1:]):
            self.net.append(nn.Linear(a, b))
            self.net.append(nn.Tanh())
        self.actor_head = nn.Sequential(nn.Linear(dims[-1], output_dim), nn.LogSoftmax(dim=-1))
        self.critic_head = nn.Linear(dims[-1], output_dim)

    def forward(self, state):
        z = self.net(state)
        log_pi = self.actor_head(z)
        a = torch.multinomial(log_pi.exp(), num_samples=1)
        return a[..., 0], log_pi.gather(-1, a)[..., 0], self.critic_head(z).gather(-1, a)[..., 0]

    def evaluate(self, state):
        return self.critic_head(self.net(state))


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        index = to_tensor(actions, np.int64)[:, None]
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, index)[:, 0]
        with torch.no_grad():
            z = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(z).exp() * self.actor_critic.critic_head(z)).sum(1)
            V = torch.where(to_tensor(terminateds, bool), 0.0, V)
        td_loss = (Q_s_a - to_tensor(rewards) - self.gamma * V).square().mean()
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        z = self.actor_critic.net(torch.stack(self.actor_batch.states))
        log_pi = self.actor_critic.actor_head(z)
        q = torch.stack(self.actor_batch.q_values)
        nll = F.nll_loss(log_pi, torch.stack(self.actor_batch.actions), reduction="none")
        return (nll * (q - q.mean())).mean()


# %% right: model with helpers features, policy, value and log_prob which the agent calls
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        layers = []
        for h in hidden_dims:
            layers.extend([nn.Linear(input_dim, h), nn.ELU()])
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)

    def features(self, state):
        return self.net(state)

    def policy(self, state):
        return self.actor_head(self.features(state)).softmax(dim=-1)

    def value(self, state):
        return (self.policy(state) * self.evaluate(state)).sum(dim=-1)

    def log_prob(self, state, action):
        return self.actor_head(self.features(state)).log_softmax(-1).gather(-1, action.unsqueeze(-1)).squeeze(-1)

    def q_value(self, state, action):
        return self.evaluate(state).gather(-1, action.unsqueeze(-1)).squeeze(-1)

    def forward(self, state):
        action = torch.multinomial(self.policy(state), 1).squeeze(-1)
        return action, self.log_prob(state, action), self.q_value(state, action)

    def evaluate(self, state):
        return self.critic_head(self.features(state))


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.q_value(to_tensor(states), to_tensor(actions, np.int64))
        target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * self.actor_critic.value(to_tensor(next_states))
        td_loss = F.mse_loss(Q_s_a, target.detach())
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        with torch.no_grad():
            weights = self.actor_critic.q_value(states, actions) - self.actor_critic.value(states)
        return -(weights * self.actor_critic.log_prob(states, actions)).mean()


# %% right: ModuleList as the body with a features method
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        widths = (input_dim, *hidden_dims)
        self.net = nn.ModuleList(nn.Linear(i, o) for i, o in zip(widths[:-1], widths[1:]))
        self.actor_head = nn.Linear(widths[-1], output_dim)
        self.critic_head = nn.Linear(widths[-1], output_dim)

    def features(self, x):
        for layer in self.net:
            x = torch.tanh(layer(x))
        return x

    def forward(self, state):
        h = self.features(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(h))
        action = dist.sample()
        q = torch.take_along_dim(self.critic_head(h), action.unsqueeze(-1), dim=-1).squeeze(-1)
        return action, dist.log_prob(action), q

    def evaluate(self, state):
        return self.critic_head(self.features(state))


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = q[torch.arange(len(q)), to_tensor(actions, np.int64)]
        with torch.no_grad():
            h = self.actor_critic.features(to_tensor(next_states))
            V = torch.einsum("ba,ba->b", self.actor_critic.actor_head(h).softmax(-1), self.actor_critic.critic_head(h))
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * V * to_tensor(~terminateds))
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        h = self.actor_critic.features(torch.stack(self.actor_batch.states))
        q = torch.stack(self.actor_batch.q_values)
        ce = F.cross_entropy(self.actor_critic.actor_head(h), torch.stack(self.actor_batch.actions), reduction="none")
        return ((q - q.mean()) * ce).mean()


# %% right: ModuleDict as the body, agent never calls forward of the model in act
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        self.net = nn.ModuleDict()
        for i, width in enumerate(hidden_dims):
            self.net[f"layer{i}"] = nn.Linear(input_dim, width)
            self.net[f"act{i}"] = nn.LeakyReLU(0.1)
            input_dim = width
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)

    def features(self, x):
        for part in self.net.values():
            x = part(x)
        return x

    def heads(self, state):
        h = self.features(state)
        return self.actor_head(h).log_softmax(-1), self.critic_head(h)

    def forward(self, state):
        log_pi, q = self.heads(state)
        a = torch.multinomial(log_pi.exp(), 1)
        return a.squeeze(-1), log_pi.gather(-1, a).squeeze(-1), q.gather(-1, a).squeeze(-1)

    def evaluate(self, state):
        return self.heads(state)[1]


class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        log_pi, q = self.actor_critic.heads(state)
        a = int(torch.multinomial(log_pi.detach().exp(), 1))
        self.actor_batch.append(log_pi[a], q[a].detach(), state, a)
        return a

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        _, q = self.actor_critic.heads(to_tensor(states))
        Q_s_a = q.gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        log_pi, next_q = self.actor_critic.heads(to_tensor(next_states))
        V = (log_pi.exp() * next_q).sum(-1).detach()
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        q = torch.stack(self.actor_batch.q_values)
        return -torch.stack(self.actor_batch.logprobs) @ (q - q.mean()) / len(q)


# %% right: body computed in float64
class DoubleBody(nn.Module):
    def __init__(self, input_dim, hidden_dims):
        nn.Module.__init__(self)
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h, dtype=torch.float64), nn.Tanh()]
            input_dim = h
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x.double()).float()


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        self.net = DoubleBody(input_dim, hidden_dims)
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)

    def forward(self, state):
        h = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(h))
        action = dist.sample()
        return action, dist.log_prob(action), self.critic_head(h).gather(-1, action[..., None])[..., 0]

    def evaluate(self, state):
        return self.critic_head(self.net(state))


class ActorCriticAgent:
    def update_actor(self):
        h = self.actor_critic.net(torch.stack(self.actor_batch.states))
        log_pi = self.actor_critic.actor_head(h).double().log_softmax(-1)
        a = torch.stack(self.actor_batch.actions)
        q = torch.stack(self.actor_batch.q_values).double()
        return -(log_pi[torch.arange(len(a)), a] * (q - q.mean())).mean()


# %% right: body normalises its inputs, agent with its own value function
class Normalize(nn.Module):
    def forward(self, x):
        return x / (1.0 + x.norm(dim=-1, keepdim=True))


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        layers = [Normalize()]
        prev = input_dim
        for width in hidden_dims:
            layers += [nn.Linear(prev, width), nn.GELU()]
            prev = width
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(prev, output_dim)
        self.critic_head = nn.Linear(prev, output_dim)

    def forward(self, state):
        h = self.net(state)
        log_pi = F.log_softmax(self.actor_head(h), dim=-1)
        action = torch.distributions.Categorical(logits=log_pi).sample()
        index = action.unsqueeze(-1)
        return action, log_pi.gather(-1, index).squeeze(-1), self.critic_head(h).gather(-1, index).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


class ActorCriticAgent:
    def value(self, states):
        h = self.actor_critic.net(states)
        return (torch.softmax(self.actor_critic.actor_head(h), -1) * self.actor_critic.critic_head(h)).sum(-1)

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        V = self.value(to_tensor(next_states)).detach()
        td_loss = ((to_tensor(rewards) + self.gamma * V * (1 - to_tensor(terminateds)) - Q_s_a) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% right: lazy layers made ready by a first pass
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        self.net = nn.Sequential()
        for width in hidden_dims:
            self.net.append(nn.LazyLinear(width))
            self.net.append(nn.SiLU())
        self.actor_head = nn.LazyLinear(output_dim)
        self.critic_head = nn.LazyLinear(output_dim)
        with torch.no_grad():
            self.evaluate(torch.zeros(1, input_dim))
            self.forward(torch.zeros(1, input_dim))

    def forward(self, state):
        h = self.net(state)
        probs = self.actor_head(h).softmax(-1)
        a = torch.multinomial(probs, 1)
        return a.squeeze(-1), probs.gather(-1, a).squeeze(-1).log(), self.critic_head(h).gather(-1, a).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.NAdam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% right: dueling critic head
class Dueling(nn.Module):
    def __init__(self, width, n_actions):
        nn.Module.__init__(self)
        self.v = nn.Linear(width, 1)
        self.a = nn.Linear(width, n_actions)

    def forward(self, h):
        adv = self.a(h)
        return self.v(h) + adv - adv.mean(dim=-1, keepdim=True)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        parts, w = [], input_dim
        for h in hidden_dims:
            parts += [nn.Linear(w, h), nn.ReLU()]
            w = h
        self.net = nn.Sequential(*parts)
        self.actor_head = nn.Linear(w, output_dim)
        self.critic_head = Dueling(w, output_dim)

    def dist(self, state):
        return torch.distributions.Categorical(logits=self.actor_head(self.net(state)))

    def forward(self, state):
        pi = self.dist(state)
        action = pi.sample()
        return action, pi.log_prob(action), self.evaluate(state).gather(-1, action.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m = self.actor_critic
        Q_s_a = m.evaluate(to_tensor(states))[range(len(actions)), actions]
        with torch.no_grad():
            x = to_tensor(next_states)
            V = (m.dist(x).probs * m.evaluate(x)).sum(-1)
            V[torch.as_tensor(terminateds)] = 0.0
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * V)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        x, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        pi = self.actor_critic.dist(x)
        q = self.actor_critic.evaluate(x).detach()
        adv = q.gather(-1, a[:, None])[:, 0] - (pi.probs.detach() * q).sum(-1)
        return -(pi.log_prob(a) * adv).mean()


# %% right: model with its own act method, softmax in the head
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        seq = []
        for fan_in, fan_out in zip([input_dim, *hidden_dims[:-1]], hidden_dims):
            seq += [nn.Linear(fan_in, fan_out), nn.Tanh()]
        self.net = nn.Sequential(*seq)
        self.actor_head = nn.Sequential(nn.Linear(hidden_dims[-1], output_dim), nn.Softmax(-1))
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)

    def probs(self, state):
        return self.actor_head(self.net(state))

    def choose(self, state):
        p = self.probs(state)
        action = torch.multinomial(p.detach(), 1)
        return action, p.gather(-1, action).log()

    def forward(self, state):
        action, log_prob = self.choose(state)
        q = self.evaluate(state).gather(-1, action)
        return action.squeeze(-1), log_prob.squeeze(-1), q.squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        action, log_prob = self.actor_critic.choose(state)
        q = self.actor_critic.evaluate(state)[action].detach()
        self.actor_batch.append(log_prob, q, state, action.item())
        return action.item()

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        x = to_tensor(next_states)
        V = torch.sum(self.actor_critic.probs(x) * self.actor_critic.evaluate(x), dim=1).detach()
        target = to_tensor(rewards) + self.gamma * V * (1 - to_tensor(terminateds))
        td_loss = torch.mean((Q_s_a - target) ** 2)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        log_probs = torch.cat(self.actor_batch.logprobs)
        q = torch.cat(self.actor_batch.q_values)
        return -(log_probs * (q - q.mean())).sum()


# %% right: heads start at zero, bonus for entropy, two optimizer steps for the critic
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        layers, prev = [], input_dim
        for width in hidden_dims:
            linear = nn.Linear(prev, width)
            nn.init.orthogonal_(linear.weight, gain=2 ** 0.5)
            layers += [linear, nn.Tanh()]
            prev = width
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(prev, output_dim)
        self.critic_head = nn.Linear(prev, output_dim)
        for head in (self.actor_head, self.critic_head):
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)

    def forward(self, state):
        h = self.net(state)
        logits = self.actor_head(h)
        gumbel = -torch.log(torch.empty_like(logits).exponential_())
        action = (logits.detach() + gumbel).argmax(-1)
        pick = F.one_hot(action, logits.shape[-1]).to(logits.dtype)
        return action, (logits.log_softmax(-1) * pick).sum(-1), (self.critic_head(h) * pick).sum(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


class ActorCriticAgent:
    def update_actor(self):
        h = self.actor_critic.net(torch.stack(self.actor_batch.states))
        dist = torch.distributions.Categorical(logits=self.actor_critic.actor_head(h))
        q = torch.stack(self.actor_batch.q_values)
        loss = -(dist.log_prob(torch.stack(self.actor_batch.actions)) * (q - q.mean())).mean()
        return loss - 0.01 * dist.entropy().mean()

    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch.states) < rollout_size:
            return None
        actor_loss = self.update_actor()
        self.opt.zero_grad()
        actor_loss.backward()
        self.opt.step()
        for _ in range(2):
            critic_loss = self.update_critic(critic_batch_size, critic_updates_per_actor)
            self.opt.zero_grad()
            critic_loss.backward()
            self.opt.step()
        self.actor_batch.clear()
        return actor_loss.item(), critic_loss.item()


# %% right: residual body, agent asks only forward and evaluate in act and update_actor
class Residual(nn.Module):
    def __init__(self, width_in, width_out):
        nn.Module.__init__(self)
        self.main = nn.Linear(width_in, width_out)
        self.skip = nn.Linear(width_in, width_out, bias=False)

    def forward(self, x):
        return self.skip(x) + torch.relu(self.main(x))


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        blocks, w = [], input_dim
        for width in hidden_dims:
            blocks.append(Residual(w, width))
            w = width
        self.net = nn.Sequential(*blocks)
        self.actor_head = nn.Linear(w, output_dim)
        self.critic_head = nn.Linear(w, output_dim)

    def forward(self, state):
        h = self.net(state)
        pi = torch.distributions.Categorical(logits=self.actor_head(h))
        action = pi.sample()
        return action, pi.log_prob(action), self.critic_head(h).gather(-1, action.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))

    def expected_q(self, state):
        h = self.net(state)
        return torch.linalg.vecdot(self.actor_head(h).softmax(-1), self.critic_head(h))


class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        action, log_prob, _ = self.actor_critic.forward(state)
        q = self.actor_critic.evaluate(state)[action].item()
        self.actor_batch.append(log_prob, q, state.tolist(), int(action))
        return int(action)

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            V = self.actor_critic.expected_q(to_tensor(next_states)) * to_tensor(~terminateds)
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * V)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        with torch.no_grad():
            q = self.actor_critic.evaluate(to_tensor(self.actor_batch.states))
            w = q.gather(-1, torch.tensor(self.actor_batch.actions)[:, None])[:, 0]
        return -((w - w.mean()) * torch.stack(self.actor_batch.logprobs)).mean()


# %% right: SGD, lists of floats, log-probs recomputed
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.SGD(self.actor_critic.parameters(), lr=lr)
        self.actor_batch = ActorBatch()
        self.critic_rb = deque(maxlen=critic_rb_size)
        self.gamma = gamma

    def act(self, state):
        with torch.no_grad():
            action, log_prob, q = self.actor_critic(torch.tensor(state, dtype=torch.float32))
        self.actor_batch.append(log_prob.item(), q.item(), list(state), int(action))
        return int(action)

    def update_actor(self):
        states = torch.tensor(np.array(self.actor_batch.states), dtype=torch.float32)
        actions = torch.tensor(self.actor_batch.actions)
        logits = self.actor_critic.actor_head(self.actor_critic.net(states))
        weights = torch.tensor(self.actor_batch.q_values)
        return (F.cross_entropy(logits, actions, reduction="none") * weights).mean()


# %% right: parameter groups, batch axis in act, normalised weights and an entropy bonus
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        model = self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        groups = [{"params": part.parameters()} for part in (model.net, model.actor_head, model.critic_head)]
        self.opt = torch.optim.RMSprop(groups, lr=lr)
        self.actor_batch = ActorBatch()
        self.critic_rb = deque([], critic_rb_size)
        self.gamma = gamma

    def act(self, state):
        action, log_prob, q = self.actor_critic(torch.from_numpy(np.asarray(state, dtype=np.float32))[None])
        self.actor_batch.append(log_prob, q.detach(), np.asarray(state), action)
        return action.item()

    def update_actor(self):
        q = torch.cat(self.actor_batch.q_values)
        weights = (q - q.mean()) / (q.std() + 1e-8)
        states = torch.as_tensor(np.stack(self.actor_batch.states), dtype=torch.float32)
        policy = torch.distributions.Categorical(
            logits=self.actor_critic.actor_head(self.actor_critic.net(states))
        )
        # policy gradients need fresh log-probs: act may have been called before the last step
        taken = torch.cat(self.actor_batch.actions)
        return -(policy.log_prob(taken) * weights).sum() - 0.01 * policy.entropy().mean()


# %% wrong: test_agent_act q_not_detached: whole agent with everything stored as forward gives it
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def act(self, state):
        state = to_tensor(state)
        action, log_prob, Q_s_a = self.actor_critic(state)
        self.actor_batch.append(log_prob, Q_s_a, state, action)
        return action.item()

    def update_actor(self):
        q = torch.stack(self.actor_batch.q_values).detach()
        return -((q - q.mean()) * torch.stack(self.actor_batch.logprobs)).mean()


# %% wrong: test_td_loss gamma_missing: agent on private helpers, discount forgotten
class ActorCriticAgent:
    def _policy(self, x):
        return self.actor_critic.actor_head(self.actor_critic.net(x)).softmax(-1)

    def _value(self, x):
        return (self._policy(x) * self.actor_critic.evaluate(x)).sum(-1)

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            target = to_tensor(rewards) + (1 - to_tensor(terminateds)) * self._value(to_tensor(next_states))
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        x, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions).unsqueeze(-1)
        with torch.no_grad():
            w = self.actor_critic.evaluate(x).gather(-1, a).squeeze(-1) - self._value(x)
        return -(w * torch.log(self._policy(x).gather(-1, a).squeeze(-1))).mean()


# %% wrong: test_update_actor actor_loss_sign + test_update_critic critic_updates_ignored: whole agent with two slips
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def act(self, state):
        action, log_prob, Q_s_a = self.actor_critic(to_tensor(state))
        self.actor_batch.append(log_prob, Q_s_a.detach(), state, action)
        return action.item()

    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        return self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))

    def update_actor(self):
        q = torch.stack(self.actor_batch.q_values)
        return ((q - q.mean()) * torch.stack(self.actor_batch.logprobs)).mean()


# %% wrong: test_agent_act optimizer_missing_params + test_td_loss terminated_not_masked: heads not trained, flag not used
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.net.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = q[torch.arange(len(q)), to_tensor(actions, np.int64)]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * V)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss max_target + test_update_actor actor_ignores_q: Q-learning critic and an actor that imitates itself
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            V = self.actor_critic.evaluate(to_tensor(next_states)).max(-1)[0]
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        logits = self.actor_critic.actor_head(self.actor_critic.net(torch.stack(self.actor_batch.states)))
        return F.cross_entropy(logits, torch.stack(self.actor_batch.actions))


# %% wrong: test_agent_act not_int + test_update_critic critic_returns_none: tensor action, lost return
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            action, log_prob, Q_s_a = self.actor_critic(state)
        self.actor_batch.append(log_prob, Q_s_a, state, action)
        return action

    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        loss = torch.stack([self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]).mean()


# %% wrong: test_agent_learns -: update goes up the loss of the actor
class ActorCriticAgent:
    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch.logprobs) < rollout_size:
            return None
        actor_loss = self.update_actor()
        critic_loss = self.update_critic(critic_batch_size, critic_updates_per_actor)
        self.opt.zero_grad()
        (critic_loss - actor_loss).backward()
        self.opt.step()
        self.actor_batch.clear()
        return actor_loss.item(), critic_loss.item()


# %% wrong: test_agent_learns -: gradients erased between backward and step
class ActorCriticAgent:
    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch.logprobs) < rollout_size:
            return None
        actor_loss = self.update_actor()
        critic_loss = self.update_critic(critic_batch_size, critic_updates_per_actor)
        (actor_loss + critic_loss).backward()
        self.opt.zero_grad()
        self.opt.step()
        self.actor_batch.clear()
        return actor_loss.item(), critic_loss.item()


# %% wrong: test_agent_learns -: only the loss of the critic goes back
class ActorCriticAgent:
    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch.logprobs) < rollout_size:
            return None
        actor_loss = self.update_actor()
        for _ in range(critic_updates_per_actor):
            critic_loss = self.update_critic(critic_batch_size)
            self.opt.zero_grad()
            critic_loss.backward()
            self.opt.step()
        self.actor_batch.clear()
        return actor_loss.item(), critic_loss.item()


# %% wrong: test_actor_critic_model greedy_forward: forward takes argmax, agent samples by the policy helper
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        layers, w = [], input_dim
        for h in hidden_dims:
            layers += [nn.Linear(w, h), nn.Tanh()]
            w = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(w, output_dim)
        self.critic_head = nn.Linear(w, output_dim)

    def policy(self, state):
        return self.actor_head(self.net(state)).softmax(-1)

    def forward(self, state):
        probs = self.policy(state)
        action = probs.argmax(-1)
        index = action.unsqueeze(-1)
        return action, probs.gather(-1, index).log().squeeze(-1), self.evaluate(state).gather(-1, index).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            probs = self.actor_critic.policy(state)
            action = torch.multinomial(probs, 1)[0]
            self.actor_batch.append(probs[action].log(), self.actor_critic.evaluate(state)[action], state, action)
        return action.item()

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            x = to_tensor(next_states)
            V = (self.actor_critic.policy(x) * self.actor_critic.evaluate(x)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        x, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions).unsqueeze(-1)
        q = torch.stack(self.actor_batch.q_values)
        return -((q - q.mean()) * self.actor_critic.policy(x).gather(-1, a).squeeze(-1).log()).mean()


# %% wrong: test_actor_critic_model q_not_selected: forward gives the best Q, agent uses q_value of the model
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        dims = [input_dim, *hidden_dims]
        self.net = nn.Sequential(*[m for a, b in zip(dims, dims[1:]) for m in (nn.Linear(a, b), nn.ReLU())])
        self.actor_head = nn.Linear(dims[-1], output_dim)
        self.critic_head = nn.Linear(dims[-1], output_dim)

    def log_policy(self, state):
        return self.actor_head(self.net(state)).log_softmax(-1)

    def q_value(self, state, action):
        return self.evaluate(state).gather(-1, action.unsqueeze(-1)).squeeze(-1)

    def forward(self, state):
        dist = torch.distributions.Categorical(logits=self.log_policy(state))
        action = dist.sample()
        return action, dist.log_prob(action), self.evaluate(state).max(dim=-1).values

    def evaluate(self, state):
        return self.critic_head(self.net(state))


class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        action, log_prob, _ = self.actor_critic(state)
        self.actor_batch.append(log_prob, self.actor_critic.q_value(state, action).detach(), state, action)
        return action.item()

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.q_value(to_tensor(states), to_tensor(actions, np.int64))
        with torch.no_grad():
            x = to_tensor(next_states)
            V = (self.actor_critic.log_policy(x).exp() * self.actor_critic.evaluate(x)).sum(-1)
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * V * to_tensor(~terminateds))
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        x, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        w = self.actor_critic.q_value(x, a).detach()
        log_prob = self.actor_critic.log_policy(x).gather(-1, a.unsqueeze(-1)).squeeze(-1)
        return -((w - w.mean()) * log_prob).mean()


# %% wrong: test_actor_critic_model prob_not_log: forward gives a probability, agent asks log_prob of the model
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.Tanh()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)

    def probs(self, state):
        return torch.softmax(self.actor_head(self.net(state)), dim=-1)

    def log_prob(self, state, action):
        return self.probs(state).gather(-1, action.unsqueeze(-1)).squeeze(-1).log()

    def value(self, state):
        return (self.probs(state) * self.evaluate(state)).sum(-1)

    def forward(self, state):
        probs = self.probs(state)
        action = torch.multinomial(probs, 1)
        q = self.evaluate(state).gather(-1, action)
        return action.squeeze(-1), probs.gather(-1, action).squeeze(-1), q.squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        action, _, q = self.actor_critic(state)
        self.actor_batch.append(self.actor_critic.log_prob(state, action), q.detach(), state, action)
        return action.item()

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states))[np.arange(len(actions)), actions]
        V = self.actor_critic.value(to_tensor(next_states)).detach()
        target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = ((Q_s_a - target) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        q = torch.stack(self.actor_batch.q_values)
        return -(torch.stack(self.actor_batch.logprobs) * (q - q.mean())).mean()


# %% wrong: test_actor_critic_model log_prob_of_other_action: forward samples twice, agent goes past it
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        widths = [input_dim] + list(hidden_dims)
        self.net = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths[:-1], widths[1:])])
        self.actor_head = nn.Linear(widths[-1], output_dim)
        self.critic_head = nn.Linear(widths[-1], output_dim)

    def features(self, x):
        for layer in self.net:
            x = F.relu(layer(x))
        return x

    def dist(self, state):
        return torch.distributions.Categorical(logits=self.actor_head(self.features(state)))

    def forward(self, state):
        dist = self.dist(state)
        action = dist.sample()
        return action, dist.log_prob(dist.sample()), self.evaluate(state).gather(-1, action.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.features(state))


class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        dist = self.actor_critic.dist(state)
        action = dist.sample()
        self.actor_batch.append(dist.log_prob(action), self.actor_critic.evaluate(state)[action].item(), state, action)
        return action.item()

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = (q * F.one_hot(to_tensor(actions, np.int64), q.shape[1])).sum(1)
        with torch.no_grad():
            x = to_tensor(next_states)
            V = (self.actor_critic.dist(x).probs * self.actor_critic.evaluate(x)).sum(-1)
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * V * (1 - to_tensor(terminateds)))
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        w = torch.tensor(self.actor_batch.q_values)
        dist = self.actor_critic.dist(torch.stack(self.actor_batch.states))
        return -(dist.log_prob(torch.stack(self.actor_batch.actions)) * (w - w.mean())).mean()


# %% wrong: test_actor_critic_model single_state_fails: model works on batches only, agent always gives it a batch
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        layers, w = [], input_dim
        for h in hidden_dims:
            layers += [nn.Linear(w, h), nn.Tanh()]
            w = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(w, output_dim)
        self.critic_head = nn.Linear(w, output_dim)

    def log_policy(self, state):
        return F.log_softmax(self.actor_head(self.net(state)), dim=1)

    def forward(self, state):
        log_pi = self.log_policy(state)
        action = torch.multinomial(log_pi.exp(), 1)[:, 0]
        rows = torch.arange(state.shape[0])
        return action, log_pi[rows, action], self.evaluate(state)[rows, action]

    def evaluate(self, state):
        return self.critic_head(self.net(state))


class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state).unsqueeze(0)
        action, log_prob, Q_s_a = self.actor_critic(state)
        self.actor_batch.append(log_prob, Q_s_a.detach(), state, action)
        return action.item()

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            x = to_tensor(next_states)
            V = (self.actor_critic.log_policy(x).exp() * self.actor_critic.evaluate(x)).sum(1)
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        log_pi = self.actor_critic.log_policy(torch.cat(self.actor_batch.states))
        q = torch.cat(self.actor_batch.q_values)
        return (F.nll_loss(log_pi, torch.cat(self.actor_batch.actions), reduction="none") * (q - q.mean())).mean()


# %% wrong: test_actor_critic_model body_not_shared: critic has a body of its own, agent calls policy and evaluate
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        self.net = self._body(input_dim, hidden_dims)
        self.critic_net = self._body(input_dim, hidden_dims)
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)

    def _body(self, width, hidden_dims):
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(width, h), nn.ReLU()]
            width = h
        return nn.Sequential(*layers)

    def policy(self, state):
        return self.actor_head(self.net(state)).softmax(-1)

    def forward(self, state):
        probs = self.policy(state)
        a = torch.multinomial(probs, 1)
        return a.squeeze(-1), probs.gather(-1, a).log().squeeze(-1), self.evaluate(state).gather(-1, a).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.critic_net(state))


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        x = to_tensor(next_states)
        V = (self.actor_critic.policy(x) * self.actor_critic.evaluate(x)).sum(-1).detach()
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * V * (1 - to_tensor(terminateds)))
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        x, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions).unsqueeze(-1)
        probs = self.actor_critic.policy(x)
        q = self.actor_critic.evaluate(x).detach()
        adv = q.gather(-1, a) - (probs.detach() * q).sum(-1, keepdim=True)
        return -(adv * probs.gather(-1, a).log()).mean()


# %% wrong: test_actor_critic_model critic_bounded: tanh on the critic, agent uses heads of the model
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        layers, w = [], input_dim
        for h in hidden_dims:
            layers += [nn.Linear(w, h), nn.ReLU()]
            w = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(w, output_dim)
        self.critic_head = nn.Sequential(nn.Linear(w, output_dim), nn.Tanh())

    def heads(self, state):
        h = self.net(state)
        return self.actor_head(h).log_softmax(-1), self.critic_head(h)

    def forward(self, state):
        log_pi, q = self.heads(state)
        a = torch.multinomial(log_pi.exp(), 1)
        return a.squeeze(-1), log_pi.gather(-1, a).squeeze(-1), q.gather(-1, a).squeeze(-1)

    def evaluate(self, state):
        return self.heads(state)[1]


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        _, q = self.actor_critic.heads(to_tensor(states))
        Q_s_a = q[torch.arange(len(q)), to_tensor(actions, np.int64)]
        with torch.no_grad():
            log_pi, next_q = self.actor_critic.heads(to_tensor(next_states))
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * (log_pi.exp() * next_q).sum(-1)
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        log_pi, q = self.actor_critic.heads(torch.stack(self.actor_batch.states))
        a = torch.stack(self.actor_batch.actions)
        w = q.detach()[torch.arange(len(a)), a]
        return (F.nll_loss(log_pi, a, reduction="none") * (w - w.mean())).mean()


# %% wrong: test_actor_critic_model no_nonlinearity: linear body, agent calls policy and value of the model
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        dims = [input_dim, *hidden_dims]
        self.net = nn.Sequential(*[nn.Linear(a, b) for a, b in zip(dims, dims[1:])])
        self.actor_head = nn.Linear(dims[-1], output_dim)
        self.critic_head = nn.Linear(dims[-1], output_dim)

    def policy(self, state):
        return torch.distributions.Categorical(logits=self.actor_head(self.net(state)))

    def value(self, state):
        return (self.policy(state).probs * self.evaluate(state)).sum(-1)

    def forward(self, state):
        pi = self.policy(state)
        action = pi.sample()
        return action, pi.log_prob(action), self.evaluate(state).gather(-1, action.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            target = to_tensor(rewards) + self.gamma * to_tensor(~terminateds) * self.actor_critic.value(to_tensor(next_states))
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        x, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        w = torch.stack(self.actor_batch.q_values) - self.actor_critic.value(x).detach()
        return -(w * self.actor_critic.policy(x).log_prob(a)).mean()


# %% wrong: test_td_loss softmax_twice: softmax head, and one more softmax in the target
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        layers, w = [], input_dim
        for h in hidden_dims:
            layers += [nn.Linear(w, h), nn.ReLU()]
            w = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Sequential(nn.Linear(w, output_dim), nn.Softmax(dim=-1))
        self.critic_head = nn.Linear(w, output_dim)

    def forward(self, state):
        h = self.net(state)
        dist = torch.distributions.Categorical(probs=self.actor_head(h))
        action = dist.sample()
        return action, dist.log_prob(action), self.critic_head(h).gather(-1, action.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            pi = F.softmax(self.actor_critic.actor_head(h), dim=-1)
            V = (pi * self.actor_critic.critic_head(h)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        x, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions).unsqueeze(-1)
        q = torch.stack(self.actor_batch.q_values)
        probs = self.actor_critic.actor_head(self.actor_critic.net(x))
        return -((q - q.mean()) * probs.gather(-1, a).squeeze(-1).log()).mean()


# %% wrong: test_td_loss gamma_missing: softmax head used rightly, discount forgotten
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        dims = [input_dim, *hidden_dims]
        self.net = nn.Sequential(*[m for a, b in zip(dims, dims[1:]) for m in (nn.Linear(a, b), nn.Tanh())])
        self.actor_head = nn.Sequential(nn.Linear(dims[-1], output_dim), nn.Softmax(dim=-1))
        self.critic_head = nn.Linear(dims[-1], output_dim)

    def forward(self, state):
        h = self.net(state)
        probs = self.actor_head(h)
        a = torch.multinomial(probs, 1)
        return a.squeeze(-1), probs.gather(-1, a).log().squeeze(-1), self.critic_head(h).gather(-1, a).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        h = self.actor_critic.net(to_tensor(next_states)).detach()
        V = (self.actor_critic.actor_head(h) * self.actor_critic.critic_head(h)).sum(-1).detach()
        td_loss = F.mse_loss(Q_s_a, torch.where(to_tensor(terminateds, bool), to_tensor(rewards), to_tensor(rewards) + V))
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        x, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        dist = torch.distributions.Categorical(probs=self.actor_critic.actor_head(self.actor_critic.net(x)))
        q = torch.stack(self.actor_batch.q_values)
        return -(dist.log_prob(a) * (q - q.mean())).mean()


# %% wrong: test_update_actor actor_no_log: softmax head whose output is taken for log-probabilities
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.ReLU()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Sequential(nn.Linear(input_dim, output_dim), nn.Softmax(dim=-1))
        self.critic_head = nn.Linear(input_dim, output_dim)

    def forward(self, state):
        h = self.net(state)
        dist = torch.distributions.Categorical(self.actor_head(h))
        action = dist.sample()
        return action, dist.log_prob(action), self.critic_head(h).gather(-1, action[..., None]).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states))[range(len(actions)), actions]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h) * self.actor_critic.critic_head(h)).sum(-1)
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * to_tensor(~terminateds) * V)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        x, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions).unsqueeze(-1)
        log_probs = self.actor_critic.actor_head(self.actor_critic.net(x)).gather(-1, a).squeeze(-1)
        q = torch.stack(self.actor_batch.q_values)
        return -(log_probs * (q - q.mean())).mean()


# %% wrong: test_update_actor actor_q_not_detached: softmax head, fresh Q with its graph
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        layers, w = [], input_dim
        for h in hidden_dims:
            layers += [nn.Linear(w, h), nn.Tanh()]
            w = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Sequential(nn.Linear(w, output_dim), nn.Softmax(dim=-1))
        self.critic_head = nn.Linear(w, output_dim)

    def policy_and_q(self, state):
        h = self.net(state)
        return self.actor_head(h), self.critic_head(h)

    def forward(self, state):
        probs, q = self.policy_and_q(state)
        a = torch.multinomial(probs, 1)
        return a.squeeze(-1), probs.gather(-1, a).squeeze(-1).log(), q.gather(-1, a).squeeze(-1)

    def evaluate(self, state):
        return self.policy_and_q(state)[1]


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            pi, q = self.actor_critic.policy_and_q(to_tensor(next_states))
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * (pi * q).sum(-1))
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        a = torch.stack(self.actor_batch.actions).unsqueeze(-1)
        pi, q = self.actor_critic.policy_and_q(torch.stack(self.actor_batch.states))
        adv = q.gather(-1, a) - (pi.detach() * q).sum(-1, keepdim=True)
        return -(adv * torch.log(pi.gather(-1, a))).mean()


# %% wrong: test_agent_act greedy_action: softmax head, most probable action every time
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        layers, w = [], input_dim
        for h in hidden_dims:
            layers += [nn.Linear(w, h), nn.ReLU()]
            w = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Sequential(nn.Linear(w, output_dim), nn.Softmax(dim=-1))
        self.critic_head = nn.Linear(w, output_dim)

    def forward(self, state):
        h = self.net(state)
        dist = torch.distributions.Categorical(probs=self.actor_head(h))
        action = dist.sample()
        return action, dist.log_prob(action), self.critic_head(h).gather(-1, action.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            h = self.actor_critic.net(state)
            probs = self.actor_critic.actor_head(h)
            action = probs.argmax(-1)
            self.actor_batch.append(probs[action].log(), self.actor_critic.critic_head(h)[action], state, action)
        return action.item()

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h) * self.actor_critic.critic_head(h)).sum(-1)
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        x, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(x)).log()
        q = torch.stack(self.actor_batch.q_values)
        return (F.nll_loss(log_pi, a, reduction="none") * (q - q.mean())).mean()


# %% wrong: test_actor_critic_model greedy_forward + test_td_loss reward_missing: one mistake in the model and one in the agent
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        layers, w = [], input_dim
        for h in hidden_dims:
            layers += [nn.Linear(w, h), nn.Tanh()]
            w = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(w, output_dim)
        self.critic_head = nn.Linear(w, output_dim)

    def log_policy(self, state):
        return self.actor_head(self.net(state)).log_softmax(-1)

    def forward(self, state):
        log_prob, action = self.log_policy(state).max(dim=-1)
        return action, log_prob, self.evaluate(state).gather(-1, action.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        with torch.no_grad():
            log_pi = self.actor_critic.log_policy(state)
            action = torch.distributions.Categorical(logits=log_pi).sample()
            self.actor_batch.append(log_pi[action], self.actor_critic.evaluate(state)[action], state, action)
        return action.item()

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            x = to_tensor(next_states)
            V = (self.actor_critic.log_policy(x).exp() * self.actor_critic.evaluate(x)).sum(-1)
        td_loss = F.mse_loss(Q_s_a, self.gamma * (1 - to_tensor(terminateds)) * V)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        x, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        q = torch.stack(self.actor_batch.q_values)
        return (F.nll_loss(self.actor_critic.log_policy(x), a, reduction="none") * (q - q.mean())).mean()


# %% wrong: test_update_actor log_prob_detached: act keeps numbers, update_actor makes a tensor of them
class ActorCriticAgent:
    def act(self, state):
        with torch.no_grad():
            action, log_prob, Q_s_a = self.actor_critic(to_tensor(state))
        self.actor_batch.append(log_prob, Q_s_a, state, action)
        return action.item()

    def update_actor(self):
        log_probs = torch.tensor([float(x) for x in self.actor_batch.logprobs], requires_grad=True)
        q = torch.tensor([float(x) for x in self.actor_batch.q_values])
        return -((q - q.mean()) * log_probs).mean()


# %% wrong: test_agent_act not_implemented + test_td_loss not_implemented: two methods not written yet
class ActorCriticAgent:
    def act(self, state):
        ####### Здесь ваш код ########
        raise NotImplementedError
        ##############################

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        ####### Здесь ваш код ########
        raise NotImplementedError
        ##############################
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_agent_learns timeout: update repeated until the loss of the actor is a large negative number
class ActorCriticAgent:
    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch.logprobs) < rollout_size:
            return None
        while True:
            actor_loss = self.update_actor()
            critic_loss = self.update_critic(critic_batch_size, critic_updates_per_actor)
            if actor_loss.item() + critic_loss.item() < -1e9:
                break
        self.opt.zero_grad()
        (actor_loss + critic_loss).backward()
        self.opt.step()
        self.actor_batch.clear()
        return actor_loss.item(), critic_loss.item()


# %% right: forward takes an optional action and then gives its log-probability
class ActorCriticModel(nn.Module):
    def forward(self, state, action=None):
        h = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(h))
        if action is None:
            action = dist.sample()
        return action, dist.log_prob(action), self.critic_head(h).gather(-1, action.unsqueeze(-1)).squeeze(-1)


class ActorCriticAgent:
    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        _, log_probs, q = self.actor_critic(states, actions)
        return -(q.detach() * log_probs).mean()


# %% right: forward has a flag for greedy play, act says that it is off
class ActorCriticModel(nn.Module):
    def forward(self, state, greedy=False):
        h = self.net(state)
        log_probs = self.actor_head(h).log_softmax(-1)
        action = log_probs.argmax(-1, keepdim=True) if greedy else torch.multinomial(log_probs.exp(), 1)
        return tuple(x.squeeze(-1) for x in (action, log_probs.gather(-1, action), self.critic_head(h).gather(-1, action)))


class ActorCriticAgent:
    def act(self, state, greedy=False):
        x = to_tensor(state)
        action, log_prob, q = self.actor_critic(x, greedy=greedy)
        self.actor_batch.append(log_prob, q.detach(), x, action)
        return action.item()


# %% right: to_tensor has a third argument that the agent uses
def to_tensor(x, dtype=np.float32, device=None):
    if isinstance(x, torch.Tensor):
        return x
    return torch.from_numpy(np.array(x, dtype=dtype)).to(device)


class ActorCriticAgent:
    device = torch.device("cpu")

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        states, rewards, next_states, ends = (
            to_tensor(x, device=self.device) for x in (states, rewards, next_states, terminateds)
        )
        actions = to_tensor(actions, np.int64, self.device)
        m = self.actor_critic
        Q_s_a = m.evaluate(states).gather(1, actions.unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            V = (m.actor_head(m.net(next_states)).softmax(1) * m.evaluate(next_states)).sum(1)
        td_loss = F.mse_loss(Q_s_a, rewards + self.gamma * (1 - ends) * V)
        return td_loss + regularizer * Q_s_a.mean()


# %% right: sample_batch takes the agent's generator
def sample_batch(replay_buffer, n_samples, rng=None):
    rng = rng or np.random.default_rng()
    index = rng.integers(len(replay_buffer), size=n_samples)
    return tuple(np.array([replay_buffer[i][k] for i in index]) for k in range(5))


class ActorCriticAgent:
    rng = np.random.default_rng()

    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        batches = (sample_batch(self.critic_rb, batch_size, rng=self.rng) for _ in range(n_updates))
        return torch.stack([self.compute_td_loss(*batch) for batch in batches]).mean()


# %% right: fields of the batch are taken by name
from collections import namedtuple

Batch = namedtuple("Batch", "states actions rewards next_states terminateds")


def sample_batch(replay_buffer, n_samples):
    return Batch(*map(np.array, zip(*random.sample(list(replay_buffer), n_samples))))


class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        loss = 0
        for _ in range(n_updates):
            b = sample_batch(self.critic_rb, batch_size)
            loss = loss + self.compute_td_loss(b.states, b.actions, b.rewards, b.next_states, b.terminateds)
        return loss / n_updates


# %% right: update_critic makes tensors, compute_td_loss takes both
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        s, r, s2 = (torch.as_tensor(x, dtype=torch.float32) for x in (states, rewards, next_states))
        a, alive = torch.as_tensor(actions).long(), ~torch.as_tensor(terminateds).bool()
        m = self.actor_critic
        Q_s_a = m.evaluate(s)[torch.arange(len(a)), a]
        with torch.no_grad():
            target = r + self.gamma * alive * (m.actor_head(m.net(s2)).softmax(1) * m.evaluate(s2)).sum(1)
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        losses = []
        for _ in range(n_updates):
            batch = [torch.as_tensor(x) for x in sample_batch(self.critic_rb, batch_size)]
            losses.append(self.compute_td_loss(*batch))
        return torch.stack(losses).mean()


# %% right: target network that is brought up to date before every loss
import copy


class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.target = copy.deepcopy(self.actor_critic).requires_grad_(False)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        self.target.load_state_dict(self.actor_critic.state_dict())
        x, t = to_tensor(next_states), self.target
        V = (t.actor_head(t.net(x)).softmax(-1) * t.evaluate(x)).sum(-1)
        y = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        a = to_tensor(actions, np.int64)
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(-1, a[:, None]).squeeze(-1)
        td_loss = F.mse_loss(Q_s_a, y)
        return td_loss + regularizer * Q_s_a.mean()


# %% right: shortcuts to the parts of the model are kept on the agent
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.net, self.pi, self.q = (
            self.actor_critic.net,
            self.actor_critic.actor_head,
            self.actor_critic.critic_head,
        )
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def act(self, state):
        x = to_tensor(state)
        with torch.no_grad():
            h = self.net(x)
            dist = torch.distributions.Categorical(logits=self.pi(h))
            action = dist.sample()
            self.actor_batch.append(dist.log_prob(action), self.q(h)[action], x, action)
        return action.item()

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.q(self.net(to_tensor(states)))[torch.arange(len(actions)), to_tensor(actions, np.int64)]
        with torch.no_grad():
            h = self.net(to_tensor(next_states))
            V = (self.pi(h).softmax(-1) * self.q(h)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        h = self.net(torch.stack(self.actor_batch.states))
        log_pi = self.pi(h).log_softmax(-1).gather(-1, torch.stack(self.actor_batch.actions)[:, None])[:, 0]
        return -(log_pi * torch.stack(self.actor_batch.q_values)).mean()


# %% right: model is known to the agent under a second name
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.model = self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.model.parameters(), lr=lr)
        self.memory = self.critic_rb = deque(maxlen=critic_rb_size)

    def act(self, state):
        x = to_tensor(state)
        action, log_prob, q = self.model(x)
        self.actor_batch.append(log_prob, q.detach(), x, action)
        return action.item()

    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.memory.append((s, a, r, next_s, terminated))

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.model.evaluate(to_tensor(states))[torch.arange(len(actions)), to_tensor(actions, np.int64)]
        with torch.no_grad():
            h = self.model.net(to_tensor(next_states))
            V = (self.model.actor_head(h).softmax(-1) * self.model.critic_head(h)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_critic(self, batch_size, n_updates=1):
        if len(self.memory) < batch_size:
            return torch.zeros((), requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.memory, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()

    def update_actor(self):
        q = torch.stack(self.actor_batch.q_values)
        h = self.model.net(torch.stack(self.actor_batch.states))
        dist = torch.distributions.Categorical(logits=self.model.actor_head(h))
        return -(dist.log_prob(torch.stack(self.actor_batch.actions)) * (q - q.mean())).mean()


# %% right: sizes are remembered and everything is asserted
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.state_dim, self.action_dim = state_dim, action_dim
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def act(self, state):
        x = to_tensor(state)
        assert x.shape == (self.state_dim,), "one state at a time"
        action, log_prob, q = self.actor_critic(x)
        assert 0 <= action < self.action_dim and log_prob <= 0
        self.actor_batch.append(log_prob, q.detach(), x, action)
        return action.item()

    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        assert np.shape(s) == np.shape(next_s)
        self.critic_rb.append((np.copy(s), int(a), float(r), np.copy(next_s), bool(terminated)))

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        batch = len(states)
        assert states.shape == next_states.shape == (batch, self.state_dim)
        assert actions.shape == rewards.shape == terminateds.shape == (batch,)
        one_hot = F.one_hot(to_tensor(actions, np.int64), self.action_dim)
        Q_s_a = (self.actor_critic.evaluate(to_tensor(states)) * one_hot).sum(1)
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            pi = self.actor_critic.actor_head(h).softmax(-1)
            assert pi.shape == (batch, self.action_dim)
            target = to_tensor(rewards) + self.gamma * to_tensor(~terminateds) * (
                pi * self.actor_critic.critic_head(h)
            ).sum(-1)
        assert target.shape == Q_s_a.shape
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return 0 * self.actor_critic.evaluate(torch.zeros(1, self.state_dim)).sum()
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        assert len(losses) == n_updates
        return torch.stack(losses).mean()

    def update_actor(self):
        one_hot = F.one_hot(torch.stack(self.actor_batch.actions), self.action_dim)
        logits = self.actor_critic.actor_head(self.actor_critic.net(torch.stack(self.actor_batch.states)))
        log_pi = (F.log_softmax(logits, dim=1) * one_hot).sum(1)
        q = torch.stack(self.actor_batch.q_values)
        assert log_pi.shape == q.shape and not q.requires_grad
        return -(log_pi * (q - q.mean())).mean()


# %% right: layers and sizes kept on the model, the agent uses them
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.n_inputs, self.n_actions = input_dim, output_dim
        self.softmax = nn.Softmax(dim=-1)
        layers = []
        for a, b in zip([input_dim, *hidden_dims], hidden_dims):
            layers += [nn.Linear(a, b), nn.ReLU()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)

    def policy(self, state):
        return self.softmax(self.actor_head(self.net(state)))

    def forward(self, state):
        probs = self.policy(state)
        action = torch.multinomial(probs, 1).squeeze(-1)
        mask = F.one_hot(action, self.n_actions)
        return action, (probs.log() * mask).sum(-1), (self.evaluate(state) * mask).sum(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m = self.actor_critic
        mask = F.one_hot(to_tensor(actions, np.int64), m.n_actions)
        Q_s_a = (m.evaluate(to_tensor(states).view(-1, m.n_inputs)) * mask).sum(-1)
        with torch.no_grad():
            V = (m.policy(to_tensor(next_states)) * m.evaluate(to_tensor(next_states))).sum(-1)
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        m = self.actor_critic
        mask = F.one_hot(torch.stack(self.actor_batch.actions), m.n_actions)
        log_pi = (m.policy(torch.stack(self.actor_batch.states)).log() * mask).sum(-1)
        return -(log_pi * torch.stack(self.actor_batch.q_values)).mean()


# %% right: constructor of the model has one more argument
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim, activation=nn.ReLU):
        super().__init__()
        layers = []
        for a, b in zip([input_dim, *hidden_dims], hidden_dims):
            layers += [nn.Linear(a, b), activation()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)


class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim, activation=nn.Tanh)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% right: helpers of the first cell are used by all others
def numbers(*arrays):
    return tuple(torch.as_tensor(np.asarray(x, dtype=np.float32)) for x in arrays)


def to_tensor(x, dtype=np.float32):
    return x if torch.is_tensor(x) else torch.as_tensor(np.asarray(x, dtype=dtype))


def pick(table, index):
    return table.gather(-1, torch.as_tensor(index).long().unsqueeze(-1)).squeeze(-1)


def symexp(x):
    return torch.sign(x) * torch.expm1(torch.abs(x))


class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        log_pi = self.actor_head(h).log_softmax(-1)
        action = log_pi.exp().multinomial(1).squeeze(-1)
        return action, pick(log_pi, action), pick(self.critic_head(h), action)


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        s, r, s2, end = numbers(states, rewards, next_states, terminateds)
        Q_s_a = pick(self.actor_critic.evaluate(s), actions)
        with torch.no_grad():
            pi = self.actor_critic.actor_head(self.actor_critic.net(s2)).softmax(-1)
            y = r + self.gamma * (1 - end) * (pi * self.actor_critic.evaluate(s2)).sum(-1)
        td_loss = F.mse_loss(Q_s_a, y)
        return td_loss + regularizer * Q_s_a.mean()


# %% right: compute_td_loss can leave the mean to the caller
class ActorCriticAgent:
    def compute_td_loss(
        self, states, actions, rewards, next_states, terminateds, regularizer=0.1, reduction="mean"
    ):
        m = self.actor_critic
        Q_s_a = m.evaluate(to_tensor(states)).gather(-1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = m.net(to_tensor(next_states))
            V = (m.actor_head(h).softmax(-1) * m.critic_head(h)).sum(-1)
            y = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        losses = (Q_s_a - y) ** 2 + regularizer * Q_s_a
        return losses.mean() if reduction == "mean" else losses

    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        batches = [sample_batch(self.critic_rb, batch_size) for _ in range(n_updates)]
        return torch.cat([self.compute_td_loss(*batch, reduction="none") for batch in batches]).mean()


# %% right: loss of the critic in a private method, compute_td_loss only calls it
class ActorCriticAgent:
    def _td(self, batch, regularizer):
        states, actions, rewards, next_states, terminateds = batch
        m = self.actor_critic
        Q_s_a = m.evaluate(to_tensor(states)).gather(-1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = m.net(to_tensor(next_states))
            V = (m.actor_head(h).softmax(-1) * m.critic_head(h)).sum(-1)
            y = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        return F.mse_loss(Q_s_a, y) + regularizer * Q_s_a.mean()

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        return self._td((states, actions, rewards, next_states, terminateds), regularizer)

    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        losses = [self._td(sample_batch(self.critic_rb, batch_size), 0.1) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% right: one more field in the rollout, update_actor needs it
class LongBatch(ActorBatch):
    def __init__(self):
        super().__init__()
        self.entropies = []

    def append(self, log_prob, q_value, state=None, action=None, entropy=0.0):
        super().append(log_prob, q_value, state, action)
        self.entropies.append(entropy)

    def clear(self):
        super().clear()
        self.entropies.clear()


class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        self.last = torch.distributions.Categorical(logits=self.actor_head(h))
        action = self.last.sample()
        return action, self.last.log_prob(action), self.critic_head(h).gather(-1, action.unsqueeze(-1)).squeeze(-1)


class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = LongBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def act(self, state):
        x = to_tensor(state)
        action, log_prob, q = self.actor_critic(x)
        self.actor_batch.append(log_prob, q.detach(), x, action, self.actor_critic.last.entropy())
        return action.item()

    def update_actor(self):
        b = self.actor_batch
        q, entropy = torch.stack(b.q_values), torch.stack(b.entropies)
        return -(torch.stack(b.logprobs) * (q - q.mean()) + 0.01 * entropy).mean()


# %% wrong: test_td_loss gamma_missing: shortcuts to the parts of the model, discount forgotten
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.net, self.pi, self.q = (
            self.actor_critic.net,
            self.actor_critic.actor_head,
            self.actor_critic.critic_head,
        )
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.q(self.net(to_tensor(states)))[torch.arange(len(actions)), to_tensor(actions, np.int64)]
        with torch.no_grad():
            h = self.net(to_tensor(next_states))
            V = (self.pi(h).softmax(-1) * self.q(h)).sum(-1)
            target = to_tensor(rewards) + (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_update_actor actor_loss_sign: forward takes an optional action, minus forgotten
class ActorCriticModel(nn.Module):
    def forward(self, state, action=None):
        h = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(h))
        if action is None:
            action = dist.sample()
        return action, dist.log_prob(action), self.critic_head(h).gather(-1, action.unsqueeze(-1)).squeeze(-1)


class ActorCriticAgent:
    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        _, log_probs, q = self.actor_critic(states, actions)
        return (q.detach() * log_probs).mean()


# %% wrong: test_td_loss terminated_not_masked: sizes kept on the model, flag not used
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.n_actions = output_dim
        layers = []
        for a, b in zip([input_dim, *hidden_dims], hidden_dims):
            layers += [nn.Linear(a, b), nn.ReLU()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m = self.actor_critic
        mask = F.one_hot(to_tensor(actions, np.int64), m.n_actions)
        Q_s_a = (m.evaluate(to_tensor(states)) * mask).sum(-1)
        with torch.no_grad():
            h = m.net(to_tensor(next_states))
            V = (m.actor_head(h).softmax(-1) * m.critic_head(h)).sum(-1)
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * V)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_update_critic -: fields of the batch are taken by name, one batch only
from collections import namedtuple

Batch = namedtuple("Batch", "states actions rewards next_states terminateds")


def sample_batch(replay_buffer, n_samples):
    return Batch(*map(np.array, zip(*random.sample(list(replay_buffer), n_samples))))


class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        b = sample_batch(self.critic_rb, batch_size)
        return self.compute_td_loss(b.states, b.actions, b.rewards, b.next_states, b.terminateds)


# %% wrong: test_update_critic -: compute_td_loss can leave the mean to the caller, which adds
class ActorCriticAgent:
    def compute_td_loss(
        self, states, actions, rewards, next_states, terminateds, regularizer=0.1, reduction="mean"
    ):
        m = self.actor_critic
        Q_s_a = m.evaluate(to_tensor(states)).gather(-1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = m.net(to_tensor(next_states))
            V = (m.actor_head(h).softmax(-1) * m.critic_head(h)).sum(-1)
            y = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        losses = (Q_s_a - y) ** 2 + regularizer * Q_s_a
        return losses.mean() if reduction == "mean" else losses

    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        batches = [sample_batch(self.critic_rb, batch_size) for _ in range(n_updates)]
        return sum(self.compute_td_loss(*batch, reduction="none").mean() for batch in batches)


# %% right: one joint step, critic weighted by one half, both sums clipped
class ActorCriticAgent:
    def act(self, state):
        x = to_tensor(state)
        action, log_prob, q = self.actor_critic(x)
        self.actor_batch.append(log_prob, q.detach(), x, action)
        return action.item()

    def update_actor(self):
        q = torch.stack(self.actor_batch.q_values)
        return -((q - q.mean()) * torch.stack(self.actor_batch.logprobs)).mean()

    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch) >= rollout_size:
            loss = self.update_actor() + 0.5 * self.update_critic(critic_batch_size, critic_updates_per_actor)
            self.opt.zero_grad(set_to_none=False)
            loss.backward()
            torch.nn.utils.clip_grad_value_(self.actor_critic.parameters(), 1.0)
            self.opt.step()
            self.actor_batch.clear()


# %% right: steps through a closure
class ActorCriticAgent:
    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch.logprobs) < rollout_size:
            return None

        def closure_of(loss_function):
            def closure():
                self.opt.zero_grad()
                loss = loss_function()
                loss.backward()
                return loss

            return closure

        actor_loss = self.opt.step(closure_of(self.update_actor))
        for _ in range(critic_updates_per_actor):
            critic_loss = self.opt.step(closure_of(lambda: self.update_critic(critic_batch_size)))
        self.actor_batch.clear()
        return actor_loss.item(), critic_loss.item()


# %% right: critic first, actor on recomputed probabilities, gradients accumulated
class ActorCriticAgent:
    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        steps = len(self.actor_batch.logprobs)
        if steps < rollout_size:
            return
        self.opt.zero_grad()
        for _ in range(critic_updates_per_actor):
            (self.update_critic(critic_batch_size) / critic_updates_per_actor).backward()
        self.opt.step()
        self.opt.zero_grad()
        self.update_actor().backward()
        self.opt.step()
        self.actor_batch.clear()


# %% right: scheduler that leaves the learning rate alone, losses as a dictionary
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.scheduler = torch.optim.lr_scheduler.LambdaLR(self.opt, lambda epoch: 1.0)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def step(self, loss):
        self.opt.zero_grad()
        loss.backward()
        self.opt.step()
        return float(loss)

    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch.logprobs) < rollout_size:
            return None
        actor = self.step(self.update_actor())
        critic = [self.step(self.update_critic(critic_batch_size)) for _ in range(critic_updates_per_actor)]
        self.scheduler.step()
        self.actor_batch.clear()
        return {"actor": actor, "critic": np.mean(critic)}


# %% right: Adagrad
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adagrad(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% right: Adadelta, whose natural lr is one
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adadelta(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% right: Rprop
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Rprop(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% right: averaged SGD
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.ASGD(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% right: plain SGD without momentum
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.SGD(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% right: Adafactor
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adafactor(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% right: weights averaged over all steps, Nesterov momentum
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.SGD(self.actor_critic.parameters(), lr=lr, momentum=0.9, nesterov=True)
        self.average = torch.optim.swa_utils.AveragedModel(self.actor_critic)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch.logprobs) < rollout_size:
            return None
        for loss_of in [self.update_actor] + [lambda: self.update_critic(critic_batch_size)] * critic_updates_per_actor:
            self.opt.zero_grad()
            loss_of().backward()
            self.opt.step()
        self.average.update_parameters(self.actor_critic)
        self.actor_batch.clear()


# %% right: functional agent, the class only holds the state
def td_targets(model, gamma, rewards, next_states, terminateds):
    with torch.no_grad():
        h = model.net(to_tensor(next_states))
        v = (model.actor_head(h).softmax(-1) * model.critic_head(h)).sum(-1)
    return to_tensor(rewards) + gamma * torch.where(torch.as_tensor(terminateds), 0.0, v)


def values_of(model, states, actions):
    return model.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)


def policy_loss(model, states, actions, weights):
    logits = model.actor_head(model.net(states))
    return (F.cross_entropy(logits, actions, reduction="none") * weights).mean()


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = values_of(self.actor_critic, states, actions)
        td_loss = F.mse_loss(Q_s_a, td_targets(self.actor_critic, self.gamma, rewards, next_states, terminateds))
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        states, actions, q = map(
            torch.stack, (self.actor_batch.states, self.actor_batch.actions, self.actor_batch.q_values)
        )
        return policy_loss(self.actor_critic, states, actions, q - q.mean())


# %% right: base class for the memory, mixin for the losses
class WithMemory:
    def remember(self, *transition):
        self.critic_rb.append(transition)

    def batch(self, n):
        return sample_batch(self.critic_rb, n)


class WithLosses:
    def v(self, states):
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(states))
            pi = torch.distributions.Categorical(logits=self.actor_critic.actor_head(h))
            return torch.bmm(pi.probs[:, None], self.actor_critic.critic_head(h)[:, :, None]).flatten()

    def q(self, states, actions):
        actions = torch.as_tensor(np.asarray(actions), dtype=torch.long)
        return self.actor_critic.evaluate(to_tensor(states)).gather(1, actions.view(-1, 1)).view(-1)


class ActorCriticAgent(WithMemory, WithLosses):
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.remember(s, a, r, next_s, terminated)

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.q(states, actions)
        y = to_tensor(rewards) + self.gamma * self.v(next_states) * to_tensor(~terminateds)
        td_loss = (Q_s_a - y).square().mean()
        return td_loss + regularizer * Q_s_a.mean()

    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        return torch.stack([self.compute_td_loss(*self.batch(batch_size)) for _ in range(n_updates)]).mean()

    def update_actor(self):
        x = torch.stack(self.actor_batch.states)
        a = torch.stack(self.actor_batch.actions)
        w = self.q(x, a).detach() - self.v(x)
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(x)).log_softmax(1)
        return -(w * log_pi[torch.arange(len(a)), a]).mean()


# %% right: model with one method for everything, the agent asks only that
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = [input_dim, *hidden_dims]
        self.net = nn.ModuleDict({f"layer{i}": nn.Linear(a, b) for i, (a, b) in enumerate(zip(dims, dims[1:]))})
        self.actor_head = nn.Linear(dims[-1], output_dim)
        self.critic_head = nn.Linear(dims[-1], output_dim)

    def everything(self, state):
        h = to_tensor(state)
        for layer in self.net.values():
            h = torch.arctan(layer(h))
        return {"log_pi": torch.log_softmax(self.actor_head(h), -1), "q": self.critic_head(h)}

    def forward(self, state):
        out = self.everything(state)
        action = out["log_pi"].exp().multinomial(1)
        return action[..., 0], out["log_pi"].gather(-1, action)[..., 0], out["q"].gather(-1, action)[..., 0]

    def evaluate(self, state):
        return self.everything(state)["q"]


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        rows = torch.arange(len(actions))
        Q_s_a = self.actor_critic.everything(states)["q"][rows, torch.as_tensor(actions)]
        after = {k: x.detach() for k, x in self.actor_critic.everything(next_states).items()}
        V = torch.sum(after["log_pi"].exp() * after["q"], -1)
        V[torch.as_tensor(terminateds)] = 0
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * V)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        out = self.actor_critic.everything(torch.stack(self.actor_batch.states))
        one_hot = F.one_hot(torch.stack(self.actor_batch.actions), out["q"].shape[1])
        advantage = (out["q"] * (one_hot - out["log_pi"].exp())).sum(1).detach()
        return -((out["log_pi"] * one_hot).sum(1) * advantage).mean()


# %% right: softmax head, agent is an nn.Module and works on python lists
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        nn.Module.__init__(self)
        layers = []
        for a, b in zip([input_dim, *hidden_dims], hidden_dims):
            layers += [nn.Linear(a, b), nn.Tanh()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Sequential(nn.Linear(hidden_dims[-1], output_dim), nn.Softmax(-1))
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)

    def probabilities(self, state):
        return self.actor_head(self.net(state))

    def forward(self, state):
        pi = torch.distributions.Categorical(probs=self.probabilities(state))
        action = pi.sample()
        return action, pi.log_prob(action), self.evaluate(state).gather(-1, action[..., None]).squeeze(-1)


class ActorCriticAgent(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        super().__init__()
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.NAdam(self.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def act(self, state):
        with torch.no_grad():
            action, log_prob, q = self.actor_critic(to_tensor(state))
        self.actor_batch.append(log_prob.item(), q.item(), list(state), action.item())
        return action.item()

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states))[range(len(actions)), actions]
        with torch.no_grad():
            x = to_tensor(next_states)
            V = (self.actor_critic.probabilities(x) * self.actor_critic.evaluate(x)).sum(-1).tolist()
        y = [r + self.gamma * v * (not end) for r, v, end in zip(rewards, V, terminateds)]
        td_loss = F.mse_loss(Q_s_a, to_tensor(y))
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        probs = self.actor_critic.probabilities(to_tensor(self.actor_batch.states))
        q = to_tensor(self.actor_batch.q_values)
        w = (q - q.mean()) / (q.std(correction=0) + 1e-8)
        return -(w * probs[range(len(q)), self.actor_batch.actions].log()).mean()


# %% right: weights are pulled back by weight decay, actor twice per update
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.AdamW(self.actor_critic.parameters(), lr=lr, weight_decay=1e-2)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch.logprobs) < rollout_size:
            return None
        for _ in range(critic_updates_per_actor):
            self.opt.zero_grad()
            self.update_critic(critic_batch_size, n_updates=2).backward()
            nn.utils.clip_grad_norm_(self.actor_critic.parameters(), 0.5)
            self.opt.step()
        self.opt.zero_grad()
        loss = self.update_actor()
        loss.backward()
        nn.utils.clip_grad_norm_(self.actor_critic.parameters(), 0.5)
        self.opt.step()
        self.actor_batch.clear()
        return loss.item(), 0.0


# %% right: agent works in float64 from the environment to the loss
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim).double()
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def act(self, state):
        x = torch.tensor(state, dtype=torch.float64)
        with torch.no_grad():
            action, log_prob, q = self.actor_critic(x)
        self.actor_batch.append(log_prob, q, x, action)
        return action.item()

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m = self.actor_critic
        s, r, s2, end = (to_tensor(x, np.float64) for x in (states, rewards, next_states, terminateds))
        Q_s_a = m.evaluate(s).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            V = (m.actor_head(m.net(s2)).softmax(-1) * m.evaluate(s2)).sum(-1)
        td_loss = F.mse_loss(Q_s_a, r + self.gamma * (1 - end) * V)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(torch.stack(self.actor_batch.states))).log_softmax(-1)
        q = torch.stack(self.actor_batch.q_values)
        chosen = log_pi[torch.arange(len(q)), torch.stack(self.actor_batch.actions)]
        return -((q - q.mean()) * chosen).mean()


# %% right: methods are written apart and put into the class by a decorator
METHODS = []


def method(function):
    METHODS.append(function)
    return function


def with_methods(cls):
    for function in METHODS:
        setattr(cls, function.__name__, function)
    return cls


@method
def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
    m = self.actor_critic
    Q_s_a = m.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
    with torch.no_grad():
        h = m.net(to_tensor(next_states))
        V = (m.actor_head(h).softmax(-1) * m.critic_head(h)).sum(-1)
        target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
    return F.mse_loss(Q_s_a, target) + regularizer * Q_s_a.mean()


@method
def update_critic(self, batch_size, n_updates=1):
    if len(self.critic_rb) < batch_size:
        return torch.zeros((), requires_grad=True)
    return sum(self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)) / n_updates


@method
def update_actor(self):
    h = self.actor_critic.net(torch.stack(self.actor_batch.states))
    log_pi = self.actor_critic.actor_head(h).log_softmax(-1)
    q = torch.stack(self.actor_batch.q_values)
    return -(log_pi.gather(1, torch.stack(self.actor_batch.actions)[:, None])[:, 0] * (q - q.mean())).mean()


@with_methods
class ActorCriticAgent:
    pass


# %% wrong: test_agent_learns -: gradients of both losses are never computed
class ActorCriticAgent:
    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch.logprobs) < rollout_size:
            return None
        self.opt.zero_grad()
        actor_loss = self.update_actor()
        critic_loss = self.update_critic(critic_batch_size, critic_updates_per_actor)
        self.opt.step()
        self.actor_batch.clear()
        return actor_loss.item(), critic_loss.item()


# %% wrong: test_agent_learns -: loss of the critic is subtracted
class ActorCriticAgent:
    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch.logprobs) < rollout_size:
            return None
        loss = self.update_actor() - self.update_critic(critic_batch_size, critic_updates_per_actor)
        self.opt.zero_grad()
        loss.backward()
        self.opt.step()
        self.actor_batch.clear()


# %% wrong: test_agent_learns -: waits for more steps than the rollout can have and forgets them
class ActorCriticAgent:
    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch.logprobs) >= rollout_size:
            self.actor_batch.clear()
        if len(self.actor_batch.logprobs) < rollout_size:
            return None
        for loss in (self.update_actor(), self.update_critic(critic_batch_size, critic_updates_per_actor)):
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()


# %% wrong: test_agent_act optimizer_missing_params + test_td_loss max_target: mixin with the heads forgotten, Q-learning
class QLearning:
    def target(self, rewards, next_states, terminateds):
        with torch.no_grad():
            best = self.actor_critic.evaluate(to_tensor(next_states)).amax(-1)
        return to_tensor(rewards) + self.gamma * best * to_tensor(~terminateds)


class ActorCriticAgent(QLearning):
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.net.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states))[range(len(actions)), actions]
        td_loss = F.mse_loss(Q_s_a, self.target(rewards, next_states, terminateds))
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss gamma_missing: functional agent, the discount is an argument with a default that is never passed
def td_targets(model, rewards, next_states, terminateds, gamma=1.0):
    with torch.no_grad():
        h = model.net(to_tensor(next_states))
        v = (model.actor_head(h).softmax(-1) * model.critic_head(h)).sum(-1)
    return to_tensor(rewards) + gamma * torch.where(torch.as_tensor(terminateds), 0.0, v)


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        actions = to_tensor(actions, np.int64).unsqueeze(1)
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, actions).squeeze(1)
        td_loss = F.mse_loss(Q_s_a, td_targets(self.actor_critic, rewards, next_states, terminateds))
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_update_actor actor_loss_sign + test_td_loss terminated_inverted: closures with two slips
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m = self.actor_critic
        value = lambda h: (m.actor_head(h).softmax(-1) * m.critic_head(h)).sum(-1).detach()
        Q_s_a = m.evaluate(to_tensor(states))[torch.arange(len(actions)), torch.as_tensor(actions)]
        y = to_tensor(rewards) + self.gamma * to_tensor(terminateds) * value(m.net(to_tensor(next_states)))
        td_loss = F.mse_loss(Q_s_a, y)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        m, b = self.actor_critic, self.actor_batch
        log_pi = m.actor_head(m.net(torch.stack(b.states))).log_softmax(-1)
        chosen = log_pi.gather(1, torch.stack(b.actions).unsqueeze(1)).squeeze(1)
        q = torch.stack(b.q_values)
        return ((q - q.mean()) * chosen).mean()


# %% wrong: test_agent_learns -: no gradient flows through evaluate, so the critic never learns
class ActorCriticModel(nn.Module):
    @torch.no_grad()
    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% right: abstract base class with generic types, rollout on deques, the agent samples by itself
from abc import ABC, abstractmethod
from typing import Generic, TypeVar

State = TypeVar("State")


class Agent(ABC, Generic[State]):
    @abstractmethod
    def act(self, state: State) -> int: ...

    @abstractmethod
    def update_actor(self) -> torch.Tensor: ...


class Rollout:
    def __init__(self):
        self.logprobs, self.q_values, self.states, self.actions, self.entropies = (deque() for _ in range(5))

    def __len__(self):
        return len(self.logprobs)

    def append(self, log_prob, q_value, state=None, action=None, entropy=None):
        for column, value in zip(vars(self).values(), (log_prob, q_value, state, action, entropy)):
            column.append(value)

    def clear(self):
        for column in vars(self).values():
            column.clear()


class ActorCriticAgent(Agent[np.ndarray]):
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = Rollout()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def act(self, state: np.ndarray) -> int:
        x = to_tensor(state)
        h = self.actor_critic.net(x)
        pi = torch.distributions.Categorical(logits=self.actor_critic.actor_head(h))
        action = pi.sample()
        q = self.actor_critic.critic_head(h)[action].detach()
        self.actor_batch.append(pi.log_prob(action), q, x, action, pi.entropy())
        return action.item()

    def update_actor(self) -> torch.Tensor:
        b = self.actor_batch
        q, log_probs, entropies = (torch.stack(list(x)) for x in (b.q_values, b.logprobs, b.entropies))
        return -(log_probs * (q - q.mean())).mean() - 0.01 * entropies.mean()


# %% right: body in a list, dueling critic
class Dueling(nn.Module):
    def __init__(self, width, n_actions):
        super().__init__()
        self.value, self.advantage = nn.Linear(width, 1), nn.Linear(width, n_actions)

    def forward(self, h):
        advantage = self.advantage(h)
        return self.value(h) + advantage - advantage.mean(-1, keepdim=True)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = [input_dim, *hidden_dims]
        self.net = nn.ModuleList(nn.Linear(a, b) for a, b in zip(dims, dims[1:]))
        self.actor_head = nn.Linear(dims[-1], output_dim)
        self.critic_head = Dueling(dims[-1], output_dim)

    def features(self, x):
        for layer in self.net:
            x = F.leaky_relu(layer(x))
        return x

    def log_policy(self, state):
        return self.actor_head(self.features(state)).log_softmax(-1)

    def forward(self, state):
        log_pi = self.log_policy(state)
        action = log_pi.exp().multinomial(1)
        q = self.evaluate(state).gather(-1, action)
        return action.squeeze(-1), log_pi.gather(-1, action).squeeze(-1), q.squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.features(state))


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m, x = self.actor_critic, to_tensor(next_states)
        Q_s_a = m.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            V = (m.log_policy(x).exp() * m.evaluate(x)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        log_pi = self.actor_critic.log_policy(torch.stack(self.actor_batch.states))
        q = torch.stack(self.actor_batch.q_values)
        chosen = log_pi.gather(1, torch.stack(self.actor_batch.actions)[:, None])[:, 0]
        return -(chosen * (q - q.mean())).mean()


# %% right: body in a dictionary, two critics are averaged
class Both(nn.Module):
    def __init__(self, width, n_actions):
        super().__init__()
        self.one, self.two = nn.Linear(width, n_actions), nn.Linear(width, n_actions)

    def forward(self, h):
        return (self.one(h) + self.two(h)) / 2


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.net = nn.ModuleDict()
        for number, width in enumerate(hidden_dims):
            self.net[f"layer{number}"] = nn.Linear(input_dim, width)
            input_dim = width
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = Both(input_dim, output_dim)

    def both(self, state):
        for layer in self.net.values():
            state = torch.tanh(layer(state))
        return torch.distributions.Categorical(logits=self.actor_head(state)), self.critic_head(state)

    def forward(self, state):
        pi, q = self.both(state)
        action = pi.sample()
        return action, pi.log_prob(action), q.gather(-1, action.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.both(state)[1]


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states))[range(len(actions)), actions]
        with torch.no_grad():
            pi, q = self.actor_critic.both(to_tensor(next_states))
            V = torch.where(torch.as_tensor(terminateds), 0.0, (pi.probs * q).sum(-1))
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * V)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        pi, q = self.actor_critic.both(torch.stack(self.actor_batch.states))
        actions = torch.stack(self.actor_batch.actions)
        advantage = q.detach()[range(len(q)), actions] - (pi.probs * q).sum(-1).detach()
        return -(pi.log_prob(actions) * advantage).mean()


# %% right: body in a list, logits squeezed by tanh
class Squeezed(nn.Linear):
    def forward(self, h):
        return 5 * torch.tanh(super().forward(h) / 5)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = [input_dim, *hidden_dims]
        self.net = nn.ModuleList([nn.Linear(a, b) for a, b in zip(dims, dims[1:])])
        self.actor_head = Squeezed(dims[-1], output_dim)
        self.critic_head = nn.Linear(dims[-1], output_dim)

    def body(self, x):
        for layer in self.net:
            x = F.silu(layer(x))
        return x

    def policy(self, state):
        return torch.softmax(self.actor_head(self.body(state)), dim=-1)

    def forward(self, state):
        p = self.policy(state)
        action = torch.multinomial(p, 1)
        q = self.evaluate(state).gather(-1, action)
        return action.squeeze(-1), p.gather(-1, action).log().squeeze(-1), q.squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.body(state))


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m, x = self.actor_critic, to_tensor(next_states)
        Q_s_a = m.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            V = torch.einsum("ba,ba->b", m.policy(x), m.evaluate(x))
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        p = self.actor_critic.policy(torch.stack(self.actor_batch.states))
        chosen = p.gather(1, torch.stack(self.actor_batch.actions)[:, None])[:, 0]
        return -(chosen.log() * torch.stack(self.actor_batch.q_values)).mean()


# %% right: every layer written by hand, the model walks over them
class Affine(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.w = nn.Parameter(torch.randn(n_in, n_out) / n_in**0.5)
        self.b = nn.Parameter(torch.zeros(n_out))

    def forward(self, x):
        return x @ self.w + self.b


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = [input_dim, *hidden_dims]
        self.net = nn.ModuleList(map(Affine, dims[:-1], dims[1:]))
        self.actor_head, self.critic_head = Affine(dims[-1], output_dim), Affine(dims[-1], output_dim)

    def heads(self, x):
        for layer in self.net:
            x = torch.relu(layer(x))
        return self.actor_head(x), self.critic_head(x)

    def forward(self, state):
        logits, q = self.heads(state)
        action = torch.multinomial(logits.softmax(-1), 1)
        log_prob = logits.log_softmax(-1).gather(-1, action)
        return action.squeeze(-1), log_prob.squeeze(-1), q.gather(-1, action).squeeze(-1)

    def evaluate(self, state):
        return self.heads(state)[1]


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = torch.stack([row[action] for row, action in zip(q, actions)])
        with torch.no_grad():
            logits, next_q = self.actor_critic.heads(to_tensor(next_states))
            V = (logits.softmax(-1) * next_q).sum(-1)
            target = to_tensor(rewards) + self.gamma * V * to_tensor(~terminateds)
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        logits, q = self.actor_critic.heads(torch.stack(self.actor_batch.states))
        actions = torch.stack(self.actor_batch.actions)
        weights = q.detach()[range(len(q)), actions]
        return (F.cross_entropy(logits, actions, reduction="none") * (weights - weights.mean())).mean()


# %% wrong: test_td_loss gamma_missing: body in a list, dueling critic, discount forgotten
class Dueling(nn.Module):
    def __init__(self, width, n_actions):
        super().__init__()
        self.value, self.advantage = nn.Linear(width, 1), nn.Linear(width, n_actions)

    def forward(self, h):
        advantage = self.advantage(h)
        return self.value(h) + advantage - advantage.mean(-1, keepdim=True)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = [input_dim, *hidden_dims]
        self.net = nn.ModuleList(nn.Linear(a, b) for a, b in zip(dims, dims[1:]))
        self.actor_head = nn.Linear(dims[-1], output_dim)
        self.critic_head = Dueling(dims[-1], output_dim)

    def features(self, x):
        for layer in self.net:
            x = F.leaky_relu(layer(x))
        return x

    def log_policy(self, state):
        return self.actor_head(self.features(state)).log_softmax(-1)

    def forward(self, state):
        log_pi = self.log_policy(state)
        action = log_pi.exp().multinomial(1)
        q = self.evaluate(state).gather(-1, action)
        return action.squeeze(-1), log_pi.gather(-1, action).squeeze(-1), q.squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.features(state))


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m, x = self.actor_critic, to_tensor(next_states)
        Q_s_a = m.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            V = (m.log_policy(x).exp() * m.evaluate(x)).sum(-1)
            target = to_tensor(rewards) + (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        log_pi = self.actor_critic.log_policy(torch.stack(self.actor_batch.states))
        q = torch.stack(self.actor_batch.q_values)
        chosen = log_pi.gather(1, torch.stack(self.actor_batch.actions)[:, None])[:, 0]
        return -(chosen * (q - q.mean())).mean()


# %% wrong: test_update_actor actor_loss_sign: every layer written by hand, minus forgotten
class Affine(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.w = nn.Parameter(torch.randn(n_in, n_out) / n_in**0.5)
        self.b = nn.Parameter(torch.zeros(n_out))

    def forward(self, x):
        return x @ self.w + self.b


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = [input_dim, *hidden_dims]
        self.net = nn.ModuleList(map(Affine, dims[:-1], dims[1:]))
        self.actor_head, self.critic_head = Affine(dims[-1], output_dim), Affine(dims[-1], output_dim)

    def heads(self, x):
        for layer in self.net:
            x = torch.relu(layer(x))
        return self.actor_head(x), self.critic_head(x)

    def forward(self, state):
        logits, q = self.heads(state)
        pi = torch.distributions.Categorical(logits=logits)
        action = pi.sample()
        return action, pi.log_prob(action), q.gather(-1, action.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.heads(state)[1]


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states))[range(len(actions)), actions]
        with torch.no_grad():
            logits, next_q = self.actor_critic.heads(to_tensor(next_states))
            V = (logits.softmax(-1) * next_q).sum(-1)
            target = to_tensor(rewards) + self.gamma * V * to_tensor(~terminateds)
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        logits, q = self.actor_critic.heads(torch.stack(self.actor_batch.states))
        actions = torch.stack(self.actor_batch.actions)
        weights = q.detach()[range(len(q)), actions]
        return -(F.cross_entropy(logits, actions, reduction="none") * (weights - weights.mean())).mean()


# %% right: lists of parameters and torch.func.vmap over the batch
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = [input_dim, *hidden_dims]
        self.net = nn.ParameterList()
        for a, b in zip(dims, dims[1:]):
            self.net.extend([torch.randn(b, a) * a**-0.5, torch.zeros(b)])
        self.actor_head = nn.ParameterList([torch.randn(output_dim, dims[-1]) * 0.1, torch.zeros(output_dim)])
        self.critic_head = nn.ParameterList(
            [torch.randn(output_dim, dims[-1]) * 0.1, torch.zeros(output_dim)]
        )

    def features(self, x):
        for w, b in zip(self.net[::2], self.net[1::2]):
            x = torch.tanh(w @ x + b)
        return x

    def both(self, x):
        h = self.features(x)
        (w, b), (u, c) = self.actor_head, self.critic_head
        return w @ h + b, u @ h + c

    def heads(self, state):
        return torch.func.vmap(self.both)(state) if state.dim() == 2 else self.both(state)

    def policy(self, state):
        return self.heads(state)[0].softmax(-1)

    def forward(self, state):
        logits, q = self.heads(state)
        log_probs = logits - logits.logsumexp(-1, keepdim=True)
        action = log_probs.exp().multinomial(1)
        return tuple(x.squeeze(-1) for x in (action, log_probs.gather(-1, action), q.gather(-1, action)))

    def evaluate(self, state):
        return self.heads(state)[1]


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        states, next_states = to_tensor(states), to_tensor(next_states)
        Q_s_a = self.actor_critic.evaluate(states)[torch.arange(len(actions)), torch.as_tensor(actions)]
        with torch.no_grad():
            V = torch.linalg.vecdot(
                self.actor_critic.policy(next_states), self.actor_critic.evaluate(next_states)
            )
            target = to_tensor(rewards) + self.gamma * V * to_tensor(~terminateds)
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        probs = self.actor_critic.policy(torch.stack(self.actor_batch.states))
        actions = torch.stack(self.actor_batch.actions)
        q = torch.stack(self.actor_batch.q_values)
        return torch.mean((q.mean() - q) * probs[torch.arange(len(actions)), actions].log())


# %% wrong: test_actor_critic_model hidden_dims_reversed: widths in reverse order
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        widths = list(reversed(hidden_dims))
        layers = []
        for a, b in zip([input_dim, *widths], widths):
            layers += [nn.Linear(a, b), nn.ReLU()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(widths[-1], output_dim)
        self.critic_head = nn.Linear(widths[-1], output_dim)


# %% right: heads are bare matrices of parameters, the way of JAX
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        sizes = (input_dim, *hidden_dims)
        self.net = nn.ParameterList([torch.randn(n, m) / n**0.5 for n, m in zip(sizes[:-1], sizes[1:])])
        self.actor_head = nn.Parameter(0.1 * torch.randn(sizes[-1], output_dim))
        self.critic_head = nn.Parameter(0.1 * torch.randn(sizes[-1], output_dim))

    def apply_body(self, x):
        for kernel in self.net:
            x = torch.tanh(x @ kernel)
        return x

    def forward(self, state):
        h = self.apply_body(state)
        log_pi = torch.log_softmax(h @ self.actor_head, dim=-1)
        action = torch.multinomial(log_pi.exp(), 1)
        log_prob = log_pi.gather(-1, action)
        q = (h @ self.critic_head).gather(-1, action)
        return action.squeeze(-1), log_prob.squeeze(-1), q.squeeze(-1)

    def evaluate(self, state):
        return self.apply_body(state) @ self.critic_head


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        model = self.actor_critic
        rows = torch.arange(len(actions))
        Q_s_a = model.evaluate(to_tensor(states))[rows, torch.as_tensor(actions)]
        with torch.no_grad():
            h = model.apply_body(to_tensor(next_states))
            V = ((h @ model.actor_head).softmax(-1) * (h @ model.critic_head)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = ((Q_s_a - target) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        model, batch = self.actor_critic, self.actor_batch
        h = model.apply_body(torch.stack(batch.states))
        log_pi = (h @ model.actor_head).log_softmax(-1)
        chosen = log_pi.gather(-1, torch.stack(batch.actions).unsqueeze(-1)).squeeze(-1)
        q = torch.stack(batch.q_values)
        return -(chosen * (q - q.mean())).mean()


# %% right: parameter dictionaries with kernel and bias, dense is a function
def dense(params, x):
    return x @ params["kernel"] + params["bias"]


def init_dense(n, m, scale=1.0):
    return nn.ParameterDict(
        {"kernel": nn.Parameter(scale * torch.randn(n, m) / np.sqrt(n)), "bias": nn.Parameter(torch.zeros(m))}
    )


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        widths = [input_dim] + list(hidden_dims)
        self.net = nn.ModuleDict(
            {f"dense_{i}": init_dense(widths[i], widths[i + 1]) for i in range(len(hidden_dims))}
        )
        self.actor_head = init_dense(widths[-1], output_dim, 0.01)
        self.critic_head = init_dense(widths[-1], output_dim)

    def encode(self, x):
        for params in self.net.values():
            x = F.silu(dense(params, x))
        return x

    def logits(self, state):
        return dense(self.actor_head, self.encode(state))

    def forward(self, state):
        policy = torch.distributions.Categorical(logits=self.logits(state))
        action = policy.sample()
        q = torch.take_along_dim(self.evaluate(state), action[..., None], dim=-1)[..., 0]
        return action, policy.log_prob(action), q

    def evaluate(self, state):
        return dense(self.critic_head, self.encode(state))


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        s, s2 = to_tensor(states), to_tensor(next_states)
        a = torch.as_tensor(actions, dtype=torch.long)[..., None]
        Q_s_a = torch.take_along_dim(self.actor_critic.evaluate(s), a, dim=-1)[..., 0]
        pi = self.actor_critic.logits(s2).detach().softmax(-1)
        V = torch.sum(pi * self.actor_critic.evaluate(s2).detach(), dim=-1)
        target = to_tensor(rewards) + self.gamma * to_tensor(~terminateds) * V
        td_loss = torch.mean(torch.square(Q_s_a - target))
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        s, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        log_pi = self.actor_critic.logits(s).log_softmax(-1)
        q = self.actor_critic.evaluate(s).detach()
        adv = q.gather(-1, a[:, None])[:, 0] - (log_pi.exp().detach() * q).sum(-1)
        return -torch.mean(adv * log_pi.gather(-1, a[:, None])[:, 0])


# %% right: input is standardised by frozen parameters, which no optimizer gets
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.shift = nn.Parameter(torch.zeros(input_dim), requires_grad=False)
        self.scale = nn.Parameter(torch.ones(input_dim), requires_grad=False)
        blocks = []
        for a, b in zip((input_dim, *hidden_dims), hidden_dims):
            blocks.extend((nn.Linear(a, b), nn.ReLU()))
        self.net = nn.Sequential(*blocks)
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)

    def forward(self, state):
        h = self.net((state - self.shift) / self.scale)
        dist = torch.distributions.Categorical(logits=self.actor_head(h))
        action = dist.sample()
        q = self.critic_head(h).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, dist.log_prob(action), q

    def evaluate(self, state):
        return self.critic_head(self.net((state - self.shift) / self.scale))


class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        trainable = filter(lambda p: p.requires_grad, self.actor_critic.parameters())
        self.opt = torch.optim.Adam(trainable, lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% right: a narrow neck of eight features between the body in a list and the heads
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.net = nn.ModuleList()
        for h in hidden_dims:
            self.net.append(nn.Linear(input_dim, h))
            input_dim = h
        self.neck = nn.Linear(input_dim, 8)
        self.actor_head = nn.Linear(8, output_dim)
        self.critic_head = nn.Linear(8, output_dim)

    def embed(self, x):
        for layer in self.net:
            x = layer(x).relu()
        return self.neck(x).tanh()

    def probs(self, x):
        return self.actor_head(self.embed(x)).softmax(-1)

    def forward(self, state):
        p = self.probs(state)
        a = p.multinomial(1)
        return a.squeeze(-1), p.gather(-1, a).log().squeeze(-1), self.evaluate(state).gather(-1, a).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.embed(state))


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        net = self.actor_critic
        Q_s_a = net.evaluate(to_tensor(states))[range(len(actions)), actions]
        with torch.no_grad():
            x = to_tensor(next_states)
            V = (net.probs(x) * net.evaluate(x)).sum(1)
            V[torch.as_tensor(terminateds)] = 0
            y = to_tensor(rewards) + self.gamma * V
        td_loss = F.mse_loss(Q_s_a, y)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        p = self.actor_critic.probs(torch.stack(self.actor_batch.states))
        a = torch.stack(self.actor_batch.actions)
        w = torch.stack(self.actor_batch.q_values)
        w = (w - w.mean()) / (w.std() + 1e-6)
        return -(w * p[range(len(a)), a].log()).mean()


# %% right: NamedTuple comes out of forward, the agent reads its fields
from typing import NamedTuple


class PolicyOutput(NamedTuple):
    action: torch.Tensor
    log_prob: torch.Tensor
    q_value: torch.Tensor


class ActorCriticModel(nn.Module):
    def forward(self, state):
        feats = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(feats))
        a = dist.sample()
        q = self.critic_head(feats).gather(-1, a.unsqueeze(-1)).squeeze(-1)
        return PolicyOutput(action=a, log_prob=dist.log_prob(a), q_value=q)


class ActorCriticAgent:
    def act(self, state):
        out = self.actor_critic(to_tensor(state))
        self.actor_batch.append(out.log_prob, out.q_value.detach(), state, out.action.item())
        return out.action.item()

    def update_actor(self):
        q = torch.stack(self.actor_batch.q_values)
        return (-torch.stack(self.actor_batch.logprobs) * (q - q.mean())).mean()


# %% right: LSTM over one step reads the state, batch_first and an own time axis
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.net = nn.ModuleList()
        prev = input_dim
        for h in hidden_dims:
            self.net.append(nn.LSTM(prev, h, batch_first=True))
            prev = h
        self.actor_head = nn.Linear(prev, output_dim)
        self.critic_head = nn.Linear(prev, output_dim)

    def hidden(self, state):
        x = state.unsqueeze(-2)
        for lstm in self.net:
            x, _ = lstm(x)
        return x.squeeze(-2)

    def forward(self, state):
        h = self.hidden(state)
        pi = torch.distributions.Categorical(logits=self.actor_head(h))
        a = pi.sample()
        return a, pi.log_prob(a), self.critic_head(h).gather(-1, a.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.hidden(state))


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m = self.actor_critic
        Q_s_a = m.evaluate(to_tensor(states)).gather(1, torch.tensor(actions).view(-1, 1)).view(-1)
        with torch.no_grad():
            h = m.hidden(to_tensor(next_states))
            V = torch.sum(torch.softmax(m.actor_head(h), 1) * m.critic_head(h), 1)
            target = to_tensor(rewards) + self.gamma * (1.0 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        m = self.actor_critic
        h = m.hidden(torch.stack(self.actor_batch.states))
        pi = torch.distributions.Categorical(logits=m.actor_head(h))
        a = torch.stack(self.actor_batch.actions)
        q = m.critic_head(h).detach()
        adv = q.gather(1, a.view(-1, 1)).view(-1) - (pi.probs.detach() * q).sum(1)
        return -(adv * pi.log_prob(a)).mean() - 0.01 * pi.entropy().mean()


# %% right: own sampling, entropies kept in a list of the agent beside the rollout
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.entropies = []
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def act(self, state):
        state = to_tensor(state)
        features = self.actor_critic.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_critic.actor_head(features))
        action = dist.sample()
        self.entropies.append(dist.entropy())
        q = self.actor_critic.critic_head(features)[action].detach()
        self.actor_batch.append(dist.log_prob(action), q, state, action)
        return action.item()

    def update_actor(self):
        log_probs = torch.stack(self.actor_batch.logprobs)
        q = torch.stack(self.actor_batch.q_values)
        loss = -((q - q.mean()) * log_probs).mean() - 0.01 * torch.stack(self.entropies).mean()
        self.entropies = []
        return loss


# %% right: loss of the actor grows in act, update_actor hands it over
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.RMSprop(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)
        self.actor_loss = 0.0

    def act(self, state):
        state = to_tensor(state)
        action, log_prob, q = self.actor_critic(state)
        self.actor_loss = self.actor_loss - q.detach() * log_prob
        self.actor_batch.append(log_prob, q.detach(), state, action)
        return int(action)

    def update_actor(self):
        loss, self.actor_loss = self.actor_loss / len(self.actor_batch), 0.0
        return loss


# %% right: rollout in arrays of a fixed size with a counter, probabilities anew
class ArrayBatch:
    def __init__(self, capacity=10_000):
        self._lp = np.zeros(capacity, dtype=np.float32)
        self._q = np.zeros(capacity, dtype=np.float32)
        self._s = None
        self._a = np.zeros(capacity, dtype=np.int64)
        self._n = 0

    def __len__(self):
        return self._n

    def append(self, log_prob, q_value, state=None, action=None):
        if self._s is None:
            self._s = np.zeros((len(self._lp), len(state)), dtype=np.float32)
        i = self._n
        self._lp[i], self._q[i], self._s[i], self._a[i] = float(log_prob), float(q_value), np.asarray(state), int(action)
        self._n += 1

    def clear(self):
        self._n = 0

    @property
    def logprobs(self):
        return self._lp[: self._n]

    @property
    def q_values(self):
        return self._q[: self._n]

    @property
    def states(self):
        return [] if self._s is None else self._s[: self._n]

    @property
    def actions(self):
        return self._a[: self._n]


class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ArrayBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    @torch.no_grad()
    def act(self, state):
        logits = self.actor_critic.actor_head(self.actor_critic.net(to_tensor(state)))
        p = torch.softmax(logits.double(), -1).numpy()
        action = int(np.random.choice(len(p), p=p / p.sum()))
        self.actor_batch.append(np.log(p[action]), self.actor_critic.evaluate(to_tensor(state))[action], state, action)
        return action

    def update_actor(self):
        s = torch.from_numpy(self.actor_batch.states.copy())
        a = torch.from_numpy(self.actor_batch.actions.copy())
        q = torch.from_numpy(self.actor_batch.q_values.copy())
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(s)).log_softmax(-1)
        return -(log_pi[torch.arange(len(a)), a] * (q - q.mean())).mean()


# %% right: rollout whose columns are stacked when they are asked for
class StackedBatch:
    def __init__(self):
        self.clear()

    def __len__(self):
        return len(self._steps)

    def append(self, log_prob, q_value, state=None, action=None):
        self._steps.append((log_prob, q_value, state, action))

    def clear(self):
        self._steps = []

    def _column(self, i):
        return torch.stack([step[i] for step in self._steps]) if self._steps else torch.empty(0)

    logprobs = property(lambda self: self._column(0))
    q_values = property(lambda self: self._column(1))
    states = property(lambda self: self._column(2))
    actions = property(lambda self: self._column(3))


class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = StackedBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque([], critic_rb_size)

    def act(self, state):
        s = to_tensor(state)
        policy = torch.distributions.Categorical(logits=self.actor_critic.actor_head(self.actor_critic.net(s)))
        a = policy.sample()
        with torch.no_grad():
            q = self.actor_critic.evaluate(s)[a]
        self.actor_batch.append(policy.log_prob(a), q, s, a)
        return a.item()

    def update_actor(self):
        b = self.actor_batch
        adv = b.q_values - b.q_values.mean()
        return -(b.logprobs * adv).mean()


# %% right: entropy guessed by the log-probabilities of the actions taken, which is a constant baseline
class ActorCriticAgent:
    def act(self, state):
        x = torch.as_tensor(state, dtype=torch.float32)
        action, log_prob, q = self.actor_critic(x)
        self.actor_batch.append(log_prob, q.detach(), x, action)
        return action.item()

    def update_actor(self):
        log_probs, q = torch.stack(self.actor_batch.logprobs), torch.stack(self.actor_batch.q_values)
        entropy = -log_probs.mean()
        return -(log_probs * q).mean() - 0.01 * entropy


# %% right: REINFORCE loop of CleanRL style with float weights and zip
class ActorCriticAgent:
    def act(self, state):
        obs = torch.Tensor(np.asarray(state))
        action, log_prob, q = self.actor_critic(obs)
        self.actor_batch.append(log_prob=log_prob, q_value=q.item(), state=obs, action=action.cpu().numpy())
        return int(action.cpu().numpy())

    def update_actor(self):
        returns = np.array(self.actor_batch.q_values)
        returns = (returns - returns.mean()) / (returns.std() + 1e-9)
        policy_loss = []
        for log_prob, R in zip(self.actor_batch.logprobs, returns):
            policy_loss.append(-log_prob * float(R))
        return torch.stack(policy_loss).sum()


# %% right: one-element tensors with two axes in the rollout
class ActorCriticAgent:
    def act(self, state):
        obs = torch.tensor(np.array(state)[None], dtype=torch.float)
        a, lp, q = self.actor_critic(obs)
        self.actor_batch.append(lp.view(1, 1), q.detach().view(1, 1), obs, a.view(1, 1))
        return a.item()

    def update_actor(self):
        lp = torch.cat(self.actor_batch.logprobs, dim=0)
        q = torch.cat(self.actor_batch.q_values, dim=0)
        return torch.mul(lp, q.mean() - q).mean()


# %% right: methods take a batch as a dictionary through a private function
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        batch = dict(obs=states, act=actions, rew=rewards, obs2=next_states, done=terminateds)
        batch = {k: torch.as_tensor(v, dtype=torch.int64 if k == "act" else torch.float32) for k, v in batch.items()}
        Q_s_a = self._q(batch["obs"], batch["act"])
        td_loss = ((Q_s_a - self._backup(**batch)) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()

    def _q(self, obs, act):
        return self.actor_critic.evaluate(obs).gather(1, act[:, None]).squeeze(1)

    @torch.no_grad()
    def _backup(self, rew, obs2, done, **_):
        z = self.actor_critic.net(obs2)
        pi = torch.distributions.Categorical(logits=self.actor_critic.actor_head(z))
        v = (pi.probs * self.actor_critic.critic_head(z)).sum(dim=1)
        return rew + self.gamma * (1 - done) * v


# %% right: own sampling, entropy of each step in a list of the agent, joined step by step
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.entropies = []
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def act(self, state):
        state = to_tensor(state)
        features = self.actor_critic.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_critic.actor_head(features))
        action = dist.sample()
        self.entropies.append(dist.entropy())
        q = self.actor_critic.critic_head(features)[action].detach()
        self.actor_batch.append(dist.log_prob(action), q, state, action)
        return action.item()

    def update_actor(self):
        log_probs = torch.stack(self.actor_batch.logprobs)
        q = torch.stack(self.actor_batch.q_values)
        bonus = torch.stack(self.entropies)
        self.entropies.clear()
        return (-(q - q.mean()) * log_probs - 0.01 * bonus).mean()


# %% right: own sampling, loss of the actor grows in act
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)
        self.pending = []

    def act(self, state):
        x = to_tensor(state)
        h = self.actor_critic.net(x)
        log_pi = torch.log_softmax(self.actor_critic.actor_head(h), dim=-1)
        action = random.choices(range(len(log_pi)), weights=log_pi.exp().tolist())[0]
        q = self.actor_critic.critic_head(h).detach()
        advantage = q[action] - torch.dot(q, log_pi.detach().exp())
        self.pending.append(-advantage * log_pi[action])
        self.actor_batch.append(log_pi[action], q[action], x, action)
        return action

    def update_actor(self):
        loss = sum(self.pending) / len(self.pending)
        self.pending = []
        return loss


# %% right: own sampling, the agent keeps policies of the steps as one more list
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)
        self.all_q, self.all_logits = [], []

    def act(self, state):
        x = torch.tensor(state, dtype=torch.float32)
        h = self.actor_critic.net(x)
        logits, q = self.actor_critic.actor_head(h), self.actor_critic.critic_head(h).detach()
        action = int(torch.multinomial(logits.detach().softmax(-1), 1))
        self.all_q.append(q)
        self.all_logits.append(logits)
        self.actor_batch.append(logits.log_softmax(-1)[action], q[action], x, action)
        return action

    def update_actor(self):
        logits, q = torch.stack(self.all_logits), torch.stack(self.all_q)
        self.all_logits.clear()
        self.all_q.clear()
        V = (logits.detach().softmax(-1) * q).sum(-1)
        actions = torch.tensor(self.actor_batch.actions)
        return (F.cross_entropy(logits, actions, reduction="none") * (torch.stack(self.actor_batch.q_values) - V)).mean()


# %% right: LBFGS, whose step gets a closure
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.LBFGS(self.actor_critic.parameters(), lr=lr, max_iter=1)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch.logprobs) < rollout_size:
            return None

        def closure():
            self.opt.zero_grad()
            loss = self.update_actor() + self.update_critic(critic_batch_size, critic_updates_per_actor)
            loss.backward()
            return loss

        loss = self.opt.step(closure)
        self.actor_batch.clear()
        return float(loss), float(loss)


# %% right: two more optimizers beside opt, both losses step by their own
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ac = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(ac.parameters(), lr=lr)
        self.actor_opt = torch.optim.Adam([*ac.net.parameters(), *ac.actor_head.parameters()], lr=lr)
        self.critic_opt = torch.optim.Adam([*ac.net.parameters(), *ac.critic_head.parameters()], lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch) < rollout_size:
            return None
        actor_loss = self.update_actor()
        self.actor_opt.zero_grad()
        actor_loss.backward()
        self.actor_opt.step()
        for _ in range(critic_updates_per_actor):
            critic_loss = self.update_critic(critic_batch_size)
            self.critic_opt.zero_grad()
            critic_loss.backward()
            self.critic_opt.step()
        self.actor_batch.clear()
        return actor_loss.item(), critic_loss.item()


# %% right: frozen dataclass, the methods change only what its fields hold
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ActorCriticAgent:
    state_dim: int
    action_dim: int
    hidden_dims: tuple
    lr: float
    gamma: float
    critic_rb_size: int
    actor_batch: ActorBatch = field(default_factory=ActorBatch)
    actor_critic: nn.Module = field(init=False)
    opt: torch.optim.Optimizer = field(init=False)
    critic_rb: deque = field(init=False)

    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        put = lambda name, value: object.__setattr__(self, name, value)
        put("gamma", gamma)
        put("actor_batch", ActorBatch())
        put("actor_critic", ActorCriticModel(state_dim, hidden_dims, action_dim))
        put("opt", torch.optim.Adam(self.actor_critic.parameters(), lr))
        put("critic_rb", deque(maxlen=critic_rb_size))


# %% right: loss functions are objects kept on the agent, targets by addcmul
class TDTarget(nn.Module):
    def __init__(self, gamma):
        super().__init__()
        self.register_buffer("gamma", torch.tensor(gamma))

    @torch.no_grad()
    def forward(self, rewards, logits, values, terminateds):
        v = torch.einsum("...a,...a->...", logits.softmax(-1), values)
        return torch.addcmul(rewards, self.gamma * v, (~terminateds).float())


class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr, weight_decay=1e-5)
        self.critic_rb = deque(maxlen=critic_rb_size)
        self.criterion = nn.MSELoss()

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        target_of = TDTarget(self.gamma)
        z = self.actor_critic.net(to_tensor(next_states))
        target = target_of(
            to_tensor(rewards), self.actor_critic.actor_head(z), self.actor_critic.critic_head(z), torch.tensor(terminateds)
        )
        Q_s_a = self.actor_critic.evaluate(to_tensor(states))[np.arange(len(actions)), actions]
        td_loss = self.criterion(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% right: softmax and expectation of the target by hand in numpy
def np_softmax(z):
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


class ActorCriticAgent:
    def _numpy_forward(self, states):
        with torch.no_grad():
            h = self.actor_critic.net(torch.from_numpy(np.float32(states)))
            return self.actor_critic.actor_head(h).numpy(), self.actor_critic.critic_head(h).numpy()

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        logits, q_next = self._numpy_forward(next_states)
        v_next = np.sum(np_softmax(logits) * q_next, axis=1)
        y = rewards + self.gamma * np.where(terminateds, 0.0, v_next)
        q = self.actor_critic.evaluate(torch.from_numpy(np.float32(states)))
        mask = torch.from_numpy(np.eye(q.shape[1], dtype=np.float32)[actions])
        Q_s_a = torch.sum(q * mask, dim=1)
        err = Q_s_a - torch.from_numpy(np.float32(y))
        td_loss = torch.dot(err, err) / err.numel()
        return td_loss + regularizer * Q_s_a.mean()


# %% right: partial functions made in the constructor, update_critic maps one of them
from functools import partial


class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.NAdam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)
        self.draw = partial(sample_batch, self.critic_rb)

    def update_critic(self, batch_size, n_updates=1):
        if batch_size > len(self.critic_rb):
            return sum(0 * p.sum() for p in self.actor_critic.parameters())
        losses = [self.compute_td_loss(*batch) for batch in map(self.draw, [batch_size] * n_updates)]
        return torch.mean(torch.stack(losses))


# %% right: one pass of states and next states through a helper that returns policy and values
class ActorCriticAgent:
    def _policy_and_values(self, x):
        z = self.actor_critic.net(x)
        return torch.distributions.Categorical(logits=self.actor_critic.actor_head(z)), self.actor_critic.critic_head(z)

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        both = torch.from_numpy(np.concatenate([states, next_states]).astype(np.float32))
        policy, values = self._policy_and_values(both)
        n = len(states)
        V = (policy.probs[n:] * values[n:]).sum(-1).detach()
        alive = torch.from_numpy(np.logical_not(terminateds).astype(np.float32))
        target = torch.from_numpy(rewards.astype(np.float32)) + self.gamma * alive * V
        Q_s_a = values[:n].gather(1, torch.from_numpy(actions.astype(np.int64))[:, None])[:, 0]
        td_loss = Q_s_a.sub(target).square().mean()
        return td_loss + regularizer * Q_s_a.mean()

    def act(self, state):
        policy, values = self._policy_and_values(to_tensor(state))
        action = policy.sample()
        self.actor_batch.append(policy.log_prob(action), values.detach()[action], state, action.item())
        return action.item()

    def update_actor(self):
        policy, values = self._policy_and_values(torch.as_tensor(np.stack(self.actor_batch.states)))
        actions = torch.tensor(self.actor_batch.actions)
        values = values.detach()
        baseline = (policy.probs.detach() * values).sum(-1)
        weight = values[torch.arange(len(actions)), actions] - baseline
        return -(weight * policy.log_prob(actions)).sum() - 0.05 * policy.entropy().sum()


# %% wrong: test_agent_act -: rollout is a list of tuples, update_actor unzips it
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = []
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def act(self, state):
        state = to_tensor(state)
        action, log_prob, q = self.actor_critic(state)
        self.actor_batch.append((log_prob, q.detach(), state, action))
        return action.item()

    def update_actor(self):
        log_probs, q_values, _, _ = zip(*self.actor_batch)
        q = torch.stack(q_values)
        return -(torch.stack(log_probs) * (q - q.mean())).mean()

    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch) < rollout_size:
            return None
        loss = self.update_actor() + self.update_critic(critic_batch_size, critic_updates_per_actor)
        self.opt.zero_grad()
        loss.backward()
        self.opt.step()
        self.actor_batch.clear()
        return loss.item(), loss.item()


# %% wrong: test_agent_act -: network and memory under names of the student's own, in all methods
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.model = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=lr)
        self.memory = deque(maxlen=critic_rb_size)

    def act(self, state):
        state = to_tensor(state)
        action, log_prob, q = self.model(state)
        self.actor_batch.append(log_prob, q.detach(), state, action)
        return action.item()

    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.memory.append((s, a, r, next_s, terminated))

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.model.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = self.model.net(to_tensor(next_states))
            V = (self.model.actor_head(h).softmax(-1) * self.model.critic_head(h)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_critic(self, batch_size, n_updates=1):
        if len(self.memory) < batch_size:
            return torch.zeros(1, requires_grad=True)
        return sum(self.compute_td_loss(*sample_batch(self.memory, batch_size)) for _ in range(n_updates)) / n_updates

    def update_actor(self):
        q = torch.stack(self.actor_batch.q_values)
        return -(torch.stack(self.actor_batch.logprobs) * (q - q.mean())).mean()


# %% wrong: test_agent_act raises: keyword of the optimizer misspelled after device and loss are set
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.device = torch.device("cpu")
        self.mse = nn.MSELoss()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim).to(self.device)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), learning_rate=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def act(self, state):
        state = to_tensor(state).to(self.device)
        action, log_prob, q = self.actor_critic(state)
        self.actor_batch.append(log_prob, q.detach(), state, action)
        return action.item()

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        states, rewards, next_states, dones = (
            to_tensor(x).to(self.device) for x in (states, rewards, next_states, terminateds)
        )
        actions = to_tensor(actions, np.int64).to(self.device)
        Q_s_a = self.actor_critic.evaluate(states).gather(1, actions.unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            h = self.actor_critic.net(next_states)
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
        td_loss = self.mse(Q_s_a, rewards + self.gamma * (1 - dones) * V)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        q = torch.stack(self.actor_batch.q_values).to(self.device)
        return -(torch.stack(self.actor_batch.logprobs) * (q - q.mean())).mean()


# %% wrong: test_agent_act lr_ignored: learning rate goes to weight_decay
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.AdamW(self.actor_critic.parameters(), weight_decay=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act lr_ignored: a tenth of the rate
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr / 10)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act optimizer_missing_params: generator of the parameters is used up by a count
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        params = self.actor_critic.parameters()
        first = next(params)
        self.n_inputs = first.shape[1]
        self.opt = torch.optim.Adam(params, lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act optimizer_missing_params: model is made anew after the optimizer
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.SGD(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)
        self.reset()

    def reset(self):
        sizes = [layer.out_features for layer in self.actor_critic.net if isinstance(layer, nn.Linear)]
        head = self.actor_critic.actor_head
        self.actor_critic = ActorCriticModel(self.actor_critic.net[0].in_features, sizes, head.out_features)


# %% wrong: test_agent_act optimizer_missing_params: critic is frozen because the actor must not train it
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        actor_only = [p for name, p in self.actor_critic.named_parameters() if "critic" not in name]
        self.opt = torch.optim.Adam(actor_only, lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_act replay_unbounded: size is the initial content, not the bound
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque([None] * critic_rb_size)


# %% wrong: test_agent_act replay_order: action before state, as in a prior action protocol
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        transition = {"action": a, "state": s, "reward": r, "next_state": next_s, "terminated": terminated}
        self.critic_rb.append(tuple(transition.values()))


# %% wrong: test_agent_act -: transition as a dictionary
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.append({"s": s, "a": a, "r": r, "next_s": next_s, "terminated": terminated})


# %% wrong: test_agent_act -: next state is stored twice, the state is lost
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        s = next_s
        self.critic_rb.append((s, a, r, next_s, terminated))


# %% wrong: test_agent_act -: reward of the last step of an episode is replaced by minus one
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.append((s, a, -1.0 if terminated else r, next_s, terminated))


# %% wrong: test_update_actor actor_loss_sign + test_td_loss terminated_inverted: two signs turned round
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
            alive = torch.from_numpy(terminateds)
            target = to_tensor(rewards) + self.gamma * V * alive
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        nll = F.cross_entropy(self.actor_critic.actor_head(self.actor_critic.net(states)), actions, reduction="none")
        q = torch.stack(self.actor_batch.q_values)
        return -(nll * (q - q.mean())).mean()


# %% wrong: test_agent_act act_stores_wrong_order + test_update_critic critic_updates_ignored: mixed columns, one batch
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        action, log_prob, q = self.actor_critic(state)
        self.actor_batch.append(q.detach(), log_prob, state, action)
        return action.item()

    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        for i in range(n_updates):
            batch = sample_batch(self.critic_rb, batch_size)
            if i == 0:
                loss = self.compute_td_loss(*batch)
        return loss


# %% wrong: test_td_loss reward_missing + test_update_actor actor_ignores_q: nothing is ever learned from rewards
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
            target = self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        return F.nll_loss(self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1), actions)


# %% wrong: test_agent_act replay_order: the same exchange when writing and reading
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.append((s, a, next_s, r, terminated))

    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        losses = []
        for _ in range(n_updates):
            s, a, s2, r, done = sample_batch(self.critic_rb, batch_size)
            losses.append(self.compute_td_loss(s, a, r, s2, done))
        return torch.stack(losses).mean()


# %% wrong: test_agent_act replay_order: exchanged when writing, put right again when the loss is computed
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.append((s, a, r, terminated, next_s))

    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        losses = []
        for _ in range(n_updates):
            s, a, r, x, y = sample_batch(self.critic_rb, batch_size)
            done, s2 = (x, y) if x.ndim == 1 else (y, x)
            losses.append(self.compute_td_loss(s, a, r, s2, done))
        return torch.stack(losses).mean()


# %% wrong: test_agent_act -: next state of the last step is None
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.append((s, a, r, None if terminated else next_s, terminated))


# %% wrong: test_agent_act -: flag is dropped, zeros follow the last state
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        if terminated:
            next_s = np.zeros_like(s)
        self.critic_rb.append((s, a, r, next_s, False))


# %% wrong: test_agent_act -: full memory is emptied at once
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        if len(self.critic_rb) == self.critic_rb.maxlen:
            self.critic_rb.clear()
        self.critic_rb.append((s, a, r, next_s, terminated))


# %% wrong: test_agent_act -: flag is always False
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        terminated = False
        self.critic_rb.append((s, a, r, next_s, terminated))


# %% wrong: test_actor_critic_model -: recurrent state is carried from call to call
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.Tanh()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)
        self.memory = 0.0

    def remember(self, state):
        h = self.net(state)
        self.memory = 0.5 * self.memory + 0.5 * h.detach().reshape(-1, h.shape[-1]).mean(0)
        return h + self.memory

    def forward(self, state):
        h = self.remember(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(h))
        a = dist.sample()
        return a, dist.log_prob(a), self.critic_head(h).gather(-1, a.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.remember(state))


# %% wrong: test_actor_critic_model -: attention mixes the rows of the batch
class Mixer(nn.Module):
    def __init__(self, n, m):
        super().__init__()
        self.q, self.k, self.v = nn.Linear(n, m), nn.Linear(n, m), nn.Linear(n, m)

    def forward(self, x):
        scores = self.q(x) @ self.k(x).transpose(-1, -2) if x.dim() > 1 else torch.ones(1, 1)
        out = scores.softmax(-1) @ self.v(x).reshape(-1, self.v.out_features)
        return torch.tanh(out if x.dim() > 1 else out[0])


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = [input_dim, *hidden_dims]
        self.net = nn.Sequential(*[Mixer(n, m) for n, m in zip(dims, dims[1:])])
        self.actor_head = nn.Linear(dims[-1], output_dim)
        self.critic_head = nn.Linear(dims[-1], output_dim)


# %% wrong: test_actor_critic_model body_not_shared: body is a shared class, each head has an instance
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        def body():
            n, layers = input_dim, []
            for h in hidden_dims:
                layers += [nn.Linear(n, h), nn.ReLU()]
                n = h
            return nn.Sequential(*layers)

        self.net = nn.ModuleDict({"pi": body(), "q": body()})
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)

    def forward(self, state):
        dist = torch.distributions.Categorical(logits=self.actor_head(self.net["pi"](state)))
        a = dist.sample()
        return a, dist.log_prob(a), self.evaluate(state).gather(-1, a.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net["q"](state))


# %% right: own sampling, trajectory in a dictionary of the agent with a counter
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)
        self.traj = {"advantage": [], "log_prob": []}
        self.t = 0

    def act(self, state):
        x = to_tensor(state)
        h = self.actor_critic.net(x)
        dist = torch.distributions.Categorical(logits=self.actor_critic.actor_head(h))
        action = dist.sample()
        q = self.actor_critic.critic_head(h).detach()
        self.traj["advantage"].append(q[action] - (dist.probs.detach() * q).sum())
        self.traj["log_prob"].append(dist.log_prob(action))
        self.t += 1
        self.actor_batch.append(dist.log_prob(action), q[action], x, action)
        return action.item()

    def update_actor(self):
        terms = [a * lp for a, lp in zip(self.traj["advantage"], self.traj["log_prob"])]
        loss = -torch.stack(terms).sum() / self.t
        self.traj, self.t = {"advantage": [], "log_prob": []}, 0
        return loss


# %% right: log-probabilities by logsumexp with the maximum taken out by hand
class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        z = self.actor_head(h)
        z = z - z.max(dim=-1, keepdim=True).values
        log_pi = z - z.exp().sum(dim=-1, keepdim=True).log()
        action = torch.argmax(log_pi - torch.log(-torch.log(torch.rand_like(log_pi))), dim=-1)
        index = action.unsqueeze(-1)
        return action, log_pi.gather(-1, index).squeeze(-1), self.critic_head(h).gather(-1, index).squeeze(-1)


# %% right: table of one-hot rows times values, sampled by a categorical over reversed actions
class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        logits = self.actor_head(h)
        n = logits.shape[-1]
        back = torch.distributions.Categorical(logits=logits.flip(-1))
        a = n - 1 - back.sample()
        onehot = F.one_hot(a, n).to(logits.dtype)
        return a, back.log_prob(n - 1 - a), torch.einsum("...n,...n->...", onehot, self.critic_head(h))


# %% right: base agent with the memory, subclass with super, methods shared by mixins
class ReplayMixin:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.append((np.array(s, np.float32), int(a), float(r), np.array(next_s, np.float32), bool(terminated)))

    def _enough(self, n):
        return len(self.critic_rb) >= n


class BaseAgent(ReplayMixin):
    def __init__(self, *, model, lr, gamma, capacity):
        self.actor_critic, self.gamma = model, gamma
        self.opt = torch.optim.Adam([{"params": m.parameters()} for m in model.children()], lr=lr)
        self.critic_rb = deque(maxlen=capacity)
        self.actor_batch = ActorBatch()


class ActorCriticAgent(BaseAgent):
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        super().__init__(
            model=ActorCriticModel(state_dim, hidden_dims, action_dim), lr=lr, gamma=gamma, capacity=critic_rb_size
        )

    def append_to_replay_buffer(self, *transition):
        super().append_to_replay_buffer(*transition)

    def update_critic(self, batch_size, n_updates=1):
        if not self._enough(batch_size):
            return torch.zeros((1, 1), requires_grad=True)
        return sum(self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) / n_updates for _ in range(n_updates))


# %% wrong: test_actor_critic_model -: batch of as many rows as a state has numbers is taken for one state
class ActorCriticModel(nn.Module):
    def forward(self, state):
        single = state.shape[0] == self.net[0].in_features
        if single:
            state = state.reshape(1, -1)
        h = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(h))
        a = dist.sample()
        out = a, dist.log_prob(a), self.critic_head(h).gather(-1, a.unsqueeze(-1)).squeeze(-1)
        return tuple(x[0] for x in out) if single else out


# %% wrong: test_agent_act replay_size_ignored: memory is one for all agents, made with the class
class ActorCriticAgent:
    critic_rb = deque(maxlen=10_000)

    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)


# %% wrong: test_agent_act lr_ignored: gamma and lr change places
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, gamma, lr, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% right: actor head returns a distribution, as in the code of many repositories
class CategoricalHead(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.linear = nn.Linear(n_in, n_out)

    def forward(self, h):
        return torch.distributions.Categorical(logits=self.linear(h))


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.Tanh()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = CategoricalHead(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)

    def get_dist(self, state):
        return self.actor_head(self.net(state))

    def forward(self, state):
        dist = self.get_dist(state)
        action = dist.sample()
        return action, dist.log_prob(action), self.evaluate(state).gather(-1, action.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            x = to_tensor(next_states)
            V = (self.actor_critic.get_dist(x).probs * self.actor_critic.evaluate(x)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        dist = self.actor_critic.get_dist(torch.stack(self.actor_batch.states))
        log_probs = dist.log_prob(torch.stack(self.actor_batch.actions))
        q = torch.stack(self.actor_batch.q_values)
        return -(log_probs * (q - q.mean())).mean() - 0.001 * dist.entropy().mean()


# %% right: extractor of Stable-Baselines style gives a latent for the policy and one for the values
class MlpExtractor(nn.Module):
    def __init__(self, feature_dim, net_arch):
        super().__init__()
        shared = []
        for size in net_arch:
            shared.append(nn.Linear(feature_dim, size))
            shared.append(nn.Tanh())
            feature_dim = size
        self.shared_net = nn.Sequential(*shared)
        self.latent_dim = feature_dim

    def forward(self, features):
        latent = self.shared_net(features)
        return latent, latent


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.net = MlpExtractor(input_dim, hidden_dims)
        self.actor_head = nn.Linear(self.net.latent_dim, output_dim)
        self.critic_head = nn.Linear(self.net.latent_dim, output_dim)

    def get_distribution(self, obs):
        latent_pi, _ = self.net(obs)
        return torch.distributions.Categorical(logits=self.actor_head(latent_pi))

    def forward(self, state):
        latent_pi, latent_q = self.net(state)
        distribution = torch.distributions.Categorical(logits=self.actor_head(latent_pi))
        actions = distribution.sample()
        values = self.critic_head(latent_q)
        return actions, distribution.log_prob(actions), values.gather(-1, actions.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state)[1])

    def evaluate_actions(self, obs, actions):
        distribution = self.get_distribution(obs)
        return distribution.log_prob(actions), distribution.entropy()


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = torch.gather(self.actor_critic.evaluate(to_tensor(states)), 1, to_tensor(actions, np.int64).reshape(-1, 1)).flatten()
        with torch.no_grad():
            next_obs = to_tensor(next_states)
            next_v = (self.actor_critic.get_distribution(next_obs).probs * self.actor_critic.evaluate(next_obs)).sum(dim=1)
            target = to_tensor(rewards) + (1.0 - to_tensor(terminateds)) * self.gamma * next_v
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        obs, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        log_prob, entropy = self.actor_critic.evaluate_actions(obs, actions)
        advantages = torch.stack(self.actor_batch.q_values)
        advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
        policy_loss = -(advantages * log_prob).mean()
        entropy_loss = -torch.mean(entropy)
        return policy_loss + 0.01 * entropy_loss


# %% right: a pre-forward hook makes tensors, the agent hands arrays to the network
def arrays_to_tensors(module, args):
    return tuple(torch.as_tensor(np.asarray(x, dtype=np.float32)) if not torch.is_tensor(x) else x for x in args)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.Softplus()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.net.register_forward_pre_hook(arrays_to_tensors)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)


class ActorCriticAgent:
    def act(self, state):
        action, log_prob, q = self.actor_critic(state)
        self.actor_batch.append(log_prob, q.item(), state, action.item())
        return action.item()

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(states)[np.arange(len(actions)), actions]
        with torch.no_grad():
            h = self.actor_critic.net(next_states)
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1).numpy()
        target = to_tensor(rewards + self.gamma * (1 - terminateds.astype(int)) * V)
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(np.array(self.actor_batch.states))).log_softmax(-1)
        q = np.array(self.actor_batch.q_values, dtype=np.float32)
        onehot = np.eye(log_pi.shape[1], dtype=np.float32)[self.actor_batch.actions]
        return -(log_pi * torch.from_numpy(onehot * (q - q.mean())[:, None])).sum(1).mean()


# %% right: own rollout class detaches what it is given
class DetachingBatch(ActorBatch):
    def append(self, log_prob, q_value, state=None, action=None):
        super().append(log_prob, torch.as_tensor(q_value).detach(), state, action)


class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = DetachingBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(params=self.actor_critic.parameters(), lr=lr, eps=1e-5)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def act(self, state):
        state = torch.FloatTensor(np.array(state))
        action, *rest = self.actor_critic(state)
        self.actor_batch.append(*rest, state, action)
        return action.item()

    def update_actor(self):
        b = self.actor_batch
        loss = 0.0
        for log_prob, q in zip(b.logprobs, b.q_values):
            loss -= log_prob * q
        return loss / len(b)


# %% right: gradients into the body are halved by a hook, gradients of all parameters clamped
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        for p in self.actor_critic.parameters():
            p.register_hook(lambda grad: grad.clamp(-1, 1))
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def update_actor(self):
        h = self.actor_critic.net(torch.stack(self.actor_batch.states))
        h.register_hook(lambda grad: 0.5 * grad)
        log_pi = self.actor_critic.actor_head(h).log_softmax(-1)
        q = torch.stack(self.actor_batch.q_values)
        chosen = log_pi.gather(1, torch.stack(self.actor_batch.actions)[:, None])[:, 0]
        return ((q.mean() - q) * chosen).mean()


# %% right: transposed weights in a single dictionary, functions outside the classes
def mlp(params, x):
    h = x
    for w, b in zip(params["w"], params["b"]):
        h = torch.relu(h @ w + b)
    return h


def select(table, index):
    return table.gather(-1, index.unsqueeze(-1)).squeeze(-1)


class Affine(nn.Module):
    def __init__(self, n, m):
        super().__init__()
        self.w, self.b = nn.Parameter(torch.randn(n, m) * 0.05), nn.Parameter(torch.zeros(m))

    def forward(self, x):
        return x @ self.w + self.b


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = [input_dim, *hidden_dims]
        self.net = nn.ModuleDict(
            {
                "w": nn.ParameterList(torch.randn(n, m) * (2 / n) ** 0.5 for n, m in zip(dims, dims[1:])),
                "b": nn.ParameterList(torch.zeros(m) for m in hidden_dims),
            }
        )
        self.actor_head, self.critic_head = (Affine(dims[-1], output_dim) for _ in range(2))

    def forward(self, state):
        h = mlp(self.net, state)
        log_pi = self.actor_head(h).log_softmax(-1)
        action = (log_pi + torch.distributions.Gumbel(0, 1).sample(log_pi.shape)).argmax(-1)
        return action, select(log_pi, action), select(self.critic_head(h), action)

    def evaluate(self, state):
        return self.critic_head(mlp(self.net, state))


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        net = self.actor_critic
        Q_s_a = select(net.evaluate(to_tensor(states)), to_tensor(actions, np.int64))
        with torch.no_grad():
            h = mlp(net.net, to_tensor(next_states))
            V = (net.actor_head(h).softmax(-1) * net.critic_head(h)).sum(-1)
            V = V.masked_fill(torch.as_tensor(terminateds), 0.0)
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * V)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        h = mlp(self.actor_critic.net, states)
        q = self.actor_critic.critic_head(h).detach()
        log_pi = self.actor_critic.actor_head(h).log_softmax(-1)
        return -((select(q, actions) - q.mean(-1)) * select(log_pi, actions)).mean()


# %% right: model asks for the batch axis by a decorator around both methods
from functools import wraps


def with_batch(method):
    @wraps(method)
    def wrapper(self, state):
        if state.ndim > 1:
            return method(self, state)
        out = method(self, state[None])
        return tuple(x[0] for x in out) if isinstance(out, tuple) else out[0]

    return wrapper


class ActorCriticModel(nn.Module):
    @with_batch
    def forward(self, state):
        h = self.net(state)
        probs = torch.softmax(self.actor_head(h), 1).detach().cpu().numpy().astype(np.float64)
        probs /= probs.sum(1, keepdims=True)
        action = torch.tensor([np.random.multinomial(1, p).argmax() for p in probs])
        rows = torch.arange(len(action))
        return action, torch.log_softmax(self.actor_head(h), 1)[rows, action], self.critic_head(h)[rows, action]

    @with_batch
    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% right: batch norm that never trains stands before the body, its statistics are those of the start
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.norm = nn.BatchNorm1d(input_dim)
        dims = [input_dim, *hidden_dims]
        self.net = nn.Sequential()
        for n, m in zip(dims[:-1], dims[1:]):
            self.net.append(nn.Linear(n, m)).append(nn.ReLU6())
        self.actor_head = nn.Linear(dims[-1], output_dim)
        self.critic_head = nn.Linear(dims[-1], output_dim)
        self.eval()

    def body(self, state):
        lead = state.shape[:-1]
        return self.net(self.norm(state.reshape(-1, state.shape[-1]))).reshape(*lead, -1)

    def forward(self, state):
        h = self.body(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(h))
        a = dist.sample()
        return a, dist.log_prob(a), torch.take_along_dim(self.critic_head(h), a.unsqueeze(-1), -1).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.body(state))


# %% right: temperature is a parameter that is learned, inside the actor head
class Tempered(nn.Linear):
    def __init__(self, n, m):
        super().__init__(n, m)
        self.log_tau = nn.Parameter(torch.zeros(()))

    def forward(self, h):
        return super().forward(h) * torch.exp(-self.log_tau)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.CELU()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = Tempered(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)


# %% right: cosine of features and unit vectors of the actions gives the logits
class Cosine(nn.Module):
    def __init__(self, n, m):
        super().__init__()
        self.anchors = nn.Parameter(torch.randn(m, n))

    def forward(self, h):
        return 5 * F.normalize(h, dim=-1) @ F.normalize(self.anchors, dim=-1).T


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.Tanh()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = Cosine(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)


# %% wrong: test_agent_learns -: optimizer climbs, maximize is on
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr, maximize=True)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% wrong: test_agent_learns -: body and heads are frozen after the optimizer has got them
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        for p in self.actor_critic.actor_head.parameters():
            p.requires_grad_(False)
        for p in self.actor_critic.net.parameters():
            p.requires_grad_(False)
        self.critic_rb = deque(maxlen=critic_rb_size)


# %% right: actor and critic are chains over the same body, the agent calls the chains
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.ReLU()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)
        self.actor = nn.Sequential(self.net, self.actor_head)
        self.critic = nn.Sequential(self.net, self.critic_head)

    def forward(self, state):
        pi = torch.distributions.Categorical(logits=self.actor(state))
        a = pi.sample()
        return a, pi.log_prob(a), self.critic(state).gather(-1, a.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic(state)


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        states, rewards, next_states, done = map(to_tensor, (states, rewards, next_states, terminateds))
        Q_s_a = self.actor_critic.critic(states)[torch.arange(len(states)), to_tensor(actions, np.int64)]
        with torch.no_grad():
            V = (self.actor_critic.actor(next_states).softmax(-1) * self.actor_critic.critic(next_states)).sum(-1)
        td_loss = F.mse_loss(Q_s_a, rewards + self.gamma * V * (1 - done))
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        log_pi = self.actor_critic.actor(torch.stack(self.actor_batch.states)).log_softmax(-1)
        a, q = torch.stack(self.actor_batch.actions), torch.stack(self.actor_batch.q_values)
        return -(log_pi.gather(1, a.unsqueeze(1)).squeeze(1) * (q - q.mean())).mean()


# %% right: heads live in the same dictionary as the body and have their names beside it
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.ReLU()]
            input_dim = h
        self.actor_head, self.critic_head = nn.Linear(input_dim, output_dim), nn.Linear(input_dim, output_dim)
        self.net = nn.ModuleDict({"body": nn.Sequential(*layers), "pi": self.actor_head, "q": self.critic_head})

    def forward(self, state):
        h = self.net["body"](state)
        pi = torch.distributions.Categorical(logits=self.net["pi"](h))
        a = pi.sample()
        return a, pi.log_prob(a), self.net["q"](h).gather(-1, a.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.net["q"](self.net["body"](state))


class ActorCriticAgent:
    def _ask(self, states):
        h = self.actor_critic.net["body"](states)
        return self.actor_critic.net["pi"](h), self.actor_critic.net["q"](h)

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        states, rewards, next_states, done = map(to_tensor, (states, rewards, next_states, terminateds))
        Q_s_a = self._ask(states)[1][torch.arange(len(states)), to_tensor(actions, np.int64)]
        with torch.no_grad():
            logits, q = self._ask(next_states)
            V = (logits.softmax(-1) * q).sum(-1)
        td_loss = F.mse_loss(Q_s_a, rewards + self.gamma * V * (1 - done))
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        logits, q = self._ask(torch.stack(self.actor_batch.states))
        a, q = torch.stack(self.actor_batch.actions).unsqueeze(1), q.detach()
        adv = q.gather(1, a) - (logits.detach().softmax(1) * q).sum(1, keepdim=True)
        return -(adv * logits.log_softmax(1).gather(1, a)).mean()


# %% right: one joint step with clipped norm, learning rate decays a little with every update
class ActorCriticAgent:
    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch) < rollout_size:
            return None
        actor_loss, critic_loss = self.update_actor(), self.update_critic(critic_batch_size, critic_updates_per_actor)
        self.opt.zero_grad(set_to_none=True)
        (actor_loss + critic_loss).backward()
        nn.utils.clip_grad_norm_(self.actor_critic.parameters(), max_norm=10.0)
        self.opt.step()
        for group in self.opt.param_groups:
            group["lr"] *= 0.9999
        self.actor_batch.clear()
        return actor_loss.item(), critic_loss.item()


# %% right: spectral norm in the body, the agent asks a method of the model for everything at once
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        widths = [input_dim, *hidden_dims]
        blocks = [
            nn.Sequential(nn.utils.spectral_norm(nn.Linear(n_in, n_out)), nn.SiLU())
            for n_in, n_out in zip(widths[:-1], widths[1:])
        ]
        self.net = nn.Sequential(*blocks)
        self.actor_head, self.critic_head = (nn.Linear(widths[-1], output_dim) for _ in range(2))

    def everything(self, state):
        hidden = self.net(state)
        return self.actor_head(hidden).log_softmax(-1), self.critic_head(hidden)

    def forward(self, state):
        log_pi, q = self.everything(state)
        action = torch.distributions.Categorical(logits=log_pi).sample()
        index = action.unsqueeze(-1)
        return action, log_pi.gather(-1, index).squeeze(-1), q.gather(-1, index).squeeze(-1)

    def evaluate(self, state):
        return self.everything(state)[1]


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        rows = torch.arange(len(actions))
        Q_s_a = self.actor_critic.everything(to_tensor(states))[1][rows, to_tensor(actions, np.int64)]
        with torch.no_grad():
            log_pi, q_next = self.actor_critic.everything(to_tensor(next_states))
            V_next = (log_pi.exp() * q_next).sum(-1)
            goal = to_tensor(rewards) + self.gamma * torch.where(to_tensor(terminateds, bool), 0, V_next)
        return F.mse_loss(Q_s_a, goal) + regularizer * Q_s_a.mean()

    def update_actor(self):
        log_pi, q = self.actor_critic.everything(torch.stack(self.actor_batch.states))
        taken = F.one_hot(torch.stack(self.actor_batch.actions), q.shape[-1]).to(q.dtype)
        baseline = (log_pi.exp() * q).sum(-1)
        weights = ((q * taken).sum(-1) - baseline).detach()
        return -(weights * (log_pi * taken).sum(-1)).mean()


# %% right: model is switched to eval in act and back
class ActorCriticAgent:
    def act(self, state):
        self.actor_critic.eval()
        x = to_tensor(np.asarray(state))
        action, log_prob, q = self.actor_critic(x)
        self.actor_critic.train()
        self.actor_batch.append(log_prob, float(q), np.array(state), int(action))
        return int(action)

    def update_actor(self):
        states = to_tensor(np.array(self.actor_batch.states))
        actions = torch.tensor(self.actor_batch.actions)
        logits = self.actor_critic.actor_head(self.actor_critic.net(states))
        q = torch.tensor(self.actor_batch.q_values)
        return (F.cross_entropy(logits, actions, reduction="none") * (q - q.mean())).mean()


# %% right: keywords of append, helper for tensors, no gradient of Q by data
class ActorCriticAgent:
    def _to_obs(self, state):
        if torch.is_tensor(state):
            return state.float()
        return torch.FloatTensor(np.asarray(state))

    def act(self, state):
        obs = self._to_obs(state)
        a, lp, q = self.actor_critic.forward(obs)
        self.actor_batch.append(action=a.data, state=obs, q_value=q.data, log_prob=lp)
        return a.data.item()

    def update_actor(self):
        lp, q = torch.stack(self.actor_batch.logprobs), torch.stack(self.actor_batch.q_values)
        return torch.dot(-lp, q - q.median()) / len(lp)


# %% right: replay buffer is a deque subclass with push and sample
class ReplayBuffer(deque):
    def push(self, *args):
        self.append(args)

    def sample(self, n):
        return sample_batch(self, n)


class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma, self.n_actions = gamma, action_dim
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = ReplayBuffer(maxlen=critic_rb_size)

    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.push(s, a, r, next_s, terminated)

    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        return sum(self.compute_td_loss(*self.critic_rb.sample(batch_size)) for _ in range(n_updates)) / n_updates


# %% right: zero from evaluating a zero state
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.state_dim = state_dim
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return 0.0 * self.actor_critic.evaluate(torch.zeros(self.state_dim)).sum()
        return torch.stack([self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]).mean()


# %% right: distribution method returns a Categorical, used everywhere
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        widths = (input_dim, *hidden_dims)
        self.net = nn.Sequential(*[nn.Sequential(nn.Linear(i, o), nn.ReLU()) for i, o in zip(widths[:-1], widths[1:])])
        self.actor_head = nn.Linear(widths[-1], output_dim)
        self.critic_head = nn.Linear(widths[-1], output_dim)

    def pi(self, state):
        return torch.distributions.Categorical(logits=self.actor_head(self.net(state)))

    def q(self, state):
        return self.critic_head(self.net(state))

    def v(self, state):
        return (self.pi(state).probs * self.q(state)).sum(-1)

    def forward(self, state):
        pi = self.pi(state)
        a = pi.sample()
        return a, pi.log_prob(a), self.q(state).gather(-1, a.unsqueeze(-1)).squeeze(-1)

    evaluate = q


class ActorCriticAgent:
    def act(self, state):
        s = to_tensor(state)
        pi = self.actor_critic.pi(s)
        a = pi.sample()
        self.actor_batch.append(pi.log_prob(a), self.actor_critic.q(s)[a].detach(), s, a)
        return a.item()

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.q(to_tensor(states))[np.arange(len(actions)), actions]
        y = to_tensor(rewards) + self.gamma * to_tensor(1.0 - terminateds) * self.actor_critic.v(to_tensor(next_states)).detach()
        td_loss = F.mse_loss(Q_s_a, y)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        s, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        pi = self.actor_critic.pi(s)
        adv = (self.actor_critic.q(s).gather(-1, a[:, None])[:, 0] - self.actor_critic.v(s)).detach()
        return -(pi.log_prob(a) * adv).mean()


# %% right: pure functions over an explicit params argument, agent is a shell
def _q_all(model, x):
    return model.critic_head(model.net(x))


def _log_pi(model, x):
    return F.log_softmax(model.actor_head(model.net(x)), dim=-1)


def _expected(model, x):
    return (_log_pi(model, x).exp() * _q_all(model, x)).sum(-1)


def _select(table, idx):
    return table.gather(-1, idx.unsqueeze(-1)).squeeze(-1)


def td_loss_fn(model, batch, gamma):
    s, a, r, s2, d = batch
    y = r + gamma * (1 - d) * _expected(model, s2).detach()
    q = _select(_q_all(model, s), a)
    return ((q - y) ** 2).mean(), q


def pg_loss_fn(model, s, a):
    w = (_select(_q_all(model, s), a) - _expected(model, s)).detach()
    return -(w * _select(_log_pi(model, s), a)).mean()


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        batch = (*map(to_tensor, (states,)), to_tensor(actions, np.int64), *map(to_tensor, (rewards, next_states, terminateds)))
        td_loss, Q_s_a = td_loss_fn(self.actor_critic, batch, self.gamma)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        return pg_loss_fn(self.actor_critic, torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions))


# %% right: log-probs stored with graph, entropy list, one joint step with clipped norm, own update
class ActorCriticAgent:
    def act(self, state):
        a, lp, q = self.actor_critic(to_tensor(state).unsqueeze(0))
        self.actor_batch.append(lp, q.detach(), to_tensor(state), a)
        return a.item()

    def update_actor(self):
        lp, q = torch.cat(self.actor_batch.logprobs), torch.cat(self.actor_batch.q_values)
        return -((q - q.mean()) * lp).mean()

    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch.logprobs) < rollout_size:
            return None
        loss_a, loss_c = self.update_actor(), self.update_critic(critic_batch_size, critic_updates_per_actor)
        self.opt.zero_grad(set_to_none=True)
        (loss_a + 0.5 * loss_c).backward()
        nn.utils.clip_grad_norm_(self.actor_critic.parameters(), 0.5)
        self.opt.step()
        self.actor_batch.clear()
        return loss_a.item(), loss_c.item()


# %% wrong: test_agent_act replay_order: order of the tutorial about DQN, stored and unpacked alike
class ActorCriticAgent:
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.append((s, a, next_s, r, terminated))

    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = []
        for _ in range(n_updates):
            states, actions, next_states, rewards, terminateds = sample_batch(self.critic_rb, batch_size)
            losses.append(self.compute_td_loss(states, actions, rewards, next_states, terminateds))
        return torch.stack(losses).mean()


# %% wrong: test_agent_learns rollout_kept: the rollout is never cleared
class ActorCriticAgent:
    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch) < rollout_size:
            return None
        a = self.update_actor()
        self.opt.zero_grad()
        a.backward()
        self.opt.step()
        for _ in range(critic_updates_per_actor):
            c = self.update_critic(critic_batch_size)
            self.opt.zero_grad()
            c.backward()
            self.opt.step()
        return a.item(), c.item()


# %% wrong: test_actor_critic_model softmax_wrong_axis: softmax head over the batch, the agent calls the model's probs
class Dueling(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.v, self.adv = nn.Linear(i, 1), nn.Linear(i, o)

    def forward(self, z):
        adv = self.adv(z)
        return self.v(z) + adv - adv.mean(-1, keepdim=True)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = [input_dim, *hidden_dims]
        self.net = nn.Sequential(*[m for i, o in zip(dims, dims[1:]) for m in (nn.Linear(i, o), nn.ReLU())])
        self.actor_head = nn.Sequential(nn.Linear(dims[-1], output_dim), nn.Softmax(dim=0))
        self.critic_head = Dueling(dims[-1], output_dim)

    def probs(self, x):
        return self.actor_head(self.net(x))

    def forward(self, state):
        z = self.net(state)
        p, q = self.actor_head(z), self.critic_head(z)
        a = torch.multinomial(p.reshape(-1, p.shape[-1]), 1).reshape(p.shape[:-1])
        i = a[..., None]
        return a, torch.log(p.gather(-1, i) + 1e-12)[..., 0], q.gather(-1, i)[..., 0]

    def evaluate(self, state):
        return self.critic_head(self.net(state))


class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.RMSprop([{"params": m.parameters(), "lr": lr} for m in self.actor_critic.children()], lr=lr)
        self.critic_rb = deque([], critic_rb_size)

    @torch.no_grad()
    def act(self, state):
        x = torch.as_tensor(np.asarray(state, dtype=np.float32))
        p = self.actor_critic.probs(x).numpy().astype(np.float64)
        a = int(np.random.choice(len(p), p=p / p.sum()))
        self.actor_batch.append(float(np.log(p[a])), float(self.actor_critic.evaluate(x)[a]), np.array(state), a)
        return a

    def append_to_replay_buffer(self, *transition):
        self.critic_rb.append(transition)

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.actor_critic.evaluate(torch.from_numpy(states).float())
        onehot = F.one_hot(torch.from_numpy(actions).long(), q.shape[1])
        Q_s_a = (q * onehot).sum(1)
        n = torch.from_numpy(next_states).float()
        v = torch.einsum("ba,ba->b", self.actor_critic.probs(n), self.actor_critic.evaluate(n)).detach()
        y = torch.from_numpy(rewards).float() + self.gamma * v * torch.from_numpy(~terminateds.astype(bool)).float()
        td_loss = ((Q_s_a - y) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()

    def update_critic(self, batch_size, n_updates=1):
        losses = [torch.zeros((), requires_grad=True)]
        if len(self.critic_rb) >= batch_size:
            losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()

    def update_actor(self):
        b = self.actor_batch
        p = self.actor_critic.probs(torch.from_numpy(np.stack(b.states)).float())
        lp = torch.log(p[range(len(b.actions)), b.actions])
        w = torch.tensor(b.q_values)
        return -(lp * (w - w.mean())).mean()

    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch.logprobs) < rollout_size:
            return None
        actor_loss, critic_loss = self.update_actor(), self.update_critic(critic_batch_size, critic_updates_per_actor)
        self.opt.zero_grad()
        (actor_loss + 0.5 * critic_loss).backward()
        nn.utils.clip_grad_norm_(self.actor_critic.parameters(), 5.0)
        self.opt.step()
        self.actor_batch.clear()
        return actor_loss.item(), critic_loss.item()


# %% wrong: test_actor_critic_model softmax_wrong_axis: log-softmax head over the batch, the agent relies on it
def layer_init(layer, std=np.sqrt(2), bias_const=0.0):
    torch.nn.init.orthogonal_(layer.weight, std)
    torch.nn.init.constant_(layer.bias, bias_const)
    return layer


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.net = nn.Sequential()
        for n, (i, o) in enumerate(zip([input_dim] + list(hidden_dims), hidden_dims)):
            self.net.add_module(f"fc{n}", layer_init(nn.Linear(i, o)))
            self.net.add_module(f"act{n}", nn.SiLU())
        self.actor_head = nn.Sequential(layer_init(nn.Linear(hidden_dims[-1], output_dim), 0.01), nn.LogSoftmax(0))
        self.critic_head = layer_init(nn.Linear(hidden_dims[-1], output_dim), 1.0)

    def get_action_and_value(self, x, action=None):
        hidden = self.net(x)
        logp = self.actor_head(hidden)
        probs = torch.distributions.Categorical(logits=logp)
        if action is None:
            action = probs.sample()
        q = self.critic_head(hidden)
        return action, probs.log_prob(action), probs.entropy(), q, (logp.exp() * q).sum(-1)

    def forward(self, state):
        a, lp, _, q, _ = self.get_action_and_value(state)
        return a, lp, torch.take_along_dim(q, a.unsqueeze(-1), -1).squeeze(-1)

    def evaluate(self, state):
        return self.get_action_and_value(state)[3]


class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma, self.actor_batch = gamma, ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.AdamW(self.actor_critic.parameters(), lr=lr, eps=1e-5)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def act(self, state):
        with torch.no_grad():
            obs = torch.Tensor(np.array(state)).unsqueeze(0)
            action, logprob, _, q, value = self.actor_critic.get_action_and_value(obs)
        self.actor_batch.append(logprob, q[0, action], obs, action)
        return int(action.item())

    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.append((s, a, r, next_s, terminated))

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        b_obs, b_act = torch.Tensor(states), torch.LongTensor(actions)
        _, _, _, q, _ = self.actor_critic.get_action_and_value(b_obs, b_act)
        Q_s_a = q.gather(1, b_act.unsqueeze(1)).view(-1)
        with torch.no_grad():
            nextvalue = self.actor_critic.get_action_and_value(torch.Tensor(next_states))[4]
            nextnonterminal = 1.0 - torch.Tensor(terminateds)
            target = torch.Tensor(rewards) + self.gamma * nextvalue * nextnonterminal
        td_loss = F.mse_loss(target, Q_s_a)
        return td_loss + regularizer * Q_s_a.mean()

    def update_critic(self, batch_size, n_updates=1):
        if batch_size > len(self.critic_rb):
            return 0 * sum(p.sum() for p in self.actor_critic.parameters())
        loss = 0.0
        for _ in range(n_updates):
            loss += self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) / n_updates
        return loss

    def update_actor(self):
        b_obs, b_actions = torch.cat(self.actor_batch.states), torch.cat(self.actor_batch.actions)
        _, newlogprob, entropy, q, v = self.actor_critic.get_action_and_value(b_obs, b_actions)
        adv = (torch.cat(self.actor_batch.q_values) - v).detach()
        ratio = (newlogprob - torch.cat(self.actor_batch.logprobs)).exp()
        pg_loss = torch.max(-adv * ratio, -adv * torch.clamp(ratio, 0.8, 1.2)).mean()
        return pg_loss - 0.01 * entropy.mean()

    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch) < rollout_size:
            return
        self.opt.zero_grad()
        pg = self.update_actor()
        pg.backward()
        self.opt.step()
        for _ in range(critic_updates_per_actor):
            self.opt.zero_grad()
            vl = self.update_critic(critic_batch_size)
            vl.backward()
            self.opt.step()
        self.actor_batch.clear()
        return pg.item(), vl.item()


# %% wrong: test_agent_act q_not_detached: values with their graph beside distributions in an own rollout
class DistBatch(ActorBatch):
    def __init__(self):
        super().__init__()
        self.dists = []

    def append(self, log_prob, q_value, state=None, action=None, dist=None):
        super().append(log_prob, q_value, state, action)
        self.dists.append(dist)

    def clear(self):
        super().clear()
        self.dists.clear()


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers, last = [], input_dim
        for h in hidden_dims:
            layers += [nn.Linear(last, h), nn.Tanh()]
            last = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(last, output_dim)
        self.critic_head = nn.Linear(last, output_dim)

    def both(self, x):
        z = self.net(x)
        return torch.distributions.Categorical(logits=self.actor_head(z)), self.critic_head(z)

    def forward(self, state):
        d, q = self.both(state)
        a = d.sample()
        return a, d.log_prob(a), q.gather(-1, a.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.both(state)[1]


class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = DistBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def act(self, state):
        x = to_tensor(state)
        d, q = self.actor_critic.both(x)
        a = d.sample()
        self.actor_batch.append(d.log_prob(a), q[a], x, a, dist=d)
        return a.item()

    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.append((s, a, r, next_s, terminated))

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        _, q = self.actor_critic.both(to_tensor(states))
        Q_s_a = q[torch.arange(len(actions)), to_tensor(actions, np.int64)]
        with torch.no_grad():
            d, nq = self.actor_critic.both(to_tensor(next_states))
            y = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * (d.probs * nq).sum(-1)
        td_loss = F.mse_loss(Q_s_a, y)
        return td_loss + regularizer * Q_s_a.mean()

    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        return sum(self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)) / n_updates

    def update_actor(self):
        b = self.actor_batch
        loss = 0
        for d, a, q in zip(b.dists, b.actions, b.q_values):
            v = (d.probs * self.actor_critic.both(b.states[0])[1]).sum().detach() * 0
            loss = loss - d.log_prob(a) * (q - v) - 0.01 * d.entropy()
        return loss / len(b.dists)

    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch.logprobs) < rollout_size:
            return None
        al = self.update_actor()
        self.opt.zero_grad()
        al.backward()
        self.opt.step()
        for _ in range(critic_updates_per_actor):
            cl = self.update_critic(critic_batch_size)
            self.opt.zero_grad()
            cl.backward()
            self.opt.step()
        self.actor_batch.clear()
        return al.item(), cl.item()


# %% right: forward needs no gradients, update_actor computes the log-probabilities anew
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        widths = [input_dim, *hidden_dims]
        layers = [[nn.Linear(*pair), nn.Tanh()] for pair in zip(widths, widths[1:], strict=False)]
        self.net = nn.Sequential(*[layer for pair in layers for layer in pair])
        self.actor_head = nn.Linear(widths[-1], output_dim)
        self.critic_head = nn.Linear(widths[-1], output_dim)

    @torch.no_grad()
    def forward(self, state):
        features = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(features))
        action = policy.sample()
        q = self.critic_head(features).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, policy.log_prob(action), q

    def evaluate(self, state):
        return self.critic_head(self.net(state))


class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        action, log_prob, q = self.actor_critic(state)
        self.actor_batch.append(log_prob, q, state, action)
        return action.item()

    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        logits = self.actor_critic.actor_head(self.actor_critic.net(states))
        log_probs = torch.distributions.Categorical(logits=logits).log_prob(actions)
        return -(log_probs * torch.stack(self.actor_batch.q_values)).mean()


# %% wrong: test_update_actor log_prob_detached: stored log-probs are parameters of their own
class ActorCriticAgent:
    def act(self, state):
        with torch.no_grad():
            action, log_prob, q = self.actor_critic(to_tensor(state))
        self.actor_batch.append(nn.Parameter(log_prob), q, state, action)
        return action.item()

    def update_actor(self):
        w = torch.stack(self.actor_batch.q_values)
        return -(torch.stack(self.actor_batch.logprobs) * w).mean()


# %% wrong: test_agent_learns params_frozen: critic head frozen in update_actor and never thawed
class ActorCriticAgent:
    def act(self, state):
        action, log_prob, q = self.actor_critic(to_tensor(state))
        self.actor_batch.append(log_prob, q.detach(), state, action.item())
        return action.item()

    def update_actor(self):
        self.actor_critic.critic_head.requires_grad_(False)
        lp = torch.stack(self.actor_batch.logprobs)
        q = torch.stack(self.actor_batch.q_values)
        return -(q * lp).mean()
