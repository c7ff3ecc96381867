"""A TCP client: python3 labs/python/tcp_client.py MESSAGE [HOST PORT]"""

import os
import sys
from socket import AF_INET, SHUT_WR, SOCK_STREAM, socket

message = os.fsencode(sys.argv[1]) + b"\n"
host, port = sys.argv[2:4] or ("127.0.0.1", 8888)


# ANCHOR: exchange
def note(line):
    print(line, file=sys.stderr)


with socket(AF_INET, SOCK_STREAM) as client:
    client.settimeout(3.0)
    try:
        client.connect((host, int(port)))
    except ConnectionRefusedError:
        sys.exit("nobody listens there")
    note("connected to {}:{} from {}:{}".format(*client.getpeername(), *client.getsockname()))
    client.sendall(message)
    client.shutdown(SHUT_WR)
    total = 0
    while data := client.recv(1024):
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        total += len(data)
    note(f"sent {len(message)} bytes, received {total} bytes; both directions have ended")
# ANCHOR_END: exchange
