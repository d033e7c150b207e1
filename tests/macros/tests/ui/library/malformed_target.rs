wadup_guest::wadup_python! {
    entry: "users:main()",
    exports: { score: "users:scoring.score" },
}

fn main() {}
