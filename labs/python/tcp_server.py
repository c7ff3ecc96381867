"""A TCP echo server: python3 labs/python/tcp_server.py [HOST PORT [COUNT]]

It serves one client after the other.
"""

import signal
import sys
from socket import AF_INET, SOCK_STREAM, socket

arguments = sys.argv[1:]
host, port = arguments[:2] or ("127.0.0.1", 8888)
count = int(arguments[2]) if len(arguments) > 2 else None
sys.stdout.reconfigure(line_buffering=True)  # a pipe sees each line at once
signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it, without a traceback


# ANCHOR: serve
with socket(AF_INET, SOCK_STREAM) as server:
    server.bind((host, int(port)))
    server.listen()
    host, port = server.getsockname()
    print(f"listening on {host}:{port}")
    served = 0
    while served != count:
        stream, (host, port) = server.accept()
        print(f"{host}:{port} connected")
        total = 0
        with stream:
            while data := stream.recv(1024):
                stream.sendall(data)
                total += len(data)
        print(f"{host}:{port} sent {total} bytes, and ended")
        served += 1
# ANCHOR_END: serve
