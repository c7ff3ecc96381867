//! The less usual ends of a connection.

use std::error::Error;
use std::io::{Read, Write};
use std::time::Duration;

use crate::stage::{End, Stage, bound, connect, given};

type Done = Result<(), Box<dyn Error>>;

/// What the server's end reads.
fn read(server: &End) -> String {
    format!(
        "server: read: {}",
        given((&server.socket).read(&mut [0; 8]))
    )
}

// ANCHOR: reset
/// With SO_LINGER at 0 seconds, a close resets the connection.
pub fn reset(stage: &mut Stage) -> Done {
    let [client, server] = stage.open()?;
    client.socket.set_linger(Some(Duration::ZERO))?;
    drop(client);
    stage.show("client: set_linger(0), drop")?;
    stage.show(read(&server))
}
// ANCHOR_END: reset

// ANCHOR: vanish
/// The client's RST is lost, as if the client had lost its power: nobody tells
/// the server until it sends something.
pub fn vanish(stage: &mut Stage) -> Done {
    let [client, server] = stage.open()?;
    client.socket.set_linger(Some(Duration::ZERO))?;
    stage.lose(&server)?;
    drop(client);
    stage.show("client: set_linger(0), drop")?;
    stage.hear(&server)?;
    let sent = given((&server.socket).write(b"hello"));
    stage.show(format!("server: write: {sent}"))?;
    stage.show(read(&server))
}
// ANCHOR_END: vanish

// ANCHOR: full_queue
/// The queue has room for one (on Linux one more than the backlog), and another
/// client has taken it. Nobody answers this client's SYN until there is room.
pub fn full_queue(stage: &mut Stage) -> Done {
    stage.listen(0, "server: bind, listen(0)")?;
    let other = stage.new_client()?;
    connect(&other.socket, stage.connection.server)?;
    stage.show("another client: connect")?;

    let client = stage.new_client()?;
    connect(&client.socket, stage.connection.server)?;
    stage.show_unanswered("client: connect")?;

    let _other = stage.accept("server: accept the other")?;
    let _server = stage.accept("server: accept")?;
    Ok(())
}
// ANCHOR_END: full_queue

// ANCHOR: restart
/// The server closed first, so its end is in TIME-WAIT, at the port that the
/// next server wants. The first listener had SO_REUSEADDR, as those of std have
/// it on Unix; its connection inherited that, which Linux asks for too.
pub fn restart(stage: &mut Stage) -> Done {
    let [client, server] = stage.open()?;
    drop(server);
    stage.show("server: drop the connection")?;
    drop(client);
    stage.show("client: drop")?;
    stage.listener = None;
    stage.show("server: drop the listener")?;

    let refused = given(bound(stage.connection.server, false));
    stage.show(format!("server 2: bind: {refused}"))?;
    stage.listener = Some(bound(stage.connection.server, true)?);
    stage.show("server 3: set_reuse_address, bind")?;
    stage.listen(8, "server 3: listen(8)")?;

    let refused = given(bound(stage.connection.server, true));
    stage.show(format!("server 4: the same: {refused}"))
}
// ANCHOR_END: restart
