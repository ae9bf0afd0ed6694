//! Reads a flow's numbers over HTTP, as Prometheus does, and takes the page apart as its text format is described.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::{Flow, PATIENCE, last_lines, until};

/// One page.
#[derive(Debug)]
pub struct Scrape {
    /// The page itself.
    pub text: String,
    /// Families with their types.
    pub types: BTreeMap<String, String>,
    /// Each number, by family and labels (`instance="01",node="x"`) as they are written.
    numbers: BTreeMap<(String, String), f64>,
}

/// Where a flow that was started with `--metrics` and port 0 tells its numbers, by its log.
///
/// # Panics
/// If it does not say.
#[track_caller]
pub fn address(flow: &Flow) -> SocketAddr {
    until("the address of the metrics", || {
        let stderr = flow.stderr();
        let said = stderr.lines().find_map(|line| line.split("metrics are at http://").nth(1));
        let address = said.and_then(|rest| rest.split("/metrics").next()?.parse().ok());
        address.ok_or_else(|| last_lines(&stderr))
    })
}

/// The page at an address.
///
/// # Panics
/// If there is none, or it is not as the format says.
#[track_caller]
pub fn scrape(address: SocketAddr) -> Scrape {
    let mut stream = TcpStream::connect(address).expect("somebody listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time that is not zero");
    write!(stream, "GET /metrics HTTP/1.1\r\nHost: {address}\r\nAccept: text/plain\r\n\r\n")
        .expect("a request");
    let mut response = String::new();
    stream.read_to_string(&mut response).expect("a page, and then the end");
    let (head, text) = response.split_once("\r\n\r\n").expect("a head and a page");
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    Scrape::parse(text)
}

impl Scrape {
    #[track_caller]
    fn parse(text: &str) -> Scrape {
        let mut scrape = Scrape { text: text.to_owned(), types: BTreeMap::new(), numbers: BTreeMap::new() };
        let (mut helped, mut current) = (String::new(), String::new());
        assert!(text.ends_with('\n'), "the last line ends too");
        for line in text.lines() {
            if let Some(help) = line.strip_prefix("# HELP ") {
                help.split_once(' ').expect("a name and a text").0.clone_into(&mut helped);
            } else if let Some(of_type) = line.strip_prefix("# TYPE ") {
                let (name, ty) = of_type.split_once(' ').expect("a name and a type");
                assert_eq!(name, helped, "help comes first");
                name.clone_into(&mut current);
                let before = scrape.types.insert(current.clone(), ty.to_owned());
                assert_eq!(before, None, "{name} is told once");
            } else {
                scrape.take(line, &current);
            }
        }
        scrape
    }

    /// One line with a number.
    #[track_caller]
    fn take(&mut self, line: &str, current: &str) {
        let (series, number) = line.rsplit_once(' ').unwrap_or_else(|| panic!("no number: {line}"));
        let number: f64 = number.parse().unwrap_or_else(|error| panic!("{error}: {line}"));
        let (name, labels) = series.split_once('{').unwrap_or_else(|| panic!("no labels: {line}"));
        assert_eq!(name, current, "numbers follow their family");
        let labels = labels.strip_suffix('}').unwrap_or_else(|| panic!("labels without an end: {line}"));
        let before = self.numbers.insert((name.to_owned(), labels.to_owned()), number);
        assert_eq!(before, None, "a series is there once: {line}");
    }

    /// A number, by its family and a part of its labels; `None` if there is none.
    ///
    /// # Panics
    /// If there are several.
    #[track_caller]
    pub fn find(&self, name: &str, label: &str) -> Option<f64> {
        let mut found = self.numbers.iter().filter(|((of, labels), _)| of == name && labels.contains(label));
        let number = found.next().map(|(_, number)| *number);
        assert!(found.next().is_none(), "{name} is there several times with {label}");
        number
    }

    /// The number of a node.
    ///
    /// # Panics
    /// If it has none of this name.
    #[track_caller]
    pub fn of(&self, node: &str, name: &str) -> f64 {
        let found = self.find(name, &format!("node=\"{node}\""));
        found.unwrap_or_else(|| panic!("no {name} of {node} in\n{}", self.text))
    }

    /// How many series there are.
    pub fn series(&self) -> usize {
        self.numbers.len()
    }
}

/// Opens a connection to an address, and asks for half a page.
///
/// # Panics
/// If nobody listens.
#[track_caller]
pub fn half_a_request(address: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(5)).expect("somebody listens");
    stream.write_all(b"GET /metr").expect("it takes a few bytes");
    stream
}
