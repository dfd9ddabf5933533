#include "expert_kernels.h"
