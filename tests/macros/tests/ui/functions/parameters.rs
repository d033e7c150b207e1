wadup_guest::wadup_python! {
    functions: {
        pub fn score(text: &str, wieght: f64) -> f64 = "users.scoring:score";
        pub fn rate(weight: f64) -> f64 = "users:rate";
        pub fn tokens(text: &str, extra: i64) -> Vec<String> = "users.scoring:tokens";
        pub fn total(a: i64, b: &str, unit: i64) -> i64 = "users.scoring:total";
        pub fn untyped(a: Option<i64> = None, c: i64) = "users.scoring:untyped";
        pub fn placed(a: i64, b: Option<i64> = None) -> i64 = "users.scoring:placed";
        pub fn parse(line: &[u8], more: bool) -> User = "users:parse";
    },
}

fn main() {}
