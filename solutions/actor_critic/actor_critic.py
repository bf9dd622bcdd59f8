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
# # Actor-Critic: актор и критик в одном теле
#
# В этом ноутбуке вы соберёте агента, который учится держать стержень на тележке. Не из готовых блоков, а целиком: от перевода массивов в тензоры до градиента политики.
#
# Агент состоит из двух частей. **Актор** (actor) выбирает действия. **Критик** (critic) говорит, насколько они хороши. Критик учится на опыте актора, актор — на оценках критика, и оба смотрят на мир через одну и ту же нейронную сеть.
#
# Сначала агент роняет стержень через два десятка шагов. В конце ноутбука он держит его сотни шагов, а цикл обучения печатает `Решено!`. Вы увидите кривую обучения, карту того, что агент думает о состояниях, и целый эпизод с его участием.
#
# ## Карта ноутбука
#
# | Часть | Что вы пишете | Проверка | Баллы |
# |:--|:--|:--|--:|
# | 1. Знакомство со средой | ничего, только смотрите | | |
# | 2. Откуда взять Q? | ничего, это теория | | |
# | 3. Инструменты | `to_tensor`, `symlog`, `symexp` | `test_tensor_utils` | 0.25 |
# | | `select_action_eps_greedy` | `test_eps_greedy` | 0.25 |
# | | `sample_batch` | `test_sample_batch` | 0.5 |
# | 4. Одно тело, две головы | ничего, это теория | | |
# | 5. Модель | `ActorCriticModel` | `test_actor_critic_model` | 3 |
# | 6. Агент | память и `act` | `test_agent_act` | 1 |
# | | `compute_td_loss` | `test_td_loss` | 2 |
# | | `update_critic` | `test_update_critic` | 1 |
# | | `update_actor` | `test_update_actor` | 1.5 |
# | | всё вместе: агент учится | `test_agent_learns` | 0.5 |
# | 7. Обучение | ничего, смотрите на результат | | |
# | 8. Что попробовать дальше | что захотите | | |
# | **Всего** | | | **10** |

# %% [markdown] nbgrader={"grade": false, "grade_id": "how_to_work", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Как работать
#
# **Где писать.** Место для вашего кода открывает строка из решёток с надписью «Здесь ваш код», а закрывает строка из одних решёток. Между ними стоит `raise NotImplementedError`: замените его своим кодом. Всё остальное дано. Имена функций, методов и аргументов не меняйте.
#
# **Как проверять.** Под каждой ячейкой с заданием стоит `check("...")`. Он сразу говорит, что верно, что нет и где искать ошибку. Запускайте его сколько угодно раз.
#
# **Если не получается.** Вставьте новую ячейку и вызовите в ней, например, `hint("test_td_loss")`. Каждый следующий вызов даёт подсказку конкретнее прежней, после последней они идут сначала. Решения в них нет.
#
# **Порядок.** Ячейки можно запускать повторно. Если вы поправили функцию, запустите заново её ячейку, а потом все ячейки ниже, которые ею пользуются. Запутались — перезапустите ядро и выполните всё сверху вниз.
#
# **Что оценивается.** Только девять проверок из таблицы.
#
# - Важно, что функция делает, а не как она написана. Любое верное решение получает полный балл.
# - За ячейку, верную наполовину, можно получить часть баллов.
# - Ошибка стоит баллов один раз. Если не готова, скажем, `sample_batch`, при оценивании агента всё равно судят так, как будто она верна. Здесь, в ноутбуке, `check` пользуется вашим кодом, и из-за одной ячейки могут не пройти и следующие: исправляйте сверху вниз.
# - При оценивании вопросы те же, а числа в них другие. Подгонять ответ под проверку бесполезно.
# - Ячейки с проверками менять не нужно: их возьмут из исходного ноутбука. Свои ячейки добавляйте где угодно. Но ячейку с решением не копируйте целиком: копия сохраняет её метку, а оценивается последняя из копий.

# %% [markdown] nbgrader={"grade": false, "grade_id": "setup_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Подготовка
#
# Первая ячейка проверяет, что всё нужное на месте. Она одинаково работает в JupyterLab, Notebook и VS Code, а в самодостаточной версии ноутбука — и в Colab. Видеокарта не понадобится: сеть маленькая.

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
from collections import deque

import gymnasium as gym
import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from ac_helpers import check, hint


# %% [markdown] nbgrader={"grade": false, "grade_id": "cartpole_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 1. Знакомство со средой
#
# **CartPole-v1**: тележка ездит по рельсу, на ней шарниром закреплён стержень. Толкайте тележку влево или вправо, чтобы стержень не упал.
#
# - **Состояние** — четыре числа: положение и скорость тележки, угол и угловая скорость стержня.
# - **Действия** — два: `0` толкает влево, `1` толкает вправо. Не толкать нельзя.
# - **Награда** — единица за каждый шаг, поэтому сумма наград равна длине эпизода.
#
# Посмотрим на один **переход** (transition): состояние, действие, награда, следующее состояние.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "cartpole", "locked": true, "schema_version": 3, "solution": false, "task": false}
def look_at_cartpole():
    env = gym.make("CartPole-v1")
    print("Форма состояния:         ", env.observation_space.shape)
    print("Сколько действий:        ", env.action_space.n)
    print("Предел длины эпизода:    ", env.spec.max_episode_steps)
    print("Среда считается решённой:", env.spec.reward_threshold)

    state, _ = env.reset(seed=0)
    next_state, reward, terminated, truncated, _ = env.step(1)  # толкаем вправо

    print(f"\n{'':20}{'до':>8}{'после':>8}")
    names = ("положение тележки", "скорость тележки", "угол стержня", "угловая скорость")
    for name, before, after in zip(names, state, next_state):
        print(f"{name:20}{before:8.3f}{after:8.3f}")
    print(f"\nнаграда {reward}, terminated={terminated}, truncated={truncated}")


look_at_cartpole()


# %% [markdown] nbgrader={"grade": false, "grade_id": "cartpole_ends_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Тележка поехала вправо, а стержень быстрее стал падать влево. Положение и угол почти не изменились: толчок сначала меняет скорости.
#
# ### Два разных конца эпизода
#
# Шаг среды возвращает два флага, и путать их нельзя.
#
# - `terminated` — эпизод **завершён** (terminated) самой задачей: стержень отклонился больше чем на 12° или тележка уехала дальше 2.4 от центра. Продолжения у этого состояния нет.
# - `truncated` — эпизод **оборван** (truncated) снаружи: вышло время. Стержень ещё стоит, и игра шла бы дальше.
#
# Сравните три эпизода. Последние два отличаются только пределом времени.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "cartpole_ends", "locked": true, "schema_version": 3, "solution": false, "task": false}
def play_one_episode(policy, max_steps):
    """Играет эпизод и возвращает его длину и оба флага последнего шага."""
    env = gym.make("CartPole-v1", max_episode_steps=max_steps)
    state, _ = env.reset(seed=0)
    steps, terminated, truncated = 0, False, False
    while not (terminated or truncated):
        state, _, terminated, truncated, _ = env.step(policy(state))
        steps += 1
    return steps, terminated, truncated


def compare_endings():
    def always_right(state):
        return 1

    def follow_the_pole(state):
        return int(state[2] > 0)  # толкаем туда, куда наклонён стержень

    print(f"{'как играем':24}{'предел':>8}{'шагов':>8}{'terminated':>12}{'truncated':>12}")
    for title, policy, max_steps in (
        ("всегда вправо", always_right, 500),
        ("вслед за стержнем", follow_the_pole, 500),
        ("вслед за стержнем", follow_the_pole, 20),
    ):
        steps, terminated, truncated = play_one_episode(policy, max_steps)
        print(f"{title:24}{max_steps:8}{steps:8}{terminated!s:>12}{truncated!s:>12}")


compare_endings()


# %% [markdown] nbgrader={"grade": false, "grade_id": "terminated_truncated", "locked": true, "schema_version": 3, "solution": false, "task": false}
# В третьем эпизоде на двадцатом шаге ничего не упало. Во втором из того же самого состояния агент продержался ещё двадцать один шаг. Значит, будущее у этого состояния есть, и ценность его не ноль.
#
# Запомните это до части 6. Там критик будет спрашивать «сколько награды ещё впереди?». Ответ «нисколько» верен только при `terminated`. Обрыв по времени ничего не говорит о состоянии. В нём виноват секундомер, которого агент не видит.

# %% [markdown] nbgrader={"grade": false, "grade_id": "theory_policy_gradient", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 2. Откуда взять Q?
#
# ### Градиент политики
#
# **Политика** (policy) $\pi_\theta(a \mid s)$ — вероятность выбрать действие $a$ в состоянии $s$. Её параметры $\theta$ — веса нейронной сети. Мы хотим увеличить ожидаемую сумму наград
#
# $$
# J(\theta) = \mathbb{E}_{\pi_\theta}\Big[\sum_{t \ge 0} \gamma^t r_t\Big],
# $$
#
# где $\gamma$ — коэффициент **дисконтирования** (discount factor): насколько будущая награда дешевле сегодняшней.
#
# Теорема о градиенте политики (policy gradient theorem; Sutton и др., 1999) говорит, куда сдвигать $\theta$:
#
# $$
# \nabla J(\theta) = \mathbb{E}_{\pi_\theta}\big[\, Q^{\pi}(s, a)\, \nabla_\theta \ln \pi_\theta(a \mid s) \,\big],
# \qquad
# Q^{\pi}(s, a) = \mathbb{E}_{\pi}\Big[\sum_{k \ge 0} \gamma^k r_{t+k} \,\Big|\, s_t = s,\ a_t = a\Big].
# $$
#
# Прочитайте формулу как рецепт. Вектор $\nabla \ln \pi(a \mid s)$ показывает, как сделать действие $a$ вероятнее. Число $Q^{\pi}(s, a)$, **ценность действия** (action value), говорит, насколько сильно этого хотеть. Пока ценности положительны, все действия тянут политику к себе, и побеждают те, что ценнее. (Если отрицательны, действия отталкивают, и слабее всех — лучшее.)
#
# *Мелкий шрифт.* Строго говоря, состояния в этом ожидании взвешены множителями $\gamma^t$. На практике их почти всегда опускают. Мы тоже.
#
# ### REINFORCE: подставить то, что получилось
#
# Настоящего $Q^{\pi}$ у нас нет. Самый простой выход — доиграть эпизод и взять сумму наград, которая вышла на самом деле:
#
# $$
# G_t = r_t + \gamma r_{t+1} + \gamma^2 r_{t+2} + \dots
# $$
#
# Это метод REINFORCE (Williams, 1992). Оценка **несмещённая** (unbiased): $\mathbb{E}[G_t \mid s_t, a_t] = Q^{\pi}(s_t, a_t)$. Но она **шумная**. В $G_t$ попадает случайность всех следующих действий. Хороший ход, после которого агенту не повезло, выглядит плохим. Чтобы шум усреднился, нужно много эпизодов.

# %% [markdown] nbgrader={"grade": false, "grade_id": "theory_actor_critic", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Критик: выучить Q
#
# Другой выход — завести вторую функцию $Q_w(s, a) \approx Q^{\pi}(s, a)$ и учить её по ходу дела. Это и есть критик.
#
# Критику не нужно ждать конца эпизода. Он подправляет свою оценку по одному шагу: награда уже известна, а будущее он оценивает сам.
#
# $$
# Q_w(s, a) \;\longleftarrow\; r + \gamma\, V_w(s'), \qquad V_w(s') = \sum_{a'} \pi_\theta(a' \mid s')\, Q_w(s', a').
# $$
#
# Такой приём называют **бутстрэпом** (bootstrap): оценка опирается на другую оценку. Разницу между правой и левой частью называют **TD-ошибкой** (temporal difference error).
#
# За это приходится платить. Пока критик неточен, градиент актора смещён. Зато шума в нём намного меньше. Смещение в обмен на шум — главная сделка всего семейства.
#
# ### Это семейство, а не один алгоритм
#
# Слова «Actor-Critic» не говорят, **как** учить актора и **как** учить критика. Они говорят только, что частей две и что вторая помогает первой. Конда и Цициклис (1999) разобрали целый класс таких алгоритмов. В их анализе критик учится быстрее актора: он должен успевать за политикой, которую оценивает.
#
# Что можно поставить в формулу на место $Q^{\pi}$:
#
# | Вес при $\nabla \ln \pi$ | Как называют |
# |:--|:--|
# | $G_t$ | REINFORCE |
# | $G_t - b(s_t)$ | REINFORCE с бейзлайном |
# | $Q_w(s_t, a_t)$ | Actor-Critic с критиком Q |
# | $Q_w(s_t, a_t) - b(s_t)$ | он же, с бейзлайном; **наш вариант** |
# | $r_t + \gamma V_w(s_{t+1}) - V_w(s_t)$ | Actor-Critic с критиком V |
#
# Хорошая карта всего семейства — обзор Лилиан Вен (ссылка в конце ноутбука). Держите её под рукой, когда встретите очередное сокращение из трёх букв.

# %% [markdown] nbgrader={"grade": false, "grade_id": "theory_baseline", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Бейзлайн и преимущество
#
# Представьте, что в состоянии $s$ ценности двух действий — 10 и 11. Обе велики, и обе тянут политику к себе почти одинаково сильно. Но важно-то одно: второе действие лучше на единицу.
#
# Вычтем из веса **бейзлайн** (baseline) $b(s)$ — любое число, которое не зависит от действия. В среднем градиент от этого не изменится:
#
# $$
# \mathbb{E}_{a \sim \pi}\big[\, b(s)\, \nabla \ln \pi(a \mid s) \,\big]
# = b(s) \sum_a \pi(a \mid s)\, \frac{\nabla \pi(a \mid s)}{\pi(a \mid s)}
# = b(s)\, \nabla \sum_a \pi(a \mid s)
# = b(s)\, \nabla 1 = 0.
# $$
#
# Среднее то же, а разброс другой. Естественный выбор — $b(s) = V(s) = \sum_a \pi(a \mid s)\, Q(s, a)$. Тогда вес
#
# $$
# A(s, a) = Q(s, a) - V(s)
# $$
#
# называется **функцией преимущества** (advantage): насколько действие лучше того, что политика делает в среднем.
#
# Проверим на нашем примере. Политика выбирает каждое из двух действий с вероятностью ½, $Q = (10,\ 11)$. Смотрим на градиент по логиту второго действия. Случайности в ячейке нет: она перебирает оба исхода.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "baseline_demo", "locked": true, "schema_version": 3, "solution": false, "task": false}
def compare_baselines():
    probs = np.array([0.5, 0.5])
    q_values = np.array([10.0, 11.0])
    # Производная ln π(a) по логиту второго действия: [a = второе] − π(второе).
    grad_log_prob = np.array([0.0, 1.0]) - probs[1]

    print(f"{'бейзлайн':>10}{'первое':>10}{'второе':>10}{'среднее':>10}{'разброс':>10}")
    for baseline in (0.0, 9.0, 10.5, 100.0):
        grads = (q_values - baseline) * grad_log_prob
        mean = (probs * grads).sum()
        spread = (probs * (grads - mean) ** 2).sum() ** 0.5
        print(f"{baseline:10.1f}{grads[0]:10.2f}{grads[1]:10.2f}{mean:10.2f}{spread:10.2f}")


compare_baselines()


# %% [markdown] nbgrader={"grade": false, "grade_id": "theory_baseline_reading", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Столбцы «первое» и «второе» — вклад, который даст выпавшее действие. Среднее во всех строках одно и то же, 0.25: второе действие надо делать чаще. А разброс разный.
#
# - Без бейзлайна полезный сигнал 0.25 тонет в шуме 5.25.
# - С бейзлайном $V(s) = 10.5$ шума нет вовсе: любое выпавшее действие подсказывает верно.
# - Бейзлайн 100 вреден. Смещения нет и тут, но шум огромный.
#
# **На практике** вычитают $V(s)$ или просто среднее весов по собранной **пачке** (batch). Второе — уже не совсем функция одного $s$, но смещение мало, а считать проще. В задании годится любой из этих способов.

# %% [markdown] nbgrader={"grade": false, "grade_id": "tools_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 3. Инструменты (1 балл)
#
# Четыре вещи, без которых дальше неудобно: тензоры, сжатие чисел, выбор действия по Q и выборка из памяти.
#
# ### 3.1. `to_tensor`, `symlog`, `symexp` (0.25 балла)
#
# **`to_tensor(x, dtype=np.float32)`**
#
# - Тензор возвращается как есть: тот же самый объект, тип его не меняется.
# - Всё остальное — число, список, кортеж, массив numpy, список массивов — становится тензором с элементами типа `dtype` (это тип numpy).
#
# Например, `to_tensor([1, 2])` — это `tensor([1., 2.])`, а `to_tensor([0, 1], dtype=np.int64)` — целые `tensor([0, 1])`.
#
# *Зачем.* Среда и буфер говорят на языке numpy, сеть — на языке torch.
#
# *Ловушка.* Дробные числа Python становятся в numpy `float64`, а веса сети — `float32`. Сложить их можно, умножить на матрицу весов нельзя: torch откажется.
#
# **`symlog(x)` и `symexp(x)`**
#
# $$
# \operatorname{symlog}(x) = \operatorname{sign}(x) \cdot \ln(\lvert x \rvert + 1),
# \qquad
# \operatorname{symexp}(\operatorname{symlog}(x)) = x .
# $$
#
# Обе принимают тензор любой формы и возвращают тензор той же формы. Формулу для `symexp` выведите сами: это обратная функция.
#
# | $x$ | −99 | −1 | 0 | 1 | 9 | 99 | 499 |
# |:--|--:|--:|--:|--:|--:|--:|--:|
# | $\operatorname{symlog}(x)$ | −4.605 | −0.693 | 0 | 0.693 | 2.303 | 4.605 | 6.215 |
#
# *Зачем.* Сумма наград за эпизод CartPole бывает и 9, и 500. Квадрат ошибки на таких числах огромен, и критик глушит актора (об этом часть 4). Есть два лекарства: умножить награды на малое число или сжать ценности через `symlog` (так делает, например, DreamerV3). Эти функции нужны для второго.
#
# *Ловушка.* У отрицательного числа нет логарифма, а `ln(x)` без единицы ломается в нуле. Проверьте себя на −99, 0 и 99.

# %% nbgrader={"grade": false, "grade_id": "tensor_utils", "locked": false, "schema_version": 3, "solution": true, "task": false}
def to_tensor(x, dtype=np.float32):
    """Переводит данные в тензор.

    x: тензор (возвращается он сам, без изменений) или число, список, кортеж, массив,
    список массивов (получается новый тензор).
    dtype: numpy-тип элементов нового тензора.
    """
    ####### Здесь ваш код ########
    if isinstance(x, torch.Tensor):
        return x
    return torch.as_tensor(np.asarray(x, dtype=dtype))
    ##############################


def symlog(x):
    """Сжимает числа, сохраняя знак: sign(x) * ln(|x| + 1). Форма тензора не меняется."""
    ####### Здесь ваш код ########
    return torch.sign(x) * torch.log1p(torch.abs(x))
    ##############################


def symexp(x):
    """Обратна к symlog: symexp(symlog(x)) == x. Форма тензора не меняется."""
    ####### Здесь ваш код ########
    return torch.sign(x) * torch.expm1(torch.abs(x))
    ##############################


# %% nbgrader={"grade": true, "grade_id": "test_tensor_utils", "locked": true, "points": 0.25, "schema_version": 3, "solution": false, "task": false}
from ac_helpers import check
check("test_tensor_utils")


# %% [markdown] nbgrader={"grade": false, "grade_id": "symexp_module_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# `symexp` пригодится и как слой сети. Слой дан. А под ним — график ваших функций.

# %% nbgrader={"grade": false, "grade_id": "symexp_module", "locked": true, "schema_version": 3, "solution": false, "task": false}
class SymExp(nn.Module):
    """symexp как слой: её можно поставить последней в nn.Sequential."""

    def forward(self, x):
        return symexp(x)


# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "symlog_plot", "locked": true, "schema_version": 3, "solution": false, "task": false}
def plot_symlog():
    fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.4), layout="constrained")

    x = torch.linspace(-100, 100, 401)
    left.plot(x, symlog(x), color="tab:blue", label="symlog(x)")
    left.plot(x, x, "--", color="tab:gray", label="x")
    left.set(title="symlog: большие числа сжаты", xlabel="x", ylim=(-8, 8))

    z = torch.linspace(-4, 4, 401)
    right.plot(z, symexp(z), color="tab:orange", label="symexp(x)")
    right.plot(z, z, "--", color="tab:gray", label="x")
    right.set(title="symexp: обратно в исходный масштаб", xlabel="x")

    for axis in (left, right):
        axis.axhline(0, color="black", linewidth=0.5)
        axis.axvline(0, color="black", linewidth=0.5)
        axis.grid(alpha=0.3)
        axis.legend()
    plt.show()


plot_symlog()


# %% [markdown] nbgrader={"grade": false, "grade_id": "symlog_plot_reading", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Около нуля обе кривые идут вдоль прямой $y = x$: маленькие числа почти не меняются. Вдали от нуля `symlog` растёт медленно: между 9 и 499 разница 490, а после сжатия меньше четырёх. Знак сохраняется.

# %% [markdown] nbgrader={"grade": false, "grade_id": "eps_greedy_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### 3.2. `select_action_eps_greedy(Q, state, epsilon)` (0.25 балла)
#
# С вероятностью $\varepsilon$ выбирает действие наугад, равновероятно среди **всех** действий, лучшего в том числе. Иначе выбирает действие с наибольшей ценностью. Это **ε-жадный** (ε-greedy) выбор.
#
# - `Q` — функция: получает тензор `float32`, возвращает тензор ценностей всех действий. Сколько действий, видно по длине ответа.
# - `state` — список, массив или тензор.
# - Вернуть нужно обычное целое число Python, `int`. Не тензор и не `np.int64`.
# - Откуда брать случайность (`random`, numpy, torch), решаете вы.
#
# *Пример.* Четыре действия, $Q = (1, 5, 2, 0)$, $\varepsilon = 0.2$. Лучшее действие, номер 1, выпадает с вероятностью $0.8 + 0.2 / 4 = 0.85$, каждое из остальных — с вероятностью $0.05$.
#
# *Зачем.* Наш актор сам случаен, и ε ему не нужен. А вот критик без актора умеет только называть ценности. Эта функция даёт поиграть одному критику: подставьте вместо `Q` метод `evaluate` модели (вернёмся к этому в части 8).
#
# *Ловушка.* Перепутать, в какую сторону сравнивать с $\varepsilon$. Проверьте крайние случаи: при $\varepsilon = 0$ выбор всегда лучший, при $\varepsilon = 1$ — всегда случайный.

# %% nbgrader={"grade": false, "grade_id": "eps_greedy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def select_action_eps_greedy(Q, state, epsilon):
    """Выбирает действие ε-жадно.

    Q: функция, которая по тензору float32 даёт ценности всех действий.
    state: список, массив или тензор.
    epsilon: вероятность выбрать действие наугад (среди всех действий).
    Возвращает номер действия, обычное целое число python.
    """
    ####### Здесь ваш код ########
    q_values = Q(to_tensor(state))
    if random.random() < epsilon:
        return random.randrange(q_values.shape[-1])
    return int(q_values.argmax())
    ##############################


# %% nbgrader={"grade": true, "grade_id": "test_eps_greedy", "locked": true, "points": 0.25, "schema_version": 3, "solution": false, "task": false}
from ac_helpers import check
check("test_eps_greedy")


# %% [markdown] nbgrader={"grade": false, "grade_id": "sample_batch_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### 3.3. `sample_batch(replay_buffer, n_samples)` (0.5 балла)
#
# **Буфер воспроизведения** (replay buffer) — память критика. Это `deque` из пятёрок
#
# $$
# (s,\ a,\ r,\ s',\ \text{terminated}).
# $$
#
# Четвёртое поле — следующее **состояние**, то, в которое привело действие. Пятое — только `terminated`, обрыв по времени сюда не входит.
#
# Функция выбирает `n_samples` переходов равновероятно и раскладывает их на пять массивов numpy в том же порядке: `states, actions, rewards, next_states, terminateds`.
#
# - Переход остаётся целым: строка $i$ во всех пяти массивах взята из одной и той же пятёрки.
# - С повторениями или без — как хотите. Больше переходов, чем лежит в буфере, просить не будем.
# - Буфер после вызова такой же, каким был.
#
# *Пример.* Два перехода CartPole дают массивы форм `(2, 4)`, `(2,)`, `(2,)`, `(2, 4)`, `(2,)`.
#
# *Зачем.* Соседние шаги эпизода похожи друг на друга. Случайная выборка из памяти разнообразнее и позволяет учиться на каждом переходе не один раз.
#
# *Ловушка.* Выбрать номера отдельно для каждого поля. Формы сойдутся, ошибки не будет, но награда окажется от чужого действия. Такой критик не выучит ничего и не скажет почему.

# %% nbgrader={"grade": false, "grade_id": "sample_batch", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sample_batch(replay_buffer, n_samples):
    """Выбирает n_samples переходов из буфера равновероятно.

    replay_buffer: deque из пятёрок (state, action, reward, next_state, terminated); не меняется.
    n_samples: сколько переходов взять, с повторениями или без.
    Возвращает пять массивов numpy: states, actions, rewards, next_states, terminateds.
    """
    ####### Здесь ваш код ########
    transitions = random.choices(replay_buffer, k=n_samples)
    states, actions, rewards, next_states, terminateds = map(np.array, zip(*transitions))
    return states, actions, rewards, next_states, terminateds
    ##############################


# %% nbgrader={"grade": true, "grade_id": "test_sample_batch", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
from ac_helpers import check
check("test_sample_batch")

# %% [markdown] nbgrader={"grade": false, "grade_id": "theory_on_off_policy", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 4. Одно тело, две головы
#
# ### Кому какие данные можно
#
# **Актор учится только на свежем опыте** (on-policy). В формуле градиента стоит ожидание по **текущей** политике: и действия, и состояния должны быть от неё. Шаги, сделанные месяц назад другой политикой, оценивают градиент чего-то другого. Поэтому собранный **роллаут** (rollout, несколько последних шагов) актор использует один раз и выбрасывает.
#
# **Критик может учиться и на старом опыте** (off-policy). Посмотрите на его цель: $r + \gamma \sum_{a'} \pi(a' \mid s')\, Q(s', a')$. Что случится после действия $a$ в состоянии $s$, решает среда, а не политика. Кто и когда выбрал $a$, не важно. А следующее действие мы не берём из памяти, а усредняем по **сегодняшней** политике. Такую цель называют Expected SARSA.
#
# Вот почему наш критик оценивает $Q(s, a)$, а не $V(s)$. В $V(s)$ действие скрыто: старый переход сделан старой политикой, и цель $r + \gamma V(s')$ оценивала бы её, а не нынешнюю.
#
# Критик мог бы учиться и только на текущем роллауте. Память лишь позволяет выжать из каждого шага больше.
#
# ### Общее тело
#
# Актору и критику нужно понимать одно и то же: куда падает стержень и как быстро. Поэтому естественно дать им общее **тело** (body) — слои, которые превращают состояние в признаки, — и две маленькие **головы** (heads) на нём.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "diagram", "locked": true, "schema_version": 3, "solution": false, "task": false}
from ac_helpers.plotting import draw_actor_critic

draw_actor_critic()


# %% [markdown] nbgrader={"grade": false, "grade_id": "theory_conflict", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Когда тело становится полем боя
#
# Шаги по обеим потерям двигают одни и те же веса тела. Пока актор и критик учатся вместе, на одних данных и в одном темпе, это помогает обоим. Но у нас темп и данные разные: актор видит горстку свежих шагов, критик — случайные переходы из памяти. Их градиенты начинают спорить.
#
# Спор обычно выигрывает критик, и вот почему. Ценности в CartPole велики: при $\gamma = 0.99$ вечная единица за шаг стоит $1 / (1 - 0.99) = 100$, при $\gamma = 0.995$ — уже 200. Ошибка в десять единиц даёт квадрат сто. Тело перестраивается под критика, и признаки, на которых держалась политика, уходят у неё из-под ног.
#
# Умножим все награды на число $c$. Ценности, а с ними и ошибки, тоже умножатся на $c$. Значит, потеря критика (квадрат ошибки) изменится в $c^2$ раз, а потеря актора (вес в первой степени) — в $c$ раз. При $c = 0.1$ критик становится тише в сто раз, актор только в десять. (Adam делит шаг на накопленную величину градиентов, но у общего тела она одна на двоих: большие градиенты критика укорачивают и шаги актора.) Лучшая политика при этом не меняется.
#
# Итак, вот что советуют практики.
#
# - **Масштаб.** Сырые награды уменьшают: умножают на $c < 1$ или сжимают ценности через `symlog` и `symexp`.
# - **Раннее ветвление.** Общим оставляют кодировщик наблюдений, а головы разводят рано. Чем больше у задач своего, тем меньше им делить. В больших экспериментах раздельные сети для актора и критика часто оказываются лучше (Andrychowicz и др., 2021), а в PPG обучение общих признаков разнесено по фазам (Cobbe и др., 2021).
# - **Чужое — не трогать.** Потеря актора не должна переучивать голову критика. Об этом — в `update_actor`.
#
# У CartPole наблюдение — всего четыре числа, поэтому мы делим всё тело: так конфликт виден лучше всего, а модель остаётся короткой.

# %% [markdown] nbgrader={"grade": false, "grade_id": "actor_batch_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 5. Модель (3 балла)
#
# Сначала — готовая ячейка. `ActorBatch` хранит то, что понадобится актору при обновлении: для каждого шага с прошлого обновления логарифм вероятности сделанного действия, его ценность по мнению критика, состояние и действие. Очищает его сам агент, после обновления.

# %% nbgrader={"grade": false, "grade_id": "actor_batch", "locked": true, "schema_version": 3, "solution": false, "task": false}
class ActorBatch:
    """Что собрал актор с прошлого обновления: по одной записи на каждый сделанный шаг."""

    def __init__(self):
        self.logprobs = []
        self.q_values = []
        self.states = []
        self.actions = []

    def __len__(self):
        return len(self.logprobs)

    def append(self, log_prob, q_value, state=None, action=None):
        self.logprobs.append(log_prob)
        self.q_values.append(q_value)
        self.states.append(state)
        self.actions.append(action)

    def clear(self):
        self.logprobs.clear()
        self.q_values.clear()
        self.states.clear()
        self.actions.clear()


# %% [markdown] nbgrader={"grade": false, "grade_id": "actor_critic_model_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### 5.1. `ActorCriticModel(input_dim, hidden_dims, output_dim)` (3 балла)
#
# Модуль `nn.Module` из трёх частей. Имена важны, по ним его найдёт проверка.
#
# | Имя | Что это | Выход |
# |:--|:--|:--|
# | `net` | общее тело: нелинейная сеть, ширины скрытых слоёв, по порядку от входа, — `hidden_dims` | признаки |
# | `actor_head` | голова актора на признаках `net` | логиты политики, `output_dim` чисел |
# | `critic_head` | голова критика на тех же признаках | $Q(s, a)$ всех действий, `output_dim` чисел |
#
# - В `hidden_dims` может быть один слой, два или пять. Подойдёт и `(128,)`, и `[64, 64, 32]`.
# - После каждого слоя тела нужна нелинейность, после последнего тоже: без неё любое число слоёв — один линейный слой. Какая именно, выбираете вы.
# - Голова критика линейная, без активации на выходе: ценность бывает любой.
# - **Логиты** (logits) — числа, из которых softmax делает вероятности. Можно поставить softmax или log-softmax и прямо в `actor_head`. Тогда выбор действия, логарифм вероятности и агент должны быть с этим согласованы. Проще оставить логиты.
#
# **`forward(state)`** возвращает три тензора `(action, log_prob, Q_s_a)`: действие, **выбранное случайно** из политики, логарифм **его** вероятности и **его** ценность.
#
# **`evaluate(state)`** возвращает ценности всех действий.
#
# | `state` | `action`, `log_prob`, `Q_s_a` | `evaluate(state)` |
# |:--|:--|:--|
# | пачка `[B, input_dim]` | каждое `[B]` | `[B, output_dim]` |
# | одно состояние `[input_dim]` | каждое — скаляр, форма `[]` | `[output_dim]` |
#
# *Пример.* Логиты $(0, \ln 3)$. Вероятности: $\left(\tfrac{1}{4}, \tfrac{3}{4}\right)$. Ценности: $(2, 5)$. Пусть выпало действие 1. Тогда `log_prob` $= \ln \tfrac{3}{4} \approx -0.288$, а `Q_s_a` $= 5$. Если выпадет действие 0 (так будет в четверти случаев), ответ другой: $\ln \tfrac{1}{4} \approx -1.386$ и $2$.
#
# *Зачем случайность.* Политика, которая всегда берёт самое вероятное действие, перестаёт исследовать. К тому же формула градиента верна только для действий, выбранных из $\pi$.
#
# *Ловушки.*
#
# - Ось. Действия лежат в последнем измерении, и softmax берётся по нему. В пачке первое измерение — это примеры.
# - `squeeze()` без номера оси: в пачке из одного состояния он съест и ось пачки, выйдет `[]` вместо `[1]`.
# - Два выбора вместо одного: действие из одной выборки, `log_prob` или `Q_s_a` — от другой.
#
# *На что смотрит проверка:* формы для пачки и для одного состояния, разные `hidden_dims`, нелинейность, общее тело, частоты выбранных действий, согласие `log_prob` и `Q_s_a` с действием, `evaluate`.

# %% nbgrader={"grade": false, "grade_id": "actor_critic_model", "locked": false, "schema_version": 3, "solution": true, "task": false}
class ActorCriticModel(nn.Module):
    """Общее тело net и две головы: actor_head (логиты политики) и critic_head (Q всех действий).

    input_dim: длина состояния; hidden_dims: ширины скрытых слоёв тела (не меньше одной);
    output_dim: число действий.
    """

    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        ####### Здесь ваш код ########
        layers, width = [], input_dim
        for hidden_dim in hidden_dims:
            layers += [nn.Linear(width, hidden_dim), nn.Tanh()]
            width = hidden_dim
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(width, output_dim)
        self.critic_head = nn.Linear(width, output_dim)
        ##############################

    def forward(self, state):
        """state: [B, input_dim] или [input_dim].

        Возвращает (action, log_prob, Q_s_a), каждое формы [B] или скаляр:
        действие, выбранное из политики, логарифм его вероятности и его ценность.
        """
        ####### Здесь ваш код ########
        features = self.net(state)
        log_probs = self.actor_head(features).log_softmax(-1)
        # Categorical удвоил бы цену forward, а актор зовёт его на каждом шаге
        action = torch.multinomial(log_probs.exp(), 1)
        log_prob = log_probs.gather(-1, action)
        Q_s_a = self.critic_head(features).gather(-1, action)
        return action.squeeze(-1), log_prob.squeeze(-1), Q_s_a.squeeze(-1)
        ##############################

    def evaluate(self, state):
        """Ценности Q всех действий: [B, output_dim] или [output_dim]."""
        ####### Здесь ваш код ########
        return self.critic_head(self.net(state))
        ##############################


# %% nbgrader={"grade": true, "grade_id": "test_actor_critic_model", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from ac_helpers import check
check("test_actor_critic_model")


# %% [markdown] nbgrader={"grade": false, "grade_id": "agent_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 6. Агент (6 баллов)
#
# Теперь соберём всё вместе. Один шаг жизни агента:
#
# 1. `act(state)` выбирает действие и запоминает шаг в `actor_batch`.
# 2. Среда отвечает, и переход уходит в память критика: `append_to_replay_buffer(...)`.
# 3. `update(...)` ждёт, пока соберётся роллаут. Тогда считаются потери: `update_actor()` — на роллауте, `update_critic(...)` — на пачках из памяти. Параметры сдвигаются, роллаут выбрасывается.
#
# Все методы живут в одной ячейке, под ней пять проверок. Пишите по одному методу и после каждого запускайте ячейку и его проверку. При оценивании методы судят по отдельности: недописанный не отнимает баллов у соседей. Только `test_agent_learns` нужны все сразу.
#
# ### 6.1. Память и `act` (1 балл)
#
# У агента пять полей. `gamma` и `actor_batch` уже созданы, допишите остальное.
#
# | Поле | Что это |
# |:--|:--|
# | `gamma` | коэффициент дисконтирования |
# | `actor_batch` | `ActorBatch`, роллаут актора |
# | `actor_critic` | `ActorCriticModel` нужных размеров |
# | `opt` | любой оптимизатор torch для **всех** параметров модели, с шагом `lr` |
# | `critic_rb` | `deque`, помнит последние `critic_rb_size` переходов, а старые забывает сам |
#
# **`act(state)`** получает состояние от среды, выбирает действие из политики и возвращает его как обычный `int`. По дороге записывает в `actor_batch` логарифм вероятности, ценность действия, состояние и действие.
#
# Ценность записывается **без градиента** (detached). Это число, вес в будущей формуле, а не то, что мы собираемся учить. Логарифм вероятности — наоборот: через него градиент пойдёт в актора. Если отрезать граф и у него, `update_actor` придётся посчитать вероятности заново по сохранённым состояниям. Так тоже можно.
#
# **`append_to_replay_buffer(s, a, r, next_s, terminated)`** кладёт в память пятёрку в этом порядке. Четвёртое поле — следующее состояние, пятое — `terminated`.
#
# *Ловушка.* Обучить не все параметры. Если оптимизатор получил только `net`, обе головы останутся случайными навсегда.

# %% [markdown] nbgrader={"grade": false, "grade_id": "td_loss_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### 6.2. Потеря критика: `compute_td_loss` (2 балла)
#
# Самое тонкое место ноутбука. Пришли пять массивов numpy от `sample_batch`, в каждом $B$ строк; `terminateds` — логические (логический тензор torch из единицы не вычтет: сначала переведите его в `float32`). Для каждой строки посчитайте **цель** (target)
#
# $$
# y = r + \gamma \,(1 - \text{terminated})\, V(s'),
# \qquad
# V(s') = \sum_{a'} \pi_\theta(a' \mid s')\, Q_w(s', a'),
# $$
#
# а потом потерю — скаляр
#
# $$
# L = \frac{1}{B} \sum \big(Q_w(s, a) - y\big)^2 \;+\; \lambda\, \frac{1}{B} \sum Q_w(s, a),
# \qquad \lambda = \text{regularizer}.
# $$
#
# Последняя строка метода дана. Она ждёт от вас две переменные: `td_loss` — первое слагаемое, скаляр, и `Q_s_a` — ценности сделанных действий, форма `[B]`.
#
# **Четыре правила.**
#
# 1. **$V(s')$ — среднее по текущей политике**, а не максимум. С максимумом критик оценивал бы не нашего актора, а жадного игрока, которого нет: получилось бы Q-обучение. Максимум к тому же завышает: из нескольких неточных оценок он выбирает самую удачливую. Брать одно случайное $a' \sim \pi$ тоже не нужно. В среднем это верно, но действий всего два, и точная сумма ничего не стоит, а шума в ней нет.
# 2. **Бутстрэп обрывает `terminated`**, а не `terminated or truncated`. Если время вышло, будущее у состояния есть (помните третий эпизод из части 1?). Поэтому в памяти лежит только `terminated`.
# 3. **Через цель градиент не идёт.** Цель — это «правильный ответ», число. Если пустить через неё градиент, критик станет двигать не только предсказание к ответу, но и ответ к предсказанию. Заодно в $V(s')$ стоит $\pi$, и потеря критика начнёт учить голову актора.
# 4. **Формы.** Все слагаемые — `[B]`. Вычесть `[B]` из `[B, 1]` можно, и torch не возразит, но получится таблица `[B, B]`, где каждое предсказание сравнивается с каждой целью.
#
# *Пример.* $\gamma = 0.9$, два перехода.
#
# | | $r$ | terminated | $Q(s, a)$ | $\pi(\cdot \mid s')$ | $Q(s', \cdot)$ | $V(s')$ | $y$ | $(Q - y)^2$ |
# |:--|--:|:--|--:|:--|:--|--:|--:|--:|
# | 1 | 1 | нет | 3 | (0.75, 0.25) | (2, 6) | 3 | 3.7 | 0.49 |
# | 2 | 1 | да | 2 | (0.5, 0.5) | (4, 8) | 6 | 1 | 1 |
#
# Среднее квадратов: $0.745$. Слагаемое с $\lambda = 0.1$: $0.1 \cdot (3 + 2)/2 = 0.25$. Итог: $0.995$. С максимумом первая цель была бы $1 + 0.9 \cdot 6 = 6.4$ вместо $3.7$.
#
# **Что делает `regularizer`.** Это пессимизм. Производная второго слагаемого по каждой ценности — одно и то же $\lambda / B$, и все ценности увиденных действий чуть-чуть тянет вниз. Это сдерживает завышенные оценки, которые бутстрэп любит разносить по соседям. Выделите полный квадрат:
#
# $$
# (Q - y)^2 + \lambda Q = \Big(Q - \big(y - \tfrac{\lambda}{2}\big)\Big)^2 + \text{const}.
# $$
#
# Выходит, что $\lambda = 0.1$ — то же самое, что платить $0.05$ за каждый шаг. Мелочь это или нет, зависит от масштаба наград. Подумайте, что будет, если награду за шаг уменьшить до 0.1.

# %% [markdown] nbgrader={"grade": false, "grade_id": "update_critic_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### 6.3. `update_critic(batch_size, n_updates=1)` (1 балл)
#
# Возвращает среднее `compute_td_loss` по `n_updates` пачкам. Каждая пачка — `batch_size` переходов из `critic_rb`, взятых через `sample_batch` заново.
#
# Пока в памяти **меньше** `batch_size` переходов, учиться не на чем. Тогда вернуть нужно ноль, для которого работает `backward()`: тензор из одного элемента, у которого `requires_grad` — `True`. Обычное число `0.0` или тензор без градиента не годятся, исключение — тем более. Ровно `batch_size` переходов — уже достаточно, сколько бы ни было `n_updates`: в разные пачки могут попасть одни и те же переходы.
#
# *Пример.* `batch_size=64`, `n_updates=4`, в памяти 1000 переходов: четыре пачки, четыре потери, ответ — их среднее. В памяти 63 перехода: ответ — ноль.
#
# *Тонкость.* Среднее по четырём пачкам — это **одна** потеря и один шаг оптимизатора, а не четыре. По сути это потеря на одной пачке, которая вчетверо больше: шума меньше, но сдвинется критик один раз. Четыре настоящих обновления — это четыре шага подряд, и цель перед каждым посчитана уже новыми весами. Метод только считает потерю. Сколько шагов по ней делать, решает тот, кто его вызвал.

# %% [markdown] nbgrader={"grade": false, "grade_id": "update_actor_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### 6.4. Потеря актора: `update_actor()` (1.5 балла)
#
# Оптимизатор умеет только уменьшать. Поэтому возьмём градиент политики с минусом и найдём скаляр, у которого он такой:
#
# $$
# L_{\text{actor}} = -\frac{1}{T} \sum_{t=1}^{T} w_t \,\ln \pi_\theta(a_t \mid s_t),
# \qquad
# \nabla L_{\text{actor}} \approx -\mathbb{E}\big[\, w\, \nabla \ln \pi_\theta(a \mid s) \,\big].
# $$
#
# Здесь $T$ — все шаги, накопленные в `actor_batch`, а $w_t$ — вес. Вы вольны в выборе:
#
# - $w = Q(s, a)$ или $Q(s, a)$ минус любой бейзлайн: среднее по пачке, $V(s) = \sum_a \pi(a \mid s)\, Q(s, a)$;
# - веса можно нормировать, а можно оставить как есть;
# - веса можно взять сохранённые в `act` или посчитать заново по состояниям и действиям из `actor_batch`;
# - можно усреднять, можно складывать; можно добавить небольшой бонус за энтропию (entropy bonus): с коэффициентом 0.01, не больше 0.1. С большим градиент показывает уже не туда.
#
# Нельзя одно: **пускать градиент в критика через вес.** Если в $w$ остался граф, потерю можно уменьшить нечестно: не сделать хорошие действия вероятнее, а переписать их ценности. Критик перестанет оценивать и начнёт поддакивать. По логарифму вероятности градиент идёт, по весу — нет.
#
# *Пример.* Два шага: $w = (2, -2)$, вероятности сделанных действий $(0.5,\ 0.25)$.
#
# $$
# L = -\tfrac{1}{2}\big(2 \ln 0.5 - 2 \ln 0.25\big) = -\tfrac{1}{2}\big({-1.386} + 2.773\big) \approx -0.693 .
# $$
#
# Само это число ничего не значит: оно бывает и отрицательным и не обязано убывать при обучении. Важен только его градиент. Он сделает первое действие вероятнее, а второе — менее вероятным.
#
# *Ловушки.* Потерянный минус: агент старательно учится проигрывать. Только последний шаг вместо всех. $\pi$ вместо $\ln \pi$. И деление на стандартное отклонение пачки, в которой все веса равны: получится `nan`.

# %% [markdown] nbgrader={"grade": false, "grade_id": "update_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### 6.5. `update` дан (0.5 балла за то, что агент учится)
#
# `update(rollout_size, critic_batch_size, critic_updates_per_actor)` не делает ничего, пока в `actor_batch` меньше `rollout_size` шагов. Потом считает обе потери, обновляет параметры и очищает `actor_batch`. Прочитайте его внимательно и посчитайте, сколько раз за вызов оптимизатор делает шаг.
#
# Порядок тоже не случаен. Логарифмы вероятностей могли быть записаны в `act` вместе с графом, а первый же шаг оптимизатора меняет веса, по которым этот граф построен. Поэтому сначала шаг делает актор, потом критик.
#
# Заметьте, чего он не делает: не ждёт конца эпизода. В этом и выигрыш перед REINFORCE. Будущее оценивает критик, поэтому учиться можно посреди эпизода.

# %% nbgrader={"grade": false, "grade_id": "actor_critic_agent", "locked": false, "schema_version": 3, "solution": true, "task": false}
class ActorCriticAgent:
    """Агент: действует, помнит переходы и считает потери актора и критика.

    state_dim, action_dim, hidden_dims: размеры сети; lr: скорость обучения;
    gamma: коэффициент дисконтирования; critic_rb_size: сколько последних переходов помнить.

    Поля: actor_critic (модель), opt (оптимизатор всех её параметров), critic_rb (память критика),
    actor_batch (шаги актора с прошлого обновления), gamma.
    """

    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        self.gamma = gamma
        self.actor_batch = ActorBatch()
        ####### Здесь ваш код ########
        self.actor_critic = ActorCriticModel(state_dim, hidden_dims, action_dim)
        # fused: весь шаг Adam одним вызовом; для маленькой сети это в четыре раза быстрее
        self.opt = torch.optim.Adam(self.actor_critic.parameters(), lr=lr, fused=True)
        self.critic_rb = deque(maxlen=critic_rb_size)
        ##############################

    def act(self, state):
        """Выбирает действие из политики и записывает шаг в actor_batch (Q без градиента).

        Возвращает номер действия, обычное целое число python.
        """
        ####### Здесь ваш код ########
        state = to_tensor(state)
        with torch.no_grad():  # update_actor посчитает ln pi(a|s) заново: сразу для всех шагов и с графом
            action, log_prob, Q_s_a = self.actor_critic(state)
        self.actor_batch.append(log_prob, Q_s_a, state, action)
        return action.item()
        ##############################

    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        """Кладёт переход (s, a, r, s', terminated) в буфер критика."""
        ####### Здесь ваш код ########
        self.critic_rb.append((s, a, r, next_s, terminated))
        ##############################

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        """Потеря критика на пачке переходов; всё приходит массивами numpy, terminateds логические.

        Возвращает скаляр: mean (Q(s,a) - target)^2 + regularizer * mean Q(s,a),
        target = r + gamma * (1 - terminated) * V(s'), V(s') = sum_a pi(a|s') Q(s',a).
        Через target градиент не идёт.

        Последней строке нужны: Q_s_a, ценности сделанных действий [B], и td_loss, скаляр.
        """
        ####### Здесь ваш код ########
        actions = to_tensor(actions, dtype=np.int64)
        Q_s_a = self.actor_critic.evaluate(to_tensor(states)).gather(-1, actions.unsqueeze(-1)).squeeze(-1)
        with torch.no_grad():
            features = self.actor_critic.net(to_tensor(next_states))
            next_probs = self.actor_critic.actor_head(features).softmax(-1)
            next_V = (next_probs * self.actor_critic.critic_head(features)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * next_V
        td_loss = ((Q_s_a - target) ** 2).mean()
        ##############################
        return td_loss + regularizer * Q_s_a.mean()

    def update_critic(self, batch_size, n_updates=1):
        """Средняя потеря compute_td_loss по n_updates пачкам из буфера, по batch_size переходов в каждой.

        Пока в буфере меньше batch_size переходов, это ноль, для которого работает backward().
        """
        ####### Здесь ваш код ########
        if len(self.critic_rb) < batch_size:
            return torch.zeros((), requires_grad=True)
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return torch.stack(losses).mean()
        ##############################

    def update_actor(self):
        """Потеря актора на всех шагах actor_batch: скаляр с градиентом -E[w * grad ln pi(a|s)].

        w: ценность Q или Q минус бейзлайн; через w градиент в критика не идёт.
        """
        ####### Здесь ваш код ########
        features = self.actor_critic.net(torch.stack(self.actor_batch.states))
        log_probs = self.actor_critic.actor_head(features).log_softmax(-1)
        actions = torch.stack(self.actor_batch.actions).unsqueeze(-1)
        with torch.no_grad():  # вес w = Q(s,a) - V(s) для актора просто число
            q_values = self.actor_critic.critic_head(features)
            V = (log_probs.exp() * q_values).sum(-1)
            advantages = q_values.gather(-1, actions).squeeze(-1) - V
        return -(advantages * log_probs.gather(-1, actions).squeeze(-1)).mean()
        ##############################

    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        """Дан готовым: когда собралось rollout_size шагов, делает шаг актора и несколько шагов критика.

        Возвращает потери (актора, критика) или None, если шагов пока мало.
        """
        if len(self.actor_batch.logprobs) < rollout_size:
            return None

        # Актор первым: его граф мог быть построен ещё в act, до любого изменения весов.
        actor_loss = self.update_actor()
        self.opt.zero_grad()
        actor_loss.backward()
        self.opt.step()

        # Каждая пачка переходов - отдельный шаг оптимизатора, а не слагаемое одного общего.
        for _ in range(critic_updates_per_actor):
            critic_loss = self.update_critic(critic_batch_size)
            self.opt.zero_grad()
            critic_loss.backward()
            self.opt.step()

        self.actor_batch.clear()
        return actor_loss.item(), critic_loss.item()


# %% [markdown] nbgrader={"grade": false, "grade_id": "test_agent_act_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Проверка `act` и памяти.** Смотрит на поля агента и на оптимизатор: все ли параметры ему достались и с тем ли шагом. Играет несколько шагов: `act` возвращает `int`, действия случайны и следуют политике, в `actor_batch` лежит по записи на шаг, Q без градиента. Кладёт в буфер больше переходов, чем он вмещает, и смотрит, что осталось и в каком порядке поля.

# %% nbgrader={"grade": true, "grade_id": "test_agent_act", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
from ac_helpers import check
check("test_agent_act")

# %% [markdown] nbgrader={"grade": false, "grade_id": "test_td_loss_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Проверка `compute_td_loss`.** Смотрит на потерю и на её градиент на переходах с известным ответом: награда, `gamma`, `terminated`, среднее по политике, ценность именно сделанного действия, слагаемое с `regularizer`. Через цель градиент идти не должен.

# %% nbgrader={"grade": true, "grade_id": "test_td_loss", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
from ac_helpers import check
check("test_td_loss")

# %% [markdown] nbgrader={"grade": false, "grade_id": "test_update_critic_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Проверка `update_critic`.** Сколько пачек взято и какого размера, усреднены ли потери, можно ли вызвать `backward()`. И что возвращается, когда переходов мало. Верны ли сами `compute_td_loss` и `sample_batch`, здесь не спрашивают.

# %% nbgrader={"grade": true, "grade_id": "test_update_critic", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
from ac_helpers import check
check("test_update_critic")

# %% [markdown] nbgrader={"grade": false, "grade_id": "test_update_actor_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Проверка `update_actor`.** Наполняет `actor_batch` через `act` и смотрит на направление градиента: растёт ли вероятность действий, которые критик ценит выше, все ли шаги учтены. Бейзлайн, нормировка и масштаб на ответ не влияют. Голова критика градиента получить не должна.

# %% nbgrader={"grade": true, "grade_id": "test_update_actor", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
from ac_helpers import check
check("test_update_actor")

# %% [markdown] nbgrader={"grade": false, "grade_id": "test_agent_learns_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Проверка `update` целиком.** Агент учится на крошечной задаче, где лучший ответ известен. Верному агенту хватает нескольких секунд, неверного проверяют до минуты. Обучение случайно, и проверка это учитывает: попыток много, с разной скоростью обучения, и удаваться должны не все. Если она не проходит, а четыре предыдущие проходят, посмотрите, не задели ли вы готовый код: `update` и последнюю строку `compute_td_loss`.

# %% nbgrader={"grade": true, "grade_id": "test_agent_learns", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
from ac_helpers import check
check("test_agent_learns")


# %% [markdown] nbgrader={"grade": false, "grade_id": "training_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 7. Обучение
#
# Цикл дан. Он делает ровно то, что вы уже знаете: `act`, шаг среды, `append_to_replay_buffer`, `update`. Время от времени останавливается и играет проверочные эпизоды. Прочитайте код: в нём нет ничего скрытого.
#
# | Параметр | Что делает | На что влияет |
# |:--|:--|:--|
# | `env_name` | какая среда | действия должны быть дискретными |
# | `hidden_dims` | ширины слоёв тела | слишком узкое не выучит, слишком широкое учится медленнее |
# | `lr` | шаг оптимизатора, общий для обеих голов | велик — политика срывается, мал — ждать долго |
# | `total_max_steps` | сколько шагов среды сделать самое большее | время работы |
# | `train_schedule` | через сколько шагов обновляться; это и есть длина роллаута | короткий — свежее, но шумнее; длинный — наоборот |
# | `gamma` | коэффициент дисконтирования | как далеко агент смотрит вперёд |
# | `replay_buffer_size` | сколько переходов помнит критик | маленький — похожие переходы, большой — много состояний, где агент уже не бывает |
# | `batch_size` | переходов в одной пачке критика | больше — меньше шума, дороже шаг |
# | `critic_updates_per_actor` | сколько пачек критика на одно обновление актора | критик должен успевать за актором |
# | `reward_scale` | на что умножить награду, прежде чем её увидит критик | велик — градиенты критика забивают актора в общем теле |
# | `eval_schedule` | через сколько шагов проверять агента | чаще — подробнее кривая, дольше ждать |
# | `eval_episodes` | сколько полных эпизодов играть при проверке | больше — точнее оценка, дольше ждать |
# | `smooth_ret_window` | по скольким последним проверочным эпизодам усреднять | больше — меньше везения в слове «решено» |
# | `success_ret` | какое среднее считать успехом | когда остановиться и напечатать `Решено!` |
# | `seed` | с чего начинаются случайные числа | другой `seed` — другая кривая; на удачу одного не полагайтесь |
# | `progress` | показывать ли полосу прогресса | ни на что |
#
# Награды здесь умножены на `reward_scale=0.1`. Это та самая поправка масштаба из части 4: без неё ценности были бы около ста, и критик перетянул бы общее тело на себя. В проверочных эпизодах отдача обычная, без множителя.
#
# Коэффициент $\gamma$ задаёт горизонт: примерно $1 / (1 - \gamma)$ шагов. При $0.99$ это 100 шагов, при $0.995$ — 200.

# %% [markdown] nbgrader={"grade": false, "grade_id": "solved_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Что значит «Решено!»
#
# Цикл печатает `Решено!`, когда среднее по последним `smooth_ret_window` проверочным эпизодам не меньше `success_ret`. Звучит просто, но в обычном коде это правило ошибается дважды.
#
# **Ошибка первая: окно не заполнено.** Один удачный эпизод в самом начале, среднее по одному числу — и победа. Наш цикл ждёт, пока эпизодов не наберётся `smooth_ret_window`, и усредняет последние.
#
# **Ошибка вторая: считается тот эпизод, который сейчас идёт.** В произвольный момент вы чаще застаёте длинный эпизод: он просто дольше длится. Пусть половина эпизодов длится 10 шагов, половина — 190. Среднее равно 100. Но момент времени попадает в длинный эпизод с вероятностью $190 / 200 = 0.95$, и средняя длина «текущего» эпизода — $0.05 \cdot 10 + 0.95 \cdot 190 = 181$. Это не выдумка: в одном из прогонов такое правило сообщило о 200, когда настоящее среднее двадцати эпизодов было 78. Наш цикл играет для проверки отдельные эпизоды, с начала и до конца.
#
# **И честная оговорка.** Среднее 200 по десяти эпизодам — учебная цель. Эпизод CartPole-v1 длится до 500 шагов, и решённой среду принято считать, когда среднее по **100** эпизодам подряд не меньше **475**. Доберитесь до этого в части 8.

# %% nbgrader={"grade": false, "grade_id": "run_actor_critic", "locked": true, "schema_version": 3, "solution": false, "task": false}
from ac_helpers.training import History, count_steps, evaluate_policy, sampled_actions, seed_everything


def run_actor_critic(
    env_name="CartPole-v1",
    hidden_dims=(64, 64),  # с одним слоем нужно вдвое больше шагов; слои пошире почти ничего не дают
    lr=1e-3,  # с 2e-3 быстрее, но с ReLU и весом Q политика порой срывается; с 5e-4 заметно медленнее
    gamma=0.99,  # горизонт около 100 шагов: критик успевает увидеть, что тележка едет к краю
    total_max_steps=50_000,
    train_schedule=32,  # шагов среды на одно обновление
    replay_buffer_size=1_000,  # только свежие: в старых состояниях нынешняя политика почти не бывает
    batch_size=64,
    critic_updates_per_actor=8,  # критик должен успевать за актором; с двумя учится заметно дольше
    reward_scale=0.1,  # иначе Q около 100, и градиенты критика забивают градиенты актора в общем теле
    eval_schedule=500,  # через сколько шагов среды проверять политику
    eval_episodes=10,  # сколько полных эпизодов играть при каждой проверке
    smooth_ret_window=10,  # по скольким последним эпизодам проверки считать среднее
    success_ret=200,
    seed=0,
    progress=True,  # показывать ли полосу прогресса
):
    """Учит, пока средняя отдача последних smooth_ret_window эпизодов проверки не достигнет success_ret.

    Возвращает History: отдачи полных эпизодов проверки, потери и обученного агента (history.agent).
    """
    torch.set_num_threads(1)  # сеть крошечная: второй поток только мешает
    seed_everything(seed)
    env = gym.make(env_name)
    agent = ActorCriticAgent(
        env.observation_space.shape[0], int(env.action_space.n), hidden_dims, lr, gamma, replay_buffer_size
    )
    history = History(agent)
    state, _ = env.reset(seed=seed)
    for step in count_steps(total_max_steps, progress):
        action = agent.act(state)
        next_state, reward, terminated, truncated, _ = env.step(action)
        # В буфер идёт terminated: обрыв по времени (truncated) не лишает состояние будущего.
        agent.append_to_replay_buffer(state, action, reward_scale * reward, next_state, terminated)
        state = env.reset()[0] if terminated or truncated else next_state
        history.add_losses(step, agent.update(train_schedule, batch_size, critic_updates_per_actor))

        if step % eval_schedule == 0:
            policy = sampled_actions(agent.actor_critic)
            history.add_returns(step, evaluate_policy(policy, env_name, eval_episodes, seed=seed + step))
            if history.mean_return(smooth_ret_window) >= success_ret:
                history.solved_at = step
                print("Решено!")
                break
    env.close()
    return history


# %% [markdown] nbgrader={"grade": false, "grade_id": "run_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Запускаем. Сеть маленькая, хватит обычного процессора. Следите, как растёт среднее.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "run", "locked": true, "schema_version": 3, "solution": false, "task": false}
history = run_actor_critic(seed=0)

# %% [markdown] nbgrader={"grade": false, "grade_id": "learning_curve_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Кривая обучения

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "learning_curve", "locked": true, "schema_version": 3, "solution": false, "task": false}
from ac_helpers.plotting import plot_learning_curve

plot_learning_curve(history)

# %% [markdown] nbgrader={"grade": false, "grade_id": "learning_curve_reading", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Как читать.** По горизонтали — шаги среды, по вертикали — сумма наград в проверочных эпизодах, то есть их длина.
#
# - Случайный игрок держится около двадцати шагов, с этим числом и надо сравнивать. Первая точка стоит уже после 500 шагов обучения и бывает выше: от 25 до 50.
# - Рост неровный, с провалами. Роллаут короткий, каждое обновление шумное, и удачная политика иногда портится: тело-то общее. Один провал — ещё не ошибка.
# - Кривая, которая прилипла к девяти-десяти, — плохой знак. Политика выродилась и всегда толкает в одну сторону. Вспомните «всегда вправо» из части 1: восемь шагов.
# - Выше 500 не поднимется никто: там срабатывает секундомер.

# %% [markdown] nbgrader={"grade": false, "grade_id": "policy_and_q_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Что думают актор и критик

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "policy_and_q", "locked": true, "schema_version": 3, "solution": false, "task": false}
from ac_helpers.plotting import plot_policy_and_q

plot_policy_and_q(history.agent)

# %% [markdown] nbgrader={"grade": false, "grade_id": "policy_and_q_reading", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Как читать.** Каждая точка — состояние. Две величины из четырёх меняются по осям, остальные равны нулю.
#
# - *Политика* (слева). Цвет — вероятность толкнуть вправо. Найдите границу, на которой актор колеблется между влево и вправо. Она наклонная: решает не один угол, а угол вместе с угловой скоростью. Если стержень наклонён вправо, но уже быстро возвращается, тележку вправо толкать не надо.
# - *Ценность* (в середине). Цвет — сколько награды критик ждёт впереди, в том масштабе, в котором учился. Сверху и снизу она меньше, чем в середине: стержень быстро падает или слишком быстро возвращается. По углу она может меняться на удивление мало: хороший агент далеко не отклоняется. Для актора важна не сама ценность, а разница между действиями.
# - *Что лучше* (справа). Цвет — насколько, по мнению критика, толкнуть вправо выгоднее, чем влево. Сверьте с левой картинкой: где критик за «вправо», актор должен выбирать «вправо» чаще, и чёрные линии должны почти совпасть. Если нет, кто-то из двоих отстал.
#
# И про *углы картинок*: агент там почти не бывал, и критик выдумывает. Не верьте цвету там, где нет опыта.

# %% [markdown] nbgrader={"grade": false, "grade_id": "watch_text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Посмотрим на агента
#
# Числа числами, но ради этого всё и затевалось.

# %% tags=["skip-grading"] nbgrader={"grade": false, "grade_id": "watch", "locked": true, "schema_version": 3, "solution": false, "task": false}
from ac_helpers.plotting import watch_episode

watch_episode(history.agent)

# %% [markdown] nbgrader={"grade": false, "grade_id": "watch_reading", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **На что смотреть.** Хороший агент дрожит: толкает то влево, то вправо, потому что не толкать нельзя. Следите за тележкой. Часто стержень стоит как надо, а тележку медленно уносит к краю, и эпизод кончается там. Так бывает, когда агент смотрит недалеко вперёд: до края ещё много шагов, и из-за дисконтирования такая далёкая беда плохо видна.

# %% [markdown] nbgrader={"grade": false, "grade_id": "experiments", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## 8. Что попробовать дальше
#
# Эта часть не оценивается. Она про то, чтобы понять, что здесь на самом деле работает.
#
# Меняйте что-нибудь одно и сравнивайте кривые на нескольких `seed`: по одному запуску не отличить пользу от везения. Ячейки с решениями не трогайте и не копируйте. Заведите новую внизу и унаследуйте своего агента под другим именем, например так:
#
# ```python
# class NoRegularizerAgent(ActorCriticAgent):
#     def compute_td_loss(self, *batch, regularizer=0.0):
#         return super().compute_td_loss(*batch, regularizer=regularizer)
# ```
#
# Потом скопируйте туда же `run_actor_critic`, дайте копии новое имя и создайте в ней своего агента.
#
# 1. **Максимум в цели.** Замените $V(s')$ на $\max_{a'} Q(s', a')$. Кого теперь оценивает критик? Выросли ли его ценности? Выше ли они того, что агент получает на деле?
# 2. **Без `regularizer`.** Станет лучше или хуже? Мы выяснили, что $\lambda = 0.1$ — это плата $0.05$ за шаг. Вечная единица за шаг при $\gamma = 0.99$ стоит 100. А сколько она стоит с этой платой? А если награда за шаг 0.1?
# 3. **Сырые награды.** Сравните награды 1 и 0.1 за шаг. Измерьте норму градиента в `net` отдельно от потери актора и от потери критика. Кто кого?
# 4. **Голова с `SymExp`.** Унаследуйте модель и поставьте `SymExp` последним слоем критика. Что теперь выучивает линейный слой? Что будет с градиентом, когда ценности велики? Другой путь — сравнивать с целью в сжатом масштабе: $\operatorname{symlog}(Q)$ и $\operatorname{symlog}(y)$. Совпадает ли среднее логарифмов с логарифмом среднего?
# 5. **Одно обновление критика или четыре.** Сравните `critic_updates_per_actor` 1 и 4. Потом сравните два способа потратить четыре пачки: четыре шага подряд, как в готовом `update`, и один шаг по среднему, `update_critic(batch_size, n_updates=4)`. Для второго напишите в наследнике свой `update`.
# 6. **Вес сохранённый или свежий.** Ценности, записанные в `act`, и ценности, посчитанные заново перед обновлением: есть ли разница при роллауте в 16 шагов? А в 512?
# 7. **Бонус за энтропию.** Вычтите из потери актора $\beta \cdot \mathbb{E}\big[{-\sum_a \pi \ln \pi}\big]$ с $\beta = 0.01$. Реже ли политика вырождается? Что будет при $\beta = 1$?
# 8. **Критик играет один.** Сыграйте эпизод так, чтобы действие выбирала `select_action_eps_greedy` с `history.agent.actor_critic.evaluate` и $\varepsilon = 0$. Лучше он актора или хуже? Почему?
# 9. **Оборванное — значит завершённое?** Складывайте в память `terminated or truncated`. Когда это станет заметно: в начале обучения или когда агент уже хорош?
# 10. **По-настоящему решено.** Запустите с `success_ret=475` и `smooth_ret_window=100`. Кривую рисует `plot_learning_curve(history, window=100, goal=475)`. Хватило ли тех же параметров? Во сколько раз больше шагов понадобилось, чем до 200? А без `reward_scale`?

# %% [markdown] nbgrader={"grade": false, "grade_id": "sources", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Источники
#
# - R. Sutton, A. Barto. *Reinforcement Learning: An Introduction*, 2-е изд., глава 13. [incompleteideas.net](http://incompleteideas.net/book/the-book-2nd.html)
# - R. Sutton, D. McAllester, S. Singh, Y. Mansour. *Policy Gradient Methods for Reinforcement Learning with Function Approximation*. NeurIPS, 1999. Теорема о градиенте политики.
# - R. Williams. *Simple Statistical Gradient-Following Algorithms for Connectionist Reinforcement Learning*. Machine Learning, 1992. REINFORCE.
# - V. Konda, J. Tsitsiklis. *Actor-Critic Algorithms*. NeurIPS, 1999.
# - L. Weng. *Policy Gradient Algorithms*. [lilianweng.github.io](https://lilianweng.github.io/posts/2018-04-08-policy-gradient/). Карта семейства.
# - H. van Seijen и др. *A Theoretical and Empirical Analysis of Expected Sarsa*. ADPRL, 2009. Среднее вместо случайного действия в цели.
# - F. Pardo и др. *Time Limits in Reinforcement Learning*. [arXiv:1712.00378](https://arxiv.org/abs/1712.00378). Почему обрыв — не конец.
# - D. Hafner и др. *Mastering Diverse Domains through World Models*. [arXiv:2301.04104](https://arxiv.org/abs/2301.04104). DreamerV3, `symlog` и `symexp`.
# - K. Cobbe и др. *Phasic Policy Gradient*. [arXiv:2009.04416](https://arxiv.org/abs/2009.04416). Что делить актору и критику.
# - M. Andrychowicz и др. *What Matters for On-Policy Deep Actor-Critic Methods?* ICLR, 2021. [arXiv:2006.05990](https://arxiv.org/abs/2006.05990) (первая версия).
# - Среда: [CartPole в документации Gymnasium](https://gymnasium.farama.org/environments/classic_control/cart_pole/). Порог 475 записан в самой среде: `gym.spec("CartPole-v1").reward_threshold`.

# %% [markdown] nbgrader={"grade": false, "grade_id": "before_submission", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Перед сдачей
#
# 1. Перезапустите ядро и выполните все ячейки сверху вниз. Чтобы не ждать обучения, часть 7 можно пропустить: баллов за неё нет. Если какое-то задание не сделано, ячейки, которым оно нужно, остановятся с ошибкой. Сдать это не мешает: выполняйте следующие по одной.
# 2. Посмотрите, что говорит каждая проверка.
# 3. Сохраните ноутбук и сдайте файл `.ipynb`, не меняя его имени. В Colab: «Файл» → «Скачать» → «Скачать .ipynb»; если Colab назвал его иначе («Копия …»), верните прежнее имя.
