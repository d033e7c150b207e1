//! Finds the bundle in a guest's memory, and attributes its bytes to packages.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{Cursor, Read};
use std::ops::Range;

use wadup_build::output;
use zip::ZipArchive;

use super::image::Region;
use super::{Form, Group};

/// The end of a zip: its signature and size without comment (APPNOTE 4.3.16).
const END_SIGNATURE: &[u8] = b"PK\x05\x06";
const END_LENGTH: usize = 22;

/// The bundle in a guest's memory.
pub(super) struct Bundle<'a> {
    /// Its addresses.
    pub(super) addresses: Range<u64>,
    archive: ZipArchive<Cursor<&'a [u8]>>,
}

impl<'a> Bundle<'a> {
    /// The largest zip in memory; a guest's own data may contain others.
    pub(super) fn find(memory: &'a [u8]) -> Option<Self> {
        let ends = memory
            .windows(END_SIGNATURE.len())
            .enumerate()
            .filter(|(_, window)| *window == END_SIGNATURE)
            .map(|(at, _)| at);
        let largest = ends
            .filter_map(|end| zip_that_ends_at(memory, end))
            .max_by_key(ExactSizeIterator::len)?;
        let archive = ZipArchive::new(Cursor::new(&memory[largest.clone()])).ok()?;
        Some(Self {
            addresses: largest.start as u64..largest.end as u64,
            archive,
        })
    }

    /// The ranges of each file: its header and content, and its entry in the central directory.
    pub(super) fn regions(mut self) -> Vec<Region> {
        let distributions = self.distributions();
        let mut entries = Vec::new();
        for index in 0..self.archive.len() {
            if let Ok(entry) = self.archive.by_index_raw(index)
                && let (Ok(name), Some(content)) = (entry.name(), entry.data_start())
            {
                let end = content + entry.compressed_size();
                let local = entry.header_start()..end;
                entries.push((name.into_owned(), local, entry.central_header_start()));
            }
        }
        entries.sort_unstable_by_key(|(_, _, central)| *central);
        let list_ends = entries.iter().skip(1).map(|(_, _, central)| *central);
        let list_ends: Vec<u64> = list_ends
            .chain([self.addresses.end - self.addresses.start - END_LENGTH as u64])
            .collect();
        let mut regions = Vec::new();
        for ((name, local, central), list_end) in entries.into_iter().zip(list_ends) {
            let (group, name) = origin(&name, &distributions);
            for range in [local, central..list_end] {
                regions.push(Region {
                    addresses: self.addresses.start + range.start..self.addresses.start + range.end,
                    group: group.clone(),
                    name: name.clone(),
                    form: Form::Files,
                });
            }
        }
        regions
    }

    /// The distribution of each top-level name in the site folder, from the RECORD files.
    fn distributions(&mut self) -> HashMap<String, String> {
        let prefix = format!("{SITE}/");
        let records: Vec<String> = self
            .archive
            .file_names()
            .filter_map(Result::ok)
            .filter(|name| name.starts_with(&prefix) && name.ends_with(".dist-info/RECORD"))
            .map(Cow::into_owned)
            .collect();
        let mut found = HashMap::new();
        for record in records {
            let mut text = String::new();
            let read = self
                .archive
                .by_name(&record)
                .is_ok_and(|mut entry| entry.read_to_string(&mut text).is_ok());
            let name = distribution_of_folder(&record[prefix.len()..]);
            if let (true, Some(name)) = (read, name) {
                for line in text.lines() {
                    found.insert(
                        module_of(line.split(',').next().unwrap_or_default()).to_owned(),
                        name.clone(),
                    );
                }
            }
        }
        found
    }
}

const SITE: &str = "site";
const APP: &str = "app";

/// The range of a zip by its last record, if that is one and the zip begins where it says.
fn zip_that_ends_at(memory: &[u8], end: usize) -> Option<Range<usize>> {
    let record = memory.get(end..end + END_LENGTH)?;
    let number = |at: usize| {
        let bytes = record.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_le_bytes(bytes) as usize)
    };
    // The size of the central directory, and its offset.
    let (list_size, list_start) = (number(12)?, number(16)?);
    let start = end.checked_sub(list_size.checked_add(list_start)?)?;
    let begins = memory[start..].starts_with(b"PK\x03\x04");
    let listed = memory.get(start + list_start..)?.starts_with(b"PK\x01\x02");
    (begins && listed).then_some(start..end + END_LENGTH)
}

/// The group of a file, and its module or package.
fn origin(file: &str, distributions: &HashMap<String, String>) -> (Group, String) {
    if let Some(file) = output::library_file(file) {
        return (Group::StandardLibrary, module_of(file).to_owned());
    }
    match file.split_once('/') {
        Some((APP, file)) => (Group::App, module_of(file).to_owned()),
        Some((SITE, file)) => {
            let module = module_of(file);
            let package = distribution_of_folder(module)
                .or_else(|| distributions.get(module).cloned())
                .unwrap_or_else(|| normalized(module));
            (Group::Package(package), part_of_package(file).to_owned())
        }
        _ => (Group::Rest, "other files".to_owned()),
    }
}

/// The first component of a file's path, without the suffix of a module.
fn module_of(file: &str) -> &str {
    match file.split_once('/') {
        Some(("__pycache__", file)) => file.split('.').next().unwrap_or(file),
        Some((folder, _)) => folder,
        None => file.split('.').next().unwrap_or(file),
    }
}

/// The part of a package that a file belongs to: a folder or module directly in it.
fn part_of_package(file: &str) -> &str {
    match file.split_once('/') {
        Some((_, inner)) if !inner.is_empty() => module_of(inner),
        _ => module_of(file),
    }
}

/// The distribution of a metadata folder: `typing-extensions` of `typing_extensions-4.15.0.dist-info`.
fn distribution_of_folder(folder: &str) -> Option<String> {
    let folder = folder.split('/').next()?;
    let (name, _version) = folder.strip_suffix(".dist-info")?.split_once('-')?;
    Some(normalized(name))
}

/// The normalized name of a package (PEP 503).
fn normalized(name: &str) -> String {
    name.to_lowercase().replace(['_', '.'], "-")
}
