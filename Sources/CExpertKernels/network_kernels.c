#include "network_kernels.h"

#include <float.h>
#include <math.h>

#include "kernel_interface.h"

expert_instruction_set network_kernel_widest(void) {
  if (expert_kernel_supports(EXPERT_AVX512)) return EXPERT_AVX512;
  return expert_kernel_supports(EXPERT_AVX2) ? EXPERT_AVX2 : EXPERT_BASELINE;
}

// Comparisons are written so that NaN fails them.
static bool all_finite(const double *x, ptrdiff_t count) {
  for (ptrdiff_t k = 0; k < count; k++)
    if (!(fabs(x[k]) <= DBL_MAX)) return false;
  return true;
}

double network_kernel_log_likelihood(
    const network_problem *p, expert_instruction_set set, const double *q, double *gradient, double *pointwise) {
  const ptrdiff_t dimension = network_dimension(p);
  const bool finite = all_finite(q, dimension);
  double value = finite ? expert_kernel_functions(set)->network_log_likelihood(p, q, gradient, pointwise) : -INFINITY;
  for (ptrdiff_t r = 0; pointwise && r < p->rows; r++)
    if (!finite || !(fabs(pointwise[r]) <= DBL_MAX)) pointwise[r] = -INFINITY;
  if (!(fabs(value) <= DBL_MAX) || (gradient && !all_finite(gradient, dimension))) return -INFINITY;
  return value;
}

void network_kernel_means(
    const network_problem *p, expert_instruction_set set, const double *q, double *means) {
  expert_kernel_functions(set)->network_means(p, q, means);
}

void network_kernel_tanh(expert_instruction_set set, const double *x, double *y, ptrdiff_t count) {
  expert_kernel_functions(set)->tanh(x, y, count);
}
