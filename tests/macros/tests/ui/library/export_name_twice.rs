wadup_guest::wadup_python! {
    exports: { score: "users.scoring:score", score: "users:main" },
}

fn main() {}
