//! Files on the disk: where they are looked for, and which of them a pattern takes.

use std::fs;
use std::path::PathBuf;

use foreshock_compiler::files::{Disk, Files, GREATEST_FILE, ReadError};

/// A folder of its own for a test, removed at the end.
struct Folder(PathBuf);

impl Folder {
    /// With these files; a name that ends in `/` is a folder.
    fn new(name: &str, files: &[&str]) -> Folder {
        let path = std::env::temp_dir().join(format!("foreshock-[files]-{name}-{}", std::process::id()));
        let folder = Folder(path);
        folder.add("", b"");
        for file in files {
            folder.add(file, b"x");
        }
        folder
    }

    fn add(&self, file: &str, bytes: &[u8]) {
        let path = self.0.join(file);
        if file.is_empty() || file.ends_with('/') {
            return fs::create_dir_all(path).expect("a folder can be made");
        }
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder can be made");
        fs::write(path, bytes).expect("a file can be written");
    }

    fn disk(&self) -> Disk {
        Disk::at(&self.0)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_pattern_takes_files_sorted_and_neither_folders_nor_what_is_hidden() {
    let folder = Folder::new(
        "glob",
        &["b.yaml", "a.yaml", ".c.yaml", "d.yaml/", "e/f.yaml", ".g/h.yaml", "e/.i.yaml"],
    );
    let check = |pattern: &str, expected: &[&str]| {
        assert_eq!(folder.disk().glob(pattern).expect("a right pattern"), expected, "{pattern}");
    };
    check("*", &["a.yaml", "b.yaml"]);
    check("*.yaml", &["a.yaml", "b.yaml"]);
    check("?.yaml", &["a.yaml", "b.yaml"]);
    check("[b-z].yaml", &["b.yaml"]);
    check("**/*.yaml", &["a.yaml", "b.yaml", "e/f.yaml"]);
    check("*/f.yaml", &["e/f.yaml"]);
    check("none*", &[]);
    check("none/*", &[]);
    assert!(folder.disk().glob("a[").is_err());
    assert!(folder.disk().glob("***").is_err());
}

#[test]
fn a_file_is_read_or_it_is_told_why_not() {
    let folder = Folder::new("read", &["a.yaml", "sub/b.yaml"]);
    folder.add("large", &vec![b'x'; GREATEST_FILE as usize + 1]);
    let check = |path: &str, expected: Result<&[u8], ReadError>| {
        assert_eq!(folder.disk().read(path), expected.map(<[u8]>::to_vec), "{path}");
    };
    check("a.yaml", Ok(b"x"));
    check("sub/../sub/b.yaml", Ok(b"x"));
    check("b.yaml", Err(ReadError::Missing));
    check("a.yaml/b", Err(ReadError::Missing));
    check("sub", Err(ReadError::Folder));
    check("large", Err(ReadError::TooLarge));
}

#[test]
fn names_and_absolute_paths_are_those_of_the_disk() {
    let folder = Folder::new("names", &["b.yaml", "a.yaml", "sub/c.yaml"]);
    assert_eq!(folder.disk().names_in("."), ["a.yaml", "b.yaml", "sub"]);
    assert_eq!(folder.disk().names_in("sub/"), ["c.yaml"]);
    assert!(folder.disk().names_in("none").is_empty());
    let absolute = folder.disk().absolute("sub/c.yaml").expect("it is there");
    assert_eq!(fs::read(absolute).expect("it can be read"), b"x");
    assert_eq!(folder.disk().absolute("none"), None);
}

#[test]
fn files_are_found_below_the_crate_that_cargo_compiles() {
    let disk = Disk::of_crate(None);
    assert!(disk.read("tests/files/disk.rs").is_ok());
    assert_eq!(disk.glob("tests/files/dis*.rs"), Ok(vec!["tests/files/disk.rs".to_string()]));
}

#[test]
fn where_cargo_compiles_another_crate_files_are_found_below_that_of_the_text() {
    let folder = Folder::new("source", &["Cargo.toml", "etc/a.yaml", "src/deep/main.rs"]);
    let disk = Disk::of_crate(Some(folder.0.join("src/deep/main.rs")));
    assert_eq!(disk.read("etc/a.yaml"), Ok(b"x".to_vec()));
    assert_eq!(disk.glob("etc/*"), Ok(vec!["etc/a.yaml".to_string()]));
    // what cargo's crate has comes first
    assert!(disk.read("tests/files/disk.rs").is_ok());
}

#[test]
fn the_file_of_a_macro_call_is_called_as_its_crate_sees_it() {
    let folder = Folder::new("call", &["Cargo.toml", "src/bin/a.rs"]);
    let check = |file: &str, expected: Option<&str>| {
        let disk = Disk::of_crate(Some(folder.0.join(file)));
        assert_eq!(disk.of_call().as_deref(), expected, "{file}");
    };
    check("src/bin/a.rs", Some("src/bin/a.rs"));
    check("src/../src/bin/a.rs", Some("src/bin/a.rs"));
    check("src/nothing.rs", None);
    let alone = Folder::new("alone", &["a.rs"]);
    assert_eq!(Disk::of_crate(Some(alone.0.join("a.rs"))).of_call(), None);
    assert_eq!(Disk::of_crate(None).of_call(), None);
}
