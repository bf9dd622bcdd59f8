"""Wrong versions of `to_tensor`, `symlog` and `symexp`."""

import numpy as np
import torch

from ac_helpers.reference import actor_critic as right
from ac_helpers.reference.bank import Bank

BANK = Bank()


@BANK.mistake("wrong_dtype")
def to_tensor(x, dtype=np.float32):
    return x if isinstance(x, torch.Tensor) else torch.as_tensor(np.asarray(x))


@BANK.mistake("wrong_dtype")
def to_tensor(x, dtype=np.float32):
    return x if isinstance(x, torch.Tensor) else torch.as_tensor(np.asarray(x, dtype=np.float32))


@BANK.mistake("wrong_dtype")
def to_tensor(x, dtype=np.float32):
    return x if isinstance(x, torch.Tensor) else torch.as_tensor(np.asarray(x, dtype=np.float64))


@BANK.mistake("tensor_not_passed_through")
def to_tensor(x, dtype=np.float32):
    return torch.as_tensor(np.array(x, dtype=dtype))


@BANK.mistake("tensor_not_passed_through")
def to_tensor(x, dtype=np.float32):
    return x.clone() if isinstance(x, torch.Tensor) else torch.as_tensor(np.asarray(x, dtype=dtype))


@BANK.mistake("tensor_not_passed_through")
def to_tensor(x, dtype=np.float32):
    return x.float() if isinstance(x, torch.Tensor) else torch.as_tensor(np.asarray(x, dtype=dtype))


@BANK.mistake("symlog_no_sign")
def symlog(x):
    return torch.log(torch.abs(x) + 1)


@BANK.mistake("symlog_log_of_x")
def symlog(x):
    return torch.sign(x) * torch.log(torch.abs(x))


@BANK.mistake("symlog_log_of_x")
def symlog(x):
    return torch.log(x + 1)


@BANK.mistake("symlog_log_of_x")
def symlog(x):
    return torch.sign(x) * torch.log(x + 1)


@BANK.mistake("symlog_base")
def symlog(x):
    return torch.sign(x) * torch.log10(torch.abs(x) + 1)


@BANK.mistake("symlog_base")
def symlog(x):
    return torch.sign(x) * torch.log2(torch.abs(x) + 1)


@BANK.mistake("symexp_not_inverse")
def symexp(x):
    return torch.sign(x) * torch.exp(torch.abs(x))


@BANK.mistake("symexp_not_inverse")
def symexp(x):
    return torch.exp(torch.abs(x)) - 1


@BANK.mistake("symexp_not_inverse")
def symexp(x):
    return torch.exp(x) - 1


@BANK.mistake("symexp_not_inverse")
def symexp(x):
    return torch.sign(x) * (torch.exp(torch.abs(x)) + 1)


@BANK.mistake("symexp_not_inverse")
def symexp(x):
    return torch.sign(x) * torch.exp(torch.abs(x) - 1)


@BANK.mistake("symexp_not_inverse")
def symexp(x):
    return torch.sign(x) * (torch.exp(x) - 1)


@BANK.mistake("not_a_tensor")
def to_tensor(x, dtype=np.float32):
    return x if isinstance(x, torch.Tensor) else np.asarray(x, dtype=dtype)


@BANK.mistake("symlog_log_of_x")
def symlog(x):
    return torch.sign(x) * torch.log(torch.abs(x) + 1e-8)


@BANK.mistake("functions_swapped")
def symlog(x):
    return right.symexp(x)


@BANK.mistake("symexp_not_inverse")
def symexp(x):
    return right.symlog(x)


@BANK.mistake("tensor_not_passed_through")
def to_tensor(x, dtype=np.float32):
    return x.detach() if isinstance(x, torch.Tensor) else torch.as_tensor(np.asarray(x, dtype=dtype))


@BANK.mistake("wrong_shape")
def symlog(x):
    return right.symlog(x).squeeze()


@BANK.mistake("wrong_shape")
def symexp(x):
    return right.symexp(x).squeeze()
