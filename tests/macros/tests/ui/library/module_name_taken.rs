wadup_guest::wadup_python! {
    modules: [wadup, json, fast, other::fast],
}

fn main() {}
