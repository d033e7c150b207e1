wadup_guest::wadup_python! {
    functions: {
        pub async fn fetch(name: &str) -> String = "users.scoring:fetch";
        pub fn generic<T>(value: T) = "users.scoring:reset";
        pub fn method(&self) = "users.scoring:reset";
        pub fn unnamed(_: f64) = "users.scoring:reset";
        pub fn default(weight: f64 = 1.0) = "users.scoring:score";
        pub fn no_target(text: &str) -> f64;
        pub fn path(text: &str) = users::scoring;
        pub fn method_of(text: &str) = "users.scoring.score";
        pub fn forgotten(text: &str) = "users.scoring:score" pub fn next() = "users.scoring:reset";
        struct Row;
    },
}

fn main() {}
