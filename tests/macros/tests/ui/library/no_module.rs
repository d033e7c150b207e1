fn plain() {}

wadup_guest::wadup_python! {
    modules: [fast, plain],
}

fn main() {}
