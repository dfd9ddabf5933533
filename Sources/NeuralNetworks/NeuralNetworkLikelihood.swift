import CExpertKernels
import LogDensities

/// ln p(y | X, θ) of y ~ N(b₂ + Σ_h v_h tanh(b_h + w_h · x), σ) over N rows, with its gradient, in unconstrained coordinates
/// (ln σ; the Jacobian is no part of a likelihood).
///
/// The arithmetic is a C kernel for the machine's vector instructions, tanh included. Where an intermediate result leaves
/// the range of doubles (|q| far beyond 10¹⁰⁰) the value is −∞. Every method is pure: one position gives the same bits on every
/// thread. No method allocates memory unless it returns an array.
public struct NeuralNetworkLikelihood: Sendable {
  /// The shape of the network.
  public let architecture: NeuralNetworkArchitecture
  private let data: NeuralNetworkData
  private let instructions: expert_instruction_set

  /// Copies the rows once.
  /// - Throws: `ModelError` where rows are not valid, or have not the architecture's number of features.
  public init(_ architecture: NeuralNetworkArchitecture, rows: NeuralNetworkRows) throws(ModelError) {
    try self.init(architecture, rows: rows, instructions: network_kernel_widest())
  }

  /// The same on one instruction set, which this machine must have.
  init(
    _ architecture: NeuralNetworkArchitecture, rows: NeuralNetworkRows, instructions: expert_instruction_set
  ) throws(ModelError) {
    try rows.validate()
    guard rows.featureNames.count == architecture.features else {
      throw .invalid("The network has \(architecture.features) features, the rows have \(rows.featureNames.count).")
    }
    self.architecture = architecture
    self.instructions = instructions
    data = NeuralNetworkData(rows, hiddenUnits: architecture.hiddenUnits)
  }

  /// The number of rows N.
  public var rows: Int { data.rows }

  /// The length of a position.
  public var dimension: Int { architecture.dimension }

  /// The log-likelihood at `position`; its gradient replaces what `gradient` holds (both of length `dimension`).
  ///
  /// The value is finite or −∞, never NaN; where it is −∞ the gradient is unspecified. A position that is not finite has −∞.
  public func evaluate(at position: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
    precondition(position.count == dimension && gradient.count == dimension, "a position has `dimension` entries")
    return gradient.withUnsafeMutableBufferPointer { callKernel(position, gradient: $0.baseAddress) }
  }

  /// The log-likelihood at `position`, without a gradient.
  public func logLikelihood(at position: Span<Double>) -> Double {
    precondition(position.count == dimension, "a position has `dimension` entries")
    return callKernel(position)
  }

  /// ln p(y_r | x_r, θ) of every row, into `values` of length `rows`.
  public func pointwiseLogLikelihood(at position: Span<Double>, into values: inout MutableSpan<Double>) {
    precondition(position.count == dimension && values.count == rows, "one value a row")
    _ = values.withUnsafeMutableBufferPointer { callKernel(position, pointwise: $0.baseAddress) }
  }

  /// The network's output b₂ + Σ_h v_h tanh(b_h + w_h · x) of every row, into `means` of length `rows`.
  public func means(at position: Span<Double>, into means: inout MutableSpan<Double>) {
    precondition(position.count == dimension && means.count == rows, "one mean a row")
    var problem = data.problem(of: architecture)
    means.withUnsafeMutableBufferPointer { means in
      position.withUnsafeBufferPointer { position in
        network_kernel_means(&problem, instructions, position.baseAddress, means.baseAddress)
      }
    }
  }

  /// The network's output of every row.
  public func means(at position: Span<Double>) -> [Double] {
    var result = [Double](repeating: 0, count: rows)
    var span = result.mutableSpan
    means(at: position, into: &span)
    return result
  }

  private func callKernel(
    _ position: Span<Double>, gradient: UnsafeMutablePointer<Double>? = nil,
    pointwise: UnsafeMutablePointer<Double>? = nil
  ) -> Double {
    var problem = data.problem(of: architecture)
    return position.withUnsafeBufferPointer {
      network_kernel_log_likelihood(&problem, instructions, $0.baseAddress, gradient, pointwise)
    }
  }
}
