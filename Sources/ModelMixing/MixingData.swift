/// Observations of the quantity that models predict.
public struct MixingData: Sendable, Codable, Equatable {
  /// The names of the inputs (length d).
  public let inputNames: [String]
  /// x, column by column (d × n).
  public let inputs: [[Double]]
  /// y (length n).
  public let response: [Double]
  /// The standard deviation of each observation's own error (length n), 0 where there is none.
  public let responseErrors: [Double]

  /// The number of observations n.
  public var count: Int { response.count }

  /// Observations.
  /// - Parameter responseErrors: nil for observations without errors of their own.
  /// - Throws: `MixingError` where lengths differ, a number is not finite, or an error is negative.
  public init(
    inputNames: [String], inputs: [[Double]], response: [Double], responseErrors: [Double]? = nil
  ) throws(MixingError) {
    guard !inputNames.isEmpty else { throw .noInputs }
    if let name = inputNames.first(where: { name in inputNames.count { $0 == name } > 1 }) {
      throw .invalid("Two inputs are called \"\(name)\"; names must differ.")
    }
    guard !response.isEmpty else { throw .noRows }
    try MixingError.check(inputs.count, "The list of inputs", expected: inputNames.count)
    for (name, column) in zip(inputNames, inputs) {
      try MixingError.check(column, "Input \(name)", count: response.count)
    }
    try MixingError.check(response, "The response", count: response.count)
    let errors = responseErrors ?? [Double](repeating: 0, count: response.count)
    try MixingError.check(errors, "The response's error", count: response.count)
    if let row = errors.firstIndex(where: { $0 < 0 }) { throw .negative(what: "The response's error", row: row) }
    self.inputNames = inputNames
    self.inputs = inputs
    self.response = response
    self.responseErrors = errors
  }

  /// Data that were written, checked like any others.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      inputNames: container.decode([String].self, forKey: .inputNames),
      inputs: container.decode([[Double]].self, forKey: .inputs),
      response: container.decode([Double].self, forKey: .response),
      responseErrors: container.decode([Double].self, forKey: .responseErrors))
  }

  /// The names of the inputs that are not the same in every row: those that weights can depend on.
  public var varyingInputs: [String] {
    zip(inputNames, inputs).filter { _, column in column.contains { $0 != column[0] } }.map(\.0)
  }

  /// The inputs of one row (length d).
  public func input(_ row: Int) -> [Double] { inputs.map { $0[row] } }
}
