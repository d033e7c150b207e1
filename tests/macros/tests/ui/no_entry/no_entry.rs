wadup_guest::wadup_python! {
    modules: [],
}

fn main() {}
