# What the grader says of answers to the exercises of chapter 5.

## Exercise 5.1

called-half = your function is called (a message of { $len ->
    [one] 1 byte
   *[other] { $len } bytes
})
half-note-thinks = the server takes { $time } ms to think
half-note-later = the server reads nothing of the message yet, and begins its answer after a while
half-note-waits = the server reads nothing of the message until this is read
expecting-half-message = the server waits for the message and its end
expecting-half-answer = the server has not ended its answer yet
expecting-half-return = the server has ended its stream, and the function should return the answer
expecting-half-error = the connection was reset, and the function should return the error
half-changed = What your answer sent is not the message.
half-returned-first = Your answer returned, and the server has not seen the end of the message.
half-short = Your answer's stream ended after { $got } of the message's { $len } bytes.
half-read-first = Your answer waits for the server, and the server waits for the message: { $got } of its { $len } bytes have come.
half-no-end = The server has received the whole message, and waits for its end: your answer has not said that no more will come.
half-clone = The server has received the whole message, and waits for its end. Your answer had two handles of the connection while it was sending; dropping one of them says nothing to the server.
half-waits-for-answer = The server has received the whole message, and waits for its end: your answer says it only after it has read something.
half-write-first = Your answer waits in a write and does not read meanwhile. The server sends { $sent } bytes in this time: they do not fit on the way.
half-unsent = Your answer returned before the message was sent: the server had read none of it, and { $len } bytes do not fit on the way.
half-impatient = Your answer gave up ({ $kind }) while the server was thinking. The connection was fine.
half-gave-up = Your answer returned while the server was silent. That is no end: the server may answer at any time.
half-failed = Your answer returned an error ({ $kind }) although the connection is fine: the server has not ended its answer yet.
half-left = Your answer returned before the server had answered: it takes the end of its own direction for the end of the connection.
half-read-once = Your answer returned { $got }, after one read; the server has not ended its answer yet.
half-stopped = Your answer returned { $got }; the server had sent { $sent }, and has not ended its answer yet.
half-lost-start = Your answer returned { $got }; the server's answer has { $want }. What came before the message's end is missing.
half-cut = Your answer returned { $got }; the server's answer has { $want }. The end of it is missing.
half-nothing = Your answer returned nothing; the server's answer has { $want }.
half-padded = Your answer returned { $got }; the server's answer has { $want }. What follows them was never received.
half-wrong = Your answer returned { $got }, and they are not the { $want } of the server's answer.
half-end-failed = Your answer returned an error ({ $kind }) when the server had ended its stream.
half-end-again = Your answer reads again and again after the server has ended its stream.
half-reset-is-end = The server reset the connection in the middle of its answer, and your answer returned Ok.
half-unsent-is-fine = The server reset the connection before it had the whole message, and your answer returned Ok.

## Exercise 5.2

called-state = your function is called with ({ $state }, { $event })
story-client = a client opens a connection, and closes it first
story-server = a server waits for a client, which closes first
story-three = we close first; the peer's FIN acknowledges ours
story-both-close = both ends close before the other's FIN arrives
story-both-open = both ends connect to each other at the same time
story-leak = the peer closes, and our program does nothing
story-refused = nobody listens at the peer
story-listener = a client gives up, and another one comes
story-reset = we have closed, and the peer breaks off
state-goes = Your answer goes from { $state } to { $got } at { $event }. { $why }
state-stays = Your answer stays in { $state } at { $event }. { $why }
why-listens = A passive open waits for a SYN of whoever comes.
why-sends-syn = An active open sends a SYN.
why-turns-active = Who listens and then connects, or sends data, opens actively from there on: a SYN is sent (RFC 9293 §3.10.1, §3.10.2).
why-nothing-to-end = No connection is there yet, so no FIN is sent: the end is forgotten at once.
why-answers-syn = The SYN is answered with a SYN of our own and an ACK, and that SYN is not acknowledged yet. The connection was opened passively.
why-syns-cross = The two SYNs crossed. Ours is not acknowledged yet; the peer's is answered with SYN and ACK. The connection was opened actively.
why-open = Our SYN is acknowledged, and the peer's is here.
why-no-syn-yet = Our SYN is acknowledged, but no SYN of the peer has come: a segment without SYN is dropped here.
why-syn-acknowledged = The peer's SYN came before, and now ours is acknowledged.
why-sends-fin = A FIN is sent. Its ACK and the peer's FIN are still to come.
why-opens-and-ends = The FIN's segment acknowledges our SYN, which opens the connection, and then the FIN counts: the peer has ended its side (RFC 9293 §3.10.7.4).
why-listens-again = The end was opened passively: what a RST ends is this one client's attempt, and the next client may come (RFC 9293, figure 5, note 1).
why-refused = We opened actively: the peer refuses the connection.
why-we-may-send = A FIN ends the peer's direction only. Our program may go on sending, until it closes.
why-sends-last-fin = A FIN is sent. The peer's came before, so the only thing to come is the ACK of ours.
why-peer-may-send = Our FIN ends our direction only. The peer may go on sending, until its own FIN comes.
why-fins-cross = The two FINs crossed: the peer's is here, the ACK of ours is still to come.
why-both-in-one = The peer's FIN is here, and so is the ACK of ours: nothing more has to come, and the wait for 2 MSL begins (RFC 9293, figure 5, note 2).
why-first-waits = The end whose FIN went first waits for 2 MSL: the ACK that it has just sent may be lost.
why-both-wait = After a simultaneous close both ends wait for 2 MSL: each has sent an ACK that may be lost.
why-second-does-not-wait = The end whose FIN went second knows that all has arrived as soon as its FIN is acknowledged; it does not wait for 2 MSL.
why-ack-first-closing = The ACK counts before the FIN (RFC 9293 §3.10.7.4), and it is the one that CLOSING waits for. The FIN has come before.
why-ack-first-last = The ACK counts before the FIN (RFC 9293 §3.10.7.4): our FIN, which went second, is acknowledged. The peer's FIN has come before.
why-wait-is-over = The wait is over, and nothing of the connection is left.
why-no-connection-to-reset = No connection is there that a RST could end.
why-reset-ends-wait = A RST ends this wait too (RFC 9293 §3.10.7.4).
why-reset = A RST ends the connection at once.
why-no-connection = No connection is there: the call is an error.
why-open-already = The connection is there already: the call is an error.
why-data = Data is queued or sent; no state has to do with it.
why-closed-already = Our program has closed already: the call is an error.
why-answers-rst = No connection is there: the segment is answered with a RST.
why-listener-sent-nothing = A listener has sent nothing that could be acknowledged: the segment is answered with a RST.
why-fin-before-syn = Without the peer's SYN nobody can tell whether a FIN's number is right: it is dropped.
why-syn-again = The peer's SYN has come before; it is sent again because an answer to it was lost, and is answered with an ACK.
why-ack-is-old = What it acknowledges has been acknowledged before.
why-fin-again = The peer's FIN has come before; it is acknowledged again.
why-ack-not-of-fin = It acknowledges our SYN, and not our FIN.
why-no-fin-sent = Our FIN has not been sent: an ACK of it cannot be right, and its segment changes nothing (RFC 9293 §3.10.7).
why-no-timer = Our program has not closed. No timer ends this state, however long it takes.
why-timer-elsewhere = The wait for 2 MSL is TIME-WAIT's. RFC 9293 knows no such timeout in another state.

## Exercise 5.3

called-numbers = your function is called: the client begins with { $client }, the server with { $server }, { $count } segments
numbers-value = the numbers of { $got ->
    [one] 1 segment
   *[other] { $got } segments
}
numbers-are = the segments and their numbers:
numbers-line = { $who }  { $segment } { $right }
numbers-line-wrong = { $who }  { $segment } { $right }   your answer: { $yours }
numbers-empty = no data
numbers-count = Your answer returned the numbers of { $got ->
    [one] 1 segment
   *[other] { $got } segments
}; there are { $want }.
numbers-wrong = Segment { $number }, from the { $from } ({ $segment }), has { $want }; your answer gives it { $got }.
numbers-from-zero = { numbers-wrong } It begins at 0; each side begins at its own initial number.
numbers-syn-fin = { numbers-wrong } It counts neither the SYN nor the FIN.
numbers-syn = { numbers-wrong } It does not count the SYN.
numbers-fin = { numbers-wrong } It does not count the FIN.
numbers-segments = { numbers-wrong } It counts segments in place of bytes.
numbers-last = { numbers-wrong } It acknowledges with the last number that has arrived, not with the next one.
numbers-last-segment = { numbers-wrong } It acknowledges with the number of the last segment that has arrived: that is where this segment begins, not where it ends.
numbers-own = { numbers-wrong } It acknowledges what the segment's own sender has sent.
numbers-shared = { numbers-wrong } It takes the numbers of both directions from one counter.
numbers-previous = { numbers-wrong } It acknowledges the segment before it, also where that one has the same sender.
numbers-stay = { numbers-wrong } It stops at 4294967295.
numbers-one-early = { numbers-wrong } It counts modulo 4294967295; the numbers are 0 to 4294967295, one more than that.
numbers-empty-counts = { numbers-wrong } It gives a number of its own to a segment that carries nothing.
numbers-instead = { numbers-wrong } It counts a SYN or FIN only where the segment carries no data; both take their numbers.
numbers-first = { numbers-wrong } Nothing has arrived at its sender: it has no ACK flag, and `ack` is None.
numbers-swapped = { numbers-wrong } It takes the server's initial number for the client, and the client's for the server.
numbers-relative = { numbers-wrong } Its acknowledgement numbers do not count from the initial number.
numbers-next-isn = { numbers-wrong } It begins one too high: the SYN itself has the initial number.
numbers-anew = { numbers-wrong } It goes on with 0, however far the sum is past 4294967295; what is over has to be kept.
numbers-not-with = { numbers-wrong } It does not count the data that comes with a SYN or a FIN.
numbers-panicked = Your answer panicked{ $line ->
    [0] { "" }
   *[other] { " in line " }{ $line }
} where a number goes past 4294967295: { $message }

## Exercise 5.4

called-restart = your function is called with { $address } and a backlog of { $backlog }
restart-value = Ok(a listener at { $local })
restart-earlier = a server at { $address } closes its connections first, and ends: they are in TIME-WAIT
restart-occupied = another program listens at { $address }
restart-occupied-shared = another program listens at { $address }; it has set SO_REUSEADDR and SO_REUSEPORT
restart-clients = { $count ->
    [one] 1 client tries
   *[other] { $count } clients try
} to connect, and nobody accepts: { $connected ->
    [one] 1 is connected
   *[other] { $connected } are connected
}
restart-more-clients = { $count } more clients try to connect, and not all of them have to wait
restart-accept = its listener accepts { $count ->
    [one] 1 client
   *[other] { $count } clients
}
restart-client = a client connects
restart-drop = its listener is dropped
expecting-client = no client has come yet
restart-refused = Your answer could not listen at { $address } ({ $kind }): connections of the earlier server are in TIME-WAIT there, and SO_REUSEADDR was not set at bind, or no longer at listen.
restart-late = Your answer could not have { $address } ({ $kind }), although it sets SO_REUSEADDR: the option was not set yet when bind looked at it.
restart-by-port = Your answer could not have { $address } ({ $kind }), although it sets SO_REUSEPORT: that option does not let a listener past connections in TIME-WAIT that have not set it.
restart-panicked = Your answer panicked in line { $line }: it could not listen at an address where connections of the earlier server are in TIME-WAIT ({ $message }).
restart-waits = Your answer waits until the connections that are in TIME-WAIT are gone: on Linux that takes a minute, and meanwhile nobody is served.
restart-failed = Your answer returned an error ({ $kind }) for { $address }, where a listener could be opened.
restart-not-ipv6 = Your answer returned an error ({ $kind }) for { $address }, an IPv6 address of this machine.
restart-wrong-error = Your answer returned { $kind }, where another program listens; the contract asks for AddrInUse.
restart-shared = Your answer listens at { $address } beside another program: SO_REUSEPORT lets both of them do so, and clients reach the one or the other.
restart-beside = Your answer listens at { $address }, where another program listens.
restart-another = Your answer listens at { $local }, because another program listens at { $address }: the clients do not look for it there.
restart-everywhere = Your answer was asked to listen at { $address }; it listens at { $local }, and takes connections from every network.
restart-elsewhere = Your answer was asked to listen at { $address }; it listens at { $local }.
restart-deaf = Your answer's listener does not listen: a client that connects to { $address } is refused.
restart-short = { $connected ->
    [one] 1 client is
   *[other] { $connected } clients are
} connected, and the next one has to wait. With the backlog { $backlog } this system has room for { $room }.
restart-long = { $room } clients are connected and wait to be accepted, and one more is connected nevertheless. With the backlog { $backlog } this system has room for { $room }.
restart-impatient = Your answer's listener does not wait for a client: accept returned { $kind } at once. The contract asks for a blocking one, as std's are.
restart-not-listening = Your answer's socket has its address, but does not listen: accept returned { $kind }.
restart-stays = The listener that your answer returned is dropped, and { $address } is still listened to: your answer has kept another handle of it.
restart-unaccepted = Your answer's listener could not accept the clients that wait: { $kind }.

## Exercise 5.5

called-close = your function is called (an answer of { $len ->
    [one] 1 byte
   *[other] { $len } bytes
}, patience { $patience } ms)
called-close-short = your function is called (an answer of { $len ->
    [one] 1 byte
   *[other] { $len } bytes
}, a short patience)
close-note-reads-late = the client reads nothing for longer than that
close-note-reads = the client begins to read
close-note-trickle = the client sends a byte every 10 ms, and does not end
close-note-one-byte = the client sends one byte before the patience is over, and then nothing
close-note-still-taken = the client sends something, and it is still taken
expecting-close-answer = the client waits for the answer
expecting-close-limit = the client never ends, and the function should return TimedOut
expecting-close-return = the client has ended its side, and the function should return
expecting-close-error = the client reset the connection, and the function should return the error
close-lost = The client received { $got } of the answer's { $len } bytes, and a reset: when your answer gave up its socket, the client's bytes lay there unread, or came after that.
close-reset = The client received the whole answer, and a reset in place of its end.
close-short = The client received { $got } of the answer's { $len } bytes, and their end.
close-changed = What the client received is not the answer.
close-returned-early = Your answer returned before the client had ended its side. This client had the whole answer; a slower one loses the rest when its next bytes meet a closed socket.
close-read-first = Your answer waits for the client before it answers, and the client waits for the answer before it ends.
close-stopped = The client has received { $got } of the answer's { $len } bytes, and no more come.
close-no-end = The client has received the whole answer, and waits for its end; your answer waits for the client's.
close-clone = The client has received the whole answer, and waits for its end. Your answer had two handles of the connection while it was sending; dropping one of them says nothing to the client.
close-failed = Your answer returned an error ({ $kind }) although nothing is wrong with the connection.
close-hurried = Your answer gave up ({ $kind }) because the client took its time to read the answer. The patience is for what comes after the answer.
close-trickled = Your answer does not return: the patience begins anew with every byte that the client sends.
close-begins-anew = Your answer waited longer than its patience: that began anew when the client sent one byte.
close-stays = Your answer returned TimedOut, and the connection is not over: a handle of it is left, so the kernel still takes what the client sends.
close-clone-stays = Your answer returned TimedOut, and the connection is not over: it had two handles of it and has dropped one of them, so the kernel still takes what the client sends.
close-impatient = Your answer gave up { $time } ms after its answer; the patience is { $patience } ms.
close-late = Your answer gave up { $time } ms after its answer; the patience is { $patience } ms.
close-would-block = Your answer returned { $kind } when its patience was over; the contract asks for TimedOut.
close-wrong-error = Your answer returned { $kind } when its patience was over; the contract asks for TimedOut.
close-nobody-ended = Your answer returned Ok, and the client has not ended its side; the contract asks for TimedOut.
close-no-limit = Your answer waits for a client that never ends. The patience of { $patience } ms is over.
close-reset-is-end = The client reset the connection, and your answer returned Ok; the contract asks for the error.
close-reset-is-late = The client reset the connection, and your answer returned { $kind }; the contract asks for the stream's error.
close-end-failed = Your answer returned an error ({ $kind }) when the client had ended its side; the contract asks for Ok.
close-end-again = Your answer reads again and again after the client has ended its side.
close-end-late = Your answer returned { $time } ms after the client had ended its side, and no sooner with any client before; the contract asks for at once.
close-end-unseen = The client has ended its side, and your answer does not return.
