wadup_guest::wadup_python! {
    entry: users::main,
    modules: fast,
    exports: ["users:main"],
}

fn main() {}
