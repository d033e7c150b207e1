"""What a package's tests need in a guest beside the program that runs them."""
