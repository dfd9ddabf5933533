import Foundation
import Testing

@testable import Experts

struct DesignTests {
  private let columns = NumericColumns(
    names: ["x", "y", "hour", "one", "wind"],
    values: [[1, 2, 3, 6], [2, 0, 1, -1], [1, 6, 12, 21], [1, 1, 1, 1], [0, 1, 2, 3]])

  private func fit(_ text: String, bias: Bool = false, standardizes: Bool = true) throws -> (
    design: Design, matrix: DesignMatrix
  ) {
    try Design.fit(FeatureTerm.parse(text), to: columns, bias: bias, standardizesColumns: standardizes)
  }

  private func expectColumn(
    _ matrix: DesignMatrix, _ index: Int, _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for (found, wanted) in zip(matrix.column(index), expected) {
      #expect(abs(found - wanted) <= 1e-14 * max(1, abs(wanted)), sourceLocation: sourceLocation)
    }
  }

  @Test func handComputedFeatures() throws {
    // x: mean 3, population variance (4 + 1 + 0 + 9) / 4 = 3.5.
    let sd = 3.5.squareRoot()
    let z = [-2 / sd, -1 / sd, 0, 3 / sd]
    expectColumn(try fit("x").matrix, 0, z)
    expectColumn(try fit("x", standardizes: false).matrix, 0, [1, 2, 3, 6])
    expectColumn(try fit("poly(x,3)").matrix, 2, z.map { $0 * $0 * $0 })
    expectColumn(try fit("center(x)").matrix, 0, [-2, -1, 0, 3])
    expectColumn(try fit("scale(x,4)").matrix, 0, [0.25, 0.5, 0.75, 1.5])
    expectColumn(try fit("x/4-1").matrix, 0, [-0.75, -0.5, -0.25, 0.5])
    expectColumn(try fit("-x^2+abs(y)").matrix, 0, [1, -4, -8, -35])
    expectColumn(try fit("log(x)").matrix, 0, [0, log(2), log(3), log(6)])
    expectColumn(
      try fit("sqrt(x)*exp(y)").matrix, 0, [exp(2), 2.squareRoot(), 3.squareRoot() * exp(1), 6.squareRoot() * exp(-1)])
    let half = 0.5.squareRoot()
    let fourier = try fit("fourier(hour,24,1)").matrix
    expectColumn(fourier, 0, [sin(Double.pi / 12), 1, 0, -half])
    expectColumn(fourier, 1, [cos(Double.pi / 12), 0, -1, half])
    // y: mean 0.5, population variance (2.25 + 0.25 + 0.25 + 2.25) / 4 = 1.25.
    let w = [1.5, -0.5, 0.5, -1.5].map { $0 / 1.25.squareRoot() }
    expectColumn(try fit("x:y").matrix, 0, zip(z, w).map { $0 * $1 })
    expectColumn(try fit("x:y", standardizes: false).matrix, 0, [2, 0, 3, -6])
    expectColumn(try fit("x*y").matrix, 0, [2, 0, 3, -6])
  }

  @Test func interactionsTakeAllProducts() throws {
    let (design, matrix) = try fit("poly(x,2):poly(y,2)", bias: true)
    #expect(design.featureNames == ["bias", "x:y", "x:y^2", "x^2:y", "x^2:y^2"])
    #expect(Array(matrix.column(0)) == [1, 1, 1, 1])
    let plain = try fit("poly(x,2),poly(y,2)").matrix
    expectColumn(matrix, 2, zip(plain.column(0), plain.column(3)).map { $0 * $1 })
    expectColumn(matrix, 3, zip(plain.column(1), plain.column(2)).map { $0 * $1 })
  }

  @Test func testRowsUseTrainingStatistics() throws {
    let (design, matrix) = try fit(
      "x,poly(y,2),center(wind),fourier(hour,24,1),x:wind,standardize(exp(wind))", bias: true)
    #expect(try design.matrix(for: columns) == matrix)
    let two = columns.selecting([3, 1])
    let part = try design.matrix(for: two)
    for column in 0..<matrix.columns {
      let all = Array(matrix.column(column))
      #expect(Array(part.column(column)) == [all[3], all[1]])
    }
    let decoded = try JSONDecoder().decode(Design.self, from: JSONEncoder().encode(design))
    #expect(try decoded.matrix(for: two) == part)
    // One row: its own statistics would be useless.
    #expect(try design.matrix(for: columns.selecting([2])).column(1).first == 0)
  }

  @Test func emptyListsGiveABiasOrNothing() throws {
    #expect(
      try Design.fit([], to: columns, rows: 4, bias: true).matrix
        == DesignMatrix(rows: 4, names: ["bias"], columns: [[1, 1, 1, 1]]))
    #expect(try Design.fit([], to: columns, rows: 4, bias: false).matrix.columns == 0)
    #expect(throws: DesignError.noRows) { try Design.fit([], to: columns, bias: true) }
  }

  @Test func clashingNamesBecomeLonger() throws {
    let rows = NumericColumns(names: ["hour"], values: [(0..<50).map { Double($0 * 7) }])
    let terms = try FeatureTerm.parse("fourier(hour,24,1),fourier(hour,168,1),hour")
    #expect(
      try Design.fit(terms, to: rows, bias: false).design.featureNames
        == ["hour_sin1(24)", "hour_cos1(24)", "hour_sin1(168)", "hour_cos1(168)", "hour"])
  }

  @Test(arguments: [
    ("one", DesignError.constantFeature(name: "one", value: 1)), ("one*2", .constantFeature(name: "one*2", value: 2)),
    ("poly(one,2)", .constantFeature(name: "one", value: 1)),
    ("x,x", .duplicateFeature(name: "x", other: "x")),
    ("x,temp=2*x+1", .duplicateFeature(name: "temp", other: "x")),
    ("poly(x,2),x", .duplicateFeature(name: "x", other: "x")),
    ("a=log(x),a=exp(y)", .duplicateName("a")), ("bias=log(x)", .duplicateName("bias")),
    ("nope", .unknownColumn(name: "nope", available: ["x", "y", "hour", "one", "wind"])),
    ("log(wind)", .nonFinite(feature: "log(wind)", value: -.infinity, place: "row 1", inputs: "wind is 0")),
    ("x/y", .nonFinite(feature: "x/y", value: .infinity, place: "row 2", inputs: "x is 2 and y is 0")),
    (
      "standardize(log(wind))", .nonFinite(feature: "log(wind)", value: -.infinity, place: "row 1", inputs: "wind is 0")
    ),
  ])
  func errorsNameTheFeature(_ text: String, _ expected: DesignError) {
    let error = #expect(throws: DesignError.self) { try fit(text) }
    #expect(error == expected)
    #expect(error?.description.hasSuffix(".") == true)
  }

  @Test func sinOfHalfThePeriodIsConstantButForRounding() throws {
    let months = NumericColumns(names: ["month"], values: [(0..<120).map { Double($0 % 12 + 1) }])
    #expect(throws: DesignError.self) {
      try Design.fit(FeatureTerm.parse("fourier(month,12,6)"), to: months, bias: true)
    }
    #expect(throws: Never.self) { try Design.fit(FeatureTerm.parse("fourier(month,12,5)"), to: months, bias: true) }
  }

  @Test func columnsOfDifferentLengthAreRefused() {
    #expect(throws: DesignError.unequalColumns(name: "x", rows: 4, other: "the target", otherRows: 3)) {
      try Design.fit(FeatureTerm.parse("x"), to: columns, rows: 3, bias: false)
    }
  }

  @Test func largeScalesAreWarnedAbout() throws {
    let raw = NumericColumns(names: ["t"], values: [[900, 1000, 1100, 1300]])
    #expect(
      try Design.fit(FeatureTerm.parse("t"), to: raw, bias: false, standardizesColumns: false).design.scaleWarnings
        .count == 1)
    #expect(try Design.fit(FeatureTerm.parse("t"), to: raw, bias: false).design.scaleWarnings.isEmpty)
  }

  @Test func responsesScaleThereAndBack() throws {
    let y: [Double] = [10, 30, 50, 110]
    let scaling = try ResponseScaling.standardizing(y, name: "y")
    let moments = Moments(of: scaling.apply(y))
    #expect(abs(moments.mean) < 1e-15 && abs(moments.standardDeviation - 1) < 1e-15)
    for (value, original) in zip(scaling.undo(scaling.apply(y)), y) {
      #expect(abs(value - original) < 1e-13 * original)
    }
    #expect(throws: DesignError.constantResponse(name: "y", value: 5)) {
      try ResponseScaling.standardizing([5, 5], name: "y")
    }
    #expect(throws: DesignError.noRows) { try ResponseScaling.standardizing([], name: "y") }
    for size in [1e200, 1e-200] {
      #expect(throws: DesignError.outOfRange(name: "y", magnitude: size)) {
        try ResponseScaling.standardizing([size, -size], name: "y")
      }
    }
    #expect(throws: DesignError.constantResponse(name: "y", value: 0.1)) {
      try ResponseScaling.standardizing([Double](repeating: 0.1, count: 1001), name: "y")
    }
  }
}
