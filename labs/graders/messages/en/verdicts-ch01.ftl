# What the grader says of answers to the exercises of chapter 1.

## Exercise 1.1

called-transfer = your function is called ({ $size }, { $rate } Mb/s, a delay of { $delay })
transfer-size = { $count ->
    [one] 1 byte
   *[other] { $shown } bytes
}
transfer-packets = { $count ->
    [one] 1 packet
   *[other] { $shown } packets
}
transfer-megabytes = { $count ->
    [one] 1 megabyte
   *[other] { $shown } megabytes
}
transfer-bytes = Your answer lets a line of { $rate } Mb/s carry { $megabytes } a second. The { $total } bytes on the line are { $bits } bits.
transfer-divided = Your answer divides by 8 to get bits. The { $total } bytes on the line are { $bits } bits.
transfer-extra-in-bytes = Your answer counts the file in bits, and the 78 bytes of each packet in bytes. All { $total } bytes on the line are { $bits } bits.
transfer-mega = Your answer takes { $rate } Mb/s for { $binary } bits a second. A line of { $rate } Mb/s carries { $decimal }.
transfer-no-extra = Your answer lets only the file's own { $size } take time on the line. In { $packets } the file takes { $total } bytes there.
transfer-extra-once = Your answer adds 78 bytes once. The file goes in { $packets }, and each of them takes 78 bytes more.
transfer-full-packets = Your answer makes every packet a full one. The last packet of this file carries { $last } of it.
transfer-padded = Your answer fills a short packet up to { $filled } bytes on the line. Ethernet does, and the contract leaves that out: each packet takes 78 bytes more than it carries of the file, and the last one carries { $last }.
transfer-packets-cut = Your answer counts { $counted } for { $size }. There are { $packets }: the last one carries { $last }.
transfer-packets-in-parts = Your answer counts { $counted } packets for { $size }. There are { $packets }. The last one carries { $last }, and takes 78 bytes more as every other one does.
transfer-packets-one-more = Your answer counts { $counted } for { $size }. They fill { $packets }, and nothing is left for one more.
transfer-room = Your answer puts { $room } bytes of the file into a packet. It carries up to 1,460, and takes 78 bytes more on the line.
transfer-delay-each = Your answer adds the delay for every packet, and the file goes in { $packets }.
transfer-delay-each-twice = Your answer adds the delay twice for every packet, as if each of them waited for an answer.
transfer-no-delay = Your answer leaves the delay out. The last packet has entered the line after { $entering }, and has come out { $delay } later.
transfer-delay-or-rate = Your answer takes the longer one of two times. The last packet has entered the line after { $entering }, and its end then still has a way of { $delay }.
transfer-delay-twice = Your answer adds the delay twice. The file goes one way, and nothing comes back.
transfer-delay-half = Your answer adds half of the delay. What enters the line comes out the whole { $delay } later.
transfer-delay-seconds = Your answer adds only the whole seconds of the delay, which is { $delay }.
transfer-delay-millis = Your answer adds only the whole milliseconds of the delay, which is { $delay }.
transfer-scale = A unit is wrong by a factor of { $factor } somewhere in your answer, so the time on the line is much too { $word ->
    [long] long
   *[short] short
}.
transfer-seconds = Your answer drops what is less than a second. The result has to be right to a microsecond.
transfer-millis = Your answer drops what is less than a millisecond. The result has to be right to a microsecond.
transfer-rounding = Your answer is { $off } too { $word ->
    [long] long
   *[short] short
}: something was rounded too early, or too much. Round once, at the end, and not for each packet; an f32 keeps only 6 or 7 digits.
transfer-wrong = Your answer is { $off } too { $word ->
    [long] long
   *[short] short
}. The file goes in { $packets }: { $total } bytes on the line, which need { $entering } to enter it.
transfer-changed = Your answer was called with these values twice. It returned { $first } at first, and { $now } later.
transfer-overflow = Your answer panicked{ $line ->
    [0] { "" }
   *[other] { " in line " }{ $line }
} ({ $message }): with { $size }, some number on the way to the result is larger than its type can hold.
transfer-zero = Your answer panicked in line { $line } ({ $message }): a division of whole numbers drops the rest, and that left 0 here.
transfer-no-duration = Your answer panicked ({ $message }): a number of seconds was below zero, endless, or the result of a division of 0 by 0.
transfer-sleeps = Your answer waits. Nothing is sent here: the function only computes how long it would take, and returns that at once.
transfer-loops = Your answer had no result in time. The file goes in { $packets }: too many to look at each of them.

## Exercise 1.2

called-encapsulate = your function is called ({ $size } of data{ $bytes })
encapsulate-from = { "  " }from     { $mac }  { $ip }  port { $port }
encapsulate-to = { "  " }to       { $mac }  { $ip }  port { $port }
encapsulate-router = { "  " }router   { $mac }
encapsulate-no-router = { "  " }router   None
encapsulate-frame = a frame of { $size }
encapsulate-differs = { "  " }byte { $at }  { $field }  { $got }, should be { $want }
encapsulate-more = { "  " }and { $count ->
    [one] 1 more field
   *[other] { $count } more fields
}
encapsulate-missing = nothing
field-destination-mac = destination MAC address
field-source-mac = source MAC address
field-ethertype = EtherType
field-version = version, header length
field-service = DSCP, ECN
field-total-length = total length
field-identification = identification
field-flags = flags, fragment offset
field-ttl = time to live
field-protocol = protocol
field-header-checksum = header checksum
field-source-ip = source IP address
field-destination-ip = destination IP address
field-source-port = source port
field-destination-port = destination port
field-udp-length = UDP length
field-udp-checksum = UDP checksum
field-data = data
part-ethernet = Ethernet header
part-ipv4 = IPv4 header
part-udp = UDP header
part-data = data
encapsulate-nothing = Your answer returned no bytes at all.
encapsulate-order-of-parts = Your answer's frame is: { $order }. On the line the order is Ethernet header, IPv4 header, UDP header, data.
encapsulate-padded = Your answer's frame is filled with zeros to { $len } bytes. That is left to the network card: the frame ends with the data.
encapsulate-frame-check = Your answer's frame has 4 bytes behind the data. A frame check is left to the network card: the frame ends with the data.
encapsulate-more-behind = Your answer's frame has { $more } behind the data: the frame ends with the data.
encapsulate-more-in-front = Your answer's frame has { $more } in front of the Ethernet header: the frame begins with that.
encapsulate-macs = Your answer puts the source's MAC address first, where the destination's belongs.
encapsulate-far-mac = Your answer sends the frame to { $far }, the MAC address of a host on another link. Between the two links is the router { $router }.
encapsulate-neighbour-by-numbers = Your answer sends the frame to { $far }, the MAC address of a host on another link, and would send it to the router if the IP addresses were others. The numbers of { $from } and { $to } alone do not tell who shares a link: there is a router between these two.
encapsulate-router-by-numbers = Your answer looks for a router between { $from } and { $to }, and would not if the IP addresses were others. Their numbers alone do not tell who shares a link: `router` is None, so these two do.
encapsulate-router-sends = Your answer lets the router send the frame. It is sent by this host, to the router.
encapsulate-ips = Your answer puts the destination's IP address where the source's belongs.
encapsulate-ports = Your answer puts the destination's port where the source's belongs.
encapsulate-total-length = Your answer's total length is { $counted }. The whole packet has { $packet }: 20 of IPv4 header, 8 of UDP header, and { $data } of data.
encapsulate-total-length-of-frame = Your answer's total length counts the Ethernet header too. The IPv4 packet has { $packet }, from the first one of its own header on.
encapsulate-udp-length = Your answer's UDP length is { $data }, that of the data. The datagram has { $datagram }: 8 of header come first.
encapsulate-udp-length-of-packet = Your answer's UDP length counts the IPv4 header too. The datagram has { $datagram }: 8 of header, and { $data } of data.
encapsulate-version = The first byte of your answer's IPv4 header is { $got }: version { $version }, and a header of { $words ->
    [one] 1 word
   *[other] { $words } words
} of 4 bytes. It should say version 4, and 5 words.
encapsulate-flags = Your answer's flags and fragment offset are { $got }. Of these 16 bits the second one is "don't fragment", and it alone should be set: { $want }.
encapsulate-byte-order = Your answer wrote the { $field } as { $got }. Its bytes stand in reverse: it should be { $want }.
encapsulate-low-byte = Your answer's { $field } is { $got }: only the lower one of its two bytes is there. It should be { $want }.
encapsulate-sum-of-packet = Your answer's header checksum, { $got }, covers more than the IPv4 header. That of the 20 bytes of the header is { $want }.
encapsulate-sum-of-data = Your answer's header checksum, { $got }, covers what comes behind the IPv4 header. That of the 20 bytes of the header is { $want }.
encapsulate-no-sum = Your answer's header checksum is 0. Only UDP can do without one: that of this IPv4 header is { $want }.
encapsulate-sum-turned = Your answer's header checksum is { $got }, and should be { $want }: its bits were inverted once too often. The function checksum does that already.
encapsulate-sum-of-part = Your answer's header checksum, { $got }, is that of the first { $part } of the IPv4 header. That of all 20 bytes is { $want }.
encapsulate-sum = Your answer's header checksum is { $got }. That of the 20 bytes of its IPv4 header, computed with 0 in place of the checksum, is { $want }.
encapsulate-udp-sum-bare = Your answer's UDP checksum, { $got }, covers the datagram alone. A pseudo header comes before that: both IP addresses, 0, the protocol and the UDP length. Then it is { $want }; it may also be 0.
encapsulate-udp-sum = Your answer's UDP checksum is { $got }. Computed with its pseudo header it is { $want }; it may also be 0.
encapsulate-field = Your answer's { $field } is { $got } in hexadecimal, and should be { $want }.
encapsulate-length = Your answer's frame has { $len }. It should have { $all }: 14 of Ethernet header, 20 of IPv4 header, 8 of UDP header, and { $data } of data. It goes wrong in the field "{ $field }", which begins at byte { $at }.
encapsulate-changed = Your answer was called with these values twice. Its frame was right at first, and is another one now.

## Exercise 1.3

called-decapsulate = your function is called with a frame of { $size }
decapsulate-field = { "  " }byte { $at }   { $field }   { $bytes }   { $meaning }
decapsulate-ends = { "  " }then the frame ends, after { $size }, inside the { $number }
is-ipv4 = IPv4
is-arp = ARP
is-ipv6 = IPv6
is-tag = a VLAN tag
is-other-ethertype = something else than IPv4
is-header = version 4, { $header } bytes
is-version = version { $version }
is-header-too-short = version 4, { $header } bytes: too short for a header
is-udp = UDP
is-tcp = TCP
is-icmp = ICMP
is-other-protocol = protocol { $protocol }
is-value = { $value }
is-service = DSCP { $dscp }, ECN { $ecn }
is-whole = a whole packet
is-first-fragment = the first fragment of a packet
is-later-fragment = a fragment, { $offset } bytes into its packet
is-packet = { $total }: the packet is frame[14..{ $packet }]
is-total-too-short = { $total }: too short for both headers
is-total-too-long = { $total }: the packet would be frame[14..{ $packet }]
is-datagram = { $length }: the data is frame[{ $data }..{ $end }]
is-length-too-short = { $length }: too short for the UDP header
is-length-too-long = { $length }: the datagram would be frame[{ $udp }..{ $end }]
decapsulate-took-short = Your answer found a datagram in a frame that ends inside its { $number }.
decapsulate-took-ethertype = Your answer found a datagram in a frame with the EtherType { $number }. That of IPv4 is 08 00.
decapsulate-took-version = Your answer found a datagram in a packet of IP version { $number }.
decapsulate-took-header = Your answer found a datagram in a packet whose IPv4 header says that it has { $number } bytes. No IPv4 header is shorter than 20.
decapsulate-took-protocol = Your answer found a datagram in a packet of protocol { $number }. That of UDP is 17.
decapsulate-took-fragment = Your answer found a datagram in a fragment. Its flags and fragment offset are { $number }: either more fragments follow, or this one is not the first.
decapsulate-took-total-short = Your answer found a datagram in a packet with a total length of { $number }. The IPv4 header has { $header } bytes, the UDP header 8.
decapsulate-took-total-long = Your answer found a datagram in a packet with a total length of { $number }. The frame has { $size }, and 14 of them come before the packet.
decapsulate-took-length-short = Your answer found a datagram whose UDP length is { $number }. Its header alone has 8 bytes.
decapsulate-took-length-long = Your answer found a datagram whose UDP length is { $number }. The packet has a total length of { $total }, and { $header } bytes of that are the IPv4 header.
decapsulate-panicked = Your answer panicked at a frame that carries no whole datagram. The contract asks for None.
decapsulate-panicked-whole = Your answer panicked at a frame that carries a whole datagram.
decapsulate-panics = your function panics{ $line ->
    [0] { "" }
   *[other] { " in line " }{ $line }
}: { $message }
decapsulate-missed = Your answer found nothing in a frame that carries a whole datagram.
decapsulate-other-ports = Your answer returned other ports than those of the datagram.
decapsulate-other-data = Your answer returned as many bytes as the datagram carries, but other ones.
decapsulate-other-length = Your answer returned { $found }. The datagram carries { $all }.
decapsulate-order-ethertype = Your answer reads the EtherType with its low byte first: 08 00 is 0x0800.
decapsulate-order-lengths = Your answer reads the lengths with their low bytes first. The UDP length of this frame is { $length }.
decapsulate-order-ports = Your answer read the source port as { $from }, with its low byte first. It is { $want-from }.
decapsulate-order = Your answer reads numbers with their low bytes first. The source port of this frame is { $want-from }, the UDP length { $length }.
decapsulate-words = Your answer takes the header's length for a number of bytes. It counts words of 4 bytes: this IPv4 header has { $header } bytes.
decapsulate-twenty = Your answer takes the IPv4 header for one of 20 bytes. This one has { $header }, with its options, so the UDP header begins at byte { $udp }.
decapsulate-no-options = Your answer found nothing behind an IPv4 header of { $header } bytes. It has options, and the datagram behind them is whole.
decapsulate-total-length = Your answer takes the total length for the length of what comes behind the IPv4 header. It counts the header too: the packet is frame[14..{ $packet }].
decapsulate-udp-length = Your answer takes the UDP length for the length of the data. It counts the 8 bytes of header too: the data is frame[{ $data }..{ $end }].
decapsulate-ports = Your answer returned the destination port first, and the source port second.
decapsulate-whole-frame = Your answer returned { $found }: all that is left of the frame. The datagram carries { $all }.
decapsulate-whole-packet = Your answer returned { $found }: all that is left of the packet. The datagram carries { $all }.
decapsulate-no-padding = Your answer found nothing in a frame that is longer than its packet. The packet is whole.
decapsulate-no-surplus = Your answer found nothing in a packet that is longer than its datagram. The datagram is whole.
decapsulate-no-flags = Your answer takes this packet for a fragment. Of the flags only "don't fragment" is set, and its offset is 0: it is whole.
decapsulate-header-too = Your answer returned the UDP header together with the data, which begins at byte { $data }.
decapsulate-no-empty = Your answer found nothing in a frame whose datagram is whole, and has no data. The contract asks for its ports and for no bytes.
decapsulate-preamble = Your answer takes the first 8 bytes for a preamble. The frame begins with the Ethernet header.
decapsulate-frame-check = Your answer takes the last 4 bytes for the frame check. That is gone already.
decapsulate-too-short = Your answer found nothing in a frame of { $size }. It is shorter than a frame on the wire, and it carries a whole datagram.
decapsulate-refused-destination-mac = Your answer refuses a frame because it is for { $value }. It carries a whole datagram, whoever is to have it.
decapsulate-refused-source-mac = Your answer refuses a frame because it comes from { $value }. It carries a whole datagram, whoever sent it.
decapsulate-refused-service = Your answer refuses a frame because its packet has { $value }. These bits tell routers how to treat it; the datagram in it is whole.
decapsulate-refused-identification = Your answer refuses a frame because its packet's identification is { $value }. That number tells fragments which packet they belong to, and this packet is whole.
decapsulate-refused-ttl = Your answer refuses a frame because its packet's time to live is { $value }. That is for routers: a host does not drop a packet for it (RFC 1122 §3.2.1.7).
decapsulate-refused-source-ip = Your answer refuses a frame because its packet comes from { $value }. It carries a whole datagram, whoever sent it.
decapsulate-refused-destination-ip = Your answer refuses a frame because its packet is for { $value }. It carries a whole datagram, whoever is to have it.
decapsulate-refused-source-port = Your answer refuses a frame because its source port is { $value }. { $value ->
    [0] UDP allows that: 0 says that the field is not used (RFC 768).
   *[other] Any number is allowed there.
}
decapsulate-refused-destination-port = Your answer refuses a frame because its destination port is { $value }. Whether a program is there or can be does not matter here: the datagram is whole.
decapsulate-refused-udp-checksum = Your answer refuses a frame because its UDP checksum is 0. In IPv4 that says that there is none (RFC 768).
decapsulate-refused-long = Your answer refuses a frame of { $size }, and takes shorter ones. A packet on plain Ethernet has 1,500 bytes at the most; other links carry longer ones, and the contract sets no limit.
decapsulate-overflow = Your answer panicked at a frame that carries a whole datagram. Its total length is { $total }, and some number on the way is larger than its type can hold.
decapsulate-changed = Your answer was called with this frame twice. It read it rightly at first, and otherwise now.
