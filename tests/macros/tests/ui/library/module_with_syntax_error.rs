wadup_guest::wadup_python! {
    entry: "users:main",
    exports: { old: "users.legacy:run" },
}

fn main() {}
