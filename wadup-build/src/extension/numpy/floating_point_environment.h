/* <fenv.h> for NumPy: flags that can be told apart, and the functions of floating_point_environment.c.
 *
 * Their names are others than the C library's, whose functions do nothing and could be linked in their place.
 */

#ifndef WADUP_FLOATING_POINT_ENVIRONMENT_H
#define WADUP_FLOATING_POINT_ENVIRONMENT_H

#include <fenv.h>

#define FE_DIVBYZERO 1
#define FE_OVERFLOW 2
#define FE_UNDERFLOW 4
#define FE_INVALID 8

#ifdef __cplusplus
extern "C" {
#endif

int wadup_feclearexcept(int flags);
int wadup_feraiseexcept(int flags);
int wadup_fetestexcept(int flags);

#ifdef __cplusplus
}
#endif

#define feclearexcept wadup_feclearexcept
#define feraiseexcept wadup_feraiseexcept
#define fetestexcept wadup_fetestexcept

#endif
