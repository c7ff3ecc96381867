"""A UDP echo server: python3 labs/python/udp_server.py [HOST PORT [COUNT]]"""

import signal
import sys
from socket import AF_INET, SOCK_DGRAM, socket

arguments = sys.argv[1:]
host, port = arguments[:2] or ("127.0.0.1", 8888)
count = int(arguments[2]) if len(arguments) > 2 else None
sys.stdout.reconfigure(line_buffering=True)  # a pipe sees each line at once
signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it, without a traceback


# ANCHOR: serve
def show(data):
    return f"{len(data)} bytes {data}"


with socket(AF_INET, SOCK_DGRAM) as server:
    server.bind((host, int(port)))
    host, port = server.getsockname()
    print(f"listening on {host}:{port}")
    served = 0
    while served != count:
        try:
            data, peer = server.recvfrom(65_535)
        except ConnectionResetError:
            continue  # Windows: see section 3.5
        host, port = peer
        print(f"{host}:{port} sent", show(data))
        server.sendto(data, peer)
        served += 1
# ANCHOR_END: serve
