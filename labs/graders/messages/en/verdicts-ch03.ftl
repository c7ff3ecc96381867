# What the grader says of answers to the exercises of chapter 3.

## Exercise 3.1

echo-longer = Your answer sent { $got } bytes back for a datagram of { $sent }.
echo-too-long = Your answer tried to send more than a datagram can hold ({ $kind }), for a datagram of { $sent ->
    [one] 1 byte
   *[other] { $sent } bytes
}.
echo-cut = Your answer's receive failed ({ $kind }): a datagram of { $sent } bytes did not fit its buffer.
echo-shorter = Your answer sent { $got ->
    [one] 1 byte
   *[other] { $got } bytes
} back for a datagram of { $sent }.
echo-as-text = Your answer changed the bytes of a datagram that is not text.
echo-text-error = Your answer stopped at a datagram that is not text.
echo-other = Your answer sent back other bytes than it received.
echo-to-other = Your answer sent { $to } what { $from } had sent.
echo-from-other-port = The echo came from another port than the one that the client had sent to, so a client that checks its server's address drops it.
echo-missing = Your answer returned without sending anything back to { $client }.
echo-missing-empty = Your answer sent nothing back for an empty datagram.
echo-one-client = Your answer serves { $first } only: what { $second } sends is never received.
echo-not-sent = Your answer received a datagram from { $client }, and its send failed: { $kind }.
echo-twice = Your answer sent one more datagram than it received.
echo-wrong-length = Your answer returned { $got } for a datagram of { $sent ->
    [one] 1 byte
   *[other] { $sent } bytes
}.

## Exercise 3.2

ask-wrong-answer = Your answer returned { $got }; the server had answered with { $want }.
ask-cut = Your answer returned { $got }; the server had answered with { $want }.
ask-took-empty = Your answer took an empty datagram for the answer: the id that it compared was left in the buffer by the datagram before.
ask-panicked-at-stranger = Your answer panicked at a datagram that is no answer (line { $line }: { $message }).
ask-ended-wait = Your answer sent the request again when something arrived that was not the answer, although there was time left.
ask-took-strangers = Your answer returned what a stranger had sent, not what the server answered.
ask-took-late = Your answer returned the server's answer to an earlier question: its id is another one.
ask-stopped-at-stranger = Your answer returned an error ({ $kind }) because of a datagram that was not for it; the server's answer came after it.
ask-gave-up-early = Your answer gave up ({ $kind }) after { $sends ->
    [one] 1 send
   *[other] { $sends } sends
}; { $tries } were allowed.
ask-too-often = Your answer sent the request { $sends } times; { $tries } tries were allowed.
ask-wrong-error = After { $tries } silent tries your answer returned { $kind }; the contract asks for TimedOut.
ask-kept-waiting = Your answer waited longer than its time limit, because other datagrams kept coming.
ask-changed = What your answer sent is not the request.
ask-impatient = Your answer sent the request again before its time limit was over.
ask-returned-silent = Your answer returned { $got } from a server that stayed silent.
ask-note-silence = the server stays silent
ask-note-noise = a stranger sends a datagram every 10 ms

## Exercise 3.3

reorder-arrival-order = Your answer put the parts together in the order in which they arrived.
reorder-cut = Your answer returned { $got }; the message has { $want }. The end of each long part is missing.
reorder-long-failed = Your answer returned an error ({ $kind }) at a part of 9000 bytes.
reorder-stopped = Your answer returned { $got }; the message has { $want }. It stopped before every part was there.
reorder-repeated = Your answer counted a part that was repeated as a new one.
reorder-repeated-stuck = Your answer gets along with every part once, and not with a part that is repeated.
reorder-native-order = Your answer read the header's numbers in the byte order of this machine.
reorder-malformed = Your answer panicked at a datagram that is no part (line { $line }: { $message }).
reorder-malformed-error = Your answer returned an error ({ $kind }) because of a datagram that is no part; the message was complete after it.
reorder-malformed-taken = Your answer took a datagram that is no part for a part of the message.
reorder-stranger = Your answer took a part from a stranger into the message.
reorder-dropped-early = Your answer threw away a part that came before its turn, and waits for it now.
reorder-wrong = Your answer returned { $got }; the message has { $want }.
reorder-same-length = Your answer returned { $got }, as many as the message has, but not the same ones.

## Exercise 3.4

split-one-datagram = Your answer sent the whole message in one datagram of { $len } bytes; the path takes packets of { $mtu }.
split-too-long = Your answer sent a datagram of { $len } bytes, which makes a packet of { $packet }; the path takes { $mtu }.
split-native-order = Your answer wrote the header's numbers in the byte order of this machine.
split-nothing = Your answer sent nothing for an empty message, so its receiver waits for ever.
split-overflow = Your answer began to send a message of { $parts } parts; the header's two bytes can count 65535.
split-overflow-kind = Your answer returned { $kind } for a message that cannot be split; the contract asks for InvalidInput.
split-padding = A part of your answer has { $len } bytes behind its header; only { $want } of them belong to the message.
split-header = Part { $part } has the header { $got }; it should be { $want }.
split-short-header = Your answer sent a datagram of { $len ->
    [one] 1 byte
   *[other] { $len } bytes
}: too short for the header of a part.
split-wrong-message = The parts put together are not the message.
split-too-small = Your answer sent { $got ->
    [one] 1 datagram
   *[other] { $got } datagrams
}; the message needs { $want }.
split-wrong-count = Your answer sent { $sent } datagrams and returned { $got }.
expecting-refusal = the message needs more than 65535 parts, and the function should return InvalidInput
expecting-refusal-mtu = no byte of the message fits a packet of this path, and the function should return InvalidInput
