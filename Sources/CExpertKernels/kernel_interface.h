#pragma once
#include "expert_kernels.h"
#include "mixture_kernels.h"
#include "network_kernels.h"

// What one instruction set provides; expert_kernels.c chooses among them.
typedef struct {
  double (*log_likelihood)(
      const expert_problem *problem, expert_combination combination, bool wide, const double *q, double *gradient,
      double *pointwise);
  void (*components)(
      const expert_problem *problem, expert_combination combination, const double *q, double *weights, double *means,
      double *behaviour, double *weight_sums);
  void (*exp)(const double *x, double *y, ptrdiff_t count);
  void (*log)(const double *x, double *y, ptrdiff_t count);
  void (*mixture_distribution)(
      const gaussian_mixture *mixture, const double *points, ptrdiff_t count, mixture_distribution *result);
  void (*mixture_tails)(const gaussian_mixture *mixture, const double points[4], double below[4], double above[4]);
  double (*mixture_log_density)(const gaussian_mixture *mixture, double y);
  void (*mixture_terms)(const gaussian_mixture *mixture, double y, double *terms);
  double (*mixture_distance)(const gaussian_mixture *mixture, double y, double extra);
  double (*mixture_roughness)(const gaussian_mixture *mixture, double frequency);
  mixture_extent (*mixture_extent)(const gaussian_mixture *mixture, double reach);
  double (*network_log_likelihood)(
      const network_problem *problem, const double *q, double *gradient, double *pointwise);
  void (*network_means)(const network_problem *problem, const double *q, double *means);
  void (*tanh)(const double *x, double *y, ptrdiff_t count);
} expert_kernel_table;

// The functions of that instruction set, which this machine must support.
const expert_kernel_table *expert_kernel_functions(expert_instruction_set set);

extern const expert_kernel_table expert_kernels_baseline;
#if defined(__x86_64__)
extern const expert_kernel_table expert_kernels_avx2;
extern const expert_kernel_table expert_kernels_avx512;
#endif

// The positions of the parts of q.
static inline ptrdiff_t slopes_offset(const expert_problem *p) { return p->experts; }
static inline ptrdiff_t gate_offset(const expert_problem *p) { return p->experts * (1 + p->expert_features); }
// Gate columns and the behaviour gate are contiguous: to the linear algebra they are columns alike.
static inline ptrdiff_t gate_columns(const expert_problem *p, expert_combination combination) {
  return p->experts - 1 + (combination == EXPERT_COCOAFUSE ? 1 : 0);
}
static inline ptrdiff_t log_sigma_offset(const expert_problem *p, expert_combination combination) {
  return gate_offset(p) + gate_columns(p, combination) * p->gate_features;
}
static inline ptrdiff_t block_columns(const expert_problem *p) { return p->expert_features + p->gate_features + 1; }
static inline ptrdiff_t padded_rows(ptrdiff_t rows) {
  return (rows + EXPERT_ROW_MULTIPLE - 1) / EXPERT_ROW_MULTIPLE * EXPERT_ROW_MULTIPLE;
}
// The length of a network's position.
static inline ptrdiff_t network_dimension(const network_problem *p) {
  return p->hidden * (p->features + 2) + 2;
}
