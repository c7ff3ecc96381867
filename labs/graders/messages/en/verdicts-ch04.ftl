# What the grader says of answers to the exercises of chapter 4.

## Exercise 4.1

called-send = your function is called (a message of { $len ->
    [one] 1 byte
   *[other] { $len } bytes
})
called-send-nobody = your function is called (a message of { $len } bytes; nobody listens at the address)
expecting-connection = the server waits for a connection
expecting-message-end = the server waits for the end of the message
expecting-wait = the server has not answered yet
expecting-whole-answer = the server has not ended its answer yet
expecting-return-all = the server has ended its stream, and the function should return the answer
expecting-reset = the connection was reset, and the function should return the error
expecting-refused = nobody listens there, and the function should return the error
send-note-thinks = the server thinks for { $ms } ms
send-more = Your answer sent { $got }; the message has { $want }.
send-changed = What your answer sent is not the message.
send-short = Your answer ended its stream when { $got } of the message had come; the message has { $want }.
send-ended-first = Your answer ended its stream first; then its write failed. { $got } of the message had come.
send-second = Your answer made a second connection. The answer to a message comes on the connection that brought it.
send-no-end = Your answer sent the message, and never said that it is all. The server still waits for more before it answers, and your answer waits for the server.
send-end-by-drop = Your answer sent the message, never said that it is all, and returned nothing: the end of its stream came only when it returned. The server waits for that end before it answers.
send-end-by-error = Your answer sent the message, never said that it is all, and returned an error ({ $kind }): the end of its stream came only when it returned. The server waits for that end before it answers.
send-gave-up = Your answer returned { $got } while the server had not answered yet. The connection was open, and there is no time limit.
send-kept = Your answer sent { $got } of { $want }, and waits for the server to answer. The server still waits for the message.
send-nothing = Your answer waits, and has sent { $got } of the message. The server waits for the message.
send-up-to = Your answer stopped in front of the rest of the answer: it returned { $got }, up to a certain byte. An answer may hold any bytes.
send-both-ended = Your answer returned nothing before the server had answered: it had ended the direction in which it reads, too, so its read did not wait.
send-no-room = Your answer returned nothing; the server had sent { $sent }. The read had no room for a byte, and took none.
send-never-reads = Your answer returned nothing before the server had answered: it did not wait for the answer.
send-lost = Your answer returned nothing of what the server had sent: { $sent }.
send-made-up = Your answer returned { $got } before the server had sent anything.
send-impatient = Your answer returned an error ({ $kind }) while the server had not answered yet. The connection was open, and there is no time limit.
send-read-once = Your answer returned { $got } while the server was in the middle of its answer.
send-stopped = Your answer returned { $got } while the server was in the middle of its answer.
send-read-short = Your answer read on as long as its buffer came back full, and returned { $got } when a read brought less. The server was in the middle of its answer.
send-cut = Your answer returned { $got }; the server had sent { $want } when it ended its stream.
send-padded = Your answer returned { $got }; the server had sent { $want }.
send-wrong = Your answer returned { $got }, and not the ones that the server had sent ({ $want }).
send-as-text = Your answer changed the bytes of an answer that is not text.
send-text-error = Your answer returned an error ({ $kind }) at an answer that is not text.
send-not-full = Your answer returned an error ({ $kind }): the server's answer ended before the buffer was full.
send-end-failed = The server ended its stream as it should, and your answer returned an error ({ $kind }).
send-end-again = The server has ended its stream, and your answer reads on: each read returns Ok(0) at once.
send-reset-is-end = Your answer returned { $got } as if that were all; the connection broke before the server had ended its stream.
send-refused-is-empty = Your answer returned { $got } from a server that is not there.
send-other-error = Your answer returned the error { $kind }; the contract asks for the connection's own, { $wanted }.

## Exercise 4.2

called-with-stream = your function is called with the connection
expecting-echo-goes-on = the client has not ended its own
echo-note-late = only now the client begins to read
echo-not-read = Your answer returned before the client had sent anything.
echo-note-thinks = the client does nothing for { $ms } ms
echo-impatient = Your answer gave up ({ $kind }) while the client was silent. The client had not ended its stream, and there is no time limit.
echo-impatient-write = Your answer gave up ({ $kind }) while the client read nothing. The connection was open, and there is no time limit.
echo-gave-up = Your answer returned { $got } while the client was silent. The client had not ended its stream, and there is no time limit.
echo-unsent = Your answer returned { $got } before the client had read anything. That is more than the connection's buffers hold: the rest of the echo was still to be sent.
echo-broken = The client ended its stream as it should, and your answer's side reset the connection: the client did not see an end.
echo-partial = Your answer sent { $got } of { $sent } bytes back, and waits. The client waits for the rest.
echo-no-room = Your answer returned { $value } and took nothing of what the client had sent: its read had no room for a byte.
echo-nothing = Your answer took what the client had sent, and returned { $value } without an echo.
echo-read-once = Your answer returned after its first read. The client had not ended its stream, and had more to say.
echo-read-short = Your answer returned after the first read that did not fill its buffer. The client had not ended its stream, and had more to say.
echo-stopped = Your answer returned after { $got } bytes, while the client's stream was open.
echo-reset-is-end = Your answer returned { $got } as if the client had ended its stream; the client had broken the connection.
echo-incomplete = The client got { $got } of the { $sent } bytes that it had sent.
echo-wrong-count = Your answer returned { $got }; the client had sent { $sent } bytes.
echo-end-failed = The client ended its stream as it should, and your answer returned an error ({ $kind }).
echo-end-again = The client has ended its stream, and your answer reads on: each read returns Ok(0) at once.
echo-stays-open = Your answer returned, and the client still waits for the end of the stream: a handle to the connection is open somewhere.
echo-stream-longer = Your answer sent { $got } bytes back; the client had sent { $sent }.
echo-stream-other = Your answer sent back other bytes than the client had sent.
echo-stream-replaced = { $what ->
    [cut] Your answer changed text whose characters came in pieces.
   *[bytes] Your answer changed bytes that are not text.
}
echo-stream-text = { $what ->
    [cut] Your answer stopped ({ $kind }) at text whose characters came in pieces.
   *[bytes] Your answer stopped ({ $kind }) at bytes that are not text.
}
echo-by-line = Your answer holds { $sent } bytes back until the line ends. The client waits for their echo.
echo-kept = Your answer has taken the client's { $sent } bytes, and their echo has not left it. The client waits for it.
echo-not-full = Your answer waits until its buffer is full. The client has sent { $sent } bytes, and waits for their echo.
echo-at-end = Your answer reads until the stream ends before it sends anything back. The client waits for the echo of its { $sent } bytes.

## Exercise 4.3

called-serve = your function is called ({ $count ->
    [one] 1 client
   *[other] { $count } clients
})
client-d = client D
last-client = the last client
other = another client
serve-note-silence = nobody says anything for { $ms } ms
serve-note-late = client A reads nothing for the time being
serve-note-reads = client A begins to read
serve-note-many = { $count } other clients connect, and say nothing
serve-refused = Nobody listens any more, and { $client } could not connect, although clients are still to come.
serve-returned = Your answer returned, and { $count ->
    [one] one of its clients was
   *[other] { $count } of its clients were
} not done.
serve-failed = Your answer returned an error ({ $kind }) because a client had broken its connection.
serve-ended = Your program ended (exit status { $status }) because a client had broken its connection.
serve-panicked = Your answer panicked{ $line ->
    [0] {""}
   *[other] {" "}in line { $line }
} because a client had broken its connection: { $message }
serve-impatient = Your answer ended its stream to { $client } while nobody said anything. That client had not ended its own, and there is no time limit.
expecting-listener-error = accept fails, and the function should return the error
serve-slept = Your answer returned while { $client } was silent. That client had not ended its stream: the function returns when all of its clients are done, however long that takes.
called-serve-refused = your function is called ({ $count } clients; its listener was never told to listen, so accept fails)
serve-swallowed = Your answer returned Ok(()), and has served nobody: each accept failed, and the contract asks for the listener's error.
serve-other-error = Your answer returned the error { $kind }; the contract asks for the listener's own, { $wanted }.
serve-accepts-again = Each accept fails, and your answer calls it again and again. The contract asks for the listener's error.
serve-deaf-after-break = Since another client broke its connection, { $client } waits for its echo.
serve-waits-for-end = What { $client } sent comes back only when other clients have ended their streams.
serve-waits-for-all = What { $client } sent comes back only when all clients have come.
serve-hung-up = Your answer ended its stream to { $client } before { $client } had ended its own.
serve-cut = Your answer ended its stream to { $client } before { $client } had got all of its echo.
serve-stays-open = The end of the answer's stream does not come to { $client }, who has ended its own.
serve-goes-on = { $count ->
    [0] There is nobody to serve
    [one] The one client is done
   *[other] All { $count } clients are done
}, and your answer does not return.
serve-one-too-many = Your answer served { $client }, who is one client more than it was asked to serve.
serve-longer = Your answer sent { $got } bytes back to { $client }, who had sent { $sent }.
serve-replaced = Your answer changed the bytes of { $client }, which are not text.
serve-other = Your answer sent other bytes back to { $client } than it had sent.

## Exercise 4.4

expecting-shout = its client waits for the answer to a line
expecting-invalid-data = the client has sent a line that is not UTF-8, and the function should return InvalidData
shout-long-part = Your answer sent something back for the first { $sent } bytes of a line. A line may have any length, and the end of this one was still to come.
shout-gave-up = Your answer returned while the client was silent. The client had not ended its stream, and there is no time limit.
shout-part = Your answer sent something back for a part of a line. The rest of the line was still to come.
shout-cut-text = Your answer stopped ({ $kind }) at text whose characters came in pieces.
shout-replaced = Your answer changed text whose characters came in pieces.
shout-added-end = The last line had no end of line, and its answer has one.
shout-no-end = The end of line is missing from the answer to a line.
shout-no-return = The line ended with \r\n, and its answer ends with \n alone.
shout-not-empty = An empty line is a line too, and your answer does not answer it.
shout-ascii = Your answer changed the letters a to z only. str::to_uppercase knows the others too.
shout-again = Your answer sent an earlier line again, in front of the new one.
shout-other = What your answer sent is not the client's line in capital letters.
shout-no-room = Your answer returned and took nothing of what the client had sent: its read had no room for a byte.
shout-returned = Your answer returned while the client's stream was open.
shout-kept = Your answer has taken the client's line, and the answer to it has not left it. The client waits for it.
shout-at-end = Your answer reads until the stream ends before it sends anything back. The client waits for the answer to its line.
shout-lost = Three lines came at once. Your answer answered the first one, and has lost the others: it answers the next line that comes.
shout-one-per-read = Three lines came at once. Your answer answered the first one, and keeps the others until something more comes.
shout-last-lost = The last line had no end of line, and your answer did not answer it.
shout-incomplete = The client got { $got } bytes of answers, and { $want } were due when it had ended its stream.
shout-no-text-first = Your answer returned the error, and did not answer the line before.
shout-no-text-kind = Your answer returned { $kind } at a line that is not UTF-8; the contract asks for InvalidData.
shout-no-text-ok = Your answer returned Ok(()) after a line that is not UTF-8; the contract asks for InvalidData.
shout-no-text-stuck = Your answer waits for more after a line that is not UTF-8; the contract asks for InvalidData.
shout-no-text-answered = Your answer answered a line that is not UTF-8; the contract asks for InvalidData.
shout-reset-is-end = Your answer returned Ok(()) as if the client had ended its stream; the client had broken the connection.
