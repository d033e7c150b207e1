wadup_guest::wadup_python! {
    functions: {
        pub fn score(text: &str) -> String = "users.scoring:score";
        pub fn tokens(text: &str) -> Vec<i64> = "users.scoring:tokens";
        pub fn find(name: &str) -> f64 = "users.scoring:find";
        pub fn reset() -> bool = "users.scoring:reset";
        pub fn give_row() -> HashMap<String, String> = "users.scoring:give_row";
        pub fn give_options() -> String = "users.scoring:give_options";
        pub fn give_color() -> i64 = "users.scoring:give_color";
        pub fn give_counts() -> BTreeMap<String, i64> = "users.scoring:give_counts";
        pub fn give_pair() -> (String,) = "users.scoring:give_pair";
        pub fn give_many() -> Option<bool> = "users.scoring:give_many";
        pub fn give_moment() -> String = "users.scoring:give_moment";
        pub fn rate(text: &str) -> &str = "users:rate";
    },
}

fn main() {}
