#include "kernel_interface.h"

#pragma clang fp contract(fast)
#define W 2
#define NAME(x) x##_baseline
#include "kernel_body.inc"
