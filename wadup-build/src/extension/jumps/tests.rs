use std::fs;
use std::path::PathBuf;

use wasmparser::{Operator, Parser, Payload};

use super::*;
use crate::command::Program;
use crate::environment::Tool;
use crate::object::bench::{Bench, tool};

/// What `setjmp` and `longjmp` become calls of.
const RUNTIME: &str = include_str!("../../compat/c/jumps.c");

const SETJMP: &str = include_str!("../../compat/include/setjmp.h");

/// Merges C code with the runtime, and lowers it.
fn lowered(bench: &Bench, text: &str) -> PathBuf {
    fs::write(bench.path("setjmp.h"), SETJMP).unwrap();
    let sources = [("jumping.c", text), ("jumps.c", RUNTIME)];
    let objects = sources.map(|(name, text)| {
        let (source, object) = (bench.path(name), bench.path(&format!("{name}.o")));
        fs::write(&source, text).unwrap();
        let include = format!("-I{}", bench.path("").display());
        Program::new(Tool::Compiler, tool("clang"), "compiling a test's source")
            .args(["--target=wasm32-wasip1", "-O2", "-ffreestanding", &include])
            .args(FLAGS)
            .arg("-c")
            .arg(&source)
            .arg("-o")
            .arg(&object)
            .run()
            .unwrap();
        object
    });
    let merged = bench.path("merged.o");
    Program::new(Tool::Compiler, tool("wasm-ld"), "merging a test's objects")
        .args(["-r", "--strip-all", "--keep-section=target_features", "-o"])
        .arg(&merged)
        .args(&objects)
        .run()
        .unwrap();
    let bytes = fs::read(&merged).unwrap();
    let object = lower(&bytes).unwrap();
    assert_eq!(exceptions(&object), 0);
    let file = bench.path("lowered.o");
    fs::write(&file, &*object).unwrap();
    file
}

/// How many operators of the exceptions there are.
fn exceptions(object: &[u8]) -> usize {
    let mut count = 0;
    for payload in Parser::new(0).parse_all(object) {
        if let Payload::CodeSectionEntry(body) = payload.unwrap() {
            let operators = body.get_operators_reader().unwrap().into_iter();
            count += operators
                .filter(|operator| {
                    matches!(
                        operator,
                        Ok(Operator::Try { .. }
                            | Operator::Catch { .. }
                            | Operator::Delegate { .. })
                    )
                })
                .count();
        }
    }
    count
}

/// What `run` returns of C code with a function `outer`.
fn run(text: &str) -> i32 {
    let bench = Bench::new();
    let object = lowered(&bench, text);
    let main = "int outer(int); int run(void) { return outer(0) * 1000 + outer(7); }";
    bench.run(&[object], main).unwrap()
}

#[test]
fn a_jump_returns_to_setjmp_through_any_number_of_functions() {
    let found = run(r"
        #include <setjmp.h>
        static jmp_buf place;
        static int reached;
        __attribute__((noinline)) static double inner(int value) {
            if (value) longjmp(place, value);
            return 2;
        }
        __attribute__((noinline)) static long long middle(int value) {
            long long result = (long long)inner(value) + 1;
            reached++;
            return result;
        }
        int outer(int value) {
            reached = 0;
            int came = setjmp(place);
            if (came) return came + 10 * reached;
            return (int)middle(value) + 100 * reached;
        }");

    assert_eq!(found, 103 * 1000 + 7);
}

#[test]
fn a_jump_passes_functions_called_by_pointers_and_loops_with_branches() {
    let found = run(r"
        #include <setjmp.h>
        struct error { jmp_buf place; void (*exit)(struct error *, int); int total; };
        static void leave(struct error *error, int value) { longjmp(error->place, value); }
        __attribute__((noinline)) static int step(struct error *error, int i, int value) {
            switch (i) {
            case 3: if (value) error->exit(error, value); return 1;
            case 5: return 2;
            case 6: return 4;
            default: return 0;
            }
        }
        int outer(int value) {
            struct error error = { .exit = leave };
            volatile int total = 0;
            if (setjmp(error.place)) return 500 + total;
            for (int i = 0; i < 10; i++) {
                if (i == 8) continue;
                total += step(&error, i, value) * 10 + 1;
                if (i == 6) break;
            }
            return total;
        }");

    assert_eq!(found, 77 * 1000 + 503);
}

#[test]
fn the_innermost_setjmp_catches_and_may_jump_on() {
    let found = run(r"
        #include <setjmp.h>
        static jmp_buf outermost, innermost;
        __attribute__((noinline)) static int deep(int value) {
            if (setjmp(innermost)) {
                if (value == 7) longjmp(outermost, 40);
                return 1;
            }
            longjmp(innermost, 1);
        }
        int outer(int value) {
            int came = setjmp(outermost);
            if (came) return came;
            int first = deep(1);
            return first + deep(value);
        }");

    assert_eq!(found, 2 * 1000 + 40);
}

#[test]
fn a_value_of_zero_arrives_as_one_and_setjmp_works_again() {
    let found = run(r"
        #include <setjmp.h>
        static jmp_buf place;
        int outer(int value) {
            volatile int rounds = 0;
            int came = setjmp(place);
            rounds++;
            if (rounds < 4) longjmp(place, 0);
            return came * 10 + rounds;
        }");

    assert_eq!(found, 14 * 1000 + 14);
}

#[test]
fn an_object_without_jumps_keeps_its_bytes_and_loses_the_feature() {
    let bench = Bench::new();
    let object = fs::read(bench.object("x.c", "int f(int x) { return x; }")).unwrap();

    assert!(matches!(lower(&object).unwrap(), Cow::Borrowed(bytes) if bytes == object));

    let file = lowered(&bench, "int outer(int x) { return x; }");
    let text = fs::read(file).unwrap();
    let has = |name: &[u8]| text.windows(name.len()).any(|bytes| bytes == name);
    assert!(has(b"sign-ext") && !has(b"exception-handling"));
}

#[test]
fn setjmp_without_the_runtime_is_rejected() {
    let bench = Bench::new();
    fs::write(bench.path("setjmp.h"), SETJMP).unwrap();
    let (source, object) = (bench.path("x.c"), bench.path("x.o"));
    fs::write(
        &source,
        "#include <setjmp.h>\nvoid g(void); jmp_buf b; int f(void) { if (setjmp(b)) return 1; g(); return 0; }",
    )
    .unwrap();
    Program::new(Tool::Compiler, tool("clang"), "compiling a test's source")
        .args(["--target=wasm32-wasip1", "-ffreestanding", "-c", "-o"])
        .args([&object, &source])
        .arg(format!("-I{}", bench.path("").display()))
        .args(FLAGS)
        .run()
        .unwrap();

    let refused = lower(&fs::read(&object).unwrap()).unwrap_err();

    assert!(matches!(refused, Refusal::NoRuntime), "{refused}");
}
