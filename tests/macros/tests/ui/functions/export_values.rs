wadup_guest::wadup_python! {
    exports: {
        score: fn(text: f64) -> f64 = "users.scoring:score",
        rate: fn(text: &str, weight: f64) -> Vec<u8> = "users:rate",
        count: fn(a: u32) -> i64 = "users.scoring:total",
        reset: fn() -> i32 = "users.scoring:reset",
    },
}

fn main() {}
