"""A rude TCP client: python3 labs/python/tcp_reset.py [HOST PORT]"""

import struct
import sys
from socket import AF_INET, SO_LINGER, SOCK_STREAM, SOL_SOCKET, socket

host, port = sys.argv[1:3] or ("127.0.0.1", 8888)

# ANCHOR: reset
with socket(AF_INET, SOCK_STREAM) as client:
    client.connect((host, int(port)))
    client.sendall(b"abc")
    client.recv(3)  # the echo: the server has read all of it
    client.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
# ANCHOR_END: reset
