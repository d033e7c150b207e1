wadup_guest::wadup_python! {
    exports: {
        total: fn(numbers: i64) = "users.scoring:total" reset: "users.scoring:reset",
        generic: fn<T>() = "users.scoring:reset",
    },
}

fn main() {}
