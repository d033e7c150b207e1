wadup_guest::wadup_python! {
    functions: ["users.scoring:score"],
}

fn main() {}
