extension PosteriorPredictive {
  /// Rows that are computed together; their length depends on the draws alone, never on the number of threads.
  var chunks: [Range<Int>] {
    let size = max(1, min(32, 1_000_000 / (draws * (3 * architecture.experts + 2))))
    return stride(from: 0, to: rows.count, by: size).map { $0..<min($0 + size, rows.count) }
  }

  /// The results of `body` for every chunk, joined in the order of the rows, on at most `threads` threads.
  func overChunks<Value: Sendable>(
    threads: Int, _ body: @escaping @Sendable (Range<Int>) -> [Value]
  ) async -> [Value] {
    precondition(threads >= 1, "work needs a thread")
    let chunks = chunks
    return await withTaskGroup(of: (Int, [Value]).self) { group in
      var results = [[Value]](repeating: [], count: chunks.count)
      var next = 0
      func launch() {
        let index = next
        next += 1
        group.addTask { (index, body(chunks[index])) }
      }
      while next < min(threads, chunks.count) { launch() }
      while let (index, values) = await group.next() {
        results[index] = values
        if next < chunks.count { launch() }
      }
      return results.flatMap { $0 }
    }
  }

  /// ln p(y | x, data) of the rows of a chunk: the likelihood's own log density, averaged over draws in log space, so that
  /// no weight or density is too small to count.
  func logDensities(of chunk: Range<Int>) -> [Double] {
    let likelihood = likelihood(of: chunk)
    let d = architecture.dimension
    var terms = [Double](repeating: 0, count: chunk.count * draws)
    var values = [Double](repeating: 0, count: chunk.count)
    for draw in 0..<draws {
      var span = values.mutableSpan
      likelihood.pointwiseLogLikelihood(at: positions.span.extracting(draw * d..<(draw + 1) * d), into: &span)
      for row in values.indices { terms[row * draws + draw] = values[row] + logDrawWeights[draw] }
    }
    return values.indices.map { Gating.logSumExp(terms.span.extracting($0 * draws..<($0 + 1) * draws)) }
  }

  /// What `body` makes of each row of a chunk; one row's components are held at a time.
  func overRows<Value>(of chunk: Range<Int>, _ body: (PredictiveComponents) -> Value) -> [Value] {
    let parts = PredictiveChunk(likelihood(of: chunk), first: chunk.lowerBound, positions: positions.span)
    return (0..<chunk.count).map { body(parts.row($0)) }
  }

  private func likelihood(of chunk: Range<Int>) -> ExpertLikelihood {
    let rows = rows.selected(Array(chunk))
    return ExpertLikelihood(
      architecture: architecture, expertFeatures: rows.expertFeatures, gateFeatures: rows.gateFeatures,
      response: rows.response)
  }
}
