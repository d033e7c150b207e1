wadup_guest::wadup_python! {
    entry: "user:main",
    exports: { score: "users.scorng:score", other: "requests:get" },
}

fn main() {}
