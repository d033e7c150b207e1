CREATE TABLE is_of_rust (nothing);
