//! The files that a script makes, and a directory that keeps them. Frames are written by what the journal's page says of the
//! format, not by the runtime's own code.

use std::collections::BTreeMap;

use foreshock::core::{FileDone, FileError, FileReply, FileRequest, FileTrouble, Storage};

use crate::bytes::Script;

pub(crate) const PIPELINE: &str = "p";
pub(crate) const OPERATOR: &str = "log";
pub(crate) const INSTANCE: &str = "01";

/// The files of a log's directory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files(BTreeMap<String, Vec<u8>>);

impl Files {
    pub(crate) fn names(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }

    pub(crate) fn read(&self, name: &str) -> &[u8] {
        &self.0[name]
    }

    /// Does all that is asked; whether anything was.
    pub(crate) fn serve(&mut self, storage: &mut Storage) -> bool {
        let is_asked = !storage.requests.is_empty();
        for request in storage.requests.drain(..) {
            storage.replies.push_back(self.one(request));
        }
        is_asked
    }

    fn one(&mut self, request: FileRequest) -> FileReply {
        let there = |file: &Files, name: &str| match file.0.get(name) {
            Some(bytes) => Ok(bytes.clone()),
            None => Err(FileError { trouble: FileTrouble::Failed, text: "no such file".to_owned() }),
        };
        Ok(match request {
            FileRequest::Open => FileDone::Opened(
                self.0.iter().map(|(name, bytes)| (name.as_str().into(), bytes.len() as u64)).collect(),
            ),
            FileRequest::Read(file) => FileDone::Read(there(self, &file)?),
            FileRequest::Append { file, bytes } => {
                self.0.entry(file.to_string()).or_default().extend_from_slice(&bytes);
                FileDone::Appended(bytes)
            }
            FileRequest::Sync(file) => {
                there(self, &file)?;
                FileDone::Done
            }
            FileRequest::Rename { from, to } => {
                let bytes = there(self, &from)?;
                self.0.remove(&*from);
                self.0.insert(to.to_string(), bytes);
                FileDone::Done
            }
            FileRequest::Remove(file) => {
                self.0.remove(&*file);
                FileDone::Done
            }
            FileRequest::SyncDirectory => FileDone::Done,
        })
    }
}

/// The files that a script makes. Its first byte says whether all behind it is one file of records as it stands.
pub(crate) fn written(data: &[u8]) -> Files {
    let mut files = Files::default();
    let mut script = Script(data);
    if script.byte() == b'R' {
        files.0.insert("0000000001.wal".to_owned(), script.0.to_vec());
        return files;
    }
    let mut file = Vec::new();
    let mut name = "0000000001.wal".to_owned();
    while !script.is_over() {
        match script.byte() % 10 {
            0 => {
                files.0.insert(std::mem::take(&mut name), std::mem::take(&mut file));
                let kind = script.one_of(&["wal", "acks", "wal", "broken", "jsonl"]);
                name = format!("{:010}.{kind}", script.number());
                file = files.0.get(&name).cloned().unwrap_or_default();
            }
            1 => {
                let (seq, ingest_ns) = (script.number(), script.number());
                let origin = (ingest_ns % 2 == 0).then(|| (script.number() as u32, script.number()));
                frame(&mut file, &record(seq, ingest_ns, origin, script.some()));
            }
            2 => frame(&mut file, &acks(&mut script)),
            3 => frame(&mut file, &header(&mut script)),
            4 => file.extend_from_slice(script.some()),
            5 => frame(&mut file, script.some()),
            6 => file.truncate(file.len().saturating_sub(script.byte().into())),
            7 => {
                let (back, bit) = (usize::from(script.byte()), script.byte() % 8);
                if let Some(at) = file.len().checked_sub(back + 1) {
                    file[at] ^= 1 << bit;
                }
            }
            8 => file.resize(file.len() + usize::from(script.byte()), 0),
            _ => file.extend_from_slice(&[0; 4]),
        }
    }
    files.0.insert(name, file);
    files
}

fn frame(file: &mut Vec<u8>, body: &[u8]) {
    let len = (body.len() as u32).to_le_bytes();
    file.extend_from_slice(&len);
    file.extend_from_slice(&crc32c::crc32c(&[&len, body].concat()).to_le_bytes());
    file.extend_from_slice(body);
}

fn record(seq: u64, ingest_ns: u64, origin: Option<(u32, u64)>, payload: &[u8]) -> Vec<u8> {
    let mut body = vec![2];
    body.extend_from_slice(&seq.to_le_bytes());
    body.extend_from_slice(&ingest_ns.to_le_bytes());
    body.push(u8::from(origin.is_some()));
    if let Some((source, id)) = origin {
        body.extend_from_slice(&source.to_le_bytes());
        body.extend_from_slice(&id.to_le_bytes());
    }
    body.extend_from_slice(payload);
    body
}

fn acks(script: &mut Script<'_>) -> Vec<u8> {
    let mut body = vec![3];
    for _ in 0..script.byte() % 8 {
        for mut number in [script.number(), script.number()] {
            while number > 0x7f {
                body.push(number as u8 | 0x80);
                number >>= 7;
            }
            body.push(number as u8);
        }
    }
    body
}

fn header(script: &mut Script<'_>) -> Vec<u8> {
    let mut body = vec![1];
    let choice = script.byte();
    body.extend_from_slice(&(if choice == 1 { 2_u16 } else { 1 }).to_le_bytes());
    for _ in 0..3 {
        body.extend_from_slice(&script.number().to_le_bytes());
    }
    let names = if choice == 2 { ["q", OPERATOR, "ü"] } else { [PIPELINE, OPERATOR, INSTANCE] };
    for name in names {
        body.extend_from_slice(&(name.len() as u32).to_le_bytes());
        body.extend_from_slice(name.as_bytes());
    }
    let marks = u32::from(script.byte() % 4);
    body.extend_from_slice(&(marks + u32::from(choice == 3)).to_le_bytes());
    for _ in 0..marks {
        body.extend_from_slice(&(script.number() as u32).to_le_bytes());
        body.extend_from_slice(&script.number().to_le_bytes());
    }
    body.push(b'.');
    body
}
