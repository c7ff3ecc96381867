# Verdicts: what the grader says of an answer.

## Frame

verdict-done = { $exercise }: done.
verdict-not-started = { $exercise }: not started.
verdict-not-yet = { $exercise }: not yet.
verdict-not-built = { $exercise }: does not compile.
verdict-unjudged = { $exercise }: could not be judged.
verdict-hint = hint: cargo run -- hint { $id }
verdict-section = book §{ $section }
verdict-seed = the same run again: { $variable }={ $seed } cargo test { $id }
verdict-seed-windows = the same run again: $env:{ $variable }={ $seed }; cargo test { $id }
verdict-contract = The contract above the function says what must hold.
not-started = not started
not-started-file = not started: { $file }
unfinished = Your answer is unfinished: it reached the todo!() in line { $line }.
printed = Your program printed:
some-bytes = { $len ->
    [one] 1 byte
   *[other] { $len } bytes
}
threads-left-out = … { $count ->
    [one] 1 more thread
   *[other] { $count } more threads
} …
lines-left-out = … { $count ->
    [one] 1 more line
   *[other] { $count } more lines
} …

## The judge's own trouble

exercise-unknown = There is no exercise { $name }. There are: { $known }.
exercise-filter-unknown = No exercise's name begins with or holds "{ $name }". There are: { $known }.
file-missing = The file { $file } is missing. Its first version is { $stub }: copy that one.
no-cargo = The program cargo, which builds your answer, could not be started ({ $why }).
cannot-write = The grader cannot write to { $path } ({ $why }).
too-busy = This machine is too busy at the moment to judge how your answer waits. Run it again.
interrupted = The system kept interrupting your answer's calls (Interrupted), so nothing can be said about it. Run it again.
judge-trouble = The grader itself had trouble with a socket or a process of its own ({ $why }). Run it again.

## Parties

you = you
peer = peer
server = server
stranger = stranger
client = client
client-a = client A
client-b = client B
client-c = client C
clients = clients

## Lines of an exchange

connects = connects
refused = is refused
end-of-stream = end of stream
closes = closes
reset = reset
one-by-one = (one byte at a time)

called = your function is called
called-ask = your function is called (timeout { $timeout } ms, { $tries } tries)
called-split = your function is called (mtu { $mtu }, a message of { $len ->
    [one] 1 byte
   *[other] { $len } bytes
})
returned = your function returns { $value }
should-return = the contract asks for { $value }
lost = (lost on the way)

## Every exercise

expecting-start = it has not taken its first call
expecting-return = it has not returned
expecting-echo = its client waits for the echo
expecting-request = the server waits for the request
expecting-retry = the server waits for the request to be sent again
expecting-give-up = the tries are used up, and the function should return an error
expecting-answer-back = the answer has been sent, and the function should return it
expecting-message-back = every part has been sent, and the function should return the message
expecting-parts = the receiver waits for the parts of the message

panicked = Your answer panicked{ $line ->
    [0] { "" }
   *[other] { " in line " }{ $line }
}: { $message }
panicked-thread = A thread of your answer panicked{ $line ->
    [0] { "" }
   *[other] { " in line " }{ $line }
} ({ $message }), and the rest waits for it.
ended = Your program ended (exit status { $status }) before its function returned. Only what the function does and returns is judged.
failed = Your answer returned an error ({ $kind }) where the contract asks for a result.
returned-early = Your answer returned, but { $expecting }.
unexpected-datagram = Your answer sent { $len ->
    [one] 1 byte
   *[other] { $len } bytes
} to { $peer }, who did not ask for anything.
unexpected-bytes = Your answer sent { $len ->
    [one] 1 byte
   *[other] { $len } bytes
} more to { $peer } than the contract asks for.
unexpected-connection = Your answer made one more connection to { $peer } than the contract asks for.
ended-stream = Your answer ended its stream to { $peer }, but { $expecting }.
reset-stream = Your answer's side reset the connection to { $peer }, but { $expecting }.
stuck = Your answer makes no progress: { $expecting }.

stuck-blocked = Every thread of it waits, and nothing more will come:
stuck-waking = It wakes now and then, only to wait again:
stuck-busy = It used 1.5 seconds of processor time without a result: it turns in a loop.
stuck-silent = Nothing came from it for 10 seconds.
thread-main = main thread
thread-other = thread { $number }
call-running = runs
call-receive = { $protocol ->
    [TCP] waits to read
   *[other] waits to receive
}{ $on }
call-send = waits to write{ $on }; the buffer is full, and the peer does not read
call-accept = waits for a client to accept{ $on }
call-connect = waits for an answer to connect{ $on }
call-read = waits to read
call-write = waits to write
call-poll = waits for readiness (poll)
call-sleep = sleeps
call-lock = waits for a lock that is held
call-join = waits for another thread to end
call-park = waits for another thread (a channel, a condition variable, park)
call-child = waits for a child process to end
call-unknown = waits
call-other = waits in system call { $number }
on-socket = on its { $protocol } socket { $local }{ $remote ->
    [none] { "" }
   *[other] { $peer ->
        [none] { ", connected to " }{ $remote }
       *[other] { ", connected to " }{ $peer } ({ $remote })
    }
}{ $state ->
    [none] { "" }
   *[other] { ", in state " }{ $state }
}
