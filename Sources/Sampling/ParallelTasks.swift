/// Runs `body` for 0 ..< count, at most `threads` at once, and returns the results in order: the same, bit for bit, however
/// many threads there are.
/// - Throws: the first failure that is not a mere consequence of another.
package func parallelTasks<Value: Sendable>(
  _ count: Int, threads: Int, _ body: @escaping @Sendable (Int) throws(SamplingError) -> Value
) async throws(SamplingError) -> [Value] {
  let outcomes = await withTaskGroup(of: (Int, Result<Value, SamplingError>).self) { group in
    var outcomes = [Result<Value, SamplingError>?](repeating: nil, count: count)
    var next = 0
    func launch() {
      let index = next
      next += 1
      group.addTask {
        do throws(SamplingError) { return (index, .success(try body(index))) } catch {
          return (index, .failure(error))
        }
      }
    }
    while next < min(threads, count) { launch() }
    while let (index, outcome) = await group.next() {
      outcomes[index] = outcome
      if case .failure = outcome { group.cancelAll() }
      if next < count { launch() }
    }
    return outcomes
  }
  return try values(outcomes)
}

private func values<Value>(_ outcomes: [Result<Value, SamplingError>?]) throws(SamplingError) -> [Value] {
  var values: [Value] = []
  var cancelled = false
  for case .failure(let error)? in outcomes {
    guard error == .cancelled else { throw error }
    cancelled = true
  }
  if cancelled { throw .cancelled }
  for case .success(let value)? in outcomes { values.append(value) }
  return values
}
