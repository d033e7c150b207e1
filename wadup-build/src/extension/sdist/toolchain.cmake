# The guest's machine for CMake. The text is read after lines that set WADUP_PROGRAMS, WADUP_MODULES and
# WADUP_LIBRARIES.
set(CMAKE_SYSTEM_NAME WASI)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
list(INSERT CMAKE_MODULE_PATH 0 "${WADUP_MODULES}")
set(CMAKE_C_COMPILER "${WADUP_PROGRAMS}/cc")
set(CMAKE_CXX_COMPILER "${WADUP_PROGRAMS}/c++")
set(CMAKE_AR "${WADUP_PROGRAMS}/ar")
set(CMAKE_RANLIB "${WADUP_PROGRAMS}/ranlib")
# Installing strips, and would take the names with which modules are linked.
set(CMAKE_STRIP "${WADUP_PROGRAMS}/strip")
set(CMAKE_C_COMPILER_TARGET wasm32-wasip1)
set(CMAKE_CXX_COMPILER_TARGET wasm32-wasip1)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
# The libraries of guests, and none of this machine.
list(INSERT CMAKE_PREFIX_PATH 0 ${WADUP_LIBRARIES})
set(CMAKE_FIND_USE_CMAKE_SYSTEM_PATH OFF)
set(CMAKE_FIND_USE_SYSTEM_ENVIRONMENT_PATH OFF)
set(CMAKE_SHARED_LIBRARY_SUFFIX .so)
set_property(GLOBAL PROPERTY TARGET_SUPPORTS_SHARED_LIBS TRUE)
# FindPython asks a Python of the guest's machine, which is the build Python that plays it.
set(CMAKE_CROSSCOMPILING_EMULATOR /usr/bin/env)
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)
