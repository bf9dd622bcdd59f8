"""Versions of compute_td_loss, right and wrong, as students write them (test cell test_td_loss)."""

# %% right: arange indexing and F.mse_loss
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        batch_size = len(actions)
        q_all = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = q_all[torch.arange(batch_size), to_tensor(actions, np.int64)]
        with torch.no_grad():
            hidden = self.actor_critic.net(to_tensor(next_states))
            pi = F.softmax(self.actor_critic.actor_head(hidden), dim=1)
            v = torch.sum(pi * self.actor_critic.critic_head(hidden), dim=1)
            target = to_tensor(rewards) + self.gamma * v * to_tensor(~terminateds)
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% right: one-hot product instead of gather
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.actor_critic.evaluate(to_tensor(states))
        mask = F.one_hot(to_tensor(actions, dtype=np.int64), num_classes=q.shape[-1]).float()
        Q_s_a = (q * mask).sum(dim=1)

        nxt = to_tensor(next_states)
        next_q = self.actor_critic.evaluate(nxt).detach()
        next_pi = self.actor_critic.actor_head(self.actor_critic.net(nxt)).softmax(dim=-1).detach()
        next_v = (next_q * next_pi).sum(dim=1)
        not_done = 1.0 - to_tensor(terminateds)
        y = to_tensor(rewards) + self.gamma * not_done * next_v
        td_loss = torch.mean((Q_s_a - y) ** 2)
        return td_loss + regularizer * Q_s_a.mean()


# %% right: take_along_dim and torch.square
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        model = self.actor_critic
        a = torch.as_tensor(actions).long()[:, None]
        Q_s_a = torch.take_along_dim(model.evaluate(to_tensor(states)), a, dim=1)[:, 0]
        with torch.no_grad():
            z = model.net(to_tensor(next_states))
            V = torch.softmax(model.actor_head(z), -1).mul(model.critic_head(z)).sum(-1)
        y = torch.as_tensor(rewards, dtype=torch.float32)
        y = y + self.gamma * V * (1 - torch.as_tensor(terminateds, dtype=torch.float32))
        td_loss = torch.square(y - Q_s_a).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% right: python loop over transitions
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        td_loss = 0
        Q_s_a = []
        for s, a, r, s2, done in zip(states, actions, rewards, next_states, terminateds):
            q = self.actor_critic.evaluate(to_tensor(s))[int(a)]
            target = float(r)
            if not done:
                with torch.no_grad():
                    f = self.actor_critic.net(to_tensor(s2))
                    probs = torch.softmax(self.actor_critic.actor_head(f), dim=0)
                    qs = self.actor_critic.critic_head(f)
                for p, q2 in zip(probs.tolist(), qs.tolist()):
                    target += self.gamma * p * q2
            td_loss = td_loss + (q - target) ** 2
            Q_s_a.append(q)
        td_loss = td_loss / len(states)
        Q_s_a = torch.stack(Q_s_a)
        return td_loss + regularizer * Q_s_a.mean()


# %% right: einsum for the value of the next state
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        s, s2 = to_tensor(states), to_tensor(next_states)
        q = self.actor_critic.evaluate(s)
        Q_s_a = torch.einsum("ba,ba->b", q, F.one_hot(to_tensor(actions, np.int64), q.shape[1]).to(q.dtype))
        with torch.no_grad():
            feats = self.actor_critic.net(s2)
            V = torch.einsum("bi,bi->b", self.actor_critic.actor_head(feats).softmax(-1), self.actor_critic.critic_head(feats))
        target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = ((Q_s_a - target) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% right: batched matrix product with bmm
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        B = states.shape[0]
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).view(B, 1)).view(B)
        with torch.no_grad():
            body = self.actor_critic.net(to_tensor(next_states))
            pi = F.softmax(self.actor_critic.actor_head(body), dim=-1).view(B, 1, -1)
            q2 = self.actor_critic.critic_head(body).view(B, -1, 1)
            v2 = torch.bmm(pi, q2).view(B)
            target = to_tensor(rewards) + self.gamma * (1.0 - to_tensor(terminateds)) * v2
        td_loss = (Q_s_a - target).pow(2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% right: expectation over Categorical probs
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        from torch.distributions import Categorical

        states, next_states = to_tensor(states), to_tensor(next_states)
        actions = to_tensor(actions, dtype=np.int64)
        Q_s_a = self.actor_critic.evaluate(states).gather(dim=1, index=actions.unsqueeze(1)).squeeze(1)
        dist = Categorical(logits=self.actor_critic.actor_head(self.actor_critic.net(next_states)))
        V = (dist.probs * self.actor_critic.evaluate(next_states)).sum(dim=1)
        target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds, dtype=np.int64)) * V
        td_loss = nn.MSELoss()(Q_s_a, target.detach())
        return td_loss + regularizer * Q_s_a.mean()


# %% right: exp of log_softmax, everything kept as columns
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        actions = to_tensor(actions, dtype=np.int64).reshape(-1, 1)
        rewards = to_tensor(rewards).reshape(-1, 1)
        alive = 1 - to_tensor(terminateds).reshape(-1, 1)
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, actions)
        x = to_tensor(next_states)
        log_pi = F.log_softmax(self.actor_critic.actor_head(self.actor_critic.net(x)), dim=1)
        V = (log_pi.exp() * self.actor_critic.evaluate(x)).sum(dim=1, keepdim=True)
        target = (rewards + self.gamma * alive * V).detach()
        td_loss = ((Q_s_a - target) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% right: targets in numpy
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        with torch.no_grad():
            f = self.actor_critic.net(to_tensor(next_states))
            logits = self.actor_critic.actor_head(f).numpy()
            q_next = self.actor_critic.critic_head(f).numpy()
        e = np.exp(logits - logits.max(axis=1, keepdims=True))
        pi = e / e.sum(axis=1, keepdims=True)
        target = rewards + self.gamma * (1 - terminateds) * np.sum(pi * q_next, axis=1)
        q = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = q[np.arange(len(actions)), actions]
        td_loss = ((Q_s_a - to_tensor(target)) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% right: torch.where on the terminated mask
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        rewards = to_tensor(rewards)
        terminated = to_tensor(terminateds, dtype=bool)
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(-1, to_tensor(actions, np.int64)[..., None]).squeeze(-1)
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
        target = torch.where(terminated, rewards, rewards + self.gamma * V)
        td_loss = (target - Q_s_a).square().mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% right: zero written into V by boolean index
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states))[range(len(actions)), actions]
        h = self.actor_critic.net(to_tensor(next_states))
        V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1).detach()
        V[to_tensor(terminateds, bool)] = 0.0
        td_loss = (Q_s_a - (to_tensor(rewards) + self.gamma * V)).pow(2).sum() / len(actions)
        return td_loss + regularizer * Q_s_a.mean()


# %% right: only the transitions that go on are evaluated
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        target = to_tensor(np.array(rewards, dtype=np.float32))
        goes_on = np.flatnonzero(np.logical_not(terminateds))
        if goes_on.size > 0:
            with torch.no_grad():
                h = self.actor_critic.net(to_tensor(next_states[goes_on]))
                V = (F.softmax(self.actor_critic.actor_head(h), -1) * self.actor_critic.critic_head(h)).sum(-1)
            target[goes_on] += self.gamma * V
        td_loss = F.mse_loss(Q_s_a, target, reduction="mean")
        return td_loss + regularizer * Q_s_a.mean()


# %% right: loss function and device made in __init__
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.device = torch.device("cpu")
        self.n_actions = action_dim
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim).to(self.device)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)
        self.critic_criterion = nn.MSELoss()

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        states = to_tensor(states).to(self.device)
        next_states = to_tensor(next_states).to(self.device)
        actions = to_tensor(actions, dtype=np.int64).to(self.device)
        rewards = to_tensor(rewards).to(self.device)
        terminateds = to_tensor(terminateds).to(self.device)

        chosen = F.one_hot(actions, self.n_actions).bool()
        Q_s_a = self.actor_critic.evaluate(states)[chosen]
        with torch.no_grad():
            features = self.actor_critic.net(next_states)
            probs = self.actor_critic.actor_head(features).softmax(dim=-1)
            next_v = (probs * self.actor_critic.critic_head(features)).sum(dim=-1)
            target = rewards + (1 - terminateds) * self.gamma * next_v
        td_loss = self.critic_criterion(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% right: squared norm over the number of rows
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        net, pi_head, q_head = self.actor_critic.net, self.actor_critic.actor_head, self.actor_critic.critic_head
        Q_s_a = q_head(net(to_tensor(states))).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            z = net(to_tensor(next_states))
            target = to_tensor(rewards) + self.gamma * to_tensor(1 - terminateds.astype(np.float32)) * (pi_head(z).softmax(1) * q_head(z)).sum(1)
        delta = Q_s_a - target
        td_loss = torch.dot(delta, delta) / delta.numel()
        return td_loss + regularizer * Q_s_a.mean()


# %% right: norm squared through linalg
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = torch.stack([row[a] for row, a in zip(q, actions.tolist())])
        with torch.no_grad():
            z = self.actor_critic.net(to_tensor(next_states))
            probs, qn = self.actor_critic.actor_head(z).softmax(-1), self.actor_critic.critic_head(z)
            V = (probs @ qn.T).diagonal()
            target = to_tensor(rewards) + self.gamma * V * (~torch.as_tensor(terminateds))
        td_loss = torch.linalg.norm(Q_s_a - target) ** 2 / len(target)
        return td_loss + regularizer * Q_s_a.mean()


# %% right: variance plus squared mean of the error in float64
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).double().gather(1, to_tensor(actions, np.int64)[:, None]).squeeze(1)
        with torch.no_grad():
            z = self.actor_critic.net(to_tensor(next_states))
            pi = self.actor_critic.actor_head(z).double().softmax(-1)
            V = (pi * self.actor_critic.critic_head(z).double()).sum(-1)
        target = torch.tensor(rewards, dtype=torch.float64) + self.gamma * V * torch.tensor(~terminateds)
        error = Q_s_a - target
        td_loss = error.var(unbiased=False) + error.mean() ** 2
        return td_loss + regularizer * Q_s_a.mean()


# %% right: helpers _policy and _value on the agent
class ActorCriticAgent:
    def _policy(self, x):
        return torch.softmax(self.actor_critic.actor_head(self.actor_critic.net(x)), dim=-1)

    def _value(self, x):
        return torch.sum(self._policy(x) * self.actor_critic.evaluate(x), dim=-1)

    def _target(self, rewards, next_states, terminateds):
        with torch.no_grad():
            return to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * self._value(to_tensor(next_states))

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        index = to_tensor(actions, dtype=np.int64).unsqueeze(-1)
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(-1, index).squeeze(-1)
        td_loss = F.mse_loss(self._target(rewards, next_states, terminateds), Q_s_a)
        return td_loss + regularizer * Q_s_a.mean()


# %% right: target by a copy of the model made for this call
import copy


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        frozen = copy.deepcopy(self.actor_critic)
        for p in frozen.parameters():
            p.requires_grad_(False)
        x = to_tensor(next_states)
        z = frozen.net(x)
        V = (frozen.actor_head(z).softmax(-1) * frozen.critic_head(z)).sum(-1)
        target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(-1, to_tensor(actions, np.int64).unsqueeze(-1)).squeeze(-1)
        td_loss = ((Q_s_a - target) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% right: states and next states in one pass of the network
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        both = torch.cat([to_tensor(states), to_tensor(next_states)], dim=0)
        features = self.actor_critic.net(both)
        q, next_q = self.actor_critic.critic_head(features).chunk(2)
        _, next_logits = self.actor_critic.actor_head(features).chunk(2)
        V = (next_logits.softmax(-1) * next_q).sum(-1)
        target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        Q_s_a = q.gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        td_loss = ((Q_s_a - target.detach()) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% right: one formula for both terms, the given line rewritten
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            z = self.actor_critic.net(to_tensor(next_states))
            v = (self.actor_critic.actor_head(z).softmax(1) * self.actor_critic.critic_head(z)).sum(1)
            y = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * v
        per_row = (q - y) ** 2 + regularizer * q
        return per_row.mean()


# %% right: target under inference_mode, then cloned
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        with torch.inference_mode():
            z = self.actor_critic.net(to_tensor(next_states))
            weights = self.actor_critic.actor_head(z).softmax(-1)
            V = torch.zeros(len(rewards))
            for k in range(weights.shape[1]):
                V += weights[:, k] * self.actor_critic.critic_head(z)[:, k]
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        target = target.clone()
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(-1, to_tensor(actions, np.int64).unsqueeze(-1)).squeeze(-1)
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% right: states passed to evaluate one by one
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = torch.stack([self.actor_critic.evaluate(to_tensor(s))[int(a)] for s, a in zip(states, actions)])
        target = []
        with torch.no_grad():
            for r, s2, t in zip(rewards, next_states, terminateds):
                logits = self.actor_critic.actor_head(self.actor_critic.net(to_tensor(s2)))
                v = logits.softmax(-1) @ self.actor_critic.evaluate(to_tensor(s2))
                target.append(float(r) + self.gamma * (0.0 if t else v.item()))
        td_loss = sum((q - y) ** 2 for q, y in zip(Q_s_a, target)) / len(target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss target_not_detached: no detach anywhere, vectorised
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        actions = to_tensor(actions, dtype=np.int64)
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, actions.unsqueeze(1)).squeeze(1)
        features = self.actor_critic.net(to_tensor(next_states))
        probs = self.actor_critic.actor_head(features).softmax(-1)
        V = (probs * self.actor_critic.critic_head(features)).sum(-1)
        target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss target_not_detached: only the probabilities are without gradient
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        s2 = to_tensor(next_states)
        Q_s_a = self.actor_critic.evaluate(to_tensor(states))[torch.arange(len(actions)), torch.as_tensor(actions).long()]
        with torch.no_grad():
            pi = F.softmax(self.actor_critic.actor_head(self.actor_critic.net(s2)), dim=1)
        V = torch.einsum("ba,ba->b", pi, self.actor_critic.evaluate(s2))
        target = to_tensor(rewards) + self.gamma * V * to_tensor(~terminateds)
        td_loss = (Q_s_a - target).pow(2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss target_not_detached: Q detached, policy in the target not
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        s2 = to_tensor(next_states)
        q = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = (q * F.one_hot(to_tensor(actions, np.int64), q.shape[1])).sum(1)
        next_q = self.actor_critic.evaluate(s2).detach()
        dist = torch.distributions.Categorical(logits=self.actor_critic.actor_head(self.actor_critic.net(s2)))
        target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * (dist.probs * next_q).sum(1)
        td_loss = torch.mean((Q_s_a - target) ** 2)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss target_not_detached: loop version which detaches only the reward
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        errors, qs = [], []
        for s, a, r, s2, t in zip(states, actions, rewards, next_states, terminateds):
            q = self.actor_critic.evaluate(to_tensor(s))[int(a)]
            f = self.actor_critic.net(to_tensor(s2))
            v = torch.dot(torch.softmax(self.actor_critic.actor_head(f), 0), self.actor_critic.critic_head(f))
            y = to_tensor(r).detach()
            if not t:
                y = y + self.gamma * v
            errors.append((q - y) ** 2)
            qs.append(q)
        td_loss = torch.stack(errors).mean()
        Q_s_a = torch.stack(qs)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss terminated_not_masked: the flag is not used at all
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            f = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(f).softmax(-1) * self.actor_critic.critic_head(f)).sum(-1)
            target = to_tensor(rewards) + self.gamma * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss terminated_not_masked: masked_fill whose result is thrown away
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        done = to_tensor(terminateds, dtype=bool)
        s2 = to_tensor(next_states)
        Q_s_a = torch.take_along_dim(self.actor_critic.evaluate(to_tensor(states)), to_tensor(actions, np.int64)[:, None], 1).flatten()
        pi = torch.softmax(self.actor_critic.actor_head(self.actor_critic.net(s2)), 1)
        V = (pi * self.actor_critic.evaluate(s2)).sum(1).detach()
        V.masked_fill(done, 0.0)
        target = to_tensor(rewards) + self.gamma * V
        td_loss = (Q_s_a - target).square().mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss terminated_not_masked: integer mask turned upside down bit by bit
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        with torch.no_grad():
            z = self.actor_critic.net(to_tensor(next_states))
            V = torch.sum(self.actor_critic.actor_head(z).softmax(-1) * self.actor_critic.critic_head(z), -1).numpy()
        # ~0 == -1 и ~1 == -2: оба отличны от нуля, поэтому маска всегда истинна
        alive = (~terminateds.astype(int)).astype(bool)
        target = rewards + self.gamma * alive * V
        q = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = q[np.arange(len(q)), actions]
        td_loss = ((Q_s_a - to_tensor(target)) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss terminated_inverted: multiplied by the flag itself
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            f = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(f).softmax(-1) * self.actor_critic.critic_head(f)).sum(-1)
            target = to_tensor(rewards) + self.gamma * to_tensor(terminateds) * V
        td_loss = ((Q_s_a - target) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss terminated_inverted: branches of where exchanged
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        r = to_tensor(rewards)
        Q_s_a = self.actor_critic.evaluate(to_tensor(states))[range(len(actions)), actions]
        h = self.actor_critic.net(to_tensor(next_states))
        V = torch.einsum("ij,ij->i", self.actor_critic.actor_head(h).softmax(1), self.actor_critic.critic_head(h))
        target = torch.where(to_tensor(terminateds, bool), r + self.gamma * V, r).detach()
        td_loss = nn.MSELoss()(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss terminated_inverted: zero put where the episode goes on
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = (q * F.one_hot(to_tensor(actions, np.int64), q.size(1))).sum(1)
        with torch.no_grad():
            z = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(z).log_softmax(1).exp() * self.actor_critic.critic_head(z)).sum(1)
        V[torch.from_numpy(np.logical_not(terminateds))] = 0
        td_loss = torch.mean(torch.square(Q_s_a - to_tensor(rewards) - self.gamma * V))
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss gamma_missing: gamma left out of the formula
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            f = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(f).softmax(-1) * self.actor_critic.critic_head(f)).sum(-1)
            target = to_tensor(rewards) + (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss gamma_missing: gamma forgotten in a loop version
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a, targets = [], []
        for i in range(len(states)):
            Q_s_a.append(self.actor_critic.evaluate(to_tensor(states[i]))[actions[i]])
            y = float(rewards[i])
            if not terminateds[i]:
                h = self.actor_critic.net(to_tensor(next_states[i]))
                pi = self.actor_critic.actor_head(h).softmax(-1)
                y += (pi * self.actor_critic.critic_head(h)).sum().item()
            targets.append(y)
        Q_s_a = torch.stack(Q_s_a)
        td_loss = F.mse_loss(Q_s_a, to_tensor(targets))
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss gamma_missing: numpy target with a local gamma of one
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1, gamma=1.0):
        z = self.actor_critic.net(to_tensor(next_states)).detach()
        pi = self.actor_critic.actor_head(z).softmax(-1).detach().numpy()
        q2 = self.actor_critic.critic_head(z).detach().numpy()
        y = rewards + gamma * np.where(terminateds, 0.0, (pi * q2).sum(axis=-1))
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(-1, to_tensor(actions, np.int64)[:, None])[:, 0]
        td_loss = ((Q_s_a - to_tensor(y)) ** 2).sum() / len(y)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss max_target: max over next Q values
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            V = self.actor_critic.evaluate(to_tensor(next_states)).max(dim=1).values
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss max_target: argmax and indexing, masked rows skipped
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        idx = torch.arange(len(states))
        Q_s_a = self.actor_critic.evaluate(to_tensor(states))[idx, to_tensor(actions, np.int64)]
        next_q = self.actor_critic.evaluate(to_tensor(next_states)).detach()
        best = next_q.argmax(dim=-1)
        V = next_q[idx, best]
        V[to_tensor(terminateds, bool)] = 0
        td_loss = (Q_s_a - (to_tensor(rewards) + self.gamma * V)).pow(2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss max_target: numpy amax in the target
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        with torch.no_grad():
            next_q = self.actor_critic.evaluate(to_tensor(next_states)).numpy()
        y = to_tensor(rewards + self.gamma * (1.0 - terminateds) * np.amax(next_q, axis=1))
        q = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = torch.stack([q[i, a] for i, a in enumerate(actions)])
        td_loss = torch.mean((y - Q_s_a) ** 2)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss max_target: value of the most probable action of the actor
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            z = self.actor_critic.net(to_tensor(next_states))
            next_q = self.actor_critic.critic_head(z)
            best = next_q.max(dim=1, keepdim=True)[1]
            V = next_q.gather(1, best).squeeze(1)
            target = torch.where(torch.as_tensor(terminateds), to_tensor(rewards), to_tensor(rewards) + self.gamma * V)
        td_loss = torch.square(Q_s_a - target).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss sampled_target: Q of the action which forward has drawn
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            _, _, next_Q = self.actor_critic(to_tensor(next_states))
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * next_Q
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss sampled_target: Categorical sample of the next action, SARSA style
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        model = self.actor_critic
        Q_s_a = model.evaluate(to_tensor(states))[torch.arange(len(actions)), to_tensor(actions, np.int64)]
        x = to_tensor(next_states)
        dist = torch.distributions.Categorical(logits=model.actor_head(model.net(x)))
        a2 = dist.sample()
        q2 = model.evaluate(x).gather(1, a2.view(-1, 1)).view(-1).detach()
        q2 = q2 * to_tensor(~terminateds)
        td_loss = (Q_s_a - to_tensor(rewards) - self.gamma * q2).square().mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss sampled_target: average over four multinomial samples
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = (q * F.one_hot(to_tensor(actions, np.int64), q.shape[-1])).sum(-1)
        with torch.no_grad():
            z = self.actor_critic.net(to_tensor(next_states))
            a2 = torch.multinomial(self.actor_critic.actor_head(z).softmax(-1), 4, replacement=True)
            V = self.actor_critic.critic_head(z).gather(1, a2).mean(1)
        target = to_tensor(rewards) + self.gamma * V * (1 - to_tensor(terminateds))
        td_loss = nn.functional.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss td_broadcast: Q stays a column after gather
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1))
        with torch.no_grad():
            f = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(f).softmax(-1) * self.actor_critic.critic_head(f)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = ((Q_s_a - target) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss td_broadcast: rewards made a column, the rest is flat
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        rewards = to_tensor(rewards).unsqueeze(-1)
        terminateds = to_tensor(terminateds).unsqueeze(-1)
        q = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = q[torch.arange(len(q)), to_tensor(actions, np.int64)]
        x = to_tensor(next_states)
        pi = F.softmax(self.actor_critic.actor_head(self.actor_critic.net(x)), -1)
        V = (pi * self.actor_critic.evaluate(x)).sum(-1, keepdim=True)
        target = (rewards + self.gamma * (1 - terminateds) * V).detach()
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss td_broadcast: batch matrix product leaves an extra axis
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = torch.take_along_dim(self.actor_critic.evaluate(to_tensor(states)), to_tensor(actions, np.int64)[:, None], 1)[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            pi = self.actor_critic.actor_head(h).softmax(-1)
            V = torch.bmm(pi[:, None, :], self.actor_critic.critic_head(h)[:, :, None])[:, 0]
            V = V * (1 - to_tensor(terminateds)[:, None])
            target = to_tensor(rewards)[:, None] + self.gamma * V
        delta = target - Q_s_a
        td_loss = delta.pow(2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss q_of_wrong_action: Q of the action sampled now by forward
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        _, _, Q_s_a = self.actor_critic(to_tensor(states))
        with torch.no_grad():
            f = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(f).softmax(-1) * self.actor_critic.critic_head(f)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss q_of_wrong_action: best Q of the state in place of the action taken
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).max(dim=-1)[0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = torch.einsum("ba,ba->b", self.actor_critic.actor_head(h).softmax(-1), self.actor_critic.critic_head(h))
        target = torch.where(to_tensor(terminateds, bool), to_tensor(rewards), to_tensor(rewards) + self.gamma * V)
        td_loss = (Q_s_a - target).square().mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss q_of_wrong_action: always the first column of Q
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states))[:, 0]
        z = self.actor_critic.net(to_tensor(next_states)).detach()
        V = (self.actor_critic.actor_head(z).softmax(1) * self.actor_critic.critic_head(z)).sum(1).detach()
        target = to_tensor(rewards) + self.gamma * to_tensor(1 - terminateds) * V
        td_loss = torch.mean((Q_s_a - target) ** 2)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss q_of_wrong_action: action numbers shifted by one
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.actor_critic.evaluate(to_tensor(states))
        n = q.shape[1]
        index = (to_tensor(actions, np.int64) + 1) % n  # действия будто бы считаются с единицы
        Q_s_a = q.gather(1, index.unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            z = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(z).softmax(1) * self.actor_critic.critic_head(z)).sum(1)
        target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = nn.MSELoss()(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss reward_missing: target is only the discounted value
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            f = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(f).softmax(-1) * self.actor_critic.critic_head(f)).sum(-1)
            target = self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss reward_missing: target filled row by row from zero
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = q[np.arange(len(actions)), actions]
        target = np.zeros(len(actions), dtype=np.float32)
        for i in range(len(actions)):
            if terminateds[i]:
                continue
            with torch.no_grad():
                h = self.actor_critic.net(to_tensor(next_states[i]))
                pi = self.actor_critic.actor_head(h).softmax(-1)
                target[i] += self.gamma * float(pi @ self.actor_critic.critic_head(h))
        td_loss = ((Q_s_a - to_tensor(target)) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss reward_missing: reward added to a name which is not used afterwards
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        x = to_tensor(next_states)
        with torch.no_grad():
            probs = torch.softmax(self.actor_critic.actor_head(self.actor_critic.net(x)), dim=-1)
            next_values = (probs * self.actor_critic.evaluate(x)).sum(-1)
            next_values[terminateds] = 0
            discounted = self.gamma * next_values
            target = to_tensor(rewards) + discounted
        Q_s_a = torch.take_along_dim(self.actor_critic.evaluate(to_tensor(states)), to_tensor(actions, np.int64)[:, None], 1).squeeze(1)
        td_loss = (Q_s_a - discounted).pow(2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss regularizer_ignored: the given line changed to td_loss alone
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            f = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(f).softmax(-1) * self.actor_critic.critic_head(f)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss


# %% wrong: test_td_loss regularizer_squared: the term became a penalty on squares of Q
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = q[torch.arange(len(q)), to_tensor(actions, np.int64)]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
            V = torch.where(to_tensor(terminateds, bool), torch.zeros_like(V), V)
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * V)
        return td_loss + regularizer * (Q_s_a ** 2).mean()


# %% wrong: test_td_loss critic_abs_error: L1 loss instead of squares
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            f = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(f).softmax(-1) * self.actor_critic.critic_head(f)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.l1_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss critic_huber: smooth L1 as in DQN
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = (q * F.one_hot(to_tensor(actions, np.int64), q.shape[1])).sum(1)
        x = to_tensor(next_states)
        pi = torch.softmax(self.actor_critic.actor_head(self.actor_critic.net(x)), 1)
        V = (pi * self.actor_critic.evaluate(x)).sum(1)
        target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.smooth_l1_loss(Q_s_a, target.detach())
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss sum_not_mean: squares summed over the batch
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            f = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(f).softmax(-1) * self.actor_critic.critic_head(f)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = torch.sum((Q_s_a - target) ** 2)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss loss_halved: one half in front of the squares
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = q[np.arange(len(actions)), actions]
        with torch.no_grad():
            f = self.actor_critic.net(to_tensor(next_states))
            V = torch.einsum("ba,ba->b", self.actor_critic.actor_head(f).softmax(-1), self.actor_critic.critic_head(f))
            target = to_tensor(rewards) + self.gamma * to_tensor(~terminateds) * V
        td_loss = 0.5 * (Q_s_a - target).pow(2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss root_of_mean_square: square root taken after the mean
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            z = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(z).softmax(-1) * self.actor_critic.critic_head(z)).sum(-1)
            V[to_tensor(terminateds, bool)] = 0
        td_loss = torch.sqrt(F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * V))
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss loss_not_reduced: a vector of squares is returned
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            z = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(z).softmax(-1) * self.actor_critic.critic_head(z)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = (Q_s_a - target) ** 2
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss mean_target: plain mean of next Q over the actions
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            V = self.actor_critic.evaluate(to_tensor(next_states)).mean(dim=-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss mean_over_actions: mean of pi times Q where the sum is due
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states))[range(len(actions)), actions]
        h = self.actor_critic.net(to_tensor(next_states))
        V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).mean(-1).detach()
        target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss softmax_wrong_axis: softmax over the batch axis
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            f = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(f).softmax(0) * self.actor_critic.critic_head(f)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss logits_as_probabilities: raw logits used as probabilities
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            f = self.actor_critic.net(to_tensor(next_states))
            probs = self.actor_critic.actor_head(f)
            V = (probs * self.actor_critic.critic_head(f)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = ((Q_s_a - target) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss logits_as_probabilities: log_softmax without exp
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = q[torch.arange(len(q)), to_tensor(actions, np.int64)]
        with torch.no_grad():
            z = self.actor_critic.net(to_tensor(next_states))
            policy = F.log_softmax(self.actor_critic.actor_head(z), dim=-1)
            V = (policy * self.actor_critic.critic_head(z)).sum(-1)
            target = to_tensor(rewards) + self.gamma * V * to_tensor(~terminateds)
        td_loss = (Q_s_a - target).square().mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss value_of_current_state: V(s) in the target, not V of the next state
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        features = self.actor_critic.net(to_tensor(states))
        q = self.actor_critic.critic_head(features)
        Q_s_a = q.gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        V = (self.actor_critic.actor_head(features).softmax(-1) * q).sum(-1).detach()
        target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss policy_of_current_state: pi taken at s, Q taken at the next state
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        features = self.actor_critic.net(to_tensor(states))
        Q_s_a = self.actor_critic.critic_head(features).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        probs = self.actor_critic.actor_head(features).softmax(-1).detach()
        next_q = self.actor_critic.evaluate(to_tensor(next_states)).detach()
        target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * (probs * next_q).sum(-1)
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss gamma_on_reward: brackets put so that gamma multiplies the reward too
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            f = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(f).softmax(-1) * self.actor_critic.critic_head(f)).sum(-1)
            target = self.gamma * (to_tensor(rewards) + (1 - to_tensor(terminateds)) * V)
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss terminated_masks_reward: the last reward of an episode is zeroed as well
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            f = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(f).softmax(-1) * self.actor_critic.critic_head(f)).sum(-1)
            target = to_tensor(rewards) + self.gamma * V
            target[to_tensor(terminateds, dtype=bool)] = 0.0
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss gamma_ignored: discount written as the number 0.99
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        gamma = 0.99
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            f = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(f).softmax(-1) * self.actor_critic.critic_head(f)).sum(-1)
            target = to_tensor(rewards) + gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss q_detached: prediction has no gradient inside the square
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            f = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(f).softmax(-1) * self.actor_critic.critic_head(f)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
            td_loss = ((Q_s_a - target) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: square of the mean error, not mean of squares
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = q[torch.arange(len(q)), to_tensor(actions, np.int64)]
        with torch.no_grad():
            f = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(f).softmax(-1) * self.actor_critic.critic_head(f)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = (Q_s_a - target).mean() ** 2
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: squared error between symlog of both sides
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            f = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(f).softmax(-1) * self.actor_critic.critic_head(f)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(symlog(Q_s_a), symlog(target))
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: Q of the same old action at the next state
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        index = to_tensor(actions, np.int64).unsqueeze(1)
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, index).squeeze(1)
        with torch.no_grad():
            next_q = self.actor_critic.evaluate(to_tensor(next_states)).gather(1, index).squeeze(1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * next_q
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss gamma_missing + test_td_loss max_target: plain Q-learning without discount
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            best = self.actor_critic.evaluate(to_tensor(next_states)).amax(-1)
            target = to_tensor(rewards) + best * (1 - to_tensor(terminateds))
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss target_not_detached + test_td_loss terminated_inverted: gradient through the target and a wrong mask
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = q[torch.arange(len(q)), to_tensor(actions, np.int64)]
        x = to_tensor(next_states)
        pi = self.actor_critic.actor_head(self.actor_critic.net(x)).softmax(-1)
        V = (pi * self.actor_critic.evaluate(x)).sum(-1)
        target = to_tensor(rewards) + self.gamma * V * to_tensor(terminateds)
        td_loss = (Q_s_a - target).pow(2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss reward_missing + test_td_loss terminated_not_masked: target is gamma times V for every row
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = torch.take_along_dim(self.actor_critic.evaluate(to_tensor(states)), to_tensor(actions, np.int64)[:, None], 1)[:, 0]
        with torch.no_grad():
            z = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(z).softmax(-1) * self.actor_critic.critic_head(z)).sum(-1)
        td_loss = F.mse_loss(Q_s_a, self.gamma * V)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss not_implemented: stub left as it was
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        ####### Здесь ваш код ########
        raise NotImplementedError
        ##############################
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss not_implemented: first half written, the stub line still below it
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        ####### Здесь ваш код ########
        states = to_tensor(states)
        actions = to_tensor(actions, dtype=np.int64)
        Q_s_a = self.actor_critic.evaluate(states).gather(1, actions.unsqueeze(1)).squeeze(1)
        raise NotImplementedError
        ##############################
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss raises: one minus a boolean tensor
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        terminateds = torch.as_tensor(terminateds)
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            z = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(z).softmax(-1) * self.actor_critic.critic_head(z)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - terminateds) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss raises: float actions given to gather
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            z = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(z).softmax(-1) * self.actor_critic.critic_head(z)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss timeout: while loop whose counter never grows
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a, targets, i = [], [], 0
        while i < len(states):
            q = self.actor_critic.evaluate(to_tensor(states[i]))[int(actions[i])]
            with torch.no_grad():
                h = self.actor_critic.net(to_tensor(next_states[i]))
                v = float(self.actor_critic.actor_head(h).softmax(-1) @ self.actor_critic.critic_head(h))
            targets = [float(rewards[i]) + self.gamma * (1 - int(terminateds[i])) * v]
            Q_s_a = [q]
        Q_s_a = torch.stack(Q_s_a)
        td_loss = F.mse_loss(Q_s_a, to_tensor(targets))
        return td_loss + regularizer * Q_s_a.mean()


# %% right: torch.from_numpy for every array, loss in double precision
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        s, a, r, s2, done = map(torch.from_numpy, (states, actions, rewards, next_states, terminateds))
        m = self.actor_critic
        Q_s_a = m.evaluate(s)[torch.arange(len(a)), a]
        with torch.no_grad():
            V = (m.actor_head(m.net(s2)).softmax(1) * m.evaluate(s2)).sum(1)
        target = r + self.gamma * V * ~done
        td_loss = (Q_s_a - target).pow(2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% right: target is added to the array of rewards in place
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m = self.actor_critic
        Q_s_a = torch.gather(m.evaluate(to_tensor(states)), 1, to_tensor(actions, np.int64).reshape(-1, 1)).ravel()
        with torch.no_grad():
            x = to_tensor(next_states)
            V = (F.softmax(m.actor_head(m.net(x)), 1) * m.evaluate(x)).sum(1).numpy()
        V[terminateds] = 0
        rewards += (self.gamma * V).astype(rewards.dtype)
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards))
        return td_loss + regularizer * Q_s_a.mean()


# %% right: functional_call with detached parameters for the target
from torch.func import functional_call


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        def frozen(module, x):
            return functional_call(module, {k: v.detach() for k, v in module.named_parameters()}, (x,))

        m = self.actor_critic
        features = frozen(m.net, to_tensor(next_states))
        pi = frozen(m.actor_head, features).softmax(-1)
        V = torch.einsum("ba,ba->b", pi, frozen(m.critic_head, features))
        y = torch.addcmul(to_tensor(rewards), to_tensor(np.logical_not(terminateds)), V, value=self.gamma)
        Q_s_a = m.evaluate(to_tensor(states)).take_along_dim(torch.as_tensor(actions).unsqueeze(1), 1).squeeze(1)
        td_loss = nn.MSELoss()(Q_s_a, y)
        return td_loss + regularizer * Q_s_a.mean()


# %% right: twice the Huber loss with an infinite threshold
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m, go_on = self.actor_critic, to_tensor(1 - terminateds.astype(float))
        q = m.evaluate(to_tensor(states))
        Q_s_a = (q * F.one_hot(to_tensor(actions, np.int64), q.shape[1])).sum(-1)
        with torch.no_grad():
            next_q = m.evaluate(to_tensor(next_states))
            pi = torch.distributions.Categorical(logits=m.actor_head(m.net(to_tensor(next_states)))).probs
            y = to_tensor(rewards) + self.gamma * go_on * (pi @ next_q.T).diagonal()
        td_loss = 2 * F.huber_loss(Q_s_a, y, delta=1e9)
        return td_loss + regularizer * Q_s_a.mean()


# %% right: mean square out of a Gaussian likelihood
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        s2 = to_tensor(next_states)
        with torch.no_grad():
            pi = torch.softmax(self.actor_critic.actor_head(self.actor_critic.net(s2)), dim=1)
            V = torch.sum(pi * self.actor_critic.evaluate(s2), dim=1)
            y = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        q = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = q[np.arange(len(q)), actions]
        td_loss = 2 * F.gaussian_nll_loss(Q_s_a, y, torch.ones_like(y))
        return td_loss + regularizer * Q_s_a.mean()


# %% right: square completed with the regularizer, the constant put back
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        s2 = to_tensor(next_states)
        m = self.actor_critic
        with torch.no_grad():
            pi = m.actor_head(m.net(s2)).softmax(-1)
            y = to_tensor(rewards) + self.gamma * (pi * m.evaluate(s2)).sum(-1) * to_tensor(~terminateds)
        Q_s_a = m.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        half = regularizer / 2
        return (Q_s_a - (y - half)).square().mean() + regularizer * y.mean() - half**2


# %% right: discount of every row, the actor asked for log-probabilities
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        discount = to_tensor(np.where(terminateds, 0.0, self.gamma))
        torch.set_grad_enabled(False)
        h = self.actor_critic.net(to_tensor(next_states))
        V = (self.actor_critic.actor_head(h).log_softmax(-1).exp() * self.actor_critic.critic_head(h)).sum(-1)
        target = to_tensor(rewards) + discount * V
        torch.set_grad_enabled(True)
        h = self.actor_critic.net(to_tensor(states))
        Q_s_a = torch.stack([row[int(a)] for row, a in zip(self.actor_critic.critic_head(h), actions)])
        td_loss = torch.dist(Q_s_a, target) ** 2 / len(actions)
        return td_loss + regularizer * Q_s_a.mean()


# %% right: plain python numbers for the target
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        import math

        m = self.actor_critic
        targets = []
        for r, s2, end in zip(rewards.tolist(), next_states, terminateds.tolist()):
            if not end:
                logits = m.actor_head(m.net(to_tensor(s2))).tolist()
                top = max(logits)
                weights = [math.exp(x - top) for x in logits]
                r += self.gamma * sum(w * q for w, q in zip(weights, m.evaluate(to_tensor(s2)).tolist())) / sum(weights)
            targets.append(r)
        columns = m.evaluate(to_tensor(states)).unbind(1)
        Q_s_a = torch.stack([columns[a][i] for i, a in enumerate(actions.tolist())])
        td_loss = sum((q - y) ** 2 for q, y in zip(Q_s_a, targets)) / len(targets)
        return td_loss + regularizer * Q_s_a.mean()


# %% right: vmap of the loss of one transition
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m = self.actor_critic

        def one(s, a, r, s2, end):
            h = m.net(s2)
            v = torch.dot(torch.softmax(m.actor_head(h), 0), m.critic_head(h))
            q = torch.sum(m.evaluate(s) * a)
            return q, torch.square(q - (r + self.gamma * (1 - end) * v).detach())

        one_hot = F.one_hot(to_tensor(actions, np.int64), m.evaluate(to_tensor(states[0])).numel()).float()
        arrays = (to_tensor(states), one_hot, to_tensor(rewards), to_tensor(next_states), to_tensor(terminateds))
        Q_s_a, squares = torch.func.vmap(one)(*arrays)
        td_loss = squares.mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% right: two halves of the batch one after another
class ActorCriticAgent:
    def expected(self, s):
        h = self.actor_critic.net(s)
        return self.actor_critic.actor_head(h).softmax(-1).mul(self.actor_critic.critic_head(h)).sum(-1)

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        n = len(states)
        total = 0.0
        for part in np.array_split(np.arange(n), min(2, n)):
            q = self.actor_critic.evaluate(to_tensor(states[part]))
            Q_s_a = q.gather(-1, to_tensor(actions[part], np.int64).view(-1, 1)).view(-1)
            V = self.expected(to_tensor(next_states[part])).detach()
            V = torch.where(torch.as_tensor(terminateds[part]), torch.zeros_like(V), V)
            error = Q_s_a - to_tensor(rewards[part]) - self.gamma * V
            total = total + (error * error + regularizer * Q_s_a).sum()
        return total / n


# %% right: memory saved by checkpointing, errors multiplied by themselves
from torch.utils.checkpoint import checkpoint


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        s, a = to_tensor(states), to_tensor(actions, int)
        Q_s_a = checkpoint(self.actor_critic.evaluate, s, use_reentrant=False)[torch.arange(len(s)), a]
        with torch.inference_mode():
            h = self.actor_critic.net(to_tensor(next_states))
            p, q = self.actor_critic.actor_head(h).softmax(-1), self.actor_critic.critic_head(h)
            V = torch.inner(p, q).diag() * (1 - to_tensor(terminateds))
            target = (to_tensor(rewards) + self.gamma * V).numpy()
        delta = Q_s_a - torch.tensor(target)
        td_loss = delta @ delta / delta.numel()
        return td_loss + regularizer * Q_s_a.mean()


# %% right: rows of the critic's weights are looked up by the actions
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m, a = self.actor_critic, to_tensor(actions, np.int64)
        Q_s_a = (m.net(to_tensor(states)) * m.critic_head.weight[a]).sum(-1) + m.critic_head.bias[a]
        with torch.no_grad():
            h = m.net(to_tensor(next_states))
            logits = F.linear(h, m.actor_head.weight, m.actor_head.bias)
            V = (logits.softmax(-1) * F.linear(h, m.critic_head.weight, m.critic_head.bias)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% right: value by hand with the semi-gradient attached to it
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m = self.actor_critic
        with torch.no_grad():
            h = m.net(to_tensor(next_states))
            V = (m.actor_head(h).softmax(-1) * m.critic_head(h)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        Q_s_a = m.evaluate(to_tensor(states)).gather(1, torch.as_tensor(actions)[:, None])[:, 0]
        delta = (Q_s_a - target).detach()
        td_loss = (delta**2 + 2 * delta * (Q_s_a - Q_s_a.detach())).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss target_not_detached: no_grad is called but not used as a context
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m = self.actor_critic
        Q_s_a = m.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        torch.no_grad()
        h = m.net(to_tensor(next_states))
        V = (m.actor_head(h).softmax(-1) * m.critic_head(h)).sum(-1)
        y = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, y)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss raises: detach without brackets
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m = self.actor_critic
        Q_s_a = m.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        h = m.net(to_tensor(next_states))
        V = (m.actor_head(h).softmax(-1) * m.critic_head(h)).sum(-1)
        y = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V.detach
        td_loss = F.mse_loss(Q_s_a, y)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: keepdim in the sum over the actions
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m = self.actor_critic
        Q_s_a = m.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = m.net(to_tensor(next_states))
            V = (m.actor_head(h).softmax(-1) * m.critic_head(h)).sum(-1, keepdim=True)
            y = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = ((Q_s_a - y) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: values of all actions are pulled to the target
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m = self.actor_critic
        q = m.evaluate(to_tensor(states))
        Q_s_a = q.gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = m.net(to_tensor(next_states))
            V = (m.actor_head(h).softmax(-1) * m.critic_head(h)).sum(-1)
            y = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = ((q - y[:, None]) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: regularizer over the values of all actions
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m = self.actor_critic
        q = m.evaluate(to_tensor(states))
        Q_s_a = q.gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = m.net(to_tensor(next_states))
            V = (m.actor_head(h).softmax(-1) * m.critic_head(h)).sum(-1)
            y = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, y)
        return td_loss + regularizer * q.mean()


# %% wrong: test_td_loss -: regularizer is always one tenth
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m = self.actor_critic
        Q_s_a = m.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = m.net(to_tensor(next_states))
            V = (m.actor_head(h).softmax(-1) * m.critic_head(h)).sum(-1)
            y = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, y)
        return td_loss + 0.1 * Q_s_a.mean()


# %% wrong: test_td_loss -: entropy of the policy added to V as in soft actor-critic
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m = self.actor_critic
        Q_s_a = m.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = m.net(to_tensor(next_states))
            log_pi = m.actor_head(h).log_softmax(-1)
            V = (log_pi.exp() * (m.critic_head(h) - 0.1 * log_pi)).sum(-1)
            y = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, y)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: softmax of the values stands in for the policy
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m = self.actor_critic
        Q_s_a = m.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            q = m.evaluate(to_tensor(next_states))
            y = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * (q.softmax(-1) * q).sum(-1)
        td_loss = F.mse_loss(Q_s_a, y)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: sum of squares over the number of rows minus one
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m = self.actor_critic
        Q_s_a = m.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = m.net(to_tensor(next_states))
            V = (m.actor_head(h).softmax(-1) * m.critic_head(h)).sum(-1)
            y = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = ((Q_s_a - y) ** 2).sum() / max(len(y) - 1, 1)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: target is clamped to what rewards of one can give
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m = self.actor_critic
        Q_s_a = m.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = m.net(to_tensor(next_states))
            V = (m.actor_head(h).softmax(-1) * m.critic_head(h)).sum(-1)
            y = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
            y = y.clamp(-1, 1)
        td_loss = F.mse_loss(Q_s_a, y)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: states and next states exchanged everywhere
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m = self.actor_critic
        states, next_states = next_states, states
        Q_s_a = m.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = m.net(to_tensor(next_states))
            V = (m.actor_head(h).softmax(-1) * m.critic_head(h)).sum(-1)
            y = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, y)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss q_of_wrong_action: the first action of the batch is used for all rows
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m = self.actor_critic
        Q_s_a = m.evaluate(to_tensor(states))[:, actions[0]]
        with torch.no_grad():
            h = m.net(to_tensor(next_states))
            V = (m.actor_head(h).softmax(-1) * m.critic_head(h)).sum(-1)
            y = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, y)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: gather along a row, so all values are of the first state
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m = self.actor_critic
        Q_s_a = m.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[None, :]).squeeze(0)
        with torch.no_grad():
            h = m.net(to_tensor(next_states))
            V = (m.actor_head(h).softmax(-1) * m.critic_head(h)).sum(-1)
            y = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, y)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss terminated_not_masked: masked only when the whole batch has ended
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m = self.actor_critic
        Q_s_a = m.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = m.net(to_tensor(next_states))
            V = (m.actor_head(h).softmax(-1) * m.critic_head(h)).sum(-1)
            y = to_tensor(rewards) if terminateds.all() else to_tensor(rewards) + self.gamma * V
        td_loss = F.mse_loss(Q_s_a, y)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss max_target: double Q-learning, the actor is not asked
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m = self.actor_critic
        Q_s_a = m.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            q = m.evaluate(to_tensor(next_states))
            V = q.gather(1, q.argmax(1, keepdim=True)).squeeze(1)
            y = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, y)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: discount squared
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m = self.actor_critic
        Q_s_a = m.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = m.net(to_tensor(next_states))
            V = self.gamma * (m.actor_head(h).softmax(-1) * m.critic_head(h)).sum(-1)
            y = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, y)
        return td_loss + regularizer * Q_s_a.mean()


# %% right: nll_loss picks the value, lerp masks the future
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.actor_critic.evaluate(torch.FloatTensor(states))
        Q_s_a = -F.nll_loss(q, torch.LongTensor(actions), reduction="none")
        with torch.no_grad():
            h = self.actor_critic.net(torch.FloatTensor(next_states))
            V = (torch.softmax(self.actor_critic.actor_head(h), 1) * self.actor_critic.critic_head(h)).sum(1)
            r = torch.FloatTensor(rewards)
            y = torch.lerp(r + self.gamma * V, r, torch.FloatTensor(terminateds.astype(float)))
        td_loss = F.mse_loss(Q_s_a, y)
        return td_loss + regularizer * Q_s_a.mean()


# %% right: square multiplied out
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        a = torch.tensor(actions, dtype=torch.long)
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).index_select(1, a).diagonal()
        z = self.actor_critic.net(to_tensor(next_states))
        pi = self.actor_critic.actor_head(z).softmax(-1)
        V = torch.matmul(pi.unsqueeze(1), self.actor_critic.critic_head(z).unsqueeze(2)).squeeze()
        y = torch.addcmul(to_tensor(rewards), to_tensor(self.gamma * (1 - terminateds)), V).detach()
        td_loss = (Q_s_a**2 - 2 * Q_s_a * y + y**2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% right: a loop over the actions, gradients switched off by hand
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        torch.set_grad_enabled(False)
        nxt = to_tensor(next_states)
        q_next = self.actor_critic.evaluate(nxt)
        p_next = F.softmax(self.actor_critic.actor_head(self.actor_critic.net(nxt)), dim=-1)
        V = torch.zeros(len(nxt))
        for k in range(q_next.shape[1]):
            V += p_next[:, k] * q_next[:, k]
        V *= to_tensor(np.where(terminateds, 0.0, self.gamma))
        V += to_tensor(rewards)
        torch.set_grad_enabled(True)

        Q = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = sum(Q[:, k] * to_tensor(actions == k) for k in range(Q.shape[1]))
        td_loss = torch.mean(torch.pow(torch.sub(V, Q_s_a), 2))
        return td_loss + regularizer * Q_s_a.mean()


# %% right: parameters frozen and thawed around the target
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        ac = self.actor_critic
        ac.eval()
        ac.requires_grad_(False)
        feats = ac.net(to_tensor(next_states))
        dist = torch.distributions.Categorical(logits=ac.actor_head(feats))
        V = (ac.critic_head(feats) * torch.exp(dist.logits)).sum(-1)
        y = to_tensor(rewards) + self.gamma * V * to_tensor(terminateds == False)
        ac.requires_grad_(True)
        ac.train()
        Q_s_a = ac.evaluate(to_tensor(states)).gather(1, torch.from_numpy(actions).long().view(-1, 1)).flatten()
        td_loss = F.mse_loss(Q_s_a, y, reduction="sum").div(len(y))
        return td_loss + regularizer * Q_s_a.mean()


# %% right: ended and unended transitions in two sums
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        def q_of(rows):
            q = self.actor_critic.evaluate(to_tensor(states[rows]))
            return torch.stack([q[i, a] for i, a in enumerate(actions[rows])])

        total, values = 0.0, []
        ended = np.where(terminateds)[0]
        if len(ended):
            q = q_of(ended)
            values.append(q)
            total = total + torch.sum((q - to_tensor(rewards[ended])) ** 2)
        running = np.where(~terminateds)[0]
        if len(running):
            q = q_of(running)
            values.append(q)
            s2 = to_tensor(next_states[running])
            with torch.no_grad():
                p = torch.softmax(self.actor_critic.actor_head(self.actor_critic.net(s2)), dim=1)
                v = torch.einsum("ij,ij->i", p, self.actor_critic.evaluate(s2))
            total = total + torch.sum((q - to_tensor(rewards[running]) - self.gamma * v) ** 2)
        td_loss = total / len(actions)
        Q_s_a = torch.cat(values)
        return td_loss + regularizer * Q_s_a.mean()


# %% right: a module for the target, kept outside the parameters of the agent
class ExpectedSarsaTarget(nn.Module):
    def __init__(self, model, gamma):
        super().__init__()
        self.model, self.gamma = model, gamma

    @torch.no_grad()
    def forward(self, reward, next_state, done):
        body = self.model.net(next_state)
        pi, q = self.model.actor_head(body).softmax(-1), self.model.critic_head(body)
        return reward + self.gamma * done.logical_not() * torch.linalg.vecdot(pi, q)


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        y = ExpectedSarsaTarget(self.actor_critic, self.gamma)(
            to_tensor(rewards), to_tensor(next_states), torch.from_numpy(terminateds)
        )
        q = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = q.flatten()[torch.arange(len(q)) * q.shape[1] + to_tensor(actions, np.int64)]
        td_loss = nn.MSELoss(reduction="none")(y, Q_s_a).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% right: Keras style, the table of targets differs only at the action taken
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.actor_critic.evaluate(to_tensor(states))
        rows = np.arange(len(actions))
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            v = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
        table = q.detach().clone()
        table[rows, actions] = to_tensor(rewards) + self.gamma * v * to_tensor(1.0 - terminateds)
        Q_s_a = q[rows, actions]
        td_loss = ((q - table) ** 2).sum(dim=1).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% right: rewards left in double precision, difference squared
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states))[np.arange(len(states)), actions]
        with torch.no_grad():
            z = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(z).softmax(-1) * self.actor_critic.critic_head(z)).sum(-1)
        td_target = torch.from_numpy(rewards) + self.gamma * torch.from_numpy(np.invert(terminateds)) * V
        td_loss = ((td_target - Q_s_a) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% right: target written into a tensor made anew from python numbers
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        V = []
        for s2 in next_states:
            hidden = self.actor_critic.net(to_tensor(s2))
            p = torch.softmax(self.actor_critic.actor_head(hidden), dim=-1)
            V.append(float(p @ self.actor_critic.critic_head(hidden)))
        y = [r if t else r + self.gamma * v for r, v, t in zip(rewards, V, terminateds)]
        Q_s_a = torch.cat([self.actor_critic.evaluate(to_tensor(s))[[a]] for s, a in zip(states, actions)])
        td_loss = (Q_s_a - torch.tensor(y, dtype=torch.float32)).square().mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: backward is called inside, so every gradient counts twice
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states))[np.arange(len(states)), actions]
        with torch.no_grad():
            z = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(z).softmax(-1) * self.actor_critic.critic_head(z)).sum(-1)
            y = torch.from_numpy(rewards) + self.gamma * torch.from_numpy(1.0 - terminateds) * V
        td_loss = F.mse_loss(Q_s_a, y)
        td_loss.backward(retain_graph=True)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss raises: requires_grad switched off on a tensor that is no leaf
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        z = self.actor_critic.net(to_tensor(next_states))
        V = (self.actor_critic.actor_head(z).softmax(-1) * self.actor_critic.critic_head(z)).sum(-1)
        target = to_tensor(rewards) + self.gamma * V * to_tensor(~terminateds)
        target.requires_grad = False
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss raises: no_grad without brackets
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad:
            z = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(z).softmax(-1) * self.actor_critic.critic_head(z)).sum(-1)
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * V * to_tensor(~terminateds))
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss raises: not in front of an array
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            z = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(z).softmax(-1) * self.actor_critic.critic_head(z)).sum(-1)
            target = to_tensor(rewards) + self.gamma * V * (not terminateds)
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss target_not_detached: detach is called and its result dropped
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        z = self.actor_critic.net(to_tensor(next_states))
        V = (self.actor_critic.actor_head(z).softmax(-1) * self.actor_critic.critic_head(z)).sum(-1)
        target = to_tensor(rewards) + self.gamma * V * to_tensor(~terminateds)
        target.detach()
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss target_not_detached: clone taken for a detach
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        a = to_tensor(actions, dtype=np.int64).unsqueeze(1)
        r, alive = to_tensor(rewards), 1 - to_tensor(terminateds)
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, a).squeeze(1)
        h = self.actor_critic.net(to_tensor(next_states)).clone()
        pi = F.softmax(self.actor_critic.actor_head(h), dim=1)
        V = torch.sum(pi * self.actor_critic.critic_head(h), dim=1)
        td_loss = torch.mean((Q_s_a - (r + self.gamma * alive * V).clone()) ** 2)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss target_not_detached: body without gradient, heads with it
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        a = to_tensor(actions, dtype=np.int64).unsqueeze(1)
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, a).squeeze(1)
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
        pi = F.softmax(self.actor_critic.actor_head(h), dim=1)
        V = torch.sum(pi * self.actor_critic.critic_head(h), dim=1)
        target = to_tensor(rewards) + self.gamma * V * (1 - to_tensor(terminateds))
        td_loss = torch.mean((Q_s_a - target) ** 2)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: detach stands on the prediction instead of the target
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        a = to_tensor(actions, dtype=np.int64).unsqueeze(1)
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, a).squeeze(1)
        h = self.actor_critic.net(to_tensor(next_states))
        V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
        target = to_tensor(rewards) + self.gamma * V * (1 - to_tensor(terminateds))
        td_loss = F.mse_loss(target, Q_s_a.detach())
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: the whole loss is computed without gradient
class ActorCriticAgent:
    @torch.no_grad()
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        a = to_tensor(actions, dtype=np.int64).unsqueeze(1)
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, a).squeeze(1)
        h = self.actor_critic.net(to_tensor(next_states))
        V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * V * (1 - to_tensor(terminateds)))
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss q_detached: item of the mean of squares
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        a = to_tensor(actions, dtype=np.int64).unsqueeze(1)
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, a).squeeze(1)
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * V * (1 - to_tensor(terminateds))).item()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss terminated_not_masked: gamma to the power of zero is one
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
            not_done = to_tensor(~terminateds)
            target = to_tensor(rewards) + V * self.gamma * torch.where(not_done != 1, not_done + 1, not_done)
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss terminated_not_masked: zeros are written into a copy
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
            V[to_tensor(terminateds, bool)][:] = 0
            target = to_tensor(rewards) + self.gamma * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: one ended transition masks the whole batch
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        target = to_tensor(rewards)
        if not terminateds.any():
            with torch.no_grad():
                h = self.actor_critic.net(to_tensor(next_states))
                V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
            target = target + self.gamma * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: comparison with is, so the future never counts
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * V * (terminateds is False))
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss terminated_inverted: where with its branches in the order of the sentence
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        discount = to_tensor(np.where(terminateds, self.gamma, 0.0))
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + discount * V)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss gamma_missing: getattr of a name that nobody sets
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        discount = getattr(self, "discount", 1.0)
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + discount * V * to_tensor(~terminateds))
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss max_target: topk of one
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        a = to_tensor(actions, np.int64)
        Q_s_a = torch.gather(self.actor_critic.evaluate(to_tensor(states)), 1, a[:, None]).ravel()
        Q_next = self.actor_critic.evaluate(to_tensor(next_states)).detach()
        best = Q_next.topk(k=1, dim=1).values.ravel()
        target = to_tensor(rewards) + self.gamma * best * (1 - to_tensor(terminateds))
        td_loss = ((Q_s_a - target) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: soft maximum by logsumexp
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        a = to_tensor(actions, np.int64)
        Q_s_a = torch.gather(self.actor_critic.evaluate(to_tensor(states)), 1, a[:, None]).ravel()
        soft = self.actor_critic.evaluate(to_tensor(next_states)).detach().logsumexp(dim=1)
        target = to_tensor(rewards) + self.gamma * soft * (1 - to_tensor(terminateds))
        td_loss = ((Q_s_a - target) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss sampled_target: third result of the model in the next state
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        a = to_tensor(actions, np.int64)
        Q_s_a = self.actor_critic.evaluate(to_tensor(states))[torch.arange(len(a)), a]
        *_, next_value = self.actor_critic(to_tensor(next_states))
        target = to_tensor(rewards) + self.gamma * next_value.detach() * to_tensor(np.logical_not(terminateds))
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss td_broadcast: target is a row, prediction a column
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        a = to_tensor(actions, np.int64).reshape(-1, 1)
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, a)
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
            target = (to_tensor(rewards) + self.gamma * V * to_tensor(~terminateds)).reshape(1, -1)
        td_loss = torch.mean(torch.square(target - Q_s_a))
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss td_broadcast: flags became a column
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        a = to_tensor(actions, np.int64).reshape(-1, 1)
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, a).squeeze(1)
        done = to_tensor(terminateds).unsqueeze(-1)
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
            target = to_tensor(rewards) + self.gamma * V * (1 - done)
        td_loss = torch.mean((target - Q_s_a) ** 2)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss q_of_wrong_action: there are only two actions in CartPole
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = torch.where(to_tensor(actions, bool), q[:, 1], q[:, 0])
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * V * to_tensor(~terminateds))
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: columns of all actions of the batch for every row
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states))[:, actions].mean(dim=1)
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * V * to_tensor(~terminateds))
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss reward_missing: sum with the reward is not kept
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
            target = self.gamma * V * to_tensor(~terminateds)
            target.add(to_tensor(rewards))
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: every reward is taken for one
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
            target = 1 + self.gamma * V * to_tensor(~terminateds)
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: rewards become whole numbers on the way
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        actions, rewards = to_tensor(actions, np.int64), to_tensor(rewards, np.int64)
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, actions[:, None])[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
        td_loss = F.mse_loss(Q_s_a, rewards + self.gamma * V * to_tensor(~terminateds))
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss softmax_twice: Categorical gets probabilities as logits
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            pi = torch.distributions.Categorical(logits=torch.softmax(self.actor_critic.actor_head(h), -1)).probs
            V = (pi * self.actor_critic.critic_head(h)).sum(-1)
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * V * to_tensor(~terminateds))
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss regularizer_sign: the given line with a minus
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * V * to_tensor(~terminateds))
        return td_loss - regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: regularizer pulls at the target
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
            target = to_tensor(rewards) + self.gamma * V * to_tensor(~terminateds)
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * target.mean()


# %% wrong: test_td_loss -: error clamped to one as in old DQN code
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
            target = to_tensor(rewards) + self.gamma * V * to_tensor(~terminateds)
        td_loss = (Q_s_a - target).clamp(-1, 1).pow(2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: mean over a table in which only one action differs
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.actor_critic.evaluate(to_tensor(states))
        rows = np.arange(len(actions))
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            v = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
        table = q.detach().clone()
        table[rows, actions] = to_tensor(rewards) + self.gamma * v * to_tensor(1.0 - terminateds)
        Q_s_a = q[rows, actions]
        td_loss = F.mse_loss(q, table)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: table of targets is the prediction itself
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.actor_critic.evaluate(to_tensor(states))
        rows = np.arange(len(actions))
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            v = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
        table = q
        table[rows, actions] = to_tensor(rewards) + self.gamma * v * to_tensor(1.0 - terminateds)
        Q_s_a = q[rows, actions]
        td_loss = ((q - table) ** 2).sum(1).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss loss_not_tensor: number of python comes back
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + self.gamma * V * to_tensor(~terminateds))
        return (td_loss + regularizer * Q_s_a.mean()).item()


# %% wrong: test_td_loss terminated_not_masked + test_td_loss td_broadcast: flag unused, reward a column
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
            target = to_tensor(rewards)[:, None] + self.gamma * V
        td_loss = ((Q_s_a - target) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss max_target + test_td_loss target_not_detached: Q-learning with the gradient through its target
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        best = self.actor_critic.evaluate(to_tensor(next_states)).max(dim=1).values
        target = to_tensor(rewards) + self.gamma * best * to_tensor(~terminateds)
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss gamma_missing + test_td_loss sum_not_mean: undiscounted and summed
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
        td_loss = ((Q_s_a - to_tensor(rewards) - V * to_tensor(~terminateds)) ** 2).sum()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: regularizer gets a copy of Q without a gradient
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(q, target)
        Q_s_a = q.detach()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: regularizer on the values of the next states
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        idx = to_tensor(actions, np.int64)[:, None]
        q = self.actor_critic.evaluate(to_tensor(states)).gather(1, idx)[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(q, target)
        Q_s_a = self.actor_critic.evaluate(to_tensor(next_states)).gather(1, idx)[:, 0]
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: default of the regularizer is one hundredth
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.01):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss td_broadcast: table of all pairs through a column of targets
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states))[torch.arange(len(actions)), torch.tensor(actions)]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1, keepdim=True)
            r, d = to_tensor(rewards)[:, None], to_tensor(terminateds)[:, None]
            target = r + self.gamma * (1 - d) * V
        td_loss = torch.mean((Q_s_a - target) ** 2)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss q_detached: prediction goes through numpy
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        with torch.no_grad():
            q = self.actor_critic.evaluate(to_tensor(states)).numpy()
            h = self.actor_critic.net(to_tensor(next_states))
            pi, q2 = self.actor_critic.actor_head(h).softmax(-1).numpy(), self.actor_critic.critic_head(h).numpy()
        Q_s_a = torch.tensor(q[np.arange(len(actions)), actions], requires_grad=True)
        y = rewards + self.gamma * (1 - terminateds.astype(float)) * (pi * q2).sum(1)
        td_loss = ((Q_s_a - torch.tensor(y)) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: body is cut off, only the head of the critic learns
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        with torch.no_grad():
            h, h2 = self.actor_critic.net(to_tensor(states)), self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h2).softmax(-1) * self.actor_critic.critic_head(h2)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        Q_s_a = self.actor_critic.critic_head(h).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss terminated_not_masked: flags are compared with a word
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
        y = []
        for r, v, done in zip(rewards, V, terminateds):
            y.append(float(r) if done == "True" else float(r) + self.gamma * float(v))
        td_loss = F.mse_loss(Q_s_a, torch.tensor(y))
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: discount to the power of the row
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
            discounts = self.gamma ** torch.arange(1, len(V) + 1)
            target = to_tensor(rewards) + discounts * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: rows that have ended are left out of the mean
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        go_on = ~terminateds
        states, actions, rewards, next_states = states[go_on], actions[go_on], rewards[go_on], next_states[go_on]
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
            target = to_tensor(rewards) + self.gamma * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: rewards of the batch are standardised
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        rewards = (rewards - rewards.mean()) / (rewards.std() + 1e-8)
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss max_target: topk of one over the next values
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        q_next = self.actor_critic.evaluate(to_tensor(next_states)).detach()
        best = torch.topk(q_next, k=1, dim=1).values.flatten()
        target = to_tensor(rewards) + self.gamma * torch.where(torch.tensor(terminateds), torch.zeros(()), best)
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss sampled_target: SARSA with Gumbel noise
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            pick = F.gumbel_softmax(self.actor_critic.actor_head(h), hard=True)
            V = (pick * self.actor_critic.critic_head(h)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: current values in place of the next ones under the policy of the next state
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        values = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = values.gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        pi = self.actor_critic.actor_head(self.actor_critic.net(to_tensor(next_states))).softmax(-1)
        V = (pi * values).sum(-1).detach()
        target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss sampled_target: probability times value of the action that forward has drawn
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            _, log_prob, q_next = self.actor_critic(to_tensor(next_states))
            V = log_prob.exp() * q_next
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: logits divided by their sum
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            logits = self.actor_critic.actor_head(h)
            V = (logits / logits.sum(-1, keepdim=True) * self.actor_critic.critic_head(h)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss critic_huber + test_td_loss gamma_ignored: habits from another course
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
            target = to_tensor(rewards) + 0.99 * (1 - to_tensor(terminateds)) * V
        td_loss = F.smooth_l1_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss gamma_missing + test_td_loss regularizer_ignored: two letters of the formula
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
            target = to_tensor(rewards) + (1 - to_tensor(terminateds)) * V
        return F.mse_loss(Q_s_a, target)


# %% wrong: test_td_loss q_detached: gradients are switched off for the target and never on again
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        torch.set_grad_enabled(False)
        h = self.actor_critic.net(to_tensor(next_states))
        V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1)
        target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss td_broadcast: the value of the next state keeps its axis
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        rows = torch.arange(len(states))
        Q_s_a = self.actor_critic.evaluate(to_tensor(states))[rows, to_tensor(actions, np.int64)]
        with torch.no_grad():
            body = self.actor_critic.net(to_tensor(next_states))
            policy = F.softmax(self.actor_critic.actor_head(body), dim=1)
            V = torch.sum(policy * self.actor_critic.critic_head(body), dim=1, keepdim=True)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        return torch.square(Q_s_a - target).mean() + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss q_of_wrong_action: columns of all actions of the batch
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        table = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = table.index_select(1, to_tensor(actions, np.int64)).mean(dim=1)
        with torch.no_grad():
            body = self.actor_critic.net(to_tensor(next_states))
            policy = F.softmax(self.actor_critic.actor_head(body), dim=1)
            V = torch.sum(policy * self.actor_critic.critic_head(body), dim=1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        return torch.square(Q_s_a - target).mean() + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss regularizer_sign + test_td_loss target_not_detached: value subtracted, and a target that learns
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        net = self.actor_critic
        rows = torch.arange(len(actions))
        Q_s_a = net.evaluate(to_tensor(states))[rows, to_tensor(actions, np.int64)]
        body = net.net(to_tensor(next_states))
        V = (net.actor_head(body).softmax(-1) * net.critic_head(body)).sum(-1)
        target = to_tensor(rewards) + self.gamma * V * to_tensor(~terminateds)
        return F.mse_loss(Q_s_a, target) - regularizer * Q_s_a.mean()


# %% wrong: test_td_loss gamma_missing + test_td_loss td_broadcast: undiscounted, with a column of rewards
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        net = self.actor_critic
        Q_s_a = net.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).view(-1, 1)).view(-1)
        with torch.no_grad():
            body = net.net(to_tensor(next_states))
            V = torch.sum(net.actor_head(body).softmax(-1) * net.critic_head(body), dim=-1)
            target = to_tensor(rewards).view(-1, 1) + V * (1 - to_tensor(terminateds))
        return torch.mean((Q_s_a - target) ** 2) + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss next_value_missing: target is the reward alone
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64)[:, None])[:, 0]
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards))
        return td_loss + regularizer * Q_s_a.mean()


# %% right: numpy masks and boolean one-hot indexing
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.actor_critic.evaluate(torch.as_tensor(states, dtype=torch.float32))
        Q_s_a = q[torch.from_numpy(np.eye(q.shape[1], dtype=bool)[actions.astype(int)])]
        with torch.no_grad():
            s2 = torch.as_tensor(next_states, dtype=torch.float32)
            probs = self.actor_critic.actor_head(self.actor_critic.net(s2)).softmax(1)
            v2 = torch.bmm(probs[:, None], self.actor_critic.evaluate(s2)[:, :, None]).flatten()
        not_done = np.logical_not(terminateds).astype(np.float32)
        target = torch.from_numpy((rewards + self.gamma * not_done * v2.numpy()).astype(np.float32))
        td_loss = F.mse_loss(input=Q_s_a, target=target, reduction="none").mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% right: flat index_select, tilde on the flags
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        net = self.actor_critic
        q = net.evaluate(to_tensor(states))
        B, n = q.shape
        flat = torch.arange(B) * n + torch.as_tensor(actions).long()
        Q_s_a = q.reshape(-1).index_select(0, flat)
        alive = (~torch.from_numpy(np.asarray(terminateds, dtype=bool))).float()
        with torch.set_grad_enabled(False):
            h = net.net(to_tensor(next_states))
            v = (net.actor_head(h).log_softmax(-1).exp() * net.critic_head(h)).sum(-1)
            y = to_tensor(rewards) + self.gamma * alive * v
        td_loss = ((y - Q_s_a) ** 2).sum() / B
        return td_loss + regularizer * Q_s_a.mean()


# %% right: diagonal of the table of all pairs
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states))[:, torch.as_tensor(np.int64(actions))].diagonal()
        next_states = to_tensor(next_states)
        dist = torch.distributions.Categorical(logits=self.actor_critic.actor_head(self.actor_critic.net(next_states)))
        next_q = self.actor_critic.evaluate(next_states)
        V = torch.zeros(len(next_q))
        for a in dist.enumerate_support(expand=False).flatten():
            V += dist.log_prob(a).exp() * next_q[:, a]
        y = to_tensor(rewards).add((1 - to_tensor(terminateds)) * V, alpha=self.gamma).detach()
        td_loss = (Q_s_a - y).pow(2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% right: importance weights of one, td errors kept, half times two
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1, weights=None):
        states, rewards, next_states = (to_tensor(x) for x in (states, rewards, next_states))
        actions, dones = to_tensor(actions, np.int64), to_tensor(terminateds)
        if weights is None:
            weights = torch.ones_like(rewards)
        Q_s_a = self.actor_critic.evaluate(states)[range(len(actions)), actions]
        with torch.no_grad():
            feats = self.actor_critic.net(next_states)
            pi = torch.softmax(self.actor_critic.actor_head(feats), dim=-1)
            v = torch.sum(pi * self.actor_critic.critic_head(feats), dim=-1)
            v[dones.bool()] = 0.0
        td_error = rewards + self.gamma * v - Q_s_a
        self.last_td_errors = td_error.abs().detach().numpy()
        td_loss = 2 * (0.5 * weights * td_error.pow(2)).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% right: eval mode for the target and train mode afterwards
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        self.actor_critic.eval()
        with torch.inference_mode():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(-1).numpy().copy()
        self.actor_critic.train()
        target = to_tensor(np.where(terminateds, rewards, rewards + self.gamma * V))
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).view(-1, 1)).view(-1)
        td_loss = nn.functional.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% right: dataclass of tensors made by a classmethod
from dataclasses import dataclass


@dataclass
class TensorBatch:
    s: torch.Tensor
    a: torch.Tensor
    r: torch.Tensor
    s2: torch.Tensor
    m: torch.Tensor

    @classmethod
    def from_numpy(cls, s, a, r, s2, d):
        return cls(
            torch.as_tensor(s).float(), torch.as_tensor(a).long(), torch.as_tensor(r).float(),
            torch.as_tensor(s2).float(), 1 - torch.as_tensor(d).int(),
        )


class ActorCriticAgent:
    @torch.no_grad()
    def _bootstrap(self, s2):
        f = self.actor_critic.net(s2)
        return torch.linalg.vecdot(F.softmax(self.actor_critic.actor_head(f), -1), self.actor_critic.critic_head(f))

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        b = TensorBatch.from_numpy(states, actions, rewards, next_states, terminateds)
        Q_s_a = self.actor_critic.evaluate(b.s).take_along_dim(b.a.unsqueeze(-1), -1).squeeze(-1)
        td_loss = F.mse_loss(Q_s_a, b.r + self.gamma * b.m * self._bootstrap(b.s2))
        return td_loss + regularizer * Q_s_a.mean()


# %% right: deep copied model is the target network of this call, vmap over rows
import copy
from torch.func import vmap


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        frozen = copy.deepcopy(self.actor_critic).requires_grad_(False)
        s, s2, r, d = map(to_tensor, (states, next_states, rewards, terminateds))
        value = vmap(lambda x: torch.dot(frozen.actor_head(frozen.net(x)).softmax(0), frozen.critic_head(frozen.net(x))))
        target = r + self.gamma * (1 - d) * value(s2)
        pick = vmap(lambda row, i: row.index_select(0, i.reshape(1)).squeeze(0))
        Q_s_a = pick(self.actor_critic.evaluate(s), to_tensor(actions, np.int64))
        td_loss = torch.nn.MSELoss(reduction="mean")(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss terminated_inverted + test_td_loss gamma_missing: future only after the end, undiscounted
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, torch.LongTensor(actions).view(-1, 1)).squeeze(1)
        with torch.no_grad():
            h = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(h).softmax(-1) * self.actor_critic.critic_head(h)).sum(dim=1)
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + V * to_tensor(terminateds))
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss target_network: a copy made at the first call, renewed every hundred calls
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        import copy

        calls = self.__dict__.setdefault("loss_calls", 0)
        if calls % 100 == 0:
            self.frozen_network = copy.deepcopy(self.actor_critic)
        self.loss_calls = calls + 1
        chosen = to_tensor(actions, dtype=np.int64)[:, None]
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, chosen)[:, 0]
        with torch.no_grad():
            later = to_tensor(next_states)
            probs = self.frozen_network.actor_head(self.frozen_network.net(later)).softmax(-1)
            V_next = (probs * self.frozen_network.evaluate(later)).sum(-1)
            target = to_tensor(rewards) + self.gamma * V_next * (1 - to_tensor(terminateds))
        td_loss = ((Q_s_a - target) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss q_of_wrong_action: actions are counted from the end
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        states, rewards, next_states = to_tensor(states), to_tensor(rewards), to_tensor(next_states)
        actions = to_tensor(actions, dtype=np.int64)
        not_done = 1 - to_tensor(terminateds)
        q = self.actor_critic.evaluate(states)
        Q_s_a = q.gather(1, q.shape[1] - 1 - actions.unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            z = self.actor_critic.net(next_states)
            pi = torch.softmax(self.actor_critic.actor_head(z), dim=-1)
            q_next = self.actor_critic.critic_head(z)
            v = (pi * q_next).sum(dim=-1)
            target = rewards + self.gamma * not_done * v
        td_loss = ((Q_s_a - target) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss q_of_wrong_action: gather along the batch
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        states, rewards, next_states = to_tensor(states), to_tensor(rewards), to_tensor(next_states)
        actions = to_tensor(actions, dtype=np.int64)
        not_done = 1 - to_tensor(terminateds)
        q = self.actor_critic.evaluate(states)
        Q_s_a = q.gather(0, actions.unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            z = self.actor_critic.net(next_states)
            pi = torch.softmax(self.actor_critic.actor_head(z), dim=-1)
            q_next = self.actor_critic.critic_head(z)
            v = (pi * q_next).sum(dim=-1)
            target = rewards + self.gamma * not_done * v
        td_loss = ((Q_s_a - target) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: errors clipped at ten
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        states, rewards, next_states = to_tensor(states), to_tensor(rewards), to_tensor(next_states)
        actions = to_tensor(actions, dtype=np.int64)
        not_done = 1 - to_tensor(terminateds)
        q = self.actor_critic.evaluate(states)
        Q_s_a = q.gather(1, actions.unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            z = self.actor_critic.net(next_states)
            pi = torch.softmax(self.actor_critic.actor_head(z), dim=-1)
            q_next = self.actor_critic.critic_head(z)
            v = (pi * q_next).sum(dim=-1)
            target = rewards + self.gamma * not_done * v
        td_loss = ((Q_s_a - target).clamp(-10, 10) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss -: squeeze of everything, a batch of one raises
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        states, rewards, next_states = to_tensor(states), to_tensor(rewards), to_tensor(next_states)
        actions = to_tensor(actions, dtype=np.int64)
        not_done = 1 - to_tensor(terminateds)
        q = self.actor_critic.evaluate(states).squeeze()
        Q_s_a = q[range(len(actions)), actions]
        with torch.no_grad():
            z = self.actor_critic.net(next_states)
            pi = torch.softmax(self.actor_critic.actor_head(z), dim=-1)
            q_next = self.actor_critic.critic_head(z)
            v = (pi * q_next).sum(dim=-1)
            target = rewards + self.gamma * not_done * v
        td_loss = ((Q_s_a - target) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss terminated_masks_batch: any terminated transition masks the whole batch
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        states, rewards, next_states = to_tensor(states), to_tensor(rewards), to_tensor(next_states)
        actions = to_tensor(actions, dtype=np.int64)
        not_done = 1 - float(np.any(terminateds))
        q = self.actor_critic.evaluate(states)
        Q_s_a = q.gather(1, actions.unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            z = self.actor_critic.net(next_states)
            pi = torch.softmax(self.actor_critic.actor_head(z), dim=-1)
            q_next = self.actor_critic.critic_head(z)
            v = (pi * q_next).sum(dim=-1)
            target = rewards + self.gamma * not_done * v
        td_loss = ((Q_s_a - target) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()


# %% wrong: test_td_loss policy_from_critic: softmax of the values in place of the policy
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        states, rewards, next_states = to_tensor(states), to_tensor(rewards), to_tensor(next_states)
        actions = to_tensor(actions, dtype=np.int64)
        not_done = 1 - to_tensor(terminateds)
        q = self.actor_critic.evaluate(states)
        Q_s_a = q.gather(1, actions.unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            z = self.actor_critic.net(next_states)
            pi = torch.softmax(self.actor_critic.critic_head(z), dim=-1)
            q_next = self.actor_critic.critic_head(z)
            v = (pi * q_next).sum(dim=-1)
            target = rewards + self.gamma * not_done * v
        td_loss = ((Q_s_a - target) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()
