#include "kernel_interface.h"

#if defined(__x86_64__)
#pragma clang fp contract(fast)
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,avx2,fma,bmi2"))), apply_to = function)
#define W 8
#define NAME(x) x##_avx512
#include "kernel_body.inc"
#pragma clang attribute pop
#endif
