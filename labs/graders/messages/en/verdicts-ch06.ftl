# What the grader says of answers to the exercises of chapter 6.

## Exercise 6.1

called-read-frame = your function is called (limit { $limit })
called-read-frame-timed = your function is called (limit { $limit }; the stream's time limit is { $time } ms)
frame-note-pause = the peer pauses for longer than the time limit
expecting-frame = a whole frame has come, and the function should return it
expecting-frame-rest = the rest of the frame is still to come
expecting-frame-refused = the length is above the limit, and the function should return InvalidData
expecting-frame-cut = the stream has ended inside a frame, and the function should return UnexpectedEof
expecting-frame-end = the stream has ended where a frame would begin, and the function should return None
expecting-frame-timeout = the stream's time limit is over, and the function should return the error
frame-reserved = A peer announced a frame of { $length } bytes, and your answer asked the system for { $asked } MiB of memory before it refused the frame. The limit is { $limit } bytes.
frame-reserved-awaited = A peer announced a frame of { $length } bytes; your answer asked the system for { $asked } MiB of memory, and waits for the frame. The limit is { $limit } bytes.
frame-awaited = A peer announced a frame of { $length } bytes, and your answer waits for more of it. The limit is { $limit } bytes.
frame-died = A peer announced a frame of { $length } bytes, and your program ended: the system did not give it so much memory. The limit is { $limit } bytes.
frame-refused-otherwise = Your answer returned { $kind } for a frame above the limit; the contract asks for InvalidData.
frame-accepted = Your answer accepted a length of { $length }; the limit is { $limit }.
frame-cut-is-end = The stream ended after { $got } of a frame's { $whole } bytes, and your answer returned None, as if a frame had not begun.
frame-cut-returned = The stream ended after { $got } of a frame's { $whole } bytes, and your answer returned a frame.
frame-cut-otherwise = The stream ended after { $got } of a frame's { $whole } bytes, and your answer returned { $kind }; the contract asks for UnexpectedEof.
frame-spins = While the rest of a frame is still to come, your answer asks for it again and again, and uses a whole processor.
frame-part-lost = The time limit was over when { $got } bytes of a frame had come. Your answer returned { $kind }, and has lost them: the next call did not return the frame.
frame-gave-up = The time limit was over when { $got } bytes of a frame had come, and your answer returned { $kind }. Once a frame has begun, the contract asks to wait for the rest.
frame-paused-lost = The whole frame has come, and your answer did not return it: the time limit was over in the middle, and what had come before that is lost.
frame-idle-otherwise = The time limit was over before a frame began, and your answer returned { $kind }; the contract asks for the stream's own error.
frame-idle-returned = The time limit was over before a frame began, and your answer returned Ok. The stream is open, and a frame may still come.
frame-idle-waits = The time limit was over before a frame began, and your answer waits on; the contract asks for the stream's error.
frame-limit-changed = Your answer has changed the stream's time limit: { $before ->
    [0] there was none before the call
   *[other] it was { $before } ms before the call
}, and { $after ->
    [0] there is none now
   *[other] it is { $after } ms now
}.
frame-stream-non-blocking = The stream was blocking when your function was called, and is non-blocking now.
frame-stream-ended = Your answer ended its direction of the connection; the contract asks for a stream that is open as before.
frame-reset-otherwise = The peer reset the connection, and your answer returned { $kind }; the contract asks for the stream's error, ConnectionReset.
frame-reset-is-end = The peer reset the connection, and your answer returned Ok: a reset is no end.
frame-after-end = The stream has ended where a frame would begin, and your answer returned a frame.
frame-end-failed = The stream ended where a frame would begin, and your answer returned an error ({ $kind }); the contract asks for None.
frame-end-again = The stream has ended, and your answer reads again and again.
frame-not-whole = Only a part of a frame had come, and your answer returned { $value }.
frame-lost = Several frames came at once. Your answer returned the ones before, and had taken more of the stream: this frame, or a part of it, is lost.
frame-empty-is-end = An empty frame came, and your answer returned None; the stream has not ended.
frame-empty-is-cut = An empty frame came, and your answer returned UnexpectedEof; the stream has not ended.
frame-empty-awaited = An empty frame has come, and your answer waits for more.
frame-none = A frame of { $want } bytes came, and your answer returned None.
frame-with-head = Your answer returned the frame together with its length.
frame-with-more = Your answer returned { $got } bytes; the frame has { $want }.
frame-not-full = A frame of { $want } bytes came, and your answer returned only the first of them.
frame-minus-head = Your answer returned { $got } bytes; the frame has { $want }. The length counts these alone, and not its own 4 bytes.
frame-other = Your answer returned { $got } bytes, and they are not the { $want } of the frame.
frame-swapped = Your answer refused a frame of { $length } bytes: read in the other byte order, its length is { $swapped }.
frame-limit-refused = Your answer refused a frame of { $length } bytes, and the limit is { $limit }.
frame-refused = Your answer returned InvalidData for a frame of { $length } bytes; the limit is { $limit }.
frame-failed = Your answer returned an error ({ $kind }) where a frame was still to be read.

## Exercise 6.2

called-write-frame = your function is called (a body of { $len ->
    [one] 1 byte
   *[other] { $len } bytes
}, limit { $limit })
called-write-frame-timed = your function is called (a body of { $len } bytes; the stream has a write time limit)
write-note-late = … later, when the peer has acknowledged that:
write-note-late-reader = the peer reads nothing for longer than the time limit
write-note-reads = the peer begins to read
write-note-no-reader = the peer reads nothing
expecting-frame-written = the frame is still to be sent
expecting-frame-too-long = the body is longer than the limit, and the function should return InvalidInput
expecting-write-error = the connection was reset before, and the function should return the error
expecting-write-timeout = the peer reads nothing, and the function should return the error of a time limit that is over
write-nothing = Your answer returned, and has sent nothing of a frame with a body of { $len ->
    [one] 1 byte
   *[other] { $len } bytes
}.
write-held-back = Your answer sent the first { $first ->
    [one] byte
   *[other] { $first } bytes
} of a frame alone. The rest was held back until the peer had acknowledged that.
write-two-segments = Your answer sent the frame in two segments: the peer was gone, the first write was taken, and a later one failed ({ $kind }). Two writes may leave as two segments, and with TCP_NODELAY they do (section 6.6).
write-short = Your answer returned Ok, and of the frame's { $want } bytes only the first have come: the rest was not written.
write-part = Your answer returned Ok, and the stream has taken only a part of the frame: the peer reads nothing, and { $want } bytes do not fit on the way.
write-swapped = The length came in the other byte order: the body has { $len } bytes.
write-eight = The length came as 8 bytes; the contract asks for 4.
write-two = The length came as 2 bytes; the contract asks for 4.
write-counts-head = The length that came is 4 too high: the body alone counts, and it has { $len } bytes.
write-limit-refused = Your answer refused a body of { $len } bytes, and the limit is { $limit }.
write-cut = Your answer sent the first { $limit } bytes of a body that is longer; the contract asks for InvalidInput.
write-as-text = The length came as text, in decimal digits; the contract asks for 4 bytes.
write-no-head = The body came without its length.
write-more = The frame came, and something more behind it.
write-body-first = The body came before its length.
write-other-bytes = As many bytes came as the frame has, { $want }, and they are others.
write-other = What came is not the frame: { $got } bytes, and the frame has { $want }.
write-changed = What came is not the frame of { $len } bytes.
write-failed = Your answer returned an error ({ $kind }) although the connection is fine.
write-refused-late = Your answer refused the body, and had sent { $got } bytes by then; of a body that is too long, nothing may be sent.
write-refused-otherwise = Your answer returned { $kind } for a body above the limit; the contract asks for InvalidInput.
write-limit-silent = Your answer returned Ok for a body that is longer than the limit of { $limit } bytes, and sent nothing; the contract asks for InvalidInput.
write-no-limit = Your answer sent a body that is longer than the limit of { $limit } bytes.
write-buffered-error = The peer had reset the connection before, and your answer returned Ok: the small frame stayed in a buffer of its own until the function was over, and nobody saw the error.
write-no-error = The peer had reset the connection before, and your answer returned Ok.
write-timeout-otherwise = The peer reads nothing, and your answer returned { $kind }; the contract asks for the error of the write.
write-limit-changed = Your answer has changed the stream's time limit: { $before ->
    [0] there was none before the call
   *[other] it was { $before } ms before the call
}, and { $after ->
    [0] there is none now
   *[other] it is { $after } ms now
}.
write-stream-ended = Your answer ended its direction of the connection; the contract asks for a stream that is open as before.
write-not-returned = The peer has the whole frame, and your answer has not returned.
write-tries-again = The peer reads nothing, and a write took nothing in the time limit. Your answer wrote again, and again; the contract asks for the error of the write.
write-waits-on = The peer reads nothing, and your answer goes on after the time limit; the contract asks for the error of the write.

## Exercise 6.3

called-next-line = your function is called (limit { $limit })
called-next-line-timed = your function is called (limit { $limit }; the stream's time limit is { $time } ms)
expecting-line = a whole line has come, and the function should return it
expecting-line-rest = the rest of the line is still to come
expecting-line-refused = the line is longer than the limit, and the function should return InvalidData
expecting-line-cut = the stream has ended inside a line, and the function should return UnexpectedEof
expecting-line-end = the stream has ended where a line would begin, and the function should return None
expecting-line-timeout = the stream's time limit is over, and the function should return the error
expecting-no-text = the line is not UTF-8, and the function should return InvalidData
line-not-whole = Only a part of a line had come, and your answer returned { $value }.
line-lost = Several lines came at once. Your answer returned the first ones, and has lost what came behind them.
line-empty-is-end = An empty line came, and your answer returned None; the stream has not ended.
line-none = A line came, and your answer returned None; the stream has not ended.
line-with-end = Your answer returned the line together with its \n.
line-with-return = The line ended with \r\n, and your answer returned the \r as a part of it.
line-without-return = A \r that stands elsewhere is a part of the line, and your answer left it out.
line-ends-at-return = A \r without \n ends no line, and your answer returned what stands before it.
line-trimmed = Your answer left out spaces that are a part of the line.
line-replaced = Your answer changed text whose characters came in pieces.
line-bytes-as-characters = Your answer made a character of each byte of the line; some characters have several.
line-cut-text = Your answer returned { $kind } at text whose characters came in pieces.
line-with-more = Your answer returned more than the line.
line-end-left = Your answer returned an empty line in place of this one. That is how the end of the line before reads when it is left in the stream.
line-part = Your answer returned a part of the line; all of it has come.
line-other = What your answer returned is not the line.
line-failed = Your answer returned an error ({ $kind }) where a line was to be returned.
line-limit-refused = Your answer refused a line of { $length } bytes, and the limit is { $limit }.
line-refused-otherwise = Your answer returned { $kind } for a line above the limit; the contract asks for InvalidData.
line-accepted = Your answer accepted a line of { $length } bytes; the limit is { $limit }.
line-cut-to-limit = Your answer returned the first { $got } bytes of a line of { $length }; the contract asks for InvalidData.
line-counts-characters = Your answer accepted a line of { $length } bytes; the limit is { $limit }. The line has so many characters, and the limit is for bytes.
line-awaited = { $length } bytes have come without an end of line. The limit is { $limit }, and your answer waits for more.
line-limit-changed = Your answer has changed the stream's time limit: { $before ->
    [0] there was none before the call
   *[other] it was { $before } ms before the call
}, and { $after ->
    [0] there is none now
   *[other] it is { $after } ms now
}.
line-stream-ended = Your answer ended its direction of the connection; the contract asks for a line that is read.
line-behind-awaited = A line of { $length } bytes has come, and its end. The limit is { $limit }, and your answer waits for what stands behind the line.
line-idle-otherwise = The stream's time limit was over, and your answer returned { $kind }; the contract asks for the stream's own error.
line-idle-returned = The stream's time limit was over before a line had come, and your answer returned Ok.
line-idle-waits = The stream's time limit was over, and your answer waits on; the contract asks for the stream's error.
line-no-text-otherwise = Your answer returned { $kind } for a line that is not UTF-8; the contract asks for InvalidData.
line-no-text-returned = Your answer returned a line that is not UTF-8; the contract asks for InvalidData.
line-cut-is-end = The stream ended inside a line, and your answer returned None, as if the line had not begun.
line-cut-returned = The stream ended inside a line, and your answer returned what had come of it.
line-cut-otherwise = The stream ended inside a line, and your answer returned { $kind }; the contract asks for UnexpectedEof.
line-after-end = The stream has ended where a line would begin, and your answer returned a line.
line-end-failed = The stream ended where a line would begin, and your answer returned an error ({ $kind }); the contract asks for None.
line-end-again = The stream has ended, and your answer reads again and again.
line-reset-otherwise = The peer reset the connection, and your answer returned { $kind }; the contract asks for the stream's error, ConnectionReset.
line-reset-is-end = The peer reset the connection, and your answer returned Ok: a reset is no end.

## Exercise 6.4

called-write-all = your function is called ({ $len ->
    [one] 1 byte
   *[other] { $len } bytes
}, patience { $patience } ms)
all-note-late = the peer reads nothing for a while
all-note-reads = the peer begins to read
all-note-never = the peer reads nothing
all-note-bits = the peer reads a part every few milliseconds
expecting-all = the peer has not read, and not everything can be written yet
expecting-all-limit = the patience is over, and the function should return TimedOut
all-returned = Your answer returned Ok, and the stream has taken only a part of the bytes: the peer reads nothing, and so many do not fit on the way.
all-goes-on-behind = Your answer returned Ok while the stream had taken only a part of the bytes, and went on writing after that.
all-timeout-ok = The patience of { $patience } ms was over before the stream had taken all bytes, and your answer returned Ok; the contract asks for TimedOut.
all-begins-late = There was room for all bytes from the beginning, and your answer took { $time } ms.
all-stream-ended = Your answer ended its direction of the connection; the contract asks for a stream that is open as before.
all-nothing = Your answer returned Ok, and has sent nothing of { $len ->
    [one] 1 byte
   *[other] { $len } bytes
}.
all-would-block = Your answer returned WouldBlock: for now the stream takes nothing, because the peer has not read yet. The connection is fine.
all-gave-up = Your answer gave up ({ $kind }) because the peer has not read yet; the patience is not over.
all-spins = The peer reads nothing, and your answer writes again and again without a pause: it uses a whole processor.
all-short = Your answer returned Ok, and of the { $len } bytes only the first have come.
all-failed = Your answer returned an error ({ $kind }); the peer reads, and the patience is not over.
all-stopped = The peer reads, and there is room again; your answer does not go on.
all-again = In the middle of the { $len } bytes, some came that had come before: your answer had sent a part of them, and sent that again.
all-slow = The peer reads all the time, and after { $time } ms not all has come: there is room again and again, and your answer makes use of it too slowly.
all-changed = What came is not what was to be written.
all-blocking = The stream was non-blocking when your function was called, and is blocking now.
all-impatient = Your answer gave up after { $time } ms; the patience is { $patience } ms.
all-late = The peer reads nothing, and your answer returned TimedOut after { $time } ms; the patience is { $patience } ms.
all-wrong-timeout = Your answer returned { $kind } when its patience was over; the contract asks for TimedOut.
all-no-limit = The patience of { $patience } ms is over, and your answer goes on trying.
all-goes-on = The patience of { $patience } ms is over, and your answer goes on: something is written now and then.
all-reset-otherwise = The peer reset the connection, and your answer returned { $kind }; the contract asks for the stream's error.
all-reset-is-fine = The peer reset the connection before it had all bytes, and your answer returned Ok.
all-reset-unseen = The peer reset the connection, and your answer goes on trying.
