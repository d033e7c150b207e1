/* The floating-point status flags that WebAssembly has not, as NumPy raises and tests them by itself.
 *
 * What NumPy raises (a singular matrix, an integer divided by zero) is seen; what a processor would raise for an
 * operation on floating-point numbers is not.
 */

#include "floating_point_environment.h"

static int raised;

int wadup_feclearexcept(int flags)
{
    raised &= ~flags;
    return 0;
}

int wadup_feraiseexcept(int flags)
{
    raised |= flags;
    return 0;
}

int wadup_fetestexcept(int flags)
{
    return raised & flags;
}
