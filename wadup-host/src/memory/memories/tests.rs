use std::slice;

use rustix::mm::Advice;

use super::super::{Initial, WASM_PAGE};
use super::*;

const MINIMUM: usize = 200 * WASM_PAGE;
const RESERVED: usize = 300 * WASM_PAGE;
const GUARD: usize = WASM_PAGE;

/// Contents that begin and end inside of pages, with nothing between them.
const MODULE: &str = r#"(module (memory 200)
    (data (i32.const 70000) "the first contents")
    (data (i32.const 1000001) "more of them"))"#;

fn memories() -> Memories {
    let wasm = wat::parse_str(MODULE).unwrap();
    let initial = Initial::of(&wasm).unwrap();
    Memories::new(Source::in_memory(&initial).unwrap()).unwrap()
}

fn memory(memories: &Memories) -> Box<dyn LinearMemory> {
    let kind = MemoryType::new(200, None);
    memories
        .new_memory(kind, MINIMUM, None, Some(RESERVED), GUARD)
        .unwrap()
}

fn bytes(memory: &mut dyn LinearMemory) -> &mut [u8] {
    // SAFETY: this is what `LinearMemory` promises.
    unsafe { slice::from_raw_parts_mut(memory.as_ptr(), memory.byte_size()) }
}

fn expected() -> Vec<u8> {
    let mut expected = vec![0; MINIMUM];
    for (address, text) in [(70_000, "the first contents"), (1_000_001, "more of them")] {
        expected[address..address + text.len()].copy_from_slice(text.as_bytes());
    }
    expected
}

/// The next memory, which must be the same one in the address space.
#[track_caller]
fn again(memories: &Memories, memory: Box<dyn LinearMemory>) -> Box<dyn LinearMemory> {
    let before = memory.as_ptr();
    drop(memory);
    let again = self::memory(memories);
    assert_eq!(again.as_ptr(), before, "the memory was not used again");
    again
}

#[test]
fn a_new_memory_is_as_the_module_describes_it() {
    let memories = memories();

    let mut memory = memory(&memories);

    assert!(bytes(&mut *memory) == expected());
}

#[test]
fn what_an_instance_wrote_is_not_in_the_next_memory() {
    let memories = memories();
    let mut memory = memory(&memories);
    // Whole pages and single bytes, inside, before, after and at the edges of the contents.
    for stride in [1_000_003, 65_536, 40_961, 4_096] {
        for address in (0..MINIMUM).step_by(stride).take(300) {
            bytes(&mut *memory)[address] = 0xa5;
        }
        bytes(&mut *memory)[MINIMUM - 1] = 0xa5;

        memory = again(&memories, memory);

        assert!(bytes(&mut *memory) == expected(), "stride {stride}");
    }
}

#[test]
fn an_instance_that_writes_everything_leaves_nothing() {
    let memories = memories();
    let mut memory = memory(&memories);
    bytes(&mut *memory).fill(0xa5);

    let mut memory = again(&memories, memory);

    assert!(bytes(&mut *memory) == expected());
}

#[test]
fn what_an_instance_wrote_is_not_in_the_next_memory_if_it_was_swapped_out() {
    let memories = memories();
    let mut memory = memory(&memories);
    bytes(&mut *memory)[..30 * 4096].fill(0xa5);
    bytes(&mut *memory)[70_000] = 0xa5;
    // SAFETY: the memory stays as it is, wherever the kernel has it. Without a swap it stays where it is.
    unsafe { rustix::mm::madvise(memory.as_ptr().cast(), MINIMUM, Advice::LinuxPageOut) }.unwrap();

    let mut memory = again(&memories, memory);

    assert!(bytes(&mut *memory) == expected());
}

#[test]
fn a_memory_that_grew_is_small_again_and_grows_by_zeros() {
    let memories = memories();
    let mut memory = memory(&memories);
    memory.grow_to(RESERVED).unwrap();
    bytes(&mut *memory)[MINIMUM..].fill(0xa5);

    let mut memory = again(&memories, memory);

    assert_eq!(memory.byte_size(), MINIMUM);
    memory.grow_to(RESERVED).unwrap();
    assert!(bytes(&mut *memory)[MINIMUM..].iter().all(|byte| *byte == 0));
    assert!(memory.grow_to(RESERVED + WASM_PAGE).is_err());
}

#[test]
fn memories_of_running_instances_are_not_shared() {
    let memories = memories();
    let mut first = memory(&memories);
    let mut second = memory(&memories);

    bytes(&mut *first).fill(0xa5);

    assert!(bytes(&mut *second) == expected());
}

#[test]
fn as_many_memories_are_kept_as_instances_run_at_the_same_time() {
    let memories = memories();
    let running: Vec<_> = (0..100).map(|_| memory(&memories)).collect();

    drop(running);

    assert_eq!(memories.0.idle().len(), memories.0.most_idle.min(100));
    memories.0.drop_idle();
    assert_eq!(memories.0.idle().len(), 0);
}

#[test]
fn a_large_memory_is_forgotten_as_a_whole() {
    let memories = memories();
    let minimum = LARGEST + WASM_PAGE;
    let new = || {
        let kind = MemoryType::new(200, None);
        memories.new_memory(kind, minimum, None, Some(minimum), GUARD)
    };
    let mut first = new().unwrap();
    let start = first.as_ptr();
    bytes(&mut *first)[MINIMUM + 1] = 0xa5;
    bytes(&mut *first)[70_000] = 0xa5;
    drop(first);

    let mut second = new().unwrap();

    assert_eq!(second.as_ptr(), start);
    assert!(bytes(&mut *second)[..MINIMUM] == expected());
    assert_eq!(bytes(&mut *second)[MINIMUM + 1], 0);
}
