import LogDensities
import Priors

extension ExpertModel {
  /// ln p(θ | λ): the product of the scalar priors, over Z(λ) where there is an ordering.
  ///
  /// The ordering itself is not checked: draws are compared after `canonicalise`. −∞ where λ is out of its range.
  public func logPrior(at position: Span<Double>, given lambda: Hyperparameters) -> Double {
    let prepared = preparedNormaliser.flatMap { $0.values == lambda.values ? $0.normaliser.logProbability : nil }
    var sum = -(prepared ?? OrderingNormaliser.logProbability(orderedPriors(at: lambda)))
    for index in 0..<dimension { sum += layout.prior(index, at: lambda.values).logDensity(at: position[index]) }
    return sum < .infinity ? sum : -.infinity
  }

  /// ln p of one block of parameters, without Z(λ).
  public func logPrior(of block: ExpertBlock, at position: Span<Double>, given lambda: Hyperparameters) -> Double {
    architecture.range(of: block).reduce(0.0) {
      $0 + layout.prior($1, at: lambda.values).logDensity(at: position[$1])
    }
  }

  /// ∂ ln p(θ | λ) / ∂λ for every entry, −∇ ln Z(λ) included.
  public func score(at position: Span<Double>, given lambda: Hyperparameters, into score: inout MutableSpan<Double>) {
    precondition(score.count == lambda.count, "a score has one entry for each of λ")
    for index in 0..<dimension {
      let value = layout.prior(index, at: lambda.values).score(at: position[index])
      for (lane, entry) in layout.entries[index].enumerated() { score[entry] = value[lane] }
    }
    let ordered = architecture.ordered(by: ordering)
    guard !ordered.isEmpty else { return }
    let normaliser = normaliser(at: lambda)
    for (member, index) in ordered.enumerated() {
      for (lane, entry) in layout.entries[index].enumerated() { score[entry] -= normaliser.gradient[member][lane] }
    }
  }

  /// The diagonal of the expected information of the prior; of ordered parameters that under the ordering.
  public func priorInformation(at lambda: Hyperparameters) -> [Double] {
    var result = [Double](repeating: 0, count: lambda.count)
    let ordered = architecture.ordered(by: ordering)
    let normaliser = ordered.isEmpty ? nil : normaliser(at: lambda)
    for index in 0..<dimension {
      let value =
        ordered.contains(index)
        ? normaliser?.information[index - ordered.lowerBound] ?? .zero
        : layout.prior(index, at: lambda.values).information
      for (lane, entry) in layout.entries[index].enumerated() { result[entry] = value[lane] }
    }
    return result
  }

  /// Renumbers the experts of an unordered draw into the ordering and returns ln p(πθ | λ) − ln Σ p(π'θ | λ) over all
  /// M! renumberings π' (the likelihood cancels). Draws so moved and weighted are of the ordered posterior.
  public func canonicalise(_ position: inout MutableSpan<Double>, given lambda: Hyperparameters) -> Double {
    guard ordering != .none, architecture.experts > 1 else { return 0 }
    let permutation = architecture.sorting(position.span, by: ordering)
    if permutation != Array(0..<architecture.experts) { architecture.permute(&position, by: permutation) }
    let moved = (0..<dimension).map { position[$0] }
    let priors = (0..<dimension).map { layout.prior($0, at: lambda.values) }
    let own = moved.indices.reduce(0.0) { $0 + priors[$1].logDensity(at: moved[$1]) }
    let weight = own - PermutationSum(architecture: architecture, priors: priors).logSum(at: moved)
    return weight.isNaN ? -.infinity : min(0, weight)
  }

  /// The same model with the ordering's normaliser at λ at hand: it costs as much as hundreds of scalar priors, and every
  /// draw's score asks for it.
  public func prepared(for lambda: Hyperparameters) -> ExpertModel {
    guard architecture.ordered(by: ordering).count > 1 else { return self }
    var model = self
    model.preparedNormaliser = (lambda.values, normaliser(at: lambda))
    return model
  }

  private func normaliser(at lambda: Hyperparameters) -> OrderingNormaliser {
    if let preparedNormaliser, preparedNormaliser.values == lambda.values { return preparedNormaliser.normaliser }
    return OrderingNormaliser(orderedPriors(at: lambda))
  }

  func orderedPriors(at lambda: Hyperparameters) -> [ScalarPrior] {
    architecture.ordered(by: ordering).map { layout.prior($0, at: lambda.values) }
  }
}
