//! What modules compile to, define and import. These tests need a Python of any version.

use super::*;

fn compile_texts(texts: &[&str]) -> (tempfile::TempDir, Vec<Outcome>) {
    compile_with(texts, true)
}

fn compile_with(texts: &[&str], columns: bool) -> (tempfile::TempDir, Vec<Outcome>) {
    let folder = tempfile::tempdir().unwrap();
    let jobs: Vec<Job> = texts
        .iter()
        .enumerate()
        .map(|(number, text)| {
            let source = folder.path().join(format!("m{number}.py"));
            fs::write(&source, text).unwrap();
            Job {
                source,
                target: folder.path().join(format!("made/m{number}.pyc")),
                guest: format!("/wadup/app/m{number}.py"),
                module: format!("m{number}"),
                owner: Owner::User,
            }
        })
        .collect();
    let log = folder.path().join("log");
    let compiler = Compiler {
        python: Path::new("python3"),
        columns,
        scratch: folder.path(),
        log: &log,
    };
    let outcomes = compiler.compile(&jobs).unwrap();
    (folder, outcomes)
}

#[track_caller]
fn names_of(text: &str) -> Names {
    match &compile_texts(&[text]).1[..] {
        [Outcome::Compiled(compiled)] => compiled.names.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn bytecode_has_an_unchecked_hash_and_the_path_in_the_guest() {
    let (folder, outcomes) = compile_texts(&["x = 1", "y = 2", "z = 3"]);

    assert_eq!(outcomes.len(), 3);
    let bytecode = fs::read(folder.path().join("made/m2.pyc")).unwrap();
    // PEP 552: flags follow the magic number, and 1 means a hash that is not checked.
    assert_eq!(bytecode[4..8], [1, 0, 0, 0]);
    let holds = |text: &str| {
        bytecode
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    assert!(holds("/wadup/app/m2.py"));
    assert!(!holds(&folder.path().to_string_lossy()));
}

#[test]
fn bytecode_does_not_depend_on_other_modules() {
    let module = "import os\ndef main(argument='text'):\n    return {1, 2}, os.name, 'text'\n";
    let (alone, _) = compile_texts(&[module]);
    let (second, _) = compile_texts(&[module, "text = name = argument = main = 'text'"]);

    let read = |folder: &tempfile::TempDir| fs::read(folder.path().join("made/m0.pyc")).unwrap();
    assert!(read(&alone) == read(&second));
}

#[test]
fn bytecode_without_columns_is_smaller() {
    let module = "import os\ndef main(argument):\n    return os.path.join(argument, os.name)\n";
    let size = |columns| {
        let (folder, _) = compile_with(&[module], columns);
        fs::read(folder.path().join("made/m0.pyc")).unwrap().len()
    };

    assert!(size(false) < size(true));
}

#[test]
fn syntax_errors_are_shown_as_python_shows_them() {
    let (_folder, outcomes) = compile_texts(&["fine = 1\n", "x = 1\ndef f()\n    pass\n"]);

    assert!(matches!(outcomes[0], Outcome::Compiled(_)));
    let Outcome::Refused(Refused { problem, .. }) = &outcomes[1] else {
        panic!("{outcomes:?}");
    };
    let printed = problem.to_string();
    assert!(
        printed.starts_with("line 2: SyntaxError: expected ':'\n    def f()\n"),
        "{printed}"
    );
    assert!(
        printed.ends_with('^') && !printed.contains("File"),
        "{printed}"
    );
}

/// The imports of a module `x.y` with this text, written as `name`, as `name!` if they are needed, and as `name/other`
/// if they replace another.
fn imports_of(text: &str, owner: Owner) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("y.py");
    fs::write(&source, text).unwrap();
    let job = Job {
        source,
        target: folder.path().join("y.pyc"),
        guest: "/wadup/app/x/y.py".into(),
        module: "x.y".into(),
        owner,
    };
    let compiler = Compiler {
        python: Path::new("python3"),
        columns: true,
        scratch: folder.path(),
        log: &folder.path().join("log"),
    };
    let outcomes = compiler.compile(&[job]).unwrap();
    let [Outcome::Compiled(compiled)] = &outcomes[..] else {
        panic!("{outcomes:?}");
    };
    let imports = compiled.imports.iter().map(|import| {
        let needed = if import.needed { "!" } else { "" };
        let others = import.instead_of.iter().map(|other| format!("/{other}"));
        format!("{}{needed}{}", import.name, others.collect::<String>())
    });
    imports.collect()
}

#[test]
fn possible_imports_are_found() {
    let text = "import os.path, json as j\nfrom . import sibling\nfrom ..z import *\n\
                class C:\n    def f(self):\n        from re import compile\n\
                importlib.import_module('csv')\n__import__(name)\n";

    assert_eq!(
        imports_of(text, Owner::User),
        [
            "os.path!",
            "json!",
            "x!",
            "x.sibling",
            "z!",
            "re",
            "re.compile",
            "csv"
        ]
    );
}

#[test]
fn impossible_imports_are_ignored() {
    let text = "import sys\nif TYPE_CHECKING: import a\nif sys.platform == 'win32': import b\n\
                elif sys.version_info < (3, 9): import c\nelse: import d\n\
                if __name__ == '__main__': import e\nif not typing.TYPE_CHECKING and sys.argv: import f\n\
                def main(): import g\n";

    assert_eq!(imports_of(text, Owner::Library), ["sys!", "d!", "f"]);
    assert_eq!(imports_of(text, Owner::User), ["sys!", "d!", "f", "g"]);
}

#[test]
fn imports_in_import_error_handlers_are_fallbacks() {
    let text = "try: from _json import make\nexcept ImportError: import slow\n\
                try: from typing import New\nexcept (ModuleNotFoundError, ValueError): import old\n\
                try: import fast\nexcept ValueError: import other\n";

    assert_eq!(
        imports_of(text, Owner::User),
        [
            "_json",
            "_json.make",
            "slow/_json",
            "typing",
            "typing.New",
            "old/typing.New",
            "fast",
            "other"
        ]
    );
}

#[test]
fn conditional_and_caught_imports_are_guarded() {
    let text = "import a\ndef f(): import b\ntry: import c\nexcept ImportError: import d\n\
                try: import e\nexcept SyntaxError: import f\nelse: import g\n\
                try:\n    if a: import h\n    else: import i\nexcept: pass\nif a: import j\n\
                with suppress(SyntaxError): import k\nwith a: import l\n";
    let (_folder, outcomes) = compile_texts(&[text]);
    let [Outcome::Compiled(compiled)] = &outcomes[..] else {
        panic!("{outcomes:?}");
    };

    let imports = compiled.imports.iter();
    let unguarded = imports.filter(|import| import.unguarded);
    let names: Vec<&str> = unguarded.map(|import| import.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c", "g", "l"]);
}

#[test]
fn named_encodings_are_imported() {
    let text = "open(p, encoding='windows-1252')\ndata.decode('Latin-1', 'ignore')\n\
                str(data, 'koi8-r')\nopen(p, encoding=name)\nx.encode(y, errors='replace')\n";

    assert_eq!(
        imports_of(text, Owner::User),
        [
            "encodings.cp1252",
            "encodings.latin_1",
            "encodings.ignore",
            "encodings.koi8_r"
        ]
    );
}

#[test]
fn what_hashlib_has_only_with_openssl_is_an_import_of_its_module() {
    for text in [
        "hashlib.scrypt(b'')",
        "from hashlib import pbkdf2_hmac",
        "hashlib.new('RIPEMD160')",
        "hmac.new(key, digestmod='sha512_256')",
    ] {
        assert!(
            imports_of(text, Owner::User).contains(&"_hashlib".to_owned()),
            "{text}"
        );
    }
    let text =
        "hashlib.new('sha256')\nfrom hashlib import sha3_256\nhmac.digest(key, b'sm3', 'md5')\n";

    assert!(!imports_of(text, Owner::User).contains(&"_hashlib".to_owned()));
}

#[test]
fn source_encodings_are_imported_if_the_source_is_shipped() {
    let (_folder, outcomes) = compile_texts(&[
        "# coding: cp1252\nimport json\n",
        "\n# -*- coding: koi8-r -*-\nprint 1\n",
        "# coding: utf-8\n",
        "# coding: unknown\n",
    ]);

    let imports = |shipped| {
        let outcomes = outcomes.iter();
        let imports = outcomes.map(|outcome| outcome.imports(shipped));
        let names = imports.map(|imports| {
            let names = imports.into_iter().map(|import| import.name);
            names.collect::<Vec<_>>()
        });
        names.collect::<Vec<_>>()
    };
    let refused = ["encodings.koi8_r"].to_vec();
    assert_eq!(
        imports(true),
        [
            ["json", "encodings.cp1252"].to_vec(),
            refused.clone(),
            [].to_vec(),
            [].to_vec()
        ]
    );
    assert_eq!(
        imports(false),
        [["json"].to_vec(), refused, [].to_vec(), [].to_vec()]
    );
}

#[test]
fn all_ways_to_define_top_level_names_are_found() {
    let names = names_of(
        "import os.path, json as j\nfrom sys import argv\na = b, (c, *d) = 1, (2, 3)\ne: int = 1\n\
         def f(): inner = 1\nasync def g(): pass\nclass H: member = 1\n\
         if f: i = 1\nelse: k = 1\ntry: l = 1\nexcept OSError: m = 1\n\
         for n in a: pass\nwith f() as o: pass\nif (p := f()): pass\n\
         q = [r for r in a]\ndef s():\n    global t\n    t = 1\n",
    );

    let expected = "H a argv b c d e f g i j k l m n o os p q s t";
    assert_eq!(names.names.join(" "), expected);
    assert!(!names.open);
}

#[test]
fn modules_with_dynamic_names_are_open() {
    for text in [
        "from os import *",
        "def __getattr__(name): pass",
        "globals()['x'] = 1",
        "exec('x = 1')",
    ] {
        let names = names_of(text);
        assert!(
            names.open && !names.names.contains(&"*".to_owned()),
            "{text}: {names:?}"
        );
    }
}

#[track_caller]
fn definitions_of(text: &str) -> serde_json::Value {
    match &compile_texts(&[text]).1[..] {
        [Outcome::Compiled(compiled)] => serde_json::to_value(&compiled.definitions).unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn functions_are_known_with_their_signatures() {
    let definitions = definitions_of(
        "from typing import overload\n\
         @overload\n\
         def score(text: int) -> int: ...\n\
         def score(text: 'str', /, weight: float = 1.0, *rest, mode: str | None, **others) -> list[int]:\n\
         \x20   return [(yield_ for yield_ in rest)]\n",
    );

    let named = |name: &str, arguments: serde_json::Value| serde_json::json!({"name": name, "arguments": arguments});
    let plain = |name: &str| named(name, serde_json::json!([]));
    let parameter = |name: &str, kind: &str, optional: bool, annotation: serde_json::Value| serde_json::json!({"name": name, "line": 4, "kind": kind, "optional": optional, "annotation": annotation});
    assert_eq!(
        definitions["score"],
        serde_json::json!({
            "kind": "function",
            "line": 4,
            "form": "plain",
            "parameters": [
                parameter("text", "positional only", false, serde_json::json!({"text": "'str'", "type": plain("str")})),
                parameter("weight", "plain", true, serde_json::json!({"text": "float", "type": plain("float")})),
                parameter("rest", "rest", true, serde_json::Value::Null),
                parameter("mode", "keyword only", false, serde_json::json!({
                    "text": "str | None",
                    "type": named("|", serde_json::json!([plain("str"), plain("None")])),
                })),
                parameter("others", "keyword rest", true, serde_json::Value::Null),
            ],
            "returns": {"text": "list[int]", "type": named("list", serde_json::json!([plain("int")]))},
        })
    );
}

#[test]
fn what_a_function_returns_when_it_is_called_is_known() {
    let definitions = definitions_of(
        "def plain(): return [inner for inner in ()]\n\
         def nested():\n    def inner(): yield 1\n\
         async def awaited(): pass\n\
         def generator(): yield 1\n\
         async def stream(): yield 1\n",
    );

    let form = |name: &str| {
        definitions[name]["form"]
            .as_str()
            .map(str::to_owned)
            .unwrap()
    };
    assert_eq!(form("plain"), "plain");
    assert_eq!(form("nested"), "plain");
    assert_eq!(form("awaited"), "async");
    assert_eq!(form("generator"), "generator");
    assert_eq!(form("stream"), "async generator");
}

#[test]
fn what_the_source_does_not_tell_is_not_defined() {
    let definitions = definitions_of(
        "import functools, os.path as p, json\n\
         from users.models import User as Account\n\
         @functools.cache\n\
         def cached(): pass\n\
         @registered\n\
         def decorated(): pass\n\
         try:\n    import fast\nexcept ImportError:\n    import slow as fast\n\
         if True:\n    def twice(): pass\n\
         for twice in (): pass\n\
         class Number:\n    def __index__(self): return 1\n\
         int = open('numbers')\n\
         def changed():\n    global later\n\
         later = dict[str, int]\n",
    );

    let names: Vec<&str> = definitions
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        names,
        [
            "Account",
            "cached",
            "changed",
            "functools",
            "int",
            "json",
            "p"
        ]
    );
    let import = |name: &str| serde_json::json!({"kind": "import", "name": name});
    assert_eq!(definitions["Account"], import("users.models.User"));
    assert_eq!(definitions["p"], import("os.path"));
    assert_eq!(definitions["int"], serde_json::json!({"kind": "other"}));
}
