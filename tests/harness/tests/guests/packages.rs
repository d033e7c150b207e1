//! The guest `packages`: packages of its own, of an index and of this machine, and one program of each kind that people began with.

use wadup_host::{Content, Value};

use crate::instances::{Built, HOSTS, instance, pass, rows};

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

pub(crate) fn check(built: &Built) {
    let guest = &built.load();
    for host in HOSTS {
        let mut instance = instance(guest, host);
        for _ in 0..2 {
            let (output, _) = pass(&mut instance, "");
            let Content::Bytes(database) = &output.sub_content[0].content else {
                panic!("{:?}", output.sub_content);
            };
            let outcome = instance.process(database).unwrap();
            let output = outcome
                .result
                .unwrap_or_else(|failure| panic!("{failure}\n{}", outcome.stderr));
            assert_eq!(
                rows(&output, "tables"),
                [
                    [text("books"), Value::Int64(2), text("title, pages")],
                    [text("empty_one"), Value::Int64(0), text("title")],
                ]
            );

            let (output, _) = pass(&mut instance, "Größer als du\nein Übermut ohne Maß\n");
            assert_eq!(
                rows(&output, "texts"),
                [
                    [text("utf-8"), text("grosser-als-du"), text("three")],
                    [text("utf-8"), text("ein-ubermut-ohne-mass"), text("four")],
                ]
            );
        }
        let (output, _) = pass(&mut instance, &"0123456789abcde\n".repeat(1 << 18));
        let large = &rows(&output, "large")[0];
        assert_eq!(large[..2], [Value::Int64(4 << 20), Value::Int64(1 << 18)]);
        assert_eq!(large[3], text("4.0 MiB"));
    }
}
