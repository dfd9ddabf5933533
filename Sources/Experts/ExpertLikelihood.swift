import CExpertKernels

/// ln p(y | X, θ) of MoE (11), BoE (Remark 9) or CoCoAFusE (17) over N rows, with its gradient, in unconstrained
/// coordinates (ln σ; the Jacobian is no part of a likelihood).
///
/// The arithmetic is a C kernel for the machine's vector instructions; positions so extreme that an intermediate result
/// could leave the range of doubles go to `ExpertOracle`, which shares the rows. Every method is pure: one position gives
/// the same bits on every thread. No method allocates memory unless it returns an array or the position is extreme.
public struct ExpertLikelihood: Sendable {
  /// The shape of the model.
  public let architecture: ExpertArchitecture
  /// The instructions in use; never `automatic`.
  public let instructionSet: InstructionSet
  private let data: ExpertData

  /// Copies the data once.
  /// - Parameters:
  ///   - architecture: The shape of the model.
  ///   - expertFeatures: n columns of N entries, column after column.
  ///   - gateFeatures: g columns of N entries, column after column; the bias is a column of ones.
  ///   - response: N entries, N at least 1.
  ///   - instructionSet: What to compute with; see `InstructionSet.resolved`.
  public init(
    architecture: ExpertArchitecture, expertFeatures: [Double], gateFeatures: [Double], response: [Double],
    instructionSet: InstructionSet = .automatic
  ) {
    self.architecture = architecture
    self.instructionSet = instructionSet.resolved
    data = ExpertData(
      architecture: architecture, expertFeatures: expertFeatures, gateFeatures: gateFeatures, response: response)
  }

  /// The number of rows N.
  public var rows: Int { data.rows }

  /// The length of a position.
  public var dimension: Int { architecture.dimension }

  /// The same likelihood in plain Swift, on the same memory.
  public var oracle: ExpertOracle { ExpertOracle(architecture: architecture, data: data) }

  /// The log-likelihood at `position`; its gradient replaces what `gradient` holds (both of length `dimension`).
  ///
  /// The value is finite or −∞, never NaN; where it is −∞ the gradient is unspecified. A position that is not finite has −∞.
  public func evaluate(at position: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
    precondition(position.count == dimension && gradient.count == dimension, "a position has `dimension` entries")
    var value = 0.0
    let inRange = gradient.withUnsafeMutableBufferPointer { gradient in
      callKernel(position, gradient: gradient.baseAddress, value: &value)
    }
    return inRange ? value : oracle.evaluate(at: position, gradient: &gradient)
  }

  /// The log-likelihood at `position`, without a gradient.
  public func logLikelihood(at position: Span<Double>) -> Double {
    precondition(position.count == dimension, "a position has `dimension` entries")
    var value = 0.0
    return callKernel(position, value: &value) ? value : oracle.logLikelihood(at: position)
  }

  /// ln p(y_r | x_r, θ) of every row, into `values` of length `rows`.
  public func pointwiseLogLikelihood(at position: Span<Double>, into values: inout MutableSpan<Double>) {
    precondition(position.count == dimension && values.count == rows, "one value a row")
    var sum = 0.0
    let inRange = values.withUnsafeMutableBufferPointer { values in
      callKernel(position, pointwise: values.baseAddress, value: &sum)
    }
    if !inRange { oracle.pointwiseLogLikelihood(at: position, into: &values) }
  }

  /// ᾱ(θ), the mean over rows of each expert's gate weight (24); M entries.
  public func meanAllocation(at position: Span<Double>) -> [Double] {
    precondition(position.count == dimension, "a position has `dimension` entries")
    var problem = data.problem(experts: architecture.experts)
    var sums = [Double](repeating: 0, count: architecture.experts)
    let inRange =
      hasKernel
      && position.withUnsafeBufferPointer { position in
        guard let start = position.baseAddress else { return false }
        return expert_kernel_components(&problem, combination, instructionSet.kernel, start, nil, nil, nil, &sums)
      }
    return inRange ? sums.map { $0 / Double(rows) } : oracle.meanAllocation(at: position)
  }

  /// The weight β (15) of competition in every row: 1 for MoE, 0 for BoE. Costs no more than the gate.
  func behaviour(at position: Span<Double>) -> [Double] {
    precondition(position.count == dimension, "a position has `dimension` entries")
    var behaviour = [Double](repeating: architecture.combination == .boe ? 0 : 1, count: rows)
    guard architecture.combination == .cocoafuse else { return behaviour }
    let inRange = behaviour.withUnsafeMutableBufferPointer { callComponents(position, nil, nil, $0.baseAddress) }
    return inRange ? behaviour : components(at: position).behaviour
  }

  /// What a prediction for every row is made of.
  /// - Parameters:
  ///   - position: θ in unconstrained coordinates.
  ///   - weights: Receives the gate weights α (14), M columns of N.
  ///   - means: Receives the experts' means μ (12), M columns of N.
  ///   - behaviour: Receives the weight β (15) of competition, N entries: 1 for MoE, 0 for BoE.
  public func components(
    at position: Span<Double>, weights: inout MutableSpan<Double>, means: inout MutableSpan<Double>,
    behaviour: inout MutableSpan<Double>
  ) {
    let count = architecture.experts * rows
    precondition(position.count == dimension, "a position has `dimension` entries")
    precondition(weights.count == count && means.count == count && behaviour.count == rows, "M columns of N, and N")
    if architecture.combination != .cocoafuse {
      for row in 0..<rows { behaviour[row] = architecture.combination == .moe ? 1 : 0 }
    }
    let inRange = weights.withUnsafeMutableBufferPointer { weights in
      means.withUnsafeMutableBufferPointer { means in
        behaviour.withUnsafeMutableBufferPointer { behaviour in
          callComponents(position, weights.baseAddress, means.baseAddress, behaviour.baseAddress)
        }
      }
    }
    if !inRange { oracle.components(at: position, weights: &weights, means: &means, behaviour: &behaviour) }
  }

  private var hasKernel: Bool { architecture.experts <= Int(EXPERT_MAX_EXPERTS) }

  private var combination: expert_combination {
    switch architecture.combination {
    case .moe: EXPERT_MOE
    case .boe: EXPERT_BOE
    case .cocoafuse: EXPERT_COCOAFUSE
    }
  }

  private func callKernel(
    _ position: Span<Double>, gradient: UnsafeMutablePointer<Double>? = nil,
    pointwise: UnsafeMutablePointer<Double>? = nil, value: inout Double
  ) -> Bool {
    guard hasKernel else { return false }
    var problem = data.problem(experts: architecture.experts)
    return position.withUnsafeBufferPointer { position in
      guard let start = position.baseAddress else { return false }
      return expert_kernel_log_likelihood(
        &problem, combination, instructionSet.kernel, start, gradient, pointwise, &value)
    }
  }

  private func callComponents(
    _ position: Span<Double>, _ weights: UnsafeMutablePointer<Double>?, _ means: UnsafeMutablePointer<Double>?,
    _ behaviour: UnsafeMutablePointer<Double>?
  ) -> Bool {
    guard hasKernel else { return false }
    var problem = data.problem(experts: architecture.experts)
    return position.withUnsafeBufferPointer { position in
      guard let start = position.baseAddress else { return false }
      return expert_kernel_components(
        &problem, combination, instructionSet.kernel, start, weights, means, behaviour, nil)
    }
  }
}
