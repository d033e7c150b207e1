wadup_guest::wadup_python! {
    entry: "users:mian",
    exports: { score: "users.scoring:run" },
}

fn main() {}
