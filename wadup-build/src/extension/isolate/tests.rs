//! What isolation does to an object's symbols, and that a linker and a processor agree.

mod by_hand;
mod linked;
