wadup_guest::wadup_python! {
    entry,
    modules:,
    exports: { score },
}

fn main() {}
