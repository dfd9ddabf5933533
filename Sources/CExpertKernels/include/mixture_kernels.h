#pragma once
#include "expert_kernels.h"

/// A mixture of `count` Gaussians, any number of them. Weights are not negative, standard deviations normal and positive.
typedef struct {
  const double *weights, *means, *deviations;
  ptrdiff_t count;
} gaussian_mixture;

/// Σ w P(Y ≤ y), Σ w P(Y > y), the density and its derivative at one point, each tail summed without cancellation.
typedef struct {
  double below, above, density, slope;
} mixture_distribution;

/// Mean and variance, and over the components of positive weight the smallest standard deviation and the ends of all the
/// intervals mean ± reach · deviation.
typedef struct {
  double mean, variance, smallest_deviation, low, high;
} mixture_extent;

/// The distribution at each of `count` points, none of them NaN.
void expert_mixture_distribution(
    expert_instruction_set set, const gaussian_mixture *mixture, const double *points, ptrdiff_t count,
    mixture_distribution *result);

/// P(Y ≤ y) and P(Y > y) at four points, to an absolute 1e-16; fastest where components of one size are neighbours.
void expert_mixture_tails(
    expert_instruction_set set, const gaussian_mixture *mixture, const double points[4], double below[4],
    double above[4]);

/// ln Σ w N(y; mean, deviation), without underflow: -infinity only where every exponent overflows.
double expert_mixture_log_density(expert_instruction_set set, const gaussian_mixture *mixture, double y);

/// w N(y; mean, deviation) of every component.
void expert_mixture_terms(expert_instruction_set set, const gaussian_mixture *mixture, double y, double *terms);

/// Σ w E|y − X| with X ~ N(mean, deviation² + extra²).
double expert_mixture_distance(expert_instruction_set set, const gaussian_mixture *mixture, double y, double extra);

/// Σ w exp(−(frequency · deviation)²).
double expert_mixture_roughness(expert_instruction_set set, const gaussian_mixture *mixture, double frequency);

/// Moments and extent.
mixture_extent expert_mixture_extent(expert_instruction_set set, const gaussian_mixture *mixture, double reach);
