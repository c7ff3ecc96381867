//! The name and the meaning of every byte of a frame, from the link up to the
//! application. No length in it is trusted: a frame may say anything.

use super::meaning::{bytes, ethertype, mac, protocol_name};
use super::span::{Field, Span};
use super::{internet, transport};

/// A frame's layers, outermost first, and what kept us from naming the rest.
pub struct Named {
    pub layers: Vec<Layer>,
    pub problem: Option<String>,
}

/// What one layer wrote: a header, or bytes that nobody here looks into.
pub struct Layer {
    pub place: &'static str,
    /// Its name in the sum of sizes.
    pub name: &'static str,
    pub size: usize,
    pub title: String,
    pub fields: Vec<Field>,
}

/// What an IP packet carries.
pub struct Inside<'a> {
    pub protocol: usize,
    /// Both addresses: the checksums of UDP and TCP cover them too.
    pub addresses: &'a [u8],
    pub data: Span<'a>,
    /// Where in the whole of a fragmented packet this data belongs.
    pub offset: usize,
    /// Whether all of it is here: not cut off, and no fragment.
    pub complete: bool,
}

/// Whether everything could be named, or else one sentence on what could not.
pub type Outcome<T = ()> = Result<T, String>;

/// Names every byte of a frame.
pub fn name(frame: &[u8]) -> Named {
    let mut layers = Vec::new();
    let frame = Span {
        bytes: frame,
        at: 0,
    };
    let problem = ethernet(frame, &mut layers).err();
    Named { layers, problem }
}

/// An Ethernet frame without its frame check sequence, which captures leave out.
fn ethernet(frame: Span, layers: &mut Vec<Layer>) -> Outcome {
    let h = header(frame, 14, ("link", "Ethernet"), layers)?;
    let (_, inside) = frame.split(14);
    let kind = ethertype(h.number(12..14));
    layers.push(Layer {
        place: "link",
        name: "Ethernet",
        size: 14,
        title: String::new(), // it names the padding, which is not known yet
        fields: vec![
            h.field(0..6, "destination MAC", mac(h.get(0..6))),
            h.field(6..12, "source MAC", mac(h.get(6..12))),
            h.field(12..14, "type", &kind),
        ],
    });
    let (what, after) = match kind.as_str() {
        "IPv4" => ("packet", internet::ipv4(inside, layers)),
        "IPv6" => ("packet", internet::ipv6(inside, layers)),
        _ => {
            unnamed("link", &kind, inside, layers);
            ("data", Ok(inside.split(inside.len()).1))
        }
    };
    let padding = after.as_ref().map_or(0, |after| after.len());
    let more = match padding {
        0 => String::new(),
        n => format!(" + padding {n}"),
    };
    let (size, whole) = (inside.len() - padding, bytes(frame.len()));
    layers[0].title = format!("Ethernet header 14 + {what} {size}{more} = a frame of {whole}");
    let title = "padding: the packet has ended before";
    rest("link", "padding", title, after?, layers);
    Ok(())
}

/// Names what an IP packet carries.
pub fn inside(packet: &Inside, layers: &mut Vec<Layer>) -> Outcome {
    if packet.offset > 0 {
        let title = format!(
            "a later fragment: what belongs at byte {} of the data",
            packet.offset
        );
        rest("transport", "data", &title, packet.data, layers);
        return Ok(());
    }
    match packet.protocol {
        6 => transport::tcp(packet, layers),
        17 => transport::udp(packet, layers),
        n => {
            unnamed("transport", &protocol_name(n), packet.data, layers);
            Ok(())
        }
    }
}

/// The first `size` bytes as a header; where they are not there, what is.
pub fn header<'a>(
    from: Span<'a>,
    size: usize,
    (place, name): (&'static str, &str),
    layers: &mut Vec<Layer>,
) -> Outcome<Span<'a>> {
    let here = from.len();
    if here >= size {
        return Ok(from.split(size).0);
    }
    let title = format!("the {name} header, cut off: {here} of {}", bytes(size));
    rest(place, "cut off", &title, from, layers);
    Err(format!(
        "the {name} header is cut off: it has at least {size} bytes, and {here} of them are there"
    ))
}

/// Adds bytes that are no header, if there are any.
pub fn rest(
    place: &'static str,
    name: &'static str,
    title: &str,
    data: Span,
    layers: &mut Vec<Layer>,
) {
    if data.len() > 0 {
        layers.push(Layer {
            place,
            name,
            size: data.len(),
            title: title.into(),
            fields: vec![data.whole(name)],
        });
    }
}

/// Adds what this lab does not know how to name.
fn unnamed(place: &'static str, what: &str, data: Span, layers: &mut Vec<Layer>) {
    let title = format!("{what}, whose bytes this lab does not name");
    rest(place, "data", &title, data, layers);
}

/// An error when a length in a header promises more than is there.
pub fn all_there(what: &str, says: usize, here: usize) -> Outcome {
    if says <= here {
        return Ok(());
    }
    Err(format!(
        "the {what} says that it has {}, and {here} are there",
        bytes(says)
    ))
}
