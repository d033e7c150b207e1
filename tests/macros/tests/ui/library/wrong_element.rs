wadup_guest::wadup_python! {
    modules: ["fast", fast()],
    exports: { score: users.scoring },
}

fn main() {}
