wadup_guest::wadup_python! {
    entry: "users:main"
    modules: [],
    exports: { score: "users.scoring:score",, },
}

fn main() {}
