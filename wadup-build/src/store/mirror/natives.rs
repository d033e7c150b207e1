//! Programs of the build machine in artifacts: the build Python, ninja, maturin. A machine of the same kind may still lack
//! the C library or the libraries that they were linked with.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::command::Program;
use crate::environment::Tool;
use crate::error::{Error, FileContext, Result};
use crate::tree;

/// How a program or library of Linux begins.
const ELF: [u8; 4] = *b"\x7fELF";

/// How those of macOS begin: for one architecture, and for several.
const MACH_O: [[u8; 4]; 2] = [[0xcf, 0xfa, 0xed, 0xfe], [0xca, 0xfe, 0xba, 0xbe]];

/// Refuses programs and libraries that this machine cannot load.
pub(super) fn refuse_foreign(content: &Path) -> Result<()> {
    let mut natives = Vec::new();
    for file in tree::files(content)? {
        let file = content.join(file);
        let beginning = beginning(&file)?;
        if MACH_O.contains(&beginning) {
            let problem = "it is a program for macOS, which only a build there makes";
            return Err(Error::malformed(&file, problem));
        }
        if beginning == ELF {
            natives.push(file);
        }
    }
    if natives.is_empty() {
        return Ok(());
    }
    // It says of a program without libraries, as an error, that it has none.
    let output = Program::new(Tool::System, "sh", "looking for the libraries of programs")
        .args(["-c", "ldd \"$@\" 2>&1 || true", "sh"])
        .args(&natives)
        .output()?;
    match output.lines().find(|line| line.contains("not found")) {
        None => Ok(()),
        Some(line) => {
            let problem = format!("this machine lacks a library: {}", line.trim());
            Err(Error::malformed(content, problem))
        }
    }
}

fn beginning(file: &PathBuf) -> Result<[u8; 4]> {
    let mut beginning = Vec::new();
    File::open(file)
        .and_then(|opened| opened.take(4).read_to_end(&mut beginning))
        .on("read", file)?;
    Ok(beginning.try_into().unwrap_or_default())
}
