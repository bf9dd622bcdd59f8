"""Right and wrong answers to the cell tensor_utils, as students could write them."""

# %% right: torch.is_tensor, torch.sign and torch.log
def to_tensor(x, dtype=np.float32):
    if torch.is_tensor(x):
        return x
    x = np.array(x, dtype=dtype)
    return torch.from_numpy(x)


def symlog(x):
    return torch.sign(x) * torch.log(torch.abs(x) + 1)


def symexp(x):
    return torch.sign(x) * (torch.exp(torch.abs(x)) - 1)


# %% right: methods of the tensor instead of functions
def to_tensor(x, dtype=np.float32):
    return x if isinstance(x, torch.Tensor) else torch.tensor(np.asarray(x).astype(dtype))


def symlog(x):
    return x.sign() * x.abs().add(1).log()


def symexp(x):
    return x.sign().mul(x.abs().exp().sub(1))


# %% right: torch.where for the two signs
def to_tensor(x, dtype=np.float32):
    if type(x) is torch.Tensor or isinstance(x, torch.Tensor):
        result = x
    else:
        result = torch.as_tensor(np.array(x, dtype))
    return result


def symlog(x):
    return torch.where(x >= 0, torch.log(torch.abs(x) + 1), -torch.log(torch.abs(x) + 1))


def symexp(x):
    return torch.where(x < 0, 1 - torch.exp(torch.abs(x)), torch.exp(torch.abs(x)) - 1)


# %% right: one branch for each kind of data
def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.Tensor):
        return x
    elif isinstance(x, np.ndarray):
        return torch.from_numpy(x.astype(dtype))
    elif isinstance(x, (list, tuple)):
        return torch.from_numpy(np.array(x).astype(dtype))
    else:
        return torch.from_numpy(np.array(x).astype(dtype))


def symlog(x):
    positive = torch.relu(x)
    negative = torch.relu(-x)
    return torch.log(1 + positive) - torch.log(1 + negative)


def symexp(x):
    positive = torch.relu(x)
    negative = torch.relu(-x)
    return torch.exp(positive) - torch.exp(negative)


# %% right: dictionary from numpy types to torch types
TORCH_TYPES = {
    np.dtype("float16"): torch.float16,
    np.dtype("float32"): torch.float32,
    np.dtype("float64"): torch.float64,
    np.dtype("int8"): torch.int8,
    np.dtype("int16"): torch.int16,
    np.dtype("int32"): torch.int32,
    np.dtype("int64"): torch.int64,
    np.dtype("uint8"): torch.uint8,
    np.dtype("uint16"): torch.uint16,
    np.dtype("uint32"): torch.uint32,
    np.dtype("uint64"): torch.uint64,
    np.dtype("bool"): torch.bool,
    np.dtype("complex64"): torch.complex64,
    np.dtype("complex128"): torch.complex128,
}


def to_tensor(x, dtype=np.float32):
    if torch.is_tensor(x):
        return x
    return torch.tensor(np.array(x), dtype=TORCH_TYPES[np.dtype(dtype)])


def symlog(x):
    return torch.copysign(torch.log1p(x.abs()), x)


def symexp(x):
    return torch.copysign(torch.expm1(x.abs()), x)


# %% right: try and except around the tensor's attribute
def to_tensor(x, dtype=np.float32):
    try:
        x.requires_grad
        return x
    except AttributeError:
        return torch.tensor(np.array(x, dtype=dtype))


def symlog(x):
    size = torch.abs(x)
    sign = torch.sign(x)
    answer = torch.log(size + 1.0)
    answer = answer * sign
    return answer


def symexp(x):
    size = torch.abs(x)
    sign = torch.sign(x)
    answer = torch.exp(size) - 1.0
    answer = answer * sign
    return answer


# %% right: the type is taken from an empty numpy array
def to_tensor(x, dtype=np.float32):
    if not isinstance(x, torch.Tensor):
        wanted = torch.from_numpy(np.zeros(1, dtype=dtype)).dtype
        x = torch.as_tensor(np.asarray(x)).to(wanted)
    return x


def symlog(x):
    sign = (x > 0).float() - (x < 0).float()
    return sign * torch.log1p(torch.abs(x))


def symexp(x):
    sign = (x > 0).float() - (x < 0).float()
    return sign * torch.expm1(torch.abs(x))


# %% right: functools.singledispatch by the type of the argument
from functools import singledispatch


@singledispatch
def to_tensor(x, dtype=np.float32):
    return torch.from_numpy(np.asarray(x, dtype=dtype).copy())


@to_tensor.register
def _(x: torch.Tensor, dtype=np.float32):
    return x


def symlog(x):
    return torch.mul(torch.sign(x), torch.log(torch.add(torch.abs(x), 1)))


def symexp(x):
    return torch.mul(torch.sign(x), torch.sub(torch.exp(torch.abs(x)), 1))


# %% right: a class behind to_tensor and closures for the other two
class Converter:
    """Переводит всё, что не тензор."""

    def __init__(self, dtype):
        self.dtype = dtype

    def __call__(self, data):
        if torch.is_tensor(data):
            return data
        return torch.tensor(np.array(data, dtype=self.dtype))


def odd(function):
    """Продолжает функцию на отрицательные числа нечётно."""
    def extended(x):
        return x.sign() * function(x.abs())
    return extended


def to_tensor(x, dtype=np.float32):
    return Converter(dtype)(x)


def symlog(x):
    return odd(torch.log1p)(x)


def symexp(x):
    return odd(torch.expm1)(x)


# %% right: type hints, docstrings, assertions and prints
from typing import Any


def to_tensor(x: Any, dtype: type = np.float32) -> torch.Tensor:
    """Tensor stays as it is, everything else is converted."""
    if isinstance(x, torch.Tensor):
        print("already a tensor")
        return x
    array: np.ndarray = np.asarray(x, dtype=dtype)
    tensor: torch.Tensor = torch.tensor(array)
    assert tensor.shape == array.shape
    return tensor


def symlog(x: torch.Tensor) -> torch.Tensor:
    """Symmetric logarithm."""
    assert isinstance(x, torch.Tensor)
    y = torch.sign(x) * torch.log1p(torch.abs(x))
    assert y.shape == x.shape
    return y


def symexp(x: torch.Tensor) -> torch.Tensor:
    """Symmetric exponent."""
    assert isinstance(x, torch.Tensor)
    y = torch.sign(x) * torch.expm1(torch.abs(x))
    assert y.shape == x.shape
    return y


# %% right: natural logarithm from the logarithm to base two
LN_2 = 0.6931471805599453


def symlog(x):
    return torch.sign(x) * torch.log2(torch.abs(x) + 1) * LN_2


def symexp(x):
    return torch.sign(x) * (torch.exp2(torch.abs(x) / LN_2) - 1)


# %% right: float64 inside and the old type at the end
def symlog(x):
    wide = x.double()
    result = torch.sign(wide) * torch.log(torch.abs(wide) + 1)
    return result.to(torch.float64 if x.dtype == torch.float64 else torch.float32)


def symexp(x):
    wide = x.double()
    result = torch.sign(wide) * (torch.exp(torch.abs(wide)) - 1)
    return result.to(torch.float64 if x.dtype == torch.float64 else torch.float32)


# %% right: masks fill an empty tensor
def symlog(x):
    y = torch.zeros_like(x, dtype=x.dtype if x.is_floating_point() else torch.float32)
    y[x > 0] = torch.log(x[x > 0] + 1).to(y.dtype)
    y[x < 0] = -torch.log(1 - x[x < 0]).to(y.dtype)
    return y


def symexp(x):
    y = torch.zeros_like(x, dtype=x.dtype if x.is_floating_point() else torch.float32)
    y[x > 0] = torch.exp(x[x > 0]).to(y.dtype) - 1
    y[x < 0] = 1 - torch.exp(-x[x < 0]).to(y.dtype)
    return y


# %% right: clamp separates both halves
def symlog(x):
    return torch.log1p(x.clamp(min=0)) - torch.log1p((-x).clamp(min=0))


def symexp(x):
    return torch.expm1(x.clamp(min=0)) - torch.expm1((-x).clamp(min=0))


# %% right: flattens, loops over the numbers, restores the shape
def to_tensor(x, dtype=np.float32):
    if torch.is_tensor(x):
        return x
    with_type = np.array(x).astype(dtype)
    numbers = torch.tensor(with_type.tolist(), dtype=torch.from_numpy(np.empty(0, dtype)).dtype)
    return numbers.reshape(with_type.shape)


def symlog_of_number(v):
    if v > 0:
        return torch.log(v + 1)
    elif v < 0:
        return -torch.log(-v + 1)
    return v * 1.0


def symexp_of_number(v):
    if v > 0:
        return torch.exp(v) - 1
    elif v < 0:
        return -(torch.exp(-v) - 1)
    return v * 1.0


def symlog(x):
    if x.numel() == 0:
        return x
    return torch.stack([symlog_of_number(v) for v in x.reshape(-1)]).reshape(x.shape)


def symexp(x):
    if x.numel() == 0:
        return x
    return torch.stack([symexp_of_number(v) for v in x.reshape(-1)]).reshape(x.shape)


# %% right: symexp through the hyperbolic sine and symlog through its inverse identity
def symlog(x):
    # asinh(z) = ln(z + sqrt(z^2 + 1)); при z = |x| / 2 / sqrt(|x| + 1) это ln(|x| + 1) / 2
    size = torch.abs(x)
    half = torch.asinh(size / 2 / torch.sqrt(size + 1))
    return torch.sign(x) * 2 * half


def symexp(x):
    half = torch.abs(x) / 2
    return torch.sign(x) * 2 * torch.exp(half) * torch.sinh(half)


# %% right: default arguments and lambdas
def to_tensor(x, dtype=np.float32, is_tensor=torch.is_tensor, convert=lambda a: torch.as_tensor(a)):
    return x if is_tensor(x) else convert(np.asanyarray(x, dtype=dtype))


symlog_of_positive = lambda x: torch.log(x + 1)
symexp_of_positive = lambda x: torch.exp(x) - 1


def symlog(x, base=symlog_of_positive):
    return base(x.abs()) * x.sign()


def symexp(x, base=symexp_of_positive):
    return base(x.abs()) * x.sign()


# %% right: fills an empty numpy array, xlog1py does the logarithm
def to_tensor(x, dtype=np.float32):
    if hasattr(x, "backward"):
        return x
    source = np.asarray(x)
    target = np.empty(source.shape, dtype=dtype)
    target[...] = source
    return torch.from_numpy(target)


def symlog(x):
    return torch.special.xlog1py(torch.sgn(x), torch.abs(x))


def symexp(x):
    return torch.sgn(x) * torch.special.expm1(torch.abs(x))


# %% right: a warning for large numbers
import warnings


def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.Tensor):
        if x.dtype == torch.float64:
            warnings.warn("this tensor is float64")
        return x
    return torch.as_tensor(np.array(x, dtype=np.dtype(dtype)))


def symlog(x):
    if torch.any(x.abs() > 1e6):
        warnings.warn("large values")
    return torch.log1p(x.abs()) * torch.sign(x)


def symexp(x):
    if torch.any(x.abs() > 50):
        warnings.warn("the exponent may overflow")
    return torch.expm1(x.abs()) * torch.sign(x)


# %% right: recursion into lists with torch.stack
def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.Tensor):
        return x
    if isinstance(x, (list, tuple)) and len(x) > 0:
        return torch.stack([to_tensor(element, dtype) for element in x])
    return torch.from_numpy(np.array(x, dtype=dtype))


def symlog(x):
    return (x / (x.abs() + (x == 0))) * torch.log1p(x.abs())


def symexp(x):
    return (x / (x.abs() + (x == 0))) * torch.expm1(x.abs())


# %% right: match statement
def to_tensor(x, dtype=np.float32):
    match x:
        case torch.Tensor():
            return x
        case _:
            return torch.asarray(np.asarray(x, dtype=dtype))


def symlog(x):
    flipped = torch.signbit(x)
    return torch.where(flipped, -torch.log1p(torch.abs(x)), torch.log1p(torch.abs(x)))


def symexp(x):
    flipped = torch.signbit(x)
    return torch.where(flipped, -torch.expm1(torch.abs(x)), torch.expm1(torch.abs(x)))


# %% right: own autograd function for the logarithm
class SymLogFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.sign() * x.abs().log1p()

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return grad / (x.abs() + 1)


def symlog(x):
    return SymLogFunction.apply(x)


def symexp(x):
    return x.sign() * x.abs().expm1()


# %% wrong: test_tensor_utils wrong_dtype: the argument dtype is forgotten
def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.Tensor):
        return x
    return torch.tensor(np.array(x))


# %% wrong: test_tensor_utils wrong_dtype: always float32
def to_tensor(x, dtype=np.float32):
    if torch.is_tensor(x):
        return x
    return torch.tensor(x, dtype=torch.float32)


# %% wrong: test_tensor_utils wrong_dtype: arrays keep their own type
def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.Tensor):
        return x
    if isinstance(x, np.ndarray):
        return torch.from_numpy(x)
    return torch.from_numpy(np.array(x, dtype=dtype))


# %% wrong: test_tensor_utils wrong_dtype: float at the end undoes the conversion
def to_tensor(x, dtype=np.float32):
    return x if torch.is_tensor(x) else torch.as_tensor(np.asarray(x, dtype=dtype)).float()


def symlog(x):
    return torch.sign(x) * torch.log(torch.abs(x) + 1)


# %% wrong: test_tensor_utils wrong_dtype: only scalars get the type
def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.Tensor):
        return x
    if np.isscalar(x):
        return torch.tensor(np.array(x, dtype=dtype))
    return torch.tensor(np.array(x))


# %% wrong: test_tensor_utils tensor_not_passed_through: everything goes through numpy
def to_tensor(x, dtype=np.float32):
    return torch.tensor(np.array(x, dtype=dtype))


# %% wrong: test_tensor_utils tensor_not_passed_through: a clone comes back
def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.Tensor):
        return x.clone()
    return torch.from_numpy(np.array(x, dtype=dtype))


# %% wrong: test_tensor_utils tensor_not_passed_through: tensors are cast to the type
def to_tensor(x, dtype=np.float32):
    wanted = torch.as_tensor(np.zeros(0, dtype=dtype)).dtype
    if torch.is_tensor(x):
        return x.to(wanted)
    return torch.as_tensor(np.asarray(x), dtype=wanted)


# %% wrong: test_tensor_utils tensor_not_passed_through: detached copy of the tensor
def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.Tensor):
        x = x.detach().cpu().numpy()
    return torch.tensor(np.asarray(x), dtype=torch.from_numpy(np.ones(1, dtype=dtype)).dtype)


# %% wrong: test_tensor_utils symlog_no_sign: logarithm of the absolute value plus one
def symlog(x):
    return torch.log(torch.abs(x) + 1)


# %% wrong: test_tensor_utils symlog_no_sign: log1p and the sign is computed in vain
def symlog(x):
    sign = torch.sign(x)
    value = torch.log1p(torch.abs(x))
    return value


# %% wrong: test_tensor_utils symlog_no_sign: absolute value of the product
def symlog(x):
    return torch.abs(torch.sign(x) * torch.log(x.abs() + 1))


# %% wrong: test_tensor_utils symlog_no_sign: root of the square in other helpers
def log_of_size(x):
    return torch.sqrt(x**2).log1p()


def symlog(x):
    return torch.where(x > 0, log_of_size(x), log_of_size(-x))


# %% wrong: test_tensor_utils symlog_log_of_x: the plus one is missing
def symlog(x):
    return torch.sign(x) * torch.log(torch.abs(x))


# %% wrong: test_tensor_utils symlog_log_of_x: a tiny number instead of one
EPS = 1e-8


def symlog(x):
    return x.sign() * (x.abs() + EPS).log()


# %% wrong: test_tensor_utils symlog_log_of_x: zero handled apart by where
def symlog(x):
    size = torch.where(x == 0, torch.ones_like(x), x.abs())
    return torch.sign(x) * torch.log(size)


# %% wrong: test_tensor_utils symlog_log_of_x: clamp below instead of plus one
def symlog(x):
    return torch.sign(x) * torch.log(torch.clamp(x.abs(), min=1e-6))


# %% wrong: test_tensor_utils symlog_base: decimal logarithm
def symlog(x):
    return torch.sign(x) * torch.log10(torch.abs(x) + 1)


# %% wrong: test_tensor_utils symlog_base: logarithm to base two
def symlog(x):
    return x.sign() * torch.log2(1 + x.abs())


# %% wrong: test_tensor_utils symlog_base: divided by the logarithm of ten
import math


def symlog(x):
    natural = torch.log1p(torch.abs(x))
    return torch.sign(x) * natural / math.log(10)


# %% wrong: test_tensor_utils symexp_not_inverse: the minus one is missing
def symexp(x):
    return torch.sign(x) * torch.exp(torch.abs(x))


# %% wrong: test_tensor_utils symexp_not_inverse: minus one without sign and absolute value
def symexp(x):
    return torch.exp(x) - 1


# %% wrong: test_tensor_utils symexp_not_inverse: hyperbolic sine
def symexp(x):
    return torch.sinh(x)


# %% wrong: test_tensor_utils symexp_not_inverse: plus one instead of minus one
def symexp(x):
    size = x.abs()
    return x.sign() * (size.exp() + 1)


# %% wrong: test_tensor_utils symexp_not_inverse: power of ten
def symexp(x):
    return torch.sign(x) * (10 ** torch.abs(x) - 1)


# %% wrong: test_tensor_utils symexp_not_inverse: one divided by symlog
def symexp(x):
    return 1 / symlog(x)


# %% wrong: test_tensor_utils symexp_not_inverse: the minus one is inside the exponent
def symexp(x):
    return torch.sign(x) * torch.exp(torch.abs(x) - 1)


# %% wrong: test_tensor_utils symexp_not_inverse: negative numbers come back positive
def symexp(x):
    return torch.expm1(torch.abs(x))


# %% wrong: test_tensor_utils functions_swapped: the bodies stand in each other's place
def symlog(x):
    return torch.sign(x) * (torch.exp(torch.abs(x)) - 1)


def symexp(x):
    return torch.sign(x) * torch.log(torch.abs(x) + 1)


# %% wrong: test_tensor_utils symlog_log_of_x: sign by division with the absolute value
def symlog(x):
    return x / x.abs() * torch.log1p(x.abs())


# %% wrong: test_tensor_utils symlog_log_of_x: not a number below minus one
def symlog(x):
    return torch.sign(x) * torch.log(x + 1)


# %% wrong: test_tensor_utils symlog_log_of_x: one is added before the absolute value
def symlog(x):
    return torch.sign(x) * torch.log(torch.abs(x + 1))


# %% wrong: test_tensor_utils -: another function of the same look
def symlog(x):
    return torch.asinh(x)


# %% wrong: test_tensor_utils symexp_not_inverse: clamp against overflow loses values
def symexp(x):
    x = torch.clamp(x, -5, 5)
    return torch.sign(x) * torch.expm1(torch.abs(x))


# %% wrong: test_tensor_utils wrong_shape: every conversion adds a batch axis
def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.Tensor):
        return x
    return torch.tensor(np.array(x, dtype=dtype)).unsqueeze(0)


# %% wrong: test_tensor_utils wrong_shape: symlog flattens its answer
def symlog(x):
    flat = x.reshape(-1)
    return torch.sign(flat) * torch.log1p(torch.abs(flat))


# %% wrong: test_tensor_utils not_a_tensor: an array comes back
def to_tensor(x, dtype=np.float32):
    if torch.is_tensor(x):
        return x
    return np.asarray(x, dtype=dtype)


# %% wrong: test_tensor_utils not_a_tensor: both functions return numpy arrays
def symlog(x):
    x = x.detach().numpy()
    return np.sign(x) * np.log1p(np.abs(x))


def symexp(x):
    x = x.detach().numpy()
    return np.sign(x) * np.expm1(np.abs(x))


# %% wrong: test_tensor_utils raises: from_numpy without np.array
def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.Tensor):
        return x
    return torch.from_numpy(x.astype(dtype))


# %% wrong: test_tensor_utils -: the constructor reads a number as a length
def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.Tensor):
        return x
    if isinstance(x, int):
        return torch.Tensor(x).to(torch.from_numpy(np.zeros(1, dtype)).dtype)
    return torch.from_numpy(np.array(x, dtype=dtype))


# %% wrong: test_tensor_utils raises: list comprehension over the rows
import math


def symlog(x):
    return torch.tensor([math.copysign(math.log(abs(v) + 1), v) for v in x.tolist()])


# %% wrong: test_tensor_utils -: rounds to two digits
def symlog(x):
    return torch.round(torch.sign(x) * torch.log1p(torch.abs(x)), decimals=2)


# %% wrong: test_tensor_utils not_implemented: all three stubs are as they were
def to_tensor(x, dtype=np.float32):
    ####### Здесь ваш код ########
    raise NotImplementedError
    ##############################


def symlog(x):
    ####### Здесь ваш код ########
    raise NotImplementedError
    ##############################


def symexp(x):
    ####### Здесь ваш код ########
    raise NotImplementedError
    ##############################


# %% wrong: test_tensor_utils not_implemented: only symexp is left
def to_tensor(x, dtype=np.float32):
    return x if torch.is_tensor(x) else torch.tensor(np.array(x, dtype=dtype))


def symlog(x):
    return torch.sign(x) * torch.log(torch.abs(x) + 1)


def symexp(x):
    ####### Здесь ваш код ########
    raise NotImplementedError
    ##############################


# %% wrong: test_tensor_utils not_implemented: tensors come back, the rest is to do
def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.Tensor):
        return x
    ####### Здесь ваш код ########
    raise NotImplementedError
    ##############################


# %% wrong: test_tensor_utils raises: a condition on the whole tensor
def symlog(x):
    if x >= 0:
        return torch.log(x + 1)
    else:
        return -torch.log(1 - x)


# %% wrong: test_tensor_utils raises: the numpy type is handed to torch
def to_tensor(x, dtype=np.float32):
    if torch.is_tensor(x):
        return x
    return torch.tensor(np.array(x), dtype=dtype)


# %% wrong: test_tensor_utils raises: the module torch has no function ln
def symlog(x):
    return torch.sign(x) * torch.ln(torch.abs(x) + 1)


# %% wrong: test_tensor_utils timeout: bisection that never becomes exact
def symexp(x):
    answer = torch.zeros_like(x)
    step = torch.ones_like(x)
    while True:
        difference = x - symlog(answer)
        if (difference != difference).all():
            break
        answer = answer + step * difference
    return answer


# %% wrong: test_tensor_utils wrong_dtype + test_tensor_utils symlog_no_sign: no type and no sign
def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.Tensor):
        return x
    return torch.as_tensor(np.array(x))


def symlog(x):
    return torch.log1p(x.abs())


# %% wrong: test_tensor_utils symlog_base + test_tensor_utils symexp_not_inverse: decimal logarithm and the exponent of e without minus one
def symlog(x):
    return torch.sign(x) * torch.log10(torch.abs(x) + 1)


def symexp(x):
    return torch.sign(x) * torch.exp(torch.abs(x))


# %% wrong: test_tensor_utils tensor_not_passed_through + test_tensor_utils symlog_log_of_x: always a copy and no plus one
def to_tensor(x, dtype=np.float32):
    return torch.from_numpy(np.array(x, dtype=dtype))


def symlog(x):
    return torch.sign(x) * torch.log(torch.abs(x))


# %% right: a class whose constructor gives the tensor back, copysign and special functions
class to_tensor:
    def __new__(cls, x, dtype=np.float32):
        return x if torch.is_tensor(x) else torch.asarray(np.array(x, dtype))


def symlog(x):
    return torch.copysign(torch.special.log1p(x.abs()), x)


def symexp(x):
    return torch.copysign(torch.special.expm1(x.abs()), x)


# %% right: functions compiled by torch.jit.script
def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.Tensor):
        return x
    return torch.from_numpy(np.array(x, dtype=dtype))


def symlog(x: torch.Tensor) -> torch.Tensor:
    return torch.sign(x) * torch.log(torch.abs(x) + 1.0)


symlog = torch.jit.script(symlog)


@torch.jit.script
def symexp(x: torch.Tensor) -> torch.Tensor:
    return torch.sign(x) * (torch.exp(torch.abs(x)) - 1.0)


# %% right: bytes of the array are read back through a buffer
def to_tensor(x, dtype=np.float32):
    match x:
        case torch.Tensor():
            return x
        case _:
            array = np.ascontiguousarray(x, dtype=dtype)
            kind = torch.from_numpy(np.empty(1, dtype)).dtype
            return torch.frombuffer(bytearray(array.tobytes()), dtype=kind).reshape(np.shape(x))


# %% right: softplus of the logarithm, as a mathematician would
def symlog(x):
    # ln(1 + |x|) = softplus(ln |x|)
    return torch.sgn(x) * F.softplus(x.abs().log())


def symexp(x):
    return torch.sgn(x) * (torch.e ** x.abs() - 1)


# %% right: logaddexp with zero
def symlog(x):
    magnitude = torch.logaddexp(x.abs().log(), torch.zeros_like(x))
    return torch.where(x < 0, -magnitude, magnitude)


# %% right: vmap of a function of one number
def one_number(x):
    return torch.where(x >= 0, torch.log1p(x.clamp_min(0)), -torch.log1p((-x).clamp_min(0)))


def symlog(x):
    return torch.func.vmap(one_number)(x.reshape(-1)).reshape(x.shape)


# %% right: apply_ with functions of the math module
import math


def symlog(x):
    return x.detach().clone().apply_(lambda v: math.copysign(math.log1p(abs(v)), v))


def symexp(x):
    return x.detach().clone().apply_(lambda v: math.copysign(math.expm1(abs(v)), v))


# %% right: through DLPack and numpy ufuncs
def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.Tensor):
        return x
    return torch.from_dlpack(np.array(x, dtype=dtype))


def symlog(x):
    a = x.detach().numpy()
    return torch.from_numpy(np.asarray(np.sign(a) * np.log1p(np.abs(a))))


def symexp(x):
    a = x.detach().numpy()
    return torch.from_numpy(np.asarray(np.sign(a) * np.expm1(np.abs(a))))


# %% right: a decorator lets tensors through
import functools


def lets_tensors_through(convert):
    @functools.wraps(convert)
    def wrapper(x, dtype=np.float32):
        return x if (passes := isinstance(x, torch.Tensor)) and passes else convert(x, dtype)

    return wrapper


@lets_tensors_through
def to_tensor(x, dtype=np.float32):
    array = np.empty(np.shape(x), dtype=dtype)
    array[...] = x
    return torch.as_tensor(array)


# %% right: fraction with the value at zero put in afterwards
def symlog(x):
    size = x.abs()
    return torch.nan_to_num(x / size * torch.log(size + 1), nan=0.0)


def symexp(x):
    size = x.abs()
    return torch.nan_to_num(x / size * (size.exp() - 1), nan=0.0)


# %% right: one class with static methods, the functions only delegate
class Scale:
    @staticmethod
    def squash(x, f):
        return x.sign().mul(f(x.abs()))


def symlog(x):
    return Scale.squash(x, lambda size: size.add(1).log())


def symexp(x):
    return Scale.squash(x, lambda size: size.exp().sub(1))


# %% right: asinh and cosh identities in double precision
def symlog(x):
    y = x.double()
    # ln(1 + |x|) = arctanh(|x| / (|x| + 2)) * 2
    return (2 * torch.atanh(y / (y.abs() + 2))).to(x.dtype)


def symexp(x):
    y = x.double()
    return (2 * torch.exp(y.abs() / 2) * torch.sinh(y / 2)).to(x.dtype)


# %% wrong: test_tensor_utils wrong_dtype: only float32 is handed on, all else is left to torch
def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.Tensor):
        return x
    if dtype == np.float32:
        return torch.tensor(np.array(x), dtype=torch.float32)
    return torch.tensor(np.array(x))


# %% wrong: test_tensor_utils tensor_not_passed_through: tensors of another type are cast
def to_tensor(x, dtype=np.float32):
    if torch.is_tensor(x) and x.dtype == torch.float32:
        return x
    return torch.as_tensor(np.asarray(x, dtype=dtype))


# %% wrong: test_tensor_utils tensor_not_passed_through: tensors with a gradient are cut off
def to_tensor(x, dtype=np.float32):
    if torch.is_tensor(x):
        return x.detach() if x.requires_grad else x
    return torch.as_tensor(np.asarray(x, dtype=dtype))


# %% wrong: test_tensor_utils tensor_not_passed_through: tensors without axes are made anew
def to_tensor(x, dtype=np.float32):
    if torch.is_tensor(x) and x.dim() > 0:
        return x
    return torch.tensor(float(x) if np.ndim(x) == 0 else np.asarray(x, dtype=dtype)).to(
        torch.from_numpy(np.empty(1, dtype)).dtype
    )


# %% wrong: test_tensor_utils symlog_log_of_x: bracket closed too early
def symlog(x):
    return torch.sign(x) * (torch.log(torch.abs(x)) + 1)


# %% wrong: test_tensor_utils -: values above one hundred are clamped before the logarithm
def symlog(x):
    return torch.sign(x) * torch.log1p(torch.abs(x).clamp(max=100.0))


# %% wrong: test_tensor_utils symexp_not_inverse: no absolute value in the exponent
def symexp(x):
    return torch.sign(x) * (torch.exp(x) - 1)


# %% wrong: test_tensor_utils symexp_not_inverse: base two in one direction only
def symexp(x):
    return torch.sign(x) * (torch.exp2(torch.abs(x)) - 1)


# %% wrong: test_tensor_utils symlog_no_sign: sign is multiplied inside the logarithm
def symlog(x):
    return torch.log(torch.sign(x) * x + 1)


# %% wrong: test_tensor_utils wrong_dtype: dtype is used for lists, arrays go to from_numpy
def to_tensor(x, dtype=np.float32):
    match x:
        case torch.Tensor():
            return x
        case np.ndarray():
            return torch.from_numpy(x)
        case _:
            return torch.from_numpy(np.asarray(x, dtype=dtype))


# %% right: numpy functions straight on the tensor
def to_tensor(x, dtype=np.float32):
    already = issubclass(type(x), torch.Tensor)
    return x if already else torch.from_numpy(np.require(np.array(x), dtype=dtype, requirements=["C", "W"]))


def symlog(x):
    return torch.as_tensor(np.copysign(np.log1p(np.abs(x)), x))


def symexp(x):
    return torch.as_tensor(np.copysign(np.expm1(np.abs(x)), x))


# %% right: bisection with sixty halvings inverts symexp
from torch.utils.data import default_convert


def to_tensor(x, dtype=np.float32):
    if torch.is_tensor(x):
        return x
    return default_convert(np.array(x).astype(dtype))


def symexp(x):
    return (torch.e ** x.abs() - 1.0) * x.sign()


def symlog(x):
    low, high = torch.full_like(x, -40.0), torch.full_like(x, 40.0)
    for _ in range(60):
        middle = (low + high) / 2
        too_small = symexp(middle) < x
        low = torch.where(too_small, middle, low)
        high = torch.where(too_small, high, middle)
    return (low + high) / 2


# %% right: minus the logarithm of a fraction, two halves by a mask
def to_tensor(x, dtype=np.float32):
    if "torch" in type(x).__module__:
        return x
    numbers = np.array(x, dtype)
    return torch.tensor(numbers.tolist(), dtype=torch.from_numpy(numbers.reshape(-1)).dtype)


def symlog(x):
    is_negative = x < 0
    compressed = -torch.log(1 / (1 + x.abs()))
    return compressed.masked_scatter(is_negative, -compressed[is_negative])


def symexp(x):
    is_negative = x.lt(0)
    stretched = x.abs().exp() - 1
    return stretched.masked_scatter(is_negative, -stretched[is_negative])


# %% right: EAFP and a sign that is one at zero
def to_tensor(x, dtype=np.float32):
    try:
        return torch.from_numpy(np.asarray(x, dtype=dtype).copy()) if not x.is_leaf in (True, False) else x
    except AttributeError:
        return torch.from_numpy(np.asarray(x, dtype=dtype).copy())


def symlog(x):
    s = 2 * (x >= 0).to(x.dtype) - 1
    return s * torch.log(1 + s * x)


def symexp(x):
    s = 2 * (x >= 0).to(x.dtype) - 1
    return s * (torch.exp(s * x) - 1)


# %% right: real part of the complex logarithm
def to_tensor(x, dtype=np.float32):
    match isinstance(x, torch.Tensor):
        case True:
            return x
    return torch.asarray(np.asarray(x).astype(np.dtype(dtype).newbyteorder("=")))


def symlog(x):
    z = torch.complex(x.abs() + 1, torch.zeros_like(x))
    return torch.log(z).real * torch.sign(x)


def symexp(x):
    z = torch.complex(x.abs(), torch.zeros_like(x))
    return (torch.exp(z).real - 1) * torch.sign(x)


# %% right: mapping over the last axis, tensors of one row are put together again
import math


def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.Tensor):
        return x
    if isinstance(x, list) and x and all(isinstance(row, np.ndarray) for row in x):
        x = np.stack(x, axis=0)
    return torch.tensor(np.array(x, dtype=dtype))


def symlog(x):
    if x.dim() > 0:
        return torch.stack([symlog(row) for row in x])
    return x.new_tensor(math.copysign(math.log1p(abs(x.item())), x.item()))


def symexp(x):
    if x.dim() > 0:
        return torch.stack([symexp(row) for row in x])
    return x.new_tensor(math.copysign(math.expm1(abs(x.item())), x.item()))


# %% right: inverse by definition of the antisymmetric part
def antisymmetric(f):
    def g(x):
        return f(torch.clamp_min(x, 0)) - f(torch.clamp_min(-x, 0))

    g.__doc__ = "нечётное продолжение"
    return g


def to_tensor(x, dtype=np.float32):
    cast = {True: lambda: x, False: lambda: torch.as_tensor(np.array(x, dtype=dtype))}
    return cast[isinstance(x, torch.Tensor)]()


def symlog(x):
    return antisymmetric(lambda y: (y + 1).log())(x)


def symexp(x):
    return antisymmetric(lambda y: y.exp() - 1)(x)


# %% wrong: test_tensor_utils wrong_dtype: float32 or else float64
def to_tensor(x, dtype=np.float32):
    if torch.is_tensor(x):
        return x
    kind = torch.float32 if dtype == np.float32 else torch.float64
    return torch.tensor(np.array(x), dtype=kind)


# %% wrong: test_tensor_utils wrong_dtype: torch.Tensor at the end makes float32 of everything
def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.Tensor):
        return x
    array = np.array(x, dtype=dtype)
    return torch.Tensor(array.tolist()) if array.ndim else torch.tensor(float(array))


# %% wrong: test_tensor_utils wrong_dtype: astype makes a copy that nobody keeps
def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.Tensor):
        return x
    x = np.array(x)
    x.astype(dtype)
    return torch.from_numpy(x)


# %% wrong: test_tensor_utils wrong_dtype: type of the first element wins
def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.Tensor):
        return x
    x = np.array(x)
    if x.dtype.kind == "i":
        return torch.tensor(x.astype(np.int64))
    return torch.tensor(x.astype(dtype))


# %% wrong: test_tensor_utils tensor_not_passed_through: isinstance asks for FloatTensor
def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.FloatTensor):
        return x
    return torch.tensor(np.array(x, dtype=dtype) if not torch.is_tensor(x) else x.tolist())


# %% wrong: test_tensor_utils tensor_not_passed_through: view of the same data
def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.Tensor):
        return x.view(x.shape)
    return torch.from_numpy(np.array(x, dtype=dtype))


# %% wrong: test_tensor_utils tensor_not_passed_through: data of the tensor
def to_tensor(x, dtype=np.float32):
    return x.data if hasattr(x, "data") and torch.is_tensor(x) else torch.tensor(np.asarray(x, dtype=dtype))


# %% wrong: test_tensor_utils tensor_not_passed_through: empty tensors count as nothing
def to_tensor(x, dtype=np.float32):
    if torch.is_tensor(x) and len(x.shape) and x.shape[0]:
        return x
    return torch.tensor(np.array(x, dtype=dtype))


# %% wrong: test_tensor_utils symlog_no_sign: absolute value is taken in place before the sign
def symlog(x):
    return x.abs_().add(1).log() * x.sign()


# %% wrong: test_tensor_utils symlog_no_sign: sign of the square
def symlog(x):
    return torch.sign(x * x) * torch.log1p(torch.abs(x))


# %% wrong: test_tensor_utils symlog_log_of_x: maximum with one under the logarithm
def symlog(x):
    return torch.sign(x) * torch.log(torch.maximum(torch.abs(x), torch.ones_like(x)))


# %% wrong: test_tensor_utils symlog_log_of_x: log1p after one was already taken away
def symlog(x):
    size = torch.abs(x)
    return torch.where(size > 0, torch.sign(x) * torch.log1p(size - 1), torch.zeros_like(x))


# %% wrong: test_tensor_utils symlog_log_of_x: nan_to_num repairs zero
def symlog(x):
    return torch.nan_to_num(torch.sign(x) * torch.log(torch.abs(x)), nan=0.0)


# %% wrong: test_tensor_utils symlog_base: base two in a helper with a default
def log_plus_one(v, base=2.0):
    return torch.log(v + 1) / torch.log(torch.tensor(base))


def symlog(x):
    return torch.sign(x) * log_plus_one(x.abs())


# %% wrong: test_tensor_utils symlog_base: square under the logarithm doubles it
def symlog(x):
    return torch.sign(x) * torch.log((x.abs() + 1) ** 2)


# %% wrong: test_tensor_utils -: logarithm of one plus the square, halved
def symlog(x):
    return torch.sign(x) * torch.log1p(x**2) / 2


# %% wrong: test_tensor_utils -: tanh compresses, too
def symlog(x):
    return torch.tanh(x)


# %% wrong: test_tensor_utils symexp_not_inverse: e rounded to two point seven
def symexp(x):
    return torch.sign(x) * (2.7 ** torch.abs(x) - 1)


# %% wrong: test_tensor_utils symexp_not_inverse: difference of two exponents, ends meet only at zero
def symexp(x):
    return torch.exp(x) - torch.exp(-x)


# %% wrong: test_tensor_utils symexp_not_inverse: series stops after the cube
def symexp(x):
    a = x.abs()
    return x.sign() * (a + a**2 / 2 + a**3 / 6)


# %% wrong: test_tensor_utils symexp_not_inverse: whole numbers come back
def symexp(x):
    return torch.round(torch.sign(x) * torch.expm1(torch.abs(x)))


# %% wrong: test_tensor_utils symexp_not_inverse: only positive numbers are right
def symexp(x):
    return torch.where(x > 0, torch.exp(x) - 1, torch.log1p(x.abs()))


# %% wrong: test_tensor_utils wrong_shape: scalars become vectors of one
def symlog(x):
    x = torch.atleast_1d(x)
    return torch.sign(x) * torch.log1p(torch.abs(x))


# %% wrong: test_tensor_utils not_a_tensor: tolist at the end
def symexp(x):
    return (torch.sign(x) * torch.expm1(torch.abs(x))).tolist()


# %% wrong: test_tensor_utils raises: math.log does not take vectors
import math


def symlog(x):
    return math.copysign(1, x) * math.log(abs(x) + 1)


# %% wrong: test_tensor_utils raises: np.float32 is no torch type
def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.Tensor):
        return x
    return torch.tensor(x).to(dtype)


# %% wrong: test_tensor_utils symlog_log_of_x + test_tensor_utils symexp_not_inverse: both without the one
def symlog(x):
    return torch.where(x == 0, 0.0, x.sign() * x.abs().log())


def symexp(x):
    return torch.where(x == 0, 0.0, x.sign() * x.abs().exp())


# %% wrong: test_tensor_utils wrong_dtype + test_tensor_utils symexp_not_inverse: float always and the one outside the sign
def to_tensor(x, dtype=np.float32):
    if not torch.is_tensor(x):
        x = torch.from_numpy(np.array(x, dtype=float)).float()
    return x


def symexp(x):
    return torch.sign(x) * torch.exp(torch.abs(x)) - 1


# %% wrong: test_tensor_utils -: every call adds to a list and the sum comes back
history_of_calls = []


def symlog(x):
    history_of_calls.append(x.detach().clone())
    same = [h for h in history_of_calls if h.shape == x.shape]
    total = sum(same)
    return torch.sign(total) * torch.log1p(torch.abs(total)) + (x - x[..., :1] if x.dim() else 1)


# %% wrong: test_tensor_utils -: axes of one are dropped
def to_tensor(x, dtype=np.float32):
    if torch.is_tensor(x):
        return x
    return torch.from_numpy(np.squeeze(np.asarray(x, dtype=dtype)))


# %% wrong: test_tensor_utils wrong_dtype: single numbers are always float32
def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.Tensor):
        return x
    if np.isscalar(x):
        return torch.tensor(float(x))
    return torch.tensor(np.array(x, dtype=dtype))


# %% wrong: test_tensor_utils wrong_dtype: rows are stacked as float32 whatever is asked
def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.Tensor):
        return x
    if isinstance(x, list) and len(x) and isinstance(x[0], np.ndarray):
        return torch.stack([torch.from_numpy(row).float() for row in x])
    return torch.from_numpy(np.asarray(x, dtype=dtype).copy())


# %% right: device chosen at the top, to moves what is there already
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.Tensor):
        return x.to(device)
    return torch.tensor(np.array(x), dtype=torch.from_numpy(np.zeros(1, dtype=dtype)).dtype, device=device)


# %% right: chain of in-place steps on fresh tensors
def symlog(x):
    return x.abs().add_(1.0).log_().mul_(x.sign())


def symexp(x):
    y = torch.empty_like(x)
    torch.abs(x, out=y)
    torch.exp(y, out=y)
    y -= 1
    y *= torch.sign(x)
    return y


# %% right: torch.asarray with copy and dtype by string
def to_tensor(x, dtype=np.float32):
    if torch.is_tensor(x):
        return x
    return torch.asarray(np.array(x).tolist(), dtype=getattr(torch, str(np.dtype(dtype))), copy=True)


# %% right: dictionary with only the usual types
_NP2TORCH = {
    np.dtype("float32"): torch.float32,
    np.dtype("float64"): torch.float64,
    np.dtype("int32"): torch.int32,
    np.dtype("int64"): torch.int64,
    np.dtype("bool"): torch.bool,
}


def to_tensor(x, dtype=np.float32):
    if isinstance(x, torch.Tensor):
        return x
    return torch.tensor(np.array(x), dtype=_NP2TORCH[np.dtype(dtype)])


# %% right: sign from a comparison of booleans
def symlog(x):
    s = (x > 0).float() - (x < 0).float()
    return s * torch.log(s * x + 1)


def symexp(x):
    s = (x > 0).to(x.dtype) - (x < 0).to(x.dtype)
    return s * (torch.exp(s * x) - 1)


# %% right: numpy vectorize in double precision
_log = np.vectorize(lambda v: np.sign(v) * np.log(abs(v) + 1), otypes=[np.float64])
_exp = np.vectorize(lambda v: np.sign(v) * (np.exp(abs(v)) - 1), otypes=[np.float64])


def symlog(x):
    return torch.as_tensor(_log(x.detach().numpy())).to(x.dtype)


def symexp(x):
    return torch.as_tensor(_exp(x.detach().numpy())).to(x.dtype)


# %% right: relu halves
def symlog(x):
    return torch.log1p(F.relu(x)) - torch.log1p(F.relu(-x))


def symexp(x):
    return torch.expm1(F.relu(x)) - torch.expm1(F.relu(-x))


# %% wrong: test_tensor_utils symexp_not_inverse: symlog copied into symexp
def symexp(x):
    return torch.sign(x) * torch.log(torch.abs(x) + 1)


# %% wrong: test_tensor_utils wrong_shape: squeezed, one number loses its axis
def symlog(x):
    return (torch.sign(x) * torch.log(torch.abs(x) + 1)).squeeze()
def symexp(x):
    return (torch.sign(x) * (torch.exp(torch.abs(x)) - 1)).squeeze()
