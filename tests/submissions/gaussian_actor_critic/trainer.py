"""Right and wrong answers to the cell trainer, as students could write them."""

# %% right: one loss for both, shuffled by numpy
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        T, N = rollout["rewards"].shape
        n = T * N
        states = torch.as_tensor(rollout["states"].reshape(n, -1))
        next_states = torch.as_tensor(rollout["next_states"].reshape(n, -1))
        actions = torch.as_tensor(rollout["actions"].reshape(n, -1))
        old = torch.as_tensor(rollout["log_probs"].reshape(n))
        with torch.no_grad():
            v = self.critic(states).numpy().reshape(T, N)
            nv = self.critic(next_states).numpy().reshape(T, N)
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = torch.as_tensor(np.asarray(adv), dtype=torch.float32).reshape(n)
        ret = torch.as_tensor(np.asarray(ret), dtype=torch.float32).reshape(n)
        for epoch in range(epochs):
            order = np.random.permutation(n)
            for start in range(0, n, minibatch_size):
                idx = order[start : start + minibatch_size]
                mean, log_std = self.actor(states[idx])
                log_probs = Normal(mean, log_std.exp()).log_prob(actions[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(
                    log_probs, old[idx], adv[idx], self.critic(states[idx]), ret[idx]
                )
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + 0.5 * critic_loss).backward()
                torch.nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                torch.nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% right: the critic first, then the actor, each with its own order
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        with torch.no_grad():
            v = self.critic(torch.as_tensor(rollout["states"])).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (rollout["states"], rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                loss = F.mse_loss(self.critic(s[idx]), ret[idx])
                self.critic_opt.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.critic_opt.step()
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                log_probs = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                ratio = torch.exp(log_probs - old[idx])
                A = (adv[idx] - adv[idx].mean()) / (adv[idx].std() + 1e-8)
                loss = -torch.min(ratio * A, ratio.clamp(0.8, 1.2) * A).mean()
                self.actor_opt.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                self.actor_opt.step()


# %% right: a DataLoader
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.from_numpy(rollout["states"])
        values = self.critic(states).detach()
        next_values = self.critic(torch.from_numpy(rollout["next_states"])).detach()
        advantages, returns = compute_gae(
            rollout["rewards"], values.numpy(), next_values.numpy(),
            rollout["terminated"], rollout["truncated"], self.gamma, self.lam,
        )
        fields = [states, torch.from_numpy(rollout["actions"]), torch.from_numpy(rollout["log_probs"])]
        fields += [torch.as_tensor(np.asarray(x)).float() for x in (advantages, returns)]
        data = torch.utils.data.TensorDataset(*(f.flatten(0, 1) for f in fields))
        loader = torch.utils.data.DataLoader(data, batch_size=minibatch_size, shuffle=True)
        for _ in range(epochs):
            for s, a, old, adv, ret in loader:
                mean, log_std = self.actor(s)
                log_prob = torch.distributions.Independent(Normal(mean, log_std.exp()), 1).log_prob(a)
                actor_loss, critic_loss = actor_critic_losses(log_prob, old, adv, self.critic(s), ret)
                for net, opt, loss in ((self.actor, self.actor_opt, actor_loss), (self.critic, self.critic_opt, critic_loss)):
                    opt.zero_grad()
                    loss.backward()
                    nn.utils.clip_grad_norm_(net.parameters(), self.max_grad_norm)
                    opt.step()


# %% right: own estimate, own losses, in order, centred advantages
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        s, s2 = torch.tensor(rollout["states"]), torch.tensor(rollout["next_states"])
        r = torch.tensor(rollout["rewards"])
        term, trunc = torch.tensor(rollout["terminated"]), torch.tensor(rollout["truncated"])
        with torch.no_grad():
            v, v2 = self.critic(s), self.critic(s2)
            delta = r + self.gamma * v2 * (~term).float() - v
            adv, carry = torch.zeros_like(delta), torch.zeros(delta.shape[1])
            for t in range(delta.shape[0] - 1, -1, -1):
                carry = delta[t] + self.gamma * self.lam * carry * (~(term[t] | trunc[t])).float()
                adv[t] = carry
            ret = (adv + v).flatten()
        adv = adv.flatten() - adv.mean()
        s, a = s.flatten(0, 1), torch.tensor(rollout["actions"]).flatten(0, 1)
        with torch.no_grad():
            old = self._log_prob(s, a)
        for _ in range(epochs):
            for i in range(0, len(s), minibatch_size):
                part = slice(i, i + minibatch_size)
                ratio = torch.exp(self._log_prob(s[part], a[part]) - old[part])
                gain = torch.min(ratio * adv[part], ratio.clamp(0.8, 1.2) * adv[part]).mean()
                self.actor_opt.zero_grad()
                (-gain).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.zero_grad()
                ((self.critic(s[part]) - ret[part]) ** 2).mean().backward()
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.critic_opt.step()

    def _log_prob(self, states, actions):
        mean, log_std = self.actor(states)
        return Normal(mean, log_std.exp()).log_prob(actions).sum(-1)


# %% right: advantages anew before every epoch
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old = flat(rollout["states"]), flat(rollout["actions"]), flat(rollout["log_probs"])
        for _ in range(epochs):
            adv, ret = self.estimate(rollout)
            adv = (adv - adv.mean()) / (adv.std() + 1e-8)
            adv, ret = flat(adv), flat(ret)
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                al, cl = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                al.backward()
                cl.backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.critic_opt.step()
                self.actor_opt.step()

    @torch.no_grad()
    def estimate(self, rollout):
        v = self.critic(torch.as_tensor(rollout["states"])).numpy()
        nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        return np.asarray(adv), np.asarray(ret)


# %% right: both networks clipped together, the rest left out
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        with torch.no_grad():
            v = self.critic(torch.as_tensor(rollout["states"])).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        s, a, old, adv, ret = map(flat, (rollout["states"], rollout["actions"], rollout["log_probs"], adv, ret))
        everything = [*self.actor.parameters(), *self.critic.parameters()]
        for _ in range(epochs):
            order = torch.randperm(len(s))
            for k in range(len(s) // minibatch_size):
                idx = order[k * minibatch_size : (k + 1) * minibatch_size]
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                losses = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                sum(losses).backward()
                nn.utils.clip_grad_norm_(everything, self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% right: the rest joins the others, gradients shortened by hand
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        with torch.no_grad():
            v = self.critic(torch.as_tensor(rollout["states"])).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        s, a, old, adv, ret = map(flat, (rollout["states"], rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in np.array_split(np.random.permutation(len(s)), len(s) // minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                al, cl = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.go(self.actor, self.actor_opt, al)
                self.go(self.critic, self.critic_opt, cl)

    def go(self, net, opt, loss):
        for p in net.parameters():
            p.grad = None
        loss.backward()
        norm = torch.sqrt(sum((p.grad**2).sum() for p in net.parameters()))
        if norm > self.max_grad_norm:
            for p in net.parameters():
                p.grad *= self.max_grad_norm / norm
        opt.step()


# %% right: the last minibatch takes the rest
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        with torch.no_grad():
            v = self.critic(torch.as_tensor(rollout["states"])).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        s, a, old, adv, ret = map(flat, (rollout["states"], rollout["actions"], rollout["log_probs"], adv, ret))
        n = len(s)
        count = max(1, n // minibatch_size)
        for _ in range(epochs):
            order = random.sample(range(n), n)
            for k in range(count):
                end = n if k == count - 1 else (k + 1) * minibatch_size
                idx = torch.tensor(order[k * minibatch_size : end])
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                al, cl = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad(set_to_none=False)
                self.critic_opt.zero_grad(set_to_none=False)
                (al + cl).backward()
                for net in (self.actor, self.critic):
                    nn.utils.clip_grad_norm_(net.parameters(), max_norm=self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% right: a distribution made by a method of the actor
class ActorNetwork(nn.Module):
    def distribution(self, state):
        mean, log_std = self(state)
        return Normal(mean, log_std.exp())


class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        with torch.no_grad():
            v = self.critic(torch.as_tensor(rollout["states"])).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        s, a, old, adv, ret = map(flat, (rollout["states"], rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                lp = self.actor.distribution(s[idx]).log_prob(a[idx]).sum(-1)
                al, cl = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (al + cl).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% right: the actor's own layers used by a method of its own
class ActorNetwork(nn.Module):
    def log_prob(self, state, action):
        h = self.body(state)
        mean, std = 2 * torch.tanh(self.mean(h)), self.log_std(h).clamp(-20, 2).exp()
        return (-0.5 * ((action - mean) / std) ** 2 - std.log() - 0.5 * np.log(2 * np.pi)).sum(-1)


class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, s2 = flat(rollout["states"]), flat(rollout["next_states"])
        shape = rollout["rewards"].shape
        with torch.no_grad():
            v, nv = (self.critic(x).numpy().reshape(shape) for x in (s, s2))
        adv, ret = compute_gae(rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        a, adv, ret = map(flat, (rollout["actions"], adv, ret))
        old = self.actor.log_prob(s, a).detach()
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                lp = self.actor.log_prob(s[idx], a[idx])
                al, cl = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (al + cl).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% right: gradients computed by autograd.grad and put in place
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        with torch.no_grad():
            v = self.critic(torch.as_tensor(rollout["states"])).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        s, a, old, adv, ret = map(flat, (rollout["states"], rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                al, cl = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                for net, opt, loss in ((self.actor, self.actor_opt, al), (self.critic, self.critic_opt, cl)):
                    grads = torch.autograd.grad(loss, list(net.parameters()))
                    norm = torch.linalg.vector_norm(torch.cat([g.flatten() for g in grads]))
                    scale = min(1.0, self.max_grad_norm / float(norm))
                    for p, g in zip(net.parameters(), grads):
                        p.grad = g * scale
                    opt.step()


# %% right: advantages over their deviation, rollout kept on self
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        self.rollout = {k: torch.as_tensor(x) for k, x in rollout.items()}
        with torch.no_grad():
            v = self.critic(self.rollout["states"].float())
            nv = self.critic(self.rollout["next_states"].float())
        adv, ret = compute_gae(
            rollout["rewards"], v.numpy(), nv.numpy(), rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = np.asarray(adv)
        adv = adv / adv.std()
        indices = [(t, n) for t in range(adv.shape[0]) for n in range(adv.shape[1])]
        adv, ret = torch.as_tensor(adv).float(), torch.as_tensor(np.asarray(ret)).float()
        for _ in range(epochs):
            random.shuffle(indices)
            for start in range(0, len(indices), minibatch_size):
                t, n = map(list, zip(*indices[start : start + minibatch_size]))
                s, a = self.rollout["states"][t, n], self.rollout["actions"][t, n]
                mean, log_std = self.actor(s)
                lp = Normal(mean, log_std.exp()).log_prob(a).sum(-1)
                al, cl = actor_critic_losses(lp, self.rollout["log_probs"][t, n], adv[t, n], self.critic(s), ret[t, n])
                self.actor_opt.zero_grad()
                al.backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.zero_grad()
                cl.backward()
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.critic_opt.step()
        return {"actor_loss": al.item(), "critic_loss": cl.item()}


# %% right: fields taken out of the rollout in their order
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states, next_states, actions, old_log_probs, rewards, terminated, truncated = (
            torch.as_tensor(field).flatten(0, 1) for field in list(rollout.values())[:7]
        )
        shape = rollout["rewards"].shape
        with torch.no_grad():
            values, next_values = (
                self.critic(part).reshape(shape).numpy() for part in (states, next_states)
            )
        advantages, returns = compute_gae(
            *(part.reshape(shape).numpy() for part in (rewards,)),
            values,
            next_values,
            rollout["terminated"],
            rollout["truncated"],
            self.gamma,
            self.lam,
        )
        advantages, returns = (torch.as_tensor(part).float().flatten() for part in (advantages, returns))
        for _ in range(epochs):
            for i in torch.randperm(len(states)).split(minibatch_size):
                mean, log_std = self.actor(states[i])
                log_probs = Normal(mean, log_std.exp()).log_prob(actions[i]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(
                    log_probs, old_log_probs[i], advantages[i], self.critic(states[i]), returns[i]
                )
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% right: both networks go over to float64
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        self.actor.double()
        self.critic.double()
        states, actions = (torch.as_tensor(rollout[name]).double().flatten(0, 1) for name in ("states", "actions"))
        old_log_probs = torch.as_tensor(rollout["log_probs"]).double().flatten()
        with torch.no_grad():
            values = self.critic(states).reshape(rollout["rewards"].shape).numpy()
            next_values = self.critic(torch.as_tensor(rollout["next_states"]).double().flatten(0, 1))
        advantages, returns = compute_gae(
            rollout["rewards"],
            values,
            next_values.reshape(values.shape).numpy(),
            rollout["terminated"],
            rollout["truncated"],
            self.gamma,
            self.lam,
        )
        advantages, returns = (torch.as_tensor(part).double().flatten() for part in (advantages, returns))
        for _ in range(epochs):
            for i in torch.randperm(len(states)).split(minibatch_size):
                mean, log_std = self.actor(states[i])
                log_probs = Normal(mean, log_std.exp()).log_prob(actions[i]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(
                    log_probs, old_log_probs[i], advantages[i], self.critic(states[i]), returns[i]
                )
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% right: the networks have LayerNorm and methods which the trainer calls
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.mean, self.deviation = (
            nn.Sequential(
                nn.LayerNorm(state_dim),
                nn.Linear(state_dim, hidden_dim),
                nn.GELU(),
                nn.Linear(hidden_dim, hidden_dim),
                nn.LayerNorm(hidden_dim),
                nn.GELU(),
                nn.Linear(hidden_dim, action_dim),
            )
            for _ in range(2)
        )
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                nn.init.orthogonal_(layer.weight, 2**0.5)
                nn.init.zeros_(layer.bias)

    def parameters_of(self, state):
        return 2 * torch.tanh(self.mean(state)), self.deviation(state).clamp(-20, 2)

    def log_prob(self, state, action):
        mean, log_std = self.parameters_of(state)
        return Normal(mean, log_std.exp()).log_prob(action).sum(-1)

    def forward(self, state):
        return self.parameters_of(state)


class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states, actions = (torch.as_tensor(rollout[name]).flatten(0, 1) for name in ("states", "actions"))
        old_log_probs = torch.as_tensor(rollout["log_probs"]).flatten()
        with torch.no_grad():
            values = self.critic(states).reshape(rollout["rewards"].shape).numpy()
            next_values = self.critic(torch.as_tensor(rollout["next_states"]).flatten(0, 1))
        advantages, returns = compute_gae(
            rollout["rewards"],
            values,
            next_values.reshape(values.shape).numpy(),
            rollout["terminated"],
            rollout["truncated"],
            self.gamma,
            self.lam,
        )
        advantages, returns = (torch.as_tensor(part).float().flatten() for part in (advantages, returns))
        for _ in range(epochs):
            for i in torch.randperm(len(states)).split(minibatch_size):
                log_probs = self.actor.log_prob(states[i], actions[i])
                actor_loss, critic_loss = actor_critic_losses(
                    log_probs, old_log_probs[i], advantages[i], self.critic(states[i]), returns[i]
                )
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% right: a copy of the actor gives the old probabilities
import copy


class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        old_actor = copy.deepcopy(self.actor)
        flat = {k: torch.as_tensor(v).flatten(0, 1) for k, v in rollout.items()}
        with torch.no_grad():
            shape = rollout["rewards"].shape
            values = self.critic(flat["states"]).view(shape).numpy()
            next_values = self.critic(flat["next_states"]).view(shape).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], values, next_values, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv, ret = (torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten() for x in (adv, ret))
        adv = (adv - adv.mean()) / (adv.std() + 1e-8)
        for _ in range(epochs):
            for idx in torch.randperm(len(adv)).split(minibatch_size):
                mean, log_std = self.actor(flat["states"][idx])
                new = torch.distributions.Normal(mean, log_std.exp()).log_prob(flat["actions"][idx]).sum(-1)
                with torch.no_grad():
                    mean, log_std = old_actor(flat["states"][idx])
                    old = torch.distributions.Normal(mean, log_std.exp()).log_prob(flat["actions"][idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(
                    new, old, adv[idx], self.critic(flat["states"][idx]), ret[idx]
                )
                for loss, network, opt in (
                    (actor_loss, self.actor, self.actor_opt), (critic_loss, self.critic, self.critic_opt)
                ):
                    opt.zero_grad(set_to_none=False)
                    loss.backward()
                    nn.utils.clip_grad_norm_(network.parameters(), self.max_grad_norm)
                    opt.step()


# %% right: batches by torch's samplers
from torch.utils.data import BatchSampler, SubsetRandomSampler


class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        T, N = rollout["rewards"].shape
        states = torch.tensor(rollout["states"]).view(T * N, -1)
        next_states = torch.tensor(rollout["next_states"]).view(T * N, -1)
        actions = torch.tensor(rollout["actions"]).view(T * N, -1)
        old = torch.tensor(rollout["log_probs"]).view(-1)
        with torch.no_grad():
            values = self.critic(states).view(T, N).numpy()
            next_values = self.critic(next_states).view(T, N).numpy()
        advantages, returns = compute_gae(
            rewards=rollout["rewards"], values=values, next_values=next_values,
            terminated=rollout["terminated"], truncated=rollout["truncated"], gamma=self.gamma, lam=self.lam,
        )
        advantages = torch.as_tensor(np.array(advantages)).float().view(-1)
        returns = torch.as_tensor(np.array(returns)).float().view(-1)
        sampler = BatchSampler(SubsetRandomSampler(range(T * N)), batch_size=minibatch_size, drop_last=False)
        for epoch in range(epochs):
            for batch in sampler:
                mean, log_std = self.actor(states[batch])
                log_prob = torch.distributions.Normal(mean, torch.exp(log_std)).log_prob(actions[batch]).sum(1)
                pi_loss, v_loss = actor_critic_losses(
                    log_prob, old[batch], advantages[batch], self.critic(states[batch]), returns[batch]
                )
                self.actor_opt.zero_grad()
                pi_loss.backward()
                torch.nn.utils.clip_grad_norm_(self.actor.parameters(), max_norm=self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.zero_grad()
                v_loss.backward()
                torch.nn.utils.clip_grad_norm_(self.critic.parameters(), max_norm=self.max_grad_norm)
                self.critic_opt.step()


# %% right: gradients gathered in two halves of a minibatch
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        flat = lambda name: torch.as_tensor(rollout[name]).flatten(0, 1)
        states, actions, old = flat("states"), flat("actions"), flat("log_probs")
        with torch.no_grad():
            values, next_values = (
                self.critic(flat(name)).reshape(rollout["rewards"].shape).numpy() for name in ("states", "next_states")
            )
        gae = compute_gae(
            rollout["rewards"], values, next_values, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        advantages, returns = (torch.as_tensor(np.asarray(part)).float().flatten() for part in gae)
        for _ in range(epochs):
            order = torch.randperm(len(states))
            for k in range(0, len(order), minibatch_size):
                whole = order[k : k + minibatch_size]
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                for part in whole.chunk(2):
                    mean, log_std = self.actor(states[part])
                    log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(actions[part]).sum(-1)
                    losses = actor_critic_losses(
                        log_probs, old[part], advantages[part], self.critic(states[part]), returns[part]
                    )
                    (sum(losses) * len(part) / len(whole)).backward()
                for network in (self.actor, self.critic):
                    nn.utils.clip_grad_norm_(network.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% right: steps by closures
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        n = rollout["rewards"].size
        tensors = {k: torch.from_numpy(np.ascontiguousarray(v)).reshape(n, *v.shape[2:]) for k, v in rollout.items()}
        with torch.no_grad():
            v = self.critic(tensors["states"]).reshape(rollout["rewards"].shape)
            nv = self.critic(tensors["next_states"]).reshape(v.shape)
        a, r = compute_gae(
            rollout["rewards"], v.numpy(), nv.numpy(), rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        a, r = torch.tensor(np.asarray(a), dtype=torch.float32).view(n), torch.tensor(np.asarray(r), dtype=torch.float32).view(n)
        for epoch in range(epochs):
            for batch in np.array_split(np.random.permutation(n), range(minibatch_size, n, minibatch_size)):
                s, u, old = (tensors[k][batch] for k in ("states", "actions", "log_probs"))

                def actor_closure():
                    self.actor_opt.zero_grad()
                    m, ls = self.actor(s)
                    lp = (-0.5 * ((u - m) / ls.exp()) ** 2 - ls - 0.5 * np.log(2 * np.pi)).sum(-1)
                    loss, _ = actor_critic_losses(lp, old, a[batch], self.critic(s).detach(), r[batch])
                    loss.backward()
                    nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                    return loss

                def critic_closure():
                    self.critic_opt.zero_grad()
                    _, loss = actor_critic_losses(old, old, a[batch], self.critic(s), r[batch])
                    loss.backward()
                    nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                    return loss

                self.actor_opt.step(actor_closure)
                self.critic_opt.step(critic_closure)


# %% right: gradients set to None by hand, clipped in two calls of torch
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        count = rollout["rewards"].size
        states = torch.as_tensor(rollout["states"]).reshape(count, -1)
        actions = torch.as_tensor(rollout["actions"]).reshape(count, -1)
        with torch.no_grad():
            shape = rollout["rewards"].shape
            v = self.critic(torch.as_tensor(rollout["states"]).flatten(0, 1)).reshape(shape).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"]).flatten(0, 1)).reshape(shape).numpy()
            mean, log_std = self.actor(states)
            old = torch.distributions.Normal(mean, log_std.exp()).log_prob(actions).sum(-1)
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv, ret = (torch.as_tensor(np.asarray(x)).float().reshape(count) for x in (adv, ret))
        history = []
        for _ in range(epochs):
            left = list(np.random.permutation(count))
            while left:
                batch, left = left[:minibatch_size], left[minibatch_size:]
                mean, log_std = self.actor(states[batch])
                policy = torch.distributions.Independent(torch.distributions.Normal(mean, log_std.exp()), 1)
                losses = actor_critic_losses(
                    policy.log_prob(actions[batch]), old[batch], adv[batch], self.critic(states[batch]), ret[batch]
                )
                for network, opt, loss in zip((self.actor, self.critic), (self.actor_opt, self.critic_opt), losses):
                    parameters = list(network.parameters())
                    for p in parameters:
                        p.grad = None
                    loss.backward()
                    norm = nn.utils.get_total_norm([p.grad for p in parameters if p.grad is not None])
                    nn.utils.clip_grads_with_norm_(parameters, self.max_grad_norm, norm)
                    opt.step()
                history.append([loss.item() for loss in losses])
        return np.mean(history, axis=0)


# %% right: minibatches of whole columns first, then the order mixed
class ActorCriticTrainer:
    def _flat(self, array):
        return torch.as_tensor(np.swapaxes(array, 0, 1).reshape(-1, *array.shape[2:]))

    def _value(self, states):
        with torch.no_grad():
            return np.stack([self.critic(torch.as_tensor(row)).numpy() for row in states])

    def update(self, rollout, epochs, minibatch_size):
        estimate = compute_gae(
            rollout["rewards"], self._value(rollout["states"]), self._value(rollout["next_states"]),
            rollout["terminated"], rollout["truncated"], self.gamma, self.lam,
        )
        advantages, returns = (self._flat(np.asarray(part, dtype=np.float32)) for part in estimate)
        states, actions, old = (self._flat(rollout[name]) for name in ("states", "actions", "log_probs"))
        self.actor.train()
        self.critic.train()
        for _ in range(epochs):
            index = torch.randperm(advantages.numel())
            for i in range(0, len(index), minibatch_size):
                self._step(*(part[index[i : i + minibatch_size]] for part in (states, actions, old, advantages, returns)))

    def _step(self, states, actions, old, advantages, returns):
        if len(advantages) > 1:
            advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-5)
        mean, log_std = self.actor(states)
        log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(actions).sum(-1)
        actor_loss, critic_loss = actor_critic_losses(log_probs, old, advantages, self.critic(states), returns)
        self.actor_opt.zero_grad()
        self.critic_opt.zero_grad()
        actor_loss.backward()
        critic_loss.backward()
        nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
        nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
        self.actor_opt.step()
        self.critic_opt.step()


# %% right: a generator of minibatches, learnt from in order of the states
class ActorCriticTrainer:
    def minibatches(self, n, size, epochs):
        for _ in range(epochs):
            order = sorted(range(n), key=lambda _: np.random.rand())
            yield from (order[i : i + size] for i in range(0, n, size))

    def update(self, rollout, epochs, minibatch_size):
        T, N = rollout["rewards"].shape
        s, s2, a = (torch.FloatTensor(rollout[k]).reshape(T * N, -1) for k in ("states", "next_states", "actions"))
        old = torch.FloatTensor(rollout["log_probs"]).flatten()
        v, v2 = self.critic(s).detach(), self.critic(s2).detach()
        adv, ret = compute_gae(
            rollout["rewards"], v.reshape(T, N).numpy(), v2.reshape(T, N).numpy(),
            rollout["terminated"], rollout["truncated"], self.gamma, self.lam,
        )
        adv, ret = torch.FloatTensor(np.asarray(adv)).flatten(), torch.FloatTensor(np.asarray(ret)).flatten()
        for batch in self.minibatches(T * N, minibatch_size, epochs):
            mean, log_std = self.actor(s[batch])
            dist = torch.distributions.MultivariateNormal(mean, torch.diag_embed(log_std.exp() ** 2))
            actor_loss, critic_loss = actor_critic_losses(
                dist.log_prob(a[batch]), old[batch], adv[batch], self.critic(s[batch]), ret[batch]
            )
            self.actor_opt.zero_grad()
            actor_loss.backward(retain_graph=True)
            nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm, norm_type=2)
            self.critic_opt.zero_grad()
            critic_loss.backward()
            nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm, norm_type=2)
            self.critic_opt.step()
            self.actor_opt.step()


# %% wrong: test_trainer actor_not_stepped: the actor's step forgotten
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.critic_opt.step()


# %% wrong: test_trainer critic_not_stepped: the critic's step forgotten
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()


# %% wrong: test_trainer zero_grad_missing: no zero_grad
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer zero_grad_missing: the critic's zero_grad forgotten
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer gradients_not_clipped: no clipping
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer one_net_clipped: the actor only
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer one_net_clipped: the critic twice
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer max_grad_norm_ignored: 0.5 written down
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), 0.5)
                nn.utils.clip_grad_norm_(self.critic.parameters(), 0.5)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer clip_by_value: clip_grad_value_
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_value_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_value_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer epochs_ignored: one pass
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        if True:
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer epochs_ignored: ten passes
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(10):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer minibatch_size_ignored: the whole rollout at once
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in [torch.arange(len(s))]:
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer minibatch_size_ignored: five written down
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(5):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer minibatches_overlap: drawn with repetitions
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in [torch.randint(len(s), (minibatch_size,)) for _ in range(-(-len(s) // minibatch_size))]:
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer minibatches_overlap: a new order for each minibatch
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in [torch.randperm(len(s))[:minibatch_size] for _ in range(0, len(s), minibatch_size)]:
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer same_minibatch: the first rows again and again
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in [torch.arange(minibatch_size)] * (len(s) // minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer minibatches_incomplete: one minibatch an epoch
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size)[:1]:
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer minibatches_incomplete: the last one never
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size)[:-1]:
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer gae_not_used: one-step errors
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        ret = rollout["rewards"] + self.gamma * nv * (1 - rollout["terminated"])
        adv = ret - v
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer gae_not_used: Monte-Carlo
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, 1.0
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer gamma_ignored: 0.99 written down
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], 0.99, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer gamma_ignored: 0.95 written down
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], 0.95, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer lam_ignored: 0.95 written down
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, 0.95
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer samples_misaligned: only the states are mixed
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        s, a, old = (x[order] for order in [torch.randperm(len(s))] for x in (s, a, old))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer samples_misaligned: advantages by columns
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], np.asarray(adv).T, np.asarray(ret).T))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer bootstrap_through_termination: nothing ever terminates
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, np.zeros_like(rollout["terminated"]), rollout["terminated"] | rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer no_bootstrap_through_truncation: done for both
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"] | rollout["truncated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer next_state_is_state: values of the same states twice
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(states).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer old_log_probs_ignored: old ones anew for each minibatch
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, lp.detach(), adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer actor_loss_sign: minus before the loss
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (critic_loss - actor_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer value_not_subtracted: returns as advantages
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        adv = ret
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer gradient_of_something_else: an entropy bonus
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss - 0.5 * log_std.mean()).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer zero_grad_misplaced: zero_grad after backward
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                (actor_loss + critic_loss).backward()
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer no_clip: its own loss without clipping
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss = -(torch.exp(lp - old[idx]) * adv[idx]).mean()
                critic_loss = F.mse_loss(self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer optimizers_exchanged: each loss with the other's optimizer
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.critic_opt.zero_grad()
                actor_loss.backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                self.critic_opt.step()
                self.actor_opt.zero_grad()
                critic_loss.backward()
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()


# %% wrong: test_trainer not_implemented: nothing yet
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        raise NotImplementedError


# %% wrong: test_trainer raises: a key that is not there
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["observations"])
        return states


# %% wrong: test_trainer timeout: an epoch without an end
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        done = 0
        while done < epochs:
            done += 0


# %% wrong: test_trainer gamma_ignored + test_trainer gradients_not_clipped: two mistakes
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            v = self.critic(states).numpy()
            nv = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        adv, ret = compute_gae(
            rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], 0.99, self.lam
        )
        adv = (adv - np.mean(adv)) / (np.std(adv) + 1e-8)
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        s, a, old, adv, ret = map(flat, (states, rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(len(s)).split(minibatch_size):
                mean, log_std = self.actor(s[idx])
                lp = Normal(mean, log_std.exp()).log_prob(a[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(lp, old[idx], adv[idx], self.critic(s[idx]), ret[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer critic_loss_changed: values clipped as the ratio is
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states, actions = (torch.as_tensor(rollout[name]).flatten(0, 1) for name in ("states", "actions"))
        old_log_probs = torch.as_tensor(rollout["log_probs"]).flatten()
        with torch.no_grad():
            values = self.critic(states)
            next_values = self.critic(torch.as_tensor(rollout["next_states"]).flatten(0, 1))
        shape = rollout["rewards"].shape
        advantages, returns = compute_gae(
            rollout["rewards"],
            values.numpy().reshape(shape),
            next_values.numpy().reshape(shape),
            rollout["terminated"],
            rollout["truncated"],
            self.gamma,
            self.lam,
        )
        advantages, returns = (torch.as_tensor(part).float().flatten() for part in (advantages, returns))
        for _ in range(epochs):
            for i in torch.randperm(len(states)).split(minibatch_size):
                mean, log_std = self.actor(states[i])
                log_probs = Normal(mean, log_std.exp()).log_prob(actions[i]).sum(-1)
                now = self.critic(states[i])
                near = values[i] + (now - values[i]).clamp(-0.2, 0.2)
                actor_loss, _ = actor_critic_losses(log_probs, old_log_probs[i], advantages[i], now, returns[i])
                critic_loss = torch.max((now - returns[i]) ** 2, (near - returns[i]) ** 2).mean()
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer stopped_early: leaves off when the policies are apart
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states, actions = (torch.as_tensor(rollout[name]).flatten(0, 1) for name in ("states", "actions"))
        old_log_probs = torch.as_tensor(rollout["log_probs"]).flatten()
        with torch.no_grad():
            values = self.critic(states).reshape(rollout["rewards"].shape).numpy()
            next_values = self.critic(torch.as_tensor(rollout["next_states"]).flatten(0, 1))
        advantages, returns = compute_gae(
            rollout["rewards"],
            values,
            next_values.reshape(values.shape).numpy(),
            rollout["terminated"],
            rollout["truncated"],
            self.gamma,
            self.lam,
        )
        advantages, returns = (torch.as_tensor(part).float().flatten() for part in (advantages, returns))
        for _ in range(epochs):
            for i in torch.randperm(len(states)).split(minibatch_size):
                mean, log_std = self.actor(states[i])
                log_probs = Normal(mean, log_std.exp()).log_prob(actions[i]).sum(-1)
                if (old_log_probs[i] - log_probs).mean().abs() > 0.015:
                    return
                actor_loss, critic_loss = actor_critic_losses(
                    log_probs, old_log_probs[i], advantages[i], self.critic(states[i]), returns[i]
                )
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer clipped_only: a loss of its own without the minimum
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states, actions = (torch.as_tensor(rollout[name]).flatten(0, 1) for name in ("states", "actions"))
        old_log_probs = torch.as_tensor(rollout["log_probs"]).flatten()
        with torch.no_grad():
            values = self.critic(states).reshape(rollout["rewards"].shape).numpy()
            next_values = self.critic(torch.as_tensor(rollout["next_states"]).flatten(0, 1))
        advantages, returns = compute_gae(
            rollout["rewards"],
            values,
            next_values.reshape(values.shape).numpy(),
            rollout["terminated"],
            rollout["truncated"],
            self.gamma,
            self.lam,
        )
        advantages, returns = (torch.as_tensor(part).float().flatten() for part in (advantages, returns))
        for _ in range(epochs):
            for i in torch.randperm(len(states)).split(minibatch_size):
                mean, log_std = self.actor(states[i])
                log_probs = Normal(mean, log_std.exp()).log_prob(actions[i]).sum(-1)
                ratio = (log_probs - old_log_probs[i]).exp().clamp(0.8, 1.2)
                actor_loss = -(ratio * advantages[i]).mean()
                critic_loss = F.mse_loss(self.critic(states[i]), returns[i])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer critic_loss_changed: targets follow the critic
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states, actions = (torch.as_tensor(rollout[name]).flatten(0, 1) for name in ("states", "actions"))
        old_log_probs = torch.as_tensor(rollout["log_probs"]).flatten()
        with torch.no_grad():
            values = self.critic(states).reshape(rollout["rewards"].shape).numpy()
            next_values = self.critic(torch.as_tensor(rollout["next_states"]).flatten(0, 1))
        advantages, returns = compute_gae(
            rollout["rewards"],
            values,
            next_values.reshape(values.shape).numpy(),
            rollout["terminated"],
            rollout["truncated"],
            self.gamma,
            self.lam,
        )
        advantages, returns = (torch.as_tensor(part).float().flatten() for part in (advantages, returns))
        for _ in range(epochs):
            for i in torch.randperm(len(states)).split(minibatch_size):
                mean, log_std = self.actor(states[i])
                log_probs = Normal(mean, log_std.exp()).log_prob(actions[i]).sum(-1)
                values = self.critic(states[i])
                actor_loss, critic_loss = actor_critic_losses(
                    log_probs, old_log_probs[i], advantages[i], values, advantages[i] + values.detach()
                )
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer rollout_kept: a buffer that is never emptied
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states, actions = (torch.as_tensor(rollout[name]).flatten(0, 1) for name in ("states", "actions"))
        old_log_probs = torch.as_tensor(rollout["log_probs"]).flatten()
        with torch.no_grad():
            values = self.critic(states).reshape(rollout["rewards"].shape).numpy()
            next_values = self.critic(torch.as_tensor(rollout["next_states"]).flatten(0, 1))
        advantages, returns = compute_gae(
            rollout["rewards"],
            values,
            next_values.reshape(values.shape).numpy(),
            rollout["terminated"],
            rollout["truncated"],
            self.gamma,
            self.lam,
        )
        advantages, returns = (torch.as_tensor(part).float().flatten() for part in (advantages, returns))
        fields = (states, actions, old_log_probs, advantages, returns)
        if hasattr(self, "seen"):
            fields = tuple(torch.cat(pair) for pair in zip(self.seen, fields))
        self.seen = states, actions, old_log_probs, advantages, returns = fields
        for _ in range(epochs):
            for i in torch.randperm(len(states)).split(minibatch_size):
                mean, log_std = self.actor(states[i])
                log_probs = Normal(mean, log_std.exp()).log_prob(actions[i]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(
                    log_probs, old_log_probs[i], advantages[i], self.critic(states[i]), returns[i]
                )
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer gradient_of_something_else: actions kept within the bounds of Pendulum
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states, actions = (torch.as_tensor(rollout[name]).flatten(0, 1) for name in ("states", "actions"))
        old_log_probs = torch.as_tensor(rollout["log_probs"]).flatten()
        with torch.no_grad():
            values = self.critic(states).reshape(rollout["rewards"].shape).numpy()
            next_values = self.critic(torch.as_tensor(rollout["next_states"]).flatten(0, 1))
        advantages, returns = compute_gae(
            rollout["rewards"],
            values,
            next_values.reshape(values.shape).numpy(),
            rollout["terminated"],
            rollout["truncated"],
            self.gamma,
            self.lam,
        )
        advantages, returns = (torch.as_tensor(part).float().flatten() for part in (advantages, returns))
        for _ in range(epochs):
            for i in torch.randperm(len(states)).split(minibatch_size):
                mean, log_std = self.actor(states[i])
                log_probs = Normal(mean, log_std.exp()).log_prob(actions[i].clamp(-2, 2)).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(
                    log_probs, old_log_probs[i], advantages[i], self.critic(states[i]), returns[i]
                )
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer lam_ignored + test_trainer one_net_clipped: lambda of the paper, the actor clipped alone
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        n = rollout["rewards"].size
        flat = {k: torch.as_tensor(v).reshape(n, *v.shape[2:]) for k, v in rollout.items()}
        with torch.no_grad():
            values = self.critic(flat["states"]).reshape(rollout["rewards"].shape).numpy()
            next_values = self.critic(flat["next_states"]).reshape(rollout["rewards"].shape).numpy()
        advantages, returns = compute_gae(
            rollout["rewards"], values, next_values, rollout["terminated"], rollout["truncated"], self.gamma, 0.95
        )
        advantages, returns = (torch.as_tensor(np.asarray(x)).float().reshape(n) for x in (advantages, returns))
        for _ in range(epochs):
            order = torch.randperm(n)
            for start in range(0, n, minibatch_size):
                idx = order[start : start + minibatch_size]
                mean, log_std = self.actor(flat["states"][idx])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(flat["actions"][idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(
                    log_probs, flat["log_probs"][idx], advantages[idx], self.critic(flat["states"][idx]), returns[idx]
                )
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer zero_grad_missing: one-step errors, gradients that add up
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        n = rollout["rewards"].size
        flat = {k: torch.as_tensor(v).reshape(n, *v.shape[2:]) for k, v in rollout.items()}
        with torch.no_grad():
            values = self.critic(flat["states"]).reshape(rollout["rewards"].shape).numpy()
            next_values = self.critic(flat["next_states"]).reshape(rollout["rewards"].shape).numpy()
        advantages, returns = compute_gae(
            rollout["rewards"], values, next_values, rollout["terminated"], rollout["truncated"], self.gamma, 0.0
        )
        advantages, returns = (torch.as_tensor(np.asarray(x)).float().reshape(n) for x in (advantages, returns))
        for _ in range(epochs):
            order = torch.randperm(n)
            for start in range(0, n, minibatch_size):
                idx = order[start : start + minibatch_size]
                mean, log_std = self.actor(flat["states"][idx])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(flat["actions"][idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(
                    log_probs, flat["log_probs"][idx], advantages[idx], self.critic(flat["states"][idx]), returns[idx]
                )
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer epochs_ignored + test_trainer minibatch_size_ignored: one pass over all at once
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        n = rollout["rewards"].size
        flat = {k: torch.as_tensor(v).reshape(n, *v.shape[2:]) for k, v in rollout.items()}
        with torch.no_grad():
            values = self.critic(flat["states"]).reshape(rollout["rewards"].shape).numpy()
            next_values = self.critic(flat["next_states"]).reshape(rollout["rewards"].shape).numpy()
        advantages, returns = compute_gae(
            rollout["rewards"], values, next_values, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        advantages, returns = (torch.as_tensor(np.asarray(x)).float().reshape(n) for x in (advantages, returns))
        for _ in range(1):
            order = torch.randperm(n)
            for start in range(0, n, n):
                idx = order
                mean, log_std = self.actor(flat["states"][idx])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(flat["actions"][idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(
                    log_probs, flat["log_probs"][idx], advantages[idx], self.critic(flat["states"][idx]), returns[idx]
                )
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer actor_not_stepped + test_trainer gradients_not_clipped: a step and the clipping forgotten
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        n = rollout["rewards"].size
        flat = {k: torch.as_tensor(v).reshape(n, *v.shape[2:]) for k, v in rollout.items()}
        with torch.no_grad():
            values = self.critic(flat["states"]).reshape(rollout["rewards"].shape).numpy()
            next_values = self.critic(flat["next_states"]).reshape(rollout["rewards"].shape).numpy()
        advantages, returns = compute_gae(
            rollout["rewards"], values, next_values, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        advantages, returns = (torch.as_tensor(np.asarray(x)).float().reshape(n) for x in (advantages, returns))
        for _ in range(epochs):
            order = torch.randperm(n)
            for start in range(0, n, minibatch_size):
                idx = order[start : start + minibatch_size]
                mean, log_std = self.actor(flat["states"][idx])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(flat["actions"][idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(
                    log_probs, flat["log_probs"][idx], advantages[idx], self.critic(flat["states"][idx]), returns[idx]
                )
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                self.critic_opt.step()


# %% wrong: test_trainer critic_not_stepped + test_trainer gradient_of_something_else: actions of other rows, the critic stands still
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        n = rollout["rewards"].size
        flat = {k: torch.as_tensor(v).reshape(n, *v.shape[2:]) for k, v in rollout.items()}
        with torch.no_grad():
            values = self.critic(flat["states"]).reshape(rollout["rewards"].shape).numpy()
            next_values = self.critic(flat["next_states"]).reshape(rollout["rewards"].shape).numpy()
        advantages, returns = compute_gae(
            rollout["rewards"], values, next_values, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        advantages, returns = (torch.as_tensor(np.asarray(x)).float().reshape(n) for x in (advantages, returns))
        for _ in range(epochs):
            order = torch.randperm(n)
            for start in range(0, n, minibatch_size):
                idx = order[start : start + minibatch_size]
                mean, log_std = self.actor(flat["states"][idx])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(flat["actions"][torch.sort(idx).values]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(
                    log_probs, flat["log_probs"][idx], advantages[idx], self.critic(flat["states"][idx]), returns[idx]
                )
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()


# %% wrong: test_trainer gamma_ignored + test_trainer lam_ignored: numbers of the paper
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        n = rollout["rewards"].size
        flat = {k: torch.as_tensor(v).reshape(n, *v.shape[2:]) for k, v in rollout.items()}
        with torch.no_grad():
            values = self.critic(flat["states"]).reshape(rollout["rewards"].shape).numpy()
            next_values = self.critic(flat["next_states"]).reshape(rollout["rewards"].shape).numpy()
        advantages, returns = compute_gae(
            rollout["rewards"], values, next_values, rollout["terminated"], rollout["truncated"], 0.99, 0.97
        )
        advantages, returns = (torch.as_tensor(np.asarray(x)).float().reshape(n) for x in (advantages, returns))
        for _ in range(epochs):
            order = torch.randperm(n)
            for start in range(0, n, minibatch_size):
                idx = order[start : start + minibatch_size]
                mean, log_std = self.actor(flat["states"][idx])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(flat["actions"][idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(
                    log_probs, flat["log_probs"][idx], advantages[idx], self.critic(flat["states"][idx]), returns[idx]
                )
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer bootstrap_through_termination + test_trainer max_grad_norm_ignored: no end is an end, a norm of one half
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        n = rollout["rewards"].size
        flat = {k: torch.as_tensor(v).reshape(n, *v.shape[2:]) for k, v in rollout.items()}
        with torch.no_grad():
            values = self.critic(flat["states"]).reshape(rollout["rewards"].shape).numpy()
            next_values = self.critic(flat["next_states"]).reshape(rollout["rewards"].shape).numpy()
        advantages, returns = compute_gae(
            rollout["rewards"], values, next_values, np.zeros_like(rollout["terminated"]), rollout["terminated"] | rollout["truncated"], self.gamma, self.lam
        )
        advantages, returns = (torch.as_tensor(np.asarray(x)).float().reshape(n) for x in (advantages, returns))
        for _ in range(epochs):
            order = torch.randperm(n)
            for start in range(0, n, minibatch_size):
                idx = order[start : start + minibatch_size]
                mean, log_std = self.actor(flat["states"][idx])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(flat["actions"][idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(
                    log_probs, flat["log_probs"][idx], advantages[idx], self.critic(flat["states"][idx]), returns[idx]
                )
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), 0.5)
                nn.utils.clip_grad_norm_(self.critic.parameters(), 0.5)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer epochs_ignored: ratios of one, four passes
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        n = rollout["rewards"].size
        flat = {k: torch.as_tensor(v).reshape(n, *v.shape[2:]) for k, v in rollout.items()}
        with torch.no_grad():
            values = self.critic(flat["states"]).reshape(rollout["rewards"].shape).numpy()
            next_values = self.critic(flat["next_states"]).reshape(rollout["rewards"].shape).numpy()
        advantages, returns = compute_gae(
            rollout["rewards"], values, next_values, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        advantages, returns = (torch.as_tensor(np.asarray(x)).float().reshape(n) for x in (advantages, returns))
        for _ in range(4):
            order = torch.randperm(n)
            for start in range(0, n, minibatch_size):
                idx = order[start : start + minibatch_size]
                mean, log_std = self.actor(flat["states"][idx])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(flat["actions"][idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(
                    log_probs, log_probs.detach(), advantages[idx], self.critic(flat["states"][idx]), returns[idx]
                )
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer actor_loss_sign + test_trainer clip_by_value: up the wrong way, clipped by value
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        n = rollout["rewards"].size
        flat = {k: torch.as_tensor(v).reshape(n, *v.shape[2:]) for k, v in rollout.items()}
        with torch.no_grad():
            values = self.critic(flat["states"]).reshape(rollout["rewards"].shape).numpy()
            next_values = self.critic(flat["next_states"]).reshape(rollout["rewards"].shape).numpy()
        advantages, returns = compute_gae(
            rollout["rewards"], values, next_values, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        advantages, returns = (torch.as_tensor(np.asarray(x)).float().reshape(n) for x in (advantages, returns))
        for _ in range(epochs):
            order = torch.randperm(n)
            for start in range(0, n, minibatch_size):
                idx = order[start : start + minibatch_size]
                mean, log_std = self.actor(flat["states"][idx])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(flat["actions"][idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(
                    log_probs, flat["log_probs"][idx], advantages[idx], self.critic(flat["states"][idx]), returns[idx]
                )
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (-actor_loss + critic_loss).backward()
                nn.utils.clip_grad_value_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_value_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer minibatches_overlap: drawn with repetitions, done for both
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        n = rollout["rewards"].size
        flat = {k: torch.as_tensor(v).reshape(n, *v.shape[2:]) for k, v in rollout.items()}
        with torch.no_grad():
            values = self.critic(flat["states"]).reshape(rollout["rewards"].shape).numpy()
            next_values = self.critic(flat["next_states"]).reshape(rollout["rewards"].shape).numpy()
        advantages, returns = compute_gae(
            rollout["rewards"], values, next_values, rollout["terminated"] | rollout["truncated"], rollout["truncated"], self.gamma, self.lam
        )
        advantages, returns = (torch.as_tensor(np.asarray(x)).float().reshape(n) for x in (advantages, returns))
        for _ in range(epochs):
            order = torch.randint(0, n, (n,))
            for start in range(0, n, minibatch_size):
                idx = order[start : start + minibatch_size]
                mean, log_std = self.actor(flat["states"][idx])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(flat["actions"][idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(
                    log_probs, flat["log_probs"][idx], advantages[idx], self.critic(flat["states"][idx]), returns[idx]
                )
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer same_minibatch + test_trainer gradients_not_clipped: the first rows again, no clipping
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        n = rollout["rewards"].size
        flat = {k: torch.as_tensor(v).reshape(n, *v.shape[2:]) for k, v in rollout.items()}
        with torch.no_grad():
            values = self.critic(flat["states"]).reshape(rollout["rewards"].shape).numpy()
            next_values = self.critic(flat["next_states"]).reshape(rollout["rewards"].shape).numpy()
        advantages, returns = compute_gae(
            rollout["rewards"], values, next_values, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        advantages, returns = (torch.as_tensor(np.asarray(x)).float().reshape(n) for x in (advantages, returns))
        for _ in range(epochs):
            order = torch.randperm(n)
            for start in range(0, n, minibatch_size):
                idx = torch.arange(minibatch_size)
                mean, log_std = self.actor(flat["states"][idx])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(flat["actions"][idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(
                    log_probs, flat["log_probs"][idx], advantages[idx], self.critic(flat["states"][idx]), returns[idx]
                )
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                self.actor_opt.step()
                self.critic_opt.step()


# %% right: one loop over both networks and their losses
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        T, N = rollout["rewards"].shape
        s, s_next, a, old = (
            torch.as_tensor(rollout[key]).flatten(0, 1) for key in ("states", "next_states", "actions", "log_probs")
        )
        with torch.no_grad():
            V, V_next = (self.critic(x).numpy().reshape(T, N) for x in (s, s_next))
        A, R = compute_gae(rollout["rewards"], V, V_next, rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        A, R = (torch.as_tensor(np.array(x), dtype=torch.float32).flatten() for x in (A, R))
        for _ in range(epochs):
            for i in torch.randperm(T * N).split(minibatch_size):
                mean, log_std = self.actor(s[i])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(a[i]).sum(-1)
                losses = actor_critic_losses(log_probs, old[i], A[i], self.critic(s[i]), R[i])
                for net, opt, loss in zip((self.actor, self.critic), (self.actor_opt, self.critic_opt), losses):
                    opt.zero_grad()
                    loss.backward()
                    nn.utils.clip_grad_norm_(net.parameters(), self.max_grad_norm)
                    opt.step()


# %% wrong: test_trainer zero_grad_missing: gradients are emptied once for each pass
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        T, N = rollout["rewards"].shape
        s, s_next, a, old = (
            torch.as_tensor(rollout[key]).flatten(0, 1) for key in ("states", "next_states", "actions", "log_probs")
        )
        with torch.no_grad():
            V, V_next = (self.critic(x).numpy().reshape(T, N) for x in (s, s_next))
        A, R = compute_gae(rollout["rewards"], V, V_next, rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        A, R = (torch.as_tensor(np.array(x), dtype=torch.float32).flatten() for x in (A, R))
        for _ in range(epochs):
            self.actor_opt.zero_grad(), self.critic_opt.zero_grad()
            for i in torch.randperm(T * N).split(minibatch_size):
                mean, log_std = self.actor(s[i])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(a[i]).sum(-1)
                losses = actor_critic_losses(log_probs, old[i], A[i], self.critic(s[i]), R[i])
                for net, opt, loss in zip((self.actor, self.critic), (self.actor_opt, self.critic_opt), losses):
                    loss.backward()
                    nn.utils.clip_grad_norm_(net.parameters(), self.max_grad_norm)
                    opt.step()


# %% wrong: test_trainer zero_grad_missing: the critic's gradients are emptied once for each pass
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        T, N = rollout["rewards"].shape
        s, s_next, a, old = (
            torch.as_tensor(rollout[key]).flatten(0, 1) for key in ("states", "next_states", "actions", "log_probs")
        )
        with torch.no_grad():
            V, V_next = (self.critic(x).numpy().reshape(T, N) for x in (s, s_next))
        A, R = compute_gae(rollout["rewards"], V, V_next, rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        A, R = (torch.as_tensor(np.array(x), dtype=torch.float32).flatten() for x in (A, R))
        for _ in range(epochs):
            self.critic_opt.zero_grad()
            for i in torch.randperm(T * N).split(minibatch_size):
                mean, log_std = self.actor(s[i])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(a[i]).sum(-1)
                losses = actor_critic_losses(log_probs, old[i], A[i], self.critic(s[i]), R[i])
                for net, opt, loss in zip((self.actor, self.critic), (self.actor_opt, self.critic_opt), losses):
                    if net is self.actor:
                        opt.zero_grad()
                    loss.backward()
                    nn.utils.clip_grad_norm_(net.parameters(), self.max_grad_norm)
                    opt.step()


# %% wrong: test_trainer critic_not_stepped: only the loss of the actor goes back
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        T, N = rollout["rewards"].shape
        s, s_next, a, old = (
            torch.as_tensor(rollout[key]).flatten(0, 1) for key in ("states", "next_states", "actions", "log_probs")
        )
        with torch.no_grad():
            V, V_next = (self.critic(x).numpy().reshape(T, N) for x in (s, s_next))
        A, R = compute_gae(rollout["rewards"], V, V_next, rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        A, R = (torch.as_tensor(np.array(x), dtype=torch.float32).flatten() for x in (A, R))
        for _ in range(epochs):
            for i in torch.randperm(T * N).split(minibatch_size):
                mean, log_std = self.actor(s[i])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(a[i]).sum(-1)
                losses = actor_critic_losses(log_probs, old[i], A[i], self.critic(s[i]), R[i])
                for net, opt, loss in zip((self.actor, self.critic), (self.actor_opt, self.critic_opt), losses):
                    opt.zero_grad()
                    if net is self.actor:
                        loss.backward()
                    nn.utils.clip_grad_norm_(net.parameters(), self.max_grad_norm)
                    opt.step()


# %% wrong: test_trainer actor_not_stepped: gradients of the actor are thrown away before its step
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        T, N = rollout["rewards"].shape
        s, s_next, a, old = (
            torch.as_tensor(rollout[key]).flatten(0, 1) for key in ("states", "next_states", "actions", "log_probs")
        )
        with torch.no_grad():
            V, V_next = (self.critic(x).numpy().reshape(T, N) for x in (s, s_next))
        A, R = compute_gae(rollout["rewards"], V, V_next, rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        A, R = (torch.as_tensor(np.array(x), dtype=torch.float32).flatten() for x in (A, R))
        for _ in range(epochs):
            for i in torch.randperm(T * N).split(minibatch_size):
                mean, log_std = self.actor(s[i])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(a[i]).sum(-1)
                losses = actor_critic_losses(log_probs, old[i], A[i], self.critic(s[i]), R[i])
                for net, opt, loss in zip((self.actor, self.critic), (self.actor_opt, self.critic_opt), losses):
                    opt.zero_grad()
                    loss.backward()
                    self.actor.zero_grad()
                    nn.utils.clip_grad_norm_(net.parameters(), self.max_grad_norm)
                    opt.step()


# %% wrong: test_trainer gae_not_used: sums of all rewards to the end of the column
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        T, N = rollout["rewards"].shape
        s, s_next, a, old = (
            torch.as_tensor(rollout[key]).flatten(0, 1) for key in ("states", "next_states", "actions", "log_probs")
        )
        with torch.no_grad():
            V, V_next = (self.critic(x).numpy().reshape(T, N) for x in (s, s_next))
        R = np.stack([discounted_returns(column, self.gamma) for column in rollout["rewards"].T]).T
        A = R - V
        A, R = (torch.as_tensor(np.array(x), dtype=torch.float32).flatten() for x in (A, R))
        for _ in range(epochs):
            for i in torch.randperm(T * N).split(minibatch_size):
                mean, log_std = self.actor(s[i])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(a[i]).sum(-1)
                losses = actor_critic_losses(log_probs, old[i], A[i], self.critic(s[i]), R[i])
                for net, opt, loss in zip((self.actor, self.critic), (self.actor_opt, self.critic_opt), losses):
                    opt.zero_grad()
                    loss.backward()
                    nn.utils.clip_grad_norm_(net.parameters(), self.max_grad_norm)
                    opt.step()


# %% wrong: test_trainer gae_not_used: rewards of the episode, what comes after is nothing
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        T, N = rollout["rewards"].shape
        s, s_next, a, old = (
            torch.as_tensor(rollout[key]).flatten(0, 1) for key in ("states", "next_states", "actions", "log_probs")
        )
        with torch.no_grad():
            V, V_next = (self.critic(x).numpy().reshape(T, N) for x in (s, s_next))
        over = rollout["terminated"] | rollout["truncated"]
        R, g = np.zeros((T, N)), 0.0
        for t in range(T - 1, -1, -1):
            R[t] = g = rollout["rewards"][t] + self.gamma * np.where(over[t], 0, g)
        A = R - V
        A, R = (torch.as_tensor(np.array(x), dtype=torch.float32).flatten() for x in (A, R))
        for _ in range(epochs):
            for i in torch.randperm(T * N).split(minibatch_size):
                mean, log_std = self.actor(s[i])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(a[i]).sum(-1)
                losses = actor_critic_losses(log_probs, old[i], A[i], self.critic(s[i]), R[i])
                for net, opt, loss in zip((self.actor, self.critic), (self.actor_opt, self.critic_opt), losses):
                    opt.zero_grad()
                    loss.backward()
                    nn.utils.clip_grad_norm_(net.parameters(), self.max_grad_norm)
                    opt.step()


# %% wrong: test_trainer samples_misaligned: targets one environment after the other
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        T, N = rollout["rewards"].shape
        s, s_next, a, old = (
            torch.as_tensor(rollout[key]).flatten(0, 1) for key in ("states", "next_states", "actions", "log_probs")
        )
        with torch.no_grad():
            V, V_next = (self.critic(x).numpy().reshape(T, N) for x in (s, s_next))
        A, R = compute_gae(rollout["rewards"], V, V_next, rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        A, R = (torch.as_tensor(np.array(x), dtype=torch.float32).flatten() for x in (A, R))
        R = R.reshape(T, N).T.flatten()
        for _ in range(epochs):
            for i in torch.randperm(T * N).split(minibatch_size):
                mean, log_std = self.actor(s[i])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(a[i]).sum(-1)
                losses = actor_critic_losses(log_probs, old[i], A[i], self.critic(s[i]), R[i])
                for net, opt, loss in zip((self.actor, self.critic), (self.actor_opt, self.critic_opt), losses):
                    opt.zero_grad()
                    loss.backward()
                    nn.utils.clip_grad_norm_(net.parameters(), self.max_grad_norm)
                    opt.step()


# %% wrong: test_trainer samples_misaligned: states one environment after the other
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        T, N = rollout["rewards"].shape
        s, s_next, a, old = (
            torch.as_tensor(rollout[key]).flatten(0, 1) for key in ("states", "next_states", "actions", "log_probs")
        )
        with torch.no_grad():
            V, V_next = (self.critic(x).numpy().reshape(T, N) for x in (s, s_next))
        A, R = compute_gae(rollout["rewards"], V, V_next, rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        A, R = (torch.as_tensor(np.array(x), dtype=torch.float32).flatten() for x in (A, R))
        s = torch.as_tensor(rollout["states"]).transpose(0, 1).flatten(0, 1)
        for _ in range(epochs):
            for i in torch.randperm(T * N).split(minibatch_size):
                mean, log_std = self.actor(s[i])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(a[i]).sum(-1)
                losses = actor_critic_losses(log_probs, old[i], A[i], self.critic(s[i]), R[i])
                for net, opt, loss in zip((self.actor, self.critic), (self.actor_opt, self.critic_opt), losses):
                    opt.zero_grad()
                    loss.backward()
                    nn.utils.clip_grad_norm_(net.parameters(), self.max_grad_norm)
                    opt.step()


# %% wrong: test_trainer samples_misaligned: old log-probs in their first order
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        T, N = rollout["rewards"].shape
        s, s_next, a, old = (
            torch.as_tensor(rollout[key]).flatten(0, 1) for key in ("states", "next_states", "actions", "log_probs")
        )
        with torch.no_grad():
            V, V_next = (self.critic(x).numpy().reshape(T, N) for x in (s, s_next))
        A, R = compute_gae(rollout["rewards"], V, V_next, rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        A, R = (torch.as_tensor(np.array(x), dtype=torch.float32).flatten() for x in (A, R))
        for _ in range(epochs):
            for i, j in zip(torch.randperm(T * N).split(minibatch_size), torch.arange(T * N).split(minibatch_size)):
                mean, log_std = self.actor(s[i])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(a[i]).sum(-1)
                losses = actor_critic_losses(log_probs, old[j], A[i], self.critic(s[i]), R[i])
                for net, opt, loss in zip((self.actor, self.critic), (self.actor_opt, self.critic_opt), losses):
                    opt.zero_grad()
                    loss.backward()
                    nn.utils.clip_grad_norm_(net.parameters(), self.max_grad_norm)
                    opt.step()


# %% wrong: test_trainer old_log_probs_ignored: the old policy is the one of this pass
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        T, N = rollout["rewards"].shape
        s, s_next, a, old = (
            torch.as_tensor(rollout[key]).flatten(0, 1) for key in ("states", "next_states", "actions", "log_probs")
        )
        with torch.no_grad():
            V, V_next = (self.critic(x).numpy().reshape(T, N) for x in (s, s_next))
        A, R = compute_gae(rollout["rewards"], V, V_next, rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        A, R = (torch.as_tensor(np.array(x), dtype=torch.float32).flatten() for x in (A, R))
        for _ in range(epochs):
            with torch.no_grad():
                mean, log_std = self.actor(s)
                old = torch.distributions.Normal(mean, log_std.exp()).log_prob(a).sum(-1)
            for i in torch.randperm(T * N).split(minibatch_size):
                mean, log_std = self.actor(s[i])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(a[i]).sum(-1)
                losses = actor_critic_losses(log_probs, old[i], A[i], self.critic(s[i]), R[i])
                for net, opt, loss in zip((self.actor, self.critic), (self.actor_opt, self.critic_opt), losses):
                    opt.zero_grad()
                    loss.backward()
                    nn.utils.clip_grad_norm_(net.parameters(), self.max_grad_norm)
                    opt.step()


# %% wrong: test_trainer bootstrap_through_termination + test_trainer no_bootstrap_through_truncation: terminated and truncated change places
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        T, N = rollout["rewards"].shape
        s, s_next, a, old = (
            torch.as_tensor(rollout[key]).flatten(0, 1) for key in ("states", "next_states", "actions", "log_probs")
        )
        with torch.no_grad():
            V, V_next = (self.critic(x).numpy().reshape(T, N) for x in (s, s_next))
        A, R = compute_gae(rollout["rewards"], V, V_next, rollout["truncated"], rollout["terminated"], self.gamma, self.lam)
        A, R = (torch.as_tensor(np.array(x), dtype=torch.float32).flatten() for x in (A, R))
        for _ in range(epochs):
            for i in torch.randperm(T * N).split(minibatch_size):
                mean, log_std = self.actor(s[i])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(a[i]).sum(-1)
                losses = actor_critic_losses(log_probs, old[i], A[i], self.critic(s[i]), R[i])
                for net, opt, loss in zip((self.actor, self.critic), (self.actor_opt, self.critic_opt), losses):
                    opt.zero_grad()
                    loss.backward()
                    nn.utils.clip_grad_norm_(net.parameters(), self.max_grad_norm)
                    opt.step()


# %% wrong: test_trainer no_bootstrap_through_truncation: the next state is the next row, whatever happened
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        T, N = rollout["rewards"].shape
        s, s_next, a, old = (
            torch.as_tensor(rollout[key]).flatten(0, 1) for key in ("states", "next_states", "actions", "log_probs")
        )
        with torch.no_grad():
            V, V_next = (self.critic(x).numpy().reshape(T, N) for x in (s, s_next))
        V_next = np.vstack([V[1:], V_next[-1:]])
        A, R = compute_gae(rollout["rewards"], V, V_next, rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        A, R = (torch.as_tensor(np.array(x), dtype=torch.float32).flatten() for x in (A, R))
        for _ in range(epochs):
            for i in torch.randperm(T * N).split(minibatch_size):
                mean, log_std = self.actor(s[i])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(a[i]).sum(-1)
                losses = actor_critic_losses(log_probs, old[i], A[i], self.critic(s[i]), R[i])
                for net, opt, loss in zip((self.actor, self.critic), (self.actor_opt, self.critic_opt), losses):
                    opt.zero_grad()
                    loss.backward()
                    nn.utils.clip_grad_norm_(net.parameters(), self.max_grad_norm)
                    opt.step()


# %% wrong: test_trainer loss_broadcast: log-probs of both policies are columns
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        T, N = rollout["rewards"].shape
        s, s_next, a, old = (
            torch.as_tensor(rollout[key]).flatten(0, 1) for key in ("states", "next_states", "actions", "log_probs")
        )
        with torch.no_grad():
            V, V_next = (self.critic(x).numpy().reshape(T, N) for x in (s, s_next))
        A, R = compute_gae(rollout["rewards"], V, V_next, rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        A, R = (torch.as_tensor(np.array(x), dtype=torch.float32).flatten() for x in (A, R))
        for _ in range(epochs):
            for i in torch.randperm(T * N).split(minibatch_size):
                mean, log_std = self.actor(s[i])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(a[i]).sum(-1)
                losses = actor_critic_losses(log_probs[:, None], old[i, None], A[i], self.critic(s[i]), R[i])
                for net, opt, loss in zip((self.actor, self.critic), (self.actor_opt, self.critic_opt), losses):
                    opt.zero_grad()
                    loss.backward()
                    nn.utils.clip_grad_norm_(net.parameters(), self.max_grad_norm)
                    opt.step()


# %% wrong: test_trainer loss_broadcast: values are a column
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        T, N = rollout["rewards"].shape
        s, s_next, a, old = (
            torch.as_tensor(rollout[key]).flatten(0, 1) for key in ("states", "next_states", "actions", "log_probs")
        )
        with torch.no_grad():
            V, V_next = (self.critic(x).numpy().reshape(T, N) for x in (s, s_next))
        A, R = compute_gae(rollout["rewards"], V, V_next, rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        A, R = (torch.as_tensor(np.array(x), dtype=torch.float32).flatten() for x in (A, R))
        for _ in range(epochs):
            for i in torch.randperm(T * N).split(minibatch_size):
                mean, log_std = self.actor(s[i])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(a[i]).sum(-1)
                losses = actor_critic_losses(log_probs, old[i], A[i], self.critic(s[i]), R[i])
                losses = losses[0], (self.critic(s[i])[:, None] - R[i]).square().mean()
                for net, opt, loss in zip((self.actor, self.critic), (self.actor_opt, self.critic_opt), losses):
                    opt.zero_grad()
                    loss.backward()
                    nn.utils.clip_grad_norm_(net.parameters(), self.max_grad_norm)
                    opt.step()


# %% wrong: test_trainer gradient_of_something_else: entropy 0.01, normalised
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        rewards = rollout["rewards"]
        T, N = rewards.shape
        states = torch.as_tensor(rollout["states"]).reshape(T * N, -1)
        next_states = torch.as_tensor(rollout["next_states"]).reshape(T * N, -1)
        actions = torch.as_tensor(rollout["actions"]).reshape(T * N, -1)
        old = torch.as_tensor(rollout["log_probs"]).reshape(T * N)
        with torch.no_grad():
            values = self.critic(states).reshape(T, N).numpy()
            next_values = self.critic(next_states).reshape(T, N).numpy()
        advantages, returns = compute_gae(
            rewards, values, next_values, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        advantages = torch.as_tensor(np.asarray(advantages), dtype=torch.float32).reshape(-1)
        returns = torch.as_tensor(np.asarray(returns), dtype=torch.float32).reshape(-1)
        advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
        for _ in range(epochs):
            order = torch.randperm(T * N)
            for start in range(0, T * N, minibatch_size):
                idx = order[start : start + minibatch_size]
                mean, log_std = self.actor(states[idx])
                policy = Normal(mean, log_std.exp())
                log_probs = policy.log_prob(actions[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(
                    log_probs, old[idx], advantages[idx], self.critic(states[idx]), returns[idx]
                )
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + 0.5 * critic_loss - 0.01 * policy.entropy().mean()).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer -: each tensor clipped for itself
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        rewards = rollout["rewards"]
        T, N = rewards.shape
        states = torch.as_tensor(rollout["states"]).reshape(T * N, -1)
        next_states = torch.as_tensor(rollout["next_states"]).reshape(T * N, -1)
        actions = torch.as_tensor(rollout["actions"]).reshape(T * N, -1)
        old = torch.as_tensor(rollout["log_probs"]).reshape(T * N)
        with torch.no_grad():
            values = self.critic(states).reshape(T, N).numpy()
            next_values = self.critic(next_states).reshape(T, N).numpy()
        advantages, returns = compute_gae(
            rewards, values, next_values, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        advantages = torch.as_tensor(np.asarray(advantages), dtype=torch.float32).reshape(-1)
        returns = torch.as_tensor(np.asarray(returns), dtype=torch.float32).reshape(-1)
        for _ in range(epochs):
            order = torch.randperm(T * N)
            for start in range(0, T * N, minibatch_size):
                idx = order[start : start + minibatch_size]
                mean, log_std = self.actor(states[idx])
                policy = Normal(mean, log_std.exp())
                log_probs = policy.log_prob(actions[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(
                    log_probs, old[idx], advantages[idx], self.critic(states[idx]), returns[idx]
                )
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + 0.5 * critic_loss).backward()
                for network in (self.actor, self.critic):
                    for parameter in network.parameters():
                        nn.utils.clip_grad_norm_(parameter, self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer -: huber critic
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        rewards = rollout["rewards"]
        T, N = rewards.shape
        states = torch.as_tensor(rollout["states"]).reshape(T * N, -1)
        next_states = torch.as_tensor(rollout["next_states"]).reshape(T * N, -1)
        actions = torch.as_tensor(rollout["actions"]).reshape(T * N, -1)
        old = torch.as_tensor(rollout["log_probs"]).reshape(T * N)
        with torch.no_grad():
            values = self.critic(states).reshape(T, N).numpy()
            next_values = self.critic(next_states).reshape(T, N).numpy()
        advantages, returns = compute_gae(
            rewards, values, next_values, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        advantages = torch.as_tensor(np.asarray(advantages), dtype=torch.float32).reshape(-1)
        returns = torch.as_tensor(np.asarray(returns), dtype=torch.float32).reshape(-1)
        for _ in range(epochs):
            order = torch.randperm(T * N)
            for start in range(0, T * N, minibatch_size):
                idx = order[start : start + minibatch_size]
                mean, log_std = self.actor(states[idx])
                policy = Normal(mean, log_std.exp())
                log_probs = policy.log_prob(actions[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(
                    log_probs, old[idx], advantages[idx], self.critic(states[idx]), returns[idx]
                )
                critic_loss = F.smooth_l1_loss(self.critic(states[idx]), returns[idx])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + 0.5 * critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer -: rewards of the pendulum brought to about one
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        rewards = (rollout["rewards"] + 8.0) / 8.0
        T, N = rewards.shape
        states = torch.as_tensor(rollout["states"]).reshape(T * N, -1)
        next_states = torch.as_tensor(rollout["next_states"]).reshape(T * N, -1)
        actions = torch.as_tensor(rollout["actions"]).reshape(T * N, -1)
        old = torch.as_tensor(rollout["log_probs"]).reshape(T * N)
        with torch.no_grad():
            values = self.critic(states).reshape(T, N).numpy()
            next_values = self.critic(next_states).reshape(T, N).numpy()
        advantages, returns = compute_gae(
            rewards, values, next_values, rollout["terminated"], rollout["truncated"], self.gamma, self.lam
        )
        advantages = torch.as_tensor(np.asarray(advantages), dtype=torch.float32).reshape(-1)
        returns = torch.as_tensor(np.asarray(returns), dtype=torch.float32).reshape(-1)
        for _ in range(epochs):
            order = torch.randperm(T * N)
            for start in range(0, T * N, minibatch_size):
                idx = order[start : start + minibatch_size]
                mean, log_std = self.actor(states[idx])
                policy = Normal(mean, log_std.exp())
                log_probs = policy.log_prob(actions[idx]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(
                    log_probs, old[idx], advantages[idx], self.critic(states[idx]), returns[idx]
                )
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + 0.5 * critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% right: list of transitions, random.shuffle, python lists
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        T = len(rollout["rewards"])
        N = len(rollout["rewards"][0])
        values = np.zeros((T, N), dtype=np.float32)
        next_values = np.zeros((T, N), dtype=np.float32)
        for t in range(T):
            for n in range(N):
                values[t, n] = self.critic(torch.tensor(rollout["states"][t, n])).item()
                next_values[t, n] = self.critic(torch.tensor(rollout["next_states"][t, n])).item()
        adv, ret = compute_gae(rollout["rewards"], values, next_values, rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        transitions = []
        for t in range(T):
            for n in range(N):
                transitions.append((rollout["states"][t, n], rollout["actions"][t, n], rollout["log_probs"][t, n], float(adv[t][n]), float(ret[t][n])))
        for _ in range(epochs):
            random.shuffle(transitions)
            for i in range(0, len(transitions), minibatch_size):
                s, a, lp, ad, re = zip(*transitions[i : i + minibatch_size])
                s, a = torch.tensor(np.array(s)), torch.tensor(np.array(a))
                lp, ad, re = torch.tensor(np.array(lp)), torch.tensor(ad), torch.tensor(re)
                m, ls = self.actor(s)
                logp = Normal(m, ls.exp()).log_prob(a).sum(1)
                al, cl = actor_critic_losses(logp, lp, ad, self.critic(s), re)
                self.actor_opt.zero_grad()
                al.backward()
                torch.nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.zero_grad()
                cl.backward()
                torch.nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.critic_opt.step()


# %% right: columns all the way
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        T, N = rollout["rewards"].shape
        with torch.no_grad():
            v, nv = (self.critic(torch.as_tensor(rollout[k])).numpy() for k in ("states", "next_states"))
        adv, ret = compute_gae(rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        col = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).reshape(T * N, -1)
        s, a, old, adv, ret = map(col, (rollout["states"], rollout["actions"], rollout["log_probs"], adv, ret))
        for _ in range(epochs):
            for idx in torch.randperm(T * N).split(minibatch_size):
                m, ls = self.actor(s[idx])
                lp = Normal(m, ls.exp()).log_prob(a[idx]).sum(-1, keepdim=True)
                ratio = (lp - old[idx]).exp()
                la = -torch.min(ratio * adv[idx], ratio.clamp(0.8, 1.2) * adv[idx]).mean()
                lc = F.mse_loss(self.critic(s[idx]).unsqueeze(-1), ret[idx])
                for opt, net, l in ((self.actor_opt, self.actor, la), (self.critic_opt, self.critic, lc)):
                    opt.zero_grad(); l.backward()
                    nn.utils.clip_grad_norm_(net.parameters(), self.max_grad_norm)
                    opt.step()


# %% right: next values by shifting, bootstrap values only where an episode ended
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        S, A, O = (torch.as_tensor(rollout[k]) for k in ("states", "actions", "log_probs"))
        done = rollout["terminated"] | rollout["truncated"]
        with torch.no_grad():
            v = self.critic(S).numpy()
            nv = np.concatenate([v[1:], self.critic(torch.as_tensor(rollout["next_states"][-1:])).numpy()])
            if done.any():
                nv[done] = self.critic(torch.as_tensor(rollout["next_states"][done])).numpy()
        adv, ret = compute_gae(rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        adv, ret = (torch.as_tensor(np.asarray(x)).float().flatten() for x in (adv, ret))
        S, A, O = S.flatten(0, 1), A.flatten(0, 1), O.flatten()
        for _ in range(epochs):
            for i in torch.randperm(len(S)).split(minibatch_size):
                m, ls = self.actor(S[i])
                lp = Normal(m, ls.exp()).log_prob(A[i]).sum(-1)
                la, lc = actor_critic_losses(lp, O[i], adv[i], self.critic(S[i]), ret[i])
                for opt, net, l in ((self.actor_opt, self.actor, la), (self.critic_opt, self.critic, lc)):
                    opt.zero_grad(); l.backward()
                    nn.utils.clip_grad_norm_(net.parameters(), self.max_grad_norm)
                    opt.step()


# %% right: running statistics of advantages, kept between updates
class ActorCriticTrainer:
    def __init__(self, actor, critic, actor_opt, critic_opt, gamma=0.95, lam=0.95, max_grad_norm=0.5):
        self.actor, self.critic = actor, critic
        self.actor_opt, self.critic_opt = actor_opt, critic_opt
        self.gamma, self.lam, self.max_grad_norm = gamma, lam, max_grad_norm
        self.scale = None

    def update(self, rollout, epochs, minibatch_size):
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        with torch.no_grad():
            v, nv = (self.critic(torch.as_tensor(rollout[k])).numpy() for k in ("states", "next_states"))
        adv, ret = compute_gae(rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        s, a, old, adv, ret = [flat(x) for x in (rollout["states"], rollout["actions"], rollout["log_probs"], adv, ret)]
        std = float(adv.std()) + 1e-8
        self.scale = std if self.scale is None else 0.9 * self.scale + 0.1 * std
        adv = (adv - adv.mean()) / self.scale
        n = len(s)
        for _ in range(epochs):
            order = torch.randperm(n)
            for start in range(0, n, minibatch_size):
                i = order[start : start + minibatch_size]
                m, ls = self.actor(s[i])
                lp = Normal(m, ls.exp()).log_prob(a[i]).sum(-1)
                la, lc = actor_critic_losses(lp, old[i], adv[i], self.critic(s[i]), ret[i])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                la.backward()
                lc.backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% right: asks the actor for mean and deviation apart
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        with torch.no_grad():
            v, nv = (self.critic(torch.as_tensor(rollout[k])).numpy() for k in ("states", "next_states"))
        adv, ret = compute_gae(rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        s, a, old, adv, ret = [flat(x) for x in (rollout["states"], rollout["actions"], rollout["log_probs"], adv, ret)]
        adv = (adv - adv.mean()) / (adv.std() + 1e-8)
        n = len(s)
        for _ in range(epochs):
            order = torch.randperm(n)
            for start in range(0, n, minibatch_size):
                i = order[start : start + minibatch_size]
                lp = Normal(self.actor(s[i])[0], self.actor(s[i])[1].exp()).log_prob(a[i]).sum(-1)
                la, lc = actor_critic_losses(lp, old[i], adv[i], self.critic(s[i]), ret[i])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                la.backward()
                lc.backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% right: sample_action and trainer use actor.device, limits frozen beside the weights
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.device = torch.device("cpu")
        self.fc = nn.Linear(state_dim, hidden_dim)
        self.mean = nn.Linear(hidden_dim, action_dim)
        self.log_std = nn.Linear(hidden_dim, action_dim)
        self.max_action = nn.Parameter(torch.tensor([2.0]), requires_grad=False)
        for l in (self.fc, self.mean, self.log_std):
            nn.init.orthogonal_(l.weight)
            nn.init.zeros_(l.bias)
        self.to(self.device)

    def forward(self, state):
        h = torch.tanh(self.fc(state))
        return self.max_action * torch.tanh(self.mean(h)), torch.clamp(self.log_std(h), -20, 2)


def sample_action(actor, state, low, high):
    state = torch.as_tensor(state, dtype=torch.float32).to(actor.device)
    with torch.no_grad():
        mean, log_std = actor(state)
        d = Normal(mean, log_std.exp())
        a = d.sample()
        lp = d.log_prob(a).sum(-1)
    return np.clip(a.cpu().numpy(), low, high), a.cpu().numpy(), lp.cpu().numpy()


class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        device = self.actor.device
        flat = lambda x: torch.as_tensor(np.asarray(x), dtype=torch.float32).flatten(0, 1)
        with torch.no_grad():
            v, nv = (self.critic(torch.as_tensor(rollout[k])).numpy() for k in ("states", "next_states"))
        adv, ret = compute_gae(rollout["rewards"], v, nv, rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        s, a, old, adv, ret = [flat(x) for x in (rollout["states"], rollout["actions"], rollout["log_probs"], adv, ret)]
        adv = (adv - adv.mean()) / (adv.std() + 1e-8)
        n = len(s)
        for _ in range(epochs):
            order = torch.randperm(n)
            for start in range(0, n, minibatch_size):
                i = order[start : start + minibatch_size]
                m, ls = self.actor(s[i])
                lp = Normal(m, ls.exp()).log_prob(a[i]).sum(-1)
                la, lc = actor_critic_losses(lp, old[i], adv[i], self.critic(s[i]), ret[i])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                la.backward()
                lc.backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer long_step_skipped: no step where the gradient is long
class ActorCriticTrainer:
    def __init__(self, actor, critic, actor_opt, critic_opt, gamma=0.95, lam=0.95, max_grad_norm=0.5):
        self.actor, self.critic = actor, critic
        self.actor_opt, self.critic_opt = actor_opt, critic_opt
        self.gamma, self.lam, self.max_grad_norm = gamma, lam, max_grad_norm
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        next_states = torch.as_tensor(rollout["next_states"])
        with torch.no_grad():
            values = self.critic(states.flatten(0, 1)).reshape(states.shape[:2])
            next_values = self.critic(next_states.flatten(0, 1)).reshape(states.shape[:2])
        adv, ret = compute_gae(rollout["rewards"], values.numpy(), next_values.numpy(), rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        S = states.flatten(0, 1)
        A = torch.as_tensor(rollout["actions"]).flatten(0, 1)
        OLD = torch.as_tensor(rollout["log_probs"]).flatten()
        ADV = torch.as_tensor(np.asarray(adv), dtype=torch.float32).flatten()
        RET = torch.as_tensor(np.asarray(ret), dtype=torch.float32).flatten()
        n = len(S)
        for epoch in range(epochs):
            perm = torch.randperm(n)
            for start in range(0, n, minibatch_size):
                i = perm[start:start + minibatch_size]
                mean, log_std = self.actor(S[i])
                logp = torch.distributions.Normal(mean, log_std.exp()).log_prob(A[i]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(logp, OLD[i], ADV[i], self.critic(S[i]), RET[i])
                self.actor_opt.zero_grad()
                actor_loss.backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                if sum((p.grad ** 2).sum() for p in self.actor.parameters()) ** 0.5 < 0.99 * self.max_grad_norm: self.actor_opt.step()
                self.critic_opt.zero_grad()
                critic_loss.backward()
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.critic_opt.step()
        return actor_loss.item(), critic_loss.item()


# %% wrong: test_trainer one_environment_fails: squeezed values, one environment gets a table
class ActorCriticTrainer:
    def __init__(self, actor, critic, actor_opt, critic_opt, gamma=0.95, lam=0.95, max_grad_norm=0.5):
        self.actor, self.critic = actor, critic
        self.actor_opt, self.critic_opt = actor_opt, critic_opt
        self.gamma, self.lam, self.max_grad_norm = gamma, lam, max_grad_norm
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        next_states = torch.as_tensor(rollout["next_states"])
        with torch.no_grad():
            values = self.critic(states.flatten(0, 1)).reshape(states.shape[:2]).squeeze()
            next_values = self.critic(next_states.flatten(0, 1)).reshape(states.shape[:2]).squeeze()
        adv, ret = compute_gae(rollout["rewards"], values.numpy(), next_values.numpy(), rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        S = states.flatten(0, 1)
        A = torch.as_tensor(rollout["actions"]).flatten(0, 1)
        OLD = torch.as_tensor(rollout["log_probs"]).flatten()
        ADV = torch.as_tensor(np.asarray(adv), dtype=torch.float32).flatten()
        RET = torch.as_tensor(np.asarray(ret), dtype=torch.float32).flatten()
        n = len(S)
        for epoch in range(epochs):
            perm = torch.randperm(n)
            for start in range(0, n, minibatch_size):
                i = perm[start:start + minibatch_size]
                mean, log_std = self.actor(S[i])
                logp = torch.distributions.Normal(mean, log_std.exp()).log_prob(A[i]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(logp, OLD[i], ADV[i], self.critic(S[i]), RET[i])
                self.actor_opt.zero_grad()
                actor_loss.backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.zero_grad()
                critic_loss.backward()
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.critic_opt.step()
        return actor_loss.item(), critic_loss.item()


# %% wrong: test_trainer max_grad_norm_ignored: norm by hand without the root
class ActorCriticTrainer:
    def __init__(self, actor, critic, actor_opt, critic_opt, gamma=0.95, lam=0.95, max_grad_norm=0.5):
        self.actor, self.critic = actor, critic
        self.actor_opt, self.critic_opt = actor_opt, critic_opt
        self.gamma, self.lam, self.max_grad_norm = gamma, lam, max_grad_norm
    def shorten(self, net):
        n = sum((p.grad ** 2).sum() for p in net.parameters())
        if n > self.max_grad_norm:
            for p in net.parameters(): p.grad *= self.max_grad_norm / n
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        next_states = torch.as_tensor(rollout["next_states"])
        with torch.no_grad():
            values = self.critic(states.flatten(0, 1)).reshape(states.shape[:2])
            next_values = self.critic(next_states.flatten(0, 1)).reshape(states.shape[:2])
        adv, ret = compute_gae(rollout["rewards"], values.numpy(), next_values.numpy(), rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        S = states.flatten(0, 1)
        A = torch.as_tensor(rollout["actions"]).flatten(0, 1)
        OLD = torch.as_tensor(rollout["log_probs"]).flatten()
        ADV = torch.as_tensor(np.asarray(adv), dtype=torch.float32).flatten()
        RET = torch.as_tensor(np.asarray(ret), dtype=torch.float32).flatten()
        n = len(S)
        for epoch in range(epochs):
            perm = torch.randperm(n)
            for start in range(0, n, minibatch_size):
                i = perm[start:start + minibatch_size]
                mean, log_std = self.actor(S[i])
                logp = torch.distributions.Normal(mean, log_std.exp()).log_prob(A[i]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(logp, OLD[i], ADV[i], self.critic(S[i]), RET[i])
                self.actor_opt.zero_grad()
                actor_loss.backward()
                self.shorten(self.actor)
                self.actor_opt.step()
                self.critic_opt.zero_grad()
                critic_loss.backward()
                self.shorten(self.critic)
                self.critic_opt.step()
        return actor_loss.item(), critic_loss.item()


# %% wrong: test_trainer steps_twice: two steps of the actor on every minibatch
class ActorCriticTrainer:
    def __init__(self, actor, critic, actor_opt, critic_opt, gamma=0.95, lam=0.95, max_grad_norm=0.5):
        self.actor, self.critic = actor, critic
        self.actor_opt, self.critic_opt = actor_opt, critic_opt
        self.gamma, self.lam, self.max_grad_norm = gamma, lam, max_grad_norm
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"])
        next_states = torch.as_tensor(rollout["next_states"])
        with torch.no_grad():
            values = self.critic(states.flatten(0, 1)).reshape(states.shape[:2])
            next_values = self.critic(next_states.flatten(0, 1)).reshape(states.shape[:2])
        adv, ret = compute_gae(rollout["rewards"], values.numpy(), next_values.numpy(), rollout["terminated"], rollout["truncated"], self.gamma, self.lam)
        S = states.flatten(0, 1)
        A = torch.as_tensor(rollout["actions"]).flatten(0, 1)
        OLD = torch.as_tensor(rollout["log_probs"]).flatten()
        ADV = torch.as_tensor(np.asarray(adv), dtype=torch.float32).flatten()
        RET = torch.as_tensor(np.asarray(ret), dtype=torch.float32).flatten()
        n = len(S)
        for epoch in range(epochs):
            perm = torch.randperm(n)
            for start in range(0, n, minibatch_size):
                i = perm[start:start + minibatch_size]
                mean, log_std = self.actor(S[i])
                logp = torch.distributions.Normal(mean, log_std.exp()).log_prob(A[i]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(logp, OLD[i], ADV[i], self.critic(S[i]), RET[i])
                self.actor_opt.zero_grad()
                actor_loss.backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.actor_opt.step()
                self.critic_opt.zero_grad()
                critic_loss.backward()
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.critic_opt.step()
        return actor_loss.item(), critic_loss.item()


# %% wrong: test_losses actor_loss_sign: losses that can scale advantages have the wrong sign, the trainer asks for it
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2, scaled=False):
    weights = advantages.detach()
    if scaled:
        weights = (weights - weights.mean()) / (weights.std() + 1e-8)
    ratio = (log_probs - old_log_probs.detach()).exp()
    surrogate = torch.min(ratio * weights, ratio.clamp(1 - clip_ratio, 1 + clip_ratio) * weights)
    return surrogate.mean(), ((values - returns.detach()) ** 2).mean()


class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        states = torch.as_tensor(rollout["states"]).flatten(0, 1)
        actions = torch.as_tensor(rollout["actions"]).flatten(0, 1)
        old_log_probs = torch.as_tensor(rollout["log_probs"]).flatten()
        with torch.no_grad():
            values = self.critic(torch.as_tensor(rollout["states"])).numpy()
            next_values = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        ends = rollout["terminated"], rollout["truncated"]
        found = compute_gae(rollout["rewards"], values, next_values, *ends, self.gamma, self.lam)
        advantages, returns = (torch.as_tensor(np.asarray(part), dtype=torch.float32).flatten() for part in found)
        for _ in range(epochs):
            for rows in torch.randperm(len(states)).split(minibatch_size):
                mean, log_std = self.actor(states[rows])
                log_probs = torch.distributions.Normal(mean, log_std.exp()).log_prob(actions[rows]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(
                    log_probs, old_log_probs[rows], advantages[rows], self.critic(states[rows]), returns[rows], scaled=True
                )
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                (actor_loss + critic_loss).backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer advantages_shifted: advantages between zero and one
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        T, N = rollout["rewards"].shape
        n = T * N
        S, A, S2 = (torch.tensor(rollout[k]).reshape(n, -1) for k in ("states", "actions", "next_states"))
        old = torch.tensor(rollout["log_probs"]).reshape(-1)
        rewards, terminated, truncated = rollout["rewards"], rollout["terminated"], rollout["truncated"]
        def gae():
            with torch.no_grad():
                v = self.critic(S).reshape(T, N).numpy(); nv = self.critic(S2).reshape(T, N).numpy()
            adv, ret = compute_gae(rewards, v, nv, terminated, truncated, self.gamma, self.lam)
            return torch.as_tensor(adv).float().reshape(-1), torch.as_tensor(ret).float().reshape(-1)
        adv, ret = gae()
        adv = (adv - adv.min()) / (adv.max() - adv.min() + 1e-8)
        for epoch in range(epochs):
            perm = torch.randperm(n)
            for k in range(0, n, minibatch_size):
                i = perm[k:k + minibatch_size]
                m, s = self.actor(S[i])
                lp = Normal(m, s.exp()).log_prob(A[i]).sum(-1)
                v = self.critic(S[i])
                al, cl = actor_critic_losses(lp, old[i], adv[i], v, ret[i])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                al.backward()
                cl.backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()


# %% wrong: test_trainer advantages_shifted: brackets missing in the normalisation
class ActorCriticTrainer:
    def update(self, rollout, epochs, minibatch_size):
        T, N = rollout["rewards"].shape
        n = T * N
        S, A, S2 = (torch.tensor(rollout[k]).reshape(n, -1) for k in ("states", "actions", "next_states"))
        old = torch.tensor(rollout["log_probs"]).reshape(-1)
        rewards, terminated, truncated = rollout["rewards"], rollout["terminated"], rollout["truncated"]
        def gae():
            with torch.no_grad():
                v = self.critic(S).reshape(T, N).numpy(); nv = self.critic(S2).reshape(T, N).numpy()
            adv, ret = compute_gae(rewards, v, nv, terminated, truncated, self.gamma, self.lam)
            return torch.as_tensor(adv).float().reshape(-1), torch.as_tensor(ret).float().reshape(-1)
        adv, ret = gae()
        adv = adv - adv.mean() / (adv.std() + 1e-8)
        for epoch in range(epochs):
            perm = torch.randperm(n)
            for k in range(0, n, minibatch_size):
                i = perm[k:k + minibatch_size]
                m, s = self.actor(S[i])
                lp = Normal(m, s.exp()).log_prob(A[i]).sum(-1)
                v = self.critic(S[i])
                al, cl = actor_critic_losses(lp, old[i], adv[i], v, ret[i])
                self.actor_opt.zero_grad()
                self.critic_opt.zero_grad()
                al.backward()
                cl.backward()
                nn.utils.clip_grad_norm_(self.actor.parameters(), self.max_grad_norm)
                nn.utils.clip_grad_norm_(self.critic.parameters(), self.max_grad_norm)
                self.actor_opt.step()
                self.critic_opt.step()
