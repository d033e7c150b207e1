/* What clang calls where C calls setjmp and longjmp (LLVM, "wasm-enable-sjlj"), in a guest without exceptions.
 *
 * longjmp notes where to go and returns. Every caller sees the note and returns too, until the function that called
 * setjmp is reached: extension/jumps/lower.rs adds that to the code.
 */

#include <setjmp.h>
#include <stddef.h>

struct place {
    void *activation;
    unsigned label;
};

struct jump {
    void *buffer;
    int value;
};

_Static_assert(sizeof(struct place) <= sizeof(jmp_buf), "jmp_buf is too small");

/* The jump that is on its way, or NULL. */
struct jump *wadup_pending_jump;

void __wasm_setjmp(void *buffer, unsigned label, void *activation)
{
    struct place *place = buffer;
    place->activation = activation;
    place->label = label;
}

unsigned __wasm_setjmp_test(void *buffer, void *activation)
{
    const struct place *place = buffer;
    return place->activation == activation ? place->label : 0;
}

void __wasm_longjmp(void *buffer, int value)
{
    static struct jump jump;
    jump.buffer = buffer;
    jump.value = value ? value : 1;
    wadup_pending_jump = &jump;
}
