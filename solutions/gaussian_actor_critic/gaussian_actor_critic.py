# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] nbgrader={"grade": false, "grade_id": "title", "locked": true, "schema_version": 3, "solution": false, "task": false}
# # Гауссов Actor-Critic: непрерывные действия
#
# В первом ноутбуке агент выбирал из двух действий. Теперь действие — число: с каким моментом и в какую сторону крутить маятник. Нажать «влево» или «вправо» уже нельзя, и таблица вероятностей не поможет: чисел бесконечно много.
#
# Мы сделаем политику **распределением**. Сеть по состоянию скажет, где его середина и насколько оно широко, а действие выпадет случайно. Всё остальное — теорема о градиенте политики, критик, преимущество — останется прежним.
#
# И ещё одно. Мы начнём с версии из учебного примера, которая выглядит разумно и **не учится**. Посмотрим на её кривую, поймём почему и соберём ту, которая учится за полминуты.
#
# ## Карта ноутбука
#
# | Часть | Что вы пишете | Проверка | Баллы |
# |:--|:--|:--|--:|
# | 1. Маятник | ничего, только смотрите | | |
# | 2. Теория | ничего, это теория | | |
# | 3. Версия, которая не учится | ничего, смотрите и объясняйте себе | | |
# | 4. Сети | `ActorNetwork` | `test_gaussian_actor` | 2 |
# | | `CriticNetwork` | `test_value_critic` | 1 |
# | 5. Опыт | `sample_action` | `test_sample_action` | 1.5 |
# | | `discounted_returns`, `compute_gae` | `test_returns_and_advantages` | 2.5 |
# | 6. Обучение | `actor_critic_losses` | `test_losses` | 2 |
# | | `ActorCriticTrainer` | `test_trainer` | 1 |
# | 7. Запуск | ничего, смотрите на результат | | |
# | 8. Что попробовать дальше | что захотите | | |
# | **Всего** | | | **10** |

# %% [markdown] nbgrader={"grade": false, "grade_id": "how_to_work", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Как работать
#
# **Где писать.** Между строкой из решёток с надписью «Здесь ваш код» и строкой из одних решёток стоит `raise NotImplementedError`. Замените его своим кодом. Имена функций, методов и аргументов не меняйте.
#
# **Как проверять.** Под каждой ячейкой с заданием стоит `check("...")`. Он сразу говорит, что верно, что нет и где искать ошибку. Запускайте его сколько угодно раз.
#
# **Если не получается.** Вызовите в новой ячейке, например, `hint("test_losses")`. Каждый следующий вызов говорит немного больше.
#
# **Что оценивается.** Только шесть проверок из таблицы. Важно, что код делает, а не как он написан: любое верное решение получает полный балл. За ячейку, верную наполовину, можно получить часть баллов. Ошибка стоит баллов один раз: если не готова одна ячейка, при оценивании остальные судят так, как будто она верна. Здесь, в ноутбуке, `check` пользуется вашим кодом, и из-за одной ячейки могут не пройти и следующие: исправляйте сверху вниз. При оценивании вопросы те же, а числа в них другие. Свои ячейки добавляйте где угодно, но ячейку с решением не копируйте целиком: копия сохраняет её метку, а оценивается последняя из копий.
#
# Слова «форма `[B, action_dim]`» значат: первая ось — примеры в пачке, вторая — координаты действия. Одно состояние без оси пачки имеет форму `[state_dim]`.

# %% [markdown] nbgrader={"grade": false, "grade_id": "setup_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Подготовка
#
# Первая ячейка проверяет, что всё нужное на месте. Она одинаково работает в JupyterLab, Notebook и VS Code, а в самодостаточной версии ноутбука — и в Colab. Видеокарта не понадобится.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import importlib
import importlib.util
import subprocess
import sys
from pathlib import Path

# Какой модуль нужен и в каком пакете он лежит.
PACKAGES = {
    "numpy": "numpy",
    "torch": "torch",
    "matplotlib": "matplotlib",
    "gymnasium": "gymnasium[classic-control]",
    "pygame": "gymnasium[classic-control]",
    "tqdm": "tqdm",
}


def is_missing(module):
    """True, если модуля нет (папка без кода с таким же именем не считается)."""
    if module in sys.modules:
        return False
    spec = importlib.util.find_spec(module)
    return spec is None or spec.loader is None


missing = sorted({package for module, package in PACKAGES.items() if is_missing(module)})
if missing and "google.colab" in sys.modules:
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *missing], check=True)
    importlib.invalidate_caches()
elif missing:
    raise ModuleNotFoundError(
        "Не хватает библиотек: " + ", ".join(missing) + ". "
        "Установите их в то окружение, в котором запущен ноутбук, и перезапустите ядро."
    )
print("Готово: numpy, torch, gymnasium и matplotlib на месте.")

if is_missing("ac_helpers"):
    # Помощники курса могут лежать рядом с ноутбуком или в одной из папок выше.
    for folder in [Path.cwd(), *Path.cwd().parents]:
        if (folder / "ac_helpers" / "__init__.py").is_file():
            sys.path.append(str(folder))
            importlib.invalidate_caches()
            break
    else:
        raise ModuleNotFoundError(
            "Не найдены помощники курса, пакет ac_helpers.\n"
            "- JupyterLab, Notebook, VS Code: установите пакет курса в это окружение, как сказано в README "
            "или в указаниях преподавателя, и перезапустите ядро.\n"
            "- Colab: попросите у преподавателя самодостаточную версию ноутбука, помощники лежат в ней самой. "
            "Он получает её командой `autograder build --standalone`."
        )
print("Готово: помощники курса подключены.")

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import random

import gymnasium as gym
import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn
from torch.distributions import Normal
from torch.nn import functional as F

from ac_helpers import check, hint

# %% [markdown] nbgrader={"grade": false, "grade_id": "pendulum_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1. Маятник
#
# **Pendulum-v1**: стержень на шарнире, к шарниру приложен момент. Стержень нужно поставить вертикально и держать. Мотор слабый: поднять стержень одним усилием нельзя, его приходится раскачивать.
#
# - **Состояние** — три числа: косинус и синус угла от вертикали и угловая скорость. Угол как два числа, а не одно: иначе 179° и −179°, почти одно и то же положение, оказались бы далеко друг от друга.
# - **Действие** — одно число, момент от −2 до 2.
# - **Награда** за шаг: $-(\theta^2 + 0.1\,\dot\theta^2 + 0.001\,a^2)$, где $\theta$ — угол от вертикали в радианах, от $-\pi$ до $\pi$, $\dot\theta$ — угловая скорость, $a$ — момент. Лучшее, что бывает, — ноль: стоять вертикально и не двигаться.
# - **Эпизод** всегда длится 200 шагов и обрывается по времени: `truncated`. `terminated` здесь не бывает никогда.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "pendulum", "locked": true, "schema_version": 3, "solution": false, "task": false}
def look_at_pendulum():
    env = gym.make("Pendulum-v1")
    print("Форма состояния:    ", env.observation_space.shape)
    print("Форма действия:     ", env.action_space.shape)
    print("Границы действия:   ", env.action_space.low, env.action_space.high)
    print("Длина эпизода:      ", env.spec.max_episode_steps)

    returns = []
    for seed in range(20):
        env.reset(seed=seed)
        env.action_space.seed(seed)
        total, truncated = 0.0, False
        while not truncated:
            _, reward, _, truncated, _ = env.step(env.action_space.sample())
            total += float(reward)
        returns.append(total)
    print(f"Случайный игрок:     {np.mean(returns):.0f} в среднем за эпизод")


look_at_pendulum()

# %% [markdown] nbgrader={"grade": false, "grade_id": "pendulum_reading", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Запомните это число: с ним будем сравнивать. Хорошая политика получает около −150: часть эпизода уходит на раскачку, и эту часть не выиграть.

# %% [markdown] nbgrader={"grade": false, "grade_id": "theory_policy", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2. Теория
#
# ### Политика — распределение
#
# Сеть по состоянию $s$ даёт два числа на каждую координату действия: среднее $\mu_\theta(s)$ и логарифм стандартного отклонения $\ln\sigma_\theta(s)$. Действие выпадает из нормального распределения:
#
# $$
# a \sim \mathcal{N}\big(\mu_\theta(s),\ \sigma_\theta(s)^2\big).
# $$
#
# Почему логарифм? Стандартное отклонение положительно, а сеть выдаёт любые числа. $\sigma = e^{\ln\sigma}$ положительно всегда.
#
# Логарифм плотности одной координаты:
#
# $$
# \ln \pi_\theta(a \mid s) = -\frac{(a - \mu)^2}{2\sigma^2} - \ln\sigma - \tfrac{1}{2}\ln 2\pi .
# $$
#
# Координаты независимы, плотности перемножаются, логарифмы складываются. Плотность — не вероятность: она бывает больше единицы, и её логарифм бывает положительным.
#
# ### Чего мы хотим
#
# Максимизировать среднюю отдачу $J(\theta) = \mathbb{E}_\pi[R]$, где $R$ — сумма наград за эпизод. По теореме о градиенте политики
#
# $$
# \nabla J(\theta) = \mathbb{E}_\pi\big[\, Q^\pi(s, a)\ \nabla \ln \pi_\theta(a \mid s)\,\big].
# $$
#
# Посмотрите, что значит шаг по этому градиенту. Если действие оказалось хорошим, среднее сдвигается к нему, $\nabla_\mu \ln\pi = (a - \mu)/\sigma^2$. А ширина растёт, если хорошее действие лежало дальше одного $\sigma$ от середины, и сужается, если ближе. Агент сам решает, сколько ему исследовать.

# %% [markdown] nbgrader={"grade": false, "grade_id": "theory_critic", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Критик: V или Q?
#
# Критик может учить $Q(s, a)$ или $V(s)$. С непрерывным действием $Q$ неудобна. Если учить её, уменьшая квадрат ошибки $\big(r + \gamma \max_{a'} Q(s', a') - Q(s, a)\big)^2$, получится Q-обучение. Вместо максимума можно взять среднее по политике, как в первом ноутбуке, но действий теперь бесконечно много: и максимум, и среднее (это интеграл) ещё надо найти. $V(s)$ действия не требует. Её учат, уменьшая квадрат ошибки
#
# $$
# \big(r + \gamma V(s') - V(s)\big)^2 ,
# $$
#
# где цель $r + \gamma V(s')$ — число, градиент через неё не идёт.
#
# ### TD-ошибка и преимущество
#
# $$
# \delta_t = r_t + \gamma V(s_{t+1}) - V(s_t)
# $$
#
# говорит, насколько шаг вышел лучше, чем критик ждал. Если $V$ верна, среднее $\delta_t$ при данном действии равно **преимуществу** (advantage) $A(s, a) = Q(s, a) - V(s)$; пока критик неточен, эта оценка смещена. Поэтому $\delta_t$ ставят вместо $Q$: среднее градиента то же, разброс меньше.
#
# ### Цикл
#
# 1. Выбрать действие из политики.
# 2. Сделать шаг среды.
# 3. Оценить шаг: TD-ошибка $\delta_t$.
# 4. Шаг критика: $\varphi \leftarrow \varphi - \beta\, \nabla_\varphi\, \delta_t^2$ (цель $r_t + \gamma V(s_{t+1})$ при этом — число).
# 5. Шаг актора: $\theta \leftarrow \theta + \alpha\, \delta_t\, \nabla_\theta \ln \pi_\theta(a_t \mid s_t)$.

# %% [markdown] nbgrader={"grade": false, "grade_id": "failing_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 3. Версия, которая не учится
#
# Вот как это часто пишут в учебных примерах.
#
# - Две сети, по два слоя из 128 нейронов с ReLU, веса ортогональные с множителем $\sqrt2$ во всех слоях, выходной не исключение.
# - Сыграть эпизод, посчитать отдачи $G_t$ с $\gamma = 0.99$ и **нормировать** их внутри эпизода: вычесть среднее, поделить на стандартное отклонение.
# - Преимущество $G_t - V(s_t)$, потеря критика $(V(s_t) - G_t)^2$, потеря актора $-\ln\pi \cdot A$.
# - Градиенты обрезать по норме 1, сделать один шаг Adam с `lr=1e-6`. И так 600 эпизодов.
#
# Мы запустили её один раз и записали все 600 отдач.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "failing_run", "locked": true, "schema_version": 3, "solution": false, "task": false}
from ac_helpers.pendulum import failing_run, plot_failing_run

recorded = failing_run()
print(f"первые 100 эпизодов: {recorded[:100].mean():.0f}, последние 100: {recorded[-100:].mean():.0f}")
plot_failing_run()

# %% [markdown] nbgrader={"grade": false, "grade_id": "failing_reading", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Кривая лежит.** 120 000 шагов среды, и никакой разницы. Дело не в ошибке в коде: каждая строка делает то, что написано. Дело в том, что написано.
#
# 1. **Нормировка внутри эпизода прячет главное.** Среднее вычтено, масштаб убран: у эпизода с отдачей −200 и у эпизода с отдачей −1500 нормированные отдачи выглядят одинаково. Хорош ли был эпизод, из них не узнать.
# 2. **Отдача до конца эпизода измеряет время.** Награды отрицательны, и чем меньше шагов осталось, тем выше $G_t$, что бы агент ни делал. Критик видит состояние, а оставшееся время не видит, и объяснить это не может. Так «преимущество» хвалит всякое действие в конце и ругает всякое в начале.
# 3. **Один шаг на 200 шагов среды.** 600 шагов оптимизатора — это очень мало, а с `lr=1e-6` почти ничего. Но и с `lr=1e-3` не учится: в попытке покороче, из 300 эпизодов, вышло −1508 за первые сто и −1503 за последние.
# 4. **Выход актора с множителем $\sqrt2$.** С самого начала и среднее, и $\sigma$ — случайные функции состояния: ещё до обучения политика где-то толкает, где-то тормозит, и шум в разных состояниях отличается в разы.
# 5. И последнее, уже не про обучение: проверочный эпизод ждёт `terminated`, а маятник обрывается только по `truncated`. Такая проверка **не кончится никогда**.
#
# Что мы сделаем вместо этого:
#
# | Было | Будет | Зачем |
# |:--|:--|:--|
# | отдача до конца эпизода | GAE: короткие суммы TD-ошибок | преимущество не зависит от оставшегося времени |
# | нормировка внутри эпизода | нормировка преимуществ по роллауту из 8 сред | сравниваются разные эпизоды |
# | обрыв по времени — конец | V(s') остаётся и после `truncated` | обрыв ничего не говорит о будущем |
# | один шаг на эпизод | 10 проходов мини-пачками | больше шагов на те же данные: это помогает сильнее всего |
# | — | обрезанное отношение вероятностей | иначе 10 проходов увели бы политику слишком далеко |
# | награды как есть | награды × 0.1 | ценности не доходят до −100 |
# | множитель $\sqrt2$ у выхода | 0.01 | в начале политика почти одинакова во всех состояниях |
# | `lr=1e-6` | `1e-3` у актора, `3e-3` у критика, оба убывают до нуля | с 1e-4 за это время ничему не научиться |
# | $\gamma = 0.99$ | 0.95 | горизонт в 20 шагов: шума меньше, а раскачке его хватает |
# | два слоя по 128, ReLU | два слоя по 64, tanh | весов вчетверо меньше, шаг дешевле |

# %% [markdown] nbgrader={"grade": false, "grade_id": "gaussian_actor_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4. Сети (3 балла)
#
# ### 4.1. `ActorNetwork(state_dim, action_dim, hidden_dim=64)` (2 балла)
#
# Модуль `nn.Module`. **`forward(state)`** возвращает два тензора `(mean, log_std)`.
#
# | `state` | `mean`, `log_std` |
# |:--|:--|
# | пачка `[B, state_dim]` | каждое `[B, action_dim]` |
# | одно состояние `[state_dim]` | каждое `[action_dim]` |
#
# - `mean` $= 2\tanh(\cdot)$: гиперболический тангенс того, что выдал последний слой, умноженный на 2. Так среднее не выйдет за границы момента.
# - `log_std` **тоже зависит от состояния** и обрезан до $[-20,\ 2]$: что внутри, остаётся как есть, что снаружи, становится ровно $-20$ или $2$.
# - Хотя бы один скрытый слой ширины `hidden_dim`, с нелинейностью. Сколько слоёв, какая нелинейность, нужны ли слои нормировки, одна голова или две, одно тело или два — решать вам. Подойдёт `LayerNorm`, но не `BatchNorm1d`: одно состояние он при обучении не примет. И не dropout: на одно и то же состояние сеть должна отвечать одинаково.
# - **В начале** каждая матрица весов ортогональна (с любым множителем больше нуля), каждый сдвиг (bias) равен нулю. У прямоугольной матрицы это значит, что её строки попарно перпендикулярны и равны по длине, а если столбцов меньше, то столбцы. Готовая функция есть в `torch.nn.init`. Слои нормировки остаются, какими их сделал torch. Для обучения удобен множитель $\sqrt2$ в теле и $0.01$ у выходов.
#
# *Пример.* Последний слой дал $0.5$ для среднего и $3.1$ для логарифма. Тогда `mean` $= 2\tanh 0.5 \approx 0.924$, `log_std` $= 2$.
#
# *Зачем ортогональность.* Ортогональная матрица не растягивает одни направления за счёт других: сигнал и градиент проходят через слои, не затухая и не взрываясь.
#
# *Ловушки.* Двойка под тангенсом вместо снаружи. `squeeze()` без номера оси: при одной координате действия пропадёт её ось. Вернуть `std` вместо `log_std`.

# %% nbgrader={"grade": false, "grade_id": "gaussian_actor", "locked": false, "schema_version": 3, "solution": true, "task": false}
class ActorNetwork(nn.Module):
    """Гауссова политика: среднее и логарифм стандартного отклонения каждой координаты действия.

    state_dim: длина состояния; action_dim: число координат действия; hidden_dim: ширина скрытых слоёв.
    """

    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        ####### Здесь ваш код ########
        self.body = nn.Sequential(
            nn.Linear(state_dim, hidden_dim), nn.Tanh(), nn.Linear(hidden_dim, hidden_dim), nn.Tanh()
        )
        self.mean = nn.Linear(hidden_dim, action_dim)
        self.log_std = nn.Linear(hidden_dim, action_dim)
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                # маленький gain у выходов: в начале политика почти одинакова во всех состояниях
                nn.init.orthogonal_(layer.weight, gain=2**0.5 if layer in self.body else 0.01)
                nn.init.zeros_(layer.bias)
        ##############################

    def forward(self, state):
        """state: тензор float32, [B, state_dim] или [state_dim].

        Возвращает (mean, log_std), каждое [B, action_dim] или [action_dim]:
        mean = 2·tanh(·), log_std зависит от состояния и обрезан до [−20, 2].
        """
        ####### Здесь ваш код ########
        features = self.body(state)
        mean = 2 * torch.tanh(self.mean(features))
        return mean, self.log_std(features).clamp(-20, 2)
        ##############################

# %% nbgrader={"grade": true, "grade_id": "test_gaussian_actor", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
from ac_helpers import check
check("test_gaussian_actor")

# %% [markdown] nbgrader={"grade": false, "grade_id": "value_critic_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### 4.2. `CriticNetwork(state_dim, hidden_dim=64)` (1 балл)
#
# **`forward(state)`** возвращает $V(s)$: `[B]` для пачки `[B, state_dim]`, скаляр для одного состояния. Архитектура и начальные веса любые, но `BatchNorm1d` и dropout не подойдут и здесь. Ценность ничем не ограничена: последний слой — без активации.
#
# *Ловушка.* Слой с одним выходом даёт `[B, 1]`. Если эту ось оставить, вычитание `[B]` из `[B, 1]` молча даст таблицу `[B, B]`, и критик выучит среднее по пачке.

# %% nbgrader={"grade": false, "grade_id": "value_critic", "locked": false, "schema_version": 3, "solution": true, "task": false}
class CriticNetwork(nn.Module):
    """Критик: ценность состояния V(s), одно число на состояние.

    state_dim: длина состояния; hidden_dim: ширина скрытых слоёв.
    """

    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        ####### Здесь ваш код ########
        self.layers = nn.Sequential(
            nn.Linear(state_dim, hidden_dim), nn.Tanh(),
            nn.Linear(hidden_dim, hidden_dim), nn.Tanh(),
            nn.Linear(hidden_dim, 1),
        )
        for layer in self.layers[::2]:
            nn.init.orthogonal_(layer.weight, gain=2**0.5)
            nn.init.zeros_(layer.bias)
        ##############################

    def forward(self, state):
        """state: тензор float32, [B, state_dim] или [state_dim]. Возвращает V, [B] или скаляр."""
        ####### Здесь ваш код ########
        return self.layers(state).squeeze(-1)
        ##############################

# %% nbgrader={"grade": true, "grade_id": "test_value_critic", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
from ac_helpers import check
check("test_value_critic")

# %% [markdown] nbgrader={"grade": false, "grade_id": "sample_action_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 5. Опыт (4 балла)
#
# ### 5.1. `sample_action(actor, state, low, high)` (1.5 балла)
#
# Возвращает `(env_action, action, log_prob)`:
#
# - `action` — действие, **выпавшее** из нормального распределения со средним `mean` и стандартным отклонением $e^{\text{log\_std}}$ (дисперсия — $e^{2\,\text{log\_std}}$);
# - `log_prob` — логарифм плотности **этого** действия, сложенный по координатам;
# - `env_action` — то же действие, обрезанное до границ среды.
#
# `state` — массив float32 или тензор, `[state_dim]` или `[B, state_dim]`. `low` и `high` — массивы `[action_dim]`: у каждой координаты свои границы, и симметричными они быть не обязаны. У `env_action` и `action` та же форма, что у `mean`, у `log_prob` — без последней оси. Массивы это или тензоры, неважно. Ничто из возвращённого не требует градиента.
#
# *Пример.* `mean` $= 1.5$, `log_std` $= 0$, граница $2$. Выпало `action` $= 2.7$. Тогда `env_action` $= 2$, а `log_prob` $= -\tfrac{1.2^2}{2} - 0 - 0.919 \approx -1.639$.
#
# *Почему плотность необрезанного.* Теорема о градиенте политики верна для того, что выпало из политики. Обрезка — часть среды: она одинаково отвечает на $2$ и на $2.7$. Если считать плотность в точке $2$, градиент будет тянуть среднее не туда.
#
# *Ловушки.* Логарифм вместо стандартного отклонения. Граф, который тянется за каждым шагом роллаута и съедает память. Зерно генератора внутри функции: тогда шум каждый раз один и тот же.

# %% nbgrader={"grade": false, "grade_id": "sample_action", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sample_action(actor, state, low, high):
    """Выбирает действие из гауссовой политики.

    actor: сеть, которая по тензору float32 даёт (mean, log_std).
    state: массив float32 или тензор, [state_dim] или [B, state_dim].
    low, high: границы действий среды, массивы [action_dim].
    Возвращает (env_action, action, log_prob): действие в границах среды, то же действие до обрезки
    и логарифм его плотности; ничто из этого не требует градиента.
    """
    ####### Здесь ваш код ########
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        policy = Normal(mean, log_std.exp(), validate_args=False)
        action = policy.sample()
        log_prob = policy.log_prob(action).sum(-1)
    action = action.numpy()
    return np.clip(action, low, high), action, log_prob.numpy()
    ##############################

# %% nbgrader={"grade": true, "grade_id": "test_sample_action", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
from ac_helpers import check
check("test_sample_action")

# %% [markdown] nbgrader={"grade": false, "grade_id": "returns_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### 5.2. Отдачи и преимущества (2.5 балла)
#
# **`discounted_returns(rewards, gamma)`**: отдача от каждого шага одного эпизода до его конца,
#
# $$
# G_t = r_t + \gamma\, G_{t+1}, \qquad G_T = 0 .
# $$
#
# Это оценка Монте-Карло: без смещения, но шумная. *Пример.* Награды $1, 2, 3$ и $\gamma = 0.5$: отдачи $2.75,\ 3.5,\ 3$. *Ловушка.* Награды здесь целые, а отдачи нет: в массив целых чисел дробные части не поместятся.
#
# **`compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam)`**: обобщённая оценка преимущества (GAE) сразу для $N$ сред. Все входы — массивы `[T, N]`, флаги логические. `values` — это $V(s_t)$, `next_values` — $V(s'_t)$, где $s'_t$ — состояние, в которое привело действие, **до** всякого сброса среды.
#
# TD-ошибка одного шага мало шумит, но верит критику. Отдача до конца ему не верит, но шумит. GAE смешивает все длины:
#
# $$
# \hat A_t = \delta_t + \gamma\lambda\, \delta_{t+1} + (\gamma\lambda)^2\, \delta_{t+2} + \dots
# $$
#
# При $\lambda = 0$ остаётся одна TD-ошибка, при $\lambda = 1$ — отдача минус $V$ (где эпизод оборван или кончилась таблица, хвост отдачи заменяет $V(s')$). Считать удобно с конца: $\hat A_t = \delta_t + \gamma\lambda\, \hat A_{t+1}$.
#
# Теперь концы эпизодов. Их два вида, и ведут они себя по-разному.
#
# | Что случилось на шаге $t$ | $V(s'_t)$ в $\delta_t$ | $\hat A_{t+1}$ в сумме |
# |:--|:--|:--|
# | ничего | прибавляется | прибавляется |
# | `terminated` | **нет**: дальше наград не будет | **нет**: следующая строка — другой эпизод |
# | `truncated` | **прибавляется**: игра шла бы дальше | **нет**: следующая строка — другой эпизод |
# | оба флага | нет: это `terminated` | нет |
#
# Функция возвращает `(advantages, returns)`, где `returns = advantages + values` — цели для критика. Ничего не нормируется, входы не меняются. Последняя строка не особенная: $V(s'_t)$ прибавляется и в ней, если нет `terminated`.
#
# *Пример.* $\gamma = 1$, $\lambda = 0.5$, две строки, одна среда: награды $1, 1$, $V(s) = 2, 3$, $V(s') = 3, 4$, концов нет. $\delta = (2, 2)$, и $\hat A = (2 + 0.5 \cdot 2,\ 2) = (3, 2)$. Если первая строка `truncated`, то $\hat A = (2, 2)$. Если `terminated`, то $\hat A = (-1, 2)$.
#
# *Ловушки.* `done = terminated | truncated` вместо двух масок: маятник обрывается только по времени, и с одной маской критик решит, что на двухсотом шаге мир кончается. Развернуть таблицу в одну строку: преимущества одной среды потекут в другую.

# %% nbgrader={"grade": false, "grade_id": "returns_and_advantages", "locked": false, "schema_version": 3, "solution": true, "task": false}
def discounted_returns(rewards, gamma):
    """Отдача от каждого шага одного эпизода до его конца: G_t = r_t + γ·G_{t+1}.

    rewards: список или одномерный массив наград; не меняется.
    Возвращает столько же чисел: список, массив или тензор.
    """
    ####### Здесь ваш код ########
    returns, following = np.zeros(len(rewards)), 0.0
    for t in reversed(range(len(rewards))):
        following = rewards[t] + gamma * following
        returns[t] = following
    return returns
    ##############################


def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    """Обобщённая оценка преимущества (GAE) для T шагов в N средах.

    rewards, values, next_values: массивы чисел [T, N]; terminated, truncated: массивы bool [T, N].
    Возвращает (advantages, returns), каждое [T, N]: преимущества и цели для критика,
    returns = advantages + values. Входы не меняются, ничего не нормируется.
    """
    ####### Здесь ваш код ########
    deltas = rewards + gamma * next_values * ~terminated - values
    continues = ~(terminated | truncated)
    advantages, following = np.zeros_like(deltas), 0.0
    for t in reversed(range(len(deltas))):
        following = deltas[t] + gamma * lam * continues[t] * following
        advantages[t] = following
    return advantages, advantages + values
    ##############################

# %% nbgrader={"grade": true, "grade_id": "test_returns_and_advantages", "locked": true, "points": 2.5, "schema_version": 3, "solution": false, "task": false}
from ac_helpers import check
check("test_returns_and_advantages")

# %% [markdown] nbgrader={"grade": false, "grade_id": "losses_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 6. Обучение (3 балла)
#
# ### 6.1. `actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2)` (2 балла)
#
# Роллаут дорогой, и хочется сделать по нему много шагов. Но после первого шага политика уже не та, что собирала данные. Поправка — отношение новой плотности к старой:
#
# $$
# \rho = \frac{\pi_\theta(a \mid s)}{\pi_{\text{old}}(a \mid s)} = e^{\,\ln\pi_\theta - \ln\pi_{\text{old}}} .
# $$
#
# Одной поправки мало: ничто не мешает увести $\rho$ далеко от единицы, туда, где старые данные уже ничего не значат. Поэтому его обрезают, и из двух произведений берут **меньшее**:
#
# $$
# L_{\text{actor}} = -\frac1B \sum_i \min\Big(\rho_i A_i,\ \operatorname{clip}(\rho_i,\, 1-\varepsilon,\, 1+\varepsilon)\, A_i\Big),
# \qquad
# L_{\text{critic}} = \frac1B \sum_i \big(V_i - R_i\big)^2 .
# $$
#
# Что делает минимум, видно по случаям. Действие хорошее, $A > 0$, и уже стало вероятнее в $1+\varepsilon$ раз: дальше тянуть нечего, градиент ноль. Действие хорошее, но стало **реже**: меньшее — произведение без обрезки, и градиент возвращает его назад. Ошибку исправить можно всегда, а торопиться нельзя.
#
# Здесь $A_i$, $V_i$ и $R_i$ — элементы `advantages`, `values` и `returns`. Все пять входов — тензоры `[B]`, оба ответа — скаляры. Никаких других множителей и слагаемых, преимущества берутся какими пришли. Градиент идёт **только** в `log_probs` и `values`, даже если остальные три его требуют.
#
# *Проверьте себя.* Если `old_log_probs` и `log_probs` — один и тот же тензор, то $\rho = 1$, а градиент потери актора — обычный градиент политики, $-\tfrac1B\sum A_i \nabla\ln\pi_i$. Значение потери при этом просто $-\overline{A}$. Если градиент вышел нулевым, старые логарифмы остались в графе.
#
# *Пример.* $\rho = 1.5$, $\varepsilon = 0.2$. При $A = 2$: $\min(3,\ 2.4) = 2.4$. При $A = -2$: $\min(-3,\ -2.4) = -3$.

# %% nbgrader={"grade": false, "grade_id": "losses", "locked": false, "schema_version": 3, "solution": true, "task": false}
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    """Потери актора и критика, два скаляра (actor_loss, critic_loss).

    log_probs, old_log_probs, advantages, values, returns: тензоры [B].
    Актор: −mean(min(ratio·A, clip(ratio, 1 − clip_ratio, 1 + clip_ratio)·A)),
    где ratio = exp(log_probs − old_log_probs). Критик: mean((values − returns)²).
    Градиент идёт только в log_probs и values.
    """
    ####### Здесь ваш код ########
    advantages, returns = advantages.detach(), returns.detach()
    ratio = (log_probs - old_log_probs.detach()).exp()
    clipped = ratio.clamp(1 - clip_ratio, 1 + clip_ratio)
    actor_loss = -torch.min(ratio * advantages, clipped * advantages).mean()
    critic_loss = ((values - returns) ** 2).mean()
    return actor_loss, critic_loss
    ##############################

# %% nbgrader={"grade": true, "grade_id": "test_losses", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
from ac_helpers import check
check("test_losses")

# %% [markdown] nbgrader={"grade": false, "grade_id": "trainer_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### 6.2. `ActorCriticTrainer.update(rollout, epochs, minibatch_size)` (1 балл)
#
# Собираем всё вместе. `rollout` — словарь массивов: `states`, `next_states` `[T, N, state_dim]`, `actions` `[T, N, action_dim]` (до обрезки), `log_probs`, `rewards`, `terminated`, `truncated` `[T, N]`. Его собрал `actor` — такой, какой он есть в начале `update`.
#
# 1. Ценности обоих состояний, преимущества и цели по $\gamma$ и $\lambda$ тренера. Без градиента.
# 2. `epochs` проходов (эпох). За один проход каждый из $T \cdot N$ переходов встречается **один раз**, в мини-пачках по `minibatch_size`, в любом порядке. Если $T \cdot N$ не делится на `minibatch_size` нацело, остаток может стать пачкой поменьше, присоединиться к другим или пропасть.
# 3. Для каждой мини-пачки — новые логарифмы плотности **тех же действий**, две потери и по одному шагу `actor_opt` и `critic_opt`.
# 4. Перед шагом градиент длиннее `max_grad_norm` укорачивается до этой длины, короткий остаётся как есть. Каждая сеть сама по себе или обе вместе.
#
# Преимущества в потере актора можно нормировать (по роллауту, по пачке, только вычесть среднее) или оставить как есть. Цели критика остаются такими, какими их вернула `compute_gae`. Потерю критика можно умножить на постоянное положительное число. Вернуть можно что угодно; пара чисел `(actor_loss, critic_loss)` попадёт в журнал. Здесь нет ни бонуса за энтропию, ни обрезки ценностей, ни ранней остановки.
#
# *Ловушки.* Забыть обнулить градиенты. Перемешать состояния, а преимущества — нет. Пересчитывать `old_log_probs` после шага: отношение всегда будет единицей, и обрезка не сработает никогда.

# %% nbgrader={"grade": false, "grade_id": "trainer", "locked": false, "schema_version": 3, "solution": true, "task": false}
class ActorCriticTrainer:
    """Обновляет актора и критика по роллауту.

    actor, critic: сети; actor_opt, critic_opt: их оптимизаторы; gamma, lam: для GAE;
    max_grad_norm: до какой длины укорачивать градиент.
    """

    def __init__(self, actor, critic, actor_opt, critic_opt, gamma=0.95, lam=0.95, max_grad_norm=0.5):
        self.actor, self.critic = actor, critic
        self.actor_opt, self.critic_opt = actor_opt, critic_opt
        self.gamma, self.lam, self.max_grad_norm = gamma, lam, max_grad_norm

    def update(self, rollout, epochs, minibatch_size):
        """Несколько проходов по роллауту мини-пачками.

        rollout: словарь массивов numpy: states, next_states [T, N, state_dim], actions [T, N, action_dim],
        log_probs, rewards, terminated, truncated [T, N].
        epochs: сколько раз пройти по всем T·N переходам; minibatch_size: переходов в одной мини-пачке.
        """
        ####### Здесь ваш код ########
        states = torch.as_tensor(rollout["states"])
        with torch.no_grad():
            values = self.critic(states).numpy()
            next_values = self.critic(torch.as_tensor(rollout["next_states"])).numpy()
        advantages, returns = compute_gae(
            rollout["rewards"], values, next_values, rollout["terminated"], rollout["truncated"],
            self.gamma, self.lam,
        )
        advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
        fields = (rollout["actions"], rollout["log_probs"], advantages, returns)
        actions, old_log_probs, advantages, returns = (
            torch.as_tensor(field, dtype=torch.float32).flatten(0, 1) for field in fields
        )
        states, losses = states.flatten(0, 1), []
        for _ in range(epochs):
            for index in torch.randperm(len(states)).split(minibatch_size):
                mean, log_std = self.actor(states[index])
                policy = Normal(mean, log_std.exp(), validate_args=False)
                log_probs = policy.log_prob(actions[index]).sum(-1)
                actor_loss, critic_loss = actor_critic_losses(
                    log_probs, old_log_probs[index], advantages[index],
                    self.critic(states[index]), returns[index],
                )
                self._step(self.actor, self.actor_opt, actor_loss)
                self._step(self.critic, self.critic_opt, critic_loss)
                losses.append((actor_loss.item(), critic_loss.item()))
        return np.mean(losses, axis=0)

    def _step(self, network, opt, loss):
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), self.max_grad_norm)
        opt.step()
        ##############################

# %% nbgrader={"grade": true, "grade_id": "test_trainer", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
from ac_helpers import check
check("test_trainer")

# %% [markdown] nbgrader={"grade": false, "grade_id": "training_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 7. Запуск
#
# Цикл дан. Восемь маятников идут рядом, каждые 128 шагов получается роллаут из 1024 переходов, по нему — `update`. Полоса показывает обновления.
#
# | Параметр | Что делает |
# |:--|:--|
# | `env_name` | какая среда; действия должны быть непрерывными |
# | `total_steps` | шагов во всех средах вместе |
# | `n_envs`, `n_steps` | сколько сред и сколько шагов каждой в роллауте |
# | `hidden_dim` | ширина скрытых слоёв обеих сетей |
# | `lr`, `critic_lr` | шаги Adam у актора и у критика, линейно убывают до нуля |
# | `gamma`, `lam` | для GAE |
# | `reward_scale` | на что умножить награду, прежде чем её увидит критик |
# | `epochs`, `minibatch_size` | проходов по роллауту и переходов в мини-пачке |
# | `max_grad_norm` | до какой длины укорачивать градиент |
# | `log_file` | куда писать журнал (таблица CSV: отдача, обе потери, среднее стандартное отклонение); `None` — никуда |
# | `seed` | с чего начинаются случайные числа |
# | `progress` | показывать ли полосу прогресса |

# %% nbgrader={"grade": false, "grade_id": "run_gaussian_actor_critic", "locked": true, "schema_version": 3, "solution": false, "task": false}
from ac_helpers.rollouts import RolloutEnvs, TrainingLog, set_learning_rate
from ac_helpers.training import count_steps, seed_everything


def run_gaussian_actor_critic(
    env_name="Pendulum-v1",
    total_steps=100_000,  # шагов во всех средах вместе
    n_envs=8,
    n_steps=128,  # шагов каждой среды в одном роллауте
    hidden_dim=64,
    lr=1e-3,  # шаг актора, убывает до нуля; с 1e-4 за это время ничему не научиться
    critic_lr=3e-3,  # критик должен успевать за актором: с 1e-3 медиана пяти запусков −225, а не −190
    gamma=0.95,
    lam=0.95,
    reward_scale=0.1,  # иначе ценности доходят до −100, и критик за ними не успевает
    epochs=10,  # столько раз пройти по каждому роллауту: важнее всего остального
    minibatch_size=128,
    max_grad_norm=0.5,
    log_file=None,  # куда писать журнал: таблица CSV
    seed=0,
    progress=True,
):
    """Учит гауссова актора и критика. Возвращает TrainingLog: отдачи эпизодов, потери, std и обе сети."""
    torch.set_num_threads(1)
    seed_everything(seed)
    envs = RolloutEnvs(env_name, n_envs, seed)
    actor = ActorNetwork(envs.state_dim, envs.action_dim, hidden_dim)
    critic = CriticNetwork(envs.state_dim, hidden_dim)
    # fused: все веса за один вызов, сети такие маленькие, что это заметно
    actor_opt = torch.optim.Adam(actor.parameters(), lr=lr, eps=1e-5, fused=True)
    critic_opt = torch.optim.Adam(critic.parameters(), lr=critic_lr, eps=1e-5, fused=True)
    trainer = ActorCriticTrainer(actor, critic, actor_opt, critic_opt, gamma, lam, max_grad_norm)
    log = TrainingLog(actor, critic=critic, file=log_file)

    def select_actions(states):
        return sample_action(actor, states, envs.low, envs.high)

    n_updates = total_steps // (n_envs * n_steps)
    for update in count_steps(n_updates, progress, unit=" updates"):
        left = 1 - (update - 1) / n_updates
        set_learning_rate(actor_opt, left * lr)
        set_learning_rate(critic_opt, left * critic_lr)
        rollout, returns = envs.collect(select_actions, n_steps)
        rollout["rewards"] *= reward_scale
        losses = trainer.update(rollout, epochs, minibatch_size)
        log.add_update(update * n_envs * n_steps, returns, losses, rollout)
    envs.close()
    return log

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "run", "locked": true, "schema_version": 3, "solution": false, "task": false}
log = run_gaussian_actor_critic(seed=0)
print(f"последние 100 эпизодов: {np.mean(log.returns[-100:]):.0f}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "curve_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Две кривые

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "curve", "locked": true, "schema_version": 3, "solution": false, "task": false}
from ac_helpers.pendulum import plot_training

plot_training(log)

# %% [markdown] nbgrader={"grade": false, "grade_id": "curve_reading", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Как читать.** Сверху — отдачи эпизодов обучения и среднее за 100, рядом — версия из учебного примера. Снизу — среднее стандартное отклонение политики.
#
# - Отдача растёт, когда агент находит раскачку. До этого он лишь меняет, как именно висеть.
# - Точки ложатся полосами. Кто начал у верха, не теряет почти ничего. Кто начал ниже, платит за одну раскачку, около −125, или за две, около −250. Поэтому и среднее хорошей политики не ноль.
# - Стандартное отклонение падает само: когда ясно, какое действие лучше, исследовать незачем. Никто не велел его уменьшать.

# %% [markdown] nbgrader={"grade": false, "grade_id": "policy_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Что думают актор и критик

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "policy", "locked": true, "schema_version": 3, "solution": false, "task": false}
from ac_helpers.pendulum import plot_policy_and_value

plot_policy_and_value(log)

# %% [markdown] nbgrader={"grade": false, "grade_id": "policy_reading", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Как читать.** По горизонтали угол, 0° — вверх, по вертикали угловая скорость.
#
# - *Средний момент.* Около вертикали граница между «влево» и «вправо» резкая: агент ловит стержень. Внизу цвет следует знаку скорости: качать нужно туда, куда и так движется.
# - *Стандартное отклонение.* Больше всего оно там, где стержень неподвижно висит внизу: качнуть можно в любую сторону. Велико оно бывает и там, где агент почти не бывал. Где ясно, что делать, оно мало.
# - *Ценность.* Хребет проходит через вертикаль наискосок, угол и скорость на нём разных знаков: стержень отклонён, но возвращается и у верха остановится. Тот, что пролетает верх с большой скоростью, уйдёт на новый круг.

# %% [markdown] nbgrader={"grade": false, "grade_id": "watch_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Посмотрим на маятник
#
# Эпизод кончается: двести шагов, и `truncated`. Вместо случайного действия берётся среднее политики.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "watch", "locked": true, "schema_version": 3, "solution": false, "task": false}
from ac_helpers.pendulum import watch_pendulum

watch_pendulum(log, seed=93)  # начало у самого низа

# %% [markdown] nbgrader={"grade": false, "grade_id": "save_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Сохранить и загрузить
#
# Сохраняют не сеть целиком, а её веса. Чужой файл с весами читайте только так: `torch.load(..., weights_only=True)`, и в свежем torch. Без этого файл может выполнить любой код.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "save", "locked": true, "schema_version": 3, "solution": false, "task": false}
import tempfile
from pathlib import Path

from ac_helpers.rollouts import load_networks, save_networks


def save_and_load(log):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pendulum.pt"
        save_networks(path, actor=log.agent, critic=log.critic)
        actor, critic = ActorNetwork(3, 1), CriticNetwork(3)
        load_networks(path, actor=actor, critic=critic)
    state = torch.tensor([1.0, 0.0, 0.0])
    with torch.no_grad():
        same = torch.equal(actor(state)[0], log.agent(state)[0]) and torch.equal(critic(state), log.critic(state))
    print("Загруженные сети отвечают так же:", same)


save_and_load(log)

# %% [markdown] nbgrader={"grade": false, "grade_id": "experiments", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 8. Что попробовать дальше
#
# Эта часть не оценивается. Меняйте что-нибудь одно и сравнивайте на нескольких `seed`. Ячейки с решениями не трогайте и не копируйте: заведите новую внизу и дайте в ней классу или функции другое имя.
#
# 1. **Сколько стоит каждая поправка.** `epochs=1`; `reward_scale=1`; `lam=1`; `lr=1e-4`. Что ломает обучение сильнее всего? Запишите догадку до запуска.
# 2. **Одна маска вместо двух.** Унаследуйте тренера и передайте в `compute_gae` вместо `terminated` `terminated | truncated`. Насколько хуже?
# 3. **Плотность обрезанного действия.** Считайте `log_prob` в точке `env_action`. Когда это станет заметно?
# 4. **Без обрезки отношения.** `clip_ratio` побольше, например 10. Сколько проходов выдержит политика?
# 5. **Стандартное отклонение — параметр.** Сделайте `log_std` одним на все состояния. Стало ли хуже? А начальное значение −2?
# 6. **Отдачи Монте-Карло.** Поставьте вместо GAE `discounted_returns` минус $V$. Сравните с `lam=1`: это одно и то же или нет?
# 7. **Журнал.** Запустите с `log_file="pendulum.csv"` и постройте обе потери. Когда критик перестаёт успевать?
# 8. **Другая среда.** `MountainCarContinuous-v0`: среднее от −2 до 2 там не подходит, действия лежат от −1 до 1. Что нужно поменять? Рисунки этого ноутбука сделаны для маятника, кривую постройте по `log.returns` сами.

# %% [markdown] nbgrader={"grade": false, "grade_id": "sources", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Источники
#
# - R. Sutton, A. Barto. *Reinforcement Learning: An Introduction*, 2-е изд., глава 13; нормальная политика — раздел 13.7. [incompleteideas.net](http://incompleteideas.net/book/the-book-2nd.html)
# - R. Williams. *Simple Statistical Gradient-Following Algorithms for Connectionist Reinforcement Learning*. Machine Learning, 1992. Гауссовы единицы и их градиент.
# - J. Schulman и др. *High-Dimensional Continuous Control Using Generalized Advantage Estimation*. ICLR, 2016. [arXiv:1506.02438](https://arxiv.org/abs/1506.02438)
# - J. Schulman и др. *Proximal Policy Optimization Algorithms*. 2017. [arXiv:1707.06347](https://arxiv.org/abs/1707.06347). Обрезанное отношение.
# - F. Pardo и др. *Time Limits in Reinforcement Learning*. [arXiv:1712.00378](https://arxiv.org/abs/1712.00378). Почему обрыв — не конец.
# - M. Andrychowicz и др. *What Matters for On-Policy Deep Actor-Critic Methods?* ICLR, 2021. [arXiv:2006.05990](https://arxiv.org/abs/2006.05990). Начальные веса, проходы, мини-пачки.
# - Среда: [Pendulum в документации Gymnasium](https://gymnasium.farama.org/environments/classic_control/pendulum/).

# %% [markdown] nbgrader={"grade": false, "grade_id": "before_submission", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Перед сдачей
#
# 1. Перезапустите ядро и выполните все ячейки сверху вниз. Часть 7 можно пропустить: баллов за неё нет. Если какое-то задание не сделано, ячейки, которым оно нужно, остановятся с ошибкой. Сдать это не мешает: выполняйте следующие по одной.
# 2. Посмотрите, что говорит каждая проверка.
# 3. Сохраните ноутбук и сдайте файл `.ipynb`, не меняя его имени. В Colab: «Файл» → «Скачать» → «Скачать .ipynb»; если Colab назвал его иначе («Копия …»), верните прежнее имя.
