//! A static library whose symbols are hidden.

use std::fs;
use std::path::{Path, PathBuf};

use super::ar::{self, Member};
use super::names::{Names, Public};
use crate::error::{Error, FileContext, Result};
use crate::object::Refusal;
use crate::store::RecipeDirs;
use crate::toolchain::Toolchain;

/// A static library before hiding.
pub(super) struct Library {
    file: PathBuf,
    bytes: Vec<u8>,
    public: Public,
}

/// The symbols that the libraries define, except public ones.
pub(super) fn names_of(libraries: &[Library]) -> Result<Names> {
    let mut names = Names::default();
    for library in libraries {
        library.hide(&mut names)?;
    }
    Ok(names)
}

impl Library {
    /// Reads a library.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(super) fn read(file: &Path, public: Public) -> Result<Self> {
        Ok(Self {
            file: file.to_owned(),
            bytes: fs::read(file).on("read", file)?,
            public,
        })
    }

    fn members(&self) -> Result<Vec<Member<'_>>> {
        ar::members(&self.bytes).map_err(|problem| Error::malformed(&self.file, problem))
    }

    /// Adds the symbols that this library defines to the hidden names.
    fn hide(&self, names: &mut Names) -> Result<()> {
        for member in self.members()? {
            names
                .hide(member.content, self.public)
                .map_err(|refusal| self.malformed(&member, refusal))?;
        }
        Ok(())
    }

    /// Writes the library to the folder `lib`, with all hidden names replaced.
    pub(super) fn write_renamed(
        &self,
        names: &Names,
        toolchain: &Toolchain,
        dirs: &RecipeDirs<'_>,
    ) -> Result<()> {
        let name = self.file.file_name().unwrap_or_default();
        let mut objects = Vec::new();
        for (number, member) in self.members()?.iter().enumerate() {
            let renamed = names
                .rename(member.content)
                .map_err(|refusal| self.malformed(member, refusal))?;
            // Two members may have the same name.
            let folder = dirs.scratch.join(name).join(number.to_string());
            fs::create_dir_all(&folder).on("create", &folder)?;
            let object = folder.join(&member.name);
            fs::write(&object, renamed).on("write", &object)?;
            objects.push(object);
        }
        let archive = dirs.content.join("lib").join(name);
        toolchain.archive(&archive, &objects, dirs.log)
    }

    fn malformed(&self, member: &Member<'_>, problem: Refusal) -> Error {
        Error::malformed(
            &self.file,
            format!("its member `{}`: {problem}", member.name),
        )
    }
}
