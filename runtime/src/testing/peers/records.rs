//! What simulated servers have received, and what they have let their clients believe. Written by the servers, read by checks.

use crate::core::Time;

/// What all servers of a simulation have seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records {
    /// Each server, in the order in which they were named.
    pub servers: Vec<ServerRecord>,
    /// What happened, in words, where somebody wants to know.
    pub(crate) journal: Option<Vec<String>>,
    hash: u64,
}

/// What one server has seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerRecord {
    /// Its host name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Its connections whose handshake it has read, in the order of time.
    pub connections: Vec<ConnectionRecord>,
    /// Messages that its pongs cover, on all connections together.
    pub covered: u64,
    /// Whether a liar has sent a pong for a ping that it had not read: then its clients may believe more than what is `covered`.
    pub has_lied: bool,
    /// Whether it has closed with a code that blames what it was sent: 1003, 1007 or 1009.
    pub has_complained: bool,
}

/// What one server has seen of one connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectionRecord {
    /// What the client calls the connection (`Sec-WebSocket-Key`).
    pub key: String,
    /// The messages that it has received.
    pub messages: Vec<Message>,
    /// How many of them lie before a ping that it has answered: at most so many may its client believe to be received.
    pub covered: usize,
    /// How many pings it has answered.
    pub pongs: u64,
    /// The payloads of pongs that it has sent for pings that it had not read.
    pub lies: Vec<Vec<u8>>,
    /// The code with which it has closed.
    pub closed_with: Option<u16>,
}

/// A message that a server has received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// When it was read, since the simulation began.
    pub at: Time,
    /// What is in it.
    pub text: String,
}

impl Records {
    /// Nothing yet, of these servers.
    pub(crate) fn new(servers: &[(String, u16)], with_journal: bool) -> Records {
        let record = |(host, port): &(String, u16)| ServerRecord {
            host: host.clone(),
            port: *port,
            ..ServerRecord::default()
        };
        Records {
            servers: servers.iter().map(record).collect(),
            journal: with_journal.then(Vec::new),
            hash: 0xcbf2_9ce4_8422_2325,
        }
    }

    /// The connection with this key, once its server has read its handshake.
    pub fn connection(&self, key: &str) -> Option<&ConnectionRecord> {
        let (server, connection) = self.find(key)?;
        Some(&self.servers[server].connections[connection])
    }

    /// Where it is: which server's, and which of its connections.
    pub fn find(&self, key: &str) -> Option<(usize, usize)> {
        let mut servers = self.servers.iter().enumerate();
        servers.find_map(|(server, record)| {
            let connection = record.connections.iter().rposition(|record| record.key == key)?;
            Some((server, connection))
        })
    }

    /// What a server has received on all its connections, in the order of time.
    ///
    /// # Panics
    /// There is no such server.
    pub fn received(&self, host: &str) -> Vec<&str> {
        let server = self.servers.iter().find(|server| server.host == host);
        let server = server.unwrap_or_else(|| panic!("no server `{host}` was named"));
        let mut all: Vec<&Message> = server.connections.iter().flat_map(|record| &record.messages).collect();
        all.sort_by_key(|message| message.at);
        all.into_iter().map(|message| message.text.as_str()).collect()
    }

    /// A number that differs where anything of this happened otherwise, or at another time.
    pub(crate) fn hash(&self) -> u64 {
        self.hash
    }

    /// Notes for [`Records::hash`] that this happened now.
    pub(crate) fn mix(&mut self, now: Time, server: usize, bytes: &[u8]) {
        let head = u64::try_from(now.as_duration().as_nanos()).unwrap_or(u64::MAX) ^ ((server as u64) << 56);
        let words = bytes.chunks(8).map(|chunk| {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            u64::from_le_bytes(word)
        });
        for word in std::iter::once(head).chain(words) {
            self.hash = (self.hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
        }
    }

    /// A line for the journal, which is made only where somebody reads it.
    pub(crate) fn tell(&mut self, now: Time, line: impl FnOnce() -> String) {
        if let Some(journal) = &mut self.journal {
            journal.push(format!("{:>9.3} ms  {}", now.as_duration().as_secs_f64() * 1000.0, line()));
        }
    }
}
