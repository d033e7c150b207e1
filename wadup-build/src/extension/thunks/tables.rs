//! Finds the functions that CPython calls: in types, module definitions and specs, and in all tables that these name.
//!
//! A table counts if a `PyTypeObject`, a `PyModuleDef` or a `PyType_Spec` leads to it, in data or by what code writes into
//! one. All fields of such a structure must fit. Code also hands `PyMethodDef`s to CPython directly, as Cython does for each
//! function: a variable counts if it holds nothing else, and if a function that calls CPython refers to it. Other rows that
//! look like methods, getters or slots stay as they are, because tables of other libraries look alike.

use std::collections::{BTreeMap, BTreeSet};

use super::layout::{
    Call, Field, IMMORTAL, MODULE, SPEC, Slot, Structure, TYPE, TYPE_SLOTS, Table, call_of_method,
    getset, method,
};
use super::memory::{Address, Memory, Variable, Word};
use super::reader::Relocation;

/// A function in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// The symbol of the function.
    pub(super) symbol: u32,
    /// How CPython calls it.
    pub(super) call: Call,
    /// What the function is, and in which table.
    pub(super) role: String,
    /// Whether a structure of CPython leads to the table.
    pub(super) is_reached: bool,
}

/// All functions in tables, by the relocation that names each. Two entries for one relocation contradict each other.
pub(super) type Entries = BTreeMap<Relocation, Vec<Entry>>;

pub(super) fn entries(memory: &Memory<'_, '_>) -> Entries {
    let mut walk = Walk {
        memory,
        seen: BTreeSet::new(),
        entries: BTreeMap::new(),
    };
    let variables: Vec<Variable<'_>> = memory.variables().collect();
    for variable in &variables {
        for (structure, is_one) in ROOTS {
            for at in walk.elements(variable, structure) {
                if walk.fits(structure, at) && is_one(&walk, at) {
                    walk.table(Table::Structure(structure), at);
                }
            }
        }
    }
    for variable in &variables {
        walk.lone_methods(variable);
    }
    walk.entries
}

/// What tells a structure from other data whose fields happen to fit.
type IsOne = fn(&Walk<'_, '_, '_>, Address) -> bool;

const ROOTS: [(&Structure, IsOne); 3] = [
    (&TYPE, |walk, at| walk.is_static_object(at, true)),
    (&MODULE, |walk, at| walk.is_static_object(at, false)),
    (&SPEC, |walk, at| walk.has_type_slots(at)),
];

struct Walk<'m, 'o, 'a> {
    memory: &'m Memory<'o, 'a>,
    seen: BTreeSet<(Address, &'static str)>,
    entries: Entries,
}

impl<'a> Walk<'_, '_, 'a> {
    /// Where a variable may hold a structure: at its start, or one after the other.
    fn elements(&self, variable: &Variable<'a>, structure: &Structure) -> Vec<Address> {
        let count = match variable.size / structure.size {
            0 => 0,
            count if variable.size.is_multiple_of(structure.size) => count,
            _ => 1,
        };
        (0..count)
            .map(|index| variable.address.plus(index * structure.size))
            .collect()
    }

    fn fits(&self, structure: &Structure, at: Address) -> bool {
        structure
            .fields
            .iter()
            .all(|(offset, _, field)| self.field_fits(*field, at.plus(*offset)))
    }

    fn field_fits(&self, field: Field, at: Address) -> bool {
        let Some(word) = self.memory.word(at) else {
            return false;
        };
        match field {
            Field::Name => self.text(at).is_some_and(|name| !name.is_empty()),
            Field::Number => matches!(word, Word::Number(_)),
            Field::Data | Field::Table(_) => {
                matches!(word, Word::Number(0) | Word::Data(_) | Word::External)
            }
            Field::Function(_) => matches!(word, Word::Number(0) | Word::Function { .. }),
        }
    }

    /// The C string that the word at an address points to.
    fn text(&self, at: Address) -> Option<&'a str> {
        match self.memory.word(at)? {
            Word::Data(text) => self.memory.string(text),
            _ => None,
        }
    }

    fn number(&self, at: Address) -> Option<u32> {
        match self.memory.word(at)? {
            Word::Number(number) => Some(number),
            _ => None,
        }
    }

    /// A reference count that a static object has. Some types leave it at 0 until they are ready.
    fn is_static_object(&self, at: Address, may_be_zero: bool) -> bool {
        match self.number(at) {
            Some(IMMORTAL | 1) => true,
            Some(0) => may_be_zero,
            _ => false,
        }
    }

    /// Whether the slots of a `PyType_Spec` are a type's: each known, of its kind, and one of them only a type has.
    fn has_type_slots(&self, spec: Address) -> bool {
        let Some(Word::Data(mut at)) = self.memory.word(spec.plus(16)) else {
            return false;
        };
        let mut only_of_types = false;
        while let Some(number) = self.number(at) {
            if number == 0 {
                return only_of_types;
            }
            let Some((_, name, field)) = slot(TYPE_SLOTS, number) else {
                return false;
            };
            if !self.field_fits(*field, at.plus(4)) {
                return false;
            }
            only_of_types |= name.starts_with("Py_tp_");
            at = at.plus(8);
        }
        false
    }

    /// Records the functions of a table, and of all tables that it names.
    fn table(&mut self, table: Table, at: Address) {
        if !self.seen.insert((at, table.name())) {
            return;
        }
        match table {
            Table::Structure(structure) => {
                for (offset, name, field) in structure.fields {
                    self.field(*field, at.plus(*offset), name);
                }
            }
            Table::Methods => {
                let mut at = at;
                while let Some(name) = self.text(at) {
                    self.method(at, name, true);
                    at = at.plus(method::SIZE);
                }
            }
            Table::GetSets => {
                let mut at = at;
                while let Some(name) = self.text(at) {
                    for (offset, role, field) in getset::FUNCTIONS {
                        self.field(field, at.plus(offset), &format!("{role} of `{name}`"));
                    }
                    at = at.plus(getset::SIZE);
                }
            }
            Table::Slots(slots) => {
                let mut at = at;
                while let Some(number @ 1..) = self.number(at) {
                    if let Some((_, name, field)) = slot(slots, number) {
                        self.field(*field, at.plus(4), name);
                    }
                    at = at.plus(8);
                }
            }
        }
    }

    /// Records what a field of a structure holds, initially and after code has written to it.
    fn field(&mut self, field: Field, at: Address, role: &str) {
        let memory = self.memory;
        for word in memory.word(at).iter().chain(memory.written(at)) {
            match (field, *word) {
                (Field::Table(table), Word::Data(table_at)) => self.table(table, table_at),
                (Field::Function(call), word) => self.function(word, at, call, role, true),
                _ => {}
            }
        }
    }

    fn method(&mut self, at: Address, name: &str, is_reached: bool) {
        if let Some(flags) = self.number(at.plus(method::FLAGS))
            && let Some(call) = call_of_method(flags)
        {
            let at = at.plus(method::FUNCTION);
            let role = format!("method `{name}`");
            if let Some(word) = self.memory.word(at) {
                self.function(word, at, call, &role, is_reached);
            }
        }
    }

    fn function(&mut self, word: Word, at: Address, call: Call, role: &str, is_reached: bool) {
        let Word::Function { symbol, relocation } = word else {
            return;
        };
        let known = self.entries.entry(relocation).or_default();
        if known.iter().all(|entry| is_reached && entry.call != call) {
            known.push(Entry {
                symbol,
                call,
                role: format!("{role} in `{}`", self.memory.variable_at(at)),
                is_reached,
            });
        }
    }

    /// Records the functions of a variable that holds only `PyMethodDef`s and that code hands to CPython.
    fn lone_methods(&mut self, variable: &Variable<'a>) {
        let address = variable.address;
        if !self.memory.is_handed_over(variable)
            || !variable.size.is_multiple_of(method::SIZE)
            || self.seen.contains(&(address, Table::Methods.name()))
        {
            return;
        }
        let rows: Vec<Address> = (0..variable.size / method::SIZE)
            .map(|index| address.plus(index * method::SIZE))
            .collect();
        let rows = match rows.split_last() {
            Some((last, before)) if self.is_terminator(*last) => before,
            _ => &rows,
        };
        if rows.iter().all(|row| self.is_method(*row)) {
            for row in rows {
                let name = self.text(*row).unwrap_or_default();
                self.method(*row, name, false);
            }
        }
    }

    fn is_method(&self, at: Address) -> bool {
        let doc = at.plus(method::DOC);
        let doc_fits = self.number(doc) == Some(0) || self.text(doc).is_some();
        let flags = self.number(at.plus(method::FLAGS));
        self.text(at).is_some_and(is_identifier)
            && matches!(
                self.memory.word(at.plus(method::FUNCTION)),
                Some(Word::Function { .. })
            )
            && flags.is_some_and(|flags| call_of_method(flags).is_some())
            && doc_fits
    }

    fn is_terminator(&self, at: Address) -> bool {
        (0..method::SIZE)
            .step_by(4)
            .all(|offset| self.number(at.plus(offset)) == Some(0))
    }
}

fn slot(slots: &'static [Slot], number: u32) -> Option<&'static Slot> {
    slots.iter().find(|(known, ..)| *known == number)
}

fn is_identifier(name: &str) -> bool {
    let letter = |byte: u8| byte == b'_' || byte.is_ascii_alphabetic();
    name.bytes().next().is_some_and(letter)
        && name
            .bytes()
            .all(|byte| letter(byte) || byte.is_ascii_digit())
}
