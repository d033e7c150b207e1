//! Reads the stack of Python calls from the memory of a guest, as profilers in other processes do.
//!
//! CPython leaves a table for them, which says where the fields are that they need (`_Py_DebugOffsets` in
//! `Include/internal/pycore_runtime.h`). The guest may be interrupted anywhere, and all of it is untrusted: what does not make sense ends
//! the stack.

use super::Function;

/// What the table begins with.
const COOKIE: &[u8; 8] = b"xdebugpy";

/// The series of CPython whose table has the layout below, in the upper half of its version.
const SERIES: u64 = 0x030d;

/// More frames than this are not read.
const DEEPEST: usize = 2000;

/// Longer names are not read.
const LONGEST_NAME: u32 = 4096;

/// Of `enum _frameowner`: a frame that marks where C code called the interpreter.
const OWNED_BY_C: u8 = 3;

// The fields of the table, by their number among its 64-bit words.
const VERSION: usize = 1;
const RUNTIME_INTERPRETERS: usize = 5;
const INTERPRETER_THREADS: usize = 9;
const THREAD_FRAME: usize = 23;
const FRAME_PREVIOUS: usize = 29;
const FRAME_EXECUTABLE: usize = 30;
const FRAME_OWNER: usize = 33;
const CODE_FILE: usize = 35;
const CODE_NAME: usize = 37;
const CODE_LINE: usize = 39;
const TEXT_STATE: usize = 68;
const TEXT_LENGTH: usize = 69;
const TEXT_SIZE: usize = 70;
const WORDS: usize = 71;

/// Where an interpreter keeps its state.
#[derive(Debug)]
pub(super) struct Interpreter {
    /// The address of its runtime, which begins with the table.
    runtime: u32,
    offsets: [u32; WORDS],
}

impl Interpreter {
    /// The interpreter in `memory`, if there is one of a known series.
    pub(super) fn find(memory: &[u8]) -> Option<Self> {
        memory
            .chunks_exact(COOKIE.len())
            .enumerate()
            .filter(|(_, bytes)| bytes == COOKIE)
            .find_map(|(index, _)| Self::at(memory, index * COOKIE.len()))
    }

    /// The interpreter whose runtime is at `address`. The table consists of 64-bit words, and so is aligned like one.
    fn at(memory: &[u8], address: usize) -> Option<Self> {
        let table = memory.get(address..)?.get(..WORDS * 8)?;
        let mut words = table
            .chunks_exact(8)
            .filter_map(|word| Some(u64::from_le_bytes(word.try_into().ok()?)));
        if words.clone().nth(VERSION)? >> 16 != SERIES {
            return None;
        }
        let mut offsets = [0; WORDS];
        for (offset, word) in offsets.iter_mut().zip(words.by_ref()) {
            // The cookie and the version are no offsets.
            *offset = u32::try_from(word).unwrap_or_default();
        }
        Some(Self {
            runtime: u32::try_from(address).ok()?,
            offsets,
        })
    }

    /// The functions that run in the first thread, the outermost first.
    pub(super) fn stack(&self, memory: &[u8]) -> Vec<Function> {
        let mut functions = Vec::new();
        let mut frame = self.innermost(memory);
        // Frames that were overwritten meanwhile may form a circle.
        for _ in 0..DEEPEST {
            let Some(address) = frame.filter(|address| *address != 0) else {
                break;
            };
            let owner = address
                .checked_add(self.offsets[FRAME_OWNER])
                .and_then(|place| memory.get(place as usize));
            if owner.is_none_or(|owner| *owner != OWNED_BY_C) {
                match self.function(memory, address) {
                    Some(function) => functions.push(function),
                    None => break,
                }
            }
            frame = self.pointer(memory, address, FRAME_PREVIOUS);
        }
        functions.reverse();
        functions
    }

    fn innermost(&self, memory: &[u8]) -> Option<u32> {
        let interpreter = self.pointer(memory, self.runtime, RUNTIME_INTERPRETERS)?;
        let thread = self.pointer(memory, interpreter, INTERPRETER_THREADS)?;
        self.pointer(memory, thread, THREAD_FRAME)
    }

    fn function(&self, memory: &[u8], frame: u32) -> Option<Function> {
        let code = self.pointer(memory, frame, FRAME_EXECUTABLE)?;
        let text = |field| self.text(memory, self.pointer(memory, code, field)?);
        Some(Function {
            name: text(CODE_NAME)?,
            file: text(CODE_FILE)?,
            line: self.pointer(memory, code, CODE_LINE)?,
        })
    }

    /// The 32 bits in a field of the structure at `address`.
    fn pointer(&self, memory: &[u8], address: u32, field: usize) -> Option<u32> {
        let place = address.checked_add(self.offsets[field])? as usize;
        let bytes = memory.get(place..)?.get(..4)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?))
    }

    /// The text of a `str`: its characters follow its header, in one, two or four bytes each.
    fn text(&self, memory: &[u8], address: u32) -> Option<String> {
        let state = self.pointer(memory, address, TEXT_STATE)?;
        let (width, is_compact, is_ascii) = (state >> 2 & 7, state >> 5 & 1, state >> 6 & 1);
        let length = self.pointer(memory, address, TEXT_LENGTH)?;
        if is_compact == 0 || length > LONGEST_NAME || ![1, 2, 4].contains(&width) {
            return None;
        }
        // The header of a text that is not ASCII has its length in UTF-8 and a pointer to that.
        let header = self.offsets[TEXT_SIZE].checked_add(if is_ascii == 1 { 0 } else { 8 })?;
        let start = address.checked_add(header)? as usize;
        let bytes = memory.get(start..)?.get(..(length * width) as usize)?;
        bytes
            .chunks_exact(width as usize)
            .map(|character| {
                let mut wide = [0; 4];
                wide[..character.len()].copy_from_slice(character);
                char::from_u32(u32::from_le_bytes(wide))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUNTIME: usize = 16;

    /// A memory with an interpreter, in which each structure has its fields right behind each other.
    struct Memory(Vec<u8>);

    impl Memory {
        fn new() -> Self {
            let mut memory = Self(vec![0; 4096]);
            memory.0[RUNTIME..RUNTIME + 8].copy_from_slice(COOKIE);
            memory.word(VERSION, SERIES << 16 | 0x0f_f0);
            for (field, offset) in [
                (RUNTIME_INTERPRETERS, 600),
                (INTERPRETER_THREADS, 4),
                (THREAD_FRAME, 8),
                (FRAME_EXECUTABLE, 0),
                (FRAME_PREVIOUS, 4),
                (FRAME_OWNER, 8),
                (CODE_FILE, 0),
                (CODE_NAME, 4),
                (CODE_LINE, 8),
                (TEXT_LENGTH, 8),
                (TEXT_STATE, 16),
                (TEXT_SIZE, 20),
            ] {
                memory.word(field, offset);
            }
            memory.put(RUNTIME as u32 + 600, 1000);
            memory.put(1000 + 4, 1100);
            memory.put(1100 + 8, 1200);
            memory
        }

        fn word(&mut self, number: usize, value: u64) {
            let place = RUNTIME + 8 * number;
            self.0[place..place + 8].copy_from_slice(&value.to_le_bytes());
        }

        fn put(&mut self, place: u32, value: u32) {
            let place = place as usize;
            self.0[place..place + 4].copy_from_slice(&value.to_le_bytes());
        }

        fn frame(&mut self, place: u32, code: u32, previous: u32, owner: u8) {
            self.put(place, code);
            self.put(place + 4, previous);
            self.0[place as usize + 8] = owner;
        }

        fn code(&mut self, place: u32, name: &str) {
            self.put(place, place + 50);
            self.put(place + 4, place + 100);
            self.put(place + 8, 7);
            self.text(place + 50, "users.py");
            self.text(place + 100, name);
        }

        fn text(&mut self, place: u32, text: &str) {
            let ascii = text.is_ascii();
            let units: Vec<u16> = text.encode_utf16().collect();
            self.put(place + 8, units.len() as u32);
            self.put(
                place + 16,
                if ascii {
                    1 << 2 | 1 << 5 | 1 << 6
                } else {
                    2 << 2 | 1 << 5
                },
            );
            let mut start = place as usize + if ascii { 20 } else { 28 };
            for unit in units {
                self.0[start] = unit.to_le_bytes()[0];
                self.0[start + 1] = unit.to_le_bytes()[1];
                start += if ascii { 1 } else { 2 };
            }
        }

        fn names(&self) -> Vec<String> {
            let interpreter = Interpreter::find(&self.0).unwrap();
            let stack = interpreter.stack(&self.0).into_iter();
            stack.map(|function| function.name).collect()
        }
    }

    #[test]
    fn functions_are_read_from_the_outermost_on_and_frames_of_c_left_out() {
        let mut memory = Memory::new();
        memory.code(2000, "main");
        memory.code(2200, "Zahl.größer");
        memory.frame(1200, 2200, 1300, 0);
        memory.frame(1300, 0, 1400, OWNED_BY_C);
        memory.frame(1400, 2000, 0, 0);

        assert_eq!(memory.names(), ["main", "Zahl.größer"]);
        let function = &Interpreter::find(&memory.0).unwrap().stack(&memory.0)[0];
        assert_eq!((&*function.file, function.line), ("users.py", 7));
    }

    #[test]
    fn a_frame_that_makes_no_sense_ends_the_stack() {
        let mut memory = Memory::new();
        memory.code(2000, "inner");
        memory.frame(1200, 2000, 1300, 0);
        memory.frame(1300, u32::MAX - 2, 1400, 0);

        assert_eq!(memory.names(), ["inner"]);
    }

    #[test]
    fn a_header_without_end_is_no_text() {
        let mut memory = Memory::new();
        memory.code(2000, "größer");
        memory.frame(1200, 2000, 0, 0);
        memory.word(TEXT_SIZE, u32::MAX.into());

        assert!(memory.names().is_empty());
    }

    #[test]
    fn a_circle_of_frames_ends_at_the_deepest_stack() {
        let mut memory = Memory::new();
        memory.code(2000, "circle");
        memory.frame(1200, 2000, 1200, 0);

        assert_eq!(memory.names().len(), DEEPEST);
    }

    #[test]
    fn other_series_and_memories_without_an_interpreter_have_no_stack() {
        let mut memory = Memory::new();
        memory.word(VERSION, 0x030e_00f0);

        assert!(Interpreter::find(&memory.0).is_none());
        assert!(Interpreter::find(&[0; 64]).is_none());
        assert!(Interpreter::find(b"xdebugpy").is_none());
    }
}
