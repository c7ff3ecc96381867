"""A UDP client: python3 labs/python/udp_client.py MESSAGE [HOST PORT]

Python 3.10 or later: before, the end of a wait was no TimeoutError.
"""

import os
import sys
from socket import AF_INET, SOCK_DGRAM, socket

message = os.fsencode(sys.argv[1])
host, port = sys.argv[2:4] or ("127.0.0.1", 8888)
sys.stdout.reconfigure(line_buffering=True)  # a pipe sees each line at once


# ANCHOR: ask
def show(data):
    return f"{len(data)} bytes {data}"


with socket(AF_INET, SOCK_DGRAM) as client:
    client.connect((host, int(port)))
    client.settimeout(1.0)
    for _ in range(3):
        client.send(message)
        print("sent", show(message))
        try:
            answer = client.recv(65_535)
        except TimeoutError:
            continue  # send it again
        except ConnectionError:
            sys.exit("nobody listens there")
        print("got", show(answer))
        break
    else:
        sys.exit("no answer came")
# ANCHOR_END: ask
