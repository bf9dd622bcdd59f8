"""Versions of update_critic, right and wrong, as students write them (test cell test_update_critic)."""

# %% right: sum in a loop divided by the number of updates
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.tensor(0.0, requires_grad=True)
        loss = 0
        for _ in range(n_updates):
            states, actions, rewards, next_states, terminateds = sample_batch(self.critic_rb, batch_size)
            loss = loss + self.compute_td_loss(states, actions, rewards, next_states, terminateds)
        return loss / n_updates


# %% right: every loss divided before it is added
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        total = torch.zeros(1, requires_grad=True)
        if batch_size > len(self.critic_rb):
            return total
        for i in range(n_updates):
            batch = sample_batch(self.critic_rb, batch_size)
            total = total + self.compute_td_loss(*batch) / n_updates
        return total[0]


# %% right: mean of stack, zero made from the parameters
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return 0 * sum(p.sum() for p in self.actor_critic.parameters())
        losses = []
        while len(losses) < n_updates:
            losses.append(self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)))
        return torch.stack(losses).mean()


# %% right: recursion over the updates
class ActorCriticAgent:
    def _sum_of_losses(self, batch_size, left):
        loss = self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
        return loss if left == 1 else loss + self._sum_of_losses(batch_size, left - 1)

    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return nn.Parameter(torch.zeros(()))
        return self._sum_of_losses(batch_size, n_updates) / n_updates


# %% right: generator expression inside sum
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        enough = len(self.critic_rb) >= batch_size
        if not enough:
            return torch.zeros(1, 1, requires_grad=True)
        return sum(self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)) / n_updates


# %% right: keyword arguments for sample_batch
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros([], dtype=torch.float32, requires_grad=True)
        losses = [
            self.compute_td_loss(*sample_batch(replay_buffer=self.critic_rb, n_samples=batch_size))
            for _ in range(n_updates)
        ]
        return torch.mean(torch.stack(losses))


# %% right: keyword arguments for both functions
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        loss = 0.0 * sum(p.mean() for p in self.actor_critic.critic_head.parameters())
        if len(self.critic_rb) >= batch_size:
            for _ in range(n_updates):
                s, a, r, s2, t = sample_batch(n_samples=batch_size, replay_buffer=self.critic_rb)
                td = self.compute_td_loss(states=s, actions=a, rewards=r, next_states=s2, terminateds=t)
                loss = loss + td / n_updates
        return loss


# %% right: all batches drawn first, then all losses
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.tensor([0.0], requires_grad=True)
        batches = [sample_batch(self.critic_rb, batch_size) for _ in range(n_updates)]
        losses = [self.compute_td_loss(*batch) for batch in batches]
        return torch.stack(losses, dim=0).sum() / len(losses)


# %% right: losses reshaped and joined by cat
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        losses = [torch.zeros(1, requires_grad=True)]
        if len(self.critic_rb) >= batch_size:
            losses = []
            for _ in range(n_updates):
                losses.append(self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)).reshape(1))
        return torch.cat(losses).mean()


# %% right: running mean of the losses
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return next(self.actor_critic.parameters()).sum() * 0
        mean = 0.0
        for k in range(1, n_updates + 1):
            loss = self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
            mean = mean + (loss - mean) / k
        return mean


# %% right: losses written into a tensor by index
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1).requires_grad_()
        losses = torch.zeros(n_updates)
        for i in range(n_updates):
            losses[i] = self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
        return losses.mean()


# %% right: functools.reduce and map
from functools import reduce


class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.autograd.Variable(torch.zeros(1), requires_grad=True).sum()
        batches = map(lambda _: sample_batch(self.critic_rb, batch_size), range(n_updates))
        losses = map(lambda batch: self.compute_td_loss(*batch), batches)
        return reduce(lambda x, y: x + y, losses) * (1.0 / n_updates)


# %% right: helper for one batch and the zero kept on the agent
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)
        self.no_loss = torch.zeros(1, requires_grad=True)
        self.critic_calls = 0

    def _one_loss(self, batch_size):
        self.critic_calls += 1
        return self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))

    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return self.no_loss * 1.0
        losses = [self._one_loss(batch_size) for _ in range(n_updates)]
        return sum(losses) / len(losses)


# %% right: dot product with equal weights, zero as a double
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, dtype=torch.float64, requires_grad=True)
        losses = torch.stack([self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)])
        weights = torch.full_like(losses, 1 / n_updates)
        return torch.dot(losses, weights)


# %% right: loop with break, zero of the policy head
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        loss, done = None, 0
        while True:
            if len(self.critic_rb) < batch_size or done == n_updates:
                break
            one = self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
            loss = one if loss is None else torch.add(loss, one)
            done += 1
        if loss is None:
            return sum((p * 0).sum() for p in self.actor_critic.actor_head.parameters())
        return torch.div(loss, done)


# %% right: mean over the last axis of a stack of columns
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if batch_size <= len(self.critic_rb):
            td_losses = []
            for _ in range(n_updates):
                batch = sample_batch(self.critic_rb, batch_size)
                td_losses.append(self.compute_td_loss(*batch, regularizer=0.1))
            return torch.stack(td_losses).view(1, -1).mean(dim=-1)
        return torch.empty(1).fill_(0.0).requires_grad_(True)


# %% right: fallback by try and except around the check of the size
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        try:
            if len(self.critic_rb) < batch_size:
                raise ValueError("мало переходов")
        except ValueError:
            return torch.zeros((), requires_grad=True) + 0.0
        losses = [None] * n_updates
        for i in range(n_updates):
            losses[i] = self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
        return torch.stack(tuple(losses)).mean(0)


# %% right: sample_batch under another name, kept before the class
draw_transitions = sample_batch


class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        total = 0
        for _ in range(n_updates):
            total = total + self.compute_td_loss(*draw_transitions(self.critic_rb, batch_size))
        return total / n_updates


# %% right: the method called through the class
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return 0 * self.actor_critic.evaluate(torch.zeros(1, self.actor_critic.net[0].in_features)).sum()
        batches = [sample_batch(self.critic_rb, batch_size) for _ in range(n_updates)]
        return torch.stack([ActorCriticAgent.compute_td_loss(self, *batch) for batch in batches]).mean()


# %% wrong: test_update_critic critic_updates_ignored: one batch whatever n_updates is
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        return self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))


# %% wrong: test_update_critic critic_updates_ignored: return inside the loop
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.tensor(0.0, requires_grad=True)
        losses = []
        for _ in range(n_updates):
            losses.append(self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)))
            return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_updates_ignored: always four batches
class ActorCriticAgent:
    N_UPDATES = 4

    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return 0 * sum(p.sum() for p in self.actor_critic.parameters())
        total = 0.0
        for _ in range(self.N_UPDATES):
            total = total + self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
        return total / self.N_UPDATES


# %% wrong: test_update_critic critic_batch_size_ignored: the number sixty-four
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, 64)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_batch_size_ignored: whole buffer as a batch
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.tensor([0.0], requires_grad=True)
        loss = 0
        for _ in range(n_updates):
            loss += self.compute_td_loss(*sample_batch(self.critic_rb, len(self.critic_rb)))
        return loss / n_updates


# %% wrong: test_update_critic critic_batch_size_ignored: n_updates transitions in every batch
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if batch_size > len(self.critic_rb):
            return next(self.actor_critic.parameters()).sum() * 0
        return sum(self.compute_td_loss(*sample_batch(self.critic_rb, n_samples=n_updates)) for _ in range(n_updates)) / n_updates


# %% wrong: test_update_critic critic_small_buffer: zero is a python float
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return 0.0
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_small_buffer: zero tensor without a gradient
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        loss = torch.zeros(())
        if len(self.critic_rb) < batch_size:
            return loss
        for _ in range(n_updates):
            loss = loss + self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
        return loss / n_updates


# %% wrong: test_update_critic critic_small_buffer: no check of the size at all
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        total = 0
        for _ in range(n_updates):
            batch = sample_batch(self.critic_rb, batch_size)
            total = total + self.compute_td_loss(*batch)
        return total / n_updates


# %% wrong: test_update_critic critic_small_buffer: assert on the number of transitions
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        assert len(self.critic_rb) >= batch_size, "слишком мало переходов"
        return torch.stack([self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]).mean()


# %% wrong: test_update_critic critic_small_buffer: learns on what there is
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        size = min(batch_size, len(self.critic_rb))
        if size == 0:
            return torch.zeros(1, requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, size)) for _ in range(n_updates)]
        return sum(losses) / n_updates


# %% wrong: test_update_critic critic_small_buffer: None when there is little data
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) >= batch_size:
            losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
            return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_returns_none: return forgotten after the loop
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        loss = 0
        for _ in range(n_updates):
            loss = loss + self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
        loss = loss / n_updates


# %% wrong: test_update_critic critic_returns_none: loss kept as an attribute only
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.tensor(0.0, requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        self.critic_loss = torch.stack(losses).mean()


# %% wrong: test_update_critic critic_returns_none: empty return at the end
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        zero = sum((p * 0).sum() for p in self.actor_critic.parameters())
        if len(self.critic_rb) < batch_size:
            return zero
        total = zero
        for _ in range(n_updates):
            total = total + self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) / n_updates
        return


# %% wrong: test_update_critic sum_not_mean: losses added and not divided
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        loss = 0
        for _ in range(n_updates):
            loss = loss + self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
        return loss


# %% wrong: test_update_critic -: divided by the batch size instead of the number of updates
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).sum() / batch_size


# %% wrong: test_update_critic same_minibatch: one batch drawn before the loop
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        batch = sample_batch(self.critic_rb, batch_size)
        loss = 0
        for _ in range(n_updates):
            loss = loss + self.compute_td_loss(*batch)
        return loss / n_updates


# %% wrong: test_update_critic critic_updates_ignored: list of one loss multiplied
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))] * n_updates
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_last_loss_only: loss overwritten in the loop
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        for _ in range(n_updates):
            loss = self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
        return loss


# %% wrong: test_update_critic -: last loss divided by the number of updates
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.tensor(0.0, requires_grad=True)
        for _ in range(n_updates):
            td_loss = self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
        return td_loss / n_updates


# %% wrong: test_update_critic critic_small_buffer: exactly batch_size transitions are not enough
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) <= batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic off_by_one: range from zero to n_updates inclusive
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = []
        for _ in range(n_updates + 1):
            losses.append(self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)))
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_loss_detached: numbers averaged, new tensor made
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)).item() for _ in range(n_updates)]
        return torch.tensor(np.mean(losses), requires_grad=True)


# %% wrong: test_update_critic critic_loss_detached: only the last loss keeps its graph
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        total = 0.0
        for _ in range(n_updates):
            loss = self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
            total = total + loss.detach()
        return (total - loss.detach() + loss) / n_updates


# %% wrong: test_update_critic buffer_mutated: buffer emptied after the batches
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        self.critic_rb.clear()
        return torch.stack(losses).mean()


# %% wrong: test_update_critic -: the newest transitions without sampling
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = []
        for _ in range(n_updates):
            recent = list(self.critic_rb)[-batch_size:]
            batch = [np.array(field) for field in zip(*recent)]
            losses.append(self.compute_td_loss(*batch))
        return torch.stack(losses).mean()


# %% wrong: test_update_critic -: optimizer steps made here, a number comes back
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        total = 0.0
        for _ in range(n_updates):
            loss = self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
            total += loss.item()
        return torch.tensor(total / n_updates, requires_grad=True)


# %% wrong: test_update_critic -: regularizer switched off by a keyword
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size), regularizer=0.0) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic wrong_field_order: batch unpacked with state and next state exchanged
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        total = 0
        for _ in range(n_updates):
            next_states, actions, rewards, states, terminateds = sample_batch(self.critic_rb, batch_size)
            total = total + self.compute_td_loss(states, actions, rewards, next_states, terminateds)
        return total / n_updates


# %% wrong: test_update_critic -: the largest of the losses
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).max()


# %% wrong: test_update_critic loss_not_reduced: stack of losses without the mean
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        return torch.stack([self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)])


# %% wrong: test_update_critic critic_updates_ignored + test_update_critic critic_small_buffer: one batch, and zero without a gradient
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.tensor(0.0)
        return self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))


# %% wrong: test_update_critic critic_batch_size_ignored + test_update_critic sum_not_mean: thirty-two transitions and a plain sum
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        return sum(self.compute_td_loss(*sample_batch(self.critic_rb, 32)) for _ in range(n_updates))


# %% wrong: test_update_critic critic_small_buffer + test_td_loss gamma_missing: mistakes in two neighbouring methods
class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(1, to_tensor(actions, np.int64).unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            f = self.actor_critic.net(to_tensor(next_states))
            V = (self.actor_critic.actor_head(f).softmax(-1) * self.actor_critic.critic_head(f)).sum(-1)
        td_loss = F.mse_loss(Q_s_a, to_tensor(rewards) + V * to_tensor(~terminateds))
        return td_loss + regularizer * Q_s_a.mean()

    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return 0
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic not_implemented: untouched stub
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        ####### Здесь ваш код ########
        raise NotImplementedError
        ##############################


# %% wrong: test_update_critic not_implemented: zero for the small buffer is written, the rest is a stub
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        ####### Здесь ваш код ########
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        raise NotImplementedError
        ##############################


# %% wrong: test_update_critic raises: batch passed as one argument
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = [self.compute_td_loss(sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic raises: mean of a python list
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return losses.mean()


# %% wrong: test_update_critic timeout: counter of the batches is never decreased
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        left, losses = n_updates, {}
        while left > 0:
            losses[left] = self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
        return sum(losses.values()) / n_updates


# %% right: all batches are joined and the loss is taken once
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        batches = [sample_batch(self.critic_rb, batch_size) for _ in range(n_updates)]
        # batches are equally long, so the mean over all rows is the mean of the means
        return self.compute_td_loss(*map(np.concatenate, zip(*batches)))


# %% right: regularizer is named with its default value
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if batch_size > len(self.critic_rb):
            return 0 * sum(p.sum() for p in self.actor_critic.parameters())
        total = torch.zeros(())
        for _ in range(n_updates):
            s, a, r, s2, done = sample_batch(self.critic_rb, batch_size)
            total = total + self.compute_td_loss(s, a, r, s2, done, regularizer=0.1)
        return total / n_updates


# %% right: fields by name and by methodcaller
from operator import methodcaller

FIELDS = "states actions rewards next_states terminateds".split()


class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.tensor([[0.0]], requires_grad=True)
        losses = []
        while len(losses) < n_updates:
            batch = dict(zip(FIELDS, sample_batch(self.critic_rb, batch_size), strict=True))
            losses.append(methodcaller("compute_td_loss", **batch)(self))
        return torch.hstack(losses).mean()


# %% right: sampler bound as a default argument
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1, sampler=sample_batch):
        if len(self.critic_rb) < batch_size:
            return nn.Parameter(torch.zeros(1))
        draw = lambda: self.compute_td_loss(*sampler(self.critic_rb, batch_size))
        return torch.einsum("i->", torch.stack([draw() for _ in range(n_updates)])) / n_updates


# %% right: accumulate keeps the partial sums
import itertools
import operator


class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        match len(self.critic_rb) - batch_size:
            case short if short < 0:
                return torch.zeros(1, dtype=torch.float64, requires_grad=True).sum()
            case _:
                losses = (self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates))
                *_, total = itertools.accumulate(losses, operator.add)
                return total.div(n_updates)


# %% right: generator of losses, the zero is a loss of equal tensors
import itertools


class ActorCriticAgent:
    def losses(self, batch_size, n_updates):
        for _ in itertools.repeat(None, n_updates):
            yield self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))

    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            weight = next(self.actor_critic.parameters())
            return F.mse_loss(weight, weight.detach())
        return torch.stack(tuple(self.losses(batch_size, n_updates))).sum() / n_updates


# %% right: no graph of its own, the zero by an autograd function
class Nothing(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.new_zeros(())

    @staticmethod
    def backward(ctx, grad):
        return None


class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return Nothing.apply(next(self.actor_critic.parameters()))
        loss, k = 0.0, 0
        while k < n_updates:
            loss = loss * (k / (k + 1)) + self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) / (k + 1)
            k += 1
        return loss


# %% right: zero is the value of no state at all
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return sum(p.flatten()[:0].sum() for p in self.actor_critic.parameters())
        weights = np.full(n_updates, 1 / n_updates)
        return sum(w * self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for w in weights.tolist())


# %% right: two threads work on the batches
from concurrent.futures import ThreadPoolExecutor


class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros([], requires_grad=True)
        batches = [sample_batch(self.critic_rb, batch_size) for _ in range(n_updates)]
        with ThreadPoolExecutor(max_workers=2) as pool:
            losses = list(pool.map(lambda batch: self.compute_td_loss(*batch), batches))
        return torch.stack(losses).mean()


# %% right: subclass of the batch with names, keyword argument for the size
from collections import namedtuple

Batch = namedtuple("Batch", "states actions rewards next_states terminateds")


class ActorCriticAgent:
    def one(self, n_samples):
        batch = Batch._make(sample_batch(replay_buffer=self.critic_rb, n_samples=n_samples))
        return self.compute_td_loss(**batch._asdict())

    def update_critic(self, batch_size, n_updates=1):
        enough = len(self.critic_rb) >= batch_size
        losses = [self.one(batch_size) for _ in range(n_updates * enough)] or [torch.zeros((), requires_grad=True)]
        return torch.mean(torch.stack(losses))


# %% right: gradients are switched on by a decorator
class ActorCriticAgent:
    @torch.enable_grad()
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic -: waits until the memory is full
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < self.critic_rb.maxlen:
            return torch.zeros((), requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_small_buffer: wants enough transitions for all batches together
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < n_updates * batch_size:
            return torch.zeros((), requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_small_buffer: mean of an empty tensor is not a number
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.empty(0, requires_grad=True).mean()
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_small_buffer: whole numbers have no gradient
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.tensor(0, requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_small_buffer: a zero for every row of the batch
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(batch_size, requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_batch_size_ignored: batch is shared out among the updates
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        part = max(batch_size // n_updates, 1)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, part)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic -: loss goes back inside the loop, its graph is gone
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        total = 0
        for _ in range(n_updates):
            loss = self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
            loss.backward()
            total = total + loss
        return total / n_updates


# %% wrong: test_update_critic -: one batch too few when there are several
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        loss = self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
        for _ in range(2, n_updates):
            loss = loss + self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
        return loss / n_updates


# %% wrong: test_update_critic -: exponential average of the losses
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        loss = self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
        for _ in range(n_updates - 1):
            loss = 0.9 * loss + 0.1 * self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
        return loss


# %% wrong: test_update_critic -: loss together with the number of batches
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True), 0
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean(), n_updates


# %% wrong: test_update_critic critic_loss_detached: mean of python numbers
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        losses = [float(self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))) for _ in range(n_updates)]
        return to_tensor(np.mean(losses)).requires_grad_()


# %% wrong: test_update_critic -: same batch is shuffled for every update
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        batch = [np.array(x) for x in sample_batch(self.critic_rb, batch_size)]
        total = 0
        for _ in range(n_updates):
            order = np.random.permutation(batch_size)
            total = total + self.compute_td_loss(*(x[order] for x in batch))
        return total / n_updates


# %% right: starmap over a generator of batches
from itertools import starmap


class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.full((), 0.0, requires_grad=True)
        batches = (sample_batch(self.critic_rb, batch_size) for _ in range(n_updates))
        losses = list(starmap(self.compute_td_loss, batches))
        return sum(losses) / len(losses)


# %% right: one draw of all rows with replacement, cut into batches
def sample_batch(replay_buffer, n_samples):
    rows = random.choices(replay_buffer, k=n_samples)
    return tuple(np.array(column) for column in zip(*rows))


class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        everything = sample_batch(self.critic_rb, n_updates * batch_size)
        loss = 0
        for batch in zip(*(np.split(field, n_updates) for field in everything)):
            loss = loss + self.compute_td_loss(*batch)
        return loss / n_updates


# %% right: random.sample itself says that there is too little
def sample_batch(replay_buffer, n_samples):
    rows = random.sample(replay_buffer, n_samples)
    return tuple(np.array(column) for column in zip(*rows))


class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        try:
            losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        except ValueError:
            return torch.tensor(0.0, requires_grad=True)
        return torch.stack(losses).mean()


# %% right: decorator guards against a small memory
from functools import wraps


def needs_data(method):
    @wraps(method)
    def guarded(self, batch_size, *args, **kwargs):
        if len(self.critic_rb) >= batch_size:
            return method(self, batch_size, *args, **kwargs)
        return torch.zeros(1).requires_grad_(True)

    return guarded


class ActorCriticAgent:
    @needs_data
    def update_critic(self, batch_size, n_updates=1):
        losses = []
        for _ in range(n_updates):
            losses.append(self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)))
        return torch.stack(losses, dim=0).mean(dim=0)


# %% right: the work is done by a base class
class LearnsFromMemory:
    def one_batch(self, size):
        s, a, r, s2, d = sample_batch(self.critic_rb, size)
        return self.compute_td_loss(s, a, r, s2, d)

    def update_critic(self, batch_size, n_updates=1):
        if not len(self.critic_rb) >= batch_size:
            return (self.actor_critic.critic_head.weight * 0).sum()
        total = self.one_batch(batch_size)
        for _ in range(1, n_updates):
            total = total + self.one_batch(batch_size)
        return total / n_updates


class ActorCriticAgent(LearnsFromMemory):
    def update_critic(self, batch_size, n_updates=1):
        return super().update_critic(batch_size, n_updates)


# %% right: numbers of transitions are drawn here, sample_batch is not asked
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        n = len(self.critic_rb)
        if n < batch_size:
            return torch.autograd.Variable(torch.zeros(1), requires_grad=True)
        memory = list(self.critic_rb)
        loss = torch.zeros(())
        for i in range(n_updates):
            rows = [memory[k] for k in np.random.choice(n, batch_size, replace=False)]
            loss += self.compute_td_loss(*(np.array(f) for f in zip(*rows))) / n_updates
        return loss


# %% right: queue of batches is worked off, exception of its own
class TooFewTransitions(Exception):
    pass


class ActorCriticAgent:
    def _batches(self, size, count):
        if len(self.critic_rb) < size:
            raise TooFewTransitions(f"{len(self.critic_rb)} < {size}")
        return deque(sample_batch(self.critic_rb, size) for _ in range(count))

    def update_critic(self, batch_size, n_updates=1):
        try:
            queue = self._batches(batch_size, n_updates)
        except TooFewTransitions:
            return torch.sin(torch.zeros(1, requires_grad=True))
        losses = torch.empty(0)
        while queue:
            losses = torch.cat([losses, self.compute_td_loss(*queue.popleft()).reshape(1)])
        return losses.mean()


# %% right: state of both samplers lives on the class, the zero in a lambda
class ActorCriticAgent:
    nothing = staticmethod(lambda: torch.ones(1, requires_grad=True) * 0.0)
    draw = staticmethod(sample_batch)

    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return self.nothing()
        return torch.mean(
            torch.hstack([self.compute_td_loss(*self.draw(self.critic_rb, batch_size)) for _ in range(n_updates)])
        )


# %% wrong: test_update_critic critic_updates_ignored: range of one
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = []
        for n_updates in range(1):
            losses.append(self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)))
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_updates_ignored: number is set anew from the default
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        n_updates = max(1, len(self.critic_rb) // batch_size)
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        loss = 0.0
        n_updates = 1
        for _ in range(n_updates):
            loss += self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
        return loss / n_updates


# %% wrong: test_update_critic critic_batch_size_ignored: half of the memory
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        size = max(1, len(self.critic_rb) // 2)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_batch_size_ignored: never more than four
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, min(batch_size, 4))) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_small_buffer: only the empty memory is nothing
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if not self.critic_rb:
            return torch.zeros(1, requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_small_buffer: batch shrinks to what is there
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        batch_size = min(batch_size, len(self.critic_rb))
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_small_buffer: detach at the end of the zero
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return (0 * next(self.actor_critic.parameters()).sum()).detach()
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_small_buffer: one instead of zero
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.ones((), requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_small_buffer: zero of numpy
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return np.float32(0)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_small_buffer: empty tensor
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.tensor([], requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_small_buffer: own error says what is missing
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            raise RuntimeError("В буфере слишком мало переходов")
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_small_buffer: sum of the squares of all weights
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return 0.5 * sum((p**2).sum() for p in self.actor_critic.parameters())
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_returns_none: only one update has a return
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        loss = sum(self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates))
        if n_updates == 1:
            return loss
        loss = loss / n_updates


# %% wrong: test_update_critic critic_returns_none: result of append is kept
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses, result = [], None
        for _ in range(n_updates):
            result = losses.append(self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)))
        return result


# %% wrong: test_update_critic same_minibatch: repeat gives the same batch over and over
from itertools import repeat


class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        batches = repeat(sample_batch(self.critic_rb, batch_size), n_updates)
        return torch.stack([self.compute_td_loss(*batch) for batch in batches]).mean()


# %% wrong: test_update_critic off_by_one: range starts at one
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = []
        for _ in range(1, n_updates):
            losses.append(self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)))
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_small_buffer: batch_size plus one are wanted
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) - 1 < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic -: median of the losses
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).median()


# %% wrong: test_update_critic -: root of the mean of squared losses
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).pow(2).mean().sqrt()


# %% wrong: test_update_critic critic_loss_detached: torch.Tensor made of the losses
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.tensor(losses).mean()


# %% wrong: test_update_critic critic_loss_detached: batches are valued under no_grad
class ActorCriticAgent:
    @torch.no_grad()
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_loss_detached: detached, and a gradient demanded afterwards
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        total = torch.zeros(())
        for _ in range(n_updates):
            total += self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)).detach()
        return (total / n_updates).requires_grad_(True)


# %% wrong: test_update_critic buffer_mutated: the oldest transition leaves with every batch
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = []
        for _ in range(n_updates):
            losses.append(self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)))
            self.critic_rb.popleft()
        return torch.stack(losses).mean()


# %% wrong: test_update_critic -: rewards scaled once more before the loss
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = []
        for _ in range(n_updates):
            s, a, r, s2, d = sample_batch(self.critic_rb, batch_size)
            losses.append(self.compute_td_loss(s, a, 0.1 * r, s2, d))
        return torch.stack(losses).mean()


# %% wrong: test_update_critic -: flags turned round although compute_td_loss does that
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        loss = 0
        for _ in range(n_updates):
            s, a, r, s2, d = sample_batch(self.critic_rb, batch_size)
            loss = loss + self.compute_td_loss(s, a, r, s2, ~d)
        return loss / n_updates


# %% wrong: test_update_critic -: regularizer grows with the number of the batch
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = [
            self.compute_td_loss(*sample_batch(self.critic_rb, batch_size), regularizer=0.1 * k)
            for k in range(n_updates)
        ]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic -: optimizer steps in the loop, the mean of what is left comes back
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        total = 0
        for _ in range(n_updates):
            loss = self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
            total += loss.detach()
        return total / n_updates


# %% wrong: test_update_critic raises: the attribute n_updates was never set
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(self.n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic raises: method of the agent called without self
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = [compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_updates_ignored + test_update_critic critic_batch_size_ignored: one batch of thirty-two
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        return self.compute_td_loss(*sample_batch(self.critic_rb, 32))


# %% wrong: test_update_critic critic_last_loss_only + test_update_critic critic_small_buffer: last loss, and a number for the small memory
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        loss = 0.0
        if len(self.critic_rb) >= batch_size:
            for _ in range(n_updates):
                loss = self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
        return loss


# %% right: losses of the batches are weighted by their equal shares in a tensor product
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        enough = len(self.critic_rb) >= batch_size
        if not enough:
            zero = torch.tensor([0.0], requires_grad=True)
            return zero * 1.0
        shares = torch.full((n_updates,), 1.0 / n_updates)
        losses = torch.cat(
            [self.compute_td_loss(*sample_batch(list(self.critic_rb), batch_size)).reshape(1) for _ in shares]
        )
        return losses @ shares


# %% wrong: test_update_critic -: batches come from the newest transitions only
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        recent = list(self.critic_rb)[-batch_size:]
        losses = [self.compute_td_loss(*sample_batch(recent, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic -: batch is drawn from the rollout of the actor
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.actor_batch, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic -: four updates where the caller says nothing
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=4):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic buffer_mutated: transitions of a batch are taken out of the memory
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        loss = 0
        for _ in range(n_updates):
            loss = loss + self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) / n_updates
            self.critic_rb.popleft()
        return loss


# %% wrong: test_update_critic critic_small_buffer: zero is made of numpy
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return np.float32(0)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_small_buffer: one thousandth is as good as zero
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.full((), 1e-3, requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_small_buffer: StopIteration of a generator for the small memory
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        batches = (sample_batch(self.critic_rb, batch_size) for _ in range(n_updates) if len(self.critic_rb) >= batch_size)
        loss = self.compute_td_loss(*next(batches))
        for batch in batches:
            loss = loss + self.compute_td_loss(*batch)
        return loss / n_updates


# %% wrong: test_update_critic critic_batch_size_ignored: half of the batch size
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size // 2)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic -: loss of the actor is added to that of the critic
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean() + self.update_actor()


# %% wrong: test_update_critic critic_small_buffer: zero times the loss on what there is, nothing helps an empty memory
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return 0 * self.compute_td_loss(*sample_batch(self.critic_rb, len(self.critic_rb)))
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_small_buffer: zero times the loss of the actor
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return 0.0 * self.update_actor()
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic same_minibatch: batch is kept on the agent for the whole call, and summed
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        self._batch = sample_batch(self.critic_rb, batch_size)
        total = torch.zeros(())
        for _ in range(n_updates):
            total += self.compute_td_loss(*self._batch)
        return total / n_updates


# %% right: critic's small-memory zero is a product with a fresh leaf
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        weight = float(len(self.critic_rb) >= batch_size)
        loss = torch.zeros(1, requires_grad=True) * weight
        for _ in range(n_updates if weight else 0):
            loss = loss + self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) / n_updates
        return loss.squeeze()


# %% wrong: test_update_critic off_by_one + test_update_critic critic_batch_size_ignored: one round more, of the whole memory
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        size = len(self.critic_rb)
        if size < batch_size:
            return torch.zeros(1, requires_grad=True).sum()
        total = 0.0
        for _ in range(n_updates + 1):
            total = total + self.compute_td_loss(*sample_batch(self.critic_rb, size))
        return total / (n_updates + 1)


# %% wrong: test_update_critic same_minibatch + test_update_critic sum_not_mean: one draw, added up
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        loss = torch.zeros((), requires_grad=True)
        if len(self.critic_rb) >= batch_size:
            drawn = sample_batch(self.critic_rb, batch_size)
            for _ in range(n_updates):
                loss = loss + self.compute_td_loss(*drawn)
        return loss


# %% right: nn.Parameter as the zero, max of one and n_updates
class ActorCriticAgent:
    def _ready(self, batch_size):
        return len(self.critic_rb) >= int(batch_size)

    def update_critic(self, batch_size: int, n_updates: int = 1) -> torch.Tensor:
        if not self._ready(batch_size):
            return nn.Parameter(torch.tensor(0.0))
        n_updates = max(1, int(n_updates))
        losses = []
        for i in range(n_updates):
            batch = sample_batch(replay_buffer=self.critic_rb, n_samples=batch_size)
            losses.append(self.compute_td_loss(*batch))
        return torch.stack(losses, dim=0).mean(dim=0)


# %% right: zero on the device of the parameters, dtype too, while loop
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        p = next(iter(self.actor_critic.parameters()))
        loss = p.new_zeros((), requires_grad=True)
        if batch_size > len(self.critic_rb):
            return loss
        done = 0
        while done < n_updates:
            loss = loss + self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) / n_updates
            done += 1
        return loss


# %% right: Variable of old torch, in-place addition
from torch.autograd import Variable


class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return Variable(torch.zeros(1), requires_grad=True)
        loss = Variable(torch.zeros(1))
        for _ in range(n_updates):
            loss += self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
        loss /= n_updates
        return loss.squeeze()


# %% right: zero times the sum of all parameters
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return sum((p * 0.0).sum() for p in self.actor_critic.parameters())
        it = (sample_batch(self.critic_rb, batch_size) for _ in range(n_updates))
        return torch.mean(torch.stack([self.compute_td_loss(s, a, r, s2, d) for s, a, r, s2, d in it]))


# %% right: ternary lambda and map, statistics on the agent
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        enough = len(self.critic_rb) >= batch_size
        td = lambda _: self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
        losses = list(map(td, range(n_updates))) if enough else [torch.zeros((), requires_grad=True)]
        self.critic_losses = [l.item() for l in losses]
        return torch.stack(losses).mean()


# %% right: weighted mean through torch.lerp, running average
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return (torch.ones(()) * 0.0).requires_grad_(True)
        mean = None
        for k in range(1, n_updates + 1):
            loss = self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
            mean = loss if mean is None else torch.lerp(mean, loss, 1.0 / k)
        return mean


# %% right: walrus and while, losses in a deque
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if (have := len(self.critic_rb)) < batch_size:
            return torch.full((), 0.0, requires_grad=True) * have
        losses = deque()
        while len(losses) < n_updates:
            losses.append(self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)))
        total = losses.popleft()
        while losses:
            total = total + losses.pop()
        return total.div(n_updates)


# %% wrong: test_update_critic critic_small_buffer: one big batch of n_updates times batch_size without replacement by random.sample fails when small
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        rows = random.sample(list(self.critic_rb), batch_size * n_updates)
        chunks = [rows[i * batch_size:(i + 1) * batch_size] for i in range(n_updates)]
        return torch.stack([self.compute_td_loss(*map(np.array, zip(*c))) for c in chunks]).mean()


# %% wrong: test_update_critic critic_small_buffer: assertion on all batches together
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        assert len(self.critic_rb) >= batch_size * n_updates, "not enough transitions"
        return torch.stack([self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]).mean()


# %% wrong: test_update_critic critic_small_buffer: raises when exactly batch_size
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        if len(self.critic_rb) <= batch_size:
            raise ValueError("buffer too small")
        return torch.stack([self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]).mean()


# %% wrong: test_update_critic critic_small_buffer: without replacement across all batches, np.random.choice
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.tensor(0.0, requires_grad=True)
        rb = list(self.critic_rb)
        idx = np.random.choice(len(rb), size=(n_updates, batch_size), replace=False)
        losses = []
        for row in idx:
            s, a, r, s2, d = map(np.array, zip(*[rb[i] for i in row]))
            losses.append(self.compute_td_loss(s, a, r, s2, d))
        return torch.stack(losses).mean()


# %% wrong: test_update_critic wrong_field_order: states in place of the next ones
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        loss = 0
        for _ in range(n_updates):
            states, actions, rewards, next_states, terminateds = sample_batch(self.critic_rb, batch_size)
            loss = loss + self.compute_td_loss(states, actions, rewards, states, terminateds)
        return loss / n_updates


# %% wrong: test_update_critic -: a draw of its own for every field
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        loss = 0
        for _ in range(n_updates):
            fields = [sample_batch(self.critic_rb, batch_size)[i] for i in range(5)]
            loss = loss + self.compute_td_loss(*fields)
        return loss / n_updates


# %% wrong: test_update_critic wrong_field_order: next states are those of other rows
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        loss = 0
        for _ in range(n_updates):
            s, a, r, s2, d = sample_batch(self.critic_rb, batch_size)
            loss = loss + self.compute_td_loss(s, a, r, np.roll(s2, 1, axis=0), d)
        return loss / n_updates


# %% wrong: test_update_critic state_kept: a list of losses that is never cleared
class ActorCriticAgent:
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)
        self.losses = []

    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        for _ in range(n_updates):
            self.losses.append(self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)))
        return torch.stack(self.losses).mean()


# %% wrong: test_update_critic state_kept: a counter that is never set back
class ActorCriticAgent:
    _k = 0

    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        loss = torch.zeros(())
        while self._k < n_updates:
            loss = loss + self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) / n_updates
            self._k += 1
        return loss if loss.requires_grad else torch.zeros(1, requires_grad=True)


# %% wrong: test_update_critic -: an index of its own for every field, without sample_batch
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        loss = 0
        for _ in range(n_updates):
            cols = [np.array(c) for c in zip(*self.critic_rb)]
            batch = [c[np.random.randint(len(c), size=batch_size)] for c in cols]
            loss = loss + self.compute_td_loss(*batch)
        return loss / n_updates


# %% wrong: test_update_critic seed_fixed: seeds before every batch
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros(1, requires_grad=True)
        losses = []
        for _ in range(n_updates):
            np.random.seed(0); random.seed(0); torch.manual_seed(0)
            batch = sample_batch(self.critic_rb, batch_size)
            losses.append(self.compute_td_loss(*batch))
        return torch.stack(losses).mean()


# %% wrong: test_update_critic critic_small_buffer: waits until the memory is full
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < self.critic_rb.maxlen:
            return torch.zeros(1, requires_grad=True)
        losses = []
        for _ in range(n_updates):
            batch = sample_batch(self.critic_rb, batch_size)
            losses.append(self.compute_td_loss(*batch))
        return torch.stack(losses).mean()


# %% wrong: test_update_critic same_minibatch: batches are drawn first, the loop takes the last one each time
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        batches = [sample_batch(self.critic_rb, batch_size) for _ in range(n_updates)]
        losses = [self.compute_td_loss(*batches[0]) for batch in batches]
        return torch.stack(losses).mean()


# %% wrong: test_update_critic wrong_field_order: next states of the first batch in all later ones
class ActorCriticAgent:
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        states, actions, rewards, next_states, terminateds = sample_batch(self.critic_rb, batch_size)
        loss = self.compute_td_loss(states, actions, rewards, next_states, terminateds)
        for _ in range(n_updates - 1):
            states, actions, rewards, new_states, terminateds = sample_batch(self.critic_rb, batch_size)
            loss = loss + self.compute_td_loss(states, actions, rewards, next_states, terminateds)
        return loss / n_updates
