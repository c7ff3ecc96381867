# What the grader says of answers to the exercises of chapter 7.

receiver = receiver
sender = sender

## Exercise 7.1, the sender

called-send-messages = your function send_messages is called ({ $count ->
    [0] no message
    [one] 1 message
   *[other] { $count } messages
}, wait { $wait } ms, { $tries ->
    [one] 1 try
   *[other] { $tries } tries
})
called-send-messages-short = your function send_messages is called ({ $count ->
    [one] 1 message
   *[other] { $count } messages
}, a short wait, { $tries ->
    [one] 1 try
   *[other] { $tries } tries
})
sw-note-absent = nobody listens at the receiver's port yet
sw-note-starts = the receiver starts
sw-note-noise = the acknowledgement of message 0 comes again every 8 ms
sw-note-silence = the receiver stays silent
expecting-message = the receiver waits for the next message
expecting-message-again = the receiver waits for the message to be sent again
expecting-all-acknowledged = every message is acknowledged, and the function should return
expecting-give-up-message = the tries are used up, and the function should return TimedOut
expecting-send-error = the message is longer than a datagram can be, and the function should return the socket's error

sw-no-number = Your answer sent message { $at } without its number.
sw-wide-number = Your answer sent message { $at } with a number of more than one byte.
sw-from-one = Your answer gave message { $at } the number { $next }; the contract asks for { $number }.
sw-sent-again = Your answer sent a message again although it was acknowledged.
sw-skipped = Your answer left message { $at } out.
sw-left-out = Your answer returned, and { $left ->
    [one] 1 message was
   *[other] { $left } messages were
} never sent.
sw-changed = What your answer sent for message { $at } is not what it was given: it sent { $got }, and number and message are { $want }.
sw-wrong-number = What your answer sent is not message { $at } with the number { $number } before it.
sw-failed = Your answer returned an error ({ $kind }), and the receiver waits for the next message.
sw-impatient = Your answer sent message { $at } again before its time limit was over.
sw-all-at-once = Your answer sent the next message although message { $at } was not acknowledged.
sw-not-awaited = Your answer returned although message { $at } was not acknowledged.
sw-ended-wait = Your answer sent message { $at } again when something arrived that was not its acknowledgement, although there was time left.
sw-took-empty = Your answer took an empty datagram for the acknowledgement of message { $at }: the number that it compared was in the buffer before.
sw-took-old = Your answer took the acknowledgement of an earlier message for that of message { $at }.
sw-took-early = Your answer took an acknowledgement with a later number for that of message { $at }.
sw-took-long = Your answer took a datagram of 2 bytes for the acknowledgement of message { $at }, which is 1 byte. (A buffer of 1 byte does not show the difference.)
sw-stopped-at = Your answer returned an error ({ $kind }) because of a datagram that is not the acknowledgement which it waits for.
sw-panicked-at = Your answer panicked at a datagram that is not the acknowledgement which it waits for (line { $line }: { $message }).
sw-goes-on = Your answer sent one more datagram after the last message was acknowledged.
sw-failed-at-last = Your answer returned an error ({ $kind }) although every message was acknowledged.
sw-late = Your answer waited { $waited } before it sent message { $at } again; the contract asks for { $wait } ms.
sw-late-again = Your answer waited { $waited } before it sent message { $at } again; the contract asks for { $wait } ms, for every message anew.
sw-left-behind = Your answer went on to the next message although message { $at } was not acknowledged.
sw-changed-again = What your answer sent the second time is not message { $at }.
sw-gave-up = Your answer gave up ({ $kind }) after { $sends ->
    [one] 1 send
   *[other] { $sends } sends
} of a message; { $tries } were allowed.
sw-kept-waiting = Your answer did not send its message again for a second, because other acknowledgements kept coming.
sw-too-often = Your answer sent the message { $sends } times; { $tries } tries were allowed.
sw-wrong-error = After { $tries } silent tries your answer returned { $kind }; the contract asks for TimedOut.
sw-next-anyway = Your answer gave a message up and went on to the next one; the contract asks for TimedOut.
sw-returned-silent = Your answer returned Ok from a receiver that stayed silent; the contract asks for TimedOut.
sw-same-pace = Your answer waited { $waited }; the contract asks for { $due }.
sw-no-last-wait = Your answer gave up as soon as it had sent message { $at } for the last time; the last try has its wait, too.
sw-last-wait = Your answer returned TimedOut before the wait of its last try was over: it waited { $waited }; the contract asks for { $due }.
sw-long-waits = Your answer waited { $waited }; the contract asks for { $due }.
sw-refused = Your answer returned { $kind } because nobody listened at the receiver's port yet. A moment later the receiver was there.
sw-refused-burnt = Your answer used all its tries up at once, because nobody listened at the receiver's port yet. A moment later the receiver was there.
sw-panicked-refused = Your answer panicked because nobody listened at the receiver's port yet (line { $line }: { $message }).
sw-send-error = The socket did not take a message of 70,000 bytes, and your answer returned { $kind } in place of the socket's error.
sw-send-error-ok = The socket did not take a message of 70,000 bytes, and your answer returned Ok.
sw-cut = Your answer sent { $got } of a message that no datagram can hold; the contract asks for the socket's error.
sw-numbers-panicked = Your answer panicked when the numbers of one byte were used up (line { $line }: { $message }).
sw-numbers-left-out = Your answer returned when the numbers of one byte were used up, and left the last messages out.
sw-numbers-stuck = Your answer makes no progress where the numbers of one byte begin again.
sw-numbers-failed = Your answer returned an error where the numbers of one byte begin again.
sw-numbers-wrong = Your answer sent something else than message and number where the numbers of one byte begin again.

## Exercise 7.1, the receiver

called-receive-messages = your function receive_messages is called ({ $count ->
    [one] 1 message
   *[other] { $count } messages
}, quiet { $quiet } ms)
sw-some-messages = { $count ->
    [one] 1 message
   *[other] { $count } messages
}
sw-note-late = copies of earlier messages come late
sw-note-waits = the sender takes its time
sw-note-gone = a copy of the last message comes late, and the sender has gone
expecting-ack = the sender waits for the acknowledgement
expecting-first-message = it has not received a message yet
expecting-messages-back = all has been sent, and the function should return the messages

sw-no-ack = Your answer does not acknowledge message { $at }.
sw-no-ack-empty = Your answer does not acknowledge message { $at }, which is empty: its datagram is the number alone.
sw-late-dropped = A copy of message { $at } came late. Your answer does not acknowledge it; the contract asks for that for every datagram with a number.
sw-repeat-ignored = Message { $at } came again, because its acknowledgement was lost. Your answer waited for the rest of the quiet time, and did not acknowledge it again.
sw-repeat-dropped = Message { $at } came again, because its acknowledgement was lost. Your answer does not acknowledge it again, so its sender never gets on.
sw-ack-echo = Your answer sent message { $at } back; its acknowledgement is the number alone, 1 byte.
sw-ack-next = Your answer acknowledged message { $at } with the number that comes next; the contract asks for the message's own.
sw-ack-other = Your answer acknowledged message { $at } with another number than { $number }.
sw-ack-empty = Your answer acknowledged message { $at } with an empty datagram; the contract asks for its number.
sw-ack-long = Your answer acknowledged message { $at } with { $got }; an acknowledgement is the number alone, 1 byte.
sw-ack-again = Your answer sent one more acknowledgement than datagrams had come.
sw-left-early = Your answer returned too early after the last message; the contract asks for a quiet time of { $quiet } ms before. If this acknowledgement is lost, the sender asks a receiver that has gone.
sw-gone-before = Your answer returned before it had acknowledged message { $at }.
sw-receiver-failed = Your answer returned an error ({ $kind }) although nothing is wrong with its socket.
sw-receiver-impatient = Your answer returned an error ({ $kind }) before message { $at } came; the contract says that it waits as long as it takes.
sw-receiver-gave-up = Your answer returned before message { $at } came; the contract says that it waits as long as it takes.
sw-panicked-empty = Your answer panicked at a datagram without a byte (line { $line }: { $message }).
sw-panicked-repeat = Your answer panicked at a message that came again (line { $line }: { $message }).
sw-empty-acknowledged = Your answer acknowledged a datagram without a byte: the number that it took was in the buffer before.
sw-empty-taken = Your answer took a datagram without a byte for a message: the number that it took was in the buffer before.
sw-empty-ends = Your answer returned at a datagram without a byte; the messages came after it.
sw-empty-stops = Your answer returned an error ({ $kind }) because of a datagram without a byte; the messages came after it.
sw-late-taken = Your answer returned a message a second time: a late copy of it came when newer messages had come between.
sw-repeat-taken = Your answer returned { $count ->
    [one] 1 message
   *[other] { $count } messages
}, and number { $at } of them, counted from 0, is a repetition: it had come again because its acknowledgement was lost.
sw-too-few = Your answer returned { $count ->
    [0] no message
    [one] 1 message
   *[other] { $count } messages
}; { $want } were sent.
sw-number-kept = Your answer returned message { $at } together with its number.
sw-message-cut = Your answer returned { $got-bytes } of message { $at }, which has { $want-bytes }.
sw-message-padded = Your answer returned { $got-bytes } for message { $at }, which has { $want-bytes }.
sw-message-wrong = What your answer returned as message { $at } is not what was sent.
sw-stays = All messages are acknowledged, and nothing comes any more; your answer does not return.
sw-quiet-once = Your answer returned too early: the last message had come again in the meantime, because its acknowledgement was lost, and the quiet time begins anew with every datagram.
sw-stays-long = Your answer stayed much longer than the quiet time after the last datagram.
sw-gone-ends = Your answer returned as soon as its acknowledgement of a late copy found nobody there. That says nothing about what is still on its way; the quiet time is not over.
sw-gone-refused = Your answer had all messages, and returned { $kind } because its acknowledgement of a late copy found nobody there. The sender had all that it wanted.
sw-gone-panicked = Your answer had all messages, and panicked because its acknowledgement of a late copy found nobody there (line { $line }: { $message }).
sw-numbers-lost = The messages that your answer returned are wrong where the numbers of one byte begin again.
sw-numbers-missed = Your answer acknowledged every message, and waits for more: it has missed some where the numbers of one byte begin again.

## Exercise 7.2

called-measure = your function is called ({ $count ->
    [0] no probe
    [one] 1 probe
   *[other] { $count } probes
}, wait { $wait } ms)
called-measure-short = your function is called ({ $count ->
    [one] 1 probe
   *[other] { $count } probes
}, a short wait)
rtt-note-delay = the server takes { $delay } ms for this echo
rtt-note-late = the server does not answer in time
rtt-note-noise = the server sends something else every 8 ms
rtt-note-in-time = the server answers when more than half of the wait is over
rtt-note-one = the server sends something else when more than half of the wait is over, and then nothing
rtt-note-nobody = nobody listens at the server's port
expecting-probe = the server waits for the next probe
expecting-times = every probe has its echo or is lost, and the function should return the times

rtt-too-many = Your answer sent one more probe than the { $count } that were asked for.
rtt-sent-again = Your answer sent probe { $probe } again; the contract asks for one time only.
rtt-native-order = Your answer wrote the number of a probe in the byte order of this machine.
rtt-from-one = Your answer counts its probes from 1; the contract asks for 0.
rtt-other-length = Your answer sent a probe of { $len ->
    [one] 1 byte
   *[other] { $len } bytes
}; the contract asks for 4.
rtt-other-probe = What your answer sent is not probe { $probe }.
rtt-failed = Your answer returned an error ({ $kind }). Nothing was wrong but that a probe was lost or late, which is no error.
rtt-left-out = Your answer returned when it had sent { $sent ->
    [one] 1 probe
   *[other] { $sent } probes
}; { $count } were asked for.
rtt-ended-wait = Your answer went on when something arrived that was not the echo of probe { $probe }, although there was time left.
rtt-took-empty = Your answer took an empty datagram for the echo of probe { $probe }: the number that it compared was in the buffer before.
rtt-took-old = Your answer took the echo of an earlier probe for that of probe { $probe }.
rtt-took-forged = Your answer took a stranger's datagram for the server's echo of probe { $probe }.
rtt-took-other = Your answer took other bytes for the echo of probe { $probe }.
rtt-stopped-at = Your answer returned an error ({ $kind }) because of a datagram that is not the echo; the echo came after it.
rtt-panicked-at = Your answer panicked at a datagram that is not the echo (line { $line }: { $message }).
rtt-wrong-count = Your answer returned { $got ->
    [0] no time
    [one] 1 time
   *[other] { $got } times
} for { $count ->
    [one] 1 probe
   *[other] { $count } probes
}. A lost probe has a place in the list, too.
rtt-missed = Your answer returned None for probe { $probe }, whose echo had come in time.
rtt-lost-has-time = Your answer returned { $time } for probe { $probe }, whose echo did not come in time.
rtt-too-short = Your answer returned { $time } for probe { $probe }; at least { $bound } passed between this probe and its echo.
rtt-too-long = Your answer returned { $time } for probe { $probe }; no more than { $bound } passed between the step before this probe and the step after it.
rtt-milliseconds = Your answer returned whole milliseconds; the contract asks for the time, and a round trip may take less than one of them.
rtt-rests = Your answer rests before each probe; the contract asks for the next one as soon as the one before has its echo.
rtt-all-at-once = Your answer sent the next probe although probe { $probe } had no echo, and its time was not over.
rtt-impatient = Your answer took probe { $probe } for lost before { $wait } ms were over.
rtt-late = Your answer waited much longer than { $wait } ms for the echo of probe { $probe }.
rtt-prolonged = Your answer waited much longer than { $wait } ms for the echo of probe { $probe }: another datagram came, and its wait began anew.
rtt-kept-waiting = Your answer did not send its next probe for a second, because other datagrams kept coming.
rtt-nobody-answered = Your answer returned other times than None for { $count } probes that nobody answered.
rtt-refused-ends = Your answer took a probe for lost before its time was over, because nobody listened at that moment; the contract says that nothing else ends the wait.
rtt-refused = Your answer returned { $kind } because nobody listened at the server's port; the contract says that these probes are lost ones.
rtt-refused-panicked = Your answer panicked because nobody listened at the server's port (line { $line }: { $message }).
rtt-not-ipv6 = Your answer returned an error ({ $kind }) for a server with an IPv6 address.
rtt-not-ipv6-panicked = Your answer panicked for a server with an IPv6 address (line { $line }: { $message }).
