#pragma once
#include "expert_kernels.h"

/// The data of a network with one hidden layer, in blocks of rows as an `expert_problem` has them: features, then the
/// response.
typedef struct {
  ptrdiff_t rows;        ///< N, at least 1
  ptrdiff_t block_rows;  ///< a multiple of EXPERT_ROW_MULTIPLE, at most EXPERT_MAX_BLOCK_ROWS
  ptrdiff_t hidden;      ///< H, from 1 to NETWORK_MAX_HIDDEN
  ptrdiff_t features;    ///< n, without a bias
  const double *data;    ///< the blocks, one after the other
} network_problem;

enum { NETWORK_MAX_HIDDEN = 256 };

/// The widest instruction set that this machine can run.
expert_instruction_set network_kernel_widest(void);

/// The Gaussian log-likelihood at `q`: input weights unit by unit, hidden biases, output weights, output bias, ln sigma.
/// Where `gradient` is not NULL it receives the gradient; where `pointwise` is not NULL (and `gradient` is) it receives the
/// `rows` terms of the sum. Where an intermediate result leaves the range of doubles the value is minus infinity, and the
/// gradient unspecified; it is never NaN.
double network_kernel_log_likelihood(
    const network_problem *problem, expert_instruction_set set, const double *q, double *gradient, double *pointwise);

/// The network's output for every row. NaN where an intermediate result leaves the range of doubles.
void network_kernel_means(
    const network_problem *problem, expert_instruction_set set, const double *q, double *means);

/// The kernels' own hyperbolic tangent of `count` (a multiple of EXPERT_ROW_MULTIPLE) values.
void network_kernel_tanh(expert_instruction_set set, const double *x, double *y, ptrdiff_t count);
