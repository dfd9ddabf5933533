/// A piece of the text of a covariance function.
enum CovarianceToken: Equatable {
  case word(String)
  case number(Double, String)
  case symbol(String)

  var text: String {
    switch self {
    case .word(let text), .number(_, let text), .symbol(let text): text
    }
  }

  static func tokens(of text: String) throws(GaussianProcessError) -> [CovarianceToken] {
    var tokens: [CovarianceToken] = []
    var rest = Substring(text)
    while let first = rest.first {
      if first.isWhitespace {
        rest.removeFirst()
      } else if rest.hasPrefix("...") {
        tokens.append(.symbol("..."))
        rest.removeFirst(3)
      } else if "+*()[]=,".contains(first) {
        tokens.append(.symbol(String(first)))
        rest.removeFirst()
      } else if first.isNumber || first == "." || first == "-" {
        let piece = numberPrefix(rest)
        guard let value = Double(piece) else { throw .text("In the kernel “\(text)”, “\(piece)” is not a number.") }
        tokens.append(.number(value, String(piece)))
        rest.removeFirst(piece.count)
      } else if let piece = wordPrefix(rest) {
        tokens.append(.word(String(piece)))
        rest.removeFirst(piece.count)
      } else {
        throw .text("The kernel “\(text)” has “\(first)”, which has no meaning there.")
      }
    }
    return tokens
  }

  /// Digits, points but not of “...”, and an exponent with its sign.
  private static func numberPrefix(_ text: Substring) -> Substring {
    var end = text.startIndex
    var previous: Character = " "
    while end < text.endIndex {
      let character = text[end]
      let isSign = (character == "-" || character == "+") && (previous == "e" || previous == "E")
      let isFirst = end == text.startIndex
      guard isFirst || isSign || character == "." || character.isNumber || character.isLetter else { break }
      if !isFirst && text[end...].hasPrefix("...") { break }
      previous = character
      end = text.index(after: end)
    }
    return text[..<end]
  }

  /// Letters, digits and what names of columns have beside them; nil where there is none.
  private static func wordPrefix(_ text: Substring) -> Substring? {
    let piece = text.prefix { $0.isLetter || $0.isNumber || "_^.#:/%".contains($0) }
    return piece.isEmpty ? nil : piece
  }
}

/// One term of a text with its hyperparameters, as far as they are given.
struct CovarianceTerm {
  /// Names in the order of positions.
  let names: [String]
  var values: [KernelParameter?]
  var hasLengthScalePerColumn = false
  private let name: String

  init?(_ name: String) {
    switch name {
    case "constant", "white": names = ["variance"]
    case "rbf", "matern12", "matern32", "matern52": names = ["length_scale"]
    case "rational_quadratic": names = ["length_scale", "alpha"]
    case "periodic": names = ["period", "length_scale"]
    case "changepoint": names = ["location", "width"]
    default: return nil
    }
    self.name = name
    values = names.map { _ in nil }
  }

  var nextUnset: Int? { values.firstIndex { $0 == nil } }
  var takesLengthScalePerColumn: Bool { name != "periodic" && names.contains("length_scale") }

  /// Whether two covariances stand before its hyperparameters.
  var joinsCovariances: Bool { name == "changepoint" }

  /// The beginning of a sentence.
  var description: String {
    "The kernel \(name) has \(names.joined(separator: " and "))" + (takesLengthScalePerColumn ? " or ard" : "")
  }

  private func value(_ name: String) -> KernelParameter { names.firstIndex(of: name).flatMap { values[$0] } ?? 1 }

  func changepoint(columns: [Int]?) throws(GaussianProcessError) -> Changepoint {
    guard columns?.count ?? 1 == 1 else { throw .text("The kernel changepoint goes along one column only.") }
    return Changepoint(values[0] ?? .location(0), width: values[1] ?? 1, column: columns?.first)
  }

  func function(columns: [Int]?, features: Int) throws(GaussianProcessError) -> CovarianceFunction {
    let shape: StationaryKernel.Shape
    switch name {
    case "constant", "white":
      guard columns == nil else { throw .text("The kernel \(name) takes no columns.") }
      return name == "white" ? .white(value("variance")) : .constant(value("variance"))
    case "rbf": shape = .rbf
    case "matern12": shape = .matern12
    case "matern32": shape = .matern32
    case "matern52": shape = .matern52
    case "rational_quadratic": shape = .rationalQuadratic(alpha: value("alpha"))
    default: shape = .periodic(period: value("period"))
    }
    let kernel = StationaryKernel(shape, lengthScales: [value("length_scale")], columns: columns)
    let function = CovarianceFunction.stationary(kernel)
    return hasLengthScalePerColumn ? function.withLengthScalePerColumn(of: features) : function
  }
}
