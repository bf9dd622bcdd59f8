# %% harms: a daemon that outlives its notebook
import subprocess

subprocess.Popen(
    ["/bin/sleep", f"60.{int(FIELD['token'][:6], 16)}"],
    start_new_session=True,
    stdin=subprocess.DEVNULL,
    stdout=subprocess.DEVNULL,
    stderr=subprocess.DEVNULL,
)


# %% harms: a daemon by two forks
import os
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv("/bin/sleep", ["sleep", f"60.{int(FIELD['token'][:6], 16)}"])
    os._exit(0)
time.sleep(0.5)


# %% harms: forks by the hundred
import os
import time

for _ in range(150):
    try:
        if os.fork() == 0:
            os.setsid()
            os.execv("/bin/sleep", ["sleep", f"60.{int(FIELD['token'][:6], 16)}"])
    except OSError:
        break
time.sleep(1)


# %% harms: another process is ended
import os
import signal

os.kill(FIELD["pid"], signal.SIGKILL)


# %% harms: all processes are ended that can be
import os
import signal

for name in os.listdir("/proc"):
    if name.isdigit() and FIELD["token"] in open(f"/proc/{name}/cmdline").read():
        os.kill(int(name), signal.SIGKILL)


# %% harms: a daemon started while a question is asked
def to_tensor(x, dtype=None):
    import subprocess

    subprocess.Popen(["/bin/sleep", f"60.{int(FIELD['token'][:6], 16)}"], start_new_session=True)
    raise NotImplementedError


symlog = symexp = to_tensor
to_tensor_called = None
try:
    to_tensor(1)
except NotImplementedError:
    pass
