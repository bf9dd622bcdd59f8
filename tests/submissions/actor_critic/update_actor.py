"""Versions of update_actor, right and wrong, some with the act they need (test cell test_update_actor)."""

# %% right: log-probs stored with a graph, Q minus the batch mean
class ActorCriticAgent:
    def act(self, state):
        action, log_prob, Q_s_a = self.actor_critic(to_tensor(state))
        self.actor_batch.append(log_prob, Q_s_a.detach(), state, action)
        return action.item()

    def update_actor(self):
        log_probs = torch.stack(self.actor_batch.logprobs)
        q = torch.stack(self.actor_batch.q_values)
        return -((q - q.mean()) * log_probs).mean()


# %% right: cross entropy with reduction none, weight is the stored Q
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack([to_tensor(s) for s in self.actor_batch.states])
        actions = torch.tensor([int(a) for a in self.actor_batch.actions])
        q = torch.tensor([float(q) for q in self.actor_batch.q_values])
        logits = self.actor_critic.actor_head(self.actor_critic.net(states))
        return (F.cross_entropy(logits, actions, reduction="none") * q).mean()


# %% right: nll_loss of log_softmax with fresh Q
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        log_pi = F.log_softmax(self.actor_critic.actor_head(self.actor_critic.net(states)), dim=1)
        with torch.no_grad():
            q = self.actor_critic.evaluate(states)[torch.arange(len(actions)), actions]
        nll = F.nll_loss(log_pi, actions, reduction="none")
        return torch.sum(nll * q) / len(actions)


# %% right: one-hot mask and mean over the whole table
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        q = self.actor_critic.evaluate(states).detach()
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1)
        taken = F.one_hot(torch.stack(self.actor_batch.actions), q.shape[-1])
        v = (log_pi.detach().exp() * q).sum(-1, keepdim=True)
        # среднее по всей таблице [T, n] отличается от среднего по шагам только множителем
        return -(taken * (q - v) * log_pi).mean()


# %% right: take_along_dim and a sum instead of a mean
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        a = torch.stack(self.actor_batch.actions)[:, None]
        features = self.actor_critic.net(states)
        log_prob = torch.take_along_dim(self.actor_critic.actor_head(features).log_softmax(-1), a, dim=-1)
        q = torch.take_along_dim(self.actor_critic.critic_head(features.detach()), a, dim=-1).detach()
        return (-log_prob * q).sum()


# %% right: Categorical log_prob and advantage over its probs
class ActorCriticAgent:
    def update_actor(self):
        from torch.distributions import Categorical

        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        dist = Categorical(logits=self.actor_critic.actor_head(self.actor_critic.net(states)))
        q = self.actor_critic.evaluate(states)
        advantage = q.gather(1, actions.unsqueeze(1)).squeeze(1) - (dist.probs * q).sum(dim=1)
        return torch.mean(-dist.log_prob(actions) * advantage.detach())


# %% right: loop over the steps, stored Q, log-probs with a graph
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)
        action, log_prob, q = self.actor_critic(state)
        self.actor_batch.append(log_prob, q.item(), state.numpy(), action.item())
        return action.item()

    def update_actor(self):
        loss = 0.0
        for log_prob, q in zip(self.actor_batch.logprobs, self.actor_batch.q_values):
            loss -= log_prob * q
        return loss / len(self.actor_batch.logprobs)


# %% right: normalised advantages, biased deviation with an epsilon
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions).view(-1, 1)
        log_prob = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1).gather(1, actions).view(-1)
        w = torch.stack(self.actor_batch.q_values)
        w = (w - w.mean()) / (w.std(unbiased=False) + 1e-8)
        return -(w * log_prob).mean()


# %% right: weights scaled by their deviation without centring
class ActorCriticAgent:
    def update_actor(self):
        q = np.array([float(x) for x in self.actor_batch.q_values], dtype=np.float32)
        w = torch.from_numpy(q / (q.std() + 1e-6))
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        logits = self.actor_critic.actor_head(self.actor_critic.net(states))
        return torch.dot(F.cross_entropy(logits, actions, reduction="none"), w) / len(w)


# %% right: entropy bonus of one percent
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        dist = torch.distributions.Categorical(logits=self.actor_critic.actor_head(self.actor_critic.net(states)))
        with torch.no_grad():
            q = self.actor_critic.evaluate(states)
            adv = q.gather(-1, actions[:, None])[:, 0] - (q * dist.probs).sum(-1)
        return -(dist.log_prob(actions) * adv).mean() - 0.01 * dist.entropy().mean()


# %% right: entropy bonus with stored log-probs and its coefficient kept on the agent
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.entropy_coef = 0.005
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def act(self, state):
        action, log_prob, Q_s_a = self.actor_critic(to_tensor(state))
        self.actor_batch.append(log_prob, Q_s_a.detach(), np.asarray(state), action.item())
        return action.item()

    def update_actor(self):
        log_probs = torch.stack(self.actor_batch.logprobs)
        weights = torch.stack(self.actor_batch.q_values)
        weights = weights - weights.mean()
        states = to_tensor(self.actor_batch.states)
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1)
        entropy = -(log_pi.exp() * log_pi).sum(-1).mean()
        return -(weights * log_probs).mean() - self.entropy_coef * entropy


# %% right: running baseline kept between the updates
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)
        self.baseline = 0.0

    def update_actor(self):
        q = torch.stack(self.actor_batch.q_values).detach()
        weights = q - self.baseline
        self.baseline = 0.9 * self.baseline + 0.1 * q.mean().item()
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1)
        return -(weights * log_pi[range(len(actions)), actions]).mean()


# %% right: everything in float64
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        log_pi = torch.log_softmax(self.actor_critic.actor_head(self.actor_critic.net(states)).double(), dim=-1)
        w = np.array([float(q) for q in self.actor_batch.q_values])
        w = torch.tensor(w - w.mean())
        return -(w @ log_pi.gather(1, actions[:, None]).squeeze(1)) / len(w)


# %% right: batch axis everywhere, loss of shape one
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state).reshape(1, -1)
        action, log_prob, Q_s_a = self.actor_critic(state)
        self.actor_batch.append(log_prob, Q_s_a.detach(), state, action)
        return int(action[0])

    def update_actor(self):
        loss = torch.zeros(1)
        for log_prob, q in zip(self.actor_batch.logprobs, self.actor_batch.q_values):
            loss = loss - log_prob * q
        return loss / len(self.actor_batch.q_values)


# %% right: states kept with a batch axis, joined by cat
class ActorCriticAgent:
    def act(self, state):
        state = to_tensor(state)[None]
        with torch.no_grad():
            action, log_prob, Q_s_a = self.actor_critic(state)
        self.actor_batch.append(log_prob, Q_s_a, state, action)
        return action.item()

    def update_actor(self):
        states = torch.cat(self.actor_batch.states)
        actions = torch.cat(self.actor_batch.actions)
        q = torch.cat(self.actor_batch.q_values)
        h = self.actor_critic.net(states)
        chosen = self.actor_critic.actor_head(h).log_softmax(-1)[torch.arange(len(states)), actions]
        return -torch.mean(chosen * (q - q.mean()))


# %% right: baseline is the plain mean of Q over the actions
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions).unsqueeze(-1)
        features = self.actor_critic.net(states)
        log_prob = F.log_softmax(self.actor_critic.actor_head(features), -1).gather(-1, actions).squeeze(-1)
        q = self.actor_critic.critic_head(features).detach()
        weights = q.gather(-1, actions).squeeze(-1) - q.mean(-1)
        return -(weights * log_prob).mean()


# %% right: baseline is the best Q of the state
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        rows = torch.arange(len(actions))
        with torch.no_grad():
            q = self.actor_critic.evaluate(states)
            weights = q[rows, actions] - q.max(dim=-1).values
        logits = self.actor_critic.actor_head(self.actor_critic.net(states))
        log_prob = logits[rows, actions] - logits.logsumexp(dim=-1)
        return -(weights * log_prob).mean()


# %% right: leave-one-out baseline in numpy
class ActorCriticAgent:
    def update_actor(self):
        q = np.array([float(x) for x in self.actor_batch.q_values])
        others = (q.sum() - q) / max(len(q) - 1, 1)
        weights = to_tensor(q - others)
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1)
        return F.nll_loss(log_pi * weights[:, None], actions)


# %% right: ratio to its own detached copy
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions).unsqueeze(1)
        log_prob = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(1).gather(1, actions).squeeze(1)
        ratio = torch.exp(log_prob - log_prob.detach())
        with torch.no_grad():
            q = self.actor_critic.evaluate(states).gather(1, actions).squeeze(1)
        return -(ratio * (q - q.mean())).mean()


# %% right: clipped ratio which is exactly one
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        dist = torch.distributions.Categorical(logits=self.actor_critic.actor_head(self.actor_critic.net(states)))
        log_prob = dist.log_prob(actions)
        q = torch.stack(self.actor_batch.q_values)
        adv = q - q.mean()
        ratio = (log_prob - log_prob.detach()).exp()
        return -torch.min(ratio * adv, ratio.clamp(0.8, 1.2) * adv).mean()


# %% right: logarithm of the softmax, base two
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        probs = torch.softmax(self.actor_critic.actor_head(self.actor_critic.net(states)), dim=-1)
        q = self.actor_critic.evaluate(states).detach()
        v = (probs.detach() * q).sum(-1)
        rows = torch.arange(len(actions))
        # логарифм по основанию 2 отличается от натурального положительным множителем
        return -((q[rows, actions] - v) * torch.log2(probs[rows, actions])).mean()


# %% right: gradient hidden behind an average of one-step losses
class ActorCriticAgent:
    def _step_loss(self, state, action):
        features = self.actor_critic.net(to_tensor(state))
        log_pi = self.actor_critic.actor_head(features).log_softmax(-1)
        q = self.actor_critic.critic_head(features).tolist()
        v = sum(p * x for p, x in zip(log_pi.exp().tolist(), q))
        return -log_pi[int(action)] * (q[int(action)] - v)

    def update_actor(self):
        pairs = zip(self.actor_batch.states, self.actor_batch.actions)
        return torch.stack([self._step_loss(s, a) for s, a in pairs]).mean()


# %% right: own record class in place of ActorBatch, deques inside
class Rollout:
    def __init__(self):
        self.logprobs, self.q_values = deque(), deque()
        self.states, self.actions = deque(), deque()

    def __len__(self):
        return len(self.actions)

    def append(self, log_prob, q_value, state=None, action=None):
        self.logprobs.append(log_prob)
        self.q_values.append(q_value)
        self.states.append(state)
        self.actions.append(action)

    def clear(self):
        for field in (self.logprobs, self.q_values, self.states, self.actions):
            field.clear()


class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = Rollout()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def update_actor(self):
        states = torch.stack(tuple(self.actor_batch.states))
        actions = torch.stack(tuple(self.actor_batch.actions)).unsqueeze(-1)
        q = torch.stack(tuple(self.actor_batch.q_values))
        log_prob = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1).gather(-1, actions)
        return -(log_prob.squeeze(-1) * (q - q.mean())).sum()


# %% wrong: test_update_actor actor_loss_sign: minus lost, Q minus the batch mean
class ActorCriticAgent:
    def act(self, state):
        action, log_prob, Q_s_a = self.actor_critic(to_tensor(state))
        self.actor_batch.append(log_prob, Q_s_a.detach(), state, action)
        return action.item()

    def update_actor(self):
        log_probs = torch.stack(self.actor_batch.logprobs)
        q = torch.stack(self.actor_batch.q_values)
        return ((q - q.mean()) * log_probs).mean()


# %% wrong: test_update_actor actor_loss_sign: minus in front of a cross entropy which has one already
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        q = torch.stack(self.actor_batch.q_values)
        logits = self.actor_critic.actor_head(self.actor_critic.net(states))
        return -(F.cross_entropy(logits, actions, reduction="none") * q).mean()


# %% wrong: test_update_actor actor_loss_sign: baseline minus Q instead of Q minus baseline
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        dist = torch.distributions.Categorical(logits=self.actor_critic.actor_head(self.actor_critic.net(states)))
        with torch.no_grad():
            q = self.actor_critic.evaluate(states)
            v = (dist.probs * q).sum(-1)
            adv = v - q.gather(-1, actions[:, None]).squeeze(-1)
        return -(dist.log_prob(actions) * adv).mean()


# %% wrong: test_update_actor actor_loss_sign: normalised weights added up in a loop with plus
class ActorCriticAgent:
    def update_actor(self):
        q = torch.stack(self.actor_batch.q_values)
        w = (q - q.mean()) / (q.std(unbiased=False) + 1e-8)
        loss = torch.zeros(())
        for s, a, weight in zip(self.actor_batch.states, self.actor_batch.actions, w):
            log_pi = self.actor_critic.actor_head(self.actor_critic.net(s)).log_softmax(-1)
            loss = loss + weight * log_pi[a]
        return loss / len(w)


# %% wrong: test_update_actor actor_q_not_detached: fresh advantage with its graph
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions).unsqueeze(-1)
        features = self.actor_critic.net(states)
        log_pi = self.actor_critic.actor_head(features).log_softmax(-1)
        q = self.actor_critic.critic_head(features)
        v = (log_pi.exp().detach() * q).sum(-1)
        adv = q.gather(-1, actions).squeeze(-1) - v
        return -(adv * log_pi.gather(-1, actions).squeeze(-1)).mean()


# %% wrong: test_update_actor actor_q_not_detached: cross entropy times evaluate without detach
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        logits = self.actor_critic.actor_head(self.actor_critic.net(states))
        q = self.actor_critic.evaluate(states)[torch.arange(len(actions)), actions]
        return (F.cross_entropy(logits, actions, reduction="none") * q).mean()


# %% wrong: test_update_actor actor_q_not_detached: only the mean is detached, normalised version
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions).unsqueeze(1)
        log_prob = F.log_softmax(self.actor_critic.actor_head(self.actor_critic.net(states)), 1).gather(1, actions)
        q = self.actor_critic.evaluate(states).gather(1, actions)
        mean, std = q.mean().detach(), q.std(unbiased=False).detach()
        weights = (q - mean) / (std + 1e-8)
        return -(weights * log_prob).sum() / len(actions)


# %% wrong: test_update_actor actor_q_not_detached: body detached for the critic, its head is not
class ActorCriticAgent:
    def update_actor(self):
        loss = 0
        for s, a in zip(self.actor_batch.states, self.actor_batch.actions):
            h = self.actor_critic.net(s)
            log_pi = self.actor_critic.actor_head(h).log_softmax(-1)
            q = self.actor_critic.critic_head(h.detach())
            loss = loss - q[a] * log_pi[a]
        return loss / len(self.actor_batch.states)


# %% wrong: test_update_actor actor_no_log: probability times weight, Q minus V
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions).unsqueeze(-1)
        probs = self.actor_critic.actor_head(self.actor_critic.net(states)).softmax(-1)
        with torch.no_grad():
            q = self.actor_critic.evaluate(states)
            adv = q.gather(-1, actions).squeeze(-1) - (probs * q).sum(-1)
        return -(adv * probs.gather(-1, actions).squeeze(-1)).mean()


# %% wrong: test_update_actor actor_no_log: stored log-probs turned into probabilities by exp
class ActorCriticAgent:
    def act(self, state):
        action, log_prob, Q_s_a = self.actor_critic(to_tensor(state))
        self.actor_batch.append(log_prob, Q_s_a.detach(), state, action)
        return action.item()

    def update_actor(self):
        q = torch.stack(self.actor_batch.q_values)
        prob = torch.stack(self.actor_batch.logprobs).exp()
        return -torch.dot(q, prob) / len(q)


# %% wrong: test_update_actor actor_no_log: nll_loss fed with probabilities
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        w = torch.stack(self.actor_batch.q_values)
        w = (w - w.mean()) / (w.std(unbiased=False) + 1e-8)
        probs = F.softmax(self.actor_critic.actor_head(self.actor_critic.net(states)), dim=-1)
        return (F.nll_loss(probs, actions, reduction="none") * w).mean()


# %% wrong: test_update_actor actor_ignores_q: mean log-prob without any weight
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions).unsqueeze(-1)
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1)
        return -log_pi.gather(-1, actions).mean()


# %% wrong: test_update_actor actor_ignores_q: imitation of the actions taken by cross entropy
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        logits = self.actor_critic.actor_head(self.actor_critic.net(states))
        return F.cross_entropy(logits, actions)


# %% wrong: test_update_actor actor_ignores_q: weights computed, but another name is multiplied
class ActorCriticAgent:
    def act(self, state):
        action, log_prob, Q_s_a = self.actor_critic(to_tensor(state))
        self.actor_batch.append(log_prob, Q_s_a.detach(), state, action)
        return action.item()

    def update_actor(self):
        q_values = torch.stack(self.actor_batch.q_values)
        advantages = q_values - q_values.mean()
        weights = torch.ones_like(advantages)
        log_probs = torch.stack(self.actor_batch.logprobs)
        return -(weights * log_probs).mean()


# %% wrong: test_update_actor actor_only_last_step: index minus one of both lists
class ActorCriticAgent:
    def act(self, state):
        action, log_prob, Q_s_a = self.actor_critic(to_tensor(state))
        self.actor_batch.append(log_prob, Q_s_a.detach(), state, action)
        return action.item()

    def update_actor(self):
        return -self.actor_batch.logprobs[-1] * self.actor_batch.q_values[-1]


# %% wrong: test_update_actor actor_only_last_step: assignment in the loop where a sum is due
class ActorCriticAgent:
    def update_actor(self):
        q = torch.stack(self.actor_batch.q_values)
        baseline = q.mean()
        for state, action, weight in zip(self.actor_batch.states, self.actor_batch.actions, q - baseline):
            log_pi = self.actor_critic.actor_head(self.actor_critic.net(state)).log_softmax(-1)
            loss = -weight * log_pi[action]
        return loss / len(q)


# %% wrong: test_update_actor actor_only_last_step: return stands inside the loop, read from the end
class ActorCriticAgent:
    def update_actor(self):
        total = 0
        for state, action in zip(reversed(self.actor_batch.states), reversed(self.actor_batch.actions)):
            dist = torch.distributions.Categorical(logits=self.actor_critic.actor_head(self.actor_critic.net(state)))
            with torch.no_grad():
                q = self.actor_critic.evaluate(state)
                adv = q[action] - (dist.probs * q).sum()
            total = total - dist.log_prob(action) * adv
            return total


# %% wrong: test_update_actor log_prob_detached: log-probs recomputed under no_grad and marked as leaves
class ActorCriticAgent:
    def update_actor(self):
        with torch.no_grad():
            states = torch.stack(self.actor_batch.states)
            actions = torch.stack(self.actor_batch.actions).unsqueeze(-1)
            features = self.actor_critic.net(states)
            log_prob = self.actor_critic.actor_head(features).log_softmax(-1).gather(-1, actions).squeeze(-1)
            q = self.actor_critic.critic_head(features).gather(-1, actions).squeeze(-1)
        log_prob.requires_grad_(True)
        return -(log_prob * (q - q.mean())).mean()


# %% wrong: test_update_actor log_prob_detached: list of numbers turned into a new tensor
class ActorCriticAgent:
    def act(self, state):
        action, log_prob, Q_s_a = self.actor_critic(to_tensor(state))
        self.actor_batch.append(log_prob, Q_s_a.detach(), state, action)
        return action.item()

    def update_actor(self):
        log_probs = torch.tensor([lp.item() for lp in self.actor_batch.logprobs], requires_grad=True)
        q = torch.tensor([q.item() for q in self.actor_batch.q_values])
        return -(log_probs * q).sum()


# %% wrong: test_update_actor log_prob_detached: detach put on the whole loss
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        q = torch.stack(self.actor_batch.q_values)
        w = (q - q.mean()) / (q.std(unbiased=False) + 1e-8)
        logits = self.actor_critic.actor_head(self.actor_critic.net(states))
        loss = F.cross_entropy(logits, actions, reduction="none") * w
        return loss.detach().mean().requires_grad_()


# %% wrong: test_update_actor log_prob_detached: detach on log-probs and not on Q alone
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions).unsqueeze(-1)
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1)
        q = self.actor_critic.evaluate(states).detach()
        return -(q.gather(-1, actions) * log_pi.gather(-1, actions).detach()).mean()


# %% wrong: test_update_actor baseline_with_gradient: V keeps the graph of the policy
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions).unsqueeze(-1)
        features = self.actor_critic.net(states)
        log_pi = self.actor_critic.actor_head(features).log_softmax(-1)
        q = self.actor_critic.critic_head(features).detach()
        v = (log_pi.exp() * q).sum(-1)
        adv = q.gather(-1, actions).squeeze(-1) - v
        return -(adv * log_pi.gather(-1, actions).squeeze(-1)).mean()


# %% wrong: test_update_actor loss_broadcast: column of weights times a flat vector
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions).unsqueeze(-1)
        log_prob = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1).gather(-1, actions).squeeze(-1)
        with torch.no_grad():
            q = self.actor_critic.evaluate(states).gather(-1, actions)
        return -(q * log_prob).mean()


# %% wrong: test_update_actor softmax_wrong_axis: log_softmax over the steps
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        q = torch.stack(self.actor_batch.q_values)
        log_pi = F.log_softmax(self.actor_critic.actor_head(self.actor_critic.net(states)), dim=0)
        return -(log_pi[torch.arange(len(actions)), actions] * (q - q.mean())).mean()


# %% wrong: test_update_actor logits_as_log_probs: raw logits of the actions taken
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions).unsqueeze(-1)
        q = torch.stack(self.actor_batch.q_values)
        logits = self.actor_critic.actor_head(self.actor_critic.net(states))
        return -(q * logits.gather(-1, actions).squeeze(-1)).mean()


# %% wrong: test_update_actor log_prob_of_other_action: forward draws new actions, stored Q is kept
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        q = torch.stack(self.actor_batch.q_values)
        _, log_prob, _ = self.actor_critic(states)
        return -(log_prob * (q - q.mean())).mean()


# %% wrong: test_update_actor log_prob_of_other_action: log-prob of the most probable action
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        q = torch.stack(self.actor_batch.q_values)
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1)
        return -(log_pi.max(dim=-1).values * q).mean()


# %% wrong: test_update_actor q_of_wrong_action: weight is the best Q, not Q of the action taken
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        logits = self.actor_critic.actor_head(self.actor_critic.net(states))
        with torch.no_grad():
            w = self.actor_critic.evaluate(states).max(dim=1).values
        return (F.cross_entropy(logits, actions, reduction="none") * w).mean()


# %% wrong: test_update_actor q_of_wrong_action: V of the state in place of Q of the action
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        dist = torch.distributions.Categorical(logits=self.actor_critic.actor_head(self.actor_critic.net(states)))
        v = (dist.probs * self.actor_critic.evaluate(states)).sum(-1).detach()
        return -(dist.log_prob(actions) * v).mean()


# %% wrong: test_update_actor weights_clipped: negative advantages cut to zero
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions).unsqueeze(-1)
        q = torch.stack(self.actor_batch.q_values)
        w = F.relu(q - q.mean())
        log_prob = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1).gather(-1, actions)
        return -(w * log_prob.squeeze(-1)).mean()


# %% wrong: test_update_actor weights_absolute: absolute value of the advantage
class ActorCriticAgent:
    def act(self, state):
        action, log_prob, Q_s_a = self.actor_critic(to_tensor(state))
        self.actor_batch.append(log_prob, Q_s_a.detach(), state, action)
        return action.item()

    def update_actor(self):
        q = torch.stack(self.actor_batch.q_values)
        return -((q - q.mean()).abs() * torch.stack(self.actor_batch.logprobs)).mean()


# %% wrong: test_update_actor weights_squared: advantage squared as in the loss of the critic
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions).unsqueeze(-1)
        features = self.actor_critic.net(states)
        log_pi = self.actor_critic.actor_head(features).log_softmax(-1)
        with torch.no_grad():
            q = self.actor_critic.critic_head(features)
            adv = q.gather(-1, actions) - (log_pi.exp() * q).sum(-1, keepdim=True)
        return -(adv ** 2 * log_pi.gather(-1, actions)).mean()


# %% wrong: test_update_actor -: exponent of the advantage as the weight
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        q = torch.stack(self.actor_batch.q_values)
        w = torch.exp(q - q.mean())
        logits = self.actor_critic.actor_head(self.actor_critic.net(states))
        return (F.cross_entropy(logits, actions, reduction="none") * w).mean()


# %% wrong: test_update_actor -: weights passed through a softmax over the rollout
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        w = torch.softmax(torch.stack(self.actor_batch.q_values), dim=0)
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1)
        return -(w * log_pi[torch.arange(len(w)), actions]).sum()


# %% wrong: test_update_actor entropy_sign: entropy added to the loss, not subtracted
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        dist = torch.distributions.Categorical(logits=self.actor_critic.actor_head(self.actor_critic.net(states)))
        q = torch.stack(self.actor_batch.q_values)
        loss = -(dist.log_prob(actions) * (q - q.mean())).mean()
        return loss + 0.5 * dist.entropy().mean()


# %% wrong: test_update_actor loss_not_reduced: one number for every step comes back
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        q = torch.stack(self.actor_batch.q_values)
        logits = self.actor_critic.actor_head(self.actor_critic.net(states))
        return F.cross_entropy(logits, actions, reduction="none") * (q - q.mean())


# %% wrong: test_update_actor actor_loss_not_tensor: the loss is returned through item
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions).unsqueeze(-1)
        q = torch.stack(self.actor_batch.q_values)
        log_prob = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1).gather(-1, actions).squeeze(-1)
        loss = -(q * log_prob).mean()
        return loss.item()


# %% wrong: test_update_actor actor_returns_none: the loss is kept on the agent and not returned
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions).unsqueeze(-1)
        q = torch.stack(self.actor_batch.q_values)
        log_prob = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1).gather(-1, actions).squeeze(-1)
        self.actor_loss = -((q - q.mean()) * log_prob).mean()


# %% wrong: test_update_actor weights_zero: mean taken over an axis of length one
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions).unsqueeze(-1)
        q = self.actor_critic.evaluate(states).gather(-1, actions).detach()
        weights = q - q.mean(dim=-1, keepdim=True)
        log_prob = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1).gather(-1, actions)
        return -(weights * log_prob).mean()


# %% wrong: test_update_actor weights_misaligned: stored Q shifted by one step against the log-probs
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        q = torch.stack(self.actor_batch.q_values)
        weights = torch.roll(q, shifts=-1, dims=0)
        logits = self.actor_critic.actor_head(self.actor_critic.net(states))
        return (F.cross_entropy(logits, actions, reduction="none") * weights).mean()


# %% wrong: test_update_actor -: first step of the rollout left out by a loop from one
class ActorCriticAgent:
    def update_actor(self):
        loss, n = 0.0, len(self.actor_batch.states)
        q = torch.stack(self.actor_batch.q_values)
        for i in range(1, n):
            log_pi = self.actor_critic.actor_head(self.actor_critic.net(self.actor_batch.states[i])).log_softmax(-1)
            loss = loss - (q[i] - q.mean()) * log_pi[self.actor_batch.actions[i]]
        return loss / n


# %% wrong: test_update_actor -: mean Q times mean log-prob
class ActorCriticAgent:
    def act(self, state):
        action, log_prob, Q_s_a = self.actor_critic(to_tensor(state))
        self.actor_batch.append(log_prob, Q_s_a.detach(), state, action)
        return action.item()

    def update_actor(self):
        mean_q = torch.stack(self.actor_batch.q_values).mean()
        mean_log_prob = torch.stack(self.actor_batch.logprobs).mean()
        return -mean_q * mean_log_prob


# %% wrong: test_update_actor actor_loss_sign + test_update_actor actor_only_last_step: last step alone and without the minus
class ActorCriticAgent:
    def act(self, state):
        action, log_prob, Q_s_a = self.actor_critic(to_tensor(state))
        self.actor_batch.append(log_prob, Q_s_a.detach(), state, action)
        return action.item()

    def update_actor(self):
        q = torch.stack(self.actor_batch.q_values)
        for i, log_prob in enumerate(self.actor_batch.logprobs):
            loss = log_prob * (q[i] - q.mean())
        return loss


# %% wrong: test_update_actor actor_no_log + test_update_actor actor_q_not_detached: expected Q maximised through both factors
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions).unsqueeze(-1)
        features = self.actor_critic.net(states)
        probs = self.actor_critic.actor_head(features).softmax(-1)
        q = self.actor_critic.critic_head(features)
        return -(probs.gather(-1, actions) * q.gather(-1, actions)).mean()


# %% wrong: test_update_actor actor_q_not_detached + test_td_loss target_not_detached: detach forgotten in both losses
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        x = to_tensor(next_states)
        probs = self.actor_critic.actor_head(self.actor_critic.net(x)).softmax(-1)
        V = (probs * self.actor_critic.evaluate(x)).sum(-1)
        target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions).unsqueeze(-1)
        q = self.actor_critic.evaluate(states).gather(-1, actions).squeeze(-1)
        log_prob = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1).gather(-1, actions).squeeze(-1)
        return -((q - q.mean()) * log_prob).mean()


# %% wrong: test_update_actor not_implemented: stub left untouched
class ActorCriticAgent:
    def update_actor(self):
        ####### Здесь ваш код ########
        raise NotImplementedError
        ##############################


# %% wrong: test_update_actor not_implemented: lists joined, then the stub line
class ActorCriticAgent:
    def update_actor(self):
        ####### Здесь ваш код ########
        states = torch.stack(self.actor_batch.states)
        q = torch.stack(self.actor_batch.q_values)
        raise NotImplementedError
        ##############################


# %% wrong: test_update_actor raises: name of the attribute misspelled
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions).unsqueeze(-1)
        q = torch.stack(self.actor_batch.qvalues)
        log_prob = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1).gather(-1, actions).squeeze(-1)
        return -(q * log_prob).mean()


# %% wrong: test_update_actor raises: gather with a flat index
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        q = torch.stack(self.actor_batch.q_values)
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1)
        return -(q * log_pi.gather(-1, actions)).mean()


# %% wrong: test_update_actor timeout: index grows only under a condition which is never met
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        q = torch.stack(self.actor_batch.q_values)
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1)
        loss, i = 0.0, 0
        while i < len(actions):
            loss = -(q[i] * log_pi[i, actions[i]]).mean()
            i = i if loss is not None else i + 1
        return loss


# %% wrong: test_update_actor log_prob_detached: act cuts the log-probs which update_actor stacks
class ActorCriticAgent:
    def act(self, state):
        action, log_prob, q = self.actor_critic(to_tensor(state))
        self.actor_batch.append(log_prob.detach(), q.detach(), to_tensor(state), action)
        return action.item()

    def update_actor(self):
        weights = torch.stack(self.actor_batch.q_values)
        return -(weights * torch.stack(self.actor_batch.logprobs)).mean()


# %% right: gradient of the logits by hand, one-hot minus probabilities
class ActorCriticAgent:
    def update_actor(self):
        b, m = self.actor_batch, self.actor_critic
        logits = m.actor_head(m.net(torch.stack(b.states)))
        w = torch.stack(b.q_values)
        with torch.no_grad():
            direction = F.one_hot(torch.stack(b.actions), logits.shape[-1]) - logits.softmax(-1)
            direction *= (w - w.mean())[:, None]
        return -(direction * logits).sum(-1).mean()


# %% right: gradients of all parameters first, then a surrogate that has them
class ActorCriticAgent:
    def update_actor(self):
        b, m = self.actor_batch, self.actor_critic
        log_pi = m.actor_head(m.net(torch.stack(b.states))).log_softmax(-1)
        chosen = log_pi.gather(1, torch.stack(b.actions)[:, None])[:, 0]
        params = list(m.parameters())
        grads = torch.autograd.grad(-(chosen @ torch.stack(b.q_values)), params, allow_unused=True)
        return sum((p * g).sum() for p, g in zip(params, grads) if g is not None) / len(chosen)


# %% right: cross entropy with soft targets that carry the weights
class ActorCriticAgent:
    def update_actor(self):
        batch, model = self.actor_batch, self.actor_critic
        logits = model.actor_head(model.net(torch.stack(batch.states)))
        w = torch.stack(batch.q_values)
        targets = F.one_hot(torch.stack(batch.actions), logits.shape[1]) * (w - w.median())[:, None]
        return F.cross_entropy(logits, targets)


# %% right: KL divergence from one-hot rows, reduced by the weights
class ActorCriticAgent:
    def update_actor(self):
        b = self.actor_batch
        log_pi = F.log_softmax(self.actor_critic.actor_head(self.actor_critic.net(torch.stack(b.states))), dim=1)
        one_hot = F.one_hot(torch.stack(b.actions), log_pi.shape[1]).to(log_pi.dtype)
        q = torch.stack(b.q_values)
        w = (q - q.min()) / (q.max() - q.min() + 1e-6)
        return (F.kl_div(log_pi, one_hot, reduction="none").sum(1) * w).sum()


# %% right: logsumexp minus the logit of the action, weights over their largest absolute value
class ActorCriticAgent:
    def update_actor(self):
        b = self.actor_batch
        logits = self.actor_critic.actor_head(self.actor_critic.net(torch.stack(b.states)))
        surprise = logits.logsumexp(-1) - torch.take_along_dim(logits, torch.stack(b.actions)[:, None], -1).squeeze(-1)
        w = np.array([float(q) for q in b.q_values])
        w /= np.abs(w).max() + 1e-8
        return torch.as_tensor(w, dtype=torch.float32) @ surprise


# %% right: centred weights of unit length
class ActorCriticAgent:
    def update_actor(self):
        b = self.actor_batch
        dist = torch.distributions.Categorical(
            logits=self.actor_critic.actor_head(self.actor_critic.net(torch.stack(b.states)))
        )
        w = torch.stack(b.q_values)
        w = F.normalize(w - w.mean(), dim=0)
        return torch.linalg.vecdot(w, -dist.log_prob(torch.stack(b.actions)))


# %% right: constant baseline
class ActorCriticAgent:
    BASELINE = 0.25

    def update_actor(self):
        terms = []
        for s, a, q in zip(self.actor_batch.states, self.actor_batch.actions, self.actor_batch.q_values):
            log_pi = torch.log_softmax(self.actor_critic.actor_head(self.actor_critic.net(s)), dim=0)
            terms.append(log_pi[a] * (self.BASELINE - q))
        return torch.stack(terms).mean()


# %% right: exponential average of Q as the baseline, kept on the agent
class ActorCriticAgent:
    average = None

    def update_actor(self):
        q = torch.stack(self.actor_batch.q_values)
        mean = q.mean().item()
        self.average = mean if self.average is None else 0.9 * self.average + 0.1 * mean
        h = self.actor_critic.net(torch.stack(self.actor_batch.states))
        log_pi = self.actor_critic.actor_head(h).log_softmax(-1)
        picked = log_pi[torch.arange(len(q)), torch.stack(self.actor_batch.actions)]
        return -((q - self.average) * picked).sum()


# %% right: worst value of the state as the baseline, spread of all values as the unit
class ActorCriticAgent:
    def update_actor(self):
        x, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        h = self.actor_critic.net(x)
        with torch.no_grad():
            q = self.actor_critic.critic_head(h)
            w = q[range(len(a)), a] - q.amin(-1)
            w = w / (q.std() + 1e-3)
        return F.nll_loss(self.actor_critic.actor_head(h).log_softmax(-1) * w[:, None], a)


# %% right: entropy bonus of five percent, deviation guarded for one step
class ActorCriticAgent:
    def update_actor(self):
        pi = torch.distributions.Categorical(
            logits=self.actor_critic.actor_head(self.actor_critic.net(torch.stack(self.actor_batch.states)))
        )
        w = torch.stack(self.actor_batch.q_values)
        if len(w) > 1 and w.std() > 1e-6:
            w = (w - w.mean()) / w.std()
        return -(pi.log_prob(torch.stack(self.actor_batch.actions)) * w + 0.05 * pi.entropy()).mean()


# %% right: rollout in random order and in parts
class ActorCriticAgent:
    def update_actor(self):
        b, m = self.actor_batch, self.actor_critic
        steps = list(zip(b.states, b.actions, b.q_values))
        random.shuffle(steps)
        loss = 0
        for start in range(0, len(steps), 5):
            s, a, q = map(torch.stack, zip(*steps[start : start + 5]))
            loss = loss - (torch.log_softmax(m.actor_head(m.net(s)), -1)[torch.arange(len(a)), a] * q).sum()
        return loss / len(steps)


# %% right: the rollout is emptied while the loss is summed
class ActorCriticAgent:
    def act(self, state):
        x = to_tensor(state)
        action, log_prob, q = self.actor_critic(x)
        self.actor_batch.append(log_prob, q.item(), x, action)
        return action.item()

    def update_actor(self):
        n, loss = len(self.actor_batch), 0
        while self.actor_batch.logprobs:
            loss -= self.actor_batch.logprobs.pop() * self.actor_batch.q_values.pop()
        self.actor_batch.clear()
        return loss / n


# %% right: log-probabilities with their graph, advantage over the fresh V
class ActorCriticAgent:
    def act(self, state):
        action, log_prob, q = self.actor_critic((x := to_tensor(state)))
        self.actor_batch.append(log_prob, q.detach(), x, action)
        return action.item()

    @torch.no_grad()
    def advantage(self):
        h = self.actor_critic.net(torch.stack(self.actor_batch.states))
        pi, q = self.actor_critic.actor_head(h).softmax(-1), self.actor_critic.critic_head(h)
        return torch.stack(self.actor_batch.q_values) - (pi * q).sum(-1)

    def update_actor(self):
        return -torch.dot(self.advantage(), torch.stack(self.actor_batch.logprobs))


# %% right: weight recomputed by a frozen deep copy
import copy


class ActorCriticAgent:
    def update_actor(self):
        frozen = copy.deepcopy(self.actor_critic).requires_grad_(False)
        x, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)[..., None]
        q = frozen.evaluate(x).gather(-1, a)
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(x)).log_softmax(-1).gather(-1, a)
        return (-log_pi * (q - q.mean())).mean()


# %% right: critic head switched off while the loss is built
class ActorCriticAgent:
    def update_actor(self):
        m = self.actor_critic
        m.critic_head.requires_grad_(False)
        h = m.net(torch.stack(self.actor_batch.states))
        q = m.critic_head(h.detach())
        m.critic_head.requires_grad_(True)
        a = torch.stack(self.actor_batch.actions)
        rows = torch.arange(len(a))
        return -(q[rows, a] * m.actor_head(h).log_softmax(-1)[rows, a]).mean()


# %% right: own autograd function gives the loss and its gradient
class PolicyGradient(torch.autograd.Function):
    @staticmethod
    def forward(ctx, logits, actions, weights):
        log_pi = logits.log_softmax(-1)
        one_hot = F.one_hot(actions, logits.shape[-1])
        ctx.save_for_backward((log_pi.exp() - one_hot) * weights[:, None] / len(actions))
        return -(log_pi * one_hot).sum(-1).mul(weights).mean()

    @staticmethod
    def backward(ctx, grad):
        (direction,) = ctx.saved_tensors
        return grad * direction, None, None


class ActorCriticAgent:
    def update_actor(self):
        b = self.actor_batch
        logits = self.actor_critic.actor_head(self.actor_critic.net(torch.stack(b.states)))
        q = torch.stack(b.q_values)
        return PolicyGradient.apply(logits, torch.stack(b.actions), q - q.mean())


# %% right: vmap over the steps of the rollout
class ActorCriticAgent:
    def update_actor(self):
        m, b = self.actor_critic, self.actor_batch

        def one_step(state, action, weight):
            log_pi = torch.log_softmax(m.actor_head(m.net(state)), dim=0)
            return -weight * log_pi.gather(0, action[None])[0]

        steps = map(torch.stack, (b.states, b.actions, b.q_values))
        return torch.func.vmap(one_step)(*steps).mean()


# %% right: torch.func.grad as in JAX, then a surrogate with this gradient
from torch.func import functional_call, grad


class ActorCriticAgent:
    def update_actor(self):
        m, b = self.actor_critic, self.actor_batch
        states, actions, q = map(torch.stack, (b.states, b.actions, b.q_values))

        def loss(body, head):
            log_pi = functional_call(m.actor_head, head, (functional_call(m.net, body, (states,)),)).log_softmax(-1)
            return -(log_pi.gather(1, actions[:, None])[:, 0] * q).mean()

        params = [dict(part.named_parameters()) for part in (m.net, m.actor_head)]
        grads = grad(loss, argnums=(0, 1))(*[{k: p.detach() for k, p in part.items()} for part in params])
        return sum((p[k] * g[k]).sum() for p, g in zip(params, grads) for k in g)


# %% right: F.linear with the weights of the head, step by step
class ActorCriticAgent:
    def update_actor(self):
        m, loss = self.actor_critic, 0
        for state, action, q in zip(self.actor_batch.states, self.actor_batch.actions, self.actor_batch.q_values):
            logits = F.linear(m.net(state), m.actor_head.weight, m.actor_head.bias)
            loss = loss - q * (logits[action] - logits.logsumexp(0))
        return loss / len(self.actor_batch.states)


# %% right: entropy bonus of ten percent beside normalised weights
class ActorCriticAgent:
    def update_actor(self):
        h = self.actor_critic.net(torch.stack(self.actor_batch.states))
        log_pi = self.actor_critic.actor_head(h).log_softmax(-1)
        entropy = -(log_pi.exp() * log_pi).sum(-1)
        q = torch.stack(self.actor_batch.q_values)
        w = (q - q.mean()) / (q.std() + 1e-8)
        chosen = log_pi[range(len(q)), torch.stack(self.actor_batch.actions)]
        return -(w * chosen + 0.1 * entropy).mean()


# %% wrong: test_update_actor body_detached: body gets no gradient from the actor
class ActorCriticAgent:
    def update_actor(self):
        h = self.actor_critic.net(torch.stack(self.actor_batch.states)).detach()
        log_pi = self.actor_critic.actor_head(h).log_softmax(-1)
        q = torch.stack(self.actor_batch.q_values)
        return -((q - q.mean()) * log_pi.gather(1, torch.stack(self.actor_batch.actions)[:, None])[:, 0]).mean()


# %% wrong: test_update_actor weights_only_sign: only the sign of the advantage counts
class ActorCriticAgent:
    def update_actor(self):
        h = self.actor_critic.net(torch.stack(self.actor_batch.states))
        log_pi = self.actor_critic.actor_head(h).log_softmax(-1)
        q = torch.stack(self.actor_batch.q_values)
        w = torch.sign(q - q.mean())
        return -(w * log_pi.gather(1, torch.stack(self.actor_batch.actions)[:, None])[:, 0]).mean()


# %% wrong: test_update_actor -: fresh value of the action is subtracted from the stored one
class ActorCriticAgent:
    def update_actor(self):
        h = self.actor_critic.net(torch.stack(self.actor_batch.states))
        log_pi = self.actor_critic.actor_head(h).log_softmax(-1)
        a = torch.stack(self.actor_batch.actions)[:, None]
        baseline = self.actor_critic.critic_head(h).detach().gather(1, a)[:, 0]
        w = torch.stack(self.actor_batch.q_values) - baseline
        return -(w * log_pi.gather(1, a)[:, 0]).mean()


# %% wrong: test_update_actor -: only the first step of the rollout
class ActorCriticAgent:
    def update_actor(self):
        h = self.actor_critic.net(self.actor_batch.states[0])
        log_pi = self.actor_critic.actor_head(h).log_softmax(-1)
        return -self.actor_batch.q_values[0] * log_pi[self.actor_batch.actions[0]]


# %% wrong: test_update_actor -: last step of the rollout is left out
class ActorCriticAgent:
    def update_actor(self):
        h = self.actor_critic.net(torch.stack(self.actor_batch.states))
        log_pi = self.actor_critic.actor_head(h).log_softmax(-1)
        chosen = log_pi.gather(1, torch.stack(self.actor_batch.actions)[:, None])[:, 0]
        w = torch.stack(self.actor_batch.q_values)
        return -(w[:-1] * chosen[:-1]).sum() / len(w)


# %% wrong: test_update_actor -: probabilities out of the critic's head
class ActorCriticAgent:
    def update_actor(self):
        values = self.actor_critic.evaluate(torch.stack(self.actor_batch.states))
        log_pi = values.log_softmax(-1)
        w = torch.stack(self.actor_batch.q_values)
        return -(w * log_pi.gather(1, torch.stack(self.actor_batch.actions)[:, None])[:, 0]).mean()


# %% wrong: test_update_actor log_prob_of_other_action: the action that was not taken
class ActorCriticAgent:
    def update_actor(self):
        h = self.actor_critic.net(torch.stack(self.actor_batch.states))
        log_pi = self.actor_critic.actor_head(h).log_softmax(-1)
        a = (torch.stack(self.actor_batch.actions) + 1) % log_pi.shape[1]
        q = torch.stack(self.actor_batch.q_values)
        return -((q - q.mean()) * log_pi.gather(1, a[:, None])[:, 0]).mean()


# %% wrong: test_update_actor actor_q_not_detached: critic is trained on the side
class ActorCriticAgent:
    def update_actor(self):
        x, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)[:, None]
        h = self.actor_critic.net(x)
        log_pi = self.actor_critic.actor_head(h).log_softmax(-1).gather(1, a)[:, 0]
        q = self.actor_critic.critic_head(h).gather(1, a)[:, 0]
        return -(q.detach() * log_pi).mean() + 0.5 * q.pow(2).mean()


# %% wrong: test_update_actor -: states in reverse order, actions are not
class ActorCriticAgent:
    def update_actor(self):
        h = self.actor_critic.net(torch.stack(self.actor_batch.states[::-1]))
        log_pi = self.actor_critic.actor_head(h).log_softmax(-1)
        q = torch.stack(self.actor_batch.q_values)
        return -((q - q.mean()) * log_pi.gather(1, torch.stack(self.actor_batch.actions)[:, None])[:, 0]).mean()


# %% wrong: test_update_actor actor_no_log: one plus the probability inside the logarithm
class ActorCriticAgent:
    def update_actor(self):
        h = self.actor_critic.net(torch.stack(self.actor_batch.states))
        pi = self.actor_critic.actor_head(h).softmax(-1)
        q = torch.stack(self.actor_batch.q_values)
        w = q - q.mean()
        return -(w * torch.log1p(pi.gather(1, torch.stack(self.actor_batch.actions)[:, None])[:, 0])).mean()


# %% wrong: test_update_actor actor_ignores_q: entropy bonus and nothing else
class ActorCriticAgent:
    def update_actor(self):
        h = self.actor_critic.net(torch.stack(self.actor_batch.states))
        pi = torch.distributions.Categorical(logits=self.actor_critic.actor_head(h))
        return -0.01 * pi.entropy().mean()


# %% wrong: test_update_actor -: squashed values as weights, each for itself
class ActorCriticAgent:
    def update_actor(self):
        h = self.actor_critic.net(torch.stack(self.actor_batch.states))
        log_pi = self.actor_critic.actor_head(h).log_softmax(-1)
        q = torch.stack(self.actor_batch.q_values)
        w = torch.sigmoid(q)
        return -(w * log_pi.gather(1, torch.stack(self.actor_batch.actions)[:, None])[:, 0]).mean()


# %% wrong: test_update_actor -: rank of the value instead of the value
class ActorCriticAgent:
    def update_actor(self):
        h = self.actor_critic.net(torch.stack(self.actor_batch.states))
        log_pi = self.actor_critic.actor_head(h).log_softmax(-1)
        q = torch.stack(self.actor_batch.q_values)
        rank = q.argsort().argsort().float()
        w = rank / len(rank) - 0.5
        return -(w * log_pi.gather(1, torch.stack(self.actor_batch.actions)[:, None])[:, 0]).mean()


# %% right: expectation over all actions in place of the one that was taken
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack([torch.as_tensor(state) for state in self.actor_batch.states]).float()
        q = self.actor_critic.evaluate(states).detach()
        pi = torch.softmax(self.actor_critic.actor_head(self.actor_critic.net(states)), dim=-1)
        return -(pi * q).sum(-1).mean()


# %% right: expectation over all actions of the advantage
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack([torch.as_tensor(state) for state in self.actor_batch.states]).float()
        logits = self.actor_critic.actor_head(self.actor_critic.net(states))
        probs = torch.distributions.Categorical(logits=logits).probs
        with torch.no_grad():
            q = self.actor_critic.evaluate(states)
            advantage = q - (probs * q).sum(-1, keepdim=True)
        return -torch.einsum("ba,ba->b", probs, advantage).mean()


# %% wrong: test_update_actor actor_loss_sign: expectation over all actions, minus forgotten
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack([torch.as_tensor(state) for state in self.actor_batch.states]).float()
        q = self.actor_critic.evaluate(states).detach()
        pi = torch.softmax(self.actor_critic.actor_head(self.actor_critic.net(states)), dim=-1)
        return (pi * q).sum(-1).mean()


# %% wrong: test_update_actor actor_q_not_detached: expectation over all actions, gradient into the critic
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack([torch.as_tensor(state) for state in self.actor_batch.states]).float()
        q = self.actor_critic.evaluate(states)
        pi = torch.softmax(self.actor_critic.actor_head(self.actor_critic.net(states)), dim=-1)
        return -(pi * q).sum(-1).mean()


# %% right: gradient summed over all actions of the visited states
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        pi = self.actor_critic.actor_head(self.actor_critic.net(states)).softmax(-1)
        q = self.actor_critic.evaluate(states).detach()
        return -(pi * q).sum(-1).mean()


# %% right: surprise of the action is added to its weight, an entropy bonus by samples
class ActorCriticAgent:
    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1)
        log_pi_a = log_pi.gather(1, actions.unsqueeze(1)).squeeze(1)
        q = torch.stack(self.actor_batch.q_values)
        weight = q - q.mean() - 0.01 * log_pi_a.detach()
        return -(weight * log_pi_a).mean()


# %% right: PPO style epochs folded into one, ratio of new to old and its clipped twin
class ActorCriticAgent:
    def update_actor(self, clip=0.2):
        obs = torch.stack([torch.as_tensor(s, dtype=torch.float32) for s in self.actor_batch.states])
        acts = torch.stack([torch.as_tensor(a) for a in self.actor_batch.actions]).long()
        old = torch.stack([torch.as_tensor(lp) for lp in self.actor_batch.logprobs]).detach()
        dist = torch.distributions.Categorical(logits=self.actor_critic.actor_head(self.actor_critic.net(obs)))
        ratio = torch.exp(dist.log_prob(acts) - old)
        with torch.no_grad():
            q = self.actor_critic.evaluate(obs)
            adv = q[torch.arange(len(acts)), acts] - (dist.probs * q).sum(-1)
            adv = (adv - adv.mean()) / (adv.std() + 1e-8)
        surr = torch.min(ratio * adv, torch.clamp(ratio, 1 - clip, 1 + clip) * adv)
        return -surr.mean() - 0.01 * dist.entropy().mean()


# %% right: critic head's output is cut off by a hook while the weight is computed
class ActorCriticAgent:
    def update_actor(self):
        handle = self.actor_critic.critic_head.register_forward_hook(lambda module, args, output: output.detach())
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        q = self.actor_critic.evaluate(states)
        handle.remove()
        log_pi = F.log_softmax(self.actor_critic.actor_head(self.actor_critic.net(states)), dim=-1)
        picked = torch.stack([q, log_pi]).gather(-1, actions.expand(2, -1).unsqueeze(-1)).squeeze(-1)
        return -torch.dot(picked[0], picked[1]) / len(actions)


# %% right: weights in units of their root mean square, symmetric loss of both signs
class ActorCriticAgent:
    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        with torch.no_grad():
            q = self.actor_critic.evaluate(states)
            w = q.gather(1, actions[:, None])[:, 0] - q.median(dim=1).values
            w = w / (w.square().mean().sqrt() + 1e-5)
        log_pi = F.log_softmax(self.actor_critic.actor_head(self.actor_critic.net(states)), dim=1)
        chosen = log_pi.gather(1, actions[:, None])[:, 0]
        good, bad = F.relu(w), F.relu(-w)
        return (bad * chosen).mean() - (good * chosen).mean()


# %% wrong: test_update_actor actor_loss_sign: sum of both signs exchanged
class ActorCriticAgent:
    def update_actor(self):
        q = torch.stack(self.actor_batch.q_values)
        w = q - q.mean()
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        dist = torch.distributions.Categorical(logits=self.actor_critic.actor_head(self.actor_critic.net(states)))
        lp = dist.log_prob(actions)
        return (F.relu(w) * lp).mean() - (F.relu(-w) * lp).mean()


# %% wrong: test_update_actor actor_q_not_detached: PPO ratio times the fresh advantage with its graph
class ActorCriticAgent:
    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        dist = torch.distributions.Categorical(logits=self.actor_critic.actor_head(self.actor_critic.net(states)))
        lp = dist.log_prob(actions)
        ratio = (lp - lp.detach()).exp()
        q = self.actor_critic.evaluate(states)
        adv = q.gather(1, actions[:, None])[:, 0] - (dist.probs.detach() * q).sum(-1)
        return -(ratio * adv).mean()


# %% wrong: test_update_actor actor_q_not_detached: no_grad stands around the policy, detach around nothing
class ActorCriticAgent:
    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1)
        q = self.actor_critic.evaluate(states).gather(1, actions[:, None])[:, 0]
        q.detach()
        return -(q * log_pi.gather(1, actions[:, None])[:, 0]).mean()


# %% wrong: test_update_actor actor_no_log: ratio to one, the policy's own probability is its weight
class ActorCriticAgent:
    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        dist = torch.distributions.Categorical(logits=self.actor_critic.actor_head(self.actor_critic.net(states)))
        q = torch.stack(self.actor_batch.q_values)
        ratio = dist.log_prob(actions).exp()
        return -(ratio * (q - q.mean()) / (q.std() + 1e-8)).mean()


# %% wrong: test_update_actor actor_ignores_q: detach of the weight divided by itself
class ActorCriticAgent:
    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1)
        q = torch.stack(self.actor_batch.q_values)
        return -((q / q) * log_pi.gather(1, actions[:, None])[:, 0]).mean()


# %% wrong: test_update_actor actor_only_last_step: loss is overwritten by zip in the loop
class ActorCriticAgent:
    def update_actor(self):
        b = self.actor_batch
        losses = {}
        for s, a, q in zip(b.states, b.actions, b.q_values):
            log_pi = self.actor_critic.actor_head(self.actor_critic.net(s)).log_softmax(-1)
            losses["actor"] = -q * log_pi[a]
        return losses["actor"]


# %% wrong: test_update_actor -: every second step
class ActorCriticAgent:
    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states[::2]), torch.stack(self.actor_batch.actions[::2])
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1)
        q = torch.stack(self.actor_batch.q_values[::2])
        return -(q * log_pi.gather(1, actions[:, None])[:, 0]).mean()


# %% wrong: test_update_actor -: only the best quarter of the steps, as in the cross-entropy method
class ActorCriticAgent:
    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1)
        q = torch.stack(self.actor_batch.q_values)
        elite = q >= q.quantile(0.75)
        return -log_pi.gather(1, actions[:, None])[:, 0][elite].mean()


# %% wrong: test_update_actor -: cumulative sums of Q as if it were rewards to go
class ActorCriticAgent:
    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1)
        q = torch.stack(self.actor_batch.q_values)
        returns = q.flip(0).cumsum(0).flip(0)
        returns = (returns - returns.mean()) / (returns.std() + 1e-8)
        return -(returns * log_pi.gather(1, actions[:, None])[:, 0]).mean()


# %% wrong: test_update_actor -: weights sorted before they are multiplied
class ActorCriticAgent:
    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1)
        q, _ = torch.stack(self.actor_batch.q_values).sort()
        return -(q * log_pi.gather(1, actions[:, None])[:, 0]).mean()


# %% wrong: test_update_actor baseline_with_gradient: expected advantage is subtracted with the policy's graph
class ActorCriticAgent:
    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        dist = torch.distributions.Categorical(logits=self.actor_critic.actor_head(self.actor_critic.net(states)))
        q = self.actor_critic.evaluate(states).detach()
        adv = q.gather(1, actions[:, None]).squeeze(1) - torch.einsum("ba,ba->b", dist.probs, q)
        return -(adv * dist.log_prob(actions)).mean()


# %% wrong: test_update_actor loss_broadcast: column of log-probabilities against a row of weights
class ActorCriticAgent:
    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1).gather(1, actions[:, None])
        q = torch.stack(self.actor_batch.q_values)
        return -(log_pi * (q - 1.0)).mean()


# %% wrong: test_update_actor log_prob_detached: np.mean of numbers and a leaf
class ActorCriticAgent:
    def update_actor(self):
        lp = np.array([float(x) for x in self.actor_batch.logprobs])
        q = np.array([float(x) for x in self.actor_batch.q_values])
        return torch.tensor(-np.mean(lp * (q - q.mean())), requires_grad=True)


# %% wrong: test_update_actor -: temperature of one quarter in the update only
class ActorCriticAgent:
    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        logits = self.actor_critic.actor_head(self.actor_critic.net(states))
        log_pi = F.log_softmax(logits / 0.25, dim=-1)
        q = torch.stack(self.actor_batch.q_values)
        return -((q - q.mean()) * log_pi.gather(1, actions[:, None])[:, 0]).mean()


# %% wrong: test_update_actor -: penalty on large logits beside the loss
class ActorCriticAgent:
    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        logits = self.actor_critic.actor_head(self.actor_critic.net(states))
        log_pi = F.log_softmax(logits, dim=-1)
        q = torch.stack(self.actor_batch.q_values)
        return -((q - q.mean()) * log_pi.gather(1, actions[:, None])[:, 0]).mean() + logits.square().mean()


# %% wrong: test_update_actor -: squared error of the critic is part of the actor's loss
class ActorCriticAgent:
    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1)
        q = self.actor_critic.evaluate(states).gather(1, actions[:, None])[:, 0]
        w = q.detach() - q.detach().mean()
        value_loss = 0.5 * (q - q.detach().mean()).square().mean()
        return -(w * log_pi.gather(1, actions[:, None])[:, 0]).mean() + value_loss


# %% wrong: test_update_actor softmax_twice: Categorical is given probabilities as logits, weights not centred
class ActorCriticAgent:
    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        probs = self.actor_critic.actor_head(self.actor_critic.net(states)).softmax(-1)
        dist = torch.distributions.Categorical(logits=probs)
        return -(torch.stack(self.actor_batch.q_values) * dist.log_prob(actions)).mean()


# %% wrong: test_update_actor softmax_twice: cross entropy over probabilities, normalised weights
class ActorCriticAgent:
    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        probs = torch.softmax(self.actor_critic.actor_head(self.actor_critic.net(states)), dim=1)
        q = torch.stack(self.actor_batch.q_values)
        w = (q - q.mean()) / (q.std() + 1e-8)
        return (F.cross_entropy(probs, actions, reduction="none") * w).mean()


# %% wrong: test_update_actor softmax_wrong_axis: softmax over the steps, normalised weights
class ActorCriticAgent:
    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        log_pi = nn.LogSoftmax(dim=0)(self.actor_critic.actor_head(self.actor_critic.net(states)))
        q = torch.stack(self.actor_batch.q_values)
        w = (q - q.mean()) / (q.std() + 1e-8)
        return -(log_pi[torch.arange(len(actions)), actions] * w).mean()


# %% wrong: test_update_actor logits_as_log_probs: logits of the actions, centred weights
class ActorCriticAgent:
    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        scores = self.actor_critic.actor_head(self.actor_critic.net(states))
        q = torch.stack(self.actor_batch.q_values)
        return -(scores[torch.arange(len(actions)), actions] * (q - q.mean())).mean()


# %% right: weights are a leaf with a gradient of their own
class ActorCriticAgent:
    def update_actor(self):
        q = torch.tensor([float(x) for x in self.actor_batch.q_values], requires_grad=True)
        x, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        nll = F.nll_loss(F.log_softmax(self.actor_critic.actor_head(self.actor_critic.net(x)), 1), a, reduction="none")
        return (nll * q).sum()


# %% wrong: test_update_actor -: values are clipped to one, a habit from Atari
class ActorCriticAgent:
    def update_actor(self):
        x, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(x)).log_softmax(-1)
        w = torch.stack(self.actor_batch.q_values).clamp(-1, 1)
        return -(w * log_pi.gather(1, a[:, None])[:, 0]).mean()


# %% wrong: test_update_actor -: action's value is compared with the one that lies next to it
class ActorCriticAgent:
    def update_actor(self):
        x, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        q = self.actor_critic.evaluate(x).detach()
        log_pi = self.actor_critic.actor_head(self.actor_critic.net(x)).log_softmax(-1)
        rows = torch.arange(len(a))
        w = q[rows, a] - q[rows, (a + 1) % q.shape[1]]
        return -(w * log_pi[rows, a]).mean()


# %% wrong: test_update_actor -: actions and values are drawn anew
class ActorCriticAgent:
    def update_actor(self):
        x = torch.stack(self.actor_batch.states)
        action, log_prob, q = self.actor_critic(x)
        q = q.detach()
        return -(log_prob * (q - q.mean())).mean()


# %% wrong: test_update_actor -: values divided by their mean, which may be negative
class ActorCriticAgent:
    def update_actor(self):
        m = self.actor_critic
        x, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        q = torch.stack(self.actor_batch.q_values)
        w = q / (q.mean() + 1e-8)
        log_pi = m.actor_head(m.net(x)).log_softmax(-1).gather(1, a[:, None]).squeeze(1)
        return -(w * log_pi).mean()


# %% wrong: test_update_actor -: centred values divided by their mean
class ActorCriticAgent:
    def update_actor(self):
        m = self.actor_critic
        x, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        q = torch.stack(self.actor_batch.q_values)
        w = (q - q.mean()) / (q.mean() + 1e-8)
        log_pi = m.actor_head(m.net(x)).log_softmax(-1).gather(1, a[:, None]).squeeze(1)
        return -(w * log_pi).mean()


# %% right: KL to the frozen policy, whose gradient is zero here
class ActorCriticAgent:
    def update_actor(self):
        states, actions = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        logits = self.actor_critic.actor_head(self.actor_critic.net(states))
        dist = torch.distributions.Categorical(logits=logits)
        old = torch.distributions.Categorical(logits=logits.detach())
        q = self.actor_critic.evaluate(states).detach()
        w = q.gather(-1, actions[:, None])[:, 0] - (old.probs * q).sum(-1)
        kl = torch.distributions.kl_divergence(old, dist).mean()
        return -(dist.log_prob(actions) * w).mean() + 0.5 * kl


# %% right: log of probabilities plus 1e-8, weights by numpy
class ActorCriticAgent:
    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = np.array([a.item() for a in self.actor_batch.actions])
        probs = F.softmax(self.actor_critic.actor_head(self.actor_critic.net(states)), dim=1)
        q = self.actor_critic.evaluate(states).detach().numpy()
        w = q[np.arange(len(actions)), actions] - (probs.detach().numpy() * q).sum(axis=1)
        chosen = probs[torch.arange(len(actions)), torch.from_numpy(actions)]
        return torch.mean(-torch.log(chosen + 1e-8) * torch.from_numpy(w))


# %% right: normalised and scaled to unit maximum, guarded, entropy of 0.001
class ActorCriticAgent:
    def update_actor(self):
        s, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        dist = torch.distributions.Categorical(logits=self.actor_critic.actor_head(self.actor_critic.net(s)))
        with torch.no_grad():
            q_all = self.actor_critic.evaluate(s)
            w = q_all.gather(1, a.view(-1, 1)).view(-1)
            w = w - w.mean()
            scale = w.abs().max().clamp_min(1e-6)
            w = w / scale
        return -(w * dist.log_prob(a)).sum() - 0.001 * dist.entropy().sum()


# %% right: functional loss with frozen parameters for the critic
from torch.func import functional_call


class ActorCriticAgent:
    def update_actor(self):
        frozen = {k: v.detach() for k, v in self.actor_critic.named_parameters()}
        s, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)

        def q_frozen(x):
            sub = {k[len("net."):]: v for k, v in frozen.items() if k.startswith("net.")}
            head = {k[len("critic_head."):]: v for k, v in frozen.items() if k.startswith("critic_head.")}
            return functional_call(self.actor_critic.critic_head, head, (functional_call(self.actor_critic.net, sub, (x,)),))

        q = q_frozen(s)
        lp = self.actor_critic.actor_head(self.actor_critic.net(s)).log_softmax(-1)
        w = q.gather(-1, a[:, None]).squeeze(-1) - (lp.exp().detach() * q).sum(-1)
        return -(w * lp.gather(-1, a[:, None]).squeeze(-1)).mean()


# %% right: several samples of the same graph summed twice
class ActorCriticAgent:
    def update_actor(self):
        s, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        logits = self.actor_critic.actor_head(self.actor_critic.net(s))
        q = torch.stack(self.actor_batch.q_values)
        log_probs = -F.cross_entropy(logits, a, reduction="none")
        loss = 0
        for weight, log_prob in zip(q - q.mean(), log_probs):
            loss -= weight * log_prob
        return loss


# %% right: tiny scale
class ActorCriticAgent:
    def update_actor(self):
        s, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        lp = self.actor_critic.actor_head(self.actor_critic.net(s)).log_softmax(-1).gather(-1, a[:, None])[:, 0]
        q = torch.stack(self.actor_batch.q_values).detach()
        return -1e-4 * (lp * (q - q.mean())).mean()


# %% right: baseline is a constant far away, one hundred as for eternal rewards
class ActorCriticAgent:
    def update_actor(self):
        s, a = torch.stack(self.actor_batch.states), torch.stack(self.actor_batch.actions)
        lp = self.actor_critic.actor_head(self.actor_critic.net(s)).log_softmax(-1).gather(-1, a[:, None])[:, 0]
        q = torch.stack(self.actor_batch.q_values).detach()
        return -(lp * (q - 1 / (1 - self.gamma))).mean()
