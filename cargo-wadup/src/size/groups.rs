//! The bytes of a guest by group, the largest first.

use serde::Serialize;
use wadup_inspect::size::{Basis, Form, Group as Origin, Sizes};

/// The output of `--json`. The groups add up to `bytes`, and the parts of a group to its `bytes`.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// The guest's file.
    pub(super) guest: String,
    /// Its size.
    pub(super) bytes: u64,
    /// What code and data were attributed by.
    pub(super) basis: &'static str,
    pub(super) groups: Vec<Group>,
}

/// A group of bytes.
#[derive(Debug, Serialize)]
pub(super) struct Group {
    /// Its kind, "package", and its name, "pydantic", if it has one.
    pub(super) group: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    pub(super) bytes: u64,
    pub(super) code: u64,
    pub(super) data: u64,
    pub(super) files: u64,
    /// The largest first.
    pub(super) parts: Vec<Part>,
}

/// A part of a group: an object file, a module, a section.
#[derive(Debug, Serialize)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) form: &'static str,
    pub(super) bytes: u64,
}

impl Report {
    pub(super) fn new(guest: String, sizes: Sizes) -> Self {
        let mut groups: Vec<(Origin, Group)> = Vec::new();
        for part in sizes.parts {
            let index = groups.iter().position(|(origin, _)| *origin == part.group);
            let index = index.unwrap_or_else(|| {
                groups.push((part.group.clone(), Group::empty(&part.group)));
                groups.len() - 1
            });
            groups[index].1.add(part.name, part.form, part.bytes);
        }
        let mut groups: Vec<Group> = groups.into_iter().map(|(_, group)| group).collect();
        for group in &mut groups {
            group
                .parts
                .sort_by_key(|part| std::cmp::Reverse(part.bytes));
        }
        groups.sort_by_key(|group| std::cmp::Reverse(group.bytes));
        Self {
            guest,
            bytes: sizes.bytes,
            basis: match sizes.basis {
                Basis::Map => "link map",
                Basis::Names => "function names",
                Basis::Nothing => "nothing",
            },
            groups,
        }
    }
}

impl Group {
    fn empty(origin: &Origin) -> Self {
        Self {
            group: origin.kind(),
            name: origin.package().map(str::to_owned),
            bytes: 0,
            code: 0,
            data: 0,
            files: 0,
            parts: Vec::new(),
        }
    }

    fn add(&mut self, name: String, form: Form, bytes: u64) {
        let (form, of_form) = match form {
            Form::Code => ("code", &mut self.code),
            Form::Data => ("data", &mut self.data),
            Form::Files => ("files", &mut self.files),
        };
        *of_form += bytes;
        self.bytes += bytes;
        self.parts.push(Part { name, form, bytes });
    }

    /// Its kind and name for display: "package pydantic".
    pub(super) fn label(&self) -> String {
        match &self.name {
            Some(name) => format!("{} {name}", self.group),
            None => self.group.to_owned(),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use wadup_inspect::size::Part as Measured;

    use super::*;

    /// A guest of 1234567 bytes.
    pub(in crate::size) fn report() -> Report {
        let part = |group, name: &str, form, bytes| Measured {
            group,
            name: name.into(),
            form,
            bytes,
        };
        let pydantic = || Origin::Extension("pydantic-core".into());
        let sizes = Sizes {
            bytes: 1_234_567,
            basis: Basis::Map,
            parts: vec![
                part(Origin::App, "users", Form::Files, 4_567),
                part(pydantic(), "_pydantic_core", Form::Code, 1_000_000),
                part(pydantic(), "core_schema", Form::Files, 200_000),
                part(Origin::Rest, "</script>", Form::Data, 30_000),
            ],
        };
        Report::new("users.wasm".into(), sizes)
    }

    #[test]
    fn groups_add_up_and_the_largest_comes_first() {
        let report = report();

        let labels: Vec<String> = report.groups.iter().map(Group::label).collect();
        assert_eq!(labels, ["extension pydantic-core", "the rest", "app"]);
        let total: u64 = report.groups.iter().map(|group| group.bytes).sum();
        assert_eq!(total, report.bytes);
        for group in &report.groups {
            let parts: u64 = group.parts.iter().map(|part| part.bytes).sum();
            assert_eq!(parts, group.bytes);
            assert_eq!(group.code + group.data + group.files, group.bytes);
        }
    }
}
