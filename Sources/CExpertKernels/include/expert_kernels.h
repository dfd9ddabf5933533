#pragma once
#include <stdbool.h>
#include <stddef.h>

/// The data of an experts model, in blocks of rows. Block b holds rows b * block_rows and on; inside a block each column is
/// contiguous: expert features, gate features, then the response, `padded` entries apart, where `padded` is the block's
/// number of rows rounded up to `EXPERT_ROW_MULTIPLE`. Padding must hold finite values; it contributes nothing.
typedef struct {
  ptrdiff_t rows;             ///< N, at least 1
  ptrdiff_t block_rows;       ///< a multiple of EXPERT_ROW_MULTIPLE, at most EXPERT_MAX_BLOCK_ROWS
  ptrdiff_t experts;          ///< M, from 1 to EXPERT_MAX_EXPERTS
  ptrdiff_t expert_features;  ///< n, without a bias
  ptrdiff_t gate_features;    ///< g, bias included
  const double *data;         ///< the blocks, one after the other
  const double *bounds;       ///< the largest absolute value of each of the n + g + 1 columns
} expert_problem;

enum { EXPERT_ROW_MULTIPLE = 8, EXPERT_MAX_BLOCK_ROWS = 512, EXPERT_MAX_EXPERTS = 64 };

/// How experts are combined.
typedef enum { EXPERT_MOE = 0, EXPERT_BOE = 1, EXPERT_COCOAFUSE = 2 } expert_combination;

/// The widths of arithmetic that the kernels of experts and of networks (network_kernels.h) are compiled for.
typedef enum { EXPERT_BASELINE = 0, EXPERT_AVX2 = 1, EXPERT_AVX512 = 2 } expert_instruction_set;

/// Whether this machine can run a kernel of that instruction set.
bool expert_kernel_supports(expert_instruction_set set);

/// The log-likelihood at `q`, in the package's layout: intercepts, slopes by expert, gate columns, behaviour gate
/// (CoCoAFusE), ln sigma. Where `gradient` is not NULL it receives the gradient; where `pointwise` is not NULL (and
/// `gradient` is) it receives the `rows` terms of the sum.
///
/// Returns false, and computes nothing, where `q` or the data lie outside the range in which no intermediate result can
/// overflow or lose accuracy, or are not finite; the caller then needs careful log-space code.
bool expert_kernel_log_likelihood(
    const expert_problem *problem, expert_combination combination, expert_instruction_set set, const double *q,
    double *gradient, double *pointwise, double *value);

/// The parts of a prediction: gate weights and means as M columns of `rows`, the behaviour gate as one column (CoCoAFusE
/// only), and the sum over rows of each expert's gate weight (M). Every output may be NULL. Returns false as above.
bool expert_kernel_components(
    const expert_problem *problem, expert_combination combination, expert_instruction_set set, const double *q,
    double *weights, double *means, double *behaviour, double *weight_sums);

/// The kernels' own exponential of `count` (a multiple of EXPERT_ROW_MULTIPLE) values in [-708, 709].
void expert_kernel_exp(expert_instruction_set set, const double *x, double *y, ptrdiff_t count);

/// The kernels' own logarithm of `count` (a multiple of EXPERT_ROW_MULTIPLE) positive normal values.
void expert_kernel_log(expert_instruction_set set, const double *x, double *y, ptrdiff_t count);
