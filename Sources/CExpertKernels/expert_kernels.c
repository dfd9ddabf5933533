#include "kernel_interface.h"

#include <math.h>

// Inside these limits every intermediate result of the kernels is a normal double; see kernel_density.inc.
static const double log_sigma_limit = 50;
static const double mean_limit = 1e20;
static const double logit_limit = 1e12;
static const double narrow_logit_limit = 150;

typedef enum { RANGE_OUTSIDE, RANGE_WIDE, RANGE_NARROW } parameter_range;

// A bound on |column · coefficients| over all rows.
static double product_bound(const double *coefficients, const double *bounds, ptrdiff_t count) {
  double sum = 0;
  for (ptrdiff_t f = 0; f < count; f++) sum += fabs(coefficients[f]) * bounds[f];
  return sum;
}

// Comparisons are written so that NaN fails them.
static parameter_range logit_range(const expert_problem *p, expert_combination combination, const double *q) {
  const double *gate = q + gate_offset(p), *bounds = p->bounds + p->expert_features;
  double largest = 0;
  for (ptrdiff_t k = 0; k < gate_columns(p, combination); k++) {
    double bound = product_bound(gate + k * p->gate_features, bounds, p->gate_features);
    if (!(bound <= logit_limit)) return RANGE_OUTSIDE;
    if (bound > largest) largest = bound;
  }
  return largest <= narrow_logit_limit ? RANGE_NARROW : RANGE_WIDE;
}

static bool means_in_range(const expert_problem *p, const double *q) {
  const double *slopes = q + slopes_offset(p);
  for (ptrdiff_t i = 0; i < p->experts; i++) {
    double bound = fabs(q[i]) + product_bound(slopes + i * p->expert_features, p->bounds, p->expert_features);
    if (!(bound <= mean_limit)) return false;
  }
  return true;
}

static parameter_range range(const expert_problem *p, expert_combination combination, const double *q) {
  const double *log_sigma = q + log_sigma_offset(p, combination);
  for (ptrdiff_t i = 0; i < p->experts; i++)
    if (!(fabs(log_sigma[i]) <= log_sigma_limit)) return RANGE_OUTSIDE;
  if (!(p->bounds[block_columns(p) - 1] <= mean_limit) || !means_in_range(p, q)) return RANGE_OUTSIDE;
  return logit_range(p, combination, q);
}

bool expert_kernel_supports(expert_instruction_set set) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
  if (set == EXPERT_AVX2) return avx2;
  if (set == EXPERT_AVX512)
    return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
#endif
  return set == EXPERT_BASELINE;
}

const expert_kernel_table *expert_kernel_functions(expert_instruction_set set) {
#if defined(__x86_64__)
  if (set == EXPERT_AVX512) return &expert_kernels_avx512;
  if (set == EXPERT_AVX2) return &expert_kernels_avx2;
#endif
  return &expert_kernels_baseline;
}

bool expert_kernel_log_likelihood(
    const expert_problem *p, expert_combination combination, expert_instruction_set set, const double *q,
    double *gradient, double *pointwise, double *value) {
  parameter_range found = range(p, combination, q);
  if (found == RANGE_OUTSIDE) return false;
  *value = expert_kernel_functions(set)->log_likelihood(p, combination, found == RANGE_WIDE, q, gradient, pointwise);
  return true;
}

bool expert_kernel_components(
    const expert_problem *p, expert_combination combination, expert_instruction_set set, const double *q,
    double *weights, double *means, double *behaviour, double *weight_sums) {
  if (!means_in_range(p, q) || logit_range(p, combination, q) == RANGE_OUTSIDE) return false;
  expert_kernel_functions(set)->components(p, combination, q, weights, means, behaviour, weight_sums);
  return true;
}

void expert_kernel_exp(expert_instruction_set set, const double *x, double *y, ptrdiff_t count) {
  expert_kernel_functions(set)->exp(x, y, count);
}

void expert_kernel_log(expert_instruction_set set, const double *x, double *y, ptrdiff_t count) {
  expert_kernel_functions(set)->log(x, y, count);
}

void expert_mixture_distribution(
    expert_instruction_set set, const gaussian_mixture *mixture, const double *points, ptrdiff_t count,
    mixture_distribution *result) {
  expert_kernel_functions(set)->mixture_distribution(mixture, points, count, result);
}

void expert_mixture_tails(
    expert_instruction_set set, const gaussian_mixture *mixture, const double points[4], double below[4],
    double above[4]) {
  expert_kernel_functions(set)->mixture_tails(mixture, points, below, above);
}

double expert_mixture_log_density(expert_instruction_set set, const gaussian_mixture *mixture, double y) {
  return expert_kernel_functions(set)->mixture_log_density(mixture, y);
}

void expert_mixture_terms(expert_instruction_set set, const gaussian_mixture *mixture, double y, double *terms) {
  expert_kernel_functions(set)->mixture_terms(mixture, y, terms);
}

double expert_mixture_distance(expert_instruction_set set, const gaussian_mixture *mixture, double y, double extra) {
  return expert_kernel_functions(set)->mixture_distance(mixture, y, extra);
}

double expert_mixture_roughness(expert_instruction_set set, const gaussian_mixture *mixture, double frequency) {
  return expert_kernel_functions(set)->mixture_roughness(mixture, frequency);
}

mixture_extent expert_mixture_extent(expert_instruction_set set, const gaussian_mixture *mixture, double reach) {
  return expert_kernel_functions(set)->mixture_extent(mixture, reach);
}
