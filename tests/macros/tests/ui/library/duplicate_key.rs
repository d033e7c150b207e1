wadup_guest::wadup_python! {
    entry: "users:main",
    modules: [],
    entry: "users:helper",
}

fn main() {}
