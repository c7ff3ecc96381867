# What the grader says of answers to the exercises of chapter 2.

## Exercise 2.1

called-classify = your function is called with { $address }
classify-private = Your answer calls { $address } { $got }; all of { $range } is private.
classify-172 = Your answer calls { $address } { $got }; the private addresses that begin with 172 are those of 172.16.0.0/12, from 172.16.0.0 to 172.31.255.255.
classify-loopback = Your answer calls { $address } { $got }; all of { $range } is loopback, from { $first } to { $last }.
classify-mapped = Your answer calls { $address } { $got }; the IPv4 address in it, { $plain }, is { $want }.
classify-border = Your answer calls { $address } { $got }; the range { $range } goes from { $first } to { $last }.
classify-end = Your answer calls { $address } { $got }; the range { $range } goes from { $first } to { $last }, and { $last } is in it. (In Rust, a..=b has b in it, and a..b has not.)
classify-broadcast = Your answer calls { $address } { $got }. The one address of this kind is 255.255.255.255; whether { $plain } is the broadcast address of its subnet depends on the prefix, and is not asked here.
classify-compatible = Your answer calls { $address } { $got }; it is the loopback address of IPv6. (If your answer calls Ipv6Addr::to_ipv4: that makes 0.0.0.1 of it; to_canonical leaves it as it is.)
classify-inside = Your answer calls { $address } { $got }; { $range } is { $want }.
classify-outside = Your answer calls { $address } { $got }; { $plain } lies in none of the contract's ranges, so it is { $want }.

## Exercise 2.2

called-subnet = your function is called with { $a }, { $b } and { $prefix }
subnet-value = Your answer puts { $a } and { $b } into { $got ->
    [true] one subnet
   *[false] different subnets
} of /{ $prefix }; { $common ->
    [0] they differ in the first bit
    [one] they share only their first bit
   *[other] they share their first { $common } bits
}.
subnet-octets = { subnet-value } It compares whole octets or groups only.
subnet-from-right = { subnet-value } It counts the prefix from the right.
subnet-native-order = { subnet-value } It takes the bits in the byte order of this machine.
subnet-32-bits = { subnet-value } It looks at 32 bits of an IPv6 address.
subnet-64-bits = { subnet-value } It looks at 64 bits of an IPv6 address.
subnet-never-ipv6 = { subnet-value } It says false of all IPv6 addresses.
subnet-families = Your answer puts { $a } and { $b } into one subnet; one is an IPv4 address and the other an IPv6 address.
subnet-mapped = Your answer puts { $a } and { $b } into one subnet; one is an IPv4 address, and the other counts as an IPv6 address, though there is the same IPv4 address in it.
subnet-32-bits-panic = Your answer panicked at two IPv6 addresses and the prefix { $prefix } (line { $line }: { $message }).
subnet-shift-panic = Your answer panicked at the prefix { $prefix } (line { $line }: { $message }).
subnet-wraps = { subnet-value } With the prefix 0 it compares all bits.
subnet-wraps-full = { subnet-value } With the prefix { $prefix } it compares none of the bits.

## Exercise 2.3

called-endpoint = your function is called with { $text } and the default port { $port }
endpoint-refused = Your answer finds no endpoint in { $text }; { $why }.
endpoint-taken = Your answer takes { $text } for an endpoint; { $why }.
endpoint-other = Your answer reads { $text } as { $got }; { $why }.
endpoint-colon = Your answer reads { $text } as { $got }; without brackets, every colon belongs to the IPv6 address.
endpoint-name = Your answer takes the name localhost for an address.
endpoint-two-double-colons = Your answer takes { $text } for an endpoint; :: stands in it twice.
endpoint-port-zero = Your answer takes port 0 for a port to which one can send.
endpoint-port-spelling = Your answer takes { $text } for an endpoint; { $why }.
endpoint-brackets = Your answer takes { $text } for an endpoint; { $why }.
endpoint-octet = Your answer reads { $text } as { $got }; one of the octets begins with 0.
endpoint-octet-sign = Your answer takes { $text } for an endpoint; there is a sign in it.
endpoint-space = Your answer does not mind the white space in { $text }; nothing may stand before, between and behind the parts of an endpoint.
endpoint-zone = Your answer leaves the zone out of { $text }; the contract allows none.
endpoint-port-ignored = Your answer takes the default port for { $text }; { $why }.
endpoint-is-ipv4 = it is an IPv4 address without a port
endpoint-is-ipv4-port = it is an IPv4 address with a port
endpoint-is-ipv6 = it is an IPv6 address without a port
endpoint-is-brackets = it is an IPv6 address in brackets, without a port
endpoint-is-brackets-port = it is an IPv6 address in brackets, with a port
why-space = there is white space in it
why-zone = there is a zone in it, from the % on
why-brackets-ipv4 = brackets are for IPv6 addresses
why-brackets-inside = between the brackets there is no IPv6 address
why-brackets-pair = the brackets are no pair around the address
why-behind = what stands behind the bracket is no port
why-ipv6 = it has more than one colon and is no IPv6 address
why-ipv4 = it is no address, and there is none before a colon
why-nothing = there is no address in it
why-port-empty = there is no port behind the colon
why-port-digits = a port is digits alone
why-port-zero = a port does not begin with 0
why-port-none = nobody can send to port 0
why-port-large = 65535 is the highest port

## Exercise 2.4

called-write = your function is called with { $groups }
write-upper-case = Your answer writes { $got }, in upper case; the contract asks for lower case.
write-zeros-kept = Your answer writes { $got }; the leading zeros of a group are still there.
write-every-run = Your answer writes { $got }; there :: stands more than once.
write-single = Your answer writes { $got }; there :: stands for a single group.
write-first-run = Your answer writes { $got }; there :: stands for the first run of zeros, and a longer one follows.
write-last-run = Your answer writes { $got }; there :: stands for the last one of several runs that are equally long, and the contract asks for the first one.
write-shorter-run = Your answer writes { $got }; there :: stands for a run of zeros that is not the longest.
write-part-of-run = Your answer writes { $got }; there :: stands for a part of a run of zeros, and it always takes the whole run (RFC 5952 §4.2.1).
write-long = Your answer writes { $got }; it is the right address, but not in its shortest spelling.
write-as-display = Your answer writes { $got }, with the end as an IPv4 address, as Rust's Display does for ::ffff:0:0/96; the contract asks for groups in hexadecimal.
write-as-ipv4 = Your answer writes { $got }, with the end as an IPv4 address; the contract asks for groups in hexadecimal.
write-decimal = Your answer writes { $got }; the groups are decimal numbers there, and the contract asks for hexadecimal ones.
write-edge = Your answer writes { $got }; :: is two colons everywhere, also where the address begins or ends with it.
write-three-colons = Your answer writes { $got }; there more than two colons stand side by side.
write-digit-gone = Your answer writes { $got }, which is another address: a 0 at the end of a group is gone, as if it were a group of its own.
write-same-address = Your answer writes { $got }; it is the right address, but not in the spelling of RFC 5952 §4.
write-other-address = Your answer writes { $got }, which is another address.
write-no-address = Your answer writes { $got }, which is no IPv6 address.

## Exercise 2.5

called-port = your function is called with { $ip }
port-value = Ok((a socket at { $local }, { $address }))
port-wanted = a socket at { $ip }, and { $to } with its port
port-other-program = another program opens a socket at { $address }
port-receive = the socket that it returned is read
port-taken = Your answer returned an error ({ $kind }): it asked for a port that was not free.
port-taken-panic = Your answer panicked in line { $line }: it asked for a port that was not free ({ $message }).
port-shared = Your answer returned a socket at { $local }, where an earlier socket of it is still open: what is sent there reaches only one of them.
port-on-all = Your answer was asked for a socket at { $ip }; its socket is at { $local }, and takes what comes from every network.
port-on-loopback = Your answer was asked for a socket at { $ip }; its socket is at { $local }, where no other machine can reach it.
port-elsewhere = Your answer was asked for a socket at { $ip }; its socket is at { $local }.
port-connected = Your answer's socket is connected to { $remote }, and takes what comes from there only.
port-zero = Your answer returned { $address } as the address to send to; its socket is at { $local }.
port-other = Your answer returned { $address } as the address to send to; its socket has another port: it is at { $local }.
port-to-any = Your answer returned { $address } as the address to send to; { $ip } means every address of this machine; as a destination it works on some systems only.
port-other-address = Your answer returned { $address } as the address to send to; the contract asks for { $to } with the socket's port.
port-silent = Nothing of what was sent to { $address } arrived at the socket that your answer returned.
